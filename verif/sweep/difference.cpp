// SPDX-License-Identifier: Apache-2.0
#include "sweep/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace spmma::sweep {
namespace {

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

std::optional<double> number_of(const Record& record, const Figure& figure) {
  const Record::json_pointer at{figure.pointer};
  if (!record.contains(at) || !record.at(at).is_number()) return std::nullopt;
  return record.at(at).get<double>();
}

}  // namespace

double Change::percent() const {
  if (before == 0) return after == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), after);
  return 100 * (after - before) / std::abs(before);
}

bool Comparison::passed() const {
  return broken.empty() && lost.empty() && std::ranges::none_of(changes, [](const Change& c) { return c.worse; });
}

Comparison compare(const std::vector<Record>& before, const std::vector<Record>& after, double margin) {
  std::map<std::string, const Record*> old;
  for (const Record& record : before) old[identity(record)] = &record;
  std::set<std::string> measured;
  Comparison result;
  for (const Record& record : after) {
    const std::string point = name_of(record);
    measured.insert(identity(record));
    const auto found = old.find(identity(record));
    if (found == old.end()) {
      result.added.push_back(point);
      continue;
    }
    ++result.compared;
    const Record& was = *found->second;
    const std::string status = record.at("status");
    if (was.at("status") != "ok" || status != "ok") {
      if (was.at("status") == "ok") {
        result.broken.push_back(fmt::format("{}: {}: {}", point, status, record.value("reason", "")));
      } else if (status == "ok") {
        result.recovered.push_back(point);
      }
      continue;
    }
    for (const Figure& figure : figures()) {
      if (figure.better == Better::no_matter) continue;
      const auto from = number_of(was, figure), to = number_of(record, figure);
      if (from && !to) result.lost.push_back(fmt::format("{}: {}", point, figure.name));
      if (!from || !to || *from == *to) continue;
      Change change{.point = point, .figure = figure.name, .before = *from, .after = *to};
      change.worse = (figure.better == Better::less && change.percent() > margin) ||
                     (figure.better == Better::more && -change.percent() > margin);
      result.changes.push_back(std::move(change));
    }
  }
  for (const Record& record : before) {
    if (measured.insert(identity(record)).second) result.gone.push_back(name_of(record));
  }
  return result;
}

std::string text_of(const Comparison& comparison, double margin) {
  std::string text;
  const auto list = [&](const char* what, const std::vector<std::string>& points) {
    for (const std::string& point : points) text += fmt::format("{:<9} {}\n", what, point);
  };
  list("BROKEN", comparison.broken);
  list("LOST", comparison.lost);
  for (const Change& c : comparison.changes) {
    text += fmt::format("{:<9} {}: {}: {:.6g} -> {:.6g} ({:+.2f} %)\n", c.worse ? "WORSE" : "", c.point, c.figure,
                        c.before, c.after, c.percent());
  }
  list("recovered", comparison.recovered);
  list("only old", comparison.gone);
  list("only new", comparison.added);
  const auto worse = std::ranges::count_if(comparison.changes, [](const Change& c) { return c.worse; });
  text += fmt::format(
      "{} points compared, {} figures changed, {} of them worse by more than {:g} %, {} figures lost, {} points "
      "broken, {} recovered; {} points are only in the old results, {} only in the new ones\n",
      comparison.compared, comparison.changes.size(), worse, margin, comparison.lost.size(), comparison.broken.size(),
      comparison.recovered.size(), comparison.gone.size(), comparison.added.size());
  return text;
}

}  // namespace spmma::sweep
