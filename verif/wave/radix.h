// SPDX-License-Identifier: Apache-2.0
// How the value of a signal is written: as a number of a format, as a name, in a base.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "spmma/format.h"

namespace spmma::verif {

enum class Radix : std::uint8_t {
  bit,
  hex,  ///< without leading zeros
  unsigned_decimal,
  signed_decimal,
  // Vectors of elements, the first one in the low bits; shown in that order.
  int8,
  uint8,
  fp16,
  bf16,
  tf32,
  e4m3,
  e5m2,
  s32,
  f32,
  f16,            ///< in the low halves of 32-bit words, as the core's C and D are
  metadata,       ///< nibbles as the two places they select: "03 12"
  metadata_tf32,  ///< nibbles as the one place they select: "1 0"
  // Codes by name.
  format,
  operand,
  response,
  stall,
  reader_state,
  writer_state,
};

/// The number of an element of A or B / of C or D in the core's words.
Radix radix_of(Format f);
Radix radix_of(Acc acc);

/// "fp16", "reader-state": what `spmma wave-filter` takes.
std::string_view name(Radix radix);
std::optional<Radix> parse_radix(std::string_view text);

/// A value as text. `bits` are '0' and '1', the highest first; anything else among them makes it "x".
std::string show(Radix radix, std::string_view bits);

/// The same for a value in hexadecimal digits, as GTKWave gives it to a filter. It does not say how many bits there
/// are, so they are whole digits. What is no number is given back as it is.
std::string show_hex(Radix radix, std::string_view digits);

}  // namespace spmma::verif
