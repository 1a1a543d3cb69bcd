// SPDX-License-Identifier: Apache-2.0
// GTKWave's save files (.gtkw): what is shown of a wave, and how.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "wave/layout.h"

namespace spmma::verif {

struct SaveFileOptions {
  std::string wave;                          ///< as GTKWave is to find it: absolute
  WaveWindow window = {};                    ///< what is shown; all of it where the window has no end
  std::optional<std::int64_t> mark = {};     ///< cycle of the marker
  std::string filter = "spmma wave-filter";  ///< the command that GTKWave asks for numbers and names
};

/// The text of a save file for the rows of `groups` that the wave has.
std::string save_file(const WaveDump& dump, const std::vector<WaveGroup>& groups, const SaveFileOptions& options);

/// GTKWave's filter process: answers each line of hexadecimal digits with its text, at once.
void wave_filter(Radix radix, std::istream& in, std::ostream& out);

/// "PATH/spmma wave-filter" of this process if it is the command, else as it is found on the PATH.
std::string filter_command();

}  // namespace spmma::verif
