// SPDX-License-Identifier: Apache-2.0
#include "netlist_model.h"

namespace spmma::verif {
namespace {
int selected = 0;
}

void select_mutant(int id) { selected = id; }
int selected_mutant() { return selected; }

const Preset& netlist_preset() { return *find_preset(SPMMA_NETLIST_PRESET); }

}  // namespace spmma::verif
