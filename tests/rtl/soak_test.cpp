// SPDX-License-Identifier: Apache-2.0
// A million dot products of every format of every preset (spmma_soak runs more).
#include "soak.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "presets.h"

namespace spmma::verif {
namespace {

using Case = std::tuple<std::string, Format>;

class CoreSoak : public testing::TestWithParam<Case> {};

TEST_P(CoreSoak, MillionDotProducts) {
  const auto& [preset, format] = GetParam();
  const SoakResult result = run_soak({.preset = preset, .format = format, .count = 1'000'000, .seed = 2024});
  EXPECT_GE(result.dot_products, 1'000'000);
  EXPECT_EQ(result.differences, 0) << result.first_difference;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::string& preset : core_model_presets()) {
    for (const Format f : kFormats) {
      if (find_preset(preset)->core.has(f)) all.emplace_back(preset, f);
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Formats, CoreSoak, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& instance) {
                           return fmt::format("{}_{}", std::get<0>(instance.param), name(std::get<1>(instance.param)));
                         });

}  // namespace
}  // namespace spmma::verif
