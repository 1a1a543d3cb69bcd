// SPDX-License-Identifier: Apache-2.0
#include "stall.h"

namespace spmma::verif {

bool Stall::held(bool other) {
  switch (pattern_.kind) {
    case StallKind::none:
      return false;
    case StallKind::random:
      return std::bernoulli_distribution(pattern_.p)(random_);
    case StallKind::bursts:
      if (left_-- <= 0) {
        holding_ = !holding_;
        left_ = pick(0, 23);
      }
      return holding_;
    case StallKind::rare:
      if (left_-- <= 0) {
        holding_ = !holding_;
        left_ = holding_ ? pick(100, 400) : pick(100, 2000);
      }
      return holding_;
    case StallKind::reluctant:
      if (!other) {
        left_ = pick(0, 3);
        return true;
      }
      return left_-- > 0;
  }
  return false;
}

}  // namespace spmma::verif
