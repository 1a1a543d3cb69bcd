// SPDX-License-Identifier: Apache-2.0
#include "sweep/sparsity_cost.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

namespace spmma::sweep {
namespace {

const Record::json_pointer kGates{"/synthesis/gate_equivalents"};
const Record::json_pointer kArea{"/synthesis/area"};
const Record::json_pointer kBlocks{"/synthesis/area_by_block"};
const Record::json_pointer kClock{"/timing/fmax_mhz"};

double percent(double with, double without) { return 100 * (with - without) / without; }

nlohmann::json parameters_of(const Record& record) {
  nlohmann::json parameters = record.at("parameters");
  parameters.erase("Sparse");
  return parameters;
}

/// All that must be the same in both builds; empty where the record has nothing to compare.
std::string identity(const Record& record) {
  if (record.at("status") != "ok" || !record.contains(kGates)) return "";
  nlohmann::json tools = record.value("tools", nlohmann::json::object());
  tools.erase("git_revision");  // the RTL's hash says more
  return record.at("unit").dump() + record.value("clock_targets", Record()).dump() + parameters_of(record).dump() +
         tools.dump();
}

Record cost_of(const Record& with, const Record& without) {
  const double before = without.at(kGates), after = with.at(kGates);
  const Record& p = with.at("parameters");
  // Four bytes of a step meet four multipliers: as many as bytes, in each element of the tile.
  const double multipliers = p.at("Rows").get<double>() * p.at("Cols").get<double>() * p.at("StepBytes").get<double>();
  Record cost = {{"gate_equivalents_percent", percent(after, before)},
                 {"gates_per_multiplier", (after - before) / multipliers}};
  if (!with.contains(kArea) || !without.contains(kArea)) return cost;
  const double area = without.at(kArea);
  cost["area_percent"] = percent(with.at(kArea), area);
  cost["fmax_percent"] = percent(with.at(kClock), without.at(kClock));
  std::map<std::string, double> blocks;
  for (const auto& [block, part] : with.at(kBlocks).items()) blocks[block] += part.get<double>();
  for (const auto& [block, part] : without.at(kBlocks).items()) blocks[block] -= part.get<double>();
  for (const auto& [block, part] : blocks) cost["area_percent_by_block"][block] = 100 * part / area;
  return cost;
}

}  // namespace

void add_sparsity_costs(std::vector<Record>& records) {
  std::map<std::string, const Record*> without;
  for (Record& record : records) {
    record.erase("sparsity");
    if (record.at("parameters").value("Sparse", 1) == 0) without[identity(record)] = &record;
  }
  for (Record& record : records) {
    const std::string id = identity(record);
    const auto pair = without.find(id);
    if (id.empty() || pair == without.end() || pair->second == &record) continue;
    if (record.at("parameters").at("Sparse") != 0) record["sparsity"] = cost_of(record, *pair->second);
  }
}

std::string sparsity_text(const std::vector<Record>& records) {
  std::string text;
  std::set<std::string> said;
  for (const Record& record : records) {
    if (!record.contains("sparsity") || !said.insert(identity(record)).second) continue;
    const Record& cost = record.at("sparsity");
    const auto figure = [&](const char* name) { return cost.at(name).get<double>(); };
    text += "2:4 support costs,";
    const nlohmann::json parameters = parameters_of(record);
    for (const auto& [name, value] : parameters.items()) text += fmt::format(" {}={}", name, value.dump());
    text += ":\n ";
    if (cost.contains("area_percent")) {
      text += fmt::format(" area {:+.2f} %, fmax {:+.2f} %,", figure("area_percent"), figure("fmax_percent"));
    }
    text += fmt::format(" gate equivalents {:+.2f} %, {:.1f} for each INT8 multiplier\n",
                        figure("gate_equivalents_percent"), figure("gates_per_multiplier"));
    if (!cost.contains("area_percent_by_block")) continue;
    std::string blocks;
    for (const auto& [block, share] : cost.at("area_percent_by_block").items()) {
      if (std::abs(share.get<double>()) >= 0.005) blocks += fmt::format(" {} {:+.2f} %", block, share.get<double>());
    }
    if (!blocks.empty()) text += "  by block:" + blocks + '\n';
  }
  return text;
}

}  // namespace spmma::sweep
