// SPDX-License-Identifier: Apache-2.0
#include "flops.h"

namespace spmma::verif {

void flip(const Flops& flops, std::int64_t bit) {
  const std::int64_t in_word = bit % flops.width;
  flops.data[bit / flops.width * flops.stride + in_word / 8] ^= static_cast<std::byte>(1 << (in_word % 8));
}

Injector& injector() {
  static Injector one;
  return one;
}

}  // namespace spmma::verif
