// SPDX-License-Identifier: Apache-2.0
// 2:4 structured sparsity (TF32: 1:2): checking, magnitude pruning, compressing, expanding
// (interfaces.md "Files" and "Metadata that is not legal"; numerics.md section 6b).
#pragma once

#include <cstdint>
#include <optional>

#include "spmma/format.h"
#include "spmma/tensor.h"

namespace spmma {

/// Which metadata nibbles are legal: `ordered` 4 8 9 C D E, `any` all sixteen. TF32: 4 and E under both.
enum class MetadataRule : std::uint8_t { ordered, any };

bool nibble_legal(Format f, MetadataRule rule, std::uint8_t nibble);

/// Position of a group in a matrix: batch entry, row, group along K.
struct GroupPosition {
  std::int64_t batch = 0;
  std::int64_t row = 0;
  std::int64_t group = 0;
};

/// The logical element within its group that stored element `slot` (0 or 1; tf32: 0) of a group comes from:
/// idx0 = nibble[1:0], idx1 = nibble[3:2]; tf32: bit 1 picks the element. Defined for every nibble.
int selected(Format f, std::uint8_t nibble, int slot);

/// First group of dense M x K `a` with more non-zeros than may be stored, or nothing if A is 2:4 (tf32: 1:2).
/// Precondition: K is a multiple of group_size(f).
std::optional<GroupPosition> first_not_sparse(Format f, const Tensor& a);

/// Keeps the two (tf32: one) of largest decoded magnitude in each group; see interfaces.md for ties and NaN.
Tensor prune(Format f, const Tensor& a);

/// Values M x K/2 and metadata M x K/4 (tf32: K/2 both), one nibble in the low half of each byte.
struct Compressed {
  Tensor values;
  Tensor metadata;
};
/// Precondition: !first_not_sparse(f, a).
Compressed compress(Format f, const Tensor& a);

/// First nibble that is not legal under `rule` or byte with bits above the nibble, or nothing.
std::optional<GroupPosition> first_illegal_metadata(Format f, MetadataRule rule, const Tensor& metadata);

/// Dense M x K from values and metadata. Where both indices of a group are equal the stored values cannot both be
/// placed; the second one wins. Unselected places are +0.
Tensor expand(Format f, const Tensor& values, const Tensor& metadata);

}  // namespace spmma
