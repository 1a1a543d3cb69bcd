// SPDX-License-Identifier: Apache-2.0
#include "spmma/sparse.h"

#include <array>
#include <cstddef>

namespace spmma {
namespace {

constexpr int kMaxGroup = 4;

/// First group for which `match` holds, in order of batch entry, row and group.
template <typename Match>
std::optional<GroupPosition> find_group(const Tensor& t, std::int64_t groups, Match&& match) {
  for (std::int64_t batch = 0; batch < t.batch; ++batch)
    for (std::int64_t row = 0; row < t.rows; ++row)
      for (std::int64_t group = 0; group < groups; ++group)
        if (match(batch, row, group)) return GroupPosition{batch, row, group};
  return std::nullopt;
}

template <typename Visit>
void for_each_group(const Tensor& t, std::int64_t groups, Visit&& visit) {
  find_group(t, groups, [&](std::int64_t batch, std::int64_t row, std::int64_t group) {
    visit(batch, row, group);
    return false;
  });
}

/// The nibble and the stored elements of a group whose non-zeros are at `places` (ascending, `count` of them).
struct Coded {
  std::uint8_t nibble = 0;
  std::array<bool, 2> holds = {false, false};  ///< which stored elements are real; the others are added +0
};

Coded code_group(Format f, const std::array<int, kMaxGroup>& places, int count) {
  if (f == Format::tf32)
    return {static_cast<std::uint8_t>(count == 1 && places[0] == 1 ? 0xE : 0x4), {count == 1, false}};
  const auto nibble = [](int idx0, int idx1) { return static_cast<std::uint8_t>(idx0 | (idx1 << 2)); };
  if (count == 0) return {nibble(0, 1), {false, false}};
  if (count == 2) return {nibble(places[0], places[1]), {true, true}};
  if (places[0] == 3) return {nibble(0, 3), {false, true}};
  return {nibble(places[0], 3), {true, false}};
}

}  // namespace

bool nibble_legal(Format f, MetadataRule rule, std::uint8_t nibble) {
  if (nibble > 0xF) return false;
  if (f == Format::tf32) return nibble == 0x4 || nibble == 0xE;
  return rule == MetadataRule::any || (nibble & 3) < (nibble >> 2);
}

int selected(Format f, std::uint8_t nibble, int slot) {
  if (f == Format::tf32) return (nibble >> 1) & 1;
  return (nibble >> (2 * slot)) & 3;
}

std::optional<GroupPosition> first_not_sparse(Format f, const Tensor& a) {
  const int size = group_size(f);
  return find_group(a, a.cols / size, [&](std::int64_t batch, std::int64_t row, std::int64_t group) {
    int non_zeros = 0;
    for (int i = 0; i < size; ++i) non_zeros += !is_zero(f, a.get(batch, row, group * size + i));
    return non_zeros > group_stored(f);
  });
}

Tensor prune(Format f, const Tensor& a) {
  const int size = group_size(f);
  Tensor out(a.rows, a.cols, a.elem_bytes, a.batch, a.batched);
  for_each_group(a, a.cols / size, [&](std::int64_t batch, std::int64_t row, std::int64_t group) {
    std::array<std::uint32_t, kMaxGroup> keys{};
    for (int i = 0; i < size; ++i) keys[i] = magnitude_key(f, a.get(batch, row, group * size + i));
    for (int i = 0; i < size; ++i) {
      int better = 0;  // elements that come before this one: larger, or as large and of lower index
      for (int j = 0; j < size; ++j) better += keys[j] > keys[i] || (keys[j] == keys[i] && j < i);
      const std::int64_t col = group * size + i;
      if (better < group_stored(f)) out.set(batch, row, col, a.get(batch, row, col));
    }
  });
  return out;
}

Compressed compress(Format f, const Tensor& a) {
  const int size = group_size(f);
  const int stored = group_stored(f);
  const std::int64_t groups = a.cols / size;
  Compressed out{Tensor(a.rows, groups * stored, a.elem_bytes, a.batch, a.batched),
                 Tensor(a.rows, groups, 1, a.batch, a.batched)};
  for_each_group(a, groups, [&](std::int64_t batch, std::int64_t row, std::int64_t group) {
    std::array<int, kMaxGroup> places{};
    int count = 0;
    for (int i = 0; i < size; ++i)
      if (!is_zero(f, a.get(batch, row, group * size + i))) places[count++] = i;
    const Coded coded = code_group(f, places, count);
    out.metadata.set(batch, row, group, coded.nibble);
    for (int slot = 0; slot < stored; ++slot)
      if (coded.holds[slot])
        out.values.set(batch, row, group * stored + slot,
                       a.get(batch, row, group * size + selected(f, coded.nibble, slot)));
  });
  return out;
}

std::optional<GroupPosition> first_illegal_metadata(Format f, MetadataRule rule, const Tensor& metadata) {
  return find_group(metadata, metadata.cols, [&](std::int64_t batch, std::int64_t row, std::int64_t group) {
    return !nibble_legal(f, rule, static_cast<std::uint8_t>(metadata.get(batch, row, group)));
  });
}

Tensor expand(Format f, const Tensor& values, const Tensor& metadata) {
  const int size = group_size(f);
  const int stored = group_stored(f);
  const Tensor& shape = values.batched ? values : metadata;
  Tensor out(values.rows, metadata.cols * size, values.elem_bytes, shape.batch, shape.batched);
  for_each_group(out, metadata.cols, [&](std::int64_t batch, std::int64_t row, std::int64_t group) {
    const auto nibble = static_cast<std::uint8_t>(metadata.get(batch, row, group));
    for (int slot = 0; slot < stored; ++slot)
      out.set(batch, row, group * size + selected(f, nibble, slot), values.get(batch, row, group * stored + slot));
  });
  return out;
}

}  // namespace spmma
