// SPDX-License-Identifier: Apache-2.0
#include "spmma/describe.h"

#include <gtest/gtest.h>

namespace spmma {
namespace {

TEST(Describe, Accumulators) {
  EXPECT_EQ(describe(Acc::f32, 0x3F800000), "0x3f800000 = 1 (sign 0, exponent 127-127=0, fraction 0x000000)");
  EXPECT_EQ(describe(Acc::f32, 0xFF800000), "0xff800000 = -inf (sign 1, exponent 255-127=128, fraction 0x000000)");
  EXPECT_EQ(describe(Acc::f32, 0x00000001),
            "0x00000001 = 1.40129846e-45 (sign 0, exponent 0 (subnormal: -126), fraction 0x000001)");
  EXPECT_EQ(describe(Acc::f16, 0x7BFF), "0x7bff = 65504 (sign 0, exponent 30-15=15, fraction 0x3ff)");
  EXPECT_EQ(describe(Acc::s32, 0x80000000), "0x80000000 = -2147483648");
}

TEST(Describe, Elements) {
  EXPECT_EQ(describe(Format::int8, 0x80), "0x80 = -128");
  EXPECT_EQ(describe(Format::uint8, 0x80), "0x80 = 128");
  EXPECT_EQ(describe(Format::fp16, 0xC000), "0xc000 = -2 (sign 1, exponent 16-15=1, fraction 0x000)");
  EXPECT_EQ(describe(Format::bf16, 0x3FC0), "0x3fc0 = 1.5 (sign 0, exponent 127-127=0, fraction 0x40)");
  EXPECT_EQ(describe(Format::tf32, 0x3F801FFF), "0x3f801fff = 1 (sign 0, exponent 127-127=0, fraction 0x000)");
  EXPECT_EQ(describe(Format::e4m3, 0x7E), "0x7e = 448 (sign 0, exponent 15-7=8, fraction 0x6)");
  EXPECT_EQ(describe(Format::e5m2, 0x7B), "0x7b = 57344 (sign 0, exponent 30-15=15, fraction 0x3)");
}

}  // namespace
}  // namespace spmma
