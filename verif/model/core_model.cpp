// SPDX-License-Identifier: Apache-2.0
#include "core_model.h"

namespace spmma::verif {

void CoreModel::reset() {
  set_reset(true);
  set_in_valid(false);
  set_out_ready(false);
  for (int i = 0; i < 4; ++i) {
    settle();
    rise();
  }
  set_reset(false);
}

}  // namespace spmma::verif
