// SPDX-License-Identifier: Apache-2.0
#include "spmma/step.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "compare.h"
#include "operands.h"
#include "oracle.h"
#include "types.h"

namespace spmma::test {
namespace {

/// Result, and where no special value decides also e_max and S.
::testing::AssertionResult agrees(const StepParams& p, const Operands& o, const OracleResult& expected) {
  StepTrace trace;
  const std::uint32_t bits = fused_step(p, o.a, o.b, o.c, &trace);
  const bool same_inside =
      trace.special == expected.special && trace.result == bits &&
      (expected.special || (trace.e_max == expected.e_max && static_cast<double>(trace.sum) == expected.sum));
  if (bits == expected.bits && same_inside) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << fmt::format(
             "{}\n  expected {}, special {}, e_max {}, S {}\n  actual   {}, special {}, e_max {}, S {}",
             show_step(p, o.a, o.b, o.c), describe(p.acc, expected.bits), expected.special, expected.e_max,
             expected.sum, describe(p.acc, bits), trace.special, trace.e_max, trace.sum);
}

class FloatStep : public ::testing::TestWithParam<Types> {};

TEST_P(FloatStep, AgreesWithMpfrOnDesignedOperands) {
  constexpr int kRepeats = 800;
  const Types t = GetParam();
  Rng rng(static_cast<unsigned>(t.a) * 100 + static_cast<unsigned>(t.b) * 10 + static_cast<unsigned>(t.acc));
  int specials = 0;
  int finite = 0;
  for (int frac_bits = 18; frac_bits <= 25; ++frac_bits)
    for (const int step_bytes : {8, 16, 32}) {
      const Arith arith{step_bytes, frac_bits};
      const StepParams p = step_params(arith, t.a, t.b, t.acc);
      const int length = products_per_step(arith, t.a);
      for (const OperandClass cls : kOperandClasses)
        for (int i = 0; i < kRepeats; ++i) {
          const int count = i % 4 == 0 ? pick(0, length, rng) : length;  // masked lanes are absent
          const Operands o = make_operands(cls, p, count, rng);
          const OracleResult expected = oracle_step({t.a, t.b, t.acc, frac_bits}, o.a, o.b, o.c);
          ASSERT_TRUE(agrees(p, o, expected)) << "class " << name(cls) << ", case " << i;
          (expected.special ? specials : finite) += 1;
        }
    }
  EXPECT_GT(specials, 5000);  // both kinds were really among the stimuli
  EXPECT_GT(finite, 150000);
}

INSTANTIATE_TEST_SUITE_P(Legal, FloatStep, ::testing::ValuesIn(legal_types([](Format f) { return !is_integer(f); })),
                         type_name);

class IntegerStep : public ::testing::TestWithParam<Types> {};

TEST_P(IntegerStep, EveryProduct) {
  const Types t = GetParam();
  const StepParams p = step_params({16, 24}, t.a, t.b, t.acc);
  for (std::uint32_t a = 0; a < 256; ++a)
    for (std::uint32_t b = 0; b < 256; ++b) {
      const Operands o{{a}, {b}, 0};
      ASSERT_TRUE(agrees(p, o, oracle_step({t.a, t.b, t.acc, 24}, o.a, o.b, o.c)));
    }
}

TEST_P(IntegerStep, WrapsAndSaturates) {
  const Types t = GetParam();
  Rng rng(7);
  int clamped = 0;
  for (const bool saturate : {false, true})
    for (const int step_bytes : {8, 16, 32}) {
      const StepParams p = step_params({step_bytes, 24}, t.a, t.b, t.acc, saturate);
      for (int i = 0; i < 20000; ++i) {
        Operands o;
        const int count = pick(0, products_per_step({step_bytes, 24}, t.a), rng);
        const bool extreme = i % 2 == 0;
        for (int k = 0; k < count; ++k) {
          constexpr std::uint32_t kExtremes[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
          o.a.push_back(extreme ? kExtremes[pick(0, 4, rng)] : random_bits(t.a, rng));
          o.b.push_back(extreme ? kExtremes[pick(0, 4, rng)] : random_bits(t.b, rng));
        }
        o.c = random_bits(Acc::s32, rng);
        if (i % 3 != 0) o.c = 0x80000000u + static_cast<std::uint32_t>(pick(-20000, 20000, rng));  // near both limits
        const OracleResult expected = oracle_step({t.a, t.b, t.acc, 24, saturate}, o.a, o.b, o.c);
        ASSERT_TRUE(agrees(p, o, expected));
        clamped += expected.sum < -0x1p31 || expected.sum >= 0x1p31;
      }
    }
  EXPECT_GT(clamped, 5000);
}

INSTANTIATE_TEST_SUITE_P(Legal, IntegerStep, ::testing::ValuesIn(legal_types(is_integer)), type_name);

class Fp8Step : public ::testing::TestWithParam<Types> {};

TEST_P(Fp8Step, EveryProduct) {
  const Types t = GetParam();
  const StepParams p = step_params({32, 25}, t.a, t.b, t.acc);
  for (std::uint32_t a = 0; a < 256; ++a)
    for (std::uint32_t b = 0; b < 256; ++b) {
      const Operands o{{a}, {b}, 0};
      ASSERT_TRUE(agrees(p, o, oracle_step({t.a, t.b, t.acc, 25}, o.a, o.b, o.c)));
    }
}

INSTANTIATE_TEST_SUITE_P(Mixes, Fp8Step, ::testing::ValuesIn(legal_types(is_fp8)), type_name);

/// F and floor in force, against the table of numerics.md section 1.
TEST(StepParams, FollowTheContract) {
  struct Row {
    Arith arith;
    Types types;
    Rounding rounding;
    int frac_bits, floor;
  };
  const Types fp16_f32{Format::fp16, Format::fp16, Acc::f32};
  const Types fp16_f16{Format::fp16, Format::fp16, Acc::f16};
  const Row rows[] = {
      {{8, 23}, fp16_f32, Rounding::rz_fp32, 23, -131},
      {{8, 23}, fp16_f16, Rounding::rne_fp16, 23, -19},
      {{16, 24}, fp16_f32, Rounding::rz_fp32, 24, -132},
      {{16, 24}, fp16_f16, Rounding::rne_fp16, 24, -20},
      {{16, 24}, {Format::bf16, Format::bf16, Acc::f32}, Rounding::rz_fp32, 24, -132},
      {{16, 24}, {Format::tf32, Format::tf32, Acc::f32}, Rounding::rz_fp32, 24, -132},
      {{32, 25}, fp16_f32, Rounding::rz_fp32, 25, -133},
      {{32, 25}, fp16_f16, Rounding::rne_fp16, 25, -21},
      {{32, 25}, {Format::e4m3, Format::e5m2, Acc::f32}, Rounding::rz_e8m13, 13, -133},
      {{32, 18}, {Format::e5m2, Format::e4m3, Acc::f16}, Rounding::rne_fp16, 13, -133},
  };
  for (const Row& row : rows) {
    const StepParams p = step_params(row.arith, row.types.a, row.types.b, row.types.acc);
    EXPECT_EQ(p.rounding, row.rounding);
    EXPECT_EQ(p.frac_bits, row.frac_bits);
    EXPECT_EQ(p.floor, row.floor);
  }
  EXPECT_EQ(step_params({16, 24}, Format::int8, Format::uint8, Acc::s32).rounding, Rounding::wrap_s32);
  EXPECT_EQ(step_params({16, 24}, Format::int8, Format::uint8, Acc::s32, true).rounding, Rounding::saturate_s32);
}

/// The "Hand checks" table of numerics.md section 2: operands by k, and D for each architecture that the row lists.
struct HandCheck {
  const char* what;
  Types types;
  std::vector<std::pair<double, double>> products;  ///< k = 0, 1, ...; K is their number
  std::uint32_t c;
  std::optional<std::uint32_t> volta, ampere, hopper;
};

/// Bits of a value that the format holds exactly.
std::uint32_t bits_of(Format f, double value) {
  for (std::uint32_t bits = 0; bits < (1u << (8 * storage_bytes(f))); ++bits)
    if (oracle_value(f, bits) == value) return bits;
  ADD_FAILURE() << value << " is no " << name(f);
  return 0;
}

TEST(HandChecks, EveryRow) {
  const Types h32{Format::fp16, Format::fp16, Acc::f32};
  const Types h16{Format::fp16, Format::fp16, Acc::f16};
  const Types b32{Format::bf16, Format::bf16, Acc::f32};
  const Types q32{Format::e4m3, Format::e4m3, Acc::f32};
  const std::pair<double, double> zero{0, 0};
  std::vector<std::pair<double, double>> ones_from_8(16, {1, 1});
  std::fill_n(ones_from_8.begin(), 8, zero);
  std::vector<std::pair<double, double>> big_then_ones = ones_from_8;
  big_then_ones[0] = {0x1p14, 0x1p13};
  std::vector<std::pair<double, double>> ulps(16, zero);
  ulps[0] = {2048, 1};
  ulps[1] = ulps[8] = {1, 1};

  const HandCheck rows[] = {
      {"1 - 1 + 2^-24", h32, {{1, 1}, {-1, 1}, {0x1p-12, 0x1p-12}}, 0, 0, 0x33800000, 0x33800000},
      {"1 - 1 + 2^-24, subnormal factor", h32, {{1, 1}, {-1, 1}, {0x1p-24, 1}}, 0, 0, 0x33800000, 0x33800000},
      {"1 - 1 + 2^-25", h32, {{1, 1}, {-1, 1}, {0x1p-13, 0x1p-12}}, 0, 0, 0, 0x33000000},
      {"2^27, C = -2^27, eight ones", h32, big_then_ones, 0xCD000000, 0x41000000, 0x41000000, 0},
      {"2048 + 1, then 1", h16, ulps, 0, std::nullopt, 0x6800, 0x6801},
      {"65504 + 16", h16, {{4, 4}}, 0x7BFF, std::nullopt, 0x7C00, 0x7C00},
      {"65504 + 4 * 3.998", h16, {{4, 3.998046875}}, 0x7BFF, std::nullopt, 0x7BFF, 0x7BFF},
      {"max + 2^103", b32, {{0x1p52, 0x1p51}}, 0x7F7FFFFF, std::nullopt, 0x7F7FFFFF, 0x7F7FFFFF},
      {"max + 2^104", b32, {{0x1p52, 0x1p52}}, 0x7F7FFFFF, std::nullopt, 0x7F800000, 0x7F800000},
      {"2^254 - 2^254 + 1", b32, {{0x1p127, 0x1p127}, {-0x1p127, 0x1p127}}, 0x3F800000, std::nullopt, 0, 0},
      {"-2.25 + 2.25 + 2^-24",
       h32,
       {{-1.5, 1.5}, {1.5, 1.5}, {0x1p-12, 0x1p-12}},
       0,
       std::nullopt,
       0x33800000,
       0x33800000},
      {"-2.25 + 2^-24, C = 2.25", h32, {{-1.5, 1.5}, {0x1p-12, 0x1p-12}}, 0x40100000, std::nullopt, 0, 0x33800000},
      {"C loses its low bits", q32, {{0, 0}}, 0x3F800200, std::nullopt, std::nullopt, 0x3F800000},
      // Section 3: the floor. Products 2^-149 and -2^-160; 2^-25 and 2^-45 or 2^-47.
      {"2^-149 - 2^-160", b32, {{0x1p-100, 0x1p-49}, {-0x1p-100, 0x1p-60}}, 0, std::nullopt, std::nullopt, 0x00000001},
      {"2^-25 + 2^-45", h16, {{0x1p-12, 0x1p-13}, {0x1p-22, 0x1p-23}}, 0, std::nullopt, 0x0000, std::nullopt},
      {"2^-25 + 2^-47", h16, {{0x1p-12, 0x1p-13}, {0x1p-23, 0x1p-24}}, 0, std::nullopt, std::nullopt, 0x0000},
  };
  const auto check = [](const HandCheck& row, Arith arith, std::optional<std::uint32_t> expected) {
    if (!expected) return;
    const StepParams p = step_params(arith, row.types.a, row.types.b, row.types.acc);
    const auto length = static_cast<std::size_t>(products_per_step(arith, row.types.a));
    std::uint32_t acc = row.c;
    for (std::size_t first = 0; first < row.products.size(); first += length) {
      Operands o;
      for (std::size_t k = first; k < std::min(first + length, row.products.size()); ++k) {
        o.a.push_back(bits_of(row.types.a, row.products[k].first));
        o.b.push_back(bits_of(row.types.b, row.products[k].second));
      }
      acc = fused_step(p, o.a, o.b, acc);
    }
    EXPECT_TRUE(same_bits(row.types.acc, *expected, acc, fmt::format("{}, F = {}", row.what, arith.frac_bits)));
  };
  for (const HandCheck& row : rows) {
    check(row, {8, 23}, row.volta);
    check(row, {16, 24}, row.ampere);
    check(row, {32, 25}, row.hopper);
  }
}

/// Section 4, case by case, in every position.
TEST(Specials, OneByOne) {
  for (const Acc acc : {Acc::f32, Acc::f16}) {
    const StepParams p = step_params({16, 24}, Format::fp16, Format::fp16, acc);
    const bool half = acc == Acc::f16;
    const std::uint32_t nan = half ? 0x7FFF : 0x7FFFFFFF;
    const std::uint32_t inf = half ? 0x7C00 : 0x7F800000;
    const std::uint32_t minus = half ? 0x8000 : 0x80000000;
    const std::uint32_t one = half ? 0x3C00 : 0x3F800000;
    const auto step = [&](std::vector<std::uint32_t> a, std::vector<std::uint32_t> b, std::uint32_t c) {
      return fused_step(p, a, b, c);
    };
    EXPECT_EQ(step({0x7E00}, {0x3C00}, 0), nan);  // quiet NaN in A
    EXPECT_EQ(step({0x3C00}, {0xFC01}, 0), nan);  // signalling, negative NaN in B
    EXPECT_EQ(step({0x3C00}, {0x3C00}, inf | minus | 1), nan);
    EXPECT_EQ(step({0x7E00}, {0x0000}, inf), nan);  // NaN times zero
    EXPECT_EQ(step({0x7C00}, {0x8000}, one), nan);  // Inf times zero
    EXPECT_EQ(step({0x0000}, {0xFC00}, one), nan);
    EXPECT_EQ(step({0x7C00, 0xFC00}, {0x3C00, 0x3C00}, 0), nan);
    EXPECT_EQ(step({0x7C00}, {0x3C00}, inf | minus), nan);
    EXPECT_EQ(step({0x7C00}, {0xBC00}, one), inf | minus);
    EXPECT_EQ(step({0xFC00, 0x7C00}, {0xFC00, 0x3C00}, inf), inf);
    EXPECT_EQ(step({0x7C00}, {0x0001}, one), inf);  // Inf times subnormal
    EXPECT_EQ(step({0x3C00}, {0x3C00}, inf | minus), inf | minus);
    EXPECT_EQ(step({0x8000, 0x0000}, {0x3C00, 0xBC00}, minus), 0u);  // all terms -0
    EXPECT_EQ(step({}, {}, minus), 0u);                              // a step without lanes still normalises C
    EXPECT_EQ(step({0x3C00, 0xBC00}, {0x3C00, 0x3C00}, minus), 0u);
  }
  // A negative sum below half the smallest subnormal keeps its sign.
  const StepParams p = step_params({16, 24}, Format::fp16, Format::fp16, Acc::f16);
  const std::uint32_t a[] = {0x8001};
  const std::uint32_t b[] = {0x3400};  // -2^-24 * 2^-2
  EXPECT_EQ(fused_step(p, a, b, 0), kKeepSignOfRoundedZero ? 0x8000u : 0u);
}

}  // namespace
}  // namespace spmma::test
