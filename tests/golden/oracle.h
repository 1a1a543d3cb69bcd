// SPDX-License-Identifier: Apache-2.0
// A second opinion on the fused step, made of other parts than the golden model: values are doubles taken from the
// host's own arithmetic, terms are cut and summed as exact MPFR numbers, and MPFR does the final rounding.
// Only the enumerations and parameter structs are shared with the model.
#pragma once

#include <cstdint>
#include <span>

#include "spmma/step.h"

namespace spmma::test {

/// The value of an element; exact, since every format's values are doubles.
double oracle_value(Format f, std::uint32_t bits);
double oracle_value(Acc a, std::uint32_t bits);

/// Exponent of the smallest normal number of a floating-point format.
int oracle_min_exponent(Format f);
int oracle_min_exponent(Acc a);

/// The contract's constants, stated here once more: numerics.md section 1.
struct OracleParams {
  Format a;
  Format b;
  Acc acc;
  int frac_bits;  ///< as configured; FP8 does not follow it
  bool saturate = false;
};

struct OracleResult {
  std::uint32_t bits = 0;
  bool special = false;  ///< NaN or Inf among the terms; e_max and sum mean nothing then
  int e_max = 0;
  double sum = 0;  ///< S, exact
};

OracleResult oracle_step(const OracleParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                         std::uint32_t c);

}  // namespace spmma::test
