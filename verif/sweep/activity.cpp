// SPDX-License-Identifier: Apache-2.0
#include "sweep/activity.h"

#include <bit>
#include <cstring>

namespace spmma::sweep {

ActivityProbe::ActivityProbe() = default;

ActivityProbe::~ActivityProbe() = default;

void ActivityProbe::attach(const VerilatedContext& context) {
  registers_.clear();
  std::size_t bytes = 0;
  for (verif::Flops& flops : verif::find_flops(context)) {
    if (flops.words != 1) continue;
    registers_.push_back({.flops = flops, .offset = bytes});
    bytes += static_cast<std::size_t>(flops.stride);
  }
  before_.assign(bytes, std::byte{0});
  cycle_ = 0;
}

void ActivityProbe::sample() {
  const std::int64_t phase = cycle_++ % kPeriod;
  if (phase > 1) return;
  for (const Register& r : registers_) {
    const auto size = static_cast<std::size_t>(r.flops.stride);
    std::byte* const before = before_.data() + r.offset;
    if (phase == 1) {
      for (std::size_t i = 0; i < size; ++i) {
        activity_.changes += std::popcount(std::to_integer<unsigned>(before[i] ^ r.flops.data[i]));
      }
      activity_.bit_cycles += r.flops.width;
    }
    std::memcpy(before, r.flops.data, size);
  }
}

}  // namespace spmma::sweep
