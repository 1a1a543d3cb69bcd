// SPDX-License-Identifier: Apache-2.0
// A design space: values of axes, and conditions on their combinations.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sweep/point.h"

namespace spmma::sweep {

/// As the user wrote it.
struct Space {
  std::map<std::string, std::string> values = {};  ///< of an axis, by its name; what is not here is the base's
  std::vector<std::string> where = {};             ///< all of them must hold
};

/// Reads a space of a JSON or YAML file: a map of axes to a value, a list, or text as the flags take it; `where` to an
/// expression or a list of them. Throws verif::InputError("FILE: line N: what is wrong").
Space read_space(const std::string& path);

inline constexpr std::size_t kMostPoints = 100'000;

/// All points, each once; the last axis varies fastest. Throws verif::InputError where a value or a condition is wrong,
/// an axis is not the unit's, and where no point or more than kMostPoints are left.
std::vector<Point> points_of(const Space& space, const Point& base, Unit unit);

}  // namespace spmma::sweep
