// SPDX-License-Identifier: Apache-2.0
// Which assertions of the RTL failed: Verilator counts them for each model; where they stand is kept here.
#pragma once

#include <optional>
#include <string>

namespace spmma::verif {

struct AssertionFailure {
  /// "CtrlOneClass (spmma_ctrl.sv:243)", its place alone where the source is not there any more.
  std::string name;
  std::string message;  ///< what the model says of it
  std::string path;     ///< "TOP.spmma_core.u_ctrl.CtrlOneClass"
};

/// The first assertion that failed in this thread since the last call, if one did. Nothing of it is printed.
std::optional<AssertionFailure> take_assertion_failure();

}  // namespace spmma::verif
