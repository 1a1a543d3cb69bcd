// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bins.h"
#include "io/markup.h"

namespace spmma::verif {
namespace {

/// The lines of a source, trimmed; read once.
class Sources {
 public:
  explicit Sources(std::filesystem::path rtl) : rtl_(std::move(rtl)) {}

  std::string line(const CoveragePoint& point) {
    if (point.file.empty()) return {};
    const auto [file, is_new] = files_.try_emplace(point.file);
    if (is_new) {
      std::ifstream in(rtl_ / point.file);
      for (std::string text; std::getline(in, text);) file->second.push_back(trim(text));
    }
    const auto index = static_cast<std::size_t>(point.line - 1);
    return index < file->second.size() ? file->second[index] : std::string();
  }

 private:
  static std::string trim(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    return begin == std::string::npos ? std::string() : text.substr(begin);
  }

  std::filesystem::path rtl_;
  std::map<std::string, std::vector<std::string>> files_;
};

/// What exclusions match: no line numbers, so that edits elsewhere do not matter.
std::string match_text(const CoveragePoint& point, const std::string& source) {
  switch (point.kind) {
    case PointKind::functional:
      return point.name;
    case PointKind::toggle:
      return fmt::format("{} {}", point.file, point.name);
    default:
      return fmt::format("{} {}: {}", point.file, point.name, source);
  }
}

std::string part_of(const CoveragePoint& point) {
  return point.file.empty() ? point.name.substr(0, point.name.find('/')) : point.file;
}

std::string percent(const CoverageFigures& figures) {
  if (figures.points == 0) return "none";
  // Never rounded up to a figure that is not reached.
  return fmt::format("{:.2f} %", figures.holes() == 0 ? 100.0 : std::min(99.99, figures.percent()));
}

void add(CoverageFigures& figures, bool hit, bool excluded) {
  ++figures.points;
  figures.hit += hit;
  figures.excluded += !hit && excluded;
}

}  // namespace

double coverage_target(PointKind kind) { return kind == PointKind::toggle ? 99 : 100; }

std::vector<Exclusion> read_exclusions(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(fmt::format("exclusions {}: cannot be read", path.string()));
  std::vector<Exclusion> exclusions;
  try {
    for (const auto& entry : nlohmann::json::parse(in)) {
      Exclusion e{.points = entry.at("points"), .reason = entry.at("reason")};
      const std::string kind = entry.at("kind");
      const auto found = std::ranges::find(kPointKinds, kind, [](PointKind k) { return name(k); });
      if (found == kPointKinds.end()) throw std::runtime_error(fmt::format("no kind '{}'", kind));
      if (e.reason.empty()) throw std::runtime_error("an exclusion without a reason");
      e.kind = *found;
      e.pattern = std::regex(e.points, std::regex::optimize);
      exclusions.push_back(std::move(e));
    }
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("exclusions {}: entry {}: {}", path.string(), exclusions.size() + 1, error.what()));
  }
  return exclusions;
}

CoverageReport make_report(const CoverageData& data, const std::vector<Exclusion>& exclusions,
                           const std::filesystem::path& rtl) {
  CoverageData all = bin_catalogue();
  all.merge(data);
  CoverageReport report;
  Sources sources(rtl);
  for (const Exclusion& e : exclusions) report.exclusions.push_back({e, 0});
  for (const PointKind kind : kPointKinds) report.kinds[kind];
  for (const auto& [point, hits] : all.points()) {
    const std::string source = sources.line(point);
    const auto use = std::ranges::find_if(report.exclusions, [&](const CoverageReport::ExclusionUse& u) {
      return u.exclusion.kind == point.kind && std::regex_match(match_text(point, source), u.exclusion.pattern);
    });
    const bool excluded = use != report.exclusions.end();
    add(report.kinds[point.kind], hits != 0, excluded);
    add(report.parts[part_of(point)][point.kind], hits != 0, excluded);
    if (excluded && hits != 0) {
      report.complaints.push_back(fmt::format("excluded, but became reachable: {}", describe(point)));
    } else if (excluded) {
      ++use->points;
    } else if (hits == 0) {
      report.holes.push_back({point, source});
    }
  }
  for (const auto& use : report.exclusions) {
    if (use.points == 0 && report.kinds[use.exclusion.kind].points != 0) {  // a build may count no toggles
      report.shortfalls.push_back(
          fmt::format("the exclusion of {} '{}' matches no hole", name(use.exclusion.kind), use.exclusion.points));
    }
  }
  for (const auto& [kind, figures] : report.kinds) {
    if (figures.points == 0) report.shortfalls.push_back(fmt::format("nothing counts {} coverage", name(kind)));
    if (figures.percent() < coverage_target(kind)) {
      report.shortfalls.push_back(
          fmt::format("{} coverage is {}, below {} %", name(kind), percent(figures), coverage_target(kind)));
    }
    if (static_cast<double>(figures.excluded) > kMostExcluded / 100 * static_cast<double>(figures.points)) {
      report.shortfalls.push_back(fmt::format("{} of {} {} points are excluded, more than {} %", figures.excluded,
                                              figures.points, name(kind), kMostExcluded));
    }
  }
  return report;
}

std::string text_table(const CoverageReport& report) {
  std::string text =
      fmt::format("{:12} {:>9} {:>9} {:>9} {:>9} {:>10}\n", "coverage", "points", "hit", "excluded", "holes", "");
  for (const auto& [kind, f] : report.kinds) {
    text += fmt::format("{:12} {:>9} {:>9} {:>9} {:>9} {:>10}\n", name(kind), f.points, f.hit, f.excluded, f.holes(),
                        percent(f));
  }
  return text;
}

std::string markdown_table(const CoverageReport& report) {
  std::string text = "| kind | points | hit | excluded | holes | coverage |\n|---|---:|---:|---:|---:|---:|\n";
  for (const auto& [kind, f] : report.kinds) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", name(kind), f.points, f.hit, f.excluded, f.holes(),
                        percent(f));
  }
  return text;
}

std::string json_text(const CoverageReport& report) {
  using nlohmann::ordered_json;
  const auto figures = [](const CoverageFigures& f) {
    return ordered_json{{"points", f.points}, {"hit", f.hit}, {"excluded", f.excluded}, {"percent", f.percent()}};
  };
  ordered_json json;
  for (const auto& [kind, f] : report.kinds) json["kinds"][std::string(name(kind))] = figures(f);
  for (const auto& [part, kinds] : report.parts) {
    for (const auto& [kind, f] : kinds) json["parts"][part][std::string(name(kind))] = figures(f);
  }
  json["holes"] = ordered_json::array();
  for (const CoverageHole& hole : report.holes) {
    json["holes"].push_back({{"point", describe(hole.point)}, {"source", hole.source}});
  }
  json["exclusions"] = ordered_json::array();
  for (const auto& use : report.exclusions) {
    json["exclusions"].push_back({{"kind", name(use.exclusion.kind)},
                                  {"points", use.exclusion.points},
                                  {"holes", use.points},
                                  {"reason", use.exclusion.reason}});
  }
  json["complaints"] = report.complaints;
  json["shortfalls"] = report.shortfalls;
  return json.dump(1) + "\n";
}

std::string html_fragment(const CoverageReport& report) {
  std::string html =
      "<table class=\"coverage\"><tr><th>coverage</th><th>points</th><th>hit</th><th>excluded</th>"
      "<th>holes</th><th></th></tr>\n";
  for (const auto& [kind, f] : report.kinds) {
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", name(kind),
                        f.points, f.hit, f.excluded, f.holes(), percent(f));
  }
  html += "</table>\n<details><summary>by file and group</summary><table class=\"coverage\"><tr><th></th>";
  for (const PointKind kind : kPointKinds) html += fmt::format("<th>{}</th>", name(kind));
  html += "</tr>\n";
  for (const auto& [part, kinds] : report.parts) {
    html += fmt::format("<tr><td>{}</td>", escape_markup(part));
    for (const PointKind kind : kPointKinds) {
      const auto f = kinds.find(kind);
      html += f == kinds.end() ? std::string("<td></td>") : fmt::format("<td>{}</td>", percent(f->second));
    }
    html += "</tr>\n";
  }
  html += "</table></details>\n";
  if (!report.holes.empty()) {
    html += fmt::format("<details><summary>{} holes</summary><ul>\n", report.holes.size());
    for (const CoverageHole& hole : report.holes) {
      html +=
          fmt::format("<li>{} <code>{}</code></li>\n", escape_markup(describe(hole.point)), escape_markup(hole.source));
    }
    html += "</ul></details>\n";
  }
  html += fmt::format(
      "<details><summary>{} exclusions</summary><table><tr><th>kind</th><th>points</th><th></th>"
      "<th>reason</th></tr>\n",
      report.exclusions.size());
  for (const auto& use : report.exclusions) {
    html +=
        fmt::format("<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n", name(use.exclusion.kind),
                    escape_markup(use.exclusion.points), use.points, escape_markup(use.exclusion.reason));
  }
  html += "</table></details>\n";
  for (const auto* lines : {&report.complaints, &report.shortfalls}) {
    for (const std::string& line : *lines) html += fmt::format("<p>{}</p>\n", escape_markup(line));
  }
  return html;
}

}  // namespace spmma::verif
