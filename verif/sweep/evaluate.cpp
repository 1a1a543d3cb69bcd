// SPDX-License-Identifier: Apache-2.0
#include "sweep/evaluate.h"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <stdexcept>

#include "io/error.h"
#include "sweep/model_library.h"
#include "sweep/simulate.h"

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
          {"error_rms_ulp", c.error.rms_ulp()}};
}

/// Dense cycles over sparse ones, of the GEMMs that ran both ways.
Json speed_up(const std::vector<CaseResult>& cases) {
  struct Cycles {
    std::int64_t dense = 0, sparse = 0;
  };
  std::map<std::string, Cycles> by_problem;
  for (const CaseResult& c : cases) {
    Cycles& cycles = by_problem[fmt::format("{} {} {} {} {}", c.name, name(c.format), c.m, c.n, c.k)];
    (c.sparse ? cycles.sparse : cycles.dense) += c.cycles;
  }
  Cycles both;
  for (const auto& [problem, cycles] : by_problem) {
    if (cycles.dense == 0 || cycles.sparse == 0) continue;
    both.dense += cycles.dense;
    both.sparse += cycles.sparse;
  }
  if (both.sparse == 0) return nullptr;
  return static_cast<double>(both.dense) / static_cast<double>(both.sparse);
}

void add_simulation(Record& record, const SimulationResult& result, const CoreParams& core) {
  Json cases = Json::array();
  std::int64_t cycles = 0, model = 0, macs = 0, mismatches = 0;
  double used = 0;
  NumericError error;
  for (const CaseResult& c : result.cases) {
    cases.push_back(case_json(c, core));
    cycles += c.cycles;
    model += c.cycles_model;
    macs += c.macs();
    mismatches += c.mismatches;
    used += utilisation(c, core) * static_cast<double>(c.cycles);
    error.add(c.error);
  }
  record["simulation"] = {{"cycles", cycles},
                          {"cycles_model", model},
                          {"macs", macs},
                          {"mismatches", mismatches},
                          {"utilisation", cycles == 0 ? 0 : used / static_cast<double>(cycles)},
                          {"speed_up", speed_up(result.cases)},
                          {"cases", cases}};
  record["error"] = {{"max_ulp", error.max_ulp},
                     {"rms_ulp", error.rms_ulp()},
                     {"results", error.results},
                     {"not_finite", error.not_finite}};
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
  if (const auto reason = not_buildable(point, task.unit)) return new_record(point, task, "unbuildable", *reason);
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
  SimulationResult simulation;
  try {
    std::filesystem::path library;
    timed("model", [&] { library = model_library(point, task.unit, task.tools, cache); });
    timed("simulation", [&] { simulation = simulate({library, point, task.unit}, point, task.unit, task.workload); });
    add_simulation(record, simulation, preset_of(point).core);
    if (const std::string wrong = wrong_result(simulation.cases); !wrong.empty()) fail("failed", wrong);
  } catch (const verif::InputError&) {
    throw;
  } catch (const std::runtime_error& e) {
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
