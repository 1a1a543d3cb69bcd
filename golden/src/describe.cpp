// SPDX-License-Identifier: Apache-2.0
#include "spmma/describe.h"

#include <fmt/format.h>

namespace spmma {
namespace {

/// `fields` are the bits that the format looks at, right-aligned; exponent and fraction widths in bits.
std::string describe_float(int hex_digits, std::uint32_t bits, double value, std::uint32_t fields, int exponent_bits,
                           int fraction_bits) {
  const std::uint32_t sign = (fields >> (exponent_bits + fraction_bits)) & 1;
  const int field = static_cast<int>((fields >> fraction_bits) & ((1u << exponent_bits) - 1));
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const std::string exponent =
      field == 0 ? fmt::format("0 (subnormal: {})", 1 - bias) : fmt::format("{}-{}={}", field, bias, field - bias);
  return fmt::format("0x{:0{}x} = {:.9g} (sign {}, exponent {}, fraction 0x{:0{}x})", bits, hex_digits, value, sign,
                     exponent, fields & ((1u << fraction_bits) - 1), (fraction_bits + 3) / 4);
}

}  // namespace

std::string describe(Format f, std::uint32_t bits) {
  const double value = to_double(f, bits);
  switch (f) {
    case Format::fp16:
      return describe_float(4, bits, value, bits, 5, 10);
    case Format::bf16:
      return describe_float(4, bits, value, bits, 8, 7);
    case Format::tf32:
      return describe_float(8, bits, value, bits >> 13, 8, 10);
    case Format::e4m3:
      return describe_float(2, bits, value, bits, 4, 3);
    case Format::e5m2:
      return describe_float(2, bits, value, bits, 5, 2);
    default:
      return fmt::format("0x{:02x} = {}", bits, to_int(f, bits));
  }
}

std::string describe(Acc a, std::uint32_t bits) {
  switch (a) {
    case Acc::f32:
      return describe_float(8, bits, to_double(a, bits), bits, 8, 23);
    case Acc::f16:
      return describe_float(4, bits, to_double(a, bits), bits, 5, 10);
    default:
      return fmt::format("0x{:08x} = {}", bits, static_cast<std::int32_t>(bits));
  }
}

}  // namespace spmma
