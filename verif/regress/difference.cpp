// SPDX-License-Identifier: Apache-2.0
#include "difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "spmma/describe.h"

namespace spmma::verif {
namespace {

struct Fields {
  std::uint32_t sign, exponent, fraction;
  bool special;
};

Fields fields(Acc acc, std::uint32_t bits) {
  const int fraction_bits = acc == Acc::f16 ? 10 : 23;
  const int exponent_bits = acc == Acc::f16 ? 5 : 8;
  const std::uint32_t all = (1U << exponent_bits) - 1;
  const std::uint32_t exponent = bits >> fraction_bits & all;
  return {bits >> (fraction_bits + exponent_bits) & 1, exponent, bits & ((1U << fraction_bits) - 1), exponent == all};
}

/// Where to look first for a wrong result of that kind.
const char* stage_of(Acc acc, const std::string& kind) {
  if (acc == Acc::s32) return kind == "one bit" ? "adder, stages 6 to 11" : "gather or multipliers, stages 1 to 6";
  if (kind == "special") return "specials, stages 3 to 11";
  if (kind == "sign" || kind == "zero") return "sign of the sum, stages 9 to 11";
  if (kind == "last bit") return "cut or rounding, stages 6 to 11";
  if (kind == "exponent") return "normalising, stages 9 to 11";
  return "gather, multipliers or alignment, stages 1 to 8";
}

constexpr std::int64_t kShownSteps = 4;  ///< of a chain that is right on the core alone

}  // namespace

std::string difference_kind(Acc acc, std::uint32_t expected, std::uint32_t actual) {
  if (acc == Acc::s32) return std::has_single_bit(expected ^ actual) ? "one bit" : "bits";
  const Fields e = fields(acc, expected), a = fields(acc, actual);
  if (e.special || a.special) return "special";
  if ((e.exponent | e.fraction) == 0 || (a.exponent | a.fraction) == 0) return "zero";
  if (e.exponent == a.exponent && e.fraction == a.fraction) return "sign";
  if (e.sign == a.sign && e.fraction == a.fraction) return "exponent";
  // Neighbours in the order of the bits, across a power of two as well.
  if (e.sign == a.sign && (expected + 1 == actual || actual + 1 == expected)) return "last bit";
  return "fraction";
}

std::string step_name(const CoreControl& c) {
  const auto format = [](std::uint8_t code) {
    return code < kFormatCount ? std::string(name(static_cast<Format>(code))) : fmt::format("code {}", code);
  };
  const bool integer = c.fmt_a <= 1 && c.fmt_b <= 1;
  return fmt::format("{} x {} -> {}{} {}", format(c.fmt_a), format(c.fmt_b),
                     integer     ? "s32"
                     : c.acc_f16 ? "f16"
                                 : "f32",
                     c.saturate ? " saturate" : "", c.sparse ? "sparse" : "dense");
}

std::string difference_group(const CoreDifference& d) {
  switch (d.field) {
    case CoreField::handshake:
      return "core: handshake, issue or output queue (spmma_ctrl, spmma_fifo)";
    case CoreField::unasked:
      return "core: result that no beat asked for (spmma_ctrl, spmma_fifo)";
    case CoreField::flags:
      return fmt::format("core: flags, {} (spmma_meta, spmma_ctrl)", d.control.sparse ? "sparse" : "dense");
    case CoreField::d:
      break;
  }
  const std::string kind = difference_kind(d.acc, d.expected, d.actual);
  const char* step = d.step < 0 ? "by the beats around it" : d.step == 0 ? "first step" : "later step";
  return fmt::format("core: D, {}, {}, {}, {}", step_name(d.control), kind, step,
                     d.step < 0 ? "accumulators or control (spmma_row, spmma_ctrl)" : stage_of(d.acc, kind));
}

ElementDifference element_difference(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col,
                                     std::span<const std::uint32_t> core, std::uint32_t actual) {
  const StepParams params = step_params(p.arith, p.a_format, p.b_format, p.acc, p.saturate);
  const std::int64_t steps = gemm_steps(p);
  std::string shown, hint;
  std::uint32_t c = p.c == nullptr ? 0 : p.c->get(entry, row, col);
  for (std::int64_t step = 0; step < steps; ++step) {
    const StepOperands raw = gemm_step_operands(p, entry, row, col, step);
    const BeatOperands operands{params, raw.a, raw.b};
    const std::uint32_t golden = fused_step(params, operands.a, operands.b, c);
    const auto i = static_cast<std::size_t>(step);
    const bool parts = i < core.size() && core[i] != golden;
    if (parts || step < kShownSteps) {
      const std::string text = describe_step(operands, c) + fmt::format("    golden {}\n", describe(p.acc, golden));
      if (parts) {
        return {fmt::format("in the core, {}, {}", step == 0 ? "first step" : "later step",
                            stage_of(p.acc, difference_kind(p.acc, golden, core[i]))),
                fmt::format("  on spmma_core alone they part at step {}:\n{}    RTL    {}\n", step, text,
                            describe(p.acc, core[i]))};
      }
      shown += fmt::format("  step {}:\n{}", step, text);
    }
    if (actual == golden && step + 1 < steps) hint = fmt::format("  the actual bits are those after step {}\n", step);
    c = golden;
  }
  if (steps > kShownSteps) shown += fmt::format("  and {} steps more\n", steps - kShownSteps);
  return {
      "around the core (spmma_operands, spmma_sequencer, spmma_results, spmma_writer)",
      "  spmma_core alone gives the expected bits: look at what feeds it and what takes its results\n" + hint + shown};
}

}  // namespace spmma::verif
