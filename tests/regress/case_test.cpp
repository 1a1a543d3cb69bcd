// SPDX-License-Identifier: Apache-2.0
// Cases on cores that are wrong: found, told apart, and shrunk to what is needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_case.h"
#include "engine_case.h"
#include "rtl/faulty_core.h"
#include "spmma/preset.h"

namespace spmma::verif {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string smallest_preset() { return core_model_presets().back(); }

CorePlan plan_with(FaultyCore::Fault fault) {
  const std::string preset = smallest_preset();
  CorePlan plan{.test = "test", .preset = preset, .seed = 3};
  plan.stimulus.modes = core_modes(find_preset(preset)->core);
  plan.input = {StallKind::random, 0.2};
  plan.output = {StallKind::bursts, 0};
  plan.beats = 600;
  if (fault) plan.model = [=](bool, std::uint64_t) { return std::make_unique<FaultyCore>(preset, fault); };
  return plan;
}

TEST(CoreCases, ARightCorePasses) {
  const CoreCase good(plan_with({}));
  const CaseResult result = good.run({});
  EXPECT_FALSE(result.failure) << result.failure->message;
  EXPECT_GT(result.dot_products, 0);
  EXPECT_EQ(result.cycles, good.run({}).cycles) << "every run does the same";
}

TEST(CoreCases, AWrongBitShrinksToOneBeat) {
  // Every result has the lowest bit of element 0 turned.
  const CoreCase bad(plan_with([](std::int64_t, FaultyCore::Outputs& out) { out.d[0] ^= std::byte{1}; }));
  const CaseResult first = bad.run({});
  ASSERT_TRUE(first.failure);
  EXPECT_THAT(first.failure->group, StartsWith("core: D, "));
  EXPECT_GT(first.failure->cycle, 0);
  const auto smallest = bad.shrink(2000);
  EXPECT_THAT(smallest->describe(), HasSubstr("1 beat, stalls: input none, output none"));
  EXPECT_THAT(smallest->describe(), Not(HasSubstr("A[")));
  ASSERT_TRUE(smallest->run({}).failure);
}

TEST(CoreCases, AValueThatMattersStays) {
  // Wrong only where C's element 0 passes through unharmed as this value: the operands must stay.
  const CoreCase bad(plan_with([](std::int64_t, FaultyCore::Outputs& out) {
    if (out.d[3] != std::byte{0}) out.d[3] ^= std::byte{0x80};
  }));
  const auto smallest = bad.shrink(2000);
  ASSERT_TRUE(smallest->run({}).failure);
  EXPECT_THAT(smallest->describe(), HasSubstr("1 beat,"));
  EXPECT_THAT(smallest->describe(), HasSubstr(" = 0x"));
}

TEST(CoreCases, HandshakesAndFlagsHaveTheirGroups) {
  const CoreCase deaf(
      plan_with([](std::int64_t cycle, FaultyCore::Outputs& out) { out.in_ready = out.in_ready && cycle < 300; }));
  EXPECT_THAT(deaf.run({}).failure->group, StartsWith("core: handshake"));
  const CoreCase lying(plan_with([](std::int64_t, FaultyCore::Outputs& out) { out.flags.err = !out.flags.err; }));
  EXPECT_THAT(lying.run({}).failure->group, StartsWith("core: flags"));
}

TEST(CoreCases, ResetsInMidStream) {
  CorePlan plan = plan_with({});
  plan.reset_every = 37;
  const CaseResult result = CoreCase(plan).run({});
  EXPECT_FALSE(result.failure) << result.failure->message;
}

TEST(CoreCases, AListIsMadeWhole) {
  const CoreParams& p = find_preset(smallest_preset())->core;
  auto middle = std::make_shared<CoreBeat>(p);
  middle->control.first = middle->control.last = false;
  const CoreCase c({.test = "test", .preset = smallest_preset()}, CoreCase::Beats(3, middle));
  const CoreCase::Beats beats = c.beats(10);
  ASSERT_EQ(beats.size(), 3U);
  EXPECT_TRUE(beats[0]->control.first);
  EXPECT_FALSE(beats[1]->control.first || beats[1]->control.last);
  EXPECT_TRUE(beats[2]->control.last);
  EXPECT_FALSE(c.run({}).failure);
}

TEST(EngineCases, EveryTestOfTheSmallestPresetPasses) {
  int tests = 0;
  for (const RegressTest& test : regress_tests()) {
    if (!test.name.starts_with("engine." + smallest_preset() + ".")) continue;
    const auto c = test.make(7);
    const CaseResult result = c->run({});
    EXPECT_FALSE(result.failure) << test.name << ": " << result.failure->message;
    EXPECT_EQ(result.cycles, c->run({}).cycles) << test.name;
    ++tests;
  }
  EXPECT_GT(tests, 15);
}

}  // namespace
}  // namespace spmma::verif
