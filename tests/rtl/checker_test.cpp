// SPDX-License-Identifier: Apache-2.0
// The checker finds what is wrong and says it.
#include "core_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "faulty_core.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {

using testing::HasSubstr;

CheckerReport check(FaultyCore::Fault fault, bool faulty_replay = false) {
  const std::string preset = core_model_presets().back();
  FaultyCore core(preset, fault);
  CheckerOptions options{.test = "checker_test", .seed = 3, .output = {StallKind::random, 0.3}};
  if (faulty_replay) options.replay = [&] { return std::make_unique<FaultyCore>(preset, fault); };
  CoreStimulus stimulus(core.params(), {.modes = core_modes(core.params(), Format::fp16), .max_chain = 5}, 3);
  CoreChecker checker(core, options);
  std::int64_t left = 400;
  checker.send([&](CoreBeat& beat) {
    stimulus.next(beat);
    return left-- > 0;
  });
  checker.drain();
  return checker.report();
}

TEST(CoreChecker, FindsNothingInATrueCore) {
  const CheckerReport report = check([](std::int64_t, FaultyCore::Outputs&) {});
  EXPECT_EQ(report.differences, 0) << report.first_difference;
  EXPECT_GT(report.dot_products, 0);
}

TEST(CoreChecker, FindsOneWrongBit) {
  const CheckerReport report = check([](std::int64_t cycle, FaultyCore::Outputs& out) {
    if (cycle >= 200 && cycle < 240) out.d.back() ^= std::byte{0x80};
  });
  EXPECT_GT(report.differences, 0);
  EXPECT_THAT(report.first_difference, HasSubstr("checker_test"));
  EXPECT_THAT(report.first_difference, HasSubstr("seed 3"));
  EXPECT_THAT(report.first_difference, HasSubstr("sign"));
  EXPECT_THAT(report.first_difference, HasSubstr("run alone, the chain gives the expected bits"));
}

TEST(CoreChecker, NamesTheStepWhereTheChainsPart) {
  const CheckerReport report =
      check([](std::int64_t, FaultyCore::Outputs& out) { out.d.front() ^= std::byte{1}; }, true);
  EXPECT_GT(report.differences, 0);
  EXPECT_THAT(report.first_difference, HasSubstr("D[row 0, column 0]"));
  EXPECT_THAT(report.first_difference, HasSubstr("they part at step 0"));
  EXPECT_THAT(report.first_difference, HasSubstr("A[0]"));
  EXPECT_THAT(report.first_difference, HasSubstr("e_max"));
}

TEST(CoreChecker, FindsAnUnstablePayload) {
  const CheckerReport report = check([](std::int64_t cycle, FaultyCore::Outputs& out) {
    if (cycle % 2 == 0) out.d.front() ^= std::byte{1};
  });
  EXPECT_GT(report.differences, 0);
}

TEST(CoreChecker, FindsWrongFlags) {
  const CheckerReport report = check([](std::int64_t, FaultyCore::Outputs& out) { out.flags.err = true; });
  EXPECT_GT(report.differences, 0);
  EXPECT_THAT(report.first_difference, HasSubstr("flags"));
}

/// A bubble that no handshake rule forbids, but the cycle model does.
TEST(CoreChecker, FindsABubble) {
  const CheckerReport report = check([](std::int64_t cycle, FaultyCore::Outputs& out) {
    if (cycle == 150) out.in_ready = !out.in_ready;
  });
  EXPECT_GT(report.differences, 0);
  EXPECT_THAT(report.first_difference, HasSubstr("handshake in cycle"));
}

TEST(CoreChecker, GivesUpOnAStuckCore) {
  EXPECT_THROW(check([](std::int64_t, FaultyCore::Outputs& out) { out.in_ready = false; }), std::runtime_error);
  EXPECT_THROW(check([](std::int64_t, FaultyCore::Outputs& out) { out.out_valid = false; }), std::runtime_error);
}

}  // namespace
}  // namespace spmma::verif
