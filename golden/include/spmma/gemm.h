// SPDX-License-Identifier: Apache-2.0
// GEMM of any size on the fused step: D = A*B + C, a chain of steps in ascending K (numerics.md, introduction).
#pragma once

#include <cstdint>

#include "spmma/format.h"
#include "spmma/sparse.h"
#include "spmma/step.h"
#include "spmma/tensor.h"

namespace spmma {

/// What is computed. A is dense M x K, or sparse and given compressed; C may be absent (+0).
struct GemmProblem {
  Arith arith;
  Format a_format = Format::fp16;
  Format b_format = Format::fp16;
  Acc acc = Acc::f32;
  bool saturate = false;
  bool sparse = false;
  const Tensor* a = nullptr;         ///< M x K, or the values M x K/2 of a sparse A (tf32 likewise K/2)
  const Tensor* metadata = nullptr;  ///< sparse only: one nibble a byte, M x K/4 (tf32: K/2)
  const Tensor* b = nullptr;         ///< K x N
  const Tensor* c = nullptr;         ///< M x N of the accumulator's type, or null

  std::int64_t m() const { return a->rows; }
  std::int64_t n() const { return b->cols; }
  std::int64_t k() const { return b->rows; }
  std::int64_t batch() const;  ///< the batch size of whichever operand has one, else 1
  bool batched() const;        ///< D has the batch axis if any operand has it
};

/// Scalar, readable: fused_step() for every element and step. Any nibble has a result (plain 2-bit selects).
/// `threads` 0 means one for each core. K = 0 gives D = C bit for bit, or +0.
Tensor gemm_reference(const GemmProblem& p, unsigned threads = 1);

/// The same results, bit for bit, from vectorised kernels chosen at run time; whatever a kernel does not cover
/// (specials, extreme values, odd parameters) goes through fused_step().
Tensor gemm_fast(const GemmProblem& p, unsigned threads = 1);

/// One element's chain, step by step (`spmma explain`, mismatch messages). `steps[i].result` is step i+1's C.
std::vector<StepTrace> gemm_trace(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col);

/// Raw operands of one step of one element's chain, after the 2:4 selection: what fused_step() is given.
struct StepOperands {
  std::vector<std::uint32_t> a;
  std::vector<std::uint32_t> b;
};
std::int64_t gemm_steps(const GemmProblem& p);  ///< steps in a chain: ceil(stored K / L)
StepOperands gemm_step_operands(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col,
                                std::int64_t step);

}  // namespace spmma
