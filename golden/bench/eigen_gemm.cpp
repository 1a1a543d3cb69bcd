// SPDX-License-Identifier: Apache-2.0
// Compiled once for each instruction set, with SPMMA_BENCH_ISA its name. The build also renames Eigen's namespace, so
// that the linker cannot merge templates that were compiled for different ones.
#include "eigen_gemm.h"

#include <Eigen/Core>

namespace spmma::bench::SPMMA_BENCH_ISA {

void eigen_gemm(const EigenGemm& g) {
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Matrix> a(g.a, g.m, g.k);
  const Eigen::Map<const Matrix> b(g.b, g.k, g.n);
  const Eigen::Map<const Matrix> c(g.c, g.m, g.n);
  Eigen::Map<Matrix> d(g.d, g.m, g.n);
  d = c;
  d.noalias() += a * b;
}

}  // namespace spmma::bench::SPMMA_BENCH_ISA
