// SPDX-License-Identifier: Apache-2.0
#include "wave/radix.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "spmma/sparse.h"

namespace spmma::verif {
namespace {

struct Row {
  Radix radix;
  std::string_view name;
};
constexpr Row kNames[] = {{Radix::bit, "bit"},
                          {Radix::hex, "hex"},
                          {Radix::unsigned_decimal, "unsigned"},
                          {Radix::signed_decimal, "signed"},
                          {Radix::int8, "int8"},
                          {Radix::uint8, "uint8"},
                          {Radix::fp16, "fp16"},
                          {Radix::bf16, "bf16"},
                          {Radix::tf32, "tf32"},
                          {Radix::e4m3, "e4m3"},
                          {Radix::e5m2, "e5m2"},
                          {Radix::s32, "s32"},
                          {Radix::f32, "f32"},
                          {Radix::f16, "f16"},
                          {Radix::metadata, "metadata"},
                          {Radix::metadata_tf32, "metadata-tf32"},
                          {Radix::format, "format"},
                          {Radix::operand, "operand"},
                          {Radix::response, "response"},
                          {Radix::stall, "stall"},
                          {Radix::reader_state, "reader-state"},
                          {Radix::writer_state, "writer-state"}};

// Codes of the RTL (spmma_pkg, spmma_gemm_pkg, spmma_reader, spmma_writer).
constexpr std::string_view kOperands[] = {"A", "E", "B", "C", "D"};
constexpr std::string_view kResponses[] = {"OKAY", "EXOKAY", "SLVERR", "DECERR"};
constexpr std::string_view kStalls[] = {"start", "A", "metadata", "B", "C", "D", "chain"};
constexpr std::string_view kReaderStates[] = {"Idle", "Plan", "Set", "Ask", "Halt"};
constexpr std::string_view kWriterStates[] = {"Take", "Run", "Drain", "Halt"};

bool known(std::string_view bits) { return bits.find_first_not_of("01") == std::string_view::npos; }

/// The value of at most 64 bits.
std::uint64_t value(std::string_view bits) {
  std::uint64_t v = 0;
  for (const char c : bits) v = v << 1 | (c == '1');
  return v;
}

/// `text` of each part of `width` bits, from the low end on; a last part that is not whole counts with zeros above it.
template <typename Text>
std::string parts(std::string_view bits, std::size_t width, Text text) {
  std::string all;
  while (!bits.empty()) {
    const std::string_view part = bits.substr(bits.size() - std::min(width, bits.size()));
    bits.remove_suffix(part.size());
    if (!all.empty()) all += ' ';
    all += known(part) ? text(static_cast<std::uint32_t>(value(part))) : "x";
  }
  return all;
}

std::string number(double v) { return fmt::format("{:.6g}", v); }

std::string hex(std::string_view bits) {
  std::string digits;
  while (!bits.empty()) {
    const std::string_view part = bits.substr(bits.size() - std::min<std::size_t>(4, bits.size()));
    bits.remove_suffix(part.size());
    digits += known(part) ? fmt::format("{:X}", value(part)) : "x";
  }
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string named(std::string_view bits, std::span<const std::string_view> names) {
  const std::uint64_t code = value(bits);
  return code < names.size() ? std::string(names[code]) : fmt::format("{}?", code);
}

/// The bits that are set, by name.
std::string set_names(std::string_view bits, std::span<const std::string_view> names) {
  std::string all;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[bits.size() - 1 - i] != '1') continue;
    all += fmt::format("{}{}", all.empty() ? "" : " ", i < names.size() ? names[i] : "?");
  }
  return all.empty() ? "-" : all;
}

std::string elements(Format f, std::string_view bits) {
  return parts(bits, static_cast<std::size_t>(8 * storage_bytes(f)),
               [f](std::uint32_t v) { return number(to_double(f, v)); });
}

}  // namespace

Radix radix_of(Format f) {
  static_assert(static_cast<int>(Radix::e5m2) - static_cast<int>(Radix::int8) == static_cast<int>(Format::e5m2));
  return static_cast<Radix>(static_cast<int>(Radix::int8) + static_cast<int>(f));
}

Radix radix_of(Acc acc) { return acc == Acc::s32 ? Radix::s32 : acc == Acc::f32 ? Radix::f32 : Radix::f16; }

std::string_view name(Radix radix) {
  return std::ranges::find(kNames, radix, &Row::radix)->name;  // each has one
}

std::optional<Radix> parse_radix(std::string_view text) {
  const auto* const row = std::ranges::find(kNames, text, &Row::name);
  if (row == std::end(kNames)) return std::nullopt;
  return row->radix;
}

std::string show(Radix radix, std::string_view bits) {
  switch (radix) {
    case Radix::hex:
      return hex(bits);
    case Radix::int8:
    case Radix::uint8:
    case Radix::fp16:
    case Radix::bf16:
    case Radix::tf32:
    case Radix::e4m3:
    case Radix::e5m2:
      return elements(static_cast<Format>(static_cast<int>(radix) - static_cast<int>(Radix::int8)), bits);
    case Radix::s32:
      return parts(bits, 32, [](std::uint32_t v) { return fmt::format("{}", static_cast<std::int32_t>(v)); });
    case Radix::f32:
      return parts(bits, 32, [](std::uint32_t v) { return number(to_double(Acc::f32, v)); });
    case Radix::f16:
      return parts(bits, 32, [](std::uint32_t v) { return number(to_double(Acc::f16, v & 0xFFFF)); });
    case Radix::metadata:
      return parts(bits, 4, [](std::uint32_t v) { return fmt::format("{}{}", v & 3, v >> 2); });
    case Radix::metadata_tf32:
      return parts(bits, 4, [](std::uint32_t v) {
        return fmt::format("{}", selected(Format::tf32, static_cast<std::uint8_t>(v), 0));
      });
    default:
      break;
  }
  if (!known(bits)) return "x";
  switch (radix) {
    case Radix::unsigned_decimal:
      return bits.size() > 64 ? hex(bits) : fmt::format("{}", value(bits));
    case Radix::signed_decimal: {
      if (bits.size() > 64) return hex(bits);
      const std::size_t unused = 64 - bits.size();
      return fmt::format("{}", bits.empty() ? 0 : static_cast<std::int64_t>(value(bits) << unused) >> unused);
    }
    case Radix::format: {
      const std::uint64_t code = value(bits);
      return code < kFormatCount ? std::string(name(static_cast<Format>(code))) : fmt::format("{}?", code);
    }
    case Radix::operand:
      return named(bits, kOperands);
    case Radix::response:
      return named(bits, kResponses);
    case Radix::stall:
      return set_names(bits, kStalls);
    case Radix::reader_state:
      return named(bits, kReaderStates);
    case Radix::writer_state:
      return named(bits, kWriterStates);
    default:
      return std::string(bits);
  }
}

std::string show_hex(Radix radix, std::string_view digits) {
  std::string bits;
  for (const char c : digits) {
    const std::string_view all = "0123456789abcdef";
    const std::size_t digit = all.find(static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c));
    if (digit != std::string_view::npos) {
      bits += fmt::format("{:04b}", digit);
    } else if (c == 'x' || c == 'X' || c == 'z' || c == 'Z' || c == 'u' || c == 'U' || c == '?' || c == '-') {
      bits += "xxxx";
    } else {
      return std::string(digits);
    }
  }
  return bits.empty() ? std::string() : show(radix, bits);
}

}  // namespace spmma::verif
