// SPDX-License-Identifier: Apache-2.0
#include "spmma/format.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "operands.h"
#include "oracle.h"

namespace spmma::test {
namespace {

/// Number of distinct patterns that a format looks at, and the bits of the i-th one.
std::uint32_t pattern_count(Format f) { return f == Format::tf32 ? 1u << 19 : 1u << (8 * storage_bytes(f)); }
std::uint32_t pattern(Format f, std::uint32_t i) { return f == Format::tf32 ? i << 13 : i; }

bool same_double(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
}

/// Both ways of saying what a value is must agree with the oracle's.
template <typename F>
::testing::AssertionResult decodes_to(const Decoded& d, double actual, double expected, F format) {
  const auto fail = [&] {
    return ::testing::AssertionFailure() << "expected " << expected << ", to_double " << actual;
  };
  if (!same_double(actual, expected)) return fail();
  using enum Decoded::Class;
  if (std::isnan(expected)) return d.cls == nan ? ::testing::AssertionSuccess() : fail();
  if (d.negative != std::signbit(expected)) return fail() << ": sign";
  if (std::isinf(expected)) return d.cls == inf ? ::testing::AssertionSuccess() : fail();
  if (expected == 0) return d.cls == zero && d.significand == 0 ? ::testing::AssertionSuccess() : fail();
  if (d.cls != finite) return fail() << ": class";
  if (std::ldexp(d.significand, d.exponent - d.fraction_bits) != std::abs(expected)) return fail() << ": magnitude";
  if (d.exponent != std::max(std::ilogb(expected), oracle_min_exponent(format))) return fail() << ": exponent";
  return ::testing::AssertionSuccess();
}

class FormatPatterns : public ::testing::TestWithParam<Format> {};

TEST_P(FormatPatterns, EveryPatternDecodes) {
  const Format f = GetParam();
  for (std::uint32_t i = 0; i < pattern_count(f); ++i) {
    const std::uint32_t bits = pattern(f, i);
    const double expected = oracle_value(f, bits);
    if (is_integer(f)) {
      ASSERT_EQ(to_int(f, bits), expected) << bits;
      ASSERT_EQ(to_double(f, bits), expected) << bits;
    } else {
      ASSERT_TRUE(decodes_to(decode(f, bits), to_double(f, bits), expected, f)) << std::hex << bits;
    }
    ASSERT_EQ(is_zero(f, bits), expected == 0) << std::hex << bits;
  }
}

TEST_P(FormatPatterns, MagnitudeKeysOrderLikeMagnitudes) {
  const Format f = GetParam();
  const auto magnitude = [f](std::uint32_t bits) {  // NaN above everything
    const double v = std::abs(oracle_value(f, bits));
    return std::isnan(v) ? std::make_pair(1, 0.0) : std::make_pair(0, v);
  };
  std::vector<std::uint32_t> patterns(pattern_count(f));
  for (std::uint32_t i = 0; i < patterns.size(); ++i) patterns[i] = pattern(f, i);
  std::sort(patterns.begin(), patterns.end(), [&](auto x, auto y) { return magnitude(x) < magnitude(y); });
  for (std::size_t i = 1; i < patterns.size(); ++i) {
    const std::uint32_t below = magnitude_key(f, patterns[i - 1]);
    const std::uint32_t above = magnitude_key(f, patterns[i]);
    if (magnitude(patterns[i - 1]) == magnitude(patterns[i]))
      ASSERT_EQ(below, above) << std::hex << patterns[i];
    else
      ASSERT_LT(below, above) << std::hex << patterns[i];
  }
}

INSTANTIATE_TEST_SUITE_P(All, FormatPatterns, ::testing::ValuesIn(kFormats),
                         [](const auto& param) { return std::string(name(param.param)); });

TEST(Format, Tf32IgnoresItsLowBits) {
  Rng rng(1);
  for (int i = 0; i < 100000; ++i) {
    const std::uint32_t bits = random_bits(Format::tf32, rng) & (i % 8 == 0 ? 0x80001FFFu : ~0u);
    const std::uint32_t cut = bits & ~0x1FFFu;
    ASSERT_TRUE(decodes_to(decode(Format::tf32, bits), to_double(Format::tf32, bits), oracle_value(Format::tf32, cut),
                           Format::tf32));
    ASSERT_EQ(is_zero(Format::tf32, bits), is_zero(Format::tf32, cut));
    ASSERT_EQ(magnitude_key(Format::tf32, bits), magnitude_key(Format::tf32, cut));
  }
  EXPECT_EQ(decode(Format::tf32, 0x7F800001).cls, Decoded::Class::inf);  // the payload is cut off before classifying
}

TEST(Format, AccumulatorsDecode) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits)
    ASSERT_TRUE(decodes_to(decode(Acc::f16, bits), to_double(Acc::f16, bits), oracle_value(Acc::f16, bits), Acc::f16));
  Rng rng(2);
  for (int i = 0; i < 1000000; ++i) {
    std::uint32_t bits = random_bits(Acc::f32, rng);
    if (i % 4 == 0) bits &= 0x807FFFFFu;  // subnormal
    if (i % 64 == 1) bits |= 0x7F800000u;
    ASSERT_TRUE(decodes_to(decode(Acc::f32, bits), to_double(Acc::f32, bits), oracle_value(Acc::f32, bits), Acc::f32));
  }
  for (const std::uint32_t bits : {0u, 1u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu})
    EXPECT_EQ(to_double(Acc::s32, bits), static_cast<std::int32_t>(bits));
}

TEST(Format, LegalCombinations) {
  int legal_count = 0;
  for (const Format a : kFormats)
    for (const Format b : kFormats)
      for (const Acc acc : {Acc::s32, Acc::f32, Acc::f16}) legal_count += legal(a, b, acc);
  EXPECT_EQ(legal_count, 4 + 2 + 1 + 1 + 8);
  for (const Format a : {Format::int8, Format::uint8})
    for (const Format b : {Format::int8, Format::uint8}) EXPECT_TRUE(legal(a, b, Acc::s32));
  EXPECT_TRUE(legal(Format::fp16, Format::fp16, Acc::f32));
  EXPECT_TRUE(legal(Format::fp16, Format::fp16, Acc::f16));
  EXPECT_TRUE(legal(Format::bf16, Format::bf16, Acc::f32));
  EXPECT_TRUE(legal(Format::tf32, Format::tf32, Acc::f32));
  for (const Format a : {Format::e4m3, Format::e5m2})
    for (const Format b : {Format::e4m3, Format::e5m2})
      for (const Acc acc : {Acc::f32, Acc::f16}) EXPECT_TRUE(legal(a, b, acc));
}

TEST(Format, NamesRoundTrip) {
  const char* const names[] = {"int8", "uint8", "fp16", "bf16", "tf32", "e4m3", "e5m2"};
  for (const Format f : kFormats) {
    EXPECT_EQ(name(f), names[static_cast<int>(f)]);
    EXPECT_EQ(parse_format(name(f)), f);
  }
  for (const Acc a : {Acc::s32, Acc::f32, Acc::f16}) EXPECT_EQ(parse_acc(name(a)), a);
  EXPECT_FALSE(parse_format("f16"));
  EXPECT_FALSE(parse_format("FP16"));
  EXPECT_FALSE(parse_acc("fp16"));
  EXPECT_EQ(default_acc(Format::uint8), Acc::s32);
  EXPECT_EQ(default_acc(Format::e5m2), Acc::f32);
}

TEST(Format, ProductsPerStep) {
  struct Row {
    int step_bytes, eight_bit, sixteen_bit, tf32;
  };
  for (const Row row : {Row{8, 8, 4, 2}, Row{16, 16, 8, 4}, Row{32, 32, 16, 8}})
    for (const Format f : kFormats)
      EXPECT_EQ(products_per_step({row.step_bytes, 24}, f), f == Format::tf32                        ? row.tf32
                                                            : f == Format::fp16 || f == Format::bf16 ? row.sixteen_bit
                                                                                                     : row.eight_bit);
}

}  // namespace
}  // namespace spmma::test
