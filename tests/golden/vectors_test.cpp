// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compare.h"

namespace spmma::test {
namespace {

/// Flags of an expected element (tests/data/vectors/README.md).
constexpr std::uint32_t kFp16Floor = 1;
constexpr std::uint32_t kNegativeZero = 2;
constexpr std::uint32_t kHalfSaturation = 4;
constexpr std::uint32_t kOpen = kFp16Floor | kNegativeZero | kHalfSaturation;

class Vectors : public ::testing::TestWithParam<VectorSet> {};

TEST_P(Vectors, NoUnflaggedDifference) {
  const VectorSet& set = GetParam();
  const Tensor a = read_vectors(set.name, 'A');
  const Tensor b = read_vectors(set.name, 'B');
  const Tensor c = read_vectors(set.name, 'C');
  const Tensor d = read_vectors(set.name, 'D');
  const Tensor flags = read_vectors(set.name, 'U');
  const Tensor metadata = set.sparse ? read_vectors(set.name, 'E') : Tensor();
  for (const Arith& arith : set.ariths) {
    const GemmProblem p{.arith = arith,
                        .a_format = set.a,
                        .b_format = set.b,
                        .acc = set.acc,
                        .saturate = set.saturate,
                        .sparse = set.sparse,
                        .a = &a,
                        .metadata = set.sparse ? &metadata : nullptr,
                        .b = &b,
                        .c = &c};
    const Tensor actual = gemm_reference(p);
    std::int64_t open = 0;
    std::int64_t differing = 0;
    for (std::int64_t e = 0; e < d.batch; ++e)
      for (std::int64_t m = 0; m < d.rows; ++m)
        for (std::int64_t n = 0; n < d.cols; ++n) {
          const bool same = d.get(e, m, n) == actual.get(e, m, n);
          if ((flags.get(e, m, n) & kOpen) == 0) {
            ASSERT_TRUE(same_bits(p.acc, d.get(e, m, n), actual.get(e, m, n), same ? "" : show_element(p, e, m, n)));
          } else {
            ++open;
            differing += !same;
          }
        }
    fmt::print("{} at {} bytes a step: {} elements, {} on open questions, of which {} differ\n", set.name,
               arith.step_bytes, d.size(), open, differing);
  }
}

INSTANTIATE_TEST_SUITE_P(Independent, Vectors, ::testing::ValuesIn(vector_sets()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace spmma::test
