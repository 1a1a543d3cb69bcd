// SPDX-License-Identifier: Apache-2.0
#include "sweep/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>

#include "io/error.h"
#include "spmma/core_timing.h"
#include "sweep/buffers.h"
#include "sweep/model_library.h"
#include "sweep/simulate.h"
#include "sweep/synthesis.h"
#include "sweep/timing.h"

namespace spmma::sweep {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Json case_json(const CaseResult& c, const CoreParams& core) {
  return {{"name", c.name},
          {"format", name(c.format)},
          {"format_b", name(c.format_b)},
          {"acc", name(c.acc)},
          {"mode", c.sparse ? "sparse" : "dense"},
          {"m", c.m},
          {"n", c.n},
          {"k", c.k},
          {"cycles", c.cycles},
          {"cycles_model", c.cycles_model},
          {"mismatches", c.mismatches},
          {"utilisation", utilisation(c, core)},
          {"error_max_ulp", c.error.max_ulp},
          {"error_rms_ulp", c.error.rms_ulp()},
          {"activity", c.activity.per_cycle()}};
}

/// Cycles of the GEMMs in each of their two ways.
struct Ways {
  std::int64_t quickest = 0;  ///< of all GEMMs, each in the quicker of the ways that it ran
  Json speed_up = nullptr;    ///< dense over sparse, of those that ran both ways
};

Ways compare_ways(const std::vector<CaseResult>& cases) {
  struct Cycles {
    std::int64_t dense = 0, sparse = 0;
  };
  std::map<std::string, Cycles> by_problem;
  for (const CaseResult& c : cases) {
    Cycles& cycles = by_problem[fmt::format("{} {} {} {} {} {}", c.name, name(c.format), name(c.acc), c.m, c.n, c.k)];
    (c.sparse ? cycles.sparse : cycles.dense) += c.cycles;
  }
  Ways ways;
  Cycles both;
  for (const auto& [problem, cycles] : by_problem) {
    const bool twice = cycles.dense != 0 && cycles.sparse != 0;
    ways.quickest += twice ? std::min(cycles.dense, cycles.sparse) : cycles.dense + cycles.sparse;
    both.dense += twice ? cycles.dense : 0;
    both.sparse += twice ? cycles.sparse : 0;
  }
  if (both.sparse != 0) ways.speed_up = static_cast<double>(both.dense) / static_cast<double>(both.sparse);
  return ways;
}

void add_simulation(Record& record, const std::vector<CaseResult>& results, const CoreParams& core) {
  Json cases = Json::array();
  std::int64_t cycles = 0, model = 0, macs = 0, mismatches = 0;
  double used = 0;
  NumericError error;
  for (const CaseResult& c : results) {
    cases.push_back(case_json(c, core));
    cycles += c.cycles;
    model += c.cycles_model;
    macs += c.macs();
    mismatches += c.mismatches;
    used += utilisation(c, core) * static_cast<double>(c.cycles);
    error.add(c.error);
  }
  const Ways ways = compare_ways(results);
  record["simulation"] = {{"cycles", cycles},
                          {"cycles_quickest", ways.quickest},
                          {"cycles_model", model},
                          {"macs", macs},
                          {"mismatches", mismatches},
                          {"latency", core_latency(core).result},
                          {"utilisation", cycles == 0 ? 0 : used / static_cast<double>(cycles)},
                          {"speed_up", ways.speed_up},
                          {"cases", cases}};
  record["error"] = {{"max_ulp", error.max_ulp},
                     {"rms_ulp", error.rms_ulp()},
                     {"results", error.results},
                     {"not_finite", error.not_finite}};
}

/// A net may drive a quarter of what the largest buffer can: then a stage of a buffer tree costs about as much as a
/// gate.
constexpr double kLoadShare = 0.25;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Power and energy of the GEMMs, each at the activity that its registers had.
Json power_json(const TimingResult& timing, const std::vector<CaseResult>& cases) {
  struct Sum {
    double energy_pj = 0, cycles = 0, macs = 0;
    void add(const CaseResult& c, double power_mw, double period_ns) {
      cycles += static_cast<double>(c.cycles);
      macs += static_cast<double>(c.macs());
      energy_pj += power_mw * period_ns * static_cast<double>(c.cycles);  // mW x ns = pJ, of a cycle
    }
    Json per_mac() const { return macs == 0 ? Json() : Json(energy_pj / macs); }
  };
  Sum all, dense, sparse;
  Activity activity;
  for (const CaseResult& c : cases) {
    const double power = timing.power_mw(c.activity.per_cycle());
    all.add(c, power, timing.period_ns);
    (c.sparse ? sparse : dense).add(c, power, timing.period_ns);
    activity.changes += c.activity.changes;
    activity.bit_cycles += c.activity.bit_cycles;
  }
  return {{"total_mw", all.cycles == 0 ? 0 : all.energy_pj / (all.cycles * timing.period_ns)},
          {"clock_mw", timing.clock_mw},
          {"activity", activity.per_cycle()},
          {"energy_per_mac_pj", all.per_mac()},
          {"dense_energy_per_mac_pj", dense.per_mac()},
          {"sparse_energy_per_mac_pj", sparse.per_mac()}};
}

/// The clock of a multiplier alone, mapped and timed in the same way; timed once for all points.
double multiplier_period(const MultiplierWidths& widths, const Task& task, const Liberty& liberty, double most,
                         const Cache& cache) {
  std::vector<double> periods;
  for (Netlist& netlist : synthesise_multiplier(widths, task.clock_targets, task.tools, liberty, cache)) {
    insert_buffers(netlist, liberty, most);
    periods.push_back(time_netlist(netlist, liberty, task.tools, cache).period_ns);
  }
  return median(std::move(periods));
}

/// Synthesis, and with a cell library timing and power.
void add_hardware(Record& record, const Point& point, const Task& task, const std::vector<CaseResult>& cases,
                  const Cache& cache, Json& seconds) {
  const Clock::time_point begin = Clock::now();
  std::optional<Liberty> liberty;
  if (!task.tools.liberty.empty()) liberty = read_liberty(task.tools.liberty);
  SynthesisResult mapped =
      synthesise(point, task.unit, task.clock_targets, task.tools, liberty ? &*liberty : nullptr, cache);
  Json& synthesis = record["synthesis"] = {{"gate_equivalents", mapped.plain.gate_equivalents},
                                           {"logic_depth", mapped.plain.logic_depth},
                                           {"deepest_module", mapped.plain.deepest},
                                           {"memory_bits", mapped.memory_bits}};
  if (!liberty) {
    synthesis["note"] = "no liberty file: technology-free figures alone";
    seconds["synthesis"] = seconds_since(begin);
    return;
  }
  const double most = kLoadShare * liberty->cells.at(liberty->buffer).max_capacitance;
  struct Target {
    CellCount count;
    TimingResult timing;
  };
  std::vector<Target> targets;
  double timing_seconds = 0;
  for (Netlist& netlist : mapped.netlists) {
    insert_buffers(netlist, *liberty, most);
    const Clock::time_point start = Clock::now();
    targets.push_back({count_cells(netlist, *liberty), time_netlist(netlist, *liberty, task.tools, cache, task.paths)});
    timing_seconds += seconds_since(start);
  }
  // Of several clock targets the one whose clock is the median stands for all.
  std::vector<double> periods;
  for (const Target& t : targets) periods.push_back(t.timing.period_ns);
  const double period = median(periods);
  const auto nearest =
      std::ranges::min_element(targets, {}, [&](const Target& t) { return std::abs(t.timing.period_ns - period); });
  synthesis["area"] = nearest->count.area;
  synthesis["cells"] = nearest->count.cells;
  synthesis["flops"] = nearest->count.flops;
  for (const auto& [block, area] : nearest->count.area_by_block) synthesis["area_by_block"][block] = area;
  const Clock::time_point start = Clock::now();
  const double multiplier = multiplier_period(mapped.multiplier, task, *liberty, most, cache);
  timing_seconds += seconds_since(start);
  record["timing"] = {{"fmax_mhz", 1000 / period},
                      {"period_ns", period},
                      {"periods_ns", periods},
                      {"multiplier_period_ns", multiplier},
                      {"of_multiplier_fmax", multiplier / period},
                      {"critical_path", nearest->timing.critical_path}};
  if (task.paths) record["timing"]["registers"] = nearest->timing.registers;
  record["power"] = power_json(nearest->timing, cases);
  seconds["synthesis"] = seconds_since(begin) - timing_seconds;
  seconds["timing"] = timing_seconds;
}

/// Why the results are wrong, or nothing.
std::string wrong_result(const std::vector<CaseResult>& cases) {
  for (const CaseResult& c : cases) {
    if (c.passed()) continue;
    return fmt::format("{} {} {}: {} of {} results differ from the golden model, {} cycles where the model says {}",
                       c.name, name(c.format), c.sparse ? "sparse" : "dense", c.mismatches, c.m * c.n, c.cycles,
                       c.cycles_model);
  }
  return "";
}

}  // namespace

Record evaluate(const Point& point, const Task& task) {
  const Clock::time_point start = Clock::now();
  if (const auto reason = not_measurable(point, task)) return new_record(point, task, "unbuildable", *reason);
  Record record = new_record(point, task, "ok");
  Json seconds = Json::object();
  const auto timed = [&](const char* step, const auto& work) {
    const Clock::time_point begin = Clock::now();
    work();
    seconds[step] = seconds_since(begin);
  };
  const auto fail = [&](const std::string& status, const std::string& reason) {
    record["status"] = status;
    record["reason"] = reason;
  };
  const Cache cache(task.cache);
  std::vector<CaseResult> simulation;
  try {
    std::filesystem::path library;
    timed("model", [&] { library = model_library(point, task.unit, task.tools, cache); });
    timed("simulation", [&] { simulation = simulate({library, point, task.unit}, point, task.unit, task.workload); });
    add_simulation(record, simulation, preset_of(point).core);
    if (const std::string wrong = wrong_result(simulation); !wrong.empty()) {
      fail("failed", wrong);
    } else if (!task.tools.yosys_version.empty()) {
      add_hardware(record, point, task, simulation, cache, seconds);
    }
  } catch (const verif::InputError&) {
    throw;
  } catch (const std::exception& e) {
    // The RTL's own refusal: a module that is missing by a name that says what is wrong.
    const std::string what = e.what();
    const std::size_t refused = what.find("spmma_error_");
    if (refused != std::string::npos) {
      std::string rule = what.substr(refused + 12, what.find_first_of("'` ", refused) - refused - 12);
      for (char& c : rule) c = c == '_' ? ' ' : c;
      fail("unbuildable", rule);
    } else {
      fail("failed", what);
    }
  }
  seconds["total"] = seconds_since(start);
  record["seconds"] = seconds;
  return record;
}

}  // namespace spmma::sweep
