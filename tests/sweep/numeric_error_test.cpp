// SPDX-License-Identifier: Apache-2.0
// Errors in units of the last place, on sums whose exact value is known by hand.
#include "sweep/numeric_error.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <vector>

#include "spmma/sparse.h"

namespace spmma::sweep {
namespace {

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

Tensor matrix(std::int64_t rows, std::int64_t cols, int elem_bytes, const std::vector<std::uint32_t>& values) {
  Tensor t(rows, cols, elem_bytes);
  for (std::int64_t i = 0; i < t.size(); ++i) t.set(0, i / cols, i % cols, values[static_cast<std::size_t>(i)]);
  return t;
}

constexpr std::uint32_t kOne = 0x3C00, kTwo = 0x4000, kTiny = 0x0001;  // FP16: 1, 2, 2^-24

NumericError error_of(const Tensor& a, const Tensor& b, std::uint32_t d) {
  const GemmProblem problem{.arith = {}, .a = &a, .b = &b};
  return numeric_error(problem, matrix(1, 1, 4, {d}));
}

TEST(NumericErrorTest, ExactIsNone) {
  const NumericError e = error_of(matrix(1, 2, 2, {kOne, kTwo}), matrix(2, 1, 2, {kTwo, kTwo}), bits(6.0F));
  EXPECT_EQ(e.max_ulp, 0);
  EXPECT_EQ(e.rms_ulp(), 0);
  EXPECT_EQ(e.results, 1);
}

TEST(NumericErrorTest, OneUnitIsOne) {
  const Tensor a = matrix(1, 2, 2, {kOne, kTwo});
  const Tensor b = matrix(2, 1, 2, {kTwo, kTwo});
  EXPECT_EQ(error_of(a, b, bits(6.0F) + 1).max_ulp, 1);
  EXPECT_EQ(error_of(a, b, bits(6.0F) - 3).max_ulp, 3);
}

TEST(NumericErrorTest, ASumThatNoDoubleHolds) {
  // 2 * 2 + 2^-48: the second product is 2^-27 units of FP32's last place at 4, and lost in a sum of doubles only if
  // 4 were 32 times as large; what cancels must leave it whole.
  const Tensor a = matrix(1, 3, 2, {kTwo, kTiny, kTwo});
  const Tensor b = matrix(3, 1, 2, {kTwo, kTiny, 0xC000});  // ... - 2 * 2
  const NumericError e = error_of(a, b, 0);
  // The exact 2^-48 has a last place of 2^-71: 0 is 2^23 units off.
  EXPECT_EQ(e.max_ulp, 8388608.0);
  EXPECT_EQ(error_of(a, b, bits(0x1p-48F)).max_ulp, 0);
}

TEST(NumericErrorTest, SparseElementsMeetTheirOwn) {
  const Tensor dense = matrix(1, 4, 2, {0, kOne, 0, kTwo});
  const Compressed compressed = compress(Format::fp16, dense);
  const Tensor b = matrix(4, 1, 2, {0x5640, kOne, 0x5640, kTwo});
  const GemmProblem problem{
      .arith = {}, .sparse = true, .a = &compressed.values, .metadata = &compressed.metadata, .b = &b};
  EXPECT_EQ(numeric_error(problem, matrix(1, 1, 4, {bits(5.0F)})).max_ulp, 0);
  EXPECT_GT(numeric_error(problem, matrix(1, 1, 4, {bits(105.0F)})).max_ulp, 1);
}

TEST(NumericErrorTest, IntegersCountInOnes) {
  const Tensor a = matrix(1, 2, 1, {0x80, 3});  // -128, 3
  const Tensor b = matrix(2, 1, 1, {0x80, 0xFF});
  const GemmProblem problem{
      .arith = {}, .a_format = Format::int8, .b_format = Format::int8, .acc = Acc::s32, .a = &a, .b = &b};
  EXPECT_EQ(numeric_error(problem, matrix(1, 1, 4, {16381})).max_ulp, 0);
  EXPECT_EQ(numeric_error(problem, matrix(1, 1, 4, {16379})).max_ulp, 2);
}

TEST(NumericErrorTest, InfinitiesAreCountedApart) {
  const NumericError e = error_of(matrix(1, 1, 2, {kOne}), matrix(1, 1, 2, {kOne}), 0x7F800000);
  EXPECT_EQ(e.results, 0);
  EXPECT_EQ(e.not_finite, 1);
  EXPECT_EQ(e.max_ulp, 0);
}

TEST(NumericErrorTest, MaximumAndMeanOverMany) {
  NumericError sum{.max_ulp = 3, .sum_of_squares = 9, .results = 1};
  sum.add({.max_ulp = 1, .sum_of_squares = 1, .results = 3, .not_finite = 2});
  EXPECT_EQ(sum.max_ulp, 3);
  EXPECT_DOUBLE_EQ(sum.rms_ulp(), std::sqrt(10.0 / 4));
  EXPECT_EQ(sum.not_finite, 2);
}

}  // namespace
}  // namespace spmma::sweep
