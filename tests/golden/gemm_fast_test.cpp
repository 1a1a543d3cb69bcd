// SPDX-License-Identifier: Apache-2.0
// gemm_fast() against gemm_reference(), bit for bit, with every vector target that this machine has.
#include <fmt/format.h>
#include <gtest/gtest.h>

#define HWY_WANT_AVX3_DL
#include <hwy/targets.h>
#include <limits>

#include "compare.h"
#include "operands.h"
#include "spmma/gemm.h"

namespace spmma::test {
namespace {

struct Combination {
  Format a, b;
  Acc acc;
};
constexpr Combination kFloat[] = {{Format::fp16, Format::fp16, Acc::f32}, {Format::fp16, Format::fp16, Acc::f16},
                                  {Format::bf16, Format::bf16, Acc::f32}, {Format::tf32, Format::tf32, Acc::f32},
                                  {Format::e4m3, Format::e4m3, Acc::f32}, {Format::e4m3, Format::e5m2, Acc::f32},
                                  {Format::e5m2, Format::e5m2, Acc::f32}, {Format::e5m2, Format::e4m3, Acc::f16},
                                  {Format::e4m3, Format::e4m3, Acc::f16}, {Format::e5m2, Format::e5m2, Acc::f16}};

struct Case {
  GemmProblem problem;
  Tensor a, metadata, b, c;

  Case() = default;
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;
};

struct Shape {
  std::int64_t m, n, steps;
  int tail = 0;  ///< stored elements missing in the last step
  std::int64_t batch = 1;
};

/// Operand sets: row m of A belongs to set m % kSets, column n of B to set n % kSets. Where both agree, every step
/// sees operands designed together.
constexpr int kSets = 3;

void make_float_case(Case& out, const Combination& f, Arith arith, bool sparse, Shape s, OperandClass cls, Rng& rng) {
  const StepParams params = step_params(arith, f.a, f.b, f.acc);
  const int step = products_per_step(arith, f.a);
  const int size = group_size(f.a);
  const int kept = group_stored(f.a);
  const std::int64_t stored = std::max<std::int64_t>(kept, (s.steps * step - s.tail) / kept * kept);
  const std::int64_t width = sparse ? stored : s.steps * step - s.tail;
  const std::int64_t k = sparse ? stored / kept * size : width;
  out.a = Tensor(s.m, width, storage_bytes(f.a), s.batch, s.batch > 1);
  out.metadata = Tensor(s.m, k / size, 1, s.batch, s.batch > 1);
  out.b = Tensor(k, s.n, storage_bytes(f.b), s.batch, s.batch > 1);
  out.c = Tensor(s.m, s.n, storage_bytes(f.acc));
  for (std::int64_t e = 0; e < s.batch; ++e) {
    std::vector<std::uint32_t> a[kSets], b[kSets], c[kSets];
    std::vector<std::uint8_t> nibbles[kSets];
    for (int set = 0; set < kSets; ++set) {
      while (std::ssize(a[set]) < width) {
        const Operands o = make_operands(cls, params, step, rng);
        a[set].insert(a[set].end(), o.a.begin(), o.a.end());
        b[set].insert(b[set].end(), o.b.begin(), o.b.end());
        c[set].push_back(o.c);
      }
      for (std::int64_t g = 0; g < k / size; ++g) nibbles[set].push_back(static_cast<std::uint8_t>(rng() % 16));
    }
    for (std::int64_t m = 0; m < s.m; ++m) {
      const int set = static_cast<int>(m % kSets);
      for (std::int64_t i = 0; i < width; ++i) out.a.set(e, m, i, a[set][static_cast<std::size_t>(i)]);
      for (std::int64_t g = 0; g < k / size; ++g) out.metadata.set(e, m, g, nibbles[set][static_cast<std::size_t>(g)]);
    }
    for (std::int64_t n = 0; n < s.n; ++n) {
      const int set = static_cast<int>(n % kSets);
      for (std::int64_t row = 0; row < k; ++row)
        out.b.set(e, row, n, b[(set + 1) % kSets][static_cast<std::size_t>(row % width)]);
      for (std::int64_t i = 0; i < width; ++i) {
        const std::int64_t row = sparse
                                     ? i / kept * size + selected(f.a, nibbles[set][static_cast<std::size_t>(i / kept)],
                                                                  static_cast<int>(i % kept))
                                     : i;
        out.b.set(e, row, n, b[set][static_cast<std::size_t>(i)]);
      }
      for (std::int64_t m = 0; m < s.m; ++m) out.c.set(0, m, n, c[set][static_cast<std::size_t>(m) % c[set].size()]);
    }
  }
  out.problem = {.arith = arith,
                 .a_format = f.a,
                 .b_format = f.b,
                 .acc = f.acc,
                 .sparse = sparse,
                 .a = &out.a,
                 .metadata = sparse ? &out.metadata : nullptr,
                 .b = &out.b,
                 .c = rng() % 4 != 0 ? &out.c : nullptr};
}

void make_int_case(Case& out, Format fa, Format fb, Arith arith, bool sparse, bool saturate, Shape s, Rng& rng) {
  const std::int64_t k = (s.steps * products_per_step(arith, fa) - s.tail) / 4 * 4 + (sparse ? 0 : s.tail % 4);
  out.a = Tensor(s.m, sparse ? k / 2 : k, 1, s.batch, s.batch > 1);
  out.metadata = Tensor(s.m, k / 4, 1);
  out.b = Tensor(k, s.n, 1);
  out.c = Tensor(s.m, s.n, 4, s.batch, s.batch > 1);
  const bool extreme = rng() % 2 == 0;  // long runs of one sign drive sums into the clamp
  const auto value = [&](std::int64_t along_k) {
    return extreme ? (along_k / 24 % 2 == 0 ? 0x80u : 0x7Fu) : static_cast<std::uint32_t>(rng() & 0xFF);
  };
  fill(out.a, [&](std::int64_t, std::int64_t col) { return value(col); });
  fill(out.metadata, [&](std::int64_t, std::int64_t) { return static_cast<std::uint32_t>(rng() % 16); });
  fill(out.b, [&](std::int64_t r, std::int64_t) { return value(r / 3); });
  fill(out.c, [&](std::int64_t r, std::int64_t) {
    const auto bits = static_cast<std::uint32_t>(rng());
    if (r % 3 == 0) return bits;
    return (r % 3 == 1 ? 0x7FFF0000u : 0x80000000u) | (bits & 0xFFFF);
  });
  out.problem = {.arith = arith,
                 .a_format = fa,
                 .b_format = fb,
                 .acc = Acc::s32,
                 .saturate = saturate,
                 .sparse = sparse,
                 .a = &out.a,
                 .metadata = sparse ? &out.metadata : nullptr,
                 .b = &out.b,
                 .c = rng() % 4 != 0 ? &out.c : nullptr};
}

constexpr Shape kShapes[] = {{1, 1, 1},        {3, 5, 2, 1}, {7, 16, 3},     {5, 64, 2, 3}, {4, 67, 4, 1},
                             {2, 70, 1, 0, 2}, {33, 9, 3},   {35, 65, 2, 1}, {6, 12, 9, 5}};

/// Runs once with each target that is compiled in and that the processor has.
class GemmFast : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { choose(GetParam()); }
  void TearDown() override { choose(0); }

  static void choose(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

TEST_P(GemmFast, FloatMatchesReference) {
  Rng rng(0x5eed + static_cast<std::uint64_t>(GetParam()));
  std::size_t turn = 0;
  for (const Combination& f : kFloat)
    for (const int step_bytes : {8, 16, 32})
      for (int frac_bits = is_fp8(f.a) ? 24 : 18; frac_bits <= (is_fp8(f.a) ? 24 : 25); ++frac_bits)
        for (const OperandClass cls : kOperandClasses)
          for (const bool sparse : {false, true}) {
            Case c;
            make_float_case(c, f, {step_bytes, frac_bits}, sparse, kShapes[turn++ % std::size(kShapes)], cls, rng);
            ASSERT_TRUE(same_matrix(c.problem, gemm_reference(c.problem), gemm_fast(c.problem))) << fmt::format(
                "{} {} {} step {} F {} {}", name(f.a), name(f.b), name(f.acc), step_bytes, frac_bits, name(cls));
          }
}

TEST_P(GemmFast, IntMatchesReference) {
  Rng rng(0x1d5 + static_cast<std::uint64_t>(GetParam()));
  std::size_t turn = 0;
  for (const Format fa : {Format::int8, Format::uint8})
    for (const Format fb : {Format::int8, Format::uint8})
      for (const int step_bytes : {8, 16, 32})
        for (const bool sparse : {false, true})
          for (const bool saturate : {false, true})
            for (int round = 0; round < 12; ++round) {
              Case c;
              make_int_case(c, fa, fb, {step_bytes, 24}, sparse, saturate, kShapes[turn++ % std::size(kShapes)], rng);
              ASSERT_TRUE(same_matrix(c.problem, gemm_reference(c.problem), gemm_fast(c.problem))) << fmt::format(
                  "{} {} step {} sparse {} saturate {}", name(fa), name(fb), step_bytes, sparse, saturate);
            }
}

/// Sixteen products of one sign at F = 25 need 33 bits: the largest sums, and sums around every power of two.
TEST_P(GemmFast, LargestSums) {
  Rng rng(0xb16);
  for (const Format f : {Format::fp16, Format::bf16})
    for (const Acc acc : {Acc::f32, Acc::f16}) {
      if (!legal(f, f, acc)) continue;
      for (int round = 0; round < 200; ++round) {
        Case c;
        make_float_case(c, {f, f, acc}, {32, 25}, false, {4, 64, 2}, OperandClass::near_one, rng);
        const std::uint32_t full = 0x3FFF;  // 2 less one unit, in both formats
        for (std::int64_t m = 0; m < c.a.rows; ++m)
          for (std::int64_t k = 0; k < c.a.cols; ++k)
            c.a.set(0, m, k,
                    full - static_cast<std::uint32_t>(rng() % 2 << (rng() % 3)) + (rng() % 16 < 1 ? 0x8000 : 0));
        for (std::int64_t k = 0; k < c.b.rows; ++k)
          for (std::int64_t n = 0; n < c.b.cols; ++n)
            c.b.set(0, k, n, (full - static_cast<std::uint32_t>(rng() % 4)) | (n % 2 == 0 ? 0x8000u : 0u));
        ASSERT_TRUE(same_matrix(c.problem, gemm_reference(c.problem), gemm_fast(c.problem)));
      }
    }
}

/// FP16 ties at half of the last subnormal place, decided by one far smaller product: it survives or is cut off by
/// what e_max is, which the floor or a subnormal C may set.
TEST_P(GemmFast, Fp16SubnormalTies) {
  for (int frac_bits = 18; frac_bits <= 25; ++frac_bits)
    for (const int step_bytes : {8, 16, 32})
      for (const std::uint32_t c_bits : {0x0000u, 0x8000u, 0x0001u, 0x8002u, 0x0200u, 0x0400u}) {
        constexpr std::int64_t kSmall = 24;  // column n holds 2^-n in its second row, a subnormal from 15 on
        Tensor a(2, 2, 2), b(2, kSmall + 1, 2), c(2, kSmall + 1, 2);
        const auto power = [](int e) { return e < -14 ? 1u << (24 + e) : static_cast<std::uint32_t>(15 + e) << 10; };
        for (std::int64_t m = 0; m < 2; ++m) {
          a.set(0, m, 0, power(-11));
          a.set(0, m, 1, power(m == 0 ? -23 : -14));
        }
        for (std::int64_t n = 0; n <= kSmall; ++n) {
          b.set(0, 0, n, power(-14));
          b.set(0, 1, n, power(-static_cast<int>(n)));
          c.set(0, 0, n, c_bits);
          c.set(0, 1, n, c_bits);
        }
        GemmProblem p;
        p.arith = {step_bytes, frac_bits};
        p.acc = Acc::f16;
        p.a = &a;
        p.b = &b;
        p.c = &c;
        ASSERT_TRUE(same_matrix(p, gemm_reference(p), gemm_fast(p)));
      }
}

TEST_P(GemmFast, ThreadsAndBatch) {
  Rng rng(7);
  for (const bool sparse : {false, true}) {
    Case c;
    make_float_case(c, kFloat[0], {16, 24}, sparse, {70, 130, 3, 0, 3}, OperandClass::specials, rng);
    ASSERT_TRUE(same_matrix(c.problem, gemm_reference(c.problem), gemm_fast(c.problem, 3)));
    Case i;
    make_int_case(i, Format::int8, Format::uint8, {16, 24}, sparse, true, {37, 41, 5, 2, 3}, rng);
    ASSERT_TRUE(same_matrix(i.problem, gemm_reference(i.problem), gemm_fast(i.problem, 0)));
  }
}

TEST_P(GemmFast, EmptySizes) {
  Rng rng(9);
  for (const auto [m, n, k] : {std::array<std::int64_t, 3>{0, 5, 8}, {5, 0, 8}, {3, 4, 0}}) {
    Case c;
    c.a = Tensor(m, k, 2);
    c.b = Tensor(k, n, 2);
    c.c = Tensor(m, n, 4);
    for (std::int64_t i = 0; i < m * n; ++i) c.c.set(0, i / n, i % n, random_bits(Acc::f32, rng));
    c.problem.a = &c.a;
    c.problem.b = &c.b;
    c.problem.c = &c.c;
    const Tensor d = gemm_fast(c.problem);
    EXPECT_EQ(d.rows, m);
    EXPECT_EQ(d.cols, n);
    if (k == 0) {
      EXPECT_EQ(d.data, c.c.data);
    }
  }
}

std::vector<std::int64_t> targets() {
  const std::vector<int64_t> all = hwy::SupportedAndGeneratedTargets();
  return {all.begin(), all.end()};
}

INSTANTIATE_TEST_SUITE_P(Targets, GemmFast, ::testing::ValuesIn(targets()),
                         [](const auto& given) { return std::string(hwy::TargetName(given.param)); });

}  // namespace
}  // namespace spmma::test
