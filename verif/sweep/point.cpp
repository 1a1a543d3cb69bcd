// SPDX-License-Identifier: Apache-2.0
#include "sweep/point.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sweep/axis.h"

namespace spmma::sweep {
namespace {

bool power_of_two(int value) { return value > 0 && (value & (value - 1)) == 0; }

constexpr int kMost = 64;

}  // namespace

Point point_of(const Preset& preset) {
  const CoreParams& c = preset.core;
  const GemmParams& g = preset.gemm;
  return {.rows = c.rows,
          .cols = c.cols,
          .step_bytes = c.step_bytes,
          .frac_bits = c.frac_bits,
          .formats = c.formats,
          .sparse = c.sparse ? 1 : 0,
          .acc_slots = c.acc_slots,
          .out_depth = c.out_depth,
          .pipe = c.pipe,
          .data_bits = g.data_bits,
          .block_rows = g.block_rows,
          .block_bytes = g.block_bytes,
          .k_bytes = g.k_bytes,
          .c_strips = g.c_strips,
          .d_strips = g.d_strips};
}

Preset preset_of(const Point& p) {
  return {.name = "point",
          .description = "a point of a sweep",
          .core = {.rows = p.rows,
                   .cols = p.cols,
                   .step_bytes = p.step_bytes,
                   .frac_bits = p.frac_bits,
                   .formats = p.formats,
                   .sparse = p.sparse != 0,
                   .acc_slots = p.acc_slots,
                   .out_depth = p.out_depth,
                   .pipe = p.pipe},
          .gemm = {.data_bits = p.data_bits,
                   .block_rows = p.block_rows,
                   .block_bytes = p.block_bytes,
                   .k_bytes = p.k_bytes,
                   .c_strips = p.c_strips,
                   .d_strips = p.d_strips}};
}

std::optional<std::string> not_buildable(const Point& p, Unit unit) {
  const auto range = [](const char* name, int value, int least, int most) -> std::optional<std::string> {
    if (value >= least && value <= most) return std::nullopt;
    return fmt::format("{} = {} is not from {} to {}", name, value, least, most);
  };
  for (const auto& bad :
       {range("Rows", p.rows, 1, kMost), range("Cols", p.cols, 1, kMost), range("FracBits", p.frac_bits, 18, 25),
        range("Formats", p.formats, 1, 127), range("Sparse", p.sparse, 0, 1), range("Pipe", p.pipe, 0, 15)}) {
    if (bad) return bad;
  }
  if (p.step_bytes != 8 && p.step_bytes != 16 && p.step_bytes != 32) {
    return fmt::format("StepBytes = {} is not 8, 16 or 32", p.step_bytes);
  }
  if (unit == Unit::core) {
    for (const auto& [name, value] : {std::pair{"AccSlots", p.acc_slots}, {"OutDepth", p.out_depth}}) {
      if (!power_of_two(value) || value < 2 || value > 1024) {
        return fmt::format("{} = {} is not a power of two from 2 to 1024", name, value);
      }
    }
    return std::nullopt;
  }
  if (const auto bad = range("memory-latency", p.memory_latency, 1, 10000)) return bad;
  return range("memory-bandwidth", p.memory_bandwidth, 0, p.data_bits / 8);
}

nlohmann::ordered_json to_json(const Point& point, Unit unit) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  const Preset preset = preset_of(point);
  for (const auto& [name, value] : unit == Unit::core ? preset.core.rtl() : preset.gemm_rtl()) json[name] = value;
  if (unit == Unit::engine) {
    json["memory_latency"] = point.memory_latency;
    json["memory_bandwidth"] = point.memory_bandwidth;
  }
  return json;
}

Point point_from_json(const nlohmann::ordered_json& json, Unit unit) {
  Point point;
  for (const Axis& axis : axes()) {
    if (axis.engine && unit == Unit::core) continue;
    std::string name = axis.parameter;
    if (name.empty()) {
      name = axis.name;
      name[name.find('-')] = '_';
    }
    // The engine chooses two of its core's parameters itself.
    if (unit == Unit::engine && (name == "AccSlots" || name == "OutDepth")) continue;
    point.*axis.field = json.at(name);
  }
  return point;
}

}  // namespace spmma::sweep
