// SPDX-License-Identifier: Apache-2.0
#include "oracle.h"

#include <mpfr.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace spmma::test {
namespace {

/// Holds every value here exactly: products have less than 53 bits, cut terms and their sums less than 40.
constexpr mpfr_prec_t kExact = 128;

class Number {
 public:
  explicit Number(mpfr_prec_t precision = kExact) { mpfr_init2(value_, precision); }
  ~Number() { mpfr_clear(value_); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  operator mpfr_ptr() { return value_; }

 private:
  mpfr_t value_;
};

/// A float whose exponent range is cut to that of a narrower format: shifting the bits of the small format under the
/// exponent of FP32 and multiplying by a power of two also gets subnormals right.
double widen(std::uint32_t magnitude, int fraction_bits, int bias) {
  return static_cast<double>(std::bit_cast<float>(magnitude << (23 - fraction_bits))) * std::exp2(127 - bias);
}

double fp16_value(std::uint32_t bits) {
  const std::uint32_t magnitude = bits & 0x7FFF;
  double value = widen(magnitude, 10, 15);
  if (magnitude == 0x7C00) value = std::numeric_limits<double>::infinity();
  if (magnitude > 0x7C00) value = std::numeric_limits<double>::quiet_NaN();
  return (bits & 0x8000) != 0 ? -value : value;
}

double e4m3_value(std::uint32_t bits) {
  const std::uint32_t magnitude = bits & 0x7F;
  const double value = magnitude == 0x7F ? std::numeric_limits<double>::quiet_NaN() : widen(magnitude, 3, 7);
  return (bits & 0x80) != 0 ? -value : value;
}

/// Exponent that a non-zero finite value of the format takes part in alignment with.
int exponent_of(double value, int min_exponent) { return std::max(std::ilogb(value), min_exponent); }

struct Conversion {
  int precision;
  int min_exponent;
  int max_exponent;
  mpfr_rnd_t rounding;
};

/// Rounds |x| once into the format as MPFR sees it and returns it as a double (infinite on overflow).
double convert(mpfr_ptr x, const Conversion& to) {
  static thread_local Number rounded(24);
  mpfr_set_prec(rounded, to.precision);
  int ternary = mpfr_abs(rounded, x, to.rounding);
  // MPFR's significands lie in [1/2, 1), so its exponents are one higher.
  const mpfr_exp_t old_min = mpfr_get_emin();
  const mpfr_exp_t old_max = mpfr_get_emax();
  if (mpfr_regular_p(static_cast<mpfr_ptr>(rounded)) && mpfr_get_exp(rounded) > to.max_exponent + 1)
    return std::numeric_limits<double>::infinity();  // even when rounding towards zero
  mpfr_set_emin(to.min_exponent - to.precision + 2);
  mpfr_set_emax(to.max_exponent + 1);
  ternary = mpfr_check_range(rounded, ternary, to.rounding);
  mpfr_subnormalize(rounded, ternary, to.rounding);
  const double value = mpfr_get_d(rounded, MPFR_RNDN);
  mpfr_set_emin(old_min);
  mpfr_set_emax(old_max);
  return value;
}

std::uint32_t encode_fp16(double magnitude) {
  if (std::isinf(magnitude)) return 0x7C00;
  if (magnitude < std::exp2(-14)) return static_cast<std::uint32_t>(magnitude * std::exp2(24));
  const int exponent = std::ilogb(magnitude);
  return static_cast<std::uint32_t>((exponent + 15) * 1024 + (magnitude / std::exp2(exponent) - 1) * 1024);
}

std::uint32_t encode(Acc acc, bool negative, double magnitude) {
  if (acc == Acc::f16) return (negative ? 0x8000u : 0u) | encode_fp16(magnitude);
  return (negative ? 0x80000000u : 0u) | std::bit_cast<std::uint32_t>(static_cast<float>(magnitude));
}

OracleResult integer_step(const OracleParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                          std::uint32_t c) {
  OracleResult r;
  std::uint32_t wrapped = c;
  r.sum = oracle_value(Acc::s32, c);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double product = oracle_value(p.a, a[i]) * oracle_value(p.b, b[i]);
    r.sum += product;
    wrapped += static_cast<std::uint32_t>(static_cast<std::int32_t>(product));
  }
  const double clamped = std::min(std::max(r.sum, -0x1p31), 0x1p31 - 1);
  r.bits = p.saturate ? static_cast<std::uint32_t>(static_cast<std::int32_t>(clamped)) : wrapped;
  return r;
}

}  // namespace

double oracle_value(Format f, std::uint32_t bits) {
  switch (f) {
    case Format::int8:
      return bits < 128 ? bits : static_cast<double>(bits) - 256;
    case Format::uint8:
      return bits;
    case Format::fp16:
      return fp16_value(bits);
    case Format::bf16:
      return std::bit_cast<float>(bits << 16);
    case Format::tf32:
      return std::bit_cast<float>(bits & ~0x1FFFu);
    case Format::e4m3:
      return e4m3_value(bits);
    case Format::e5m2:
      return fp16_value(bits << 8);
  }
  return 0;
}

double oracle_value(Acc a, std::uint32_t bits) {
  if (a == Acc::f16) return fp16_value(bits);
  if (a == Acc::f32) return std::bit_cast<float>(bits);
  return static_cast<std::int32_t>(bits);
}

int oracle_min_exponent(Format f) {
  if (f == Format::e4m3) return -6;
  return f == Format::fp16 || f == Format::e5m2 ? -14 : -126;
}

int oracle_min_exponent(Acc a) { return a == Acc::f16 ? -14 : -126; }

OracleResult oracle_step(const OracleParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                         std::uint32_t c) {
  if (p.acc == Acc::s32) return integer_step(p, a, b, c);
  const bool fp8 = p.a == Format::e4m3 || p.a == Format::e5m2;
  const bool half = p.acc == Acc::f16;
  const int frac_bits = fp8 ? 13 : p.frac_bits;
  OracleResult r;
  r.e_max = fp8 ? -133 : (half ? 4 : -108) - frac_bits;

  // Infinities and NaNs: the host's own arithmetic on the non-finite terms alone.
  double special = 0;
  const double addend = oracle_value(p.acc, c);
  if (!std::isfinite(addend))
    special = addend;
  else if (addend != 0)
    r.e_max = std::max(r.e_max, exponent_of(addend, oracle_min_exponent(p.acc)));
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double va = oracle_value(p.a, a[i]);
    const double vb = oracle_value(p.b, b[i]);
    const double product = va * vb;
    if (!std::isfinite(product))
      special += product;
    else if (product != 0)
      r.e_max =
          std::max(r.e_max, exponent_of(va, oracle_min_exponent(p.a)) + exponent_of(vb, oracle_min_exponent(p.b)));
  }
  if (special != 0) {
    r.special = true;
    if (std::isnan(special))
      r.bits = half ? 0x7FFF : 0x7FFFFFFF;
    else
      r.bits = encode(p.acc, special < 0, std::numeric_limits<double>::infinity());
    return r;
  }

  static thread_local Number term;
  static thread_local Number sum;
  mpfr_set_zero(sum, 1);
  const auto add = [&](double value) {  // cut to the grid of 2^(e_max - F), towards zero
    mpfr_set_d(term, value, MPFR_RNDZ);
    mpfr_mul_2si(term, term, frac_bits - r.e_max, MPFR_RNDZ);
    mpfr_trunc(term, term);
    mpfr_add(sum, sum, term, MPFR_RNDN);
  };
  add(addend);
  for (std::size_t i = 0; i < a.size(); ++i) add(oracle_value(p.a, a[i]) * oracle_value(p.b, b[i]));
  r.sum = mpfr_get_d(sum, MPFR_RNDN);
  if (r.sum == 0) return r;

  mpfr_mul_2si(sum, sum, r.e_max - frac_bits, MPFR_RNDN);
  const Conversion to = half  ? Conversion{11, -14, 15, MPFR_RNDN}
                        : fp8 ? Conversion{14, -126, 127, MPFR_RNDZ}
                              : Conversion{24, -126, 127, MPFR_RNDZ};
  r.bits = encode(p.acc, r.sum < 0, convert(sum, to));
  return r;
}

}  // namespace spmma::test
