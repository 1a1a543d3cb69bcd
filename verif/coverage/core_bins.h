// SPDX-License-Identifier: Apache-2.0
// The bins of spmma_core.
#pragma once

#include <vector>

#include "bins.h"

namespace spmma::verif {

struct CoreBins {
  CoreBins();
  std::vector<const BinGroup*> groups() const;

  BinGroup metadata, tf32_metadata, rule, illegal_at;       // selection
  BinGroup alignment, floor, rounding, sum, result, zero;   // the sum
  BinGroup special, special_c, pair;                        // operands
  BinGroup integer, integer_operand;                        // integers
  BinGroup mode, length, chain, change, acc_change, codes;  // steps
  BinGroup handshake, wait, output;                         // ports
};

}  // namespace spmma::verif
