// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace spmma::verif {

/// The cycles that a wave holds, both counted. Cycle c of a model ends with its rising edge number c, counted from 0
/// and reset included: in the file, its inputs reach the logic at time 2c + 1, and its edge is at 2c + 2. The first
/// cycle begins with the values of all signals.
struct WaveWindow {
  std::int64_t from = 0;
  std::int64_t to = std::numeric_limits<std::int64_t>::max();

  bool holds(std::int64_t cycle) const { return from <= cycle && cycle <= to; }
  friend bool operator==(const WaveWindow&, const WaveWindow&) = default;
};

/// An element of the core's tile, whose signals a wave shows.
struct TileElement {
  int row = 0;
  int col = 0;
};

}  // namespace spmma::verif
