// SPDX-License-Identifier: Apache-2.0
// Results and flags known without the golden model.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core_checker.h"
#include "presets.h"
#include "spmma/step.h"

namespace spmma::verif {
namespace {

/// Product i of a dense chain: a * b at position `k`; all others are zero.
struct Product {
  int k;
  std::uint32_t a;
  std::uint32_t b;
};

struct HandCheck {
  std::string what;
  Format format;
  Acc acc;
  std::vector<Product> products;
  std::uint32_t c;
  int length;                                                   ///< K
  std::vector<std::pair<std::string, std::uint32_t>> expected;  ///< by preset
};

/// numerics.md, "Hand checks".
const std::vector<HandCheck>& hand_checks() {
  using enum Format;
  static const std::vector<HandCheck> checks = {
      {"1 - 1 + 2^-24",
       fp16,
       Acc::f32,
       {{0, 0x3C00, 0x3C00}, {1, 0xBC00, 0x3C00}, {2, 0x0C00, 0x0C00}},
       0,
       4,
       {{"volta", 0}, {"ampere", 0x33800000}, {"hopper", 0x33800000}}},
      {"1 - 1 + 2^-25",
       fp16,
       Acc::f32,
       {{0, 0x3C00, 0x3C00}, {1, 0xBC00, 0x3C00}, {2, 0x0C00, 0x0800}},
       0,
       4,
       {{"volta", 0}, {"ampere", 0}, {"hopper", 0x33000000}}},
      {"2^27 and C = -2^27, then eight ones",
       fp16,
       Acc::f32,
       {{0, 0x7400, 0x7000},
        {8, 0x3C00, 0x3C00},
        {9, 0x3C00, 0x3C00},
        {10, 0x3C00, 0x3C00},
        {11, 0x3C00, 0x3C00},
        {12, 0x3C00, 0x3C00},
        {13, 0x3C00, 0x3C00},
        {14, 0x3C00, 0x3C00},
        {15, 0x3C00, 0x3C00}},
       0xCD000000,
       16,
       {{"volta", 0x41000000}, {"ampere", 0x41000000}, {"hopper", 0}}},
      {"2048, 1, and 1 in another step",
       fp16,
       Acc::f16,
       {{0, 0x6800, 0x3C00}, {1, 0x3C00, 0x3C00}, {8, 0x3C00, 0x3C00}},
       0,
       16,
       {{"ampere", 0x6800}, {"hopper", 0x6801}}},
      {"65504 + 16",
       fp16,
       Acc::f16,
       {{0, 0x4400, 0x4400}},
       0x7BFF,
       4,
       {{"volta", 0x7C00}, {"ampere", 0x7C00}, {"hopper", 0x7C00}}},
      {"65504 + 4 * 3.998",
       fp16,
       Acc::f16,
       {{0, 0x4400, 0x43FF}},
       0x7BFF,
       4,
       {{"volta", 0x7BFF}, {"ampere", 0x7BFF}, {"hopper", 0x7BFF}}},
      {"largest FP32 + 2^103",
       bf16,
       Acc::f32,
       {{0, 0x7300, 0x3F80}},
       0x7F7FFFFF,
       8,
       {{"ampere", 0x7F7FFFFF}, {"hopper", 0x7F7FFFFF}}},
      {"largest FP32 + 2^104",
       bf16,
       Acc::f32,
       {{0, 0x7380, 0x3F80}},
       0x7F7FFFFF,
       8,
       {{"ampere", 0x7F800000}, {"hopper", 0x7F800000}}},
      {"2^254 - 2^254 + 1",
       bf16,
       Acc::f32,
       {{0, 0x7F00, 0x7F00}, {1, 0xFF00, 0x7F00}},
       0x3F800000,
       8,
       {{"ampere", 0}, {"hopper", 0}}},
      {"products that cancel at 2.25",
       fp16,
       Acc::f32,
       {{0, 0xBE00, 0x3E00}, {1, 0x3E00, 0x3E00}, {2, 0x0C00, 0x0C00}},
       0,
       8,
       {{"ampere", 0x33800000}, {"hopper", 0x33800000}}},
      {"a product that C = 2.25 cancels",
       fp16,
       Acc::f32,
       {{0, 0xBE00, 0x3E00}, {2, 0x0C00, 0x0C00}},
       0x40100000,
       8,
       {{"ampere", 0}, {"hopper", 0x33800000}}},
      {"C in FP8 arithmetic", e4m3, Acc::f32, {}, 0x3F800200, 32, {{"hopper", 0x3F800000}}},
  };
  return checks;
}

class CoreDirected : public EveryPreset {
 protected:
  CoreDirected() : model_(make_core_model(GetParam())) {}

  /// A dense chain of length `k` with the products in element (row, col).
  std::vector<CoreBeat> dense_chain(const HandCheck& check, int row, int col) const {
    const CoreParams& p = params();
    const int lanes = products_per_step(p.arith(), check.format);
    const int bytes = storage_bytes(check.format);
    std::vector<CoreBeat> chain;
    for (int begin = 0; begin < check.length; begin += lanes) {
      CoreBeat& beat = chain.emplace_back(p);
      beat.control.fmt_a = beat.control.fmt_b = static_cast<std::uint8_t>(check.format);
      beat.control.acc_f16 = check.acc == Acc::f16;
      beat.control.len = std::min(lanes, check.length - begin);
      for (const Product& product : check.products) {
        if (product.k < begin || product.k >= begin + lanes) continue;
        put_element(beat.a.data() + row * p.step_bytes, product.k - begin, bytes, product.a);
        put_element(beat.b.data() + col * column_bytes(p), product.k - begin, bytes, product.b);
      }
    }
    put_element(chain.front().c.data(), row * p.cols + col, 4, check.c);
    return chain;
  }

  std::unique_ptr<CoreModel> model_;
};

SPMMA_EVERY_PRESET(CoreDirected);

TEST_P(CoreDirected, HandChecks) {
  const CoreParams& p = params();
  int checked = 0;
  for (const HandCheck& check : hand_checks()) {
    for (const auto& [preset, expected] : check.expected) {
      if (preset != GetParam()) continue;
      for (const auto& [row, col] : {std::pair{0, 0}, std::pair{p.rows - 1, p.cols - 1}}) {
        const auto d = run_chain(*model_, dense_chain(check, row, col)).d;
        EXPECT_EQ(d[static_cast<std::size_t>(row * p.cols + col)], expected)
            << check.what << ", row " << row << ", column " << col;
      }
      ++checked;
    }
  }
  const bool named = GetParam() == "volta" || GetParam() == "ampere" || GetParam() == "hopper";
  EXPECT_EQ(checked > 0, named);
}

/// The first illegal nibble of a chain is reported by step, lowest row, lowest group; groups beyond len do not count.
TEST_P(CoreDirected, PositionOfAnIllegalNibble) {
  const CoreParams& p = params();
  if (!p.sparse) return;
  const int groups = p.step_bytes / 4;
  for (int step = 0; step < 3; ++step) {
    for (int row = 0; row < p.rows; ++row) {
      for (int group = 0; group < groups; ++group) {
        std::vector<CoreBeat> chain(4, CoreBeat(p));
        for (CoreBeat& beat : chain) {
          std::ranges::fill(beat.meta, std::byte{0x44});
          beat.control.fmt_a = beat.control.fmt_b = static_cast<std::uint8_t>(Format::fp16);
          beat.control.sparse = true;
          beat.control.len = p.step_bytes / 2;
        }
        // Masked groups before it, another row, group and step after it.
        chain.front().control.len = step == 0 ? p.step_bytes / 2 : 2 * (groups - 1);
        if (step != 0) put_nibble(chain.front().meta.data(), groups - 1, 0x0);
        put_nibble(chain[static_cast<std::size_t>(step)].meta.data() + row * p.step_bytes / 4, group, 0x5);
        if (row + 1 < p.rows) {
          put_nibble(chain[static_cast<std::size_t>(step)].meta.data() + (row + 1) * p.step_bytes / 4, 0, 0xF);
        }
        put_nibble(chain[static_cast<std::size_t>(step) + 1].meta.data(), 0, 0xA);
        const CoreFlags flags = run_chain(*model_, chain).flags;
        ASSERT_TRUE(flags.meta_err);
        ASSERT_FALSE(flags.err);
        ASSERT_EQ(flags.meta_step, static_cast<std::uint32_t>(step));
        ASSERT_EQ(flags.meta_row, row);
        ASSERT_EQ(flags.meta_group, group);
      }
    }
  }
}

/// Every pair of format codes, accumulator and sparsity: err exactly where the combination is not built in, and D = C
/// for such a step.
TEST_P(CoreDirected, EveryCombinationOfCodes) {
  const CoreParams& p = params();
  for (int code = 0; code < 256; ++code) {
    CoreBeat beat(p);
    std::ranges::fill(beat.meta, std::byte{0x44});
    beat.control.fmt_a = static_cast<std::uint8_t>(code & 7);
    beat.control.fmt_b = static_cast<std::uint8_t>(code >> 3 & 7);
    beat.control.acc_f16 = (code >> 6 & 1) != 0;
    beat.control.sparse = (code >> 7 & 1) != 0;
    std::ranges::fill(beat.a, std::byte{0x3C});
    std::ranges::fill(beat.b, std::byte{0x3C});
    beat.control.len = beat.control.fmt_a == 4 ? p.step_bytes / 4 : p.step_bytes / 2;
    const std::uint32_t c = beat.control.acc_f16 ? 0x3C00 : 0x3F800000;
    for (int i = 0; i < p.rows * p.cols; ++i) put_element(beat.c.data(), i, 4, c);
    const CoreResult result = run_chain(*model_, std::vector{beat});
    const bool legal = combination_legal(p, beat.control);
    ASSERT_EQ(result.flags.err, !legal) << "code " << code;
    for (const std::uint32_t value : result.d) ASSERT_EQ(value == c, !legal) << "code " << code;
  }
}

}  // namespace
}  // namespace spmma::verif
