// SPDX-License-Identifier: Apache-2.0
#include "cli/compare.h"

#include <fmt/format.h>

#include "cli/step_text.h"
#include "spmma/describe.h"

namespace spmma::cli {
namespace {

void take_apart(const Job& job, const Element& at, std::uint32_t actual, std::uint32_t expected) {
  const GemmProblem problem = job.problem();
  fmt::print(stderr, "{}: expected {}\n{:>{}} {}\n", element_text(at, problem.batched()),
             spmma::describe(job.acc, expected), "got", element_text(at, problem.batched()).size() + 10,
             spmma::describe(job.acc, actual));
  const std::vector<std::uint32_t> rtl = verif::core_chain(problem, job.core_options(), at.entry, at.row, at.col);
  std::uint32_t c = job.c ? job.c->get(at.entry, at.row, at.col) : 0;
  for (std::size_t step = 0; step < rtl.size(); ++step) {
    StepTrace trace;
    const std::string text = step_text(job, at, static_cast<std::int64_t>(step), c, trace, rtl[step]);
    if (rtl[step] != trace.result) {
      fmt::print(stderr, "they part in {}", text);
      return;
    }
    c = trace.result;
  }
  fmt::print(stderr, "alone, this element's chain is right: the fault depends on what runs beside it\n");
}

}  // namespace

std::int64_t compare(const Job& job, const Tensor& rtl, const Tensor& golden) {
  if (rtl.data == golden.data) return 0;
  std::int64_t mismatches = 0;
  Element first;
  for (std::int64_t entry = 0; entry < golden.batch; ++entry) {
    for (std::int64_t row = 0; row < golden.rows; ++row) {
      for (std::int64_t col = 0; col < golden.cols; ++col) {
        if (rtl.get(entry, row, col) == golden.get(entry, row, col)) continue;
        if (mismatches++ == 0) first = {entry, row, col};
      }
    }
  }
  fmt::print(stderr, "spmma: {} of {} elements of D differ from the golden model\n", mismatches, golden.size());
  take_apart(job, first, rtl.get(first.entry, first.row, first.col), golden.get(first.entry, first.row, first.col));
  return mismatches;
}

}  // namespace spmma::cli
