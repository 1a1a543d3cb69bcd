// SPDX-License-Identifier: Apache-2.0
// What the flow needs to know of a cell library.
#pragma once

#include <map>
#include <string>

namespace spmma::sweep {

struct LibertyCell {
  double area = 0;                      ///< in the library's unit
  bool flop = false;                    ///< has an ff group
  std::map<std::string, double> input;  ///< pins and their capacitance, in the library's unit
  std::string output;                   ///< the pin, if there is exactly one
  std::string function;                 ///< of that output
  double max_capacitance = 0;           ///< that it may drive; 0: not said
};

struct Liberty {
  std::map<std::string, LibertyCell> cells;
  double capacitance_ff = 1;  ///< femtofarads in a unit of capacitance
  double time_ns = 1;         ///< nanoseconds in a unit of time
  std::string buffer;         ///< the one that drives most, none of the clock's
};

/// Reads a liberty file as far as that. Throws verif::InputError("FILE: line N: what is wrong"), and where there is no
/// buffer or no flip-flop.
Liberty read_liberty(const std::string& path);

}  // namespace spmma::sweep
