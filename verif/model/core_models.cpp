// SPDX-License-Identifier: Apache-2.0
#include "core_model.h"

#include <stdexcept>

namespace spmma::verif {

// One factory for each preset and {plain, trace if there are waves}, compiled from core_instance.cpp.in.
#define SPMMA_CORE(preset, waves)                                                                      \
  std::unique_ptr<CoreModel> make_core_##preset##_plain(const Preset& parameters, std::uint64_t seed); \
  std::unique_ptr<CoreModel> make_core_##preset##_##waves(const Preset& parameters, std::uint64_t seed);
#include "core_models.inc"
#undef SPMMA_CORE

std::unique_ptr<CoreModel> make_core_model(std::string_view preset, [[maybe_unused]] bool trace,
                                           [[maybe_unused]] std::uint64_t seed) {
  [[maybe_unused]] const Preset* parameters = find_preset(preset);
#define SPMMA_CORE(name, waves)                                                                                 \
  if (parameters != nullptr && preset == #name) {                                                               \
    return trace ? make_core_##name##_##waves(*parameters, seed) : make_core_##name##_plain(*parameters, seed); \
  }
#include "core_models.inc"
#undef SPMMA_CORE
  throw std::invalid_argument("no spmma_core model of preset '" + std::string(preset) + "' in this build");
}

std::vector<std::string> core_model_presets() {
  return {
#define SPMMA_CORE(name, waves) #name,
#include "core_models.inc"
#undef SPMMA_CORE
  };
}

bool has_waves([[maybe_unused]] std::string_view preset) {
#define SPMMA_CORE(name, waves) \
  if (preset == #name) return std::string_view(#waves) == "trace";
#include "core_models.inc"
#undef SPMMA_CORE
  return false;
}

}  // namespace spmma::verif
