// SPDX-License-Identifier: Apache-2.0
// Compiled for each point, with the class Vpoint that Verilator made of its spmma_core: the library's one entry.
#include "Vpoint.h"
#include "model/verilated_core.h"
#include "sweep/activity.h"

/// The caller owns the model. `probe` may be null.
extern "C" spmma::verif::CoreModel* spmma_point_core(const spmma::Preset* point, std::uint64_t seed,
                                                     spmma::sweep::ActivityProbe* probe) {
  using Model = spmma::sweep::WithActivity<Vpoint>;
  Model::current = probe;
  return new spmma::verif::VerilatedCore<Model, false>(*point, seed);
}
