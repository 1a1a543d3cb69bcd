// SPDX-License-Identifier: Apache-2.0
// What kind of difference two results have.
#include "difference.h"

#include <gtest/gtest.h>

namespace spmma::verif {
namespace {

TEST(Difference, KindsOfFloats) {
  struct Case {
    Acc acc;
    std::uint32_t expected, actual;
    const char* kind;
  };
  const Case cases[] = {{Acc::f32, 0x3F800000, 0x3F800001, "last bit"},
                        {Acc::f32, 0x3F800000, 0x3F7FFFFF, "last bit"},
                        {Acc::f32, 0x3F800000, 0xBF800000, "sign"},
                        {Acc::f32, 0x3F800000, 0x40000000, "exponent"},
                        {Acc::f32, 0x3F800000, 0x3F800100, "fraction"},
                        {Acc::f32, 0x3F800000, 0, "zero"},
                        {Acc::f32, 0, 0x80000000, "zero"},
                        {Acc::f32, 0x7F7FFFFF, 0x7F800000, "special"},
                        {Acc::f16, 0x3C00, 0x3C01, "last bit"},
                        {Acc::f16, 0x3C00, 0x7FFF, "special"},
                        {Acc::f16, 0x3C00, 0x4000, "exponent"},
                        {Acc::s32, 8, 9, "one bit"},
                        {Acc::s32, 7, 8, "bits"}};
  for (const Case& c : cases) EXPECT_EQ(difference_kind(c.acc, c.expected, c.actual), c.kind) << std::hex << c.actual;
}

TEST(Difference, GroupsNameFieldFormatsStepAndStage) {
  const CoreControl control{.fmt_a = 5, .fmt_b = 6, .sparse = true};
  EXPECT_EQ(difference_group({.field = CoreField::d,
                              .control = control,
                              .step = 0,
                              .acc = Acc::f32,
                              .expected = 0x3F800000,
                              .actual = 0x3F800001}),
            "core: D, e4m3 x e5m2 -> f32 sparse, last bit, first step, cut or rounding, stages 6 to 11");
  EXPECT_NE(difference_group({.field = CoreField::d, .control = control, .step = -1}).find("by the beats around it"),
            std::string::npos);
  EXPECT_NE(difference_group({.field = CoreField::handshake}), difference_group({.field = CoreField::flags}));
}

}  // namespace
}  // namespace spmma::verif
