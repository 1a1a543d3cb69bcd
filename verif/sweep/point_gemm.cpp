// SPDX-License-Identifier: Apache-2.0
// Compiled for each point, with the class Vpoint that Verilator made of its spmma_gemm: the library's one entry.
#include "Vpoint.h"
#include "model/verilated_gemm.h"
#include "sweep/activity.h"

/// The caller owns the model. `probe` may be null.
extern "C" spmma::verif::GemmModel* spmma_point_gemm(const spmma::Preset* point, std::uint64_t seed,
                                                     spmma::sweep::ActivityProbe* probe) {
  using Model = spmma::sweep::WithActivity<Vpoint>;
  Model::current = probe;
  return new spmma::verif::VerilatedGemm<Model, false>(*point, seed);
}
