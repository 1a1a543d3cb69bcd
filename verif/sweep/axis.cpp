// SPDX-License-Identifier: Apache-2.0
#include "sweep/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "io/error.h"
#include "spmma/format.h"

namespace spmma::sweep {
namespace {

using verif::InputError;

constexpr std::size_t kMostValues = 4096;  ///< of one axis: more is a slip of the pen

/// The parts, without the blanks around them.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

int number(const Axis& axis, std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    throw InputError(fmt::format("--{}: '{}' is not a number", axis.name, text));
  }
  return value;
}

int format_set(const Axis& axis, std::string_view text) {
  int set = 0;
  for (const std::string_view name : split(text, '+')) {
    const std::optional<Format> format = parse_format(name);
    if (!format) throw InputError(fmt::format("--{}: '{}' is not a format", axis.name, name));
    set |= 1 << static_cast<int>(*format);
  }
  return set;
}

/// The values of "a", "a:b", "a:b:s" or "a:b:xN".
std::vector<int> range(const Axis& axis, std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ':');
  if (parts.size() == 1) return {number(axis, text)};
  if (parts.size() > 3) throw InputError(fmt::format("--{}: '{}' is not a:b, a:b:step or a:b:xN", axis.name, text));
  const int first = number(axis, parts[0]);
  const int last = number(axis, parts[1]);
  if (first > last) throw InputError(fmt::format("--{}: '{}' runs backwards", axis.name, text));
  const bool factor = parts.size() == 3 && parts[2].starts_with('x');
  const int step = parts.size() == 3 ? number(axis, parts[2].substr(factor ? 1 : 0)) : 1;
  if (factor ? step < 2 || first == 0 : step < 1) {
    throw InputError(fmt::format("--{}: '{}' never comes to its end", axis.name, text));
  }
  std::vector<int> values;
  for (std::int64_t value = first; value <= last; value = factor ? value * step : value + step) {
    if (values.size() == kMostValues) {
      throw InputError(fmt::format("--{}: '{}' has more than {} values", axis.name, text, kMostValues));
    }
    values.push_back(static_cast<int>(value));
  }
  return values;
}

bool of_formats(const Axis& axis) { return axis.field == &Point::formats; }

}  // namespace

const std::vector<Axis>& axes() {
  static const std::vector<Axis> all = {
      {"rows", "Rows", "1 to 64", false, &Point::rows},
      {"cols", "Cols", "1 to 64", false, &Point::cols},
      {"step-bytes", "StepBytes", "8, 16, 32", false, &Point::step_bytes},
      {"frac-bits", "FracBits", "18 to 25", false, &Point::frac_bits},
      {"formats", "Formats", "sets such as int8+uint8+fp16", false, &Point::formats},
      {"sparse", "Sparse", "0, 1", false, &Point::sparse},
      {"acc-slots", "AccSlots", "powers of two, 2 to 1024; of the core", false, &Point::acc_slots},
      {"out-depth", "OutDepth", "powers of two, 2 to 1024; of the core", false, &Point::out_depth},
      {"pipe", "Pipe", "0 to 15, a bit for each optional register", false, &Point::pipe},
      {"data-bits", "DataBits", "128, 256, 512", true, &Point::data_bits},
      {"block-rows", "BlockRows", "rows of a block", true, &Point::block_rows},
      {"block-bytes", "BlockBytes", "bytes of a row of B in a block", true, &Point::block_bytes},
      {"k-bytes", "KBytes", "stored bytes of a row of A in a K block", true, &Point::k_bytes},
      {"c-strips", "CStrips", "strips in the ring of C", true, &Point::c_strips},
      {"d-strips", "DStrips", "strips in the ring of D", true, &Point::d_strips},
      {"memory-latency", "", "cycles, 1 to 10000", true, &Point::memory_latency},
      {"memory-bandwidth", "", "bytes a cycle, 0: the data width", true, &Point::memory_bandwidth},
  };
  return all;
}

const Axis* find_axis(std::string_view name) {
  std::string dashed(name);
  std::ranges::replace(dashed, '_', '-');
  const auto it = std::ranges::find_if(axes(), [&](const Axis& axis) { return dashed == axis.name; });
  return it == axes().end() ? nullptr : &*it;
}

std::vector<int> parse_values(const Axis& axis, std::string_view text) {
  std::vector<int> values;
  std::set<int> seen;
  for (const std::string_view part : split(text, ',')) {
    if (part.empty()) throw InputError(fmt::format("--{}: '{}' has an empty value", axis.name, text));
    for (const int value : of_formats(axis) ? std::vector<int>{format_set(axis, part)} : range(axis, part)) {
      if (seen.insert(value).second) values.push_back(value);
      if (values.size() > kMostValues)
        throw InputError(fmt::format("--{}: more than {} values", axis.name, kMostValues));
    }
  }
  return values;
}

std::string value_text(const Axis& axis, int value) {
  if (!of_formats(axis)) return std::to_string(value);
  std::string text;
  for (const Format format : kFormats) {
    if ((value >> static_cast<int>(format) & 1) == 0) continue;
    if (!text.empty()) text += '+';
    text += name(format);
  }
  return text;
}

}  // namespace spmma::sweep
