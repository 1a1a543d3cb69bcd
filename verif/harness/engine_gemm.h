// SPDX-License-Identifier: Apache-2.0
// A whole GEMM on the verilated spmma_gemm: operands laid out in memory, one job, D read back (`--unit engine`).
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>

#include "gemm_driver.h"
#include "spmma/gemm.h"

namespace spmma::verif {

/// Where an operand lies within its own region of memory.
struct OperandLayout {
  std::int64_t offset = 0;   ///< of its first byte from a 4 KiB line
  std::int64_t pitch = 0;    ///< 0: a row's bytes rounded up to the data width
  std::int64_t stride = -1;  ///< -1: rows x pitch; 0 always for an operand that serves every entry
};

struct GemmLayout {
  std::uint64_t base = std::uint64_t{1} << 32;  ///< of the first region, a 4 KiB line
  std::uint64_t guard = 4096;                   ///< bytes behind an operand's last 4 KiB line, whole lines
  OperandLayout a, e, b, c, d;
  bool c_in_place = false;  ///< C lies where D is to be; needs a C for each entry of D
};

/// Any legal layout for the problem: odd pitches, offsets and strides.
GemmLayout random_layout(const GemmProblem& problem, std::mt19937_64& random);

/// The operands of a problem in memory, with random bytes around them, and its job.
class PlacedGemm {
 public:
  /// The problem must live as long as this.
  PlacedGemm(AxiMemory& memory, const GemmProblem& problem, const GemmLayout& layout, std::uint64_t seed);

  const GemmTimingJob& job() const { return job_; }
  std::uint64_t end() const { return end_; }  ///< a 4 KiB line behind the last region
  /// Tells the checker which bytes the job may read and write.
  void allow(AxiChecker& checker) const;
  /// First and last byte that belong to an operand.
  AxiWindow read_window() const;
  AxiWindow write_window() const;
  Tensor d() const;

 private:
  std::span<std::byte> place(AxiMemory& memory, GemmOperand& operand, const OperandLayout& layout, std::int64_t rows,
                             std::int64_t row_bytes, bool batched, int data_bytes);

  const GemmProblem& problem_;
  GemmTimingJob job_;
  GemmRowBytes bytes_;
  std::mt19937_64 random_;
  std::uint64_t guard_;
  std::uint64_t end_;
  std::span<std::byte> d_;  ///< from D's first byte on
};

struct EngineRunOptions {
  std::string preset = "ampere";
  MetadataRule rule = MetadataRule::ordered;
  int latency = 100;
  int bandwidth = 0;       ///< bytes a cycle; 0: the data width
  double stall = 0.0;      ///< probability that the memory holds a handshake back in a cycle, 0 to below 1
  std::uint64_t seed = 1;  ///< of the stalls and of the bytes around the operands
  std::string wave = {};   ///< file to write (.fst or .vcd), empty for none
  GemmLayout layout = {};
  /// Called now and then with (beats done, beats in all).
  std::function<void(std::int64_t, std::int64_t)> progress = {};
};

struct EngineRunResult {
  Tensor d;
  GemmCounters counters;
  GemmCycles model;                 ///< what gemm_cycles() says of the unstalled run
  std::int64_t cycles_counted = 0;  ///< start write to last write response, seen from outside; 0 without a response
  std::int64_t held = 0;            ///< cycles in which the stalls held a channel back
  GemmError error;                  ///< code 0 if the job is done
  GemmMetadata metadata;
};

/// Cycles after which a run counts as hung, whatever the stalls are.
std::int64_t engine_limit(const Preset& preset, const GemmTimingJob& job, const EngineRunOptions& options);

/// Runs the GEMM on the preset's model. Preconditions: the problem is legal on the preset; every size agrees.
/// Throws std::runtime_error if the wave file cannot be written, a rule of the bus is broken, an assertion of the RTL
/// fails or the engine hangs.
EngineRunResult run_engine_gemm(const GemmProblem& problem, const EngineRunOptions& options);

}  // namespace spmma::verif
