// SPDX-License-Identifier: Apache-2.0
// Seeded patterns of holding a handshake back.
#pragma once

#include <cstdint>
#include <random>

namespace spmma::verif {

enum class StallKind : std::uint8_t {
  none,      ///< never
  random,    ///< each cycle with probability p
  bursts,    ///< runs of open and of held cycles, 1 to 24 each
  rare,      ///< open, but now and then held for hundreds of cycles
  reluctant  ///< held until the other side has waited for a few cycles
};

struct StallPattern {
  StallKind kind = StallKind::none;
  double p = 0.0;  ///< of `random`
};

/// One side of a handshake. Ask once in each cycle.
class Stall {
 public:
  Stall(StallPattern pattern, std::uint64_t seed) : pattern_(pattern), random_(seed) {}

  /// True if this side holds back in this cycle; `other` says whether the other side is ready to transfer.
  bool held(bool other);

 private:
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }

  StallPattern pattern_;
  std::mt19937_64 random_;
  bool holding_ = false;
  std::int64_t left_ = 0;  ///< cycles until the pattern changes its mind
};

}  // namespace spmma::verif
