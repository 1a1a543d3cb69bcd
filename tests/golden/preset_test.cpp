// SPDX-License-Identifier: Apache-2.0
#include "spmma/preset.h"

#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace spmma {
namespace {

TEST(Preset, DefaultIsAmpere) {
  const Preset& p = presets().front();
  EXPECT_EQ(p.name, "ampere");
  EXPECT_EQ(p.core.step_bytes, 16);
  EXPECT_EQ(p.core.frac_bits, 24);
  EXPECT_TRUE(p.core.sparse);
  EXPECT_TRUE(p.core.has(Format::tf32));
  EXPECT_FALSE(p.core.has(Format::e4m3));
}

TEST(Preset, NamedSetsFollowTheContract) {
  struct Row {
    const char* name;
    int step_bytes, frac_bits;
    bool sparse;
    std::vector<Format> formats;
  };
  const Row rows[] = {
      {"volta", 8, 23, false, {Format::fp16}},
      {"turing", 16, 24, false, {Format::int8, Format::uint8, Format::fp16}},
      {"ampere", 16, 24, true, {Format::int8, Format::uint8, Format::fp16, Format::bf16, Format::tf32}},
      {"hopper", 32, 25, true, {std::begin(kFormats), std::end(kFormats)}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Preset* p = find_preset(row.name);
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(p->core.arith().step_bytes, row.step_bytes);
    EXPECT_EQ(p->core.arith().frac_bits, row.frac_bits);
    EXPECT_EQ(p->core.sparse, row.sparse);
    std::vector<Format> formats;
    for (const Format f : kFormats)
      if (p->core.has(f)) formats.push_back(f);
    EXPECT_EQ(formats, row.formats);
  }
  EXPECT_EQ(find_preset("ada"), nullptr);
}

TEST(Preset, RtlParameters) {
  const CoreParams p{.rows = 2,
                     .cols = 3,
                     .step_bytes = 8,
                     .frac_bits = 18,
                     .formats = 5,
                     .sparse = false,
                     .acc_slots = 6,
                     .out_depth = 7,
                     .pipe = 9};
  const std::vector<std::pair<std::string, int>> expected = {{"Rows", 2},      {"Cols", 3},     {"StepBytes", 8},
                                                             {"FracBits", 18}, {"Formats", 5},  {"Sparse", 0},
                                                             {"AccSlots", 6},  {"OutDepth", 7}, {"Pipe", 9}};
  EXPECT_EQ(p.rtl(), expected);
}

}  // namespace
}  // namespace spmma
