// SPDX-License-Identifier: Apache-2.0
#include "sweep/sparsity_cost.h"

#include <fmt/format.h>

#include <cmath>

namespace spmma::sweep {
namespace {

const Record::json_pointer kGates{"/synthesis/gate_equivalents"};
const Record::json_pointer kArea{"/synthesis/area"};
const Record::json_pointer kBlocks{"/synthesis/area_by_block"};
const Record::json_pointer kClock{"/timing/fmax_mhz"};

double percent(double with, double without) { return 100 * (with - without) / without; }

std::optional<double> percent(const Record& with, const Record& without, const Record::json_pointer& at) {
  if (!with.contains(at) || !without.contains(at)) return std::nullopt;
  return percent(with.at(at).get<double>(), without.at(at).get<double>());
}

/// All that must be the same in both builds; empty where the record has nothing to compare.
std::string identity(const Record& record, std::string* name) {
  if (record.at("status") != "ok" || !record.contains(kGates)) return "";
  nlohmann::json parameters = record.at("parameters");
  parameters.erase("Sparse");
  name->clear();
  for (const auto& [key, value] : parameters.items()) *name += fmt::format("{}={} ", key, value.dump());
  name->pop_back();
  return record.at("unit").dump() + record.value("clock_targets", Record()).dump() + parameters.dump();
}

SparsityCost cost_of(const Record& with, const Record& without, const std::string& name) {
  SparsityCost cost{.point = name, .area_percent = {}, .fmax_percent = {}, .blocks = {}};
  const double before = without.at(kGates), after = with.at(kGates);
  cost.gate_equivalents_percent = percent(after, before);
  const Record& p = with.at("parameters");
  // Four bytes of a step meet four multipliers: as many as bytes, in each element of the tile.
  cost.gates_per_multiplier =
      (after - before) / (p.at("Rows").get<double>() * p.at("Cols").get<double>() * p.at("StepBytes").get<double>());
  cost.area_percent = percent(with, without, kArea);
  cost.fmax_percent = percent(with, without, kClock);
  if (!cost.area_percent) return cost;
  std::map<std::string, double> blocks;
  for (const auto& [block, area] : with.at(kBlocks).items()) blocks[block] += area.get<double>();
  for (const auto& [block, area] : without.at(kBlocks).items()) blocks[block] -= area.get<double>();
  for (const auto& [block, area] : blocks) cost.blocks[block] = 100 * area / without.at(kArea).get<double>();
  return cost;
}

}  // namespace

std::vector<SparsityCost> sparsity_costs(const std::vector<Record>& records) {
  struct Pair {
    const Record* with = nullptr;
    const Record* without = nullptr;
    std::string name;
  };
  std::map<std::string, Pair> pairs;
  std::vector<std::string> order;
  for (const Record& record : records) {
    std::string name;
    const std::string id = identity(record, &name);
    if (id.empty()) continue;
    const auto [pair, fresh] = pairs.try_emplace(id);
    if (fresh) order.push_back(id);
    pair->second.name = name;
    (record.at("parameters").at("Sparse") == 0 ? pair->second.without : pair->second.with) = &record;
  }
  std::vector<SparsityCost> costs;
  for (const std::string& id : order) {
    const Pair& pair = pairs.at(id);
    if (pair.with != nullptr && pair.without != nullptr) costs.push_back(cost_of(*pair.with, *pair.without, pair.name));
  }
  return costs;
}

std::string text_of(const SparsityCost& cost) {
  std::string text = fmt::format("2:4 support costs, {}:\n ", cost.point);
  if (cost.area_percent)
    text += fmt::format(" area {:+.2f} %, fmax {:+.2f} %,", *cost.area_percent, *cost.fmax_percent);
  text += fmt::format(" gate equivalents {:+.2f} %, {:.1f} for each INT8 multiplier\n", cost.gate_equivalents_percent,
                      cost.gates_per_multiplier);
  std::string blocks;
  for (const auto& [block, share] : cost.blocks) {
    if (std::abs(share) >= 0.005) blocks += fmt::format(" {} {:+.2f} %", block, share);
  }
  if (!blocks.empty()) text += "  by block:" + blocks + '\n';
  return text;
}

}  // namespace spmma::sweep
