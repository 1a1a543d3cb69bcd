// SPDX-License-Identifier: Apache-2.0
#include "core_case.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <span>
#include <stdexcept>

#include "assertion.h"
#include "core_model.h"
#include "difference.h"
#include "spmma/describe.h"

namespace spmma::verif {
namespace {

constexpr std::size_t kSimplifyBeats = 24;  ///< lists longer than this are shortened, not simplified
constexpr std::size_t kShownBeats = 12;
constexpr std::size_t kShownOperands = 40;

/// Gives each chain its first step, and tells where chains are open.
class Chains {
 public:
  explicit Chains(int slots) : open_(static_cast<std::size_t>(slots)) {}
  void complete(CoreControl& control) {
    const auto slot = static_cast<std::size_t>(control.slot);
    control.first = control.first || !open_[slot];
    open_[slot] = !control.last;
  }
  void close() { open_.assign(open_.size(), false); }

 private:
  std::vector<bool> open_;
};

const char* stall_name(StallPattern p) {
  switch (p.kind) {
    case StallKind::none:
      return "none";
    case StallKind::random:
      return "random";
    case StallKind::bursts:
      return "bursts";
    case StallKind::rare:
      return "rare";
    case StallKind::reluctant:
      return "reluctant";
  }
  return "?";
}

/// A beat with one thing less in it.
using Edit = std::function<void(CoreBeat&)>;

bool all_zero(std::span<const std::byte> bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

/// Adds edits that clear pieces of `size` bytes of an operand that are not clear already.
template <std::vector<std::byte> CoreBeat::* kOperand>
void add_clears(const CoreBeat& beat, std::size_t size, std::vector<Edit>& edits) {
  const std::vector<std::byte>& bytes = beat.*kOperand;
  for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
    if (all_zero(std::span(bytes).subspan(at, size))) continue;
    edits.emplace_back([at, size](CoreBeat& b) {
      std::fill_n((b.*kOperand).begin() + static_cast<std::ptrdiff_t>(at), size, std::byte{0});
    });
  }
}

/// Everything that may be simpler in a beat, large pieces first.
std::vector<Edit> simplifications(const CoreParams& p, const CoreBeat& beat) {
  std::vector<Edit> edits;
  const auto step = static_cast<std::size_t>(p.step_bytes);
  const auto column = static_cast<std::size_t>(column_bytes(p));
  for (const std::size_t parts : {std::size_t{1}, static_cast<std::size_t>(p.rows)}) {
    add_clears<&CoreBeat::a>(beat, beat.a.size() / parts, edits);
    add_clears<&CoreBeat::c>(beat, beat.c.size() / parts, edits);
    if (p.rows == 1) break;
  }
  for (const std::size_t size : {beat.b.size(), column}) add_clears<&CoreBeat::b>(beat, size, edits);
  if (beat.control.len > 1) {
    edits.emplace_back([](CoreBeat& b) { b.control.len /= 2; });
    edits.emplace_back([](CoreBeat& b) { --b.control.len; });
  }
  if (beat.control.slot != 0) edits.emplace_back([](CoreBeat& b) { b.control.slot = 0; });
  if (beat.control.saturate) edits.emplace_back([](CoreBeat& b) { b.control.saturate = false; });
  if (beat.control.meta_any) edits.emplace_back([](CoreBeat& b) { b.control.meta_any = false; });
  const bool plain = std::ranges::all_of(beat.meta, [](std::byte b) { return b == std::byte{0x44}; });
  if (!plain) edits.emplace_back([](CoreBeat& b) { std::ranges::fill(b.meta, std::byte{0x44}); });
  for (const std::size_t size : {step / 2, std::size_t{4}, std::size_t{1}}) add_clears<&CoreBeat::a>(beat, size, edits);
  for (const std::size_t size : {column / 2, std::size_t{4}, std::size_t{1}})
    add_clears<&CoreBeat::b>(beat, size, edits);
  add_clears<&CoreBeat::c>(beat, 4, edits);
  return edits;
}

}  // namespace

CoreCase::CoreCase(CorePlan plan, const Beats& beats) : plan_(std::move(plan)), listed_(true) {
  Chains chains(find_preset(plan_.preset)->core.acc_slots);
  std::vector<bool> later(1024);  // slots that a later beat uses
  std::vector<bool> ends(beats.size());
  for (std::size_t i = beats.size(); i-- > 0;) {
    const auto slot = static_cast<std::size_t>(beats[i]->control.slot);
    ends[i] = !later[slot];
    later[slot] = !beats[i]->control.first;
  }
  list_.reserve(beats.size());
  for (std::size_t i = 0; i < beats.size(); ++i) {
    CoreControl control = beats[i]->control;
    control.last = control.last || ends[i];
    chains.complete(control);
    if (control == beats[i]->control) {
      list_.push_back(beats[i]);
    } else {
      CoreBeat beat = *beats[i];
      beat.control = control;
      list_.push_back(std::make_shared<const CoreBeat>(std::move(beat)));
    }
  }
}

BeatSource CoreCase::source() const {
  if (listed_) {
    return [this, next = std::size_t{0}](CoreBeat& beat) mutable {
      if (next == list_.size()) return false;
      beat = *list_[next++];
      return true;
    };
  }
  const CoreParams& p = find_preset(plan_.preset)->core;
  return [stimulus = std::make_shared<CoreStimulus>(p, plan_.stimulus, plan_.seed),
          left = plan_.beats](CoreBeat& beat) mutable {
    if (left-- <= 0) return false;
    stimulus->next(beat);
    return true;
  };
}

CoreCase::Beats CoreCase::beats(std::int64_t count) const {
  Beats all;
  const BeatSource next = source();
  CoreBeat beat;
  while (static_cast<std::int64_t>(all.size()) < count && next(beat))
    all.push_back(std::make_shared<const CoreBeat>(beat));
  return all;
}

CoreCase::Run CoreCase::execute(const CaseOptions& options) const {
  const bool trace = !options.wave.empty();
  const auto model = plan_.model ? plan_.model(trace, plan_.seed) : make_core_model(plan_.preset, trace, plan_.seed);
  if (!options.wave.empty()) model->open_wave(options.wave, options.window);
  take_assertion_failure();
  CoreChecker checker(
      *model,
      {.test = plan_.test, .seed = plan_.seed, .input = plan_.input, .output = plan_.output, .observer = options.core});
  Chains chains(model->params().acc_slots);
  const BeatSource next = source();
  bool dry = false;
  const auto failed = [&] { return checker.report().assertion_cycle >= 0 || checker.report().differences != 0; };
  const BeatSource guarded = [&](CoreBeat& beat) {
    if (failed()) return false;
    if (dry || !next(beat)) {
      dry = true;
      return false;
    }
    chains.complete(beat.control);
    return true;
  };

  Run run;
  std::string stuck;
  try {
    if (plan_.reset_every > 0) {
      while (!dry && !failed()) {
        checker.run(guarded, plan_.reset_every);
        if (dry) break;
        checker.reset();
        chains.close();
      }
    } else {
      checker.send(guarded);
    }
    if (!failed()) checker.drain();
  } catch (const std::runtime_error& e) {
    stuck = e.what();
  }
  const std::optional<AssertionFailure> assertion = take_assertion_failure();
  if (!options.wave.empty()) {
    // A few cycles more, so that the wave does not end on what it is about.
    model->set_in_valid(false);
    for (int i = 0; i < 8; ++i) {
      model->settle();
      model->rise();
    }
    model->close_wave();
  }
  const CheckerReport& report = checker.report();
  const std::int64_t asserted = report.assertion_cycle;
  run.beats = report.beats;
  run.difference = report.first;
  run.result.cycles = report.cycles;
  run.result.dot_products = report.dot_products;
  if (asserted >= 0 && (!report.first || asserted <= report.first->cycle)) {
    run.difference.reset();
    const AssertionFailure first = assertion.value_or(AssertionFailure());
    run.result.failure = {"core: assertion " + first.name,
                          fmt::format("{}, preset {}, seed {}: an assertion of the RTL failed: {}\n  {}", plan_.test,
                                      plan_.preset, plan_.seed, first.name, first.message),
                          asserted,
                          {},
                          first.path};
  } else if (report.first) {
    run.result.failure = {difference_group(*report.first),
                          report.first_difference,
                          report.first->cycle,
                          {.row = report.first->row, .col = report.first->col}};
  } else if (!stuck.empty()) {
    run.result.failure = {"core: hangs (spmma_ctrl, spmma_fifo)", stuck, model->cycle()};
  }
  return run;
}

CaseResult CoreCase::run(const CaseOptions& options) const { return execute(options).result; }

std::shared_ptr<const TestCase> CoreCase::shrink(int budget) const {
  const Run first = execute({});
  if (!first.result.failure) return std::make_shared<CoreCase>(*this);
  // The kind of failure must stay, not its whole group: a simpler operand may well end in another bit.
  const auto kind = [](const Run& run) {
    return run.difference       ? std::to_string(static_cast<int>(run.difference->field))
           : run.result.failure ? run.result.failure->group
                                : std::string();
  };
  const std::string wanted = kind(first);
  const auto fails = [&](const CoreCase& c) { return budget-- > 0 && kind(c.execute({})) == wanted; };

  // What comes after the failure cannot matter. Beats lost in resets are counted, those still at the port are not.
  CoreCase best(plan_, beats(plan_.reset_every > 0 ? std::numeric_limits<std::int64_t>::max() : first.beats + 1));
  if (!fails(best)) return std::make_shared<CoreCase>(*this);
  if (first.difference && first.difference->step >= 0) {  // the chain fails alone
    Beats chain;
    const auto end = static_cast<std::size_t>(first.difference->beat);
    for (std::size_t i = end + 1; i-- > 0;) {
      if (best.list_[i]->control.slot != best.list_[end]->control.slot) continue;
      chain.insert(chain.begin(), best.list_[i]);
      if (best.list_[i]->control.first) break;
    }
    CorePlan plan = plan_;
    plan.input = plan.output = {};
    plan.reset_every = 0;
    if (CoreCase alone(plan, chain); fails(alone)) best = std::move(alone);
  }

  const auto simpler = [](const CoreCase& c) {
    std::vector<CoreCase> plans;
    for (const int what : {0, 1, 2}) {
      CorePlan plan = c.plan_;
      if (what == 0) plan.input = {};
      if (what == 1) plan.output = {};
      if (what == 2) plan.reset_every = 0;
      if (plan.input.kind != c.plan_.input.kind || plan.output.kind != c.plan_.output.kind ||
          plan.reset_every != c.plan_.reset_every) {
        plans.emplace_back(plan, c.list_);
      }
    }
    auto fewer = rc::seq::map(rc::shrink::removeChunks(c.list_),
                              [plan = c.plan_](const Beats& list) { return CoreCase(plan, list); });
    std::vector<CoreCase> plainer;
    if (c.list_.size() <= kSimplifyBeats) {
      const CoreParams& p = find_preset(c.plan_.preset)->core;
      for (std::size_t i = 0; i < c.list_.size(); ++i) {
        for (const Edit& edit : simplifications(p, *c.list_[i])) {
          CoreBeat beat = *c.list_[i];
          edit(beat);
          Beats list = c.list_;
          list[i] = std::make_shared<const CoreBeat>(std::move(beat));
          plainer.emplace_back(c.plan_, list);
        }
      }
    }
    return rc::seq::concat(rc::seq::fromContainer(std::move(plans)), std::move(fewer),
                           rc::seq::fromContainer(std::move(plainer)));
  };
  const auto found = rc::shrinkable::findLocalMin(rc::shrinkable::shrinkRecur(std::move(best), simpler), fails);
  return std::make_shared<CoreCase>(found.first);
}

std::string CoreCase::describe() const {
  const CoreParams& p = find_preset(plan_.preset)->core;
  std::string text = fmt::format("spmma_core, preset {} ({} x {} tile), ", plan_.preset, p.rows, p.cols);
  text += listed_ ? fmt::format("{} beat{}", list_.size(), list_.size() == 1 ? "" : "s")
                  : fmt::format("{} beats of seed {}", plan_.beats, plan_.seed);
  text += fmt::format(", stalls: input {}, output {}", stall_name(plan_.input), stall_name(plan_.output));
  if (plan_.reset_every > 0) text += fmt::format(", a reset every {} cycles", plan_.reset_every);
  text += "\n";
  if (!listed_) return text;
  std::size_t operands = 0;
  for (std::size_t i = 0; i < list_.size() && i < kShownBeats; ++i) {
    const CoreBeat& beat = *list_[i];
    const CoreControl& c = beat.control;
    text += fmt::format("  beat {}: {}, slot {}{}{}, len {}\n", i, step_name(c), c.slot, c.first ? ", first" : "",
                        c.last ? ", last" : "", c.len);
    if (!combination_legal(p, c)) continue;
    const auto a = static_cast<Format>(c.fmt_a), b = static_cast<Format>(c.fmt_b);
    const auto show = [&](const std::string& where, const std::string& value) {
      if (operands++ < kShownOperands) text += fmt::format("    {} = {}\n", where, value);
    };
    for (int row = 0; row < p.rows; ++row) {
      for (int k = 0; k < c.len; ++k) {
        const std::uint32_t bits = get_element(beat.a.data() + row * p.step_bytes, k, storage_bytes(a));
        if (bits != 0) show(fmt::format("A[{},{}]", row, k), spmma::describe(a, bits));
      }
      if (!c.sparse) continue;
      std::string nibbles;
      const int groups = (c.len * storage_bytes(a) + (a == Format::tf32 ? 3 : 2 * storage_bytes(a) - 1)) /
                         (a == Format::tf32 ? 4 : 2 * storage_bytes(a));
      for (int g = 0; g < groups; ++g)
        nibbles += fmt::format(" {:X}", get_nibble(beat.meta.data() + row * p.step_bytes / 4, g));
      show(fmt::format("metadata[{}]", row), nibbles.empty() ? "none" : nibbles.substr(1));
    }
    for (int col = 0; col < p.cols; ++col) {
      const int elements = (c.sparse ? 2 : 1) * c.len;
      for (int k = 0; k < elements; ++k) {
        const std::uint32_t bits = get_element(beat.b.data() + col * column_bytes(p), k, storage_bytes(b));
        if (bits != 0) show(fmt::format("B[{},{}]", k, col), spmma::describe(b, bits));
      }
    }
    if (!c.first) continue;
    const Acc acc = beat_operands(p, beat, 0, 0).params.acc;
    for (int e = 0; e < p.rows * p.cols; ++e) {
      const std::uint32_t bits = get_element(beat.c.data(), e, 4) & (acc == Acc::f16 ? 0xFFFFU : ~0U);
      if (bits != 0) show(fmt::format("C[{},{}]", e / p.cols, e % p.cols), spmma::describe(acc, bits));
    }
  }
  if (operands > kShownOperands) text += fmt::format("    and {} operands more\n", operands - kShownOperands);
  if (list_.size() > kShownBeats) text += fmt::format("  and {} beats more\n", list_.size() - kShownBeats);
  return text;
}

}  // namespace spmma::verif
