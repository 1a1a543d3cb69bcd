// SPDX-License-Identifier: Apache-2.0
// Models whose flops the injector knows (flops.h), behind the interfaces of the RTL's models.
#pragma once

#include <cstdint>
#include <memory>

#include "core_model.h"
#include "gemm_model.h"
#include "spmma/preset.h"

namespace spmma::verif {

const Preset& soft_preset();
std::unique_ptr<CoreModel> make_soft_core(std::uint64_t seed);
std::unique_ptr<GemmModel> make_soft_gemm(std::uint64_t seed);

}  // namespace spmma::verif
