// SPDX-License-Identifier: Apache-2.0
#include "engine_gemm.h"

#include <algorithm>
#include <stdexcept>

#include "gemm_driver.h"
#include "placed_gemm.h"

namespace spmma::verif {

namespace {

/// Cycles after which a run counts as hung: each stalled handshake takes 1 / (1 - P) cycles, and one may wait for
/// another.
std::int64_t limit(std::int64_t unstalled, double stall) {
  return 10000 + static_cast<std::int64_t>(10 / ((1 - stall) * (1 - stall)) * static_cast<double>(unstalled));
}

}  // namespace

EngineRunResult run_engine_gemm(const GemmProblem& problem, const EngineRunOptions& options) {
  GemmDriverOptions driver_options{.preset = options.preset,
                                   .latency = options.latency,
                                   .bandwidth = options.bandwidth,
                                   .seed = options.seed,
                                   .wave = options.wave,
                                   .window = options.window};
  if (options.stall > 0) driver_options.stalls.fill({StallKind::random, options.stall});
  GemmDriver driver(driver_options);
  const PlacedGemm placed(driver.memory(), problem, options.layout, options.seed);
  placed.allow(driver.checker());

  EngineRunResult result;
  AxiMemory& memory = driver.memory();
  const int bandwidth = options.bandwidth == 0 ? memory.data_bytes() : options.bandwidth;
  result.model = gemm_cycles(driver.preset(), placed.job(), {.latency = options.latency, .bandwidth = bandwidth});
  driver.write_job(
      gemm_registers(placed.job(), {.saturate = problem.saturate, .meta_any = options.rule == MetadataRule::any}));
  if (!driver.start()) throw std::runtime_error("spmma_gemm refuses a job");
  const std::int64_t started = driver.last_write();
  const auto progress = [&] {
    if (!options.progress) return;
    const std::int64_t done = memory.count(AxiChannel::r).handshakes + memory.count(AxiChannel::w).handshakes;
    options.progress(done, result.model.beats_read + result.model.beats_written);
  };
  driver.wait(limit(result.model.cycles, options.stall), progress);
  progress();

  if (!driver.write_responses().empty()) result.cycles_counted = driver.write_responses().back().cycle - started + 1;
  for (int c = 0; c < kAxiChannels; ++c) result.held += memory.count(static_cast<AxiChannel>(c)).held;
  if (driver.status().error) result.error = driver.error();
  result.metadata = driver.metadata();
  result.counters = driver.counters();
  driver.finish();
  result.d = placed.d();
  return result;
}

}  // namespace spmma::verif
