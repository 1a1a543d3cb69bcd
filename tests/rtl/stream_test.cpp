// SPDX-License-Identifier: Apache-2.0
// Streams of designed beats: every bit of every result and both handshakes of every cycle.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core_checker.h"
#include "presets.h"
#include "spmma/core_timing.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {

const StallPattern kOpen{StallKind::none, 0};

std::string test_name() {
  const testing::TestInfo* info = testing::UnitTest::GetInstance()->current_test_info();
  return fmt::format("{}.{}", info->test_suite_name(), info->name());
}

/// `beats` beats of a stimulus, as a source that ends.
BeatSource limited(CoreStimulus& stimulus, std::int64_t beats) {
  return [&stimulus, left = beats](CoreBeat& beat) mutable {
    if (left-- <= 0) return false;
    stimulus.next(beat);
    return true;
  };
}

class CoreStream : public EveryPreset {
 protected:
  /// Sends the beats, takes out every result and fails on any difference.
  CheckerReport stream(const StimulusOptions& options, std::int64_t beats, StallPattern input = kOpen,
                       StallPattern output = kOpen, std::uint64_t seed = 1) {
    const auto model = make_core_model(GetParam(), false, seed);
    CoreStimulus stimulus(params(), options, seed);
    CoreChecker checker(*model, {.test = test_name(), .seed = seed, .input = input, .output = output});
    checker.send(limited(stimulus, beats));
    checker.drain();
    EXPECT_EQ(checker.report().differences, 0) << checker.report().first_difference;
    EXPECT_EQ(checker.report().beats, beats);
    EXPECT_GT(checker.report().results, 0);
    EXPECT_EQ(model->assertion_failures(), 0);
    return checker.report();
  }
};

SPMMA_EVERY_PRESET(CoreStream);

/// One mode after another, back to back: a beat in every cycle where the slots suffice to cover the latency.
TEST_P(CoreStream, EachModeAtFullRate) {
  const bool covered = params().acc_slots >= core_latency(params()).chain;
  for (const CoreMode& mode : core_modes(params())) {
    SCOPED_TRACE(mode.name());
    const CheckerReport report = stream({.modes = {mode}}, 3000);
    EXPECT_EQ(report.refused == 0, covered);
  }
}

TEST_P(CoreStream, ModesChangeFromBeatToBeat) {
  const CheckerReport report = stream({.modes = core_modes(params()), .max_chain = 8}, 12000);
  EXPECT_EQ(report.refused == 0, params().acc_slots >= core_latency(params()).chain);
}

/// A result in every cycle. The output queue covers its own latency or holds the input back, as the cycle model says.
TEST_P(CoreStream, ChainsOfOneStep) { stream({.modes = core_modes(params()), .max_chain = 1}, 4000); }

TEST_P(CoreStream, LongChains) { stream({.modes = core_modes(params()), .min_chain = 60, .max_chain = 200}, 12000); }

TEST_P(CoreStream, EveryLength) { stream({.modes = core_modes(params()), .partial = 1.0}, 8000); }

/// A chain alone: each step waits for the one before.
TEST_P(CoreStream, OneSlotWaitsForItsStep) {
  const std::int64_t beats = 1500;
  const CheckerReport report = stream({.modes = core_modes(params()), .slots = 1}, beats);
  const int chain = core_latency(params()).chain;
  EXPECT_EQ(report.refused, (beats - 2) * (chain - 1))
      << "the first two beats find the unit and its input register free";
}

TEST_P(CoreStream, SlotsInRandomOrder) {
  stream({.modes = core_modes(params()), .round_robin = false, .max_chain = 6}, 8000);
}

TEST_P(CoreStream, EveryStallPattern) {
  const std::vector<StallPattern> patterns = {kOpen,
                                              {StallKind::random, 0.1},
                                              {StallKind::random, 0.9},
                                              {StallKind::bursts, 0},
                                              {StallKind::rare, 0},
                                              {StallKind::reluctant, 0}};
  std::uint64_t seed = 100;
  for (const StallPattern& input : patterns) {
    for (const StallPattern& output : patterns) {
      SCOPED_TRACE(fmt::format("input {}, output {}", static_cast<int>(input.kind), static_cast<int>(output.kind)));
      ++seed;
      stream({.modes = core_modes(params()), .round_robin = seed % 2 == 0, .max_chain = 3}, 1500, input, output, seed);
    }
  }
}

TEST_P(CoreStream, MetadataOfAllSixteenCodes) {
  if (!params().sparse) return;
  std::vector<CoreMode> sparse = core_modes(params());
  std::erase_if(sparse, [](const CoreMode& mode) { return !mode.sparse; });
  const CheckerReport legal = stream({.modes = sparse, .metadata = MetadataKind::any}, 4000);
  EXPECT_EQ(legal.metadata_errors, 0);
  const CheckerReport illegal = stream({.modes = sparse, .partial = 0.4, .metadata = MetadataKind::illegal}, 6000);
  EXPECT_GT(illegal.metadata_errors, 0);
  EXPECT_LT(illegal.metadata_errors, illegal.results);
}

TEST_P(CoreStream, IllegalFormats) {
  const CheckerReport report = stream({.modes = core_modes(params()), .max_chain = 6, .illegal_mode = 0.1}, 6000);
  EXPECT_GT(report.format_errors, 0);
  EXPECT_LT(report.format_errors, report.results);
}

/// A slot holds bits, not a type: the next step reads them as its own accumulator format.
TEST_P(CoreStream, FormatsChangeWithinAChain) {
  stream({.modes = core_modes(params()),
          .max_chain = 12,
          .metadata = MetadataKind::illegal,
          .illegal_mode = 0.05,
          .switch_mode = 0.5},
         8000, {StallKind::random, 0.2}, {StallKind::random, 0.2});
}

/// Nothing of what was inside survives a reset, whenever it comes.
TEST_P(CoreStream, ResetInMidStream) {
  const auto model = make_core_model(GetParam());
  CoreStimulus stimulus(params(), {.modes = core_modes(params()), .max_chain = 4, .illegal_mode = 0.05}, 5);
  CoreChecker checker(*model, {.test = test_name(), .seed = 5, .output = {StallKind::bursts, 0}});
  for (int i = 0; i < 40; ++i) {
    // A chain that was open before the reset must start anew after it.
    std::vector<bool> started(static_cast<std::size_t>(params().acc_slots));
    const BeatSource fresh = [&](CoreBeat& beat) {
      stimulus.next(beat);
      const auto slot = static_cast<std::size_t>(beat.control.slot);
      beat.control.first = beat.control.first || !started[slot];
      started[slot] = true;
      return true;
    };
    checker.run(fresh, 3 * i + 1);
    checker.reset();
    EXPECT_FALSE(model->out_valid());
  }
  EXPECT_EQ(checker.report().differences, 0) << checker.report().first_difference;
  EXPECT_GT(checker.report().results, 100);
  EXPECT_EQ(model->assertion_failures(), 0);
}

}  // namespace
}  // namespace spmma::verif
