// SPDX-License-Identifier: Apache-2.0
#include "sweep/space.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "io/error.h"
#include "io/text_file.h"
#include "sweep/axis.h"
#include "sweep/condition.h"

namespace spmma::sweep {

using verif::InputError;

namespace {

[[noreturn]] void fail(const std::string& path, const YAML::Node& node, const std::string& what) {
  throw InputError(fmt::format("{}: line {}: {}", path, node.Mark().line + 1, what));
}

/// A value as text, or a list of such, joined by commas.
std::vector<std::string> scalars(const std::string& path, const std::string& key, const YAML::Node& node) {
  std::vector<std::string> all;
  if (node.IsScalar()) return {node.Scalar()};
  if (!node.IsSequence() || node.size() == 0) fail(path, node, fmt::format("{} has no values", key));
  for (const YAML::Node& value : node) {
    if (!value.IsScalar()) fail(path, value, fmt::format("{} has a value that is neither a number nor text", key));
    all.push_back(value.Scalar());
  }
  return all;
}

}  // namespace

Space read_space(const std::string& path) {
  Space space;
  try {
    const YAML::Node root = YAML::Load(verif::read_text(path));
    if (!root.IsMap()) throw InputError(path + ": is not a map of axes to values");
    for (const auto& entry : root) {
      if (!entry.first.IsScalar()) fail(path, entry.first, "a key is not text");
      const std::string key = entry.first.Scalar();
      const bool where = key == "where";
      const Axis* const axis = find_axis(key);
      if (!where && axis == nullptr) fail(path, entry.first, fmt::format("'{}' is not an axis", key));
      const std::vector<std::string> values = scalars(path, key, entry.second);
      const std::string text = fmt::format("{}", fmt::join(values, ","));
      try {
        if (where) {
          for (const std::string& condition : values) parse_condition(condition);
        } else {
          parse_values(*axis, text);
        }
      } catch (const InputError& e) {
        fail(path, entry.second, e.what());
      }
      const bool fresh =
          where ? std::exchange(space.where, values).empty() : space.values.emplace(axis->name, text).second;
      if (!fresh) fail(path, entry.first, fmt::format("{} stands here twice", key));
    }
  } catch (const YAML::Exception& e) {
    throw InputError(fmt::format("{}: line {}: {}", path, e.mark.line + 1, e.msg));
  }
  return space;
}

std::vector<Point> points_of(const Space& space, const Point& base, Unit unit) {
  std::vector<std::function<bool(const Point&)>> conditions;
  conditions.reserve(space.where.size());
  for (const std::string& text : space.where) conditions.push_back(parse_condition(text));

  std::vector<Point> points = {base};
  for (const Axis& axis : axes()) {
    const auto found = space.values.find(axis.name);
    if (found == space.values.end()) continue;
    const bool chosen_by_engine = axis.field == &Point::acc_slots || axis.field == &Point::out_depth;
    if (axis.engine && unit == Unit::core) throw InputError(fmt::format("--{} needs --unit engine", axis.name));
    if (chosen_by_engine && unit == Unit::engine) {
      throw InputError(fmt::format("--{}: the engine chooses it itself", axis.name));
    }
    const std::vector<int> values = parse_values(axis, found->second);
    std::vector<Point> more;
    if (points.size() * values.size() > kMostPoints * 10) {
      throw InputError(fmt::format("--{}: more than {} combinations", axis.name, kMostPoints * 10));
    }
    more.reserve(points.size() * values.size());
    for (const Point& point : points) {
      for (const int value : values) {
        more.push_back(point);
        more.back().*axis.field = value;
      }
    }
    points = std::move(more);
  }
  std::erase_if(points, [&](const Point& point) {
    return !std::ranges::all_of(conditions, [&](const auto& holds) { return holds(point); });
  });
  if (points.empty()) throw InputError("the space is empty: --where lets no point through");
  if (points.size() > kMostPoints) {
    throw InputError(fmt::format("the space has {} points, more than {}", points.size(), kMostPoints));
  }
  return points;
}

}  // namespace spmma::sweep
