// SPDX-License-Identifier: Apache-2.0
#include "random_gemm.h"

#include <algorithm>

namespace spmma::verif {

std::int64_t random_size(std::mt19937_64& random, std::int64_t unit, std::int64_t units) {
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  switch (pick(0, 3)) {
    case 0:
      return std::max<std::int64_t>(1, pick(1, units) * unit + pick(-1, 1));
    case 1:
      return pick(1, unit);
    default:
      return pick(1, units * unit);
  }
}

std::int64_t block_columns(const Preset& preset, const CoreMode& mode) {
  return preset.gemm.block_bytes / storage_bytes(mode.b);
}

std::int64_t k_block(const Preset& preset, const CoreMode& mode) {
  return preset.gemm.k_bytes / storage_bytes(mode.a) * (mode.sparse ? 2 : 1);
}

RandomGemm::RandomGemm(const CoreParams& p, const CoreMode& mode, GemmShape shape, bool with_c, MetadataRule rule,
                       std::uint64_t seed, Batched batched)
    : random_(seed) {
  const int group = group_size(mode.a);
  if (mode.sparse) shape.k = (shape.k + group - 1) / group * group;
  const std::int64_t stored_k = mode.sparse ? shape.k / 2 : shape.k;
  const auto tensor = [&](std::int64_t rows, std::int64_t cols, int bytes, bool has_batch) {
    const bool many = has_batch && shape.batch != 1;
    return Tensor(rows, cols, bytes, many ? shape.batch : 1, many);
  };
  a_ = tensor(shape.m, stored_k, storage_bytes(mode.a), batched.a);
  b_ = tensor(shape.k, shape.n, storage_bytes(mode.b), batched.b);
  c_ = tensor(shape.m, shape.n, storage_bytes(mode.acc), batched.c);
  meta_ = tensor(shape.m, mode.sparse ? shape.k / group : 0, 1, batched.a);
  fill(a_, mode.a);
  fill(b_, mode.b);
  fill(c_, mode.acc == Acc::f16 ? Format::fp16 : mode.acc == Acc::f32 ? Format::tf32 : Format::int8);
  for (std::byte& nibble : meta_.data) {
    do nibble = static_cast<std::byte>(random_() & 0xF);
    while (!nibble_legal(mode.a, rule, std::to_integer<std::uint8_t>(nibble)));
  }
  problem_ = {.arith = p.arith(),
              .a_format = mode.a,
              .b_format = mode.b,
              .acc = mode.acc,
              .saturate = mode.saturate,
              .sparse = mode.sparse,
              .a = &a_,
              .metadata = mode.sparse ? &meta_ : nullptr,
              .b = &b_,
              .c = with_c ? &c_ : nullptr};
}

void RandomGemm::fill(Tensor& t, Format f) {
  static constexpr std::uint32_t kKeep[] = {0xFF, 0xFF, 0x87FF, 0x80FF, 0x80FFFFFF, 0x8F, 0x87};
  static constexpr std::uint32_t kSet[] = {0, 0, 0x3800, 0x3F00, 0x3F000000, 0x30, 0x38};
  const auto i = static_cast<std::size_t>(f);
  for (std::int64_t e = 0; e < t.size(); ++e) {
    auto bits = static_cast<std::uint32_t>(random_());
    if (bits % 97 != 0 && t.elem_bytes == storage_bytes(f)) bits = (bits & kKeep[i]) | kSet[i];
    t.set(0, 0, e, bits);
  }
}

}  // namespace spmma::verif
