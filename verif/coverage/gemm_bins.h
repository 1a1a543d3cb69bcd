// SPDX-License-Identifier: Apache-2.0
// The bins of spmma_gemm.
#pragma once

#include <vector>

#include "bins.h"

namespace spmma::verif {

struct GemmBins {
  GemmBins();
  std::vector<const BinGroup*> groups() const;

  BinGroup wait, gap, burst, line, lite, lite_order, refused;  // ports
  BinGroup job, edge, batch, empty, layout, metadata;          // jobs
  BinGroup write, read, queue, status, irq;                    // software
  BinGroup error, error_operand, abort, reset;                 // what goes wrong
};

}  // namespace spmma::verif
