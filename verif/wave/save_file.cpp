// SPDX-License-Identifier: Apache-2.0
#include "wave/save_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <istream>
#include <limits>
#include <ostream>

namespace spmma::verif {
namespace {

// GTKWave's flags of a row, in hexadecimal in the file.
constexpr unsigned kHex = 0x2, kDecimal = 0x4, kBinary = 0x8, kRight = 0x20, kSigned = 0x400, kBlank = 0x200;
constexpr unsigned kProcess = 0x4000, kGroupBegin = 0x800000, kGroupEnd = 0x1000000, kClosed = 0x400000;

unsigned flags_of(Radix radix) {
  switch (radix) {
    case Radix::bit:
      return kRight | kBinary;
    case Radix::hex:
      return kRight | kHex;
    case Radix::unsigned_decimal:
      return kRight | kDecimal;
    case Radix::signed_decimal:
      return kRight | kSigned;
    default:
      return kRight | kHex | kProcess;
  }
}

/// "TOP.spmma_core.in_slot_i[3:0]", or the chosen bits of it: "#{label} (4)TOP...[7:0] (5)TOP...[7:0]", counted from
/// the highest bit.
std::string trace(const WaveRow& row, const WaveDump::Signal& signal) {
  const std::string name = row.bits.path + signal.range;
  if (row.bits.high < 0) return fmt::format("+{{{}}} {}", row.label, name);
  std::string text = fmt::format("#{{{}}}", row.label);
  for (int bit = row.bits.high; bit >= row.bits.low; --bit) {
    text += fmt::format(" ({}){}", signal.width - 1 - bit, name);
  }
  return text;
}

/// GTKWave's zoom: 200 pixels show 2^-zoom units of time.
double zoom(std::int64_t units) {
  constexpr double kPixels = 1000, kFrame = 200;
  return std::min(0.0, -std::log2(std::max<double>(1, static_cast<double>(units)) * kFrame / kPixels));
}

}  // namespace

std::string save_file(const WaveDump& dump, const std::vector<WaveGroup>& groups, const SaveFileOptions& options) {
  const bool whole = options.window.to == std::numeric_limits<std::int64_t>::max();
  const std::int64_t first = 2 * options.window.from;
  const std::int64_t shown = whole ? 100 : 2 * (options.window.to - options.window.from + 1);
  std::string text = fmt::format("[*]\n[*] Written by spmma\n[*]\n[dumpfile] \"{}\"\n", options.wave);
  text += fmt::format("[timestart] {}\n[size] 1500 900\n[pos] -1 -1\n", first);
  text += fmt::format("*{:f} {}", zoom(shown), options.mark ? 2 * *options.mark + 1 : -1);
  for (int named = 0; named < 26; ++named) text += " -1";
  text += "\n[sst_width] 200\n[signals_width] 260\n[sst_expanded] 0\n";

  for (const WaveGroup& group : groups) {
    // Where nothing of a group is in the picture, it begins closed.
    const bool closed = std::ranges::none_of(group.rows, &WaveRow::main);
    const unsigned closing = closed ? kClosed : 0;
    text += fmt::format("@{:x}\n-{}\n", kGroupBegin | kBlank | closing, group.title);
    for (const WaveRow& row : group.rows) {
      const WaveDump::Signal* const signal = dump.find(row.bits.path);
      if (signal == nullptr || row.bits.high >= signal->width) continue;
      const unsigned flags = flags_of(row.radix);
      text += fmt::format("@{:x}\n", flags);
      if ((flags & kProcess) != 0) text += fmt::format("^>1 {}{}\n", options.filters, name(row.radix));
      text += trace(row, *signal) + "\n";
    }
    text += fmt::format("@{:x}\n-{}\n", kGroupEnd | kBlank | closing, group.title);
  }
  return text + "[pattern_trace] 1\n[pattern_trace] 0\n";
}

void wave_filter(Radix radix, std::istream& in, std::ostream& out) {
  for (std::string line; std::getline(in, line);) {
    std::erase_if(line, [](char c) { return c == ' ' || c == '\r' || c == '\t'; });
    out << show_hex(radix, line) << '\n' << std::flush;
  }
}

std::string filter_prefix() {
  namespace fs = std::filesystem;
  std::string prefix = "spmma-wave-";
  std::error_code ignored;
  const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& place : {folder, folder.parent_path() / "libexec" / "spmma"}) {
    if (fs::exists(place / (prefix + std::string(name(Radix::fp16))), ignored)) return (place / prefix).string();
  }
  return prefix;
}

}  // namespace spmma::verif
