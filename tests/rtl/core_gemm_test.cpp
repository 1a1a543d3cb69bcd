// SPDX-License-Identifier: Apache-2.0
// Whole GEMMs of any shape on the RTL against gemm_fast(), cycles against the cycle model.
#include "harness/core_gemm.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "golden/compare.h"
#include "presets.h"
#include "spmma/gemm.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {

struct Shape {
  std::int64_t batch, m, n, k;
};

/// Random operands of a GEMM; K is stretched to whole groups for a sparse A.
class RandomGemm {
 public:
  RandomGemm(const CoreParams& p, const CoreMode& mode, Shape shape, bool with_c, MetadataRule rule, std::uint64_t seed)
      : random_(seed) {
    const int group = group_size(mode.a);
    if (mode.sparse) shape.k = (shape.k + group - 1) / group * group;
    const bool batched = shape.batch > 1;
    const std::int64_t stored_k = mode.sparse ? shape.k / 2 : shape.k;
    a_ = Tensor(shape.m, stored_k, storage_bytes(mode.a), shape.batch, batched);
    b_ = Tensor(shape.k, shape.n, storage_bytes(mode.b), 1, false);  // serves every entry
    c_ = Tensor(shape.m, shape.n, storage_bytes(mode.acc), shape.batch, batched);
    meta_ = Tensor(shape.m, mode.sparse ? shape.k / group : 0, 1, shape.batch, batched);
    fill(a_, mode.a);
    fill(b_, mode.b);
    fill(c_, mode.acc == Acc::f16 ? Format::fp16 : mode.acc == Acc::f32 ? Format::tf32 : Format::int8);
    for (std::byte& nibble : meta_.data) {
      do nibble = static_cast<std::byte>(random_() & 0xF);
      while (!nibble_legal(mode.a, rule, std::to_integer<std::uint8_t>(nibble)));
    }
    problem_ = {.arith = p.arith(),
                .a_format = mode.a,
                .b_format = mode.b,
                .acc = mode.acc,
                .saturate = mode.saturate,
                .sparse = mode.sparse,
                .a = &a_,
                .metadata = mode.sparse ? &meta_ : nullptr,
                .b = &b_,
                .c = with_c ? &c_ : nullptr};
  }
  RandomGemm(const RandomGemm&) = delete;

  const GemmProblem& problem() const { return problem_; }
  Tensor& metadata() { return meta_; }

 private:
  /// Mostly values near 1, now and then any bits.
  void fill(Tensor& t, Format f) {
    static constexpr std::uint32_t kKeep[] = {0xFF, 0xFF, 0x87FF, 0x80FF, 0x80FFFFFF, 0x8F, 0x87};
    static constexpr std::uint32_t kSet[] = {0, 0, 0x3800, 0x3F00, 0x3F000000, 0x30, 0x38};
    const auto i = static_cast<std::size_t>(f);
    for (std::int64_t e = 0; e < t.size(); ++e) {
      auto bits = static_cast<std::uint32_t>(random_());
      if (bits % 97 != 0 && t.elem_bytes == storage_bytes(f)) bits = (bits & kKeep[i]) | kSet[i];
      t.set(0, 0, e, bits);
    }
  }

  std::mt19937_64 random_;
  Tensor a_, b_, c_, meta_;
  GemmProblem problem_;
};

class CoreGemm : public EveryPreset {};
SPMMA_EVERY_PRESET(CoreGemm);

TEST_P(CoreGemm, EveryModeOnOddShapes) {
  const CoreParams& p = params();
  const std::vector<Shape> shapes = {{1, 1, 1, 1},  {1, 9, 5, 37},  {3, 17, 7, 66},
                                     {1, 8, 4, 64}, {2, 40, 33, 5}, {1, 3, 50, 129}};
  std::uint64_t seed = 0;
  for (const CoreMode& mode : core_modes(p)) {
    for (const Shape& shape : shapes) {
      ++seed;
      const MetadataRule rule = seed % 3 == 0 ? MetadataRule::any : MetadataRule::ordered;
      const RandomGemm gemm(p, mode, shape, seed % 2 == 0, rule, seed);
      SCOPED_TRACE(fmt::format("{} batch {} {}x{}x{}", mode.name(), shape.batch, shape.m, shape.n, shape.k));
      const CoreRunResult result = run_core_gemm(gemm.problem(), {.preset = GetParam(), .rule = rule});
      ASSERT_TRUE(test::same_matrix(gemm.problem(), gemm_fast(gemm.problem()), result.d));
      EXPECT_EQ(result.cycles, result.cycles_model);
      EXPECT_EQ(result.metadata_errors, 0);
      EXPECT_EQ(result.stall_input + result.stall_output, 0);
      EXPECT_EQ(result.bytes_written, result.d.size() * result.d.elem_bytes);
    }
  }
}

TEST_P(CoreGemm, StallsChangeCyclesOnly) {
  const CoreParams& p = params();
  std::uint64_t seed = 0;
  for (const CoreMode& mode : core_modes(p)) {
    const RandomGemm gemm(p, mode, {2, 19, 11, 70}, true, MetadataRule::ordered, ++seed);
    SCOPED_TRACE(mode.name());
    const CoreRunResult result = run_core_gemm(gemm.problem(), {.preset = GetParam(), .stall = 0.4, .seed = seed});
    ASSERT_TRUE(test::same_matrix(gemm.problem(), gemm_fast(gemm.problem()), result.d));
    EXPECT_GT(result.cycles, result.cycles_model);
    EXPECT_GT(result.stall_input, 0);
    EXPECT_GT(result.stall_output, 0);
    const CoreRunResult again = run_core_gemm(gemm.problem(), {.preset = GetParam(), .stall = 0.4, .seed = seed});
    EXPECT_EQ(again.cycles, result.cycles) << "stalls are seeded";
  }
}

TEST_P(CoreGemm, EmptySizes) {
  const CoreParams& p = params();
  const CoreMode mode = core_modes(p).front();
  for (const Shape& shape : {Shape{1, 5, 6, 0}, Shape{2, 0, 6, 8}, Shape{1, 5, 0, 8}}) {
    for (const bool with_c : {false, true}) {
      const RandomGemm gemm(p, mode, shape, with_c, MetadataRule::ordered, 1);
      const CoreRunResult result = run_core_gemm(gemm.problem(), {.preset = GetParam()});
      ASSERT_TRUE(test::same_matrix(gemm.problem(), gemm_reference(gemm.problem()), result.d));
      EXPECT_EQ(result.cycles, 0);
      EXPECT_EQ(result.steps, 0);
    }
  }
}

TEST_P(CoreGemm, ReportsTheFirstIllegalNibble) {
  const CoreParams& p = params();
  if (!p.sparse) return;
  for (const CoreMode& mode : core_modes(p)) {
    if (!mode.sparse) continue;
    SCOPED_TRACE(mode.name());
    RandomGemm gemm(p, mode, {2, 13, 3, 200}, false, MetadataRule::ordered, 9);
    const GroupPosition bad{1, 11, 23};
    gemm.metadata().set(bad.batch, bad.row, bad.group, mode.a == Format::tf32 ? 0x9 : 0x3);
    const CoreRunResult result = run_core_gemm(gemm.problem(), {.preset = GetParam()});
    ASSERT_TRUE(test::same_matrix(gemm.problem(), gemm_fast(gemm.problem()), result.d));
    EXPECT_EQ(result.metadata_errors, (3 + p.cols - 1) / p.cols) << "one for each tile of that row";
    ASSERT_TRUE(result.first_metadata_error.has_value());
    EXPECT_EQ(result.first_metadata_error->batch, bad.batch);
    EXPECT_EQ(result.first_metadata_error->row, bad.row);
    EXPECT_EQ(result.first_metadata_error->group, bad.group);
  }
}

TEST_P(CoreGemm, ChainOfOneElement) {
  const CoreParams& p = params();
  for (const CoreMode& mode : core_modes(p)) {
    SCOPED_TRACE(mode.name());
    const RandomGemm gemm(p, mode, {2, 10, 7, 700}, true, MetadataRule::ordered, 4);
    const auto values = core_chain(gemm.problem(), {.preset = GetParam()}, 1, 9, 6);
    const auto trace = gemm_trace(gemm.problem(), 1, 9, 6);
    ASSERT_EQ(values.size(), trace.size());
    for (std::size_t i = 0; i < trace.size(); ++i) ASSERT_EQ(values[i], trace[i].result) << "step " << i;
  }
}

}  // namespace
}  // namespace spmma::verif
