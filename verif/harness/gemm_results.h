// SPDX-License-Identifier: Apache-2.0
// What the registers of spmma_gemm tell of a job that ended.
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

}  // namespace spmma::verif
