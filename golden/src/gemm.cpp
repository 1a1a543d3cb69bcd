// SPDX-License-Identifier: Apache-2.0
#include "spmma/gemm.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <iterator>
#include <thread>

namespace spmma {
namespace {

/// Fills `out` with the operands of one step; its vectors are reused from step to step.
void load_step(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col, std::int64_t step,
               StepOperands& out) {
  const int step_length = products_per_step(p.arith, p.a_format);
  const int size = group_size(p.a_format);
  const int stored = group_stored(p.a_format);
  const std::int64_t first = step * step_length;
  const std::int64_t end = std::min(first + step_length, p.a->cols);  // lanes past the end of K are absent
  out.a.clear();
  out.b.clear();
  for (std::int64_t i = first; i < end; ++i) {
    std::int64_t k = i;
    if (p.sparse) {
      const auto nibble = static_cast<std::uint8_t>(p.metadata->get(entry, row, i / stored));
      k = i / stored * size + selected(p.a_format, nibble, static_cast<int>(i % stored));
    }
    out.a.push_back(p.a->get(entry, row, i));
    out.b.push_back(p.b->get(entry, k, col));
  }
}

std::uint32_t first_c(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col) {
  return p.c != nullptr ? p.c->get(entry, row, col) : 0;
}

StepParams params_of(const GemmProblem& p) { return step_params(p.arith, p.a_format, p.b_format, p.acc, p.saturate); }

/// All elements of one row of D: C enters the first step, each result is the next step's C.
void compute_row(const GemmProblem& p, std::int64_t entry, std::int64_t row, Tensor& d) {
  const StepParams params = params_of(p);
  const std::int64_t steps = gemm_steps(p);
  StepOperands operands;
  for (std::int64_t col = 0; col < p.n(); ++col) {
    std::uint32_t acc = first_c(p, entry, row, col);
    for (std::int64_t step = 0; step < steps; ++step) {
      load_step(p, entry, row, col, step, operands);
      acc = fused_step(params, operands.a, operands.b, acc);
    }
    d.set(entry, row, col, acc);
  }
}

}  // namespace

std::int64_t GemmProblem::batch() const {
  for (const Tensor* t : {a, metadata, b, c})
    if (t != nullptr && t->batched) return t->batch;
  return 1;
}

bool GemmProblem::batched() const {
  const Tensor* const operands[] = {a, metadata, b, c};
  return std::any_of(std::begin(operands), std::end(operands), [](const Tensor* t) { return t && t->batched; });
}

std::int64_t gemm_steps(const GemmProblem& p) {
  const int step_length = products_per_step(p.arith, p.a_format);
  return (p.a->cols + step_length - 1) / step_length;
}

StepOperands gemm_step_operands(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col,
                                std::int64_t step) {
  StepOperands out;
  load_step(p, entry, row, col, step, out);
  return out;
}

Tensor gemm_reference(const GemmProblem& p, unsigned threads) {
  Tensor d(p.m(), p.n(), storage_bytes(p.acc), p.batch(), p.batched());
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  const auto rows = [&](std::int64_t first, std::int64_t end) {
    for (std::int64_t r = first; r < end; ++r) compute_row(p, r / p.m(), r % p.m(), d);
  };
  const std::int64_t total = d.batch * d.rows;
  if (threads == 1) {
    rows(0, total);
    return d;
  }
  boost::asio::thread_pool pool(threads);
  const std::int64_t chunk = std::max<std::int64_t>(1, total / (4 * std::int64_t{threads}));
  for (std::int64_t first = 0; first < total; first += chunk)
    boost::asio::post(pool, [&rows, first, end = std::min(first + chunk, total)] { rows(first, end); });
  pool.join();
  return d;
}

std::vector<StepTrace> gemm_trace(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col) {
  const StepParams params = params_of(p);
  std::vector<StepTrace> traces(static_cast<std::size_t>(gemm_steps(p)));
  std::uint32_t acc = first_c(p, entry, row, col);
  std::int64_t step = 0;
  for (StepTrace& trace : traces) {
    const StepOperands operands = gemm_step_operands(p, entry, row, col, step++);
    acc = fused_step(params, operands.a, operands.b, acc, &trace);
  }
  return traces;
}

}  // namespace spmma
