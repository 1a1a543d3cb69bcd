// SPDX-License-Identifier: Apache-2.0
// The cost of 2:4 support from pairs of records.
#include "sweep/sparsity_cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spmma::sweep {
namespace {

using ::testing::HasSubstr;

Record record(int rows, int sparse, double gates, double area, double fmax) {
  Record r = {{"status", "ok"},
              {"unit", "core"},
              {"clock_targets", Record::array()},
              {"parameters", {{"Rows", rows}, {"Cols", 4}, {"StepBytes", 8}, {"Sparse", sparse}}},
              {"synthesis", {{"gate_equivalents", gates}}}};
  if (area > 0) {
    r["synthesis"]["area"] = area;
    r["synthesis"]["area_by_block"] = {{"spmma_quad", 0.9 * area}, {"spmma_row", 0.1 * area}};
    if (sparse == 1) r["synthesis"]["area_by_block"]["spmma_meta"] = 7;
    r["timing"]["fmax_mhz"] = fmax;
  }
  return r;
}

TEST(SparsityCostTest, OfAPair) {
  const auto costs = sparsity_costs({record(2, 1, 1064, 103, 198), record(2, 0, 1000, 100, 200)});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_DOUBLE_EQ(costs[0].gate_equivalents_percent, 6.4);
  EXPECT_DOUBLE_EQ(costs[0].gates_per_multiplier, 1) << "64 gates, 2 x 4 x 8 multipliers";
  EXPECT_DOUBLE_EQ(costs[0].area_percent.value(), 3);
  EXPECT_DOUBLE_EQ(costs[0].fmax_percent.value(), -1);
  EXPECT_DOUBLE_EQ(costs[0].blocks.at("spmma_meta"), 7);
  EXPECT_THAT(text_of(costs[0]), HasSubstr("area +3.00 %, fmax -1.00 %"));
}

TEST(SparsityCostTest, OnlyWhereBothBuildsExist) {
  EXPECT_TRUE(sparsity_costs({record(2, 1, 1064, 103, 198), record(4, 0, 1000, 100, 200)}).empty());
  Record failed = record(2, 0, 1000, 100, 200);
  failed["status"] = "failed";
  EXPECT_TRUE(sparsity_costs({record(2, 1, 1064, 103, 198), failed}).empty());
}

TEST(SparsityCostTest, WithoutALibrary) {
  const auto costs = sparsity_costs({record(2, 0, 1000, 0, 0), record(2, 1, 1100, 0, 0)});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_FALSE(costs[0].area_percent.has_value());
  EXPECT_DOUBLE_EQ(costs[0].gate_equivalents_percent, 10);
}

}  // namespace
}  // namespace spmma::sweep
