// SPDX-License-Identifier: Apache-2.0
#include "cli/step_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "spmma/describe.h"

namespace spmma::cli {
namespace {

/// Bits and value, as wide as a column.
template <typename F>
std::string operand(F format, std::uint32_t bits) {
  return fmt::format("0x{:0{}x} {:<15.9g}", bits, 2 * storage_bytes(format), to_double(format, bits));
}

/// Where stored element `index` of A's row comes from, and what is wrong with the nibble that says so.
struct Origin {
  std::int64_t k = 0;
  std::string complaint;
};
Origin origin(const Job& job, const Element& at, std::int64_t index) {
  if (!job.sparse) return {index, ""};
  const int stored = group_stored(job.a_format);
  const std::int64_t group = index / stored;
  const auto nibble = static_cast<std::uint8_t>(job.metadata.get(at.entry, at.row, group));
  Origin o{group * group_size(job.a_format) + selected(job.a_format, nibble, static_cast<int>(index % stored)), ""};
  if (!nibble_legal(job.a_format, job.rule, nibble)) o.complaint = fmt::format("  nibble 0x{:X} is not legal", nibble);
  return o;
}

std::string term_text(const Term& t) {
  if (t.special) return "   -  special";
  if (t.zero) return "   -  0";
  return fmt::format("{:>4}  {:+}", t.exponent, t.aligned);
}

}  // namespace

std::string element_text(const Element& at, bool batched) {
  return batched ? fmt::format("D[{},{}] of entry {}", at.row, at.col, at.entry)
                 : fmt::format("D[{},{}]", at.row, at.col);
}

std::string step_text(const Job& job, const Element& at, std::int64_t step, std::uint32_t c, StepTrace& trace,
                      std::optional<std::uint32_t> rtl) {
  const GemmProblem problem = job.problem();
  const StepParams params = step_params(problem.arith, job.a_format, job.b_format, job.acc, job.saturate);
  const StepOperands operands = gemm_step_operands(problem, at.entry, at.row, at.col, step);
  fused_step(params, operands.a, operands.b, c, &trace);
  const bool integer = is_integer(job.a_format);

  std::string text;
  const auto line = std::back_inserter(text);
  fmt::format_to(line, "step {}\n", step);
  const int width = std::max(storage_bytes(job.a_format), storage_bytes(job.acc)) * 2 + 18;
  const auto row = [&](const std::string& k, const std::string& a, const std::string& b, double product, const Term& t,
                       const std::string& complaint) {
    fmt::format_to(line, "  {:>6}  {:<{}} {:<{}}  {:<+{}.9g}{}{}\n", k, a, width, b,
                   2 * storage_bytes(job.b_format) + 18, product, integer ? 0 : 17, integer ? "" : term_text(t),
                   complaint);
  };
  fmt::format_to(line, "  {:>6}  {:<{}} {:<{}}  {:<{}}{}\n", "k", "A", width, "B", 2 * storage_bytes(job.b_format) + 18,
                 "product", integer ? 0 : 17, integer ? "" : "   e  T");
  const std::int64_t first = step * job.products();
  for (std::size_t i = 0; i < operands.a.size(); ++i) {
    const Origin from = origin(job, at, first + static_cast<std::int64_t>(i));
    row(std::to_string(from.k), operand(job.a_format, operands.a[i]), operand(job.b_format, operands.b[i]),
        to_double(job.a_format, operands.a[i]) * to_double(job.b_format, operands.b[i]), trace.products[i],
        from.complaint);
  }
  row("C", operand(job.acc, c), "", to_double(job.acc, c), trace.c, "");

  if (integer) {
    fmt::format_to(line, "  S = {:+}, {}\n", trace.sum, job.saturate ? "clamped to s32" : "modulo 2^32");
  } else if (trace.special) {
    fmt::format_to(line, "  a NaN or an infinity decides\n");
  } else {
    const int unit = trace.e_max - params.frac_bits;
    fmt::format_to(line, "  e_max = {}{}, T in units of 2^{}\n", trace.e_max,
                   trace.e_max == params.floor ? " (the floor)" : "", unit);
    fmt::format_to(line, "  S = {:+} = {:.17g}\n", trace.sum, std::ldexp(static_cast<double>(trace.sum), unit));
  }
  fmt::format_to(line, "  golden  {}\n", spmma::describe(job.acc, trace.result));
  if (rtl) {
    fmt::format_to(line, "  RTL     {}{}\n", spmma::describe(job.acc, *rtl),
                   *rtl == trace.result ? "" : "  <-- differs");
  }
  return text;
}

}  // namespace spmma::cli
