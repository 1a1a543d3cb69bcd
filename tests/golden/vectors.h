// SPDX-License-Identifier: Apache-2.0
// The index of the independent vectors in tests/data and a reader for their arrays.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "spmma/gemm.h"

namespace spmma::test {

struct VectorSet {
  std::string name;
  Format a, b;
  Acc acc;
  bool sparse;
  bool saturate;
  std::vector<Arith> ariths;  ///< parameters under which the expected results hold
};

inline std::ostream& operator<<(std::ostream& out, const VectorSet& v) { return out << v.name; }

/// Reads SPMMA_TEST_DATA/`path` as JSON; throws if it is not there.
nlohmann::json read_json(const std::string& path);

std::vector<VectorSet> vector_sets();

/// A 3-D array that `scripts/import_vectors.py` wrote; throws if the file is anything else.
Tensor read_vectors(const std::string& set, char array);

}  // namespace spmma::test
