// SPDX-License-Identifier: Apache-2.0
#include "core_beat.h"

#include <algorithm>

namespace spmma::verif {

CoreBeat::CoreBeat(const CoreParams& p)
    : a(static_cast<std::size_t>(p.rows * p.step_bytes)),
      meta(static_cast<std::size_t>(p.rows * p.step_bytes / 4)),
      b(static_cast<std::size_t>(p.cols * column_bytes(p))),
      c(static_cast<std::size_t>(p.rows * p.cols * 4)) {}

std::uint8_t get_nibble(const std::byte* row_meta, int group) {
  return static_cast<std::uint8_t>(std::to_integer<int>(row_meta[group / 2]) >> (4 * (group % 2)) & 0xF);
}

void put_nibble(std::byte* row_meta, int group, std::uint8_t nibble) {
  const int shift = 4 * (group % 2);
  std::byte& pair = row_meta[group / 2];
  pair = (pair & ~(std::byte{0xF} << shift)) | (std::byte{nibble} << shift);
}

void drive(CoreModel& model, const CoreBeat& beat) {
  std::ranges::copy(beat.a, model.a().begin());
  std::ranges::copy(beat.meta, model.meta().begin());
  std::ranges::copy(beat.b, model.b().begin());
  std::ranges::copy(beat.c, model.c().begin());
  model.set_control(beat.control);
}

}  // namespace spmma::verif
