// SPDX-License-Identifier: Apache-2.0
// What a run of a GEMM tells: the registers of spmma_gemm of a job that ended, and where D went wrong.
#pragma once

#include <cstdint>

#include "spmma/gemm_timing.h"

namespace spmma::verif {

/// ERROR and its position.
struct GemmError {
  int code = 0;
  int operand = 0;
  std::uint32_t entry = 0;
  std::uint32_t row = 0;
  std::uint32_t group = 0;
};

/// Illegal codes of the last finished job.
struct GemmMetadata {
  std::uint64_t count = 0;
  std::uint32_t entry = 0;
  std::uint32_t row = 0;
  std::uint32_t group = 0;
};

/// COUNT_* of the last finished job.
struct GemmCounters {
  GemmCycles cycles;
  std::int64_t held_ar = 0;
  std::int64_t held_aw = 0;
};

/// The first element of D that differs from what was expected, in the order in which D leaves the unit.
struct FirstWrong {
  std::int64_t cycle = 0;  ///< of the model: in which its tile or beat went out
  std::int64_t entry = 0;
  std::int64_t row = 0;
  std::int64_t col = 0;
};

}  // namespace spmma::verif
