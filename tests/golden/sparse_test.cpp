// SPDX-License-Identifier: Apache-2.0
#include "spmma/sparse.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "operands.h"
#include "oracle.h"
#include "spmma/gemm.h"

namespace spmma::test {
namespace {

/// A few patterns that are zero, and a few that are not, of each format.
struct Patterns {
  std::vector<std::uint32_t> zeros;
  std::vector<std::uint32_t> others;
};

Patterns patterns(Format f) {
  switch (f) {
    case Format::int8:
    case Format::uint8:
      return {{0}, {0x01, 0x80, 0xFF, 0x7F}};
    case Format::fp16:
      return {{0, 0x8000}, {0x0001, 0x3C00, 0xFC00, 0x7E01, 0x7C01}};
    case Format::bf16:
      return {{0, 0x8000}, {0x0001, 0x3F80, 0xFF80, 0x7FC1}};
    case Format::tf32:
      return {{0, 0x80000000, 0x00001FFF, 0x80000001}, {0x00002000, 0x3F801234, 0xFF800000, 0x7FC00000}};
    case Format::e4m3:
      return {{0, 0x80}, {0x01, 0x38, 0x7F, 0xFF}};
    case Format::e5m2:
      return {{0, 0x80}, {0x01, 0x3C, 0x7C, 0xFE}};
  }
  return {};
}

Tensor row_of(Format f, const std::vector<std::uint32_t>& bits) {
  Tensor t(1, static_cast<std::int64_t>(bits.size()), storage_bytes(f));
  for (std::size_t i = 0; i < bits.size(); ++i) t.set(0, 0, static_cast<std::int64_t>(i), bits[i]);
  return t;
}

/// interfaces.md, "Files", written out: the nibble of each set of non-zeros (bit i: element i).
const std::map<int, std::uint8_t> kNibbles = {{0b0000, 0x4}, {0b0001, 0xC}, {0b0010, 0xD}, {0b0100, 0xE},
                                              {0b1000, 0xC}, {0b0011, 0x4}, {0b0101, 0x8}, {0b1001, 0xC},
                                              {0b0110, 0x9}, {0b1010, 0xD}, {0b1100, 0xE}};
const std::map<int, std::uint8_t> kTf32Nibbles = {{0b00, 0x4}, {0b01, 0x4}, {0b10, 0xE}};

class SparseGroup : public ::testing::TestWithParam<Format> {};

/// Every set of non-zeros of one group, filled with every kind of zero and many values.
TEST_P(SparseGroup, EveryMaskCompressesAndExpands) {
  const Format f = GetParam();
  const int size = group_size(f);
  const Patterns pool = patterns(f);
  const auto& nibbles = f == Format::tf32 ? kTf32Nibbles : kNibbles;
  Rng rng(3);
  for (int mask = 0; mask < (1 << size); ++mask)
    for (int repeat = 0; repeat < 200; ++repeat) {
      std::vector<std::uint32_t> group;
      std::vector<std::uint32_t> cleaned;  // zeros of any kind come back as +0
      for (int i = 0; i < size; ++i) {
        const bool set = ((mask >> i) & 1) != 0;
        const auto& from = set ? pool.others : pool.zeros;
        group.push_back(from[rng() % from.size()]);
        cleaned.push_back(set ? group.back() : 0);
      }
      const Tensor a = row_of(f, group);
      SCOPED_TRACE(::testing::Message() << "mask " << mask);
      const auto nibble = nibbles.find(mask);
      ASSERT_EQ(first_not_sparse(f, a).has_value(), nibble == nibbles.end());
      if (nibble == nibbles.end()) continue;

      const Compressed c = compress(f, a);
      ASSERT_EQ(c.metadata.cols, 1);
      ASSERT_EQ(c.values.cols, size / 2);
      ASSERT_EQ(c.metadata.get(0, 0, 0), nibble->second);
      ASSERT_TRUE(nibble_legal(f, MetadataRule::ordered, nibble->second));
      for (int slot = 0; slot < size / 2; ++slot) {
        const auto place = static_cast<std::size_t>(selected(f, nibble->second, slot));
        ASSERT_EQ(c.values.get(0, 0, slot), cleaned[place]) << "stored element " << slot;
      }
      ASSERT_EQ(expand(f, c.values, c.metadata).data, row_of(f, cleaned).data);
    }
}

/// The oracle of pruning tries every choice of elements to keep and takes the best; earlier choices win ties.
TEST_P(SparseGroup, PruneKeepsTheBestChoice) {
  const Format f = GetParam();
  const int size = group_size(f);
  const int stored = group_stored(f);
  const Patterns pool = patterns(f);
  const auto magnitude = [f](std::uint32_t bits) {
    const double v = std::abs(oracle_value(f, bits));
    return std::isnan(v) ? std::make_pair(1, 0.0) : std::make_pair(0, v);
  };
  Rng rng(4);
  for (int repeat = 0; repeat < 20000; ++repeat) {
    std::vector<std::uint32_t> group(static_cast<std::size_t>(size));
    for (auto& bits : group) {
      const int kind = pick(0, 4, rng);
      if (kind == 0)
        bits = pool.zeros[rng() % pool.zeros.size()];
      else if (kind < 4)
        bits = pool.others[rng() % pool.others.size()];
      else
        bits = random_bits(f, rng);
    }
    int best_mask = 0;
    std::array<std::pair<int, double>, 2> best{std::make_pair(-1, 0.0), std::make_pair(-1, 0.0)};
    for (int first = 0; first < size; ++first)
      for (int second = first; second < size; ++second) {
        if ((second == first) != (stored == 1)) continue;
        const auto x = magnitude(group[static_cast<std::size_t>(first)]);
        const auto y = magnitude(group[static_cast<std::size_t>(second)]);
        const std::array<std::pair<int, double>, 2> choice{std::max(x, y), std::min(x, y)};
        if (choice > best) {
          best = choice;
          best_mask = (1 << first) | (1 << second);
        }
      }
    std::vector<std::uint32_t> expected = group;
    for (int i = 0; i < size; ++i)
      if (((best_mask >> i) & 1) == 0) expected[static_cast<std::size_t>(i)] = 0;
    const Tensor pruned = prune(f, row_of(f, group));
    ASSERT_EQ(pruned.data, row_of(f, expected).data) << "case " << repeat;
    ASSERT_FALSE(first_not_sparse(f, pruned));
    ASSERT_EQ(prune(f, pruned).data, pruned.data);
  }
}

/// Every nibble in every group position sends the right rows of B into the step.
TEST_P(SparseGroup, EveryNibbleSelects) {
  const Format f = GetParam();
  const int size = group_size(f);
  const int stored = group_stored(f);
  constexpr int kGroups = 7;
  for (int group = 0; group < kGroups; ++group)
    for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
      Tensor a(1, kGroups * stored, storage_bytes(f));
      Tensor metadata(1, kGroups, 1);
      Tensor b(kGroups * size, 1, storage_bytes(f));
      for (int i = 0; i < a.cols; ++i) a.set(0, 0, i, static_cast<std::uint32_t>(100 + i));
      for (int i = 0; i < kGroups; ++i) metadata.set(0, 0, i, 0x4);
      metadata.set(0, 0, group, nibble);
      for (int k = 0; k < b.rows; ++k) b.set(0, k, 0, static_cast<std::uint32_t>(k + 1));

      GemmProblem p;
      p.arith = {8, 24};
      p.a_format = p.b_format = f;
      p.acc = default_acc(f);
      p.sparse = true;
      p.a = &a;
      p.metadata = &metadata;
      p.b = &b;
      StepOperands all;
      for (std::int64_t step = 0; step < gemm_steps(p); ++step) {
        const StepOperands o = gemm_step_operands(p, 0, 0, 0, step);
        all.a.insert(all.a.end(), o.a.begin(), o.a.end());
        all.b.insert(all.b.end(), o.b.begin(), o.b.end());
      }
      ASSERT_EQ(all.a.size(), static_cast<std::size_t>(kGroups * stored));
      for (int i = 0; i < kGroups * stored; ++i) {
        const int n = i / stored == group ? nibble : 0x4;
        const int low = n % 4;
        const int high = n / 4;
        const int inside = f == Format::tf32 ? low / 2 : (i % 2 == 0 ? low : high);
        ASSERT_EQ(all.a[static_cast<std::size_t>(i)], static_cast<std::uint32_t>(100 + i));
        ASSERT_EQ(all.b[static_cast<std::size_t>(i)], static_cast<std::uint32_t>(i / stored * size + inside + 1))
            << "nibble " << n << ", stored element " << i;
      }
    }
}

INSTANTIATE_TEST_SUITE_P(All, SparseGroup, ::testing::ValuesIn(kFormats),
                         [](const auto& param) { return std::string(name(param.param)); });

TEST(Sparse, FigureOne) {  // [[0, 3], [1, 2]] in Fig. 1 of "Accelerating Sparse Deep Neural Networks"
  const Tensor a = row_of(Format::int8, {5, 0, 0, 6, 0, 7, 8, 0});
  const Compressed c = compress(Format::int8, a);
  EXPECT_EQ(c.metadata.get(0, 0, 0), 0xCu);
  EXPECT_EQ(c.metadata.get(0, 0, 1), 0x9u);
  EXPECT_EQ(c.values.data, row_of(Format::int8, {5, 6, 7, 8}).data);
}

TEST(Sparse, LegalNibbles) {
  for (int nibble = 0; nibble < 256; ++nibble) {
    const auto n = static_cast<std::uint8_t>(nibble);
    const bool ordered = n == 0x4 || n == 0x8 || n == 0x9 || n == 0xC || n == 0xD || n == 0xE;
    const bool tf32 = n == 0x4 || n == 0xE;
    EXPECT_EQ(nibble_legal(Format::fp16, MetadataRule::ordered, n), ordered);
    EXPECT_EQ(nibble_legal(Format::fp16, MetadataRule::any, n), n < 16);
    EXPECT_EQ(nibble_legal(Format::tf32, MetadataRule::ordered, n), tf32);
    EXPECT_EQ(nibble_legal(Format::tf32, MetadataRule::any, n), tf32);
  }
}

TEST(Sparse, FirstOffenderIsFoundInOrder) {
  Tensor a(3, 8, 1, 2, true);
  for (int i = 0; i < 3; ++i) {
    a.set(1, 1, 4 + i, 1);
    a.set(1, 2, i, 1);
  }
  const auto dense = first_not_sparse(Format::int8, a);
  ASSERT_TRUE(dense);
  EXPECT_EQ(dense->batch, 1);
  EXPECT_EQ(dense->row, 1);
  EXPECT_EQ(dense->group, 1);

  Tensor metadata(2, 3, 1, 2, true);
  for (auto& byte : metadata.data) byte = std::byte{0x4};
  EXPECT_FALSE(first_illegal_metadata(Format::int8, MetadataRule::ordered, metadata));
  metadata.set(0, 1, 2, 0x1);   // descending: legal only under `any`
  metadata.set(1, 0, 1, 0x14);  // a bit above the nibble
  const auto ordered = first_illegal_metadata(Format::int8, MetadataRule::ordered, metadata);
  const auto any = first_illegal_metadata(Format::int8, MetadataRule::any, metadata);
  ASSERT_TRUE(ordered && any);
  EXPECT_EQ(std::tuple(ordered->batch, ordered->row, ordered->group), std::tuple(0, 1, 2));
  EXPECT_EQ(std::tuple(any->batch, any->row, any->group), std::tuple(1, 0, 1));
}

TEST(Sparse, EqualIndicesKeepTheSecondValue) {
  EXPECT_EQ(expand(Format::int8, row_of(Format::int8, {5, 6}), row_of(Format::uint8, {0xA})).data,
            row_of(Format::int8, {0, 0, 6, 0}).data);
  EXPECT_EQ(expand(Format::int8, row_of(Format::int8, {5, 6}), row_of(Format::uint8, {0x1})).data,
            row_of(Format::int8, {6, 5, 0, 0}).data);  // descending indices place both
}

TEST(Sparse, BatchesAndEmptyMatrices) {
  Rng rng(5);
  Tensor a(5, 12, 2, 3, true);
  for (std::int64_t b = 0; b < 3; ++b)
    for (std::int64_t r = 0; r < 5; ++r)
      for (std::int64_t c = 0; c < 12; ++c) a.set(b, r, c, random_bits(Format::fp16, rng) | 1);
  const Tensor pruned = prune(Format::fp16, a);
  const Compressed c = compress(Format::fp16, pruned);
  EXPECT_EQ(std::tuple(c.values.batch, c.values.rows, c.values.cols, c.values.batched), std::tuple(3, 5, 6, true));
  EXPECT_EQ(std::tuple(c.metadata.batch, c.metadata.rows, c.metadata.cols, c.metadata.batched),
            std::tuple(3, 5, 3, true));
  EXPECT_EQ(expand(Format::fp16, c.values, c.metadata).data, pruned.data);
  const Compressed none = compress(Format::fp16, Tensor(0, 8, 2));
  EXPECT_EQ(none.values.size() + none.metadata.size(), 0);
  EXPECT_EQ(compress(Format::fp16, Tensor(3, 0, 2)).values.cols, 0);
}

}  // namespace
}  // namespace spmma::test
