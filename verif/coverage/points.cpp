// SPDX-License-Identifier: Apache-2.0
#include "points.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <istream>
#include <optional>
#include <stdexcept>

#include "io/text_file.h"

namespace spmma::verif {
namespace {

constexpr std::string_view kHeader = "# spmma coverage 1";
constexpr std::string_view kVerilatorHeader = "# SystemC::Coverage-3";

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// %XX stands for any character that would disturb.
std::string unquote(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int code = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16).ec == std::errc{}) {
      plain += static_cast<char>(code);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

/// The kind that a page stands for: "v_toggle/spmma_dot__pi1".
std::optional<PointKind> kind_of_page(std::string_view page) {
  if (page.starts_with("v_line")) return PointKind::line;
  if (page.starts_with("v_branch")) return PointKind::branch;
  if (page.starts_with("v_toggle")) return PointKind::toggle;
  if (page.starts_with("v_user")) return PointKind::assertion;
  return std::nullopt;
}

/// A point and its count from one line of Verilator's file: C '\1key\2value\1key\2value...' count.
std::optional<std::pair<CoveragePoint, std::uint64_t>> parse_verilator_line(std::string_view line) {
  constexpr std::string_view kBegin = "C '";
  const std::size_t end = line.rfind("' ");
  if (!line.starts_with(kBegin) || end == std::string_view::npos || end < kBegin.size()) return std::nullopt;
  const auto count = parse_number<std::uint64_t>(line.substr(end + 2));
  if (!count) return std::nullopt;
  CoveragePoint point;
  std::optional<PointKind> kind;
  std::string_view rest = line.substr(kBegin.size(), end - kBegin.size());
  while (!rest.empty()) {
    const std::size_t separator = rest.find('\2');
    if (rest.front() != '\1' || separator == std::string_view::npos) return std::nullopt;
    const std::string_view key = rest.substr(1, separator - 1);
    rest.remove_prefix(separator + 1);
    const std::string value = unquote(rest.substr(0, rest.find('\1')));
    rest.remove_prefix(std::min(rest.find('\1'), rest.size()));
    if (key == "f") {
      point.file = std::filesystem::path(value).filename().string();
    } else if (key == "l") {
      point.line = parse_number<int>(value).value_or(0);
    } else if (key == "n") {
      point.column = parse_number<int>(value).value_or(0);
    } else if (key == "o") {
      point.name = value;
    } else if (key == "page") {
      kind = kind_of_page(value);
    }
  }
  if (!kind || point.file.empty() || point.line == 0) return std::nullopt;
  point.kind = *kind;
  return std::pair{point, *count};
}

}  // namespace

std::string_view name(PointKind kind) {
  static constexpr std::array<std::string_view, kPointKinds.size()> kNames = {"line", "branch", "toggle", "assertion",
                                                                              "functional"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string describe(const CoveragePoint& p) {
  if (p.file.empty()) return fmt::format("{} {}", name(p.kind), p.name);
  return fmt::format("{} {}:{} {}", name(p.kind), p.file, p.line, p.name);
}

void CoverageData::merge(const CoverageData& other) {
  for (const auto& [point, hits] : other.points_) add(point, hits);
}

void CoverageData::write(const std::filesystem::path& path) const {
  std::string text = fmt::format("{}\n", kHeader);
  for (const auto& [point, hits] : points_) {
    text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", hits, name(point.kind), point.file, point.line, point.column,
                        point.name);
  }
  write_text(path, text);
}

CoverageData CoverageData::read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line) || line != kHeader) {
    throw std::runtime_error(fmt::format("coverage file {}: cannot be read or is none", path.string()));
  }
  CoverageData data;
  for (int number = 2; std::getline(in, line); ++number) {
    std::array<std::string_view, 6> fields;
    std::string_view rest = line;
    for (std::string_view& field : fields) {
      field = rest.substr(0, &field == &fields.back() ? rest.size() : rest.find('\t'));
      rest.remove_prefix(std::min(field.size() + 1, rest.size()));
    }
    const auto kind = std::ranges::find(kPointKinds, fields[1], [](PointKind k) { return name(k); });
    const auto hits = parse_number<std::uint64_t>(fields[0]);
    const auto at = parse_number<int>(fields[3]);
    const auto column = parse_number<int>(fields[4]);
    if (kind == kPointKinds.end() || !hits || !at || !column) {
      throw std::runtime_error(fmt::format("coverage file {}: line {} is no point", path.string(), number));
    }
    data.add({*kind, std::string(fields[2]), *at, *column, std::string(fields[5])}, *hits);
  }
  return data;
}

CoverageData read_verilator_coverage(std::istream& in) {
  CoverageData data;
  std::string line;
  if (!std::getline(in, line) || line != kVerilatorHeader) {
    throw std::runtime_error("coverage file of Verilator: line 1 is not its header");
  }
  for (int number = 2; std::getline(in, line); ++number) {
    const auto parsed = parse_verilator_line(line);
    if (!parsed) throw std::runtime_error(fmt::format("coverage file of Verilator: line {} is no point", number));
    data.add(parsed->first, parsed->second);
  }
  return data;
}

}  // namespace spmma::verif
