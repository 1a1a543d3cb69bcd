// SPDX-License-Identifier: Apache-2.0
// Single dot products with the inside of every fused step: e_max, S and the rounded result.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compare.h"
#include "vectors.h"

namespace spmma::test {
namespace {

std::uint32_t hex(const nlohmann::json& j) {
  return static_cast<std::uint32_t>(std::stoul(j.get<std::string>(), nullptr, 16));
}

std::vector<VectorSet> sampled_sets() {
  std::vector<VectorSet> sets = vector_sets();
  std::erase_if(sets, [](const VectorSet& s) { return is_integer(s.a); });  // integers have no e_max
  return sets;
}

class Samples : public ::testing::TestWithParam<VectorSet> {};

TEST_P(Samples, EveryStepHasTheSameInside) {
  const VectorSet& set = GetParam();
  const Arith arith = set.ariths.front();
  const StepParams params = step_params(arith, set.a, set.b, set.acc);
  const auto length = static_cast<std::size_t>(products_per_step(arith, set.a));
  const nlohmann::json samples = read_json("samples/" + set.name + ".json");
  int compared = 0;
  for (const auto& sample : samples) {
    std::uint32_t acc = hex(sample.at("c"));
    std::size_t first = 0;
    for (const auto& step : sample.at("steps")) {
      std::vector<std::uint32_t> a;
      std::vector<std::uint32_t> b;
      for (; a.size() < length && first < sample.at("a").size(); ++first) {
        a.push_back(hex(sample.at("a").at(first)));
        b.push_back(hex(sample.at("b").at(first)));
      }
      const std::string where = show_step(params, a, b, acc);
      StepTrace trace;
      acc = fused_step(params, a, b, acc, &trace);
      ASSERT_TRUE(same_bits(set.acc, hex(step.at("out")), acc, where));
      ASSERT_EQ(trace.special, step.at("S").is_null()) << where;
      if (trace.special) continue;
      ASSERT_EQ(trace.sum, std::stoll(step.at("S").get<std::string>())) << where;
      ASSERT_EQ(trace.e_max, step.at("emax").get<int>()) << where;
      ++compared;
    }
    ASSERT_EQ(first, sample.at("a").size());
    ASSERT_EQ(acc, hex(sample.at("d")));
  }
  EXPECT_GT(compared, 20);
}

INSTANTIATE_TEST_SUITE_P(Independent, Samples, ::testing::ValuesIn(sampled_sets()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace spmma::test
