// SPDX-License-Identifier: Apache-2.0
// Eigen's float GEMM, once for each instruction set.
#pragma once

#include <cstdint>

namespace spmma::bench {

/// D = A*B + C, all row-major, A M x K, B K x N.
struct EigenGemm {
  std::int64_t m, n, k;
  const float *a, *b, *c;
  float* d;
};

namespace base {
void eigen_gemm(const EigenGemm& g);
}
#ifdef SPMMA_BENCH_X86
namespace avx2 {
void eigen_gemm(const EigenGemm& g);
}
namespace avx512 {
void eigen_gemm(const EigenGemm& g);
}
#endif

}  // namespace spmma::bench
