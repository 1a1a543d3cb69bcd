// SPDX-License-Identifier: Apache-2.0
// What kind of difference two values have, and where in the unit such a difference comes from.
#pragma once

#include <cstdint>
#include <string>

#include "core_checker.h"

namespace spmma::verif {

/// How `actual` differs from `expected`: "sign", "last bit", "fraction", "exponent", "special", "zero"; of integers
/// "one bit", "bits".
std::string difference_kind(Acc acc, std::uint32_t expected, std::uint32_t actual);

/// "fp16 x fp16 -> f32 sparse": what a step computes.
std::string step_name(const CoreControl& control);

/// The group of a difference on the core: field, formats, kind, step, and the stage that such a difference points to
/// (docs/core.md, "Pipeline").
std::string difference_group(const CoreDifference& difference);

}  // namespace spmma::verif
