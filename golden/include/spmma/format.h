// SPDX-License-Identifier: Apache-2.0
// Number formats of the unit: names, sizes, legal combinations and decoding (numerics.md section 2, step 1).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace spmma {

/// Element formats of A and B. The enumerators' values are the RTL's format codes (rtl/spmma_pkg.sv).
enum class Format : std::uint8_t { int8 = 0, uint8 = 1, fp16 = 2, bf16 = 3, tf32 = 4, e4m3 = 5, e5m2 = 6 };

/// Accumulator formats: the type of C and D.
enum class Acc : std::uint8_t { s32, f32, f16 };

inline constexpr int kFormatCount = 7;
inline constexpr Format kFormats[kFormatCount] = {Format::int8, Format::uint8, Format::fp16, Format::bf16,
                                                  Format::tf32, Format::e4m3,  Format::e5m2};

/// Lower-case name as in interfaces.md ("int8", "fp16", ..., "s32", "f32", "f16").
std::string_view name(Format f);
std::string_view name(Acc a);
std::optional<Format> parse_format(std::string_view text);
std::optional<Acc> parse_acc(std::string_view text);

/// Bytes of one stored element (tf32 is kept in a 4-byte FP32 container).
int storage_bytes(Format f);
int storage_bytes(Acc a);

bool is_integer(Format f);  ///< int8, uint8
bool is_fp8(Format f);      ///< e4m3, e5m2

/// True for the combinations that interfaces.md, "Formats", lists.
bool legal(Format a, Format b, Acc acc);

/// s32 for integers, f32 for the others.
Acc default_acc(Format a);

/// Elements in one metadata group of a sparse A (4; tf32: 2) and how many of them are stored (2; tf32: 1).
int group_size(Format f);
int group_stored(Format f);

/// A floating-point value taken apart: value = (-1)^negative * significand * 2^(exponent - fraction_bits).
/// Subnormals keep the format's smallest normal exponent and are not normalised.
struct Decoded {
  enum class Class : std::uint8_t { zero, finite, inf, nan };
  Class cls = Class::zero;
  bool negative = false;
  std::uint32_t significand = 0;
  int fraction_bits = 0;
  int exponent = 0;
};

/// The value of an int8 or uint8 element.
std::int32_t to_int(Format f, std::uint32_t bits);

/// Decodes the raw bits of a floating-point element. TF32 drops its 13 low bits before it is classified.
/// Precondition: `f` is not an integer format / `a` is not s32.
Decoded decode(Format f, std::uint32_t bits);
Decoded decode(Acc a, std::uint32_t bits);

/// True if the element is zero as decoded: -0 is, and so is a TF32 value that is 0 without its low 13 bits
/// (interfaces.md, "Files"). Works for every format, integers included.
bool is_zero(Format f, std::uint32_t bits);

/// A key whose unsigned order is that of decoded magnitude, NaN above Inf above finite; |-128| = 128.
/// All NaNs have the same key, and so have TF32 values that differ only in their low 13 bits.
std::uint32_t magnitude_key(Format f, std::uint32_t bits);

/// The value as a double (exact for every format; NaN for NaN).
double to_double(Format f, std::uint32_t bits);
double to_double(Acc a, std::uint32_t bits);

}  // namespace spmma
