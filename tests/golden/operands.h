// SPDX-License-Identifier: Apache-2.0
// Designed operands for one fused step: each class aims at one thing that can go wrong.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "spmma/step.h"
#include "spmma/tensor.h"

namespace spmma::test {

using Rng = std::mt19937_64;

enum class OperandClass {
  random_bits,    ///< any pattern, NaN and Inf included
  random_finite,  ///< any finite pattern
  near_one,       ///< exponents close together: every fraction bit matters
  wide_exponent,  ///< exponents over the whole range
  subnormal,      ///< one factor or both subnormal, small C
  cancellation,   ///< products in pairs that cancel or nearly do
  align_edge,     ///< one large term, the others F - 1 to F + 2 below it
  round_edge,     ///< sums at and next to a half of C's last place
  overflow,       ///< sums at and beyond the largest finite number
  floor_edge,     ///< tiny products around the floor of e_max, mostly without C
  zeros,          ///< signed zeros with few other values
  specials,       ///< NaN and Inf among finite values
};
inline constexpr OperandClass kOperandClasses[] = {
    OperandClass::random_bits, OperandClass::random_finite, OperandClass::near_one,   OperandClass::wide_exponent,
    OperandClass::subnormal,   OperandClass::cancellation,  OperandClass::align_edge, OperandClass::round_edge,
    OperandClass::overflow,    OperandClass::floor_edge,    OperandClass::zeros,      OperandClass::specials};

std::string_view name(OperandClass c);

struct Operands {
  std::vector<std::uint32_t> a;
  std::vector<std::uint32_t> b;
  std::uint32_t c = 0;
};

/// `count` products and C of a floating-point step.
Operands make_operands(OperandClass cls, const StepParams& p, int count, Rng& rng);

/// Any pattern of the format's width.
std::uint32_t random_bits(Format f, Rng& rng);
std::uint32_t random_bits(Acc a, Rng& rng);

/// Sets every element of every batch entry to element(row, column), in ascending order.
void fill(Tensor& t, auto&& element) {
  for (std::int64_t e = 0; e < t.batch; ++e)
    for (std::int64_t r = 0; r < t.rows; ++r)
      for (std::int64_t c = 0; c < t.cols; ++c) t.set(e, r, c, element(r, c));
}

/// Uniform in [low, high].
int pick(int low, int high, Rng& rng);

}  // namespace spmma::test
