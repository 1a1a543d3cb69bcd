// SPDX-License-Identifier: Apache-2.0
// numerics.md section 2, written down in its own order. Paragraph numbers below are that section's.
#include "spmma/step.h"

#include <algorithm>
#include <bit>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <limits>

namespace spmma {
namespace {

constexpr int kMaxProducts = 32;  // 32 bytes a step, one byte an element
constexpr int kFp8FracBits = 13;
constexpr int kFp8Floor = -133;
constexpr int kFp32FloorBase = -108;

/// Shifts left by `amount`, or right if it is negative, towards zero.
std::uint64_t shifted(std::uint64_t value, int amount) {
  if (amount >= 0) return value << amount;
  return amount > -64 ? value >> -amount : 0;
}

/// What the terms of one step hold that section 4 decides about.
struct Specials {
  bool nan = false;
  bool inf[2] = {false, false};  // by sign

  bool any() const { return nan || inf[0] || inf[1]; }
  void add_inf(bool negative) { inf[negative] = true; }
};

/// 2. Products: significands multiplied, exponents added, never normalised.
Term product(const Decoded& a, const Decoded& b, Specials& specials) {
  using enum Decoded::Class;
  Term t;
  t.negative = a.negative != b.negative;
  t.fraction_bits = a.fraction_bits + b.fraction_bits;
  t.exponent = a.exponent + b.exponent;
  if (a.cls == nan || b.cls == nan || (a.cls == inf && b.cls == zero) || (a.cls == zero && b.cls == inf)) {
    t.special = specials.nan = true;
  } else if (a.cls == inf || b.cls == inf) {
    t.special = true;
    specials.add_inf(t.negative);
  } else {
    t.significand = std::uint64_t{a.significand} * b.significand;
  }
  t.zero = t.significand == 0;
  return t;
}

Term addend(const Decoded& c, Specials& specials) {
  Term t;
  t.negative = c.negative;
  t.fraction_bits = c.fraction_bits;
  t.exponent = c.exponent;
  t.significand = c.significand;
  t.zero = t.significand == 0;
  if (c.cls == Decoded::Class::nan) {
    t.special = specials.nan = true;
  } else if (c.cls == Decoded::Class::inf) {
    t.special = true;
    specials.add_inf(t.negative);
  }
  return t;
}

/// 5. Align: F fraction bits below e_max are kept, the rest is cut off the magnitude. No guard, no sticky.
void align(Term& t, int e_max, int frac_bits) {
  if (t.zero) return;  // its exponent may lie above e_max
  const auto magnitude =
      static_cast<std::int64_t>(shifted(t.significand, frac_bits - t.fraction_bits - (e_max - t.exponent)));
  t.aligned = t.negative ? -magnitude : magnitude;
}

/// The accumulator as a target of rounding.
struct Target {
  int fraction_bits;       ///< of the stored format
  int kept_fraction_bits;  ///< fewer for E8M13
  int min_exponent;        ///< smallest normal exponent
  int exponent_bits;
  bool nearest;  ///< round to nearest even; otherwise towards zero

  std::uint32_t sign(bool negative) const {
    return static_cast<std::uint32_t>(negative) << (fraction_bits + exponent_bits);
  }
  std::uint32_t inf() const { return ((1u << exponent_bits) - 1) << fraction_bits; }
  std::uint32_t nan() const { return (1u << (fraction_bits + exponent_bits)) - 1; }  // 7FFFFFFF, 7FFF
};

Target target(Rounding r) {
  switch (r) {
    case Rounding::rne_fp16:
      return {10, 10, -14, 5, true};
    case Rounding::rz_e8m13:
      return {23, 13, -126, 8, false};
    default:
      return {23, 23, -126, 8, false};
  }
}

/// 7. Normalise once and round. `sum` is in units of 2^unit.
std::uint32_t round(const Target& to, std::int64_t sum, int unit) {
  if (sum == 0) return 0;  // 6. S = 0 gives +0
  const bool negative = sum < 0;
  const std::uint64_t magnitude = negative ? -static_cast<std::uint64_t>(sum) : static_cast<std::uint64_t>(sum);
  const int leading = static_cast<int>(std::bit_width(magnitude)) - 1;
  const int exponent = std::max(unit + leading, to.min_exponent);
  const int last_place = exponent - to.kept_fraction_bits;  // weight of the last kept bit; subnormals share one
  const int dropped = std::min(last_place - unit, 63);      // magnitude < 2^62
  std::uint64_t kept = shifted(magnitude, -dropped);
  if (to.nearest && dropped > 0) {
    const std::uint64_t half = std::uint64_t{1} << (dropped - 1);
    const std::uint64_t rest = magnitude & (2 * half - 1);
    if (rest > half || (rest == half && (kept & 1) != 0)) ++kept;
  }
  if (kept == 0) return kKeepSignOfRoundedZero ? to.sign(negative) : 0;

  // The hidden bit of a normal number, and a carry out of rounding, add one to the exponent field.
  kept <<= to.fraction_bits - to.kept_fraction_bits;
  const std::uint64_t bits = (static_cast<std::uint64_t>(exponent - to.min_exponent) << to.fraction_bits) + kept;
  return to.sign(negative) | static_cast<std::uint32_t>(std::min<std::uint64_t>(bits, to.inf()));
}

/// Section 5: exact products and sum, then wrapped modulo 2^32 or clamped once a step [HYP].
std::uint32_t integer_step(const StepParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                           std::uint32_t c, StepTrace* trace) {
  const auto term = [](std::int64_t value) {
    Term t;
    t.zero = value == 0;
    t.negative = value < 0;
    t.significand = static_cast<std::uint64_t>(value < 0 ? -value : value);
    t.aligned = value;
    return t;
  };
  const std::int64_t addend = static_cast<std::int32_t>(c);
  std::int64_t sum = addend;
  for (std::size_t i = 0; i < a.size(); ++i) sum += to_int(p.a, a[i]) * to_int(p.b, b[i]);

  using Limits = std::numeric_limits<std::int32_t>;
  const std::int64_t stored =
      p.rounding == Rounding::saturate_s32 ? std::clamp<std::int64_t>(sum, Limits::min(), Limits::max()) : sum;
  const auto result = static_cast<std::uint32_t>(stored);
  if (trace != nullptr) {
    *trace = {};
    for (std::size_t i = 0; i < a.size(); ++i) trace->products.push_back(term(to_int(p.a, a[i]) * to_int(p.b, b[i])));
    trace->c = term(addend);
    trace->sum = sum;
    trace->result = result;
  }
  return result;
}

}  // namespace

int products_per_step(const Arith& arith, Format f) { return arith.step_bytes / storage_bytes(f); }

StepParams step_params(const Arith& arith, Format a, Format b, Acc acc, bool saturate) {
  StepParams p{.a = a, .b = b, .acc = acc};
  if (is_integer(a)) {
    p.rounding = saturate ? Rounding::saturate_s32 : Rounding::wrap_s32;
    p.frac_bits = 0;
    p.floor = 0;
  } else if (is_fp8(a)) {
    p.rounding = acc == Acc::f16 ? Rounding::rne_fp16 : Rounding::rz_e8m13;
    p.frac_bits = kFp8FracBits;
    p.floor = kFp8Floor;
  } else {
    p.rounding = acc == Acc::f16 ? Rounding::rne_fp16 : Rounding::rz_fp32;
    p.frac_bits = arith.frac_bits;
    p.floor = (acc == Acc::f16 ? kFp16FloorBase : kFp32FloorBase) - arith.frac_bits;
  }
  return p;
}

std::uint32_t fused_step(const StepParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                         std::uint32_t c, StepTrace* trace) {
  if (is_integer(p.a)) return integer_step(p, a, b, c, trace);

  // 1. Decode.
  boost::container::static_vector<Decoded, kMaxProducts> decoded_a, decoded_b;
  for (const std::uint32_t bits : a) decoded_a.push_back(decode(p.a, bits));
  for (const std::uint32_t bits : b) decoded_b.push_back(decode(p.b, bits));
  return fused_step_decoded(p, {decoded_a.data(), decoded_a.size()}, {decoded_b.data(), decoded_b.size()}, c, trace);
}

std::uint32_t fused_step_decoded(const StepParams& p, std::span<const Decoded> a, std::span<const Decoded> b,
                                 std::uint32_t c, StepTrace* trace) {
  // 2. Multiply.
  Specials specials;
  boost::container::static_vector<Term, kMaxProducts + 1> terms;
  for (std::size_t i = 0; i < a.size(); ++i) terms.push_back(product(a[i], b[i], specials));
  terms.push_back(addend(decode(p.acc, c), specials));

  const Target to = target(p.rounding);
  int e_max = p.floor;
  std::int64_t sum = 0;
  std::uint32_t result = 0;
  if (specials.any()) {
    // 3. Special rules (section 4): NaN is one positive pattern; Inf keeps its sign.
    const bool nan = specials.nan || (specials.inf[0] && specials.inf[1]);
    result = nan ? to.nan() : to.sign(specials.inf[1]) | to.inf();
  } else {
    // 4. e_max: C takes part like a product; zeros do not.
    for (const Term& t : terms)
      if (!t.zero) e_max = std::max(e_max, t.exponent);
    // 5. and 6. Align and sum.
    for (Term& t : terms) {
      align(t, e_max, p.frac_bits);
      sum += t.aligned;
    }
    result = round(to, sum, e_max - p.frac_bits);
  }

  if (trace != nullptr) {
    trace->products.assign(terms.begin(), terms.end() - 1);
    trace->c = terms.back();
    trace->special = specials.any();
    trace->e_max = e_max;
    trace->sum = sum;
    trace->result = result;
  }
  return result;
}

}  // namespace spmma
