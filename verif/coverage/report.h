// SPDX-License-Identifier: Apache-2.0
// What coverage amounts to: figures by kind and by file, the holes, and what is excluded with a reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "points.h"

namespace spmma::verif {

/// Points that cannot be hit, and why.
struct Exclusion {
  PointKind kind = PointKind::line;
  std::string points = {};  ///< regular expression for all of match_text()
  std::string reason = {};
  std::regex pattern = {};
};

/// Reads a JSON list of {kind, points, reason}. Throws std::runtime_error with the file and the entry.
std::vector<Exclusion> read_exclusions(const std::filesystem::path& path);

struct CoverageFigures {
  std::int64_t points = 0;
  std::int64_t hit = 0;
  std::int64_t excluded = 0;

  std::int64_t holes() const { return points - hit - excluded; }
  /// Of the points that are not excluded; 100 of none.
  double percent() const {
    const std::int64_t wanted = points - excluded;
    return wanted == 0 ? 100 : 100 * static_cast<double>(hit) / static_cast<double>(wanted);
  }
};

struct CoverageHole {
  CoveragePoint point;
  std::string source;  ///< the line of rtl/, trimmed
};

struct CoverageReport {
  std::map<PointKind, CoverageFigures> kinds;
  /// By file of rtl/ or, of bins, the first part of their names.
  std::map<std::string, std::map<PointKind, CoverageFigures>> parts;
  std::vector<CoverageHole> holes;
  struct ExclusionUse {
    Exclusion exclusion;
    std::int64_t points = 0;  ///< that were not hit
  };
  std::vector<ExclusionUse> exclusions;
  /// What is wrong however little ran: exclusions that were reached. A line each.
  std::vector<std::string> complaints;
  /// What the whole of the coverage must not have, and a part of it may: a kind without points or below its target, an
  /// exclusion that matches nothing, too many exclusions. A line each.
  std::vector<std::string> shortfalls;
};

/// Percent that a kind must reach: 100, of toggles 99.
double coverage_target(PointKind kind);
/// Of all points of a kind, at most so many percent may be excluded.
inline constexpr double kMostExcluded = 2;

/// Merges the catalogue of bins in. `rtl` is the folder of the sources.
CoverageReport make_report(const CoverageData& data, const std::vector<Exclusion>& exclusions,
                           const std::filesystem::path& rtl);

std::string text_table(const CoverageReport& report);  ///< by kind
std::string markdown_table(const CoverageReport& report);
std::string json_text(const CoverageReport& report);
/// Tables, holes and exclusions as a part of a page, without head and body.
std::string html_fragment(const CoverageReport& report);

}  // namespace spmma::verif
