// SPDX-License-Identifier: Apache-2.0
// Byte strobes of a register write.
#pragma once

#include <cstdint>

namespace spmma::verif {

/// The bits of a word of 32 whose bytes are strobed.
inline std::uint32_t strobed_bits(std::uint32_t strobes) {
  std::uint32_t bits = 0;
  for (int byte = 0; byte < 4; ++byte) {
    if ((strobes >> byte & 1) != 0) bits |= std::uint32_t{0xFF} << (8 * byte);
  }
  return bits;
}

}  // namespace spmma::verif
