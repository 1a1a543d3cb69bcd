// SPDX-License-Identifier: Apache-2.0
// The operands of a GEMM in the memory behind spmma_gemm.
#pragma once

#include <cstdint>
#include <random>
#include <span>

#include "axi_checker.h"
#include "axi_memory.h"
#include "gemm_layout.h"
#include "spmma/gemm.h"
#include "spmma/gemm_timing.h"

namespace spmma::verif {

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
  /// Fills D's place with a byte, as if nothing had been computed.
  void blank_d(std::byte with);
  /// Address of the first byte of an element of D.
  std::uint64_t d_address(std::int64_t entry, std::int64_t row, std::int64_t col) const;

 private:
  void place(GemmOperand& operand, const OperandLayout& layout, std::int64_t rows, std::int64_t row_bytes,
             bool batched);
  bool scatter(GemmOperand& operand, std::int64_t rows, std::int64_t row_bytes, bool batched);
  void add_noise(std::uint64_t base, std::uint64_t bytes);
  /// The bytes of a row from its first one on.
  std::byte* row(const GemmOperand& operand, std::int64_t entry, std::int64_t row) const;

  AxiMemory& memory_;
  const GemmProblem& problem_;
  GemmTimingJob job_;
  GemmRowBytes bytes_;
  std::mt19937_64 random_;
  std::uint64_t guard_;
  std::uint64_t end_;
  bool scattered_;
};

}  // namespace spmma::verif
