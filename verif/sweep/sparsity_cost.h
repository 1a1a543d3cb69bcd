// SPDX-License-Identifier: Apache-2.0
// What 2:4 support costs, where a sweep has a point with it and the same one without.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sweep/record.h"

namespace spmma::sweep {

/// With 2:4 support against without, in percent of without; of area and clock only where both were timed.
struct SparsityCost {
  std::string point;  ///< the parameters without Sparse
  double gate_equivalents_percent = 0;
  double gates_per_multiplier = 0;       ///< gate equivalents added for each INT8 multiplier
  std::optional<double> area_percent;    ///< of the whole design, without memories
  std::optional<double> fmax_percent;    ///< negative: slower
  std::map<std::string, double> blocks;  ///< area added by module, in percent of the whole design without
};

/// In the order of the records; what was not measured in both builds is left out.
std::vector<SparsityCost> sparsity_costs(const std::vector<Record>& records);

std::string text_of(const SparsityCost& cost);

}  // namespace spmma::sweep
