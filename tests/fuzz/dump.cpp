// SPDX-License-Identifier: Apache-2.0
// Any bytes as a waveform (VCD): refused with a message that names the file, or signals and their values, which can be
// shown in every way.
#include "wave/dump.h"

#include <stdexcept>

#include "fuzz.h"
#include "wave/radix.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spmma::verif;
  using spmma::fuzz::require;
  const spmma::fuzz::ScratchFile file(std::as_bytes(std::span(data, size)));
  try {
    WaveDump dump(file.path());
    std::vector<std::string> paths;
    for (const auto& [path, signal] : dump.signals()) {
      if (paths.size() < 20) paths.push_back(path);
    }
    if (paths.empty()) return 0;
    const WaveDump::Samples samples = dump.sample(paths, paths.front(), {.from = 0, .to = 100});
    require(samples.values.size() <= 101, "cycles outside the window");
    for (const auto& values : samples.values) {
      for (std::size_t i = 0; i < paths.size(); ++i) {
        require(values[i].size() == static_cast<std::size_t>(dump.find(paths[i])->width), "a value of another width");
        for (int radix = 0; radix <= static_cast<int>(Radix::writer_state); ++radix) {
          show(static_cast<Radix>(radix), values[i]);
          if (values[i].size() < 200) show_hex(static_cast<Radix>(radix), values[i]);
        }
      }
    }
  } catch (const std::runtime_error& e) {
    require(std::string_view(e.what()).starts_with(file.path() + ": "), "a message that does not name the file");
  }
  return 0;
}
