// SPDX-License-Identifier: Apache-2.0
// Where a wave goes: models write FST, and a file named .vcd is converted from it.
#pragma once

#include <string>

#include "wave_window.h"

namespace spmma::verif {

/// Whether gtkwave's fst2vcd can be run.
bool have_fst2vcd();
/// Throws std::runtime_error if the conversion fails.
void convert_to_vcd(const std::string& fst, const std::string& vcd);

class WaveFile {
 public:
  /// Throws std::runtime_error if `path` ends in neither .fst nor .vcd, cannot be written, or needs fst2vcd and there
  /// is none. The file exists (empty) afterwards.
  explicit WaveFile(std::string path);
  /// The FST file for the model to write: `path` itself, or a file beside it that finish() converts and removes.
  const std::string& fst_path() const { return fst_path_; }
  /// To be called after the model closed its file. Throws std::runtime_error if the conversion fails.
  void finish();

 private:
  bool convert() const { return fst_path_ != path_; }

  std::string path_;
  std::string fst_path_;
};

}  // namespace spmma::verif
