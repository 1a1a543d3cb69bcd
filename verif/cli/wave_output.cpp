// SPDX-License-Identifier: Apache-2.0
#include "cli/wave_output.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "model/wave_file.h"
#include "wave/save_file.h"

namespace spmma::cli {

using verif::InputError;

namespace {

bool is_vcd(const std::string& path) { return path.ends_with(".vcd"); }

std::string save_name(const std::string& wave) { return wave.substr(0, wave.size() - 4) + ".gtkw"; }

}  // namespace

void check_wave_name(const std::string& path) {
  if (path.ends_with(".fst") || is_vcd(path)) return;
  throw InputError(fmt::format("{}: a waveform's name ends in .fst or .vcd", path));
}

WaveOutput::WaveOutput(std::string path)
    : path_(std::move(path)),
      recording_(),
      file_(path_),
      hierarchy_(file_.staged_path() + (is_vcd(path_) ? ".fst.hier" : ".hier")) {
  recording_ = file_.staged_path();
  if (is_vcd(path_)) {
    if (!verif::have_fst2vcd()) {
      throw InputError(path_ + ": .vcd needs fst2vcd (Debian package gtkwave); .fst does not");
    }
    converted_.emplace(recording_ + ".fst");
    recording_ = converted_->path();
  }
  if (file_.is_direct()) return;
  save_name_ = cli::save_name(path_);
  save_.emplace(save_name_);
}

void WaveOutput::save(const std::vector<verif::WaveGroup>& layout, verif::WaveWindow window,
                      std::optional<std::int64_t> mark) {
  if (!save_ || !recorded()) return;
  const verif::WaveDump dump(recording_);
  save_->write(verif::save_file(dump, layout,
                                {.wave = std::filesystem::absolute(path_).string(),
                                 .window = window,
                                 .mark = mark,
                                 .filters = verif::filter_prefix()}));
  saved_ = true;
}

bool WaveOutput::recorded() const {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(recording_, error);
  return !error && size > 0;
}

void WaveOutput::commit() {
  if (converted_ && recorded()) verif::convert_to_vcd(recording_, file_.staged_path());
  file_.commit();
  if (saved_) save_->commit();
}

}  // namespace spmma::cli
