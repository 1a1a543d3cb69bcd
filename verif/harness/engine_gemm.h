// SPDX-License-Identifier: Apache-2.0
// A whole GEMM on the verilated spmma_gemm: operands laid out in memory, one job, D read back (`--unit engine`).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gemm_layout.h"
#include "gemm_results.h"
#include "model/gemm_model.h"
#include "model/wave_window.h"
#include "spmma/gemm.h"

namespace spmma::verif {

struct EngineRunOptions {
  std::string preset = "ampere";
  MetadataRule rule = MetadataRule::ordered;
  int latency = 100;
  int bandwidth = 0;       ///< bytes a cycle; 0: the data width
  double stall = 0.0;      ///< probability that the memory holds a handshake back in a cycle, 0 to below 1
  std::uint64_t seed = 1;  ///< of the stalls and of the bytes around the operands
  std::string wave = {};   ///< file to write (.fst or .vcd), empty for none
  WaveWindow window = {};  ///< cycles of the model that the wave holds
  GemmLayout layout = {};
  const Tensor* expected = nullptr;  ///< D as it should be, to find first_wrong
  /// Called now and then with (beats done, beats in all).
  std::function<void(std::int64_t, std::int64_t)> progress = {};
  std::function<std::unique_ptr<GemmModel>()> model = {};  ///< what runs; empty: the preset's
};

struct EngineRunResult {
  Tensor d;
  GemmCounters counters;
  GemmCycles model;                 ///< what gemm_cycles() says of the unstalled run
  std::int64_t cycles_counted = 0;  ///< start write to last write response, seen from outside; 0 without a response
  std::int64_t held = 0;            ///< cycles in which the stalls held a channel back
  GemmError error;                  ///< code 0 if the job is done
  GemmMetadata metadata;
  std::optional<FirstWrong> first_wrong = {};  ///< where there is an expected D
};

/// Runs the GEMM on the preset's model. Preconditions: the problem is legal on the preset; every size agrees.
/// Throws std::runtime_error if the wave file cannot be written, and HardwareFailure if a rule of the bus is broken, an
/// assertion of the RTL fails or the engine hangs.
EngineRunResult run_engine_gemm(const GemmProblem& problem, const EngineRunOptions& options);

}  // namespace spmma::verif
