// SPDX-License-Identifier: Apache-2.0
// One beat of spmma_core's input as bytes, and how its fields lie in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core_model.h"
#include "spmma/preset.h"

namespace spmma::verif {

/// A whole input beat: the operand ports' bytes in the layout of rtl/spmma_core.sv, and the narrow ports.
struct CoreBeat {
  CoreControl control;
  std::vector<std::byte> a;     ///< rows * step_bytes
  std::vector<std::byte> meta;  ///< rows * step_bytes / 4
  std::vector<std::byte> b;     ///< cols * column_bytes
  std::vector<std::byte> c;     ///< rows * cols * 4

  CoreBeat() = default;
  explicit CoreBeat(const CoreParams& p);  ///< zero-filled
};

/// Bytes of one column of in_b_i: twice the step of a row if the core is built with sparse support.
inline int column_bytes(const CoreParams& p) { return p.step_bytes * (p.sparse ? 2 : 1); }

/// Raw element `index` of `bytes` bytes, little-endian, zero-extended; and the reverse.
/// `bytes` is 1, 2 or 4.
inline std::uint32_t get_element(const std::byte* from, int index, int bytes) {
  std::uint32_t bits = 0;
  const std::byte* at = from + index * bytes;
  switch (bytes) {  // a copy of a constant size is one instruction
    case 1:
      std::memcpy(&bits, at, 1);
      break;
    case 2:
      std::memcpy(&bits, at, 2);
      break;
    default:
      std::memcpy(&bits, at, 4);
  }
  return bits;
}
inline void put_element(std::byte* to, int index, int bytes, std::uint32_t bits) {
  std::byte* at = to + index * bytes;
  switch (bytes) {
    case 1:
      std::memcpy(at, &bits, 1);
      break;
    case 2:
      std::memcpy(at, &bits, 2);
      break;
    default:
      std::memcpy(at, &bits, 4);
  }
}

/// Nibble of `group` in one row's metadata; and the reverse.
std::uint8_t get_nibble(const std::byte* row_meta, int group);
void put_nibble(std::byte* row_meta, int group, std::uint8_t nibble);

/// Copies the beat to the model's ports.
void drive(CoreModel& model, const CoreBeat& beat);

}  // namespace spmma::verif
