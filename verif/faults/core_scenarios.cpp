// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>

#include "core_checker.h"
#include "scenario.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {

constexpr std::int64_t kChunk = 32;       ///< cycles between two looks at what happened
constexpr std::int64_t kAftermath = 600;  ///< cycles in which an assertion may still see what a check has seen

struct CoreRun {
  const char* name;
  StimulusOptions stimulus;
  std::int64_t beats;
  StallPattern input = {};
  StallPattern output = {};
  std::int64_t reset_every = 0;  ///< beats, 0 for never
};

std::vector<CoreMode> sparse_modes(const CoreParams& p) {
  std::vector<CoreMode> modes = core_modes(p);
  std::erase_if(modes, [](const CoreMode& mode) { return !mode.sparse; });
  return modes;
}

std::vector<CoreRun> core_runs(const CoreParams& p) {
  const std::vector<CoreMode> all = core_modes(p);
  std::vector<CoreRun> runs = {
      {.name = "modes", .stimulus = {.modes = all, .max_chain = 4}, .beats = 600},
      {.name = "mixture",
       .stimulus = {.modes = all,
                    .round_robin = false,
                    .max_chain = 6,
                    .partial = 0.4,
                    .metadata = MetadataKind::illegal,
                    .illegal_mode = 0.05,
                    .switch_mode = 0.3},
       .beats = 1500,
       .input = {StallKind::random, 0.2},
       .output = {StallKind::random, 0.3}},
      {.name = "one step", .stimulus = {.modes = all, .max_chain = 1}, .beats = 600, .output = {StallKind::bursts, 0}},
      {.name = "one slot", .stimulus = {.modes = all, .slots = 1, .max_chain = 5}, .beats = 300},
      {.name = "queue full",
       .stimulus = {.modes = all, .max_chain = 2},
       .beats = 1500,
       .input = {StallKind::reluctant, 0},
       .output = {StallKind::rare, 0}},
      {.name = "resets",
       .stimulus = {.modes = all, .max_chain = 4, .illegal_mode = 0.05},
       .beats = 1500,
       .output = {StallKind::bursts, 0},
       .reset_every = 67},
      {.name = "long chains",
       .stimulus = {.modes = all, .min_chain = 60, .max_chain = 400, .metadata = MetadataKind::illegal},
       .beats = 6000}};
  if (p.sparse) {
    runs.push_back({.name = "metadata",
                    .stimulus = {.modes = sparse_modes(p),
                                 .max_chain = 3,
                                 .partial = 0.3,
                                 .metadata = MetadataKind::any,
                                 .illegal_mode = 0.02},
                    .beats = 1500});
  }
  for (const Format f : kFormats) {
    if (!p.has(f)) continue;
    static constexpr const char* kNames[] = {"int8", "uint8", "fp16", "bf16", "tf32", "e4m3", "e5m2"};
    runs.push_back({.name = kNames[static_cast<int>(f)],
                    .stimulus = {.modes = core_modes(p, f), .max_chain = 6, .metadata = MetadataKind::ordered},
                    .beats = 3000});
  }
  return runs;
}

/// Looks after each few cycles; true when enough was seen.
class Watch {
 public:
  Watch(const CoreModel& model, const CoreChecker& checker, Verdict& verdict)
      : model_(model), checker_(checker), verdict_(verdict) {}

  bool enough() {
    const CheckerReport& report = checker_.report();
    verdict_.cycles = report.cycles;
    if (!verdict_.assertion && model_.assertion_failures() != 0) {
      verdict_.assertion = true;
      if (!verdict_.wrong) verdict_.what = "assertion";
    }
    if (!verdict_.wrong && report.differences != 0) {
      verdict_.wrong = true;
      seen_ = report.cycles;
      if (verdict_.what.empty()) verdict_.what = report.first_difference.substr(0, report.first_difference.find('\n'));
    }
    return verdict_.assertion || (verdict_.wrong && report.cycles > seen_ + kAftermath);
  }

 private:
  const CoreModel& model_;
  const CoreChecker& checker_;
  Verdict& verdict_;
  std::int64_t seen_ = 0;
};

Verdict run(const CoreRun& what, const std::string& preset, std::uint64_t seed) {
  Verdict verdict;
  const auto model = make_core_model(preset, false, seed);
  const CoreParams& p = model->params();
  CoreStimulus stimulus(p, what.stimulus, seed);
  CoreChecker checker(*model, {.test = what.name, .seed = seed, .input = what.input, .output = what.output});
  Watch watch(*model, checker, verdict);
  std::int64_t left = what.beats;
  // A chain that was open before a reset must start anew after it.
  std::vector<bool> started(static_cast<std::size_t>(p.acc_slots), true);
  const BeatSource source = [&](CoreBeat& beat) {
    if (left <= 0) return false;
    --left;
    stimulus.next(beat);
    const auto slot = static_cast<std::size_t>(beat.control.slot);
    beat.control.first = beat.control.first || !started[slot];
    started[slot] = true;
    return true;
  };
  try {
    std::int64_t next_reset = what.reset_every;
    std::int64_t cycles = 0, beats = 0;
    while (left > 0 && !watch.enough()) {
      checker.run(source, kChunk);
      if (checker.report().beats != beats) cycles = checker.report().cycles;
      beats = checker.report().beats;
      if (checker.report().cycles > cycles + 3000) {
        verdict.wrong = true;
        if (verdict.what.empty()) verdict.what = "no beat is accepted";
        break;
      }
      if (next_reset != 0 && checker.report().beats >= next_reset) {
        checker.reset();
        started.assign(started.size(), false);
        next_reset = checker.report().beats + what.reset_every;
      }
    }
    if (!verdict.killed()) {
      checker.drain();
      watch.enough();
    }
  } catch (const std::exception& e) {
    watch.enough();
    verdict.wrong = true;
    if (verdict.what.empty()) verdict.what = e.what();
  }
  return verdict;
}

}  // namespace

std::vector<Scenario> core_scenarios(const Preset& preset) {
  std::vector<Scenario> scenarios;
  for (const CoreRun& what : core_runs(preset.core)) {
    scenarios.push_back({what.name, [what, name = preset.name](std::uint64_t seed) { return run(what, name, seed); }});
  }
  return scenarios;
}

}  // namespace spmma::verif
