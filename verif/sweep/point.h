// SPDX-License-Identifier: Apache-2.0
// A point of the design space: one set of parameters, and what it is measured as.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "spmma/preset.h"

namespace spmma::sweep {

enum class Unit { core, engine };

/// The parameters of spmma_core, of the engine around it, and of the memory behind that.
struct Point {
  int rows = 0, cols = 0, step_bytes = 0, frac_bits = 0, formats = 0, sparse = 0, acc_slots = 0, out_depth = 0,
      pipe = 0;
  int data_bits = 0, block_rows = 0, block_bytes = 0, k_bytes = 0, c_strips = 0, d_strips = 0;
  int memory_latency = 100;  ///< cycles
  int memory_bandwidth = 0;  ///< bytes a cycle; 0: the data width

  friend bool operator==(const Point&, const Point&) = default;
};

Point point_of(const Preset& preset);
/// What the golden model and the harness know a parameter set as; its name is "point".
Preset preset_of(const Point& point);

/// Why the RTL cannot be built with these parameters, or nothing. A rule that is only the RTL's own shows when it is
/// built.
std::optional<std::string> not_buildable(const Point& point, Unit unit);

/// The parameters by RTL name; of the engine also memory_latency and memory_bandwidth.
nlohmann::ordered_json to_json(const Point& point, Unit unit);
/// Throws nlohmann::json::exception where a member is missing or no number.
Point point_from_json(const nlohmann::ordered_json& json, Unit unit);

}  // namespace spmma::sweep
