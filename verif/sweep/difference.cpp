// SPDX-License-Identifier: Apache-2.0
#include "sweep/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace spmma::sweep {
namespace {

struct Figure {
  const char* name;
  const char* pointer;
  bool less_is_better;
};

constexpr std::array<Figure, 9> kFigures = {{{"cycles", "/simulation/cycles", true},
                                             {"speed-up", "/simulation/speed_up", false},
                                             {"error, RMS", "/error/rms_ulp", true},
                                             {"error, maximum", "/error/max_ulp", true},
                                             {"area", "/synthesis/area", true},
                                             {"gate equivalents", "/synthesis/gate_equivalents", true},
                                             {"logic depth", "/synthesis/logic_depth", true},
                                             {"fmax", "/timing/fmax_mhz", false},
                                             {"energy per MAC", "/power/energy_per_mac_pj", true}}};

/// Whatever the RTL and the tools were: it is their effect that is compared.
std::string identity(const Record& record) {
  // In the order of the names: a results file may have been through another program.
  const auto text = [&](const char* member) { return nlohmann::json(record.at(member)).dump(); };
  return text("unit") + text("workload") + text("parameters");
}

std::string name_of(const Record& record) {
  std::string text;
  for (const auto& [name, value] : record.at("parameters").items()) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", name, value.dump());
  }
  return text;
}

}  // namespace

double Change::percent() const {
  if (before == 0) return after == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), after);
  return 100 * (after - before) / std::abs(before);
}

bool Comparison::passed() const {
  return broken.empty() && std::ranges::none_of(changes, [](const Change& c) { return c.worse; });
}

Comparison compare(const std::vector<Record>& before, const std::vector<Record>& after, double margin) {
  std::map<std::string, const Record*> old;
  for (const Record& record : before) old[identity(record)] = &record;
  Comparison result;
  for (const Record& record : after) {
    const auto found = old.find(identity(record));
    if (found == old.end()) continue;
    ++result.compared;
    const Record& was = *found->second;
    const std::string point = name_of(record);
    if (was.at("status") == "ok" && record.at("status") != "ok") {
      result.broken.push_back(
          fmt::format("{}: {}: {}", point, record.at("status").get<std::string>(), record.value("reason", "")));
      continue;
    }
    for (const Figure& figure : kFigures) {
      const Record::json_pointer at{figure.pointer};
      if (!was.contains(at) || !record.contains(at)) continue;
      if (!was.at(at).is_number() || !record.at(at).is_number()) continue;
      Change change{.point = point, .figure = figure.name, .before = was.at(at), .after = record.at(at)};
      if (change.before == change.after) continue;
      change.worse = (figure.less_is_better ? 1 : -1) * change.percent() > margin;
      result.changes.push_back(std::move(change));
    }
  }
  return result;
}

std::string text_of(const Comparison& comparison, double margin) {
  std::string text;
  for (const std::string& broken : comparison.broken) text += "BROKEN " + broken + '\n';
  for (const Change& c : comparison.changes) {
    text += fmt::format("{} {}: {}: {:.6g} -> {:.6g} ({:+.2f} %)\n", c.worse ? "WORSE " : "      ", c.point, c.figure,
                        c.before, c.after, c.percent());
  }
  const auto worse = std::ranges::count_if(comparison.changes, [](const Change& c) { return c.worse; });
  text +=
      fmt::format("{} points compared, {} figures changed, {} of them worse by more than {:g} %, {} points broken\n",
                  comparison.compared, comparison.changes.size(), worse, margin, comparison.broken.size());
  return text;
}

}  // namespace spmma::sweep
