// SPDX-License-Identifier: Apache-2.0
// A point's model as a shared library: verilated, compiled, loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "model/core_model.h"
#include "model/gemm_model.h"
#include "sweep/activity.h"
#include "sweep/cache.h"
#include "sweep/point.h"
#include "sweep/tools.h"

namespace spmma::sweep {

/// What is compiled into every library, or tells Verilator how, beside the RTL.
std::vector<std::filesystem::path> model_sources(const Tools& tools);

/// Makes the library, or finds it in the cache. Throws std::runtime_error that says what Verilator or the compiler
/// said.
std::filesystem::path model_library(const Point& point, Unit unit, const Tools& tools, const Cache& cache);

/// A loaded library. It stays loaded until the process ends: a model's code must outlive the model.
class LoadedModel {
 public:
  /// Throws std::runtime_error if it cannot be loaded.
  LoadedModel(const std::filesystem::path& library, const Point& point, Unit unit);

  std::unique_ptr<verif::CoreModel> make_core(std::uint64_t seed, ActivityProbe* probe) const;
  std::unique_ptr<verif::GemmModel> make_gemm(std::uint64_t seed, ActivityProbe* probe) const;

 private:
  Preset preset_;
  void* entry_;
};

}  // namespace spmma::sweep
