// SPDX-License-Identifier: Apache-2.0
// Conditions on points: `--where "rows >= cols and rows * cols <= 32"`.
#pragma once

#include <functional>
#include <string>

#include "sweep/point.h"

namespace spmma::sweep {

/// Compiles an expression of axes, numbers, + - * / %, comparisons, and, or, not (also && || !) and parentheses; what
/// is not 0 holds. Throws verif::InputError that says what is wrong and at which character. The result throws
/// verif::InputError where a point divides by zero or comes to a number of more than 64 bits.
std::function<bool(const Point&)> parse_condition(const std::string& text);

}  // namespace spmma::sweep
