// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "cli/job.h"
#include "cli/step_text.h"
#include "cli/verbs.h"
#include "spmma/describe.h"

namespace spmma::cli {

using verif::InputError;

namespace {

Element parse_element(const ExplainFlags& flags) {
  Element at;
  const char* const begin = flags.element.data();
  const char* const end = begin + flags.element.size();
  const auto [comma, row_error] = std::from_chars(begin, end, at.row);
  if (row_error == std::errc() && comma != end && *comma == ',') {
    const auto [rest, col_error] = std::from_chars(comma + 1, end, at.col);
    if (col_error == std::errc() && rest == end) {
      at.entry = flags.entry;
      return at;
    }
  }
  throw InputError(fmt::format("--element: '{}' is not a row and a column, such as 3,5", flags.element));
}

}  // namespace

int explain(const ExplainFlags& flags) {
  Element at = parse_element(flags);
  const Job job = load_job(flags.gemm, true);
  const GemmProblem problem = job.problem();
  if (at.row < 0 || at.row >= problem.m() || at.col < 0 || at.col >= problem.n()) {
    throw InputError(
        fmt::format("--element: {},{} is outside D, which is {} x {}", at.row, at.col, problem.m(), problem.n()));
  }
  if (at.entry < 0 || at.entry >= problem.batch()) {
    throw InputError(fmt::format("--entry: {} is outside the batch of {}", at.entry, problem.batch()));
  }

  const Arith arith = problem.arith;
  const StepParams params = step_params(arith, job.a_format, job.b_format, job.acc, job.saturate);
  const std::int64_t steps = gemm_steps(problem);
  std::uint32_t c = job.c ? job.c->get(at.entry, at.row, at.col) : 0;
  fmt::print("{}: {} x {} -> {}, {}, K = {}; preset {}: {} products a step", element_text(at, problem.batched()),
             name(job.a_format), name(job.b_format), name(job.acc), job.sparse ? "sparse" : "dense", problem.k(),
             job.preset->name, job.products());
  if (!is_integer(job.a_format)) fmt::print(", F = {}, floor {}", params.frac_bits, params.floor);
  fmt::print("\n");

  const std::vector<std::uint32_t> rtl =
      job.rtl ? verif::core_chain(problem, job.core_options(), at.entry, at.row, at.col) : std::vector<std::uint32_t>();
  bool differs = false;
  for (std::int64_t step = 0; step < steps; ++step) {
    StepTrace trace;
    const std::optional<std::uint32_t> actual =
        job.rtl ? std::optional(rtl.at(static_cast<std::size_t>(step))) : std::nullopt;
    fmt::print("{}", step_text(job, at, step, c, trace, actual));
    differs |= actual && *actual != trace.result;
    c = trace.result;
  }
  fmt::print("{}{} = {}\n", steps == 0 ? "no step is taken: " : "", element_text(at, problem.batched()),
             spmma::describe(job.acc, c));
  if (std::fflush(stdout) != 0) throw InputError("standard output cannot be written");
  return differs ? 1 : 0;
}

}  // namespace spmma::cli
