// SPDX-License-Identifier: Apache-2.0
// Which assertions of the RTL failed: Verilator counts them for each model; where they stand is kept here.
#pragma once

#include <string>

namespace spmma::verif {

/// "CtrlOneClass (spmma_ctrl.sv:243)" of the first assertion that failed in this thread since the last call, its place
/// alone where the source is not there any more; empty if none did. `message` gets what the model says of it, which
/// names the instance; nothing of it is printed.
std::string take_assertion_failure(std::string* message = nullptr);

}  // namespace spmma::verif
