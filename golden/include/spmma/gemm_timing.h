// SPDX-License-Identifier: Apache-2.0
// Cycle model of spmma_gemm, written from docs/gemm.md, "Cycles": how many cycles a GEMM takes from memory to memory,
// why, and what it moves, exactly and without simulating. It knows nothing of values.
#pragma once

#include <cstdint>
#include <optional>

#include "spmma/format.h"
#include "spmma/preset.h"

namespace spmma {

/// Where a matrix lies: byte address of its first element, bytes from row to row and from batch entry to batch entry
/// (0: one matrix serves every entry). Multiples of the element's size.
struct GemmOperand {
  std::uint64_t address = 0;
  std::uint64_t pitch = 0;
  std::uint64_t stride = 0;

  /// Byte address of a row's first element, modulo 2^64.
  std::uint64_t row_address(std::int64_t entry, std::int64_t row) const {
    return address + static_cast<std::uint64_t>(entry) * stride + static_cast<std::uint64_t>(row) * pitch;
  }
};

/// A job as the registers of spmma_gemm hold it. A sparse A is given compressed: rows of stored values in `a`, rows of
/// packed nibbles in `e` (two a byte). `e` is unused by a dense job, `c` without has_c. D has the accumulator's type.
struct GemmTimingJob {
  Format a_format = Format::int8;
  Format b_format = Format::int8;
  Acc acc = Acc::s32;
  bool sparse = false;
  bool has_c = false;
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;  ///< of the GEMM, not stored: a sparse row stores k/2 elements
  std::int64_t batch = 1;
  GemmOperand a, e, b, c, d;
};

/// Bytes of one row of each operand as it lies in memory, without padding.
struct GemmRowBytes {
  std::int64_t a = 0, e = 0, b = 0, c = 0, d = 0;
};
GemmRowBytes gemm_row_bytes(const GemmTimingJob& job);

/// Gives the operands the default layout: one after the other from address `first`, each beginning on a 4 KiB line, a
/// row's pitch its bytes rounded up to the data width `data_bytes`, a stride its rows x pitch. Operands that the job
/// does not use take no space. Returns the address behind the last one, or nothing if they reach beyond 2^64.
std::optional<std::uint64_t> gemm_default_layout(GemmTimingJob& job, int data_bytes, std::uint64_t first = 0);

/// The memory behind the engine (docs/gemm.md, "The memory").
struct MemoryTiming {
  int latency = 100;   ///< cycles from an AR handshake to the first R beat, and from a last W handshake to its B; >= 1
  int bandwidth = 64;  ///< bytes a cycle, reads and writes each; 1 to the data width in bytes
};

/// Cycles without a step, by what the sequencer waited for.
struct GemmStalls {
  std::int64_t start = 0;     ///< from the start write to the job's first step, whatever for
  std::int64_t a = 0;         ///< values of A
  std::int64_t metadata = 0;  ///< metadata of A
  std::int64_t b = 0;         ///< rows of B
  std::int64_t c = 0;         ///< rows of C
  std::int64_t d = 0;         ///< a free strip of the D ring
  std::int64_t chain = 0;     ///< the accumulator's previous step
  std::int64_t drain = 0;     ///< after the last step, to the last write response
};

/// What the counters of spmma_gemm hold after a job without back-pressure beyond the memory's.
struct GemmCycles {
  std::int64_t cycles = 0;  ///< from the start write to the last write response, both counted
  std::int64_t steps = 0;   ///< of spmma_core, one a cycle: cycles = steps + all stalls
  std::int64_t lanes = 0;   ///< products that took part in D, of steps x Rows x Cols x L
  GemmStalls stalls;
  std::int64_t held_w = 0;      ///< cycles in which the memory's bandwidth held a W beat back
  std::int64_t bytes_read = 0;  ///< of operands: what segments ask for, not whole beats
  std::int64_t bytes_written = 0;
  std::int64_t beats_read = 0;
  std::int64_t beats_written = 0;
};

/// Runs of equal blocks are skipped over, so the time taken grows with what differs, not with the GEMM's size.
/// Precondition: the job passes the engine's checks (docs/gemm.md, "Errors") on this preset, `memory` is in range.
GemmCycles gemm_cycles(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory);

/// The same by walking over every segment and run: the definition, which gemm_cycles is tested against.
GemmCycles gemm_cycles_reference(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory);

}  // namespace spmma
