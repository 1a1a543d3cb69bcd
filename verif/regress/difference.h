// SPDX-License-Identifier: Apache-2.0
// What kind of difference two values have, and where in the unit such a difference comes from.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core_checker.h"
#include "spmma/gemm.h"

namespace spmma::verif {

/// How `actual` differs from `expected`: "sign", "last bit", "fraction", "exponent", "special", "zero"; of integers
/// "one bit", "bits".
std::string difference_kind(Acc acc, std::uint32_t expected, std::uint32_t actual);

/// "fp16 x fp16 -> f32 sparse": what a step computes.
std::string step_name(const CoreControl& control);

/// The group of a difference on the core: field, formats, kind, step, and the stage that such a difference points to
/// (docs/core.md, "Pipeline").
std::string difference_group(const CoreDifference& difference);

/// What can be said of a wrong element of the engine's D from outside.
struct ElementDifference {
  std::string where;  ///< where to look first, for the group
  std::string
      text;  ///< the step in which the core alone and the golden model part, else the golden model's first steps
};
/// `core`: the accumulators after each step of the element's chain on spmma_core alone; `actual`: the engine's bits.
ElementDifference element_difference(const GemmProblem& problem, std::int64_t entry, std::int64_t row, std::int64_t col,
                                     std::span<const std::uint32_t> core, std::uint32_t actual);

}  // namespace spmma::verif
