// SPDX-License-Identifier: Apache-2.0
// In the RTL's place: the golden model with a fault that the seed chooses.
#include <cstddef>

#include "harness/core_gemm.h"
#include "harness/engine_gemm.h"
#include "spmma/core_timing.h"
#include "spmma/gemm_timing.h"

namespace spmma::verif {
namespace {

constexpr std::uint64_t kWrongValue = 2;   // the lowest bit of D's last element, from the second step on
constexpr std::uint64_t kWrongCycles = 3;  // one too many
constexpr std::uint64_t kWrongFlag = 4;    // legal metadata flagged
constexpr std::uint64_t kError = 5;        // the engine ends the job with an error

void spoil(Tensor& d) { *(d.data.end() - d.elem_bytes) ^= std::byte{1}; }

}  // namespace

EngineRunResult run_engine_gemm(const GemmProblem& p, const EngineRunOptions& options) {
  EngineRunResult run;
  run.d = gemm_reference(p);
  if (options.seed == kWrongValue) spoil(run.d);
  if (options.seed == kWrongFlag) run.metadata.count = 1;
  if (options.seed == kError) run.error = {.code = 6, .operand = 2, .entry = 0, .row = 5, .group = 0};
  GemmTimingJob job;
  job.a_format = p.a_format;
  job.b_format = p.b_format;
  job.acc = p.acc;
  job.sparse = p.sparse;
  job.m = p.m();
  job.n = p.n();
  job.k = p.k();
  gemm_default_layout(job, 64);
  run.counters.cycles = gemm_cycles(*find_preset(options.preset), job, {options.latency, options.bandwidth});
  if (options.seed == kWrongCycles) ++run.counters.cycles.cycles;
  return run;
}

CoreRunResult run_core_gemm(const GemmProblem& p, const CoreRunOptions& options) {
  CoreRunResult run;
  run.d = gemm_reference(p);
  if (options.seed == kWrongValue) spoil(run.d);
  const CoreParams& core = find_preset(options.preset)->core;
  const std::int64_t tiles = (p.m() + core.rows - 1) / core.rows * ((p.n() + core.cols - 1) / core.cols);
  run.cycles = run.cycles_model = core_cycles(core, tiles * p.batch(), gemm_steps(p));
  if (options.seed == kWrongCycles) ++run.cycles;
  if (options.seed == kWrongFlag) run.metadata_errors = 1;
  return run;
}

std::vector<std::uint32_t> core_chain(const GemmProblem& p, const CoreRunOptions& options, std::int64_t entry,
                                      std::int64_t row, std::int64_t col) {
  std::vector<std::uint32_t> chain;
  for (const StepTrace& step : gemm_trace(p, entry, row, col)) chain.push_back(step.result);
  if (options.seed == kWrongValue) {
    for (std::size_t i = 1; i < chain.size(); ++i) chain[i] ^= 1;
  }
  return chain;
}

}  // namespace spmma::verif
