// SPDX-License-Identifier: Apache-2.0
// A stream of beats on spmma_core.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core_checker.h"
#include "stall.h"
#include "stimulus.h"
#include "test_case.h"

namespace spmma::verif {

/// What a core case is made from.
struct CorePlan {
  std::string test;  ///< named in messages
  std::string preset;
  std::uint64_t seed = 1;  ///< of the registers' first bits, the stimulus, the stalls and the idle payload
  StimulusOptions stimulus = {};
  std::int64_t beats = 4000;
  StallPattern input = {};
  StallPattern output = {};
  std::int64_t reset_every = 0;  ///< cycles between resets in mid-stream; 0: none
  /// Another core than the preset's model: a wrong one, to test what finds it. Given waves and seed.
  std::function<std::unique_ptr<CoreModel>(bool, std::uint64_t)> model = {};
};

class CoreCase final : public TestCase {
 public:
  using Beats = std::vector<std::shared_ptr<const CoreBeat>>;

  /// The stimulus makes the beats.
  explicit CoreCase(CorePlan plan) : plan_(std::move(plan)) {}
  /// These beats instead, made whole: a chain whose first or last step is missing gets it.
  CoreCase(CorePlan plan, const Beats& beats);

  bool on_engine() const override { return false; }
  const std::string& preset() const override { return plan_.preset; }
  CaseResult run(const CaseOptions& options) const override;
  std::string describe() const override;
  std::shared_ptr<const TestCase> shrink(int budget) const override;

  const CorePlan& plan() const { return plan_; }
  /// The beats, also where a stimulus makes them: up to `count`.
  Beats beats(std::int64_t count) const;

 private:
  struct Run {
    CaseResult result;
    std::optional<CoreDifference> difference;
    std::int64_t beats = 0;  ///< accepted
  };
  Run execute(const CaseOptions& options) const;
  /// Chains are opened by a first step: also after a reset, and in a list from which beats were taken.
  BeatSource source() const;

  CorePlan plan_;
  bool listed_ = false;
  Beats list_;
};

}  // namespace spmma::verif
