// SPDX-License-Identifier: Apache-2.0
// A set of byte addresses, kept as runs: the rows of matrices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spmma::verif {

class ByteSet {
 public:
  /// `bytes` bytes at `first` in each of `rows` rows of each of `entries` batch entries. Rows may overlap; none may
  /// reach beyond the address space.
  void add(std::uint64_t first, std::uint64_t pitch, std::uint64_t stride, std::int64_t entries, std::int64_t rows,
           std::int64_t bytes);
  void clear() { runs_.clear(); }
  bool empty() const { return runs_.empty(); }
  std::uint64_t size() const;  ///< bytes
  /// Bit i: address + i is in the set, for i below `width` (at most 64).
  std::uint64_t mask(std::uint64_t address, int width) const;

 private:
  struct Run {
    std::uint64_t first;
    std::uint64_t last;
  };
  std::vector<Run> runs_;  ///< ascending, neither overlapping nor touching
};

}  // namespace spmma::verif
