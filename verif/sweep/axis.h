// SPDX-License-Identifier: Apache-2.0
// The axes of a sweep: the parameters that can be swept, and lists of their values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/point.h"

namespace spmma::sweep {

/// A parameter that can be swept.
struct Axis {
  const char* name;       ///< as the flag without --: "step-bytes"
  const char* parameter;  ///< by RTL name; empty: of the memory behind the engine
  const char* values;     ///< which are legal, for people
  bool engine;            ///< of the engine alone
  int Point::* field;
};

/// All axes, in the order of the flags and of nested loops over a space: the last one varies fastest.
const std::vector<Axis>& axes();
/// The axis of a name; "_" stands for "-". Null if there is none.
const Axis* find_axis(std::string_view name);

/// "4,8:16:x2,20" as numbers in the order of their writing, each once. Formats are sets of names joined by "+".
/// Throws verif::InputError("AXIS: what is wrong").
std::vector<int> parse_values(const Axis& axis, std::string_view text);

/// A value as the user writes it: a number, or a set of formats.
std::string value_text(const Axis& axis, int value);

}  // namespace spmma::sweep
