// SPDX-License-Identifier: Apache-2.0
// The unit whose mutants a program runs: spmma_core or spmma_gemm.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario.h"

namespace spmma::verif {

std::string_view mutation_unit();
/// Checked runs on the netlist with the mutant that is awake.
std::vector<Scenario> mutation_scenarios();
std::string netlist_mutants();  ///< the list of the netlist's mutants

}  // namespace spmma::verif
