// SPDX-License-Identifier: Apache-2.0
// What was measured of a point: one line of a results file (docs/sweep.md, "Records").
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sweep/point.h"
#include "sweep/tools.h"
#include "sweep/workload.h"

namespace spmma::sweep {

/// Of the results file. Another one is refused.
inline constexpr int kRecordVersion = 1;

using Record = nlohmann::ordered_json;

/// What is to be measured of every point.
struct Task {
  Unit unit = Unit::core;
  Workload workload = {};
  std::vector<double> clock_targets = {};  ///< ns, for the mapping; empty: no target
  bool paths = false;                      ///< the slowest path into each register too
  Tools tools = {};
  std::string cache = {};  ///< folder
};
nlohmann::ordered_json to_json(const Task& task);
Task task_from_json(const nlohmann::ordered_json& json);

/// Why the point cannot be built, or runs nothing of the workload; or nothing.
std::optional<std::string> not_measurable(const Point& point, const Task& task);

/// The content of a point's record: SHA-256 over all that it depends on.
std::string record_key(const Point& point, const Task& task);

/// What every record has: version, key, status, parameters, unit, workload.
Record new_record(const Point& point, const Task& task, const std::string& status, const std::string& reason = "");

/// Reads a results file. Throws verif::InputError("FILE: line N: what is wrong"), as for another version.
std::vector<Record> read_records(const std::string& path);
/// A line of it, with its end.
std::string line_of(const Record& record);

/// Which way a figure is the better one. Of `neither` it cannot be said; `no_matter` is not the point's own, as the
/// time that it took and what 2:4 costs beside another point.
enum class Better { less, more, neither, no_matter };

/// A figure of a record that is a number.
struct Figure {
  const char* name;     ///< the column of the table
  const char* pointer;  ///< JSON pointer into the record
  Better better;
};
/// All of them, in the order of the table.
const std::vector<Figure>& figures();

/// The table of a results file with one row a record: the parameters and the figures that are numbers.
std::string csv(const std::vector<Record>& records);

}  // namespace spmma::sweep
