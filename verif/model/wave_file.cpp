// SPDX-License-Identifier: Apache-2.0
#include "wave_file.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "io/subprocess.h"

namespace spmma::verif {
bool have_fst2vcd() { return run_program({"fst2vcd", "--help"}, ProgramOutput::nowhere) == 0; }

void convert_to_vcd(const std::string& fst, const std::string& vcd) {
  if (run_program({"fst2vcd", "-f", fst, "-o", vcd}, ProgramOutput::nowhere) != 0) {
    throw std::runtime_error("wave file " + vcd + ": fst2vcd failed");
  }
}

WaveFile::WaveFile(std::string path) : path_(std::move(path)), fst_path_(path_) {
  const bool vcd = path_.ends_with(".vcd");
  if (!vcd && !path_.ends_with(".fst")) {
    throw std::runtime_error("wave file " + path_ + ": the name must end in .fst or .vcd");
  }
  if (vcd) {
    fst_path_ += ".fst";
    if (!have_fst2vcd()) {
      throw std::runtime_error("wave file " + path_ + ": .vcd needs fst2vcd (Debian package gtkwave); .fst does not");
    }
  }
  for (const std::string& file : {path_, fst_path_}) {
    if (!std::ofstream(file)) throw std::runtime_error("wave file " + file + ": cannot be written");
  }
}

void WaveFile::finish() {
  if (!convert()) return;
  try {
    convert_to_vcd(fst_path_, path_);
  } catch (...) {
    std::filesystem::remove(fst_path_);
    throw;
  }
  std::filesystem::remove(fst_path_);
}

}  // namespace spmma::verif
