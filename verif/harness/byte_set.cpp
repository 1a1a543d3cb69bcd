// SPDX-License-Identifier: Apache-2.0
#include "byte_set.h"

#include <algorithm>

namespace spmma::verif {

void ByteSet::add(std::uint64_t first, std::uint64_t pitch, std::uint64_t stride, std::int64_t entries,
                  std::int64_t rows, std::int64_t bytes) {
  if (bytes <= 0) return;
  for (std::int64_t e = 0; e < entries; ++e) {
    for (std::int64_t r = 0; r < rows; ++r) {
      const std::uint64_t at = first + static_cast<std::uint64_t>(e) * stride + static_cast<std::uint64_t>(r) * pitch;
      runs_.push_back({at, at + static_cast<std::uint64_t>(bytes - 1)});
    }
  }
  std::ranges::sort(runs_, {}, &Run::first);
  std::size_t kept = 0;
  for (const Run& run : runs_) {
    if (kept > 0 && (run.first <= runs_[kept - 1].last || run.first - runs_[kept - 1].last == 1)) {
      runs_[kept - 1].last = std::max(runs_[kept - 1].last, run.last);
    } else {
      runs_[kept++] = run;
    }
  }
  runs_.resize(kept);
}

std::uint64_t ByteSet::size() const {
  std::uint64_t bytes = 0;
  for (const Run& run : runs_) bytes += run.last - run.first + 1;
  return bytes;
}

std::uint64_t ByteSet::mask(std::uint64_t address, int width) const {
  const std::uint64_t last = address + static_cast<std::uint64_t>(width - 1);
  auto run = std::ranges::partition_point(runs_, [&](const Run& r) { return r.last < address; });
  std::uint64_t bits = 0;
  for (; run != runs_.end() && run->first <= last; ++run) {
    const auto from = static_cast<int>(std::max(run->first, address) - address);
    const auto to = static_cast<int>(std::min(run->last, last) - address);
    bits |= (~std::uint64_t{0} >> (63 - (to - from))) << from;
  }
  return bits;
}

}  // namespace spmma::verif
