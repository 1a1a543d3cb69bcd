// SPDX-License-Identifier: Apache-2.0
// Whole GEMMs of any shape on the RTL against gemm_fast(), cycles against the cycle model.
#include "harness/core_gemm.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <vector>

#include "faulty_core.h"
#include "golden/compare.h"
#include "harness/hardware_failure.h"
#include "presets.h"
#include "random_gemm.h"
#include "spmma/gemm.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {
class CoreGemm : public EveryPreset {};
SPMMA_EVERY_PRESET(CoreGemm);

TEST_P(CoreGemm, EveryModeOnOddShapes) {
  const CoreParams& p = params();
  const std::vector<GemmShape> shapes = {{1, 1, 1, 1},  {1, 9, 5, 37},  {3, 17, 7, 66},
                                         {1, 8, 4, 64}, {2, 40, 33, 5}, {1, 3, 50, 129}};
  std::uint64_t seed = 0;
  for (const CoreMode& mode : core_modes(p)) {
    for (const GemmShape& shape : shapes) {
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

TEST_P(CoreGemm, ACoreThatStopsSaysWhen) {
  constexpr std::int64_t kStops = 40;
  const RandomGemm gemm(params(), core_modes(params()).front(), {1, 40, 40, 400}, false, MetadataRule::ordered, 1);
  const auto model = [] {
    return std::make_unique<FaultyCore>(GetParam(), [](std::int64_t cycle, FaultyCore::Outputs& out) {
      if (cycle >= kStops) out.in_ready = out.out_valid = false;
    });
  };
  try {
    run_core_gemm(gemm.problem(), {.preset = GetParam(), .model = model});
    ADD_FAILURE() << "ends";
  } catch (const HardwareFailure& e) {
    EXPECT_STREQ(e.what(), "spmma_core stopped answering");
    EXPECT_EQ(e.cycle(), kStops - 1) << "the last one in which something moved";
  }
}

TEST_P(CoreGemm, EmptySizes) {
  const CoreParams& p = params();
  const CoreMode mode = core_modes(p).front();
  for (const GemmShape& shape : {GemmShape{1, 5, 6, 0}, GemmShape{2, 0, 6, 8}, GemmShape{1, 5, 0, 8}}) {
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
