// SPDX-License-Identifier: Apache-2.0
// Any bytes as a sweep's space (JSON or YAML): refused with a message that names the file, or a space whose points have
// the values that it names, each once.
#include "sweep/space.h"

#include <algorithm>

#include "fuzz.h"
#include "io/error.h"
#include "sweep/axis.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spmma::sweep;
  using spmma::fuzz::require;
  using spmma::verif::InputError;
  const spmma::fuzz::ScratchFile file(std::as_bytes(std::span(data, size)));
  Space space;
  try {
    space = read_space(file.path());
  } catch (const InputError& e) {
    require(std::string_view(e.what()).starts_with(file.path() + ": "), "a message that does not name the file");
    return 0;
  }
  std::size_t combinations = 1;
  for (const auto& [name, text] : space.values) {
    const std::vector<int> values = parse_values(*find_axis(name), text);
    require(!values.empty(), "an axis without values");
    for (const int value : values) require(value >= 0, "a value below 0");
    combinations = std::min(combinations * values.size(), kMostPoints);
  }
  if (combinations > 1000) return 0;  // nothing new, and slow
  for (const Unit unit : {Unit::core, Unit::engine}) {
    try {
      const std::vector<Point> points = points_of(space, point_of(spmma::presets().front()), unit);
      require(!points.empty() && points.size() <= combinations, "a number of points that cannot be");
      for (const Point& point : points) {
        require(std::ranges::count(points, point) == 1, "a point twice");
        not_buildable(point, unit);
      }
    } catch (const InputError& e) {
      require(*e.what() != '\0', "an error without a message");
    }
  }
  return 0;
}
