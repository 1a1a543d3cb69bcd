// SPDX-License-Identifier: Apache-2.0
// A waveform and GTKWave's save file beside it, as outputs of the command.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/output_file.h"
#include "wave/layout.h"

namespace spmma::cli {

/// Throws InputError unless the name ends in .fst or .vcd.
void check_wave_name(const std::string& path);

class WaveOutput {
 public:
  /// Opens W.fst or W.vcd and, unless that is a device, W.gtkw. Throws InputError.
  explicit WaveOutput(std::string path);

  /// The .fst file for a model to write.
  const std::string& recording() const { return recording_; }
  /// The save file's own name; empty if there is none.
  const std::string& save_name() const { return save_name_; }

  /// After the model closed its wave: writes the save file.
  void save(const std::vector<verif::WaveGroup>& layout, verif::WaveWindow window, std::optional<std::int64_t> mark);
  /// Converts the recording if it has to be, and gives both files their names.
  void commit();

 private:
  bool recorded() const;  ///< false where nothing ran

  std::string path_, save_name_, recording_;
  verif::OutputFile file_;
  std::optional<verif::OutputFile> save_;
  std::optional<verif::TemporaryName> converted_;  ///< what a .vcd is made from
  verif::TemporaryName hierarchy_;                 ///< the FST writer's own, there until it closes
  bool saved_ = false;
};

}  // namespace spmma::cli
