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
              {"workload", {{"name", "digits"}}},
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

/// What the records' members say after it.
std::vector<Record> costs(std::vector<Record> records) {
  add_sparsity_costs(records);
  std::vector<Record> all;
  for (const Record& r : records) {
    if (r.contains("sparsity")) all.push_back(r.at("sparsity"));
  }
  return all;
}

TEST(SparsityCostTest, OfAPair) {
  std::vector<Record> records = {record(2, 1, 1064, 103, 198), record(2, 0, 1000, 100, 200)};
  add_sparsity_costs(records);
  EXPECT_FALSE(records[1].contains("sparsity"));
  const Record& cost = records[0].at("sparsity");
  EXPECT_DOUBLE_EQ(cost.at("gate_equivalents_percent"), 6.4);
  EXPECT_DOUBLE_EQ(cost.at("gates_per_multiplier"), 1) << "64 gates, 2 x 4 x 8 multipliers";
  EXPECT_DOUBLE_EQ(cost.at("area_percent"), 3);
  EXPECT_DOUBLE_EQ(cost.at("fmax_percent"), -1);
  EXPECT_DOUBLE_EQ(cost.at("area_percent_by_block").at("spmma_meta"), 7);
  EXPECT_THAT(sparsity_text(records), HasSubstr("area +3.00 %, fmax -1.00 %"));
  EXPECT_THAT(csv(records), HasSubstr(",3.0,-1.0,6.4,1.0,"));
}

TEST(SparsityCostTest, OnlyWhereBothBuildsExist) {
  EXPECT_TRUE(costs({record(2, 1, 1064, 103, 198), record(4, 0, 1000, 100, 200)}).empty());
  Record failed = record(2, 0, 1000, 100, 200);
  failed["status"] = "failed";
  Record stale = record(2, 1, 1064, 103, 198);
  stale["sparsity"]["area_percent"] = 3;
  EXPECT_TRUE(costs({stale, failed}).empty());
}

TEST(SparsityCostTest, OnlyOfTheSameToolsAndRtl) {
  Record with = record(2, 1, 1064, 103, 198), without = record(2, 0, 1000, 100, 200);
  with["tools"] = {{"rtl_hash", "a"}, {"git_revision", "later"}};
  without["tools"] = {{"rtl_hash", "a"}, {"git_revision", "earlier"}};
  EXPECT_EQ(costs({with, without}).size(), 1U);
  without["tools"]["rtl_hash"] = "b";
  EXPECT_TRUE(costs({with, without}).empty());
}

TEST(SparsityCostTest, OfEveryWorkloadAndSaidOnce) {
  std::vector<Record> records = {record(2, 1, 1064, 103, 198), record(2, 1, 1064, 103, 198),
                                 record(2, 0, 1000, 100, 200)};
  records[1]["workload"]["name"] = "another";
  EXPECT_EQ(costs(records).size(), 2U);
  add_sparsity_costs(records);
  const std::string text = sparsity_text(records);
  EXPECT_EQ(text.find("2:4 support costs"), text.rfind("2:4 support costs"));
}

TEST(SparsityCostTest, WithoutALibrary) {
  const auto all = costs({record(2, 0, 1000, 0, 0), record(2, 1, 1100, 0, 0)});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].contains("area_percent"));
  EXPECT_DOUBLE_EQ(all[0].at("gate_equivalents_percent"), 10);
}

}  // namespace
}  // namespace spmma::sweep
