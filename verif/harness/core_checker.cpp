// SPDX-License-Identifier: Apache-2.0
#include "core_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "spmma/describe.h"
#include "spmma/step.h"

namespace spmma::verif {
namespace {

constexpr int kPatience = 10000;  ///< cycles without a handshake after which the model counts as stuck

std::string describe_flags(const CoreFlags& f) {
  std::string text = fmt::format("slot {}, err {}, meta_err {}", f.slot, f.err, f.meta_err);
  if (f.meta_err) text += fmt::format(" at step {}, row {}, group {}", f.meta_step, f.meta_row, f.meta_group);
  return text;
}

std::string describe_control(const CoreControl& c) {
  const auto format = [](std::uint8_t code) {
    return code < kFormatCount ? std::string(name(static_cast<Format>(code))) : fmt::format("code {}", code);
  };
  return fmt::format("{} x {}{}{}, {}, len {}", format(c.fmt_a), format(c.fmt_b), c.acc_f16 ? " -> f16" : "",
                     c.saturate ? " saturate" : "", c.sparse ? (c.meta_any ? "sparse any" : "sparse ordered") : "dense",
                     c.len);
}

std::vector<std::uint32_t> read_d(const CoreModel& model) {
  std::vector<std::uint32_t> d(model.d().size() / 4);
  std::memcpy(d.data(), model.d().data(), model.d().size());
  return d;
}

}  // namespace

std::string describe_step(const BeatOperands& operands, std::uint32_t c) {
  StepTrace trace;
  fused_step(operands.params, operands.a, operands.b, c, &trace);
  std::string text = fmt::format("    C  {}\n", describe(operands.params.acc, c));
  for (std::size_t i = 0; i < operands.a.size(); ++i) {
    text += fmt::format("    A[{0}] {1}\n    B[{0}] {2}  aligned product {3}\n", i,
                        describe(operands.params.a, operands.a[i]), describe(operands.params.b, operands.b[i]),
                        trace.products[i].aligned);
  }
  text += trace.special ? std::string("    decided by a NaN or Inf\n")
                        : fmt::format("    e_max {}, aligned C {}, sum {}\n", trace.e_max, trace.c.aligned, trace.sum);
  return text;
}

CoreChecker::CoreChecker(CoreModel& model, CheckerOptions options)
    : model_(model),
      options_(std::move(options)),
      timing_(model.params()),
      reference_(model.params()),
      input_(options_.input, options_.seed * 3 + 1),
      output_(options_.output, options_.seed * 3 + 2),
      random_(options_.seed * 3),
      chains_(static_cast<std::size_t>(model.params().acc_slots)),
      observer_(options_.observer, default_observers().core) {
  if (observer_) observer_->on_reset(*find_preset(model_.preset()));
}

void CoreChecker::reset() {
  model_.reset();
  timing_.reset();
  reference_.reset();
  offered_.reset();
  valid_ = false;
  for (auto& chain : chains_) chain.clear();
  expected_.clear();
  if (observer_) observer_->on_reset(*find_preset(model_.preset()));
}

void CoreChecker::send(const BeatSource& source) {
  for (int idle = 0;; ++idle) {
    if (!offered_) {
      CoreBeat beat;
      if (!source(beat)) return;
      offered_ = std::move(beat);
    }
    const std::int64_t before = report_.beats + report_.results;
    cycle();
    if (report_.beats + report_.results != before) idle = 0;
    if (idle > kPatience) throw std::runtime_error(header() + "spmma_core accepts no beat");
  }
}

void CoreChecker::run(const BeatSource& source, std::int64_t cycles) {
  for (std::int64_t i = 0; i < cycles; ++i) {
    if (CoreBeat beat; !offered_ && source(beat)) offered_ = std::move(beat);
    cycle();
  }
}

void CoreChecker::drain() {
  for (int idle = 0; offered_ || !expected_.empty(); ++idle) {
    const std::int64_t before = report_.beats + report_.results;
    cycle();
    if (report_.beats + report_.results != before) idle = 0;
    if (idle > kPatience) throw std::runtime_error(header() + "spmma_core gives no result");
  }
}

void CoreChecker::cycle() {
  const bool was_valid = valid_;
  valid_ = valid_ || (offered_ && !input_.held(model_.in_ready()));
  const bool ready = !output_.held(model_.out_valid());
  if (valid_ && !was_valid) {
    drive(model_, *offered_);
  } else if (!valid_) {
    fill_idle_payload();
  }
  model_.set_in_valid(valid_);
  model_.set_out_ready(ready);
  model_.settle();

  const bool in_ready = model_.in_ready();
  const bool out_valid = model_.out_valid();
  if (in_ready != timing_.in_ready() || out_valid != timing_.out_valid()) {
    differ({.field = CoreField::handshake}, [&](CoreDifference&) {
      return fmt::format("handshake in cycle {}: in_ready {} (expected {}), out_valid {} (expected {})", report_.cycles,
                         in_ready, timing_.in_ready(), out_valid, timing_.out_valid());
    });
  }
  if (observer_) observer_->on_cycle(valid_, in_ready, out_valid, ready);
  const CoreControl control = offered_ ? offered_->control : CoreControl{};
  timing_.tick(valid_, control.slot, control.last, ready);
  if (out_valid) {
    compare();  // in every cycle that shows it, so the payload must be stable
    if (ready) {
      report_.results += 1;
      if (!expected_.empty()) {
        const Expected& done = expected_.front();
        report_.dot_products += static_cast<std::int64_t>(done.chain.size() * done.result.d.size());
        report_.format_errors += done.result.flags.err;
        report_.metadata_errors += done.result.flags.meta_err;
        if (observer_) observer_->on_result(done.result);
        expected_.pop_front();
      }
    }
  }
  if (valid_ && in_ready) {
    accept();
  } else if (valid_) {
    ++report_.refused;
  }
  const std::int64_t now = model_.cycle();
  model_.rise();
  if (report_.assertion_cycle < 0 && model_.assertion_failures() != 0) report_.assertion_cycle = now;
  ++report_.cycles;
}

/// Payload without valid is no payload: any bits.
void CoreChecker::fill_idle_payload() {
  for (const auto port : {model_.a(), model_.meta(), model_.b(), model_.c()}) {
    const std::uint64_t bits = random_();
    for (std::size_t i = 0; i < port.size(); ++i) port[i] = static_cast<std::byte>(bits >> (8 * (i % 8)));
  }
  const std::uint64_t bits = random_();
  CoreControl control{.fmt_a = static_cast<std::uint8_t>(bits & 7),
                      .fmt_b = static_cast<std::uint8_t>(bits >> 3 & 7),
                      .acc_f16 = (bits >> 6 & 1) != 0,
                      .saturate = (bits >> 7 & 1) != 0,
                      .sparse = (bits >> 8 & 1) != 0,
                      .meta_any = (bits >> 9 & 1) != 0,
                      .len = static_cast<int>(bits >> 12 & 7),
                      .slot = static_cast<int>((bits >> 16) % chains_.size()),
                      .first = (bits >> 10 & 1) != 0,
                      .last = (bits >> 11 & 1) != 0};
  model_.set_control(control);
}

void CoreChecker::accept() {
  if (observer_) observer_->on_beat(*offered_, reference_.start(*offered_));
  const CoreControl& control = offered_->control;
  auto& chain = chains_[static_cast<std::size_t>(control.slot)];
  if (control.first) chain.clear();
  std::optional<CoreResult> result = reference_.step(*offered_);
  chain.push_back(std::move(*offered_));
  if (result) expected_.push_back({std::move(*result), std::exchange(chain, {}), report_.beats});
  offered_.reset();
  valid_ = false;
  ++report_.beats;
}

void CoreChecker::compare() {
  if (expected_.empty()) {
    differ({.field = CoreField::unasked},
           [&](CoreDifference&) { return fmt::format("a result in cycle {} that no beat asked for", report_.cycles); });
    return;
  }
  const Expected& expected = expected_.front();
  const CoreFlags flags = model_.flags();
  CoreFlags compared = flags;
  if (!flags.meta_err) {  // the position means nothing then
    compared.meta_row = compared.meta_group = 0;
    compared.meta_step = 0;
  }
  if (compared != expected.result.flags) {
    differ({.field = CoreField::flags, .beat = expected.last_beat, .control = expected.chain.back().control},
           [&](CoreDifference&) { return flags_message(expected, flags); });
  }
  if (std::memcmp(expected.result.d.data(), model_.d().data(), model_.d().size()) == 0) return;
  const std::vector<std::uint32_t> d = read_d(model_);
  const int cols = model_.params().cols;
  for (int i = 0; i < static_cast<int>(d.size()); ++i) {
    if (d[i] != expected.result.d[i]) {
      differ({.field = CoreField::d,
              .beat = expected.last_beat,
              .control = expected.chain.back().control,
              .row = i / cols,
              .col = i % cols,
              .expected = expected.result.d[i],
              .actual = d[i]},
             [&](CoreDifference& difference) { return element_message(expected, difference); });
    }
  }
}

void CoreChecker::differ(CoreDifference difference, const std::function<std::string(CoreDifference&)>& message) {
  if (report_.differences++ != 0) return;
  difference.cycle = model_.cycle();
  report_.first_difference = header() + message(difference);
  report_.first = difference;
}

std::string CoreChecker::header() const {
  return fmt::format("{}, preset {}, seed {}: ", options_.test, model_.preset(), options_.seed);
}

std::string CoreChecker::flags_message(const Expected& expected, const CoreFlags& actual) const {
  return fmt::format("flags of the result of beat {} ({}):\n  expected {}\n  actual   {}", expected.last_beat,
                     describe_control(expected.chain.back().control), describe_flags(expected.result.flags),
                     describe_flags(actual));
}

std::string CoreChecker::element_message(const Expected& expected, CoreDifference& difference) const {
  const CoreParams& p = model_.params();
  const int row = difference.row, col = difference.col;
  const auto index = static_cast<std::size_t>(row * p.cols + col);
  difference.acc = beat_operands(p, expected.chain.back(), row, col).params.acc;
  std::string text = fmt::format("D[row {}, column {}] of the chain of {} beats that ends with beat {}\n", row, col,
                                 expected.chain.size(), expected.last_beat);
  text += fmt::format("  expected {}\n  actual   {}\n", describe(difference.acc, difference.expected),
                      describe(difference.acc, difference.actual));

  // The chain again, alone, on a fresh model with every step's accumulator shown.
  const auto model = options_.replay ? options_.replay() : make_core_model(model_.preset());
  std::vector<std::vector<std::uint32_t>> values;
  try {
    values = chain_values(*model, expected.chain);
  } catch (const std::runtime_error& e) {
    return text + "  run alone: " + e.what();
  }
  std::uint32_t c = get_element(expected.chain.front().c.data(), static_cast<int>(index), 4);
  for (std::size_t step = 0; step < expected.chain.size(); ++step) {
    const BeatOperands operands = beat_operands(p, expected.chain[step], row, col);
    if (operands.params.acc == Acc::f16) c &= 0xFFFF;
    const std::uint32_t golden = fused_step(operands.params, operands.a, operands.b, c);
    const std::uint32_t actual = values[step][index];
    if (actual != golden) {
      difference.control = expected.chain[step].control;
      difference.step = static_cast<int>(step);
      difference.acc = operands.params.acc;
      difference.expected = golden;
      difference.actual = actual;
      return text + fmt::format("  they part at step {} ({}):\n{}    golden {}\n    RTL    {}", step,
                                describe_control(difference.control), describe_step(operands, c),
                                describe(difference.acc, golden), describe(difference.acc, actual));
    }
    c = golden;
  }
  return text + "  run alone, the chain gives the expected bits: what went wrong depends on the beats around it";
}

CoreResult run_chain(CoreModel& model, std::span<const CoreBeat> chain, std::span<const std::uint32_t> c) {
  std::size_t sent = 0;
  model.set_out_ready(true);
  for (int idle = 0; idle < kPatience; ++idle) {
    const bool valid = sent < chain.size();
    if (valid) {
      drive(model, chain[sent]);
      CoreControl control = chain[sent].control;
      control.first = sent == 0;
      control.last = sent + 1 == chain.size();
      model.set_control(control);
      if (!c.empty()) std::memcpy(model.c().data(), c.data(), c.size_bytes());
    }
    model.set_in_valid(valid);
    model.settle();
    const bool accepted = valid && model.in_ready();
    const bool done = model.out_valid();
    CoreResult result;
    if (done) result = {read_d(model), model.flags()};
    model.rise();
    if (done) return result;
    if (accepted) {
      ++sent;
      idle = 0;
    }
  }
  throw std::runtime_error("spmma_core stopped answering");
}

std::vector<std::vector<std::uint32_t>> chain_values(CoreModel& model, const std::vector<CoreBeat>& chain) {
  // Every prefix would cost the square of the length, so each block's prefixes start from the block before.
  constexpr std::size_t kBlock = 16;
  std::vector<std::vector<std::uint32_t>> values;
  std::vector<std::uint32_t> c;
  for (std::size_t begin = 0; begin < chain.size(); begin += kBlock) {
    const auto block = std::span(chain).subspan(begin, std::min(kBlock, chain.size() - begin));
    for (std::size_t length = 1; length <= block.size(); ++length) {
      values.push_back(run_chain(model, block.first(length), c).d);
    }
    c = values.back();
  }
  return values;
}

}  // namespace spmma::verif
