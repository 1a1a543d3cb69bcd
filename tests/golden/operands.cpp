// SPDX-License-Identifier: Apache-2.0
#include "operands.h"

#include <algorithm>

namespace spmma::test {
namespace {

/// What is needed to build a value field by field.
struct Fields {
  int exponent_bits;
  int fraction_bits;
  int low_bits = 0;  ///< container bits below the fraction (tf32)
  bool has_inf = true;

  int bias() const { return (1 << (exponent_bits - 1)) - 1; }
  int min_exponent() const { return 1 - bias(); }
  int max_exponent() const { return bias() + (has_inf ? 0 : 1); }
  std::uint32_t fraction_mask() const { return (1u << fraction_bits) - 1; }
};

Fields fields(Format f) {
  switch (f) {
    case Format::bf16:
      return {8, 7};
    case Format::tf32:
      return {8, 10, 13};
    case Format::e4m3:
      return {4, 3, 0, false};
    case Format::e5m2:
      return {5, 2};
    default:
      return {5, 10};
  }
}

Fields fields(Acc a) { return a == Acc::f32 ? Fields{8, 23} : Fields{5, 10}; }

bool coin(Rng& rng) { return (rng() & 1) != 0; }

std::uint32_t compose(const Fields& f, bool negative, int field, std::uint32_t fraction, Rng& rng) {
  const std::uint32_t low = f.low_bits > 0 ? static_cast<std::uint32_t>(rng()) & ((1u << f.low_bits) - 1) : 0;
  const std::uint32_t high = (static_cast<std::uint32_t>(negative) << (f.exponent_bits + f.fraction_bits)) |
                             (static_cast<std::uint32_t>(field) << f.fraction_bits) | (fraction & f.fraction_mask());
  return (high << f.low_bits) | low;
}

/// A fraction that is random, empty, full, or one bit.
std::uint32_t fraction(const Fields& f, Rng& rng) {
  switch (pick(0, 5, rng)) {
    case 0:
      return 0;
    case 1:
      return f.fraction_mask();
    case 2:
      return 1u << pick(0, f.fraction_bits - 1, rng);
    default:
      return static_cast<std::uint32_t>(rng()) & f.fraction_mask();
  }
}

/// A finite value of the wanted exponent; below the smallest normal one it is the subnormal of that size, or zero.
std::uint32_t value_at(const Fields& f, int exponent, Rng& rng, bool plain = false) {
  const bool negative = coin(rng);
  if (exponent < f.min_exponent()) {
    const int shift = f.min_exponent() - exponent;
    const std::uint32_t whole = (1u << f.fraction_bits) | (plain ? 0 : fraction(f, rng));
    return compose(f, negative, 0, shift > f.fraction_bits ? 0 : whole >> shift, rng);
  }
  exponent = std::min(exponent, f.max_exponent());
  std::uint32_t frac = plain ? 0 : fraction(f, rng);
  if (!f.has_inf && exponent == f.max_exponent() && frac == f.fraction_mask()) frac = 0;  // that would be NaN
  return compose(f, negative, exponent + f.bias(), frac, rng);
}

std::uint32_t zero(const Fields& f, Rng& rng) { return compose(f, coin(rng), 0, 0, rng); }

std::uint32_t special(const Fields& f, Rng& rng) {
  if (!f.has_inf) return compose(f, coin(rng), (1 << f.exponent_bits) - 1, f.fraction_mask(), rng);
  const std::uint32_t frac = pick(0, 3, rng) != 0 ? 0 : fraction(f, rng);  // mostly Inf
  return compose(f, coin(rng), (1 << f.exponent_bits) - 1, frac, rng);
}

std::uint32_t finite(const Fields& f, Rng& rng) {
  return value_at(f, pick(f.min_exponent() - f.fraction_bits, f.max_exponent(), rng), rng);
}

/// Two factors whose exponents add up to `exponent`, as far as the formats reach.
void product_at(const StepParams& p, int exponent, Rng& rng, std::uint32_t& a, std::uint32_t& b, bool plain = false) {
  const Fields fa = fields(p.a);
  const Fields fb = fields(p.b);
  const int low = std::max(fa.min_exponent(), exponent - fb.max_exponent());
  const int high = std::min(fa.max_exponent(), exponent - fb.min_exponent());
  const int ea = low <= high ? pick(low, high, rng) : (exponent < 0 ? fa.min_exponent() : fa.max_exponent());
  a = value_at(fa, ea, rng, plain);
  b = value_at(fb, exponent - ea, rng, plain);
}

std::uint32_t sign_bit(Format f) { return 1u << (8 * storage_bytes(f) - 1); }

}  // namespace

int pick(int low, int high, Rng& rng) { return low + static_cast<int>(rng() % static_cast<unsigned>(high - low + 1)); }

std::uint32_t random_bits(Format f, Rng& rng) {
  return static_cast<std::uint32_t>(rng()) >> (32 - 8 * storage_bytes(f));
}
std::uint32_t random_bits(Acc a, Rng& rng) { return static_cast<std::uint32_t>(rng()) >> (32 - 8 * storage_bytes(a)); }

std::string_view name(OperandClass c) {
  constexpr std::string_view kNames[] = {"random_bits", "random_finite", "near_one",   "wide_exponent",
                                         "subnormal",   "cancellation",  "align_edge", "round_edge",
                                         "overflow",    "floor_edge",    "zeros",      "specials"};
  return kNames[static_cast<int>(c)];
}

Operands make_operands(OperandClass cls, const StepParams& p, int count, Rng& rng) {
  const Fields fa = fields(p.a);
  const Fields fb = fields(p.b);
  const Fields fc = fields(p.acc);
  const auto n = static_cast<std::size_t>(count);
  Operands o{std::vector<std::uint32_t>(n), std::vector<std::uint32_t>(n), 0};
  const auto each = [&](auto&& make) {
    for (std::size_t i = 0; i < n; ++i) make(i);
  };
  const int low = fa.min_exponent() + fb.min_exponent();
  const int high = fa.max_exponent() + fb.max_exponent();

  switch (cls) {
    case OperandClass::random_bits:
      each([&](std::size_t i) {
        o.a[i] = random_bits(p.a, rng);
        o.b[i] = random_bits(p.b, rng);
      });
      o.c = random_bits(p.acc, rng);
      break;
    case OperandClass::random_finite:
      each([&](std::size_t i) {
        o.a[i] = finite(fa, rng);
        o.b[i] = finite(fb, rng);
      });
      o.c = finite(fc, rng);
      break;
    case OperandClass::near_one: {
      each([&](std::size_t i) { product_at(p, pick(-2, 2, rng), rng, o.a[i], o.b[i]); });
      o.c = value_at(fc, pick(-3, 4, rng), rng);
      break;
    }
    case OperandClass::wide_exponent:
      each([&](std::size_t i) { product_at(p, pick(low, high, rng), rng, o.a[i], o.b[i]); });
      o.c = value_at(fc, pick(std::max(low, fc.min_exponent()), std::min(high, fc.max_exponent()), rng), rng);
      break;
    case OperandClass::subnormal:
      each([&](std::size_t i) {
        o.a[i] = coin(rng) ? compose(fa, coin(rng), 0, fraction(fa, rng), rng) : finite(fa, rng);
        o.b[i] = coin(rng) ? compose(fb, coin(rng), 0, fraction(fb, rng), rng) : finite(fb, rng);
      });
      o.c = compose(fc, coin(rng), pick(0, 2, rng), fraction(fc, rng), rng);
      break;
    case OperandClass::cancellation: {
      const int top = pick(low, high, rng);
      each([&](std::size_t i) {
        if (i % 2 == 0) {
          product_at(p, top + pick(-1, 1, rng), rng, o.a[i], o.b[i]);
          return;
        }
        o.a[i] = o.a[i - 1] ^ sign_bit(p.a);
        o.b[i] = o.b[i - 1];
        if (pick(0, 3, rng) == 0) o.b[i] ^= 1u << fb.low_bits;  // off by one in the last place
      });
      o.c = pick(0, 2, rng) == 0 ? zero(fc, rng) : value_at(fc, top - pick(0, p.frac_bits + 2, rng), rng);
      break;
    }
    case OperandClass::align_edge: {
      const int top = pick(std::min(low + p.frac_bits + 2, high), high, rng);
      const auto below = [&] { return top - p.frac_bits + pick(-2, 1, rng); };
      const bool c_leads = coin(rng);
      each([&](std::size_t i) {
        product_at(p, i == 0 && !c_leads ? top : below(), rng, o.a[i], o.b[i], i == 0 && coin(rng));
      });
      o.c = value_at(fc, c_leads ? top : below(), rng, c_leads && coin(rng));
      break;
    }
    case OperandClass::round_edge: {
      // C with products of exactly half its last place, and less; a 0 exponent suits every format.
      const int top =
          pick(std::max(fc.min_exponent() - 2, low + fc.fraction_bits), std::min(fc.max_exponent(), high), rng);
      o.c = value_at(fc, top, rng);
      const int half = std::max(top, fc.min_exponent()) - std::min(fc.fraction_bits, p.frac_bits) - 1;
      each([&](std::size_t i) {
        product_at(p, i == 0 ? half : half - pick(0, 12, rng), rng, o.a[i], o.b[i], pick(0, 2, rng) != 0);
        if (i > 1 && coin(rng)) o.a[i] = zero(fa, rng);
      });
      break;
    }
    case OperandClass::overflow: {
      const int top = std::min(fc.max_exponent(), high);
      const auto term = [&] { return top + (coin(rng) ? pick(-1, 1, rng) : -pick(0, fc.fraction_bits + 3, rng)); };
      each([&](std::size_t i) { product_at(p, term(), rng, o.a[i], o.b[i]); });
      o.c = compose(fc, coin(rng), fc.max_exponent() + fc.bias(), fraction(fc, rng), rng);
      break;
    }
    case OperandClass::floor_edge: {
      const auto tiny = [&] {
        return std::max(low - 4, p.floor + (coin(rng) ? pick(-3, 2, rng) : -pick(0, p.frac_bits + 3, rng)));
      };
      each([&](std::size_t i) {
        product_at(p, tiny(), rng, o.a[i], o.b[i], coin(rng));
        if (i > 2 && coin(rng)) o.a[i] = zero(fa, rng);
      });
      o.c = coin(rng) ? zero(fc, rng) : compose(fc, coin(rng), 0, 1u << pick(0, 3, rng), rng);
      break;
    }
    case OperandClass::zeros:
      each([&](std::size_t i) {
        o.a[i] = pick(0, 7, rng) == 0 ? finite(fa, rng) : zero(fa, rng);
        o.b[i] = coin(rng) ? finite(fb, rng) : zero(fb, rng);
      });
      o.c = coin(rng) ? zero(fc, rng) : finite(fc, rng);
      break;
    case OperandClass::specials:
      each([&](std::size_t i) {
        o.a[i] = pick(0, count + 2, rng) == 0 ? special(fa, rng)
                 : pick(0, 5, rng) == 0       ? zero(fa, rng)
                                              : finite(fa, rng);
        o.b[i] = pick(0, count + 2, rng) == 0 ? special(fb, rng)
                 : pick(0, 5, rng) == 0       ? zero(fb, rng)
                                              : finite(fb, rng);
      });
      o.c = pick(0, 3, rng) == 0 ? special(fc, rng) : finite(fc, rng);
      break;
  }
  return o;
}

}  // namespace spmma::test
