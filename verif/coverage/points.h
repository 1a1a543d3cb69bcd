// SPDX-License-Identifier: Apache-2.0
// Coverage points and how often each was hit, merged over instances, seeds, presets and processes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

namespace spmma::verif {

/// What a point is: a line (or block of lines), a side of a branch, a bit that changes, an assertion's antecedent (or
/// any cover property), a bin of the test plan.
enum class PointKind : std::uint8_t { line, branch, toggle, assertion, functional };
inline constexpr std::array<PointKind, 5> kPointKinds = {PointKind::line, PointKind::branch, PointKind::toggle,
                                                         PointKind::assertion, PointKind::functional};
std::string_view name(PointKind kind);

/// A place in rtl/ and what is counted there. A bin has neither file nor place. The same place under other parameters
/// is the same point, so that a path which one preset does not have is covered by another.
struct CoveragePoint {
  PointKind kind = PointKind::line;
  std::string file = {};  ///< name within rtl/
  int line = 0;
  int column = 0;
  std::string name = {};  ///< Verilator's comment ("if", "else", "data_q[3]"), or the bin

  auto operator<=>(const CoveragePoint&) const = default;
};
/// "toggle spmma_dot.sv:199 e_max6_q[4]", "functional metadata/fp16/group0/code4/first": what exclusions match.
std::string describe(const CoveragePoint& point);

class CoverageData {
 public:
  void add(const CoveragePoint& point, std::uint64_t hits) { points_[point] += hits; }
  void merge(const CoverageData& other);
  const std::map<CoveragePoint, std::uint64_t>& points() const { return points_; }

  /// A line for each point. write() throws std::runtime_error if the file cannot be written; read() if it cannot be
  /// read or is no such file, with its name and the line.
  void write(const std::filesystem::path& path) const;
  static CoverageData read(const std::filesystem::path& path);

 private:
  std::map<CoveragePoint, std::uint64_t> points_;
};

/// Reads Verilator's coverage file (plain text, a point a line), which verilator_coverage would turn into lines
/// only. Throws std::runtime_error with the line's number where it is not such a file.
CoverageData read_verilator_coverage(std::istream& in);

}  // namespace spmma::verif
