// SPDX-License-Identifier: Apache-2.0
// Tables of layers: CSV files of name, M, N, K.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spmma::cli {

/// The largest M, N, K and batch that the engine's registers hold.
inline constexpr std::int64_t kMaxSize = (1 << 24) - 1;

/// A GEMM by name: A is m x k, B is k x n.
struct Layer {
  std::string name;
  std::int64_t m = 0, n = 0, k = 0;
  int line = 0;  ///< of the file, from 1
};

/// Reads a table. A first line "name,M,N,K" is a heading; empty lines are left out; a name with commas in it stands in
/// double quotes. Throws InputError("FILE: line N: what is wrong") for the first row that is broken, and where the file
/// cannot be read or has no row.
std::vector<Layer> read_layers(const std::string& path);

}  // namespace spmma::cli
