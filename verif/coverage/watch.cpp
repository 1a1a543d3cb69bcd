// SPDX-License-Identifier: Apache-2.0
// Linked to a program of a build with coverage: if SPMMA_COVERAGE_DIR is set, every run of the program is watched, and
// what was covered is written to a file in that folder when it ends.
#include <cstdlib>

#include "bins.h"
#include "collector.h"
#include "observer.h"

namespace spmma::verif {
namespace {

const bool kWatched = [] {
  const char* const directory = std::getenv("SPMMA_COVERAGE_DIR");
  if (directory == nullptr) return false;
  write_coverage_at_exit(directory);
  default_observers() = {.core = make_core_bins, .gemm = make_gemm_bins};
  return true;
}();

}  // namespace
}  // namespace spmma::verif
