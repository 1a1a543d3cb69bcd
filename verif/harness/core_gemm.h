// SPDX-License-Identifier: Apache-2.0
// A whole GEMM on the verilated spmma_core: tiles are cut, streamed and gathered here (`--unit core`).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gemm_results.h"
#include "model/core_model.h"
#include "model/wave_window.h"
#include "spmma/gemm.h"
#include "spmma/preset.h"

namespace spmma::verif {

/// One step of one element as the RTL computed it (for `spmma explain`): the accumulator after the step.
struct CoreStepValue {
  std::uint32_t result = 0;
};

struct CoreRunOptions {
  std::string preset = "ampere";
  MetadataRule rule = MetadataRule::ordered;
  double stall = 0.0;                ///< probability that a handshake is held back in a cycle, 0 to below 1
  std::uint64_t seed = 1;            ///< of the stalls
  std::string wave = {};             ///< file to write (.fst or .vcd), empty for none
  WaveWindow window = {};            ///< cycles of the model that the wave holds
  const Tensor* expected = nullptr;  ///< D as it should be, to find first_wrong
  /// Called now and then with (steps done, steps in all).
  std::function<void(std::int64_t, std::int64_t)> progress = {};
  std::function<std::unique_ptr<CoreModel>()> model = {};  ///< what runs; empty: the preset's
};

struct CoreRunResult {
  Tensor d;
  std::int64_t cycles = 0;           ///< first input handshake to last output handshake, both counted; 0 if no step ran
  std::int64_t cycles_model = 0;     ///< the unstalled prediction of core_cycles()
  std::int64_t steps = 0;            ///< beats sent
  std::int64_t stall_input = 0;      ///< cycles in which the harness held the input back
  std::int64_t stall_output = 0;     ///< cycles in which the harness held the output back
  std::int64_t stall_core = 0;       ///< cycles in which the core held the input back (in_ready_o low)
  std::int64_t bytes_read = 0;       ///< operand bytes that crossed the input port in use (A, metadata, B, C)
  std::int64_t bytes_written = 0;    ///< result bytes that crossed the output port in use
  std::int64_t metadata_errors = 0;  ///< results flagged with an illegal nibble
  std::optional<GroupPosition> first_metadata_error = {};
  std::optional<FirstWrong> first_wrong = {};  ///< where there is an expected D
};

/// Runs the GEMM on the preset's model. Preconditions: the problem is legal on the preset; every size agrees.
/// Throws std::runtime_error if the wave file cannot be written, and HardwareFailure if an assertion of the RTL fails
/// or the model stops answering (a watchdog).
CoreRunResult run_core_gemm(const GemmProblem& problem, const CoreRunOptions& options);

/// The accumulator of one element after each step of its chain, from the RTL. Each prefix of a chain is a run of its
/// own; after every 16 steps the prefixes start afresh from the RTL's own result as C, so the work is linear.
std::vector<std::uint32_t> core_chain(const GemmProblem& problem, const CoreRunOptions& options, std::int64_t entry,
                                      std::int64_t row, std::int64_t col);

}  // namespace spmma::verif
