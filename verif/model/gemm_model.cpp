// SPDX-License-Identifier: Apache-2.0
#include "gemm_model.h"

#include <stdexcept>

namespace spmma::verif {

// One factory for each preset and {plain, trace if there are waves}, compiled from gemm_instance.cpp.in.
#define SPMMA_GEMM(preset, waves)                                                                      \
  std::unique_ptr<GemmModel> make_gemm_##preset##_plain(const Preset& parameters, std::uint64_t seed); \
  std::unique_ptr<GemmModel> make_gemm_##preset##_##waves(const Preset& parameters, std::uint64_t seed);
#include "gemm_models.inc"
#undef SPMMA_GEMM

std::unique_ptr<GemmModel> make_gemm_model(std::string_view preset, [[maybe_unused]] bool trace,
                                           [[maybe_unused]] std::uint64_t seed) {
  [[maybe_unused]] const Preset* parameters = find_preset(preset);
#define SPMMA_GEMM(name, waves)                                                                                 \
  if (parameters != nullptr && preset == #name) {                                                               \
    return trace ? make_gemm_##name##_##waves(*parameters, seed) : make_gemm_##name##_plain(*parameters, seed); \
  }
#include "gemm_models.inc"
#undef SPMMA_GEMM
  throw std::invalid_argument("no spmma_gemm model of preset '" + std::string(preset) + "' in this build");
}

std::vector<std::string> gemm_model_presets() {
  return {
#define SPMMA_GEMM(name, waves) #name,
#include "gemm_models.inc"
#undef SPMMA_GEMM
  };
}

}  // namespace spmma::verif
