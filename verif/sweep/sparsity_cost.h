// SPDX-License-Identifier: Apache-2.0
// What 2:4 support costs, where there is a point with it and the same one without.
#pragma once

#include <string>
#include <vector>

#include "sweep/record.h"

namespace spmma::sweep {

/// Gives every good record with 2:4 support its member "sparsity" (docs/sweep.md, "Records"), if among the others is
/// one of the same point without it: of the same unit, other parameters, clock targets, tools and RTL, whatever it ran.
void add_sparsity_costs(std::vector<Record>& records);

/// A paragraph for each point that has that member, whatever it ran.
std::string sparsity_text(const std::vector<Record>& records);

}  // namespace spmma::sweep
