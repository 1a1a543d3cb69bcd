// SPDX-License-Identifier: Apache-2.0
// Cases on cores that are wrong: found, told apart, and shrunk to what is needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

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

/// An engine some of whose outputs are wrong.
class WrongEngine final : public GemmModel {
 public:
  using Spoil = std::function<void(GemmOutputs&)>;
  WrongEngine(const std::string& preset, Spoil spoil) : engine_(make_gemm_model(preset)), spoil_(std::move(spoil)) {
    preset_ = engine_->preset();
  }
  void set_reset(bool active) override { engine_->set_reset(active); }
  void drive(const AxiSubordinate& memory, const AxiLiteManager& registers) override {
    engine_->drive(memory, registers);
  }
  void settle() override { engine_->settle(); }
  void rise() override { engine_->rise(); }
  const GemmOutputs& outputs() override {
    out_ = engine_->outputs();
    spoil_(out_);
    return out_;
  }
  int assertion_failures() const override { return engine_->assertion_failures(); }
  std::int64_t cycle() const override { return engine_->cycle(); }
  void open_wave(const std::string& path, WaveWindow window) override { engine_->open_wave(path, window); }
  void close_wave() override { engine_->close_wave(); }

 private:
  std::unique_ptr<GemmModel> engine_;
  Spoil spoil_;
  GemmOutputs out_;
};

/// One small job on the smallest engine.
EnginePlan small_job(const WrongEngine::Spoil& spoil = {}) {
  const std::string preset = smallest_preset();
  EnginePlan plan{.test = "test", .preset = preset};
  plan.jobs = {{.mode = core_modes(find_preset(preset)->core, Format::fp16).front(), .shape = {1, 3, 3, 40}}};
  if (spoil) plan.model = [=] { return std::make_unique<WrongEngine>(preset, spoil); };
  return plan;
}

TEST(EngineCases, AWrongElementIsShownStepByStep) {
  const EnginePlan plan = small_job([](GemmOutputs& out) {
    for (std::byte& byte : out.memory.w_data) byte ^= std::byte{1};
  });
  const EngineCase bad(plan);
  const CaseResult first = bad.run({});
  ASSERT_TRUE(first.failure);
  EXPECT_THAT(first.failure->group, HasSubstr("tile, around the core (spmma_operands, "));
  EXPECT_THAT(first.failure->message, HasSubstr("spmma_core alone gives the expected bits"));
  EXPECT_THAT(first.failure->message, HasSubstr("  step 0:\n    C  "));
  EXPECT_THAT(first.failure->message, HasSubstr("    A[0] 0x"));
  const CaseResult smallest = bad.shrink(200)->run({});
  ASSERT_TRUE(smallest.failure);
  EXPECT_THAT(smallest.failure->message, HasSubstr("  step 0:\n    C  "));
  EXPECT_THAT(smallest.failure->message, Not(HasSubstr("  step 1:")));
}

TEST(EngineCases, ARuleThatIsBrokenInResetIsAFailure) {
  EnginePlan plan = small_job([](GemmOutputs& out) { out.memory.ar_valid = true; });
  plan.seed = 5;
  const CaseResult result = EngineCase(plan).run({});
  ASSERT_TRUE(result.failure);
  EXPECT_THAT(result.failure->group, HasSubstr("engine: a bus rule is broken"));
  EXPECT_THAT(result.failure->message, HasSubstr("seed 5: a bus rule is broken: cycle 2: valid during reset: AR"));
  EXPECT_TRUE(EngineCase(plan).shrink(20)->run({}).failure);
}

/// Counts what the memory refuses.
struct Refusals final : GemmObserver {
  void on_reset(const Preset&) override {}
  void on_cycle(const AxiSubordinate& memory, const AxiLiteManager&, const GemmOutputs& out) override {
    reads += memory.r_valid && out.memory.r_ready && memory.r_resp != kAxiOkay;
    writes += memory.b_valid && out.memory.b_ready && memory.b_resp != kAxiOkay;
  }
  int reads = 0, writes = 0;
};

TEST(EngineCases, FaultsStrikeTheJobAndNotTheOneBeforeIt) {
  for (const bool write : {false, true}) {
    EnginePlan plan = small_job();
    plan.event = write ? EngineEvent::write_fault : EngineEvent::read_fault;
    plan.lead = plan.jobs.front();
    plan.at = 0;
    Refusals refused;
    const CaseResult result = EngineCase(plan).run({.gemm = &refused});
    EXPECT_FALSE(result.failure) << result.failure->message;
    EXPECT_EQ(refused.reads, write ? 0 : 1);
    EXPECT_EQ(refused.writes, write ? 1 : 0);
  }
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
