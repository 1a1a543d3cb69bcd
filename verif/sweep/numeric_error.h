// SPDX-License-Identifier: Apache-2.0
// How far results lie from exact arithmetic, in units of the last place.
#pragma once

#include <cstdint>

#include "spmma/gemm.h"
#include "spmma/tensor.h"

namespace spmma::sweep {

/// Errors in units of the last place that the accumulator's format has at the exact value (of integers: 1).
struct NumericError {
  double max_ulp = 0;
  double sum_of_squares = 0;
  std::int64_t results = 0;
  std::int64_t not_finite = 0;  ///< results that are infinite or NaN, or whose exact value is none: not counted above

  double rms_ulp() const;
  void add(const NumericError& other);
};

/// Of D against the sum of products without any rounding. Sums are formed in twice double's precision, so that the
/// exact value is wrong by 2^-100 of the sum of magnitudes at most: far below a unit of any accumulator. Integers that
/// wrap count as far off as they are. Precondition: no batch.
NumericError numeric_error(const GemmProblem& problem, const Tensor& d);

}  // namespace spmma::sweep
