// SPDX-License-Identifier: Apache-2.0
// Where the operands of a GEMM lie in memory.
#pragma once

#include <cstdint>
#include <random>

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
  /// Where not all operands have too many rows for it (kScatteredRows): each row in memory of its own, at an address,
  /// with a pitch and a stride of up to all their bits; nothing of the above but `c_in_place` matters then.
  bool scattered = false;
};

inline constexpr std::int64_t kScatteredRows = 256;  ///< of all entries of an operand together

/// Any legal layout for the problem: odd pitches, offsets and strides.
GemmLayout random_layout(const GemmProblem& problem, std::mt19937_64& random);

}  // namespace spmma::verif
