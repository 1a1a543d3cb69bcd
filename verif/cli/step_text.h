// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/job.h"

namespace spmma::cli {

/// An element of D.
struct Element {
  std::int64_t entry = 0, row = 0, col = 0;
};

/// "D[3,5]", with the batch entry in front where D has the axis.
std::string element_text(const Element& at, bool batched);

/// One step of an element's chain as a table: operands, terms, their sum, the result; lines end in a newline.
/// `c` is the accumulator before the step; `trace` is filled from it by the golden model. Where `rtl` holds the RTL's
/// accumulator after the step, both results are shown and a difference is marked.
std::string step_text(const Job& job, const Element& at, std::int64_t step, std::uint32_t c, StepTrace& trace,
                      std::optional<std::uint32_t> rtl);

}  // namespace spmma::cli
