// SPDX-License-Identifier: Apache-2.0
#include "compare.h"

#include <fmt/format.h>

namespace spmma::test {

std::string hex_list(std::span<const std::uint32_t> bits, int bytes) {
  std::string out;
  for (const std::uint32_t b : bits) out += fmt::format("{}0x{:0{}x}", out.empty() ? "" : ", ", b, 2 * bytes);
  return "[" + out + "]";
}

std::string show_step(const StepParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                      std::uint32_t c) {
  return fmt::format("{} x {} -> {}, F = {}\n  a {}\n  b {}\n  c {}", name(p.a), name(p.b), name(p.acc), p.frac_bits,
                     hex_list(a, storage_bytes(p.a)), hex_list(b, storage_bytes(p.b)), describe(p.acc, c));
}

::testing::AssertionResult same_bits(Acc acc, std::uint32_t expected, std::uint32_t actual, const std::string& where) {
  if (expected == actual) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << where << "\n  expected " << describe(acc, expected) << "\n  actual   "
                                       << describe(acc, actual);
}

std::string show_element(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col) {
  std::string out = fmt::format("D[{}][{}, {}]", entry, row, col);
  const StepParams params = step_params(p.arith, p.a_format, p.b_format, p.acc, p.saturate);
  std::uint32_t c = p.c != nullptr ? p.c->get(entry, row, col) : 0;
  for (std::int64_t step = 0; step < gemm_steps(p); ++step) {
    const StepOperands o = gemm_step_operands(p, entry, row, col, step);
    out += fmt::format("\n step {}: {}", step, show_step(params, o.a, o.b, c));
    c = fused_step(params, o.a, o.b, c);
  }
  return out;
}

::testing::AssertionResult same_matrix(const GemmProblem& p, const Tensor& expected, const Tensor& actual) {
  if (expected.batch != actual.batch || expected.rows != actual.rows || expected.cols != actual.cols ||
      expected.batched != actual.batched || expected.elem_bytes != actual.elem_bytes)
    return ::testing::AssertionFailure() << "shapes or element sizes differ";
  for (std::int64_t entry = 0; entry < expected.batch; ++entry)
    for (std::int64_t row = 0; row < expected.rows; ++row)
      for (std::int64_t col = 0; col < expected.cols; ++col)
        if (expected.get(entry, row, col) != actual.get(entry, row, col))
          return same_bits(p.acc, expected.get(entry, row, col), actual.get(entry, row, col),
                           show_element(p, entry, row, col));
  return ::testing::AssertionSuccess();
}

}  // namespace spmma::test
