// SPDX-License-Identifier: Apache-2.0
#include "spmma/gemm.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "compare.h"
#include "operands.h"
#include "oracle.h"
#include "types.h"

namespace spmma::test {
namespace {

/// A problem that owns its operands.
struct Case {
  GemmProblem problem;
  Tensor a, metadata, b, c;

  Case() = default;
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;
};

/// Mostly values around one, with some of any pattern: long chains must not all end in NaN.
std::uint32_t element(Format f, Rng& rng) {
  if (is_integer(f) || rng() % 512 == 0) return random_bits(f, rng);
  const StepParams p = step_params({16, 24}, f, f, Acc::f32);
  return make_operands(OperandClass::near_one, p, 1, rng).a[0];
}

struct Shape {
  std::int64_t m, n, k, batch;
};

/// Which operands have the batch axis: bit 0 A (with metadata), bit 1 B, bit 2 C; bit 3: C is given at all.
void make_case(Case& out, Format fa, Format fb, Acc acc, Arith arith, bool sparse, Shape s, int layout, Rng& rng) {
  const auto tensor = [&](std::int64_t rows, std::int64_t cols, int bytes, bool batched) {
    return Tensor(rows, cols, bytes, batched ? s.batch : 1, batched);
  };
  out.a = tensor(s.m, sparse ? s.k / 2 : s.k, storage_bytes(fa), (layout & 1) != 0);
  out.metadata = tensor(s.m, s.k / group_size(fa), 1, (layout & 1) != 0);
  out.b = tensor(s.k, s.n, storage_bytes(fb), (layout & 2) != 0);
  out.c = tensor(s.m, s.n, storage_bytes(acc), (layout & 4) != 0);
  fill(out.a, [&](auto...) { return element(fa, rng); });
  fill(out.metadata, [&](auto...) { return static_cast<std::uint32_t>(rng() % 16); });
  fill(out.b, [&](auto...) { return element(fb, rng); });
  fill(out.c, [&](auto...) { return random_bits(acc, rng) & (acc == Acc::f16 ? 0xBFFF : 0xBFFFFFFF); });
  out.problem = {.arith = arith,
                 .a_format = fa,
                 .b_format = fb,
                 .acc = acc,
                 .saturate = (layout & 1) != 0,
                 .sparse = sparse,
                 .a = &out.a,
                 .metadata = sparse ? &out.metadata : nullptr,
                 .b = &out.b,
                 .c = (layout & 8) != 0 ? &out.c : nullptr};
}

/// D by plain loops over the oracle's step.
Tensor naive(const Case& given) {
  const GemmProblem& p = given.problem;
  const std::int64_t batch = std::max({given.a.batch, given.b.batch, p.c != nullptr ? given.c.batch : 1});
  const bool batched = given.a.batched || given.b.batched || (p.c != nullptr && given.c.batched);
  const std::int64_t length = p.arith.step_bytes / given.a.elem_bytes;
  const bool tf32 = p.a_format == Format::tf32;
  Tensor d(given.a.rows, given.b.cols, p.acc == Acc::f16 ? 2 : 4, batch, batched);
  for (std::int64_t e = 0; e < batch; ++e)
    for (std::int64_t m = 0; m < d.rows; ++m)
      for (std::int64_t n = 0; n < d.cols; ++n) {
        std::uint32_t acc = p.c != nullptr ? given.c.get(e, m, n) : 0;
        std::vector<std::uint32_t> a;
        std::vector<std::uint32_t> b;
        const auto step = [&] {
          acc = oracle_step({p.a_format, p.b_format, p.acc, p.arith.frac_bits, p.saturate}, a, b, acc).bits;
          a.clear();
          b.clear();
        };
        for (std::int64_t i = 0; i < given.a.cols; ++i) {
          std::int64_t k = i;
          if (p.sparse && tf32) {
            k = 2 * i + given.metadata.get(e, m, i) % 4 / 2;
          } else if (p.sparse) {
            const std::uint32_t nibble = given.metadata.get(e, m, i / 2);
            k = i / 2 * 4 + (i % 2 == 0 ? nibble % 4 : nibble / 4);
          }
          a.push_back(given.a.get(e, m, i));
          b.push_back(given.b.get(e, k, n));
          if (static_cast<std::int64_t>(a.size()) == length) step();
        }
        if (!a.empty()) step();
        d.set(e, m, n, acc);
      }
  return d;
}

class Gemm : public ::testing::TestWithParam<Types> {};

TEST_P(Gemm, OddSizesAgreeWithNaiveLoops) {
  const Types t = GetParam();
  constexpr Shape kShapes[] = {{1, 1, 1, 1}, {3, 5, 7, 2}, {7, 2, 33, 1}, {2, 3, 0, 2}, {5, 4, 40, 3}, {1, 9, 68, 1}};
  Rng rng(6);
  for (const Arith arith : {Arith{8, 18}, Arith{16, 24}, Arith{32, 25}})
    for (const bool sparse : {false, true})
      for (Shape s : kShapes)
        for (int layout = 0; layout < 16; layout += s.batch > 1 ? 1 : 8) {
          if (sparse) s.k = (s.k + 3) / 4 * 4;
          Case given;
          make_case(given, t.a, t.b, t.acc, arith, sparse, s, layout, rng);
          const Tensor expected = naive(given);
          for (const unsigned threads : {1u, 2u})
            ASSERT_TRUE(same_matrix(given.problem, expected, gemm_reference(given.problem, threads)))
                << fmt::format("\n{} x {} x {}, batch {}, sparse {}, layout {}, step bytes {}, threads {}", s.m, s.n,
                               s.k, s.batch, sparse, layout, arith.step_bytes, threads);
        }
}

TEST_P(Gemm, TraceFollowsTheChain) {
  const Types t = GetParam();
  Rng rng(8);
  Case given;
  make_case(given, t.a, t.b, t.acc, {16, 24}, true, {3, 2, 92, 2}, 0xF, rng);
  const GemmProblem& p = given.problem;
  const Tensor d = gemm_reference(p, 0);
  for (std::int64_t e = 0; e < 2; ++e)
    for (std::int64_t m = 0; m < 3; ++m)
      for (std::int64_t n = 0; n < 2; ++n) {
        const std::vector<StepTrace> trace = gemm_trace(p, e, m, n);
        const std::int64_t length = products_per_step(p.arith, t.a);
        ASSERT_EQ(static_cast<std::int64_t>(trace.size()), (46 + length - 1) / length);
        EXPECT_EQ(trace.back().products.size(), static_cast<std::size_t>((46 - 1) % length + 1));
        EXPECT_TRUE(same_bits(p.acc, d.get(e, m, n), trace.back().result, show_element(p, e, m, n)));
      }
}

INSTANTIATE_TEST_SUITE_P(Legal, Gemm, ::testing::ValuesIn(legal_types()), type_name);

/// No step is taken, so C passes bit for bit: NaN payloads, -0 and low bits that a step would change.
TEST(GemmEdges, NoKPassesCThrough) {
  Tensor a(2, 0, 1);
  Tensor b(0, 2, 1);
  Tensor c(2, 2, 4);
  const std::uint32_t bits[] = {0xFFC12345, 0x80000000, 0x3F800001, 0x7F800001};
  for (int i = 0; i < 4; ++i) c.set(0, i / 2, i % 2, bits[i]);
  GemmProblem p;
  p.a_format = p.b_format = Format::e4m3;
  p.a = &a;
  p.b = &b;
  p.c = &c;
  EXPECT_EQ(gemm_steps(p), 0);
  EXPECT_TRUE(gemm_trace(p, 0, 0, 0).empty());
  EXPECT_TRUE(same_matrix(p, c, gemm_reference(p)));
  p.c = nullptr;
  EXPECT_TRUE(same_matrix(p, Tensor(2, 2, 4), gemm_reference(p, 3)));
}

TEST(GemmEdges, EmptyResults) {
  const auto empty = [](std::int64_t m, std::int64_t n, std::int64_t batch) {
    Tensor a(m, 5, 2, batch, batch != 1);
    Tensor b(5, n, 2);
    GemmProblem p;
    p.a = &a;
    p.b = &b;
    const Tensor d = gemm_reference(p, 2);
    EXPECT_EQ(std::tuple(d.batch, d.rows, d.cols, d.batched), std::tuple(batch, m, n, batch != 1));
    EXPECT_TRUE(d.data.empty());
  };
  empty(0, 3, 1);
  empty(3, 0, 1);
  empty(2, 3, 0);
}

}  // namespace
}  // namespace spmma::test
