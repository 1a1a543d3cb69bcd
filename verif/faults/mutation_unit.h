// SPDX-License-Identifier: Apache-2.0
// The unit whose mutants a program runs: spmma_core or spmma_gemm.
#pragma once

#include <string>
#include <string_view>

namespace spmma::verif {

std::string_view mutation_unit();
std::string netlist_mutants();  ///< the list of the netlist's mutants

}  // namespace spmma::verif
