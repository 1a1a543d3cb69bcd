// SPDX-License-Identifier: Apache-2.0
// A batch of row-major matrices of raw little-endian elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace spmma {

/// batch x rows x cols elements of `elem_bytes` (1, 2 or 4) each. `batched` is false for a plain 2-D matrix
/// (batch is 1 then), which serves every entry of a batch.
struct Tensor {
  std::int64_t batch = 1;
  std::int64_t rows = 0;
  std::int64_t cols = 0;
  int elem_bytes = 1;
  bool batched = false;
  std::vector<std::byte> data;

  Tensor() = default;
  /// Zero-filled. Precondition: the size in bytes fits size_t (callers check user input first).
  Tensor(std::int64_t rows_, std::int64_t cols_, int elem_bytes_, std::int64_t batch_ = 1, bool batched_ = false)
      : batch(batch_),
        rows(rows_),
        cols(cols_),
        elem_bytes(elem_bytes_),
        batched(batched_),
        data(static_cast<std::size_t>(batch_ * rows_ * cols_) * static_cast<std::size_t>(elem_bytes_)) {}

  std::int64_t size() const { return batch * rows * cols; }

  /// Byte address of entry `b` (entry 0 if not batched).
  const std::byte* entry(std::int64_t b) const {
    return data.data() +
           static_cast<std::size_t>((batched ? b : 0) * rows * cols) * static_cast<std::size_t>(elem_bytes);
  }
  std::byte* entry(std::int64_t b) { return const_cast<std::byte*>(static_cast<const Tensor*>(this)->entry(b)); }

  /// Raw bits of one element, zero-extended.
  std::uint32_t get(std::int64_t b, std::int64_t r, std::int64_t c) const {
    std::uint32_t v = 0;
    std::memcpy(&v, entry(b) + (r * cols + c) * elem_bytes, static_cast<std::size_t>(elem_bytes));
    return v;
  }
  void set(std::int64_t b, std::int64_t r, std::int64_t c, std::uint32_t bits) {
    std::memcpy(entry(b) + (r * cols + c) * elem_bytes, &bits, static_cast<std::size_t>(elem_bytes));
  }
};

/// Elements of one entry whose bits differ. The shapes must be the same.
inline std::int64_t count_differences(const Tensor& a, const Tensor& b, std::int64_t entry = 0) {
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < a.rows; ++row)
    for (std::int64_t col = 0; col < a.cols; ++col) count += a.get(entry, row, col) != b.get(entry, row, col) ? 1 : 0;
  return count;
}

}  // namespace spmma
