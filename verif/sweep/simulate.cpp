// SPDX-License-Identifier: Apache-2.0
#include "sweep/simulate.h"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>

#include "harness/core_gemm.h"
#include "harness/engine_gemm.h"

namespace spmma::sweep {
namespace {

struct Run {
  Tensor d;
  std::int64_t cycles, cycles_model;
};

Run run_core(const LoadedModel& model, const GemmProblem& problem, ActivityProbe& probe) {
  verif::CoreRunOptions options;
  options.model = [&] { return model.make_core(options.seed, &probe); };
  verif::CoreRunResult result = run_core_gemm(problem, options);
  return {std::move(result.d), result.cycles, result.cycles_model};
}

Run run_engine(const LoadedModel& model, const Point& point, const GemmProblem& problem, ActivityProbe& probe) {
  verif::EngineRunOptions options{.latency = point.memory_latency, .bandwidth = point.memory_bandwidth};
  options.model = [&] { return model.make_gemm(options.seed, &probe); };
  verif::EngineRunResult result = run_engine_gemm(problem, options);
  if (result.error.code != 0) {
    throw std::runtime_error(fmt::format("the engine ends a GEMM with error {}", result.error.code));
  }
  return {std::move(result.d), result.counters.cycles.cycles, result.model.cycles};
}

}  // namespace

double utilisation(const CaseResult& r, const CoreParams& core) {
  if (r.cycles == 0) return 0;
  const double most = static_cast<double>(r.cycles) * core.rows * core.cols *
                      products_per_step(core.arith(), r.format) * (r.sparse ? 2 : 1);
  return static_cast<double>(r.macs()) / most;
}

std::vector<CaseResult> simulate(const LoadedModel& model, const Point& point, Unit unit, const Workload& workload) {
  std::vector<CaseResult> cases;
  run_workload(workload, preset_of(point).core, [&](const WorkloadCase& c) {
    const GemmProblem& problem = *c.problem;
    ActivityProbe probe;
    Run run = unit == Unit::core ? run_core(model, problem, probe) : run_engine(model, point, problem, probe);
    cases.push_back({.name = c.name,
                     .format = problem.a_format,
                     .format_b = problem.b_format,
                     .acc = problem.acc,
                     .sparse = problem.sparse,
                     .m = problem.m(),
                     .n = problem.n(),
                     .k = problem.k(),
                     .cycles = run.cycles,
                     .cycles_model = run.cycles_model,
                     .mismatches = count_differences(run.d, gemm_fast(problem, 1)),
                     .error = numeric_error(problem, run.d),
                     .activity = probe.activity()});
    return std::move(run.d);
  });
  return cases;
}

}  // namespace spmma::sweep
