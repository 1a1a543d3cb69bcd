// SPDX-License-Identifier: Apache-2.0
#include "wave/failure_wave.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "wave/picture.h"
#include "wave/save_file.h"

namespace spmma::verif {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::runtime_error(path.string() + ": cannot be written");
}

}  // namespace

WaveWindow window_around(std::int64_t cycle, std::int64_t radius) {
  return {.from = std::max<std::int64_t>(0, cycle - radius), .to = cycle + radius};
}

std::string write_failure_wave(const TestCase& test_case, const CaseResult& result, const std::filesystem::path& base) {
  const auto with = [&](const char* extension) {
    std::filesystem::path path = base;
    return path += extension;
  };
  const std::int64_t cycle = result.failure->cycle;
  const WaveWindow window = window_around(cycle);
  const std::string wave = std::filesystem::absolute(with(".fst")).string();
  test_case.run({.wave = wave, .window = window});

  const Preset& preset = *find_preset(test_case.preset());
  const bool engine = test_case.on_engine();
  auto groups = wave_layout(preset, engine, formats_in(wave, engine, window, cycle), result.failure->element);
  add_failed_assertion(groups, wave, engine, result.failure->assertion, window, cycle);
  write(with(".gtkw"),
        save_file(WaveDump(wave), groups, {.wave = wave, .window = window, .mark = cycle, .filters = filter_prefix()}));
  std::string picture = wave_picture(wave, engine, groups, {.window = window, .mark = cycle});
  write(with(".svg"), picture);
  return picture;
}

}  // namespace spmma::verif
