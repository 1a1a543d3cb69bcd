// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share. A target is libFuzzer's LLVMFuzzerTestOneInput(); what it finds ends the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "spmma/tensor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace spmma::fuzz {

/// Ends the process unless `good`: a finding.
inline void require(bool good, std::string_view what) {
  if (good) return;
  std::fprintf(stderr, "FINDING: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

/// Takes an input apart, from its beginning; what is missing is 0.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  bool flag() { return (byte() & 1) != 0; }
  /// 0 to `most`, which is below 256.
  int number(int most) { return byte() % (most + 1); }
  template <typename T, std::size_t N>
  const T& one_of(const T (&choices)[N]) {
    return choices[byte() % N];
  }
  void fill(std::span<std::byte> to) {
    for (std::byte& b : to) b = static_cast<std::byte>(byte());
  }
  std::span<const std::uint8_t> rest() const { return rest_; }

 private:
  std::span<const std::uint8_t> rest_;
};

/// A file without a place in any folder, readable by its path until it is destroyed.
class ScratchFile {
 public:
  explicit ScratchFile(std::span<const std::byte> contents);
  explicit ScratchFile(std::string_view contents);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  int fd_;
  std::string path_;
};

}  // namespace spmma::fuzz
