// SPDX-License-Identifier: Apache-2.0
// spmma_views: the regression's tests on three views of the same RTL side by side, compared in every cycle: Verilator's
// model at -O3, at -O0, and its model of the Yosys netlist. Each starts from other random bits in every register.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <stdexcept>
#include <string>

#include "netlist_model.h"
#include "scenario.h"
#include "views.h"

namespace spmma::verif {
namespace {

std::string first_difference;  // of this run; what the regression makes of the exception names none

[[noreturn]] void differ(std::size_t view, const std::string& what) {
  const std::string difference = fmt::format("{} differs from {} in {}", kViewNames[view], kViewNames[0], what);
  if (first_difference.empty()) first_difference = difference;
  throw std::runtime_error(difference);
}

int assertion_failures_of(const auto& views) {
  int failures = 0;
  for (const auto& view : views) failures += view->assertion_failures();
  return failures;
}

/// One core that is all views; the first one's ports are its own.
class CoreViews final : public CoreModel {
 public:
  explicit CoreViews(std::uint64_t seed) : views_(make_core_views(seed)) {
    CoreModel& first = *views_.front();
    preset_ = first.preset();
    params_ = first.params();
    a_ = first.a();
    meta_ = first.meta();
    b_ = first.b();
    c_ = first.c();
    d_ = first.d();
  }

  void set_control(const CoreControl& control) override {
    for (const auto& view : views_) view->set_control(control);
  }
  void set_in_valid(bool valid) override {
    for (const auto& view : views_) view->set_in_valid(valid);
  }
  void set_out_ready(bool ready) override {
    for (const auto& view : views_) view->set_out_ready(ready);
  }
  bool in_ready() const override { return views_.front()->in_ready(); }
  bool out_valid() const override { return views_.front()->out_valid(); }
  CoreFlags flags() const override { return views_.front()->flags(); }

  void settle() override {
    for (std::size_t i = 0; i < views_.size(); ++i) {
      CoreModel& view = *views_[i];
      if (i > 0) {
        std::ranges::copy(a_, view.a().begin());
        std::ranges::copy(meta_, view.meta().begin());
        std::ranges::copy(b_, view.b().begin());
        std::ranges::copy(c_, view.c().begin());
      }
      view.settle();
      if (view.in_ready() != in_ready()) differ(i, "in_ready");
      if (view.out_valid() != out_valid()) differ(i, "out_valid");
      if (!out_valid()) continue;  // no payload
      if (!std::ranges::equal(view.d(), d_)) differ(i, "D");
      CoreFlags flags = view.flags(), expected = this->flags();
      if (!flags.meta_err) flags.meta_row = expected.meta_row = 0;
      if (!flags.meta_err) flags.meta_step = expected.meta_step = 0;
      if (!flags.meta_err) flags.meta_group = expected.meta_group = 0;
      if (flags != expected) differ(i, "the flags");
    }
  }
  void rise() override {
    for (const auto& view : views_) view->rise();
    ++cycle_;
  }
  int assertion_failures() const override { return assertion_failures_of(views_); }
  void open_wave(const std::string&, WaveWindow) override { throw std::runtime_error("no waves here"); }
  void close_wave() override {}

 private:
  void set_reset(bool active) override {
    for (const auto& view : views_) {
      if (active) view->reset();
    }
  }

  std::vector<std::unique_ptr<CoreModel>> views_;
};

/// What the engine drives, without the payload of channels that are not valid.
GemmOutputs seen(GemmOutputs out, int data_bytes) {
  AxiManager& m = out.memory;
  if (!m.ar_valid) m.ar = {};
  if (!m.aw_valid) m.aw = {};
  if (!m.w_valid) {
    m.w_last = false;
    m.w_strobe = 0;
  }
  for (int i = 0; i < static_cast<int>(m.w_data.size()); ++i) {
    if (!m.w_valid || i >= data_bytes || (m.w_strobe >> i & 1) == 0) m.w_data[static_cast<std::size_t>(i)] = {};
  }
  AxiLiteSubordinate& r = out.registers;
  if (!r.b_valid) r.b_resp = 0;
  if (!r.r_valid) r.r_resp = 0, r.r_data = 0;
  return out;
}

std::string difference(const GemmOutputs& a, const GemmOutputs& b) {
  const AxiManager &x = a.memory, &y = b.memory;
  if (x.ar_valid != y.ar_valid || x.ar != y.ar) return "AR";
  if (x.aw_valid != y.aw_valid || x.aw != y.aw) return "AW";
  if (x.w_valid != y.w_valid || x.w_last != y.w_last || x.w_strobe != y.w_strobe || x.w_data != y.w_data) return "W";
  if (x.r_ready != y.r_ready || x.b_ready != y.b_ready) return "the readies of R and B";
  const AxiLiteSubordinate &r = a.registers, &s = b.registers;
  if (r.aw_ready != s.aw_ready || r.w_ready != s.w_ready || r.ar_ready != s.ar_ready) return "the registers' readies";
  if (r.b_valid != s.b_valid || r.b_resp != s.b_resp) return "the registers' B";
  if (r.r_valid != s.r_valid || r.r_resp != s.r_resp || r.r_data != s.r_data)
    return fmt::format("the registers' R ({:#x}, not {:#x})", s.r_data, r.r_data);
  return a.irq != b.irq ? "the interrupt" : "";
}

/// One engine that is all views. The first clock edges with reset make them equal.
class GemmViews final : public GemmModel {
 public:
  explicit GemmViews(std::uint64_t seed) : views_(make_gemm_views(seed)) { preset_ = views_.front()->preset(); }

  void set_reset(bool active) override {
    for (const auto& view : views_) view->set_reset(active);
    if (active) edges_ = 0;
  }
  void drive(const AxiSubordinate& memory, const AxiLiteManager& registers) override {
    for (const auto& view : views_) view->drive(memory, registers);
    if (registers.ar_valid) read_address_ = registers.ar_address;
  }
  void settle() override {
    const int bytes = preset_.gemm.data_bytes();
    for (std::size_t i = 0; i < views_.size(); ++i) {
      views_[i]->settle();
      if (i == 0 || edges_ < 2) continue;
      const std::string what = difference(seen(views_.front()->outputs(), bytes), seen(views_[i]->outputs(), bytes));
      if (!what.empty()) differ(i, fmt::format("{}; the last register read is {:#x}", what, read_address_));
    }
  }
  void rise() override {
    for (const auto& view : views_) view->rise();
    ++edges_;
  }
  const GemmOutputs& outputs() override { return views_.front()->outputs(); }
  std::int64_t cycle() const override { return views_.front()->cycle(); }
  int assertion_failures() const override { return assertion_failures_of(views_); }
  void open_wave(const std::string&, WaveWindow) override { throw std::runtime_error("no waves here"); }
  void close_wave() override {}

 private:
  std::vector<std::unique_ptr<GemmModel>> views_;
  int edges_ = 0;  ///< since reset
  std::uint32_t read_address_ = 0;
};

int run(int argc, char** argv) {
  CLI::App app(
      fmt::format("The regression's tests of preset {} on three views of the RTL side by side: Verilator's model at "
                  "-O3, at -O0, and the Yosys netlist, each from other random bits in every register.",
                  netlist_preset().name));
  std::string unit;
  std::uint64_t seed = 1;
  int rounds = 1, fault = 0;
  app.add_option("unit", unit, "core or engine")->required()->check(CLI::IsMember({"core", "engine"}));
  app.add_option("--seed", seed, "of the first round")->capture_default_str();
  app.add_option("--rounds", rounds, "how often every test is run, each time with the next seed")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--fault", fault, "wake this mutant of the netlist, 1 and up (scripts/mutation.sh); 0 is none")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  select_mutant(fault);
  std::int64_t cycles = 0;
  int failures = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const Scenario& scenario : regress_scenarios(unit == "engine")) {
      const std::uint64_t s = seed + static_cast<std::uint64_t>(round);
      first_difference.clear();
      const Verdict verdict = scenario.run(s);
      cycles += verdict.cycles;
      if (!verdict.killed()) continue;
      ++failures;
      fmt::print("{}, seed {}: {}\n", scenario.name, s, first_difference.empty() ? verdict.what : first_difference);
    }
  }
  fmt::print("{} of preset {}: {} cycles of three views, {} failures\n", unit, netlist_preset().name, cycles, failures);
  return failures == 0 ? 0 : 1;
}

}  // namespace

// Linked in place of the presets' factories, so that the regression drives the views.
std::unique_ptr<CoreModel> make_core_model(std::string_view, bool, std::uint64_t seed) {
  return std::make_unique<CoreViews>(seed);
}
std::vector<std::string> core_model_presets() { return {netlist_preset().name}; }
std::unique_ptr<GemmModel> make_gemm_model(std::string_view, bool, std::uint64_t seed) {
  return std::make_unique<GemmViews>(seed);
}
std::vector<std::string> gemm_model_presets() { return {netlist_preset().name}; }

}  // namespace spmma::verif

int main(int argc, char** argv) {
  try {
    return spmma::verif::run(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}: {}\n", argv[0], e.what());
    return 1;
  }
}
