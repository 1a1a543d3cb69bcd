// SPDX-License-Identifier: Apache-2.0
// Linked in place of the factory of the presets' models, so that GemmDriver drives the model with its flops in reach.
#include "soft_model.h"

namespace spmma::verif {

std::unique_ptr<GemmModel> make_gemm_model(std::string_view, bool, std::uint64_t seed) { return make_soft_gemm(seed); }
std::vector<std::string> gemm_model_presets() { return {soft_preset().name}; }

}  // namespace spmma::verif
