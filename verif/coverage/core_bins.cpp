// SPDX-License-Identifier: Apache-2.0
#include "core_bins.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <optional>
#include <utility>

#include "collector.h"
#include "spmma/sparse.h"
#include "spmma/step.h"

namespace spmma::verif {
namespace {

using Axis = BinGroup::Axis;

Axis numbered(const std::string& prefix, int count) {
  Axis axis;
  for (int i = 0; i < count; ++i) axis.push_back(prefix + std::to_string(i));
  return axis;
}

Axis formats() {
  Axis axis;
  for (const Format f : kFormats) axis.emplace_back(name(f));
  return axis;
}

constexpr std::string_view kHex = "0123456789ABCDEF";
Axis codes(std::string_view digits, const std::string& prefix) {
  Axis axis;
  for (const char c : digits) axis.push_back(prefix + c);
  return axis;
}

constexpr std::string_view kOrdered = "489CDE";
constexpr std::string_view kTf32 = "4E";
/// Groups of the longest step of a preset, 32 bytes: two 8-bit elements each, two 16-bit ones, one of TF32.
constexpr int kGroups8 = 16, kGroups16 = 8, kGroups32 = 8;

/// The groups from `first` to the last of all, as a pattern for BinGroup::exclude().
std::string groups_from(int first) {
  std::string pattern = "group" + std::to_string(first);
  for (int g = first + 1; g < kGroups8; ++g) pattern += "|group" + std::to_string(g);
  return pattern;
}

Axis neighbours(std::string_view digits) {
  Axis axis = codes(digits, "after");
  axis.emplace_back("first");
  return axis;
}

/// Ways to do floating point: what decides rounding, floor and F.
const Axis kArithmetics = {"fp16_f32", "fp16_f16", "bf16_f32", "tf32_f32", "fp8_f32", "fp8_f16"};
int arithmetic_of(const StepParams& p) {
  const bool f16 = p.acc == Acc::f16;
  switch (p.a) {
    case Format::fp16:
      return f16 ? 1 : 0;
    case Format::bf16:
      return 2;
    case Format::tf32:
      return 3;
    case Format::e4m3:
    case Format::e5m2:
      return f16 ? 5 : 4;
    default:
      return -1;
  }
}

/// How far a term lies below e_max: 0 to 10 each, then relative to F, up to which bits are kept.
const Axis kDistances = {"0",  "1",      "2",   "3",   "4", "5",   "6",   "7",   "8",     "9",
                         "10", "middle", "F-2", "F-1", "F", "F+1", "F+2", "F+3", "beyond"};
int distance_class(int distance, int frac) {
  constexpr int kFirstRelative = 12;
  if (distance <= 10) return distance;
  if (distance < frac - 2) return 11;
  return std::min(kFirstRelative + distance - (frac - 2), static_cast<int>(kDistances.size()) - 1);
}

const Axis kOperandKinds = {"+0",   "-0",   "subnormal_min", "subnormal_max",  "normal_min", "largest",
                            "+Inf", "-Inf", "NaN_quiet",     "NaN_signalling", "ignored_NaN"};
/// Index in kOperandKinds, -1 for an ordinary value. `low` bits at the bottom are ignored (TF32).
int operand_kind(std::uint32_t bits, int exponent_bits, int fraction_bits, int low, bool e4m3) {
  const std::uint32_t ignored = bits & ((1U << low) - 1);
  const std::uint32_t v = bits >> low;
  const std::uint32_t fraction = v & ((1U << fraction_bits) - 1);
  const std::uint32_t top = (1U << exponent_bits) - 1;
  const std::uint32_t exponent = v >> fraction_bits & top;
  const bool negative = (v >> (fraction_bits + exponent_bits) & 1U) != 0;
  const std::uint32_t all = (1U << fraction_bits) - 1;
  if (exponent == 0) {
    if (fraction == 0) return negative ? 1 : 0;
    return fraction == 1 ? 2 : fraction == all ? 3 : -1;
  }
  if (exponent == 1 && fraction == 0) return 4;
  if (e4m3) return exponent == top ? (fraction == all ? 8 : fraction == all - 1 ? 5 : -1) : -1;
  if (exponent == top - 1 && fraction == all) return 5;
  if (exponent != top) return -1;
  if (fraction == 0) return ignored != 0 ? 10 : negative ? 7 : 6;
  return fraction >> (fraction_bits - 1) != 0 ? 8 : 9;
}
int operand_kind(Format f, std::uint32_t bits) {
  switch (f) {
    case Format::fp16:
      return operand_kind(bits, 5, 10, 0, false);
    case Format::bf16:
      return operand_kind(bits, 8, 7, 0, false);
    case Format::tf32:
      return operand_kind(bits, 8, 10, 13, false);
    case Format::e4m3:
      return operand_kind(bits, 4, 3, 0, true);
    default:
      return operand_kind(bits, 5, 2, 0, false);
  }
}
int operand_kind(Acc acc, std::uint32_t bits) {
  return acc == Acc::f16 ? operand_kind(bits, 5, 10, 0, false) : operand_kind(bits, 8, 23, 0, false);
}

const Axis kFloats = {"fp16", "bf16", "tf32", "e4m3", "e5m2"};
int float_index(Format f) { return static_cast<int>(f) - static_cast<int>(Format::fp16); }

const Axis kWaits = {"0", "1", "2to7", "8up"};
int wait_class(int cycles) { return cycles < 2 ? cycles : cycles < 8 ? 2 : 3; }

const Axis kModes = [] {
  Axis axis;
  for (const Format f : kFormats) {
    axis.push_back(std::string(name(f)) + "_dense");
    axis.push_back(std::string(name(f)) + "_sparse");
  }
  return axis;
}();

const Axis kResults = {"zero", "subnormal", "normal_min", "normal", "largest", "Inf", "Inf_special"};

}  // namespace

CoreBins::CoreBins()
    : metadata("metadata", {{"int8", "uint8", "fp16", "bf16", "e4m3", "e5m2"},
                            numbered("group", kGroups8),
                            spmma::verif::codes(kOrdered, "code"),
                            neighbours(kOrdered)}),
      tf32_metadata("metadata_tf32",
                    {numbered("group", kGroups32), spmma::verif::codes(kTf32, "code"), neighbours(kTf32)}),
      rule("metadata_rule", {formats(), {"ordered", "any"}, spmma::verif::codes(kHex, "code")}),
      illegal_at("illegal_metadata", {{"row0", "later_row"}, {"group0", "later_group"}, {"step0", "later_step"}}),
      alignment("alignment", {kArithmetics, {"product_to_product", "product_to_C", "C_to_product"}, kDistances}),
      floor("floor", {kArithmetics, {"above", "at", "below"}}),
      rounding("rounding", {kArithmetics,
                            {"normal", "subnormal"},
                            {"exact", "under_half", "half", "over_half"},
                            {"even", "odd"},
                            {"+", "-"}}),
      sum("sum", {kArithmetics, {"half_of_L_products", "L_products"}, {"+", "-"}}),
      result("result", {kArithmetics, kResults, {"+", "-"}}),
      zero("zero_sum",
           {kArithmetics, {"all+0", "all-0", "mixed_zeros", "cancelled", "+rounded_away", "-rounded_away"}}),
      special("special", {kFloats, {"A", "B"}, kOperandKinds}),
      special_c("special_C", {{"f32", "f16"}, kOperandKinds}),
      pair("special_pair", {kArithmetics,
                            {"0*Inf", "Inf*0", "Inf*subnormal", "Inf-Inf_products", "Inf-Inf_C", "NaN_alone",
                             "Inf_of_C_alone", "Inf_of_product_alone"}}),
      integer("integer", {{"int8_int8", "int8_uint8", "uint8_int8", "uint8_uint8"},
                          {"wrap", "saturate"},
                          {"in_range", "over", "under", "largest", "least"}}),
      integer_operand("integer_operand", {{"int8", "uint8"}, {"A", "B"}, {"00", "01", "7F", "80", "FF"}}),
      mode("mode", {formats(), formats(), {"f32_or_s32", "f16"}, {"dense", "sparse"}, {"wrap", "saturate"}}),
      length("length", {kModes, {"0", "1", "partial", "full"}}),
      chain("chain", {{"1", "2", "3to8", "9up"}, {"dense", "sparse"}}),
      change("change", {kModes, kModes}),
      acc_change("accumulator_change", {{"s32", "f32", "f16"}, {"s32", "f32", "f16"}}),
      codes("illegal_format", {{"code7_A", "code7_B", "mixed_family", "f16_accumulator"}, {"alone", "in_chain"}}),
      handshake(
          "core_handshake",
          {{"in_idle", "in_valid"}, {"in_busy", "in_ready"}, {"out_idle", "out_valid"}, {"out_stall", "out_ready"}}),
      wait("core_wait", {{"input_beat", "input_gap", "output_result", "output_gap"}, kWaits}),
      output("core_output", {{"clean", "err", "meta_err", "both"}}) {
  metadata.exclude({"fp16|bf16", groups_from(kGroups16), "", ""});
  metadata.exclude({"", "group0", "", "after4|after8|after9|afterC|afterD|afterE"});
  metadata.exclude({"", groups_from(1), "", "first"});
  tf32_metadata.exclude({"group0", "", "after4|afterE"});
  tf32_metadata.exclude({groups_from(1), "", "first"});
  result.exclude({"", "zero", "-"});                     // zero_sum has the signs
  alignment.exclude({"fp8_f32|fp8_f16", "", "middle"});  // F is 13
  sum.exclude({"fp8_f32|fp8_f16", "L_products", ""});    // a product is below 3.6
  special.exclude({"fp16|bf16|e4m3|e5m2", "", "ignored_NaN"});
  special.exclude({"e4m3", "", "+Inf|-Inf|NaN_signalling"});
  special_c.exclude({"", "ignored_NaN"});
  for (const Format a : kFormats) {
    for (const Format b : kFormats) {
      const Acc wide = is_integer(a) ? Acc::s32 : Acc::f32;
      if (!legal(a, b, wide)) mode.exclude({name(a), name(b), "f32_or_s32", "", ""});
      if (!legal(a, b, Acc::f16)) mode.exclude({name(a), name(b), "f16", "", ""});
      if (!is_integer(a)) mode.exclude({name(a), name(b), "", "", "saturate"});
    }
  }
}

std::vector<const BinGroup*> CoreBins::groups() const {
  return {&metadata, &tf32_metadata, &rule,      &illegal_at, &alignment, &floor,           &rounding, &sum,    &result,
          &zero,     &special,       &special_c, &pair,       &integer,   &integer_operand, &mode,     &length, &chain,
          &change,   &acc_change,    &codes,     &handshake,  &wait,      &output};
}

namespace {

class CoreBinObserver final : public CoreObserver {
 public:
  ~CoreBinObserver() override {
    CoverageData data;
    for (const BinGroup* group : bins_.groups()) add_hits(data, *group);
    collect_coverage(data);
  }

  void on_reset(const Preset& preset) override {
    params_ = preset.core;
    lengths_.assign(static_cast<std::size_t>(params_.acc_slots), 0);
    before_.reset();
    in_waited_ = in_gap_ = out_waited_ = out_gap_ = 0;
  }

  void on_cycle(bool in_valid, bool in_ready, bool out_valid, bool out_ready) override {
    bins_.handshake.hit({in_valid, in_ready, out_valid, out_ready});
    count(in_valid, in_ready, 0, in_waited_, in_gap_);
    count(out_valid, out_ready, 2, out_waited_, out_gap_);
    if (!(in_valid && in_ready)) before_.reset();
  }

  void on_beat(const CoreBeat& beat, std::span<const std::uint32_t> c) override {
    const CoreControl& control = beat.control;
    int& steps = lengths_[static_cast<std::size_t>(control.slot)];
    if (control.first) steps = 0;
    ++steps;
    if (combination_legal(params_, control)) {
      step(beat, c);
    } else {
      illegal(control, steps);
      before_.reset();
    }
    if (control.last) {
      bins_.chain.hit({steps <= 2 ? steps - 1 : steps <= 8 ? 2 : 3, control.sparse});
    }
  }

  void on_result(const CoreResult& result) override {
    const CoreFlags& flags = result.flags;
    bins_.output.hit({(flags.err ? 1 : 0) + (flags.meta_err ? 2 : 0)});
    if (flags.meta_err) bins_.illegal_at.hit({flags.meta_row != 0, flags.meta_group != 0, flags.meta_step != 0});
  }

 private:
  void count(bool valid, bool ready, int kind, int& waited, int& gap) {
    if (!valid) {
      ++gap;
      return;
    }
    if (waited == 0) {
      bins_.wait.hit({kind + 1, wait_class(gap)});
      gap = 0;
    }
    if (ready) {
      bins_.wait.hit({kind, wait_class(waited)});
      waited = 0;
    } else {
      ++waited;
    }
  }

  void illegal(const CoreControl& control, int steps) {
    const bool alone = steps == 1 && control.last;
    const auto a = control.fmt_a, b = control.fmt_b;
    int reason = 2;
    if (a == kFormatCount) {
      reason = 0;
    } else if (b == kFormatCount) {
      reason = 1;
    } else if (legal(static_cast<Format>(a), static_cast<Format>(b), default_acc(static_cast<Format>(a)))) {
      reason = control.acc_f16 && !legal(static_cast<Format>(a), static_cast<Format>(b), Acc::f16) ? 3 : -1;
    }
    bins_.codes.hit({reason, alone ? 0 : 1});
  }

  void step(const CoreBeat& beat, std::span<const std::uint32_t> c) {
    const CoreControl& control = beat.control;
    const auto a = static_cast<Format>(control.fmt_a), b = static_cast<Format>(control.fmt_b);
    const int mode = 2 * control.fmt_a + control.sparse;
    const int full = products_per_step(params_.arith(), a);
    bins_.mode.hit({control.fmt_a, control.fmt_b, control.acc_f16, control.sparse, is_integer(a) && control.saturate});
    bins_.length.hit({mode, control.len == 0 ? 0 : control.len == full ? 3 : control.len == 1 ? 1 : 2});
    const int acc = is_integer(a) ? 0 : control.acc_f16 ? 2 : 1;
    if (before_) bins_.change.hit({before_->first, mode});
    if (!control.first && last_acc_.size() > static_cast<std::size_t>(control.slot)) {
      bins_.acc_change.hit({last_acc_[static_cast<std::size_t>(control.slot)], acc});
    }
    before_ = std::pair{mode, acc};
    last_acc_.resize(lengths_.size(), -1);
    last_acc_[static_cast<std::size_t>(control.slot)] = acc;
    if (control.sparse) nibbles(beat, a);

    // One element of each tile is enough; which one changes with the beat.
    const int elements = params_.rows * params_.cols;
    const int element = static_cast<int>(beats_++ % elements);
    const BeatOperands operands = beat_operands(params_, beat, element / params_.cols, element % params_.cols);
    std::uint32_t accumulator = c[static_cast<std::size_t>(element)];
    if (operands.params.acc == Acc::f16) accumulator &= 0xFFFF;
    StepTrace trace;
    const std::uint32_t value = fused_step(operands.params, operands.a, operands.b, accumulator, &trace);
    if (is_integer(a)) {
      integers(a, b, control.saturate, operands, trace, value);
    } else {
      floats(operands, accumulator, trace, value);
    }
  }

  void nibbles(const CoreBeat& beat, Format f) {
    const CoreControl& control = beat.control;
    const int groups = (control.len + group_stored(f) - 1) / group_stored(f);
    const bool tf32 = f == Format::tf32;
    const std::string_view known = tf32 ? kTf32 : kOrdered;
    for (int row = 0; row < params_.rows; ++row) {
      int before = static_cast<int>(known.size());  // "first"
      for (int g = 0; g < groups; ++g) {
        const std::uint8_t nibble = get_nibble(beat.meta.data() + row * params_.step_bytes / 4, g);
        bins_.rule.hit({control.fmt_a, control.meta_any, nibble});
        const auto at = known.find(kHex[nibble]);
        const int code = at == std::string_view::npos ? -1 : static_cast<int>(at);
        if (tf32) {
          bins_.tf32_metadata.hit({g, code, before});
        } else {
          bins_.metadata.hit({control.fmt_a > 4 ? control.fmt_a - 1 : control.fmt_a, g, code, before});
        }
        before = code;
      }
    }
  }

  void integers(Format a, Format b, bool saturate, const BeatOperands& operands, const StepTrace& trace,
                std::uint32_t value) {
    const int formats = 2 * static_cast<int>(a) + static_cast<int>(b);
    constexpr std::int64_t kMost = 0x7FFFFFFF, kLeast = -kMost - 1;
    const int range = trace.sum > kMost ? 1 : trace.sum < kLeast ? 2 : 0;
    bins_.integer.hit({formats, saturate, range});
    if (value == 0x7FFFFFFF) bins_.integer.hit({formats, saturate, 3});
    if (value == 0x80000000) bins_.integer.hit({formats, saturate, 4});
    const auto extreme = [](std::uint32_t bits) {
      constexpr std::array<std::uint32_t, 5> kExtremes = {0, 1, 0x7F, 0x80, 0xFF};
      const auto at = std::ranges::find(kExtremes, bits);
      return at == kExtremes.end() ? -1 : static_cast<int>(at - kExtremes.begin());
    };
    for (const std::uint32_t x : operands.a) bins_.integer_operand.hit({static_cast<int>(a), 0, extreme(x)});
    for (const std::uint32_t x : operands.b) bins_.integer_operand.hit({static_cast<int>(b), 1, extreme(x)});
  }

  void floats(const BeatOperands& operands, std::uint32_t c, const StepTrace& trace, std::uint32_t value) {
    const StepParams& p = operands.params;
    const int arithmetic = arithmetic_of(p);
    for (const std::uint32_t x : operands.a) bins_.special.hit({float_index(p.a), 0, operand_kind(p.a, x)});
    for (const std::uint32_t x : operands.b) bins_.special.hit({float_index(p.b), 1, operand_kind(p.b, x)});
    bins_.special_c.hit({p.acc == Acc::f16, operand_kind(p.acc, c)});

    const bool negative = (value >> (p.acc == Acc::f16 ? 15 : 31) & 1U) != 0;
    if (trace.special) {
      specials(operands, c, arithmetic);
      if (decode(p.acc, value).cls == Decoded::Class::inf) bins_.result.hit({arithmetic, 6, negative});
      return;
    }
    align(p, trace, arithmetic);
    sums(p, operands, c, trace, value, arithmetic);
    const Decoded d = decode(p.acc, value);
    const int kind = operand_kind(p.acc, value);
    const int least = p.acc == Acc::f16 ? -14 : -126;
    int result = 3;
    if (d.cls == Decoded::Class::zero) {
      result = negative ? -1 : 0;
    } else if (d.cls == Decoded::Class::inf) {
      result = 5;
    } else if (kind == 4) {
      result = 2;
    } else if (d.exponent == least && d.significand >> d.fraction_bits == 0) {
      result = 1;
    } else if (largest(p, value)) {
      result = 4;
    }
    bins_.result.hit({arithmetic, result, negative});
  }

  /// The largest finite value that the conversion can give.
  static bool largest(const StepParams& p, std::uint32_t value) {
    if (p.acc == Acc::f16) return (value & 0x7FFF) == 0x7BFF;
    return (value & 0x7FFFFFFF) == (p.rounding == Rounding::rz_e8m13 ? 0x7F7FFC00U : 0x7F7FFFFFU);
  }

  void specials(const BeatOperands& operands, std::uint32_t c, int arithmetic) {
    const StepParams& p = operands.params;
    using Class = Decoded::Class;
    bool nan = false, zero_inf = false, inf_zero = false, inf_subnormal = false, plus = false, minus = false;
    for (std::size_t i = 0; i < operands.a.size(); ++i) {
      const Decoded a = decode(p.a, operands.a[i]), b = decode(p.b, operands.b[i]);
      nan = nan || a.cls == Class::nan || b.cls == Class::nan;
      zero_inf = zero_inf || (a.cls == Class::zero && b.cls == Class::inf);
      inf_zero = inf_zero || (a.cls == Class::inf && b.cls == Class::zero);
      const auto subnormal = [](const Decoded& d) {
        return d.cls == Class::finite && d.significand >> d.fraction_bits == 0;
      };
      inf_subnormal = inf_subnormal || (a.cls == Class::inf && subnormal(b)) || (b.cls == Class::inf && subnormal(a));
      const bool inf = (a.cls == Class::inf && (b.cls == Class::inf || b.cls == Class::finite)) ||
                       (b.cls == Class::inf && a.cls == Class::finite);
      if (inf) (a.negative != b.negative ? minus : plus) = true;
    }
    const Decoded dc = decode(p.acc, c);
    const bool c_inf = dc.cls == Class::inf;
    nan = nan || dc.cls == Class::nan;
    const bool invalid = zero_inf || inf_zero;
    const auto hit = [&](bool condition, int kind) {
      if (condition) bins_.pair.hit({arithmetic, kind});
    };
    // Each as the only reason for the result.
    hit(zero_inf && !nan && !inf_zero && !(plus && minus), 0);
    hit(inf_zero && !nan && !zero_inf && !(plus && minus), 1);
    hit(inf_subnormal && !nan && !invalid && !(plus && minus) && !c_inf, 2);
    hit(plus && minus && !nan && !invalid && !c_inf, 3);
    hit(plus != minus && c_inf && dc.negative == plus && !nan && !invalid, 4);
    hit(nan && !invalid && !plus && !minus && !c_inf, 5);
    hit(c_inf && !nan && !invalid && !plus && !minus, 6);
    hit(plus != minus && !nan && !invalid && dc.cls != Class::inf, 7);
  }

  void align(const StepParams& p, const StepTrace& trace, int arithmetic) {
    bool product = false;
    int highest = -10000;
    for (const Term& t : trace.products) {
      if (t.zero) continue;
      product = true;
      highest = std::max(highest, t.exponent);
    }
    const bool c = !trace.c.zero;
    if (!product && !c) return;
    const int top = std::max(highest, c ? trace.c.exponent : -10000);
    bins_.floor.hit({arithmetic, top > p.floor ? 0 : top == p.floor ? 1 : 2});
    if (trace.e_max != top) return;  // the floor decided
    if (product && highest == trace.e_max) {
      bool one = false;  // the one that the others are measured from
      for (const Term& t : trace.products) {
        if (t.zero) continue;
        if (t.exponent == highest && !std::exchange(one, true)) continue;
        bins_.alignment.hit({arithmetic, 0, distance_class(trace.e_max - t.exponent, p.frac_bits)});
      }
      if (c) bins_.alignment.hit({arithmetic, 2, distance_class(trace.e_max - trace.c.exponent, p.frac_bits)});
    }
    if (c && trace.c.exponent == trace.e_max) {
      for (const Term& t : trace.products) {
        if (!t.zero) bins_.alignment.hit({arithmetic, 1, distance_class(trace.e_max - t.exponent, p.frac_bits)});
      }
    }
  }

  void sums(const StepParams& p, const BeatOperands& operands, std::uint32_t c, const StepTrace& trace,
            std::uint32_t value, int arithmetic) {
    const bool negative = trace.sum < 0;
    if (trace.sum == 0) {
      int plus = 0, minus = 0;
      bool any = false;
      const auto sign = [&](bool zero, bool is_negative) {
        any = any || !zero;
        ++(is_negative ? minus : plus);
      };
      for (std::size_t i = 0; i < operands.a.size(); ++i) {
        const Decoded a = decode(p.a, operands.a[i]), b = decode(p.b, operands.b[i]);
        sign(trace.products[i].zero, a.negative != b.negative);
      }
      sign(trace.c.zero, decode(p.acc, c).negative);
      bins_.zero.hit({arithmetic, any ? 3 : minus == 0 ? 0 : plus == 0 ? 1 : 2});
      return;
    }
    if (decode(p.acc, value).cls == Decoded::Class::zero) bins_.zero.hit({arithmetic, negative ? 5 : 4});

    // What lies below the last place of the result (numerics.md section 2, step 7).
    const auto magnitude = static_cast<std::uint64_t>(std::llabs(trace.sum));
    const int unit = trace.e_max - p.frac_bits;
    const int e = unit + static_cast<int>(std::bit_width(magnitude)) - 1;
    const int fraction = p.rounding == Rounding::rz_fp32 ? 23 : p.rounding == Rounding::rz_e8m13 ? 13 : 10;
    const int least = p.acc == Acc::f16 ? -14 : -126;
    const bool subnormal = e < least;
    const int dropped = std::max(e, least) - fraction - unit;
    std::uint64_t kept = magnitude;
    int part = 0;
    if (dropped > 0) {
      const int bits = std::min(dropped, 62);
      const std::uint64_t rest = magnitude & ((std::uint64_t{1} << bits) - 1);
      const std::uint64_t half = std::uint64_t{1} << (bits - 1);
      part = rest == 0 ? 0 : rest < half ? 1 : rest == half ? 2 : 3;
      kept = magnitude >> bits;
    } else if (dropped < 0) {
      kept = 0;  // the last place is below the unit
    }
    bins_.rounding.hit({arithmetic, subnormal, part, static_cast<int>(kept & 1U), negative});

    // Of the L products of a step each is below 4, C below 2, in units of e_max.
    const std::uint64_t products = static_cast<std::uint64_t>(products_per_step(params_.arith(), p.a)) << p.frac_bits;
    if (magnitude >= 2 * products) bins_.sum.hit({arithmetic, magnitude >= 4 * products, negative});
  }

  CoreBins bins_;
  CoreParams params_;
  std::vector<int> lengths_;  ///< by slot, steps of the open chain
  std::vector<int> last_acc_;
  std::optional<std::pair<int, int>> before_;  ///< mode and accumulator of the step in the cycle before
  int in_waited_ = 0, in_gap_ = 0, out_waited_ = 0, out_gap_ = 0;
  std::int64_t beats_ = 0;
};

}  // namespace

std::unique_ptr<CoreObserver> make_core_bins() { return std::make_unique<CoreBinObserver>(); }

}  // namespace spmma::verif
