// SPDX-License-Identifier: Apache-2.0
#include "spmma/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace spmma {
namespace {

/// Field widths of a sign-exponent-fraction format; the bias is 2^(exponent_bits - 1) - 1 in all of them.
struct Layout {
  int exponent_bits;
  int fraction_bits;
  bool has_inf = true;  ///< false: only the all-ones pattern is NaN, the rest of the top exponent is finite (E4M3)
};

constexpr int kTf32DroppedBits = 13;
constexpr Layout kFp16{5, 10};
constexpr Layout kFp32{8, 23};

constexpr Layout layout(Format f) {
  switch (f) {
    case Format::bf16:
      return {8, 7};
    case Format::tf32:
      return {8, 10};
    case Format::e4m3:
      return {4, 3, false};
    case Format::e5m2:
      return {5, 2};
    default:
      return kFp16;
  }
}

Decoded decode(Layout l, std::uint32_t bits) {
  const std::uint32_t field_max = (1u << l.exponent_bits) - 1;
  const std::uint32_t fraction_max = (1u << l.fraction_bits) - 1;
  const std::uint32_t field = (bits >> l.fraction_bits) & field_max;
  const std::uint32_t fraction = bits & fraction_max;
  const int bias = (1 << (l.exponent_bits - 1)) - 1;

  Decoded d;
  d.negative = ((bits >> (l.exponent_bits + l.fraction_bits)) & 1) != 0;
  d.fraction_bits = l.fraction_bits;
  d.exponent = std::max(static_cast<int>(field), 1) - bias;  // subnormals keep the smallest normal exponent
  d.significand = (field == 0 ? 0 : fraction_max + 1) | fraction;
  if (field == field_max && (l.has_inf || fraction == fraction_max)) {
    d.cls = l.has_inf && fraction == 0 ? Decoded::Class::inf : Decoded::Class::nan;
    d.significand = 0;
  } else {
    d.cls = d.significand == 0 ? Decoded::Class::zero : Decoded::Class::finite;
  }
  return d;
}

double value(const Decoded& d) {
  const double sign = d.negative ? -1.0 : 1.0;
  switch (d.cls) {
    case Decoded::Class::nan:
      return std::numeric_limits<double>::quiet_NaN();
    case Decoded::Class::inf:
      return sign * std::numeric_limits<double>::infinity();
    default:
      return sign * std::ldexp(d.significand, d.exponent - d.fraction_bits);
  }
}

constexpr std::array<std::string_view, kFormatCount> kFormatNames = {"int8", "uint8", "fp16", "bf16",
                                                                     "tf32", "e4m3",  "e5m2"};
constexpr std::array<std::string_view, 3> kAccNames = {"s32", "f32", "f16"};

template <typename Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view text) {
  const auto it = std::find(names.begin(), names.end(), text);
  if (it == names.end()) return std::nullopt;
  return static_cast<Enum>(it - names.begin());
}

}  // namespace

std::string_view name(Format f) { return kFormatNames[static_cast<std::size_t>(f)]; }
std::string_view name(Acc a) { return kAccNames[static_cast<std::size_t>(a)]; }
std::optional<Format> parse_format(std::string_view text) { return parse<Format>(kFormatNames, text); }
std::optional<Acc> parse_acc(std::string_view text) { return parse<Acc>(kAccNames, text); }

int storage_bytes(Format f) {
  switch (f) {
    case Format::tf32:
      return 4;
    case Format::fp16:
    case Format::bf16:
      return 2;
    default:
      return 1;
  }
}

int storage_bytes(Acc a) { return a == Acc::f16 ? 2 : 4; }

bool is_integer(Format f) { return f == Format::int8 || f == Format::uint8; }
bool is_fp8(Format f) { return f == Format::e4m3 || f == Format::e5m2; }

bool legal(Format a, Format b, Acc acc) {
  if (is_integer(a)) return is_integer(b) && acc == Acc::s32;
  if (is_fp8(a)) return is_fp8(b) && acc != Acc::s32;
  return a == b && (acc == Acc::f32 || (acc == Acc::f16 && a == Format::fp16));
}

Acc default_acc(Format a) { return is_integer(a) ? Acc::s32 : Acc::f32; }

int group_size(Format f) { return f == Format::tf32 ? 2 : 4; }
int group_stored(Format f) { return group_size(f) / 2; }

std::int32_t to_int(Format f, std::uint32_t bits) {
  return f == Format::int8 ? static_cast<std::int8_t>(bits) : static_cast<std::uint8_t>(bits);
}

Decoded decode(Format f, std::uint32_t bits) {
  return decode(layout(f), f == Format::tf32 ? bits >> kTf32DroppedBits : bits);
}

Decoded decode(Acc a, std::uint32_t bits) { return decode(a == Acc::f32 ? kFp32 : kFp16, bits); }

bool is_zero(Format f, std::uint32_t bits) {
  return is_integer(f) ? to_int(f, bits) == 0 : decode(f, bits).cls == Decoded::Class::zero;
}

std::uint32_t magnitude_key(Format f, std::uint32_t bits) {
  if (is_integer(f)) return static_cast<std::uint32_t>(std::abs(to_int(f, bits)));
  // Exponent above fraction: read as an integer, the bits below the sign grow with the magnitude.
  const Layout l = layout(f);
  if (decode(f, bits).cls == Decoded::Class::nan) return std::numeric_limits<std::uint32_t>::max();
  if (f == Format::tf32) bits >>= kTf32DroppedBits;
  return bits & ((1u << (l.exponent_bits + l.fraction_bits)) - 1);
}

double to_double(Format f, std::uint32_t bits) { return is_integer(f) ? to_int(f, bits) : value(decode(f, bits)); }

double to_double(Acc a, std::uint32_t bits) {
  return a == Acc::s32 ? static_cast<std::int32_t>(bits) : value(decode(a, bits));
}

}  // namespace spmma
