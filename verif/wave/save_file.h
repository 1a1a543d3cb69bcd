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
  std::string wave;                       ///< as GTKWave is to find it: absolute
  WaveWindow window = {};                 ///< what is shown; all of it where the window has no end
  std::optional<std::int64_t> mark = {};  ///< cycle of the marker
  std::string filters = "spmma-wave-";  ///< before a radix's name: the program that GTKWave asks for numbers and names
};

/// The text of a save file for the rows of `groups` that the wave has.
std::string save_file(const WaveDump& dump, const std::vector<WaveGroup>& groups, const SaveFileOptions& options);

/// GTKWave's filter process: answers each line of hexadecimal digits with its text, at once.
void wave_filter(Radix radix, std::istream& in, std::ostream& out);

/// GTKWave runs filters without arguments, so each radix has a name of its own under which the command can be run:
/// PATH/spmma-wave-fp16. This is what stands before the radix: beside this program, in its installation's
/// libexec/spmma, or as the PATH finds it.
std::string filter_prefix();

}  // namespace spmma::verif
