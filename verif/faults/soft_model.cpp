// SPDX-License-Identifier: Apache-2.0
#include "soft_model.h"

namespace spmma::verif {

const Preset& soft_preset() { return *find_preset(SPMMA_SOFT_PRESET); }

}  // namespace spmma::verif
