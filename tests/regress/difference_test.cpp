// SPDX-License-Identifier: Apache-2.0
// What kind of difference two results have.
#include "difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spmma::verif {
namespace {

using testing::HasSubstr;

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

/// Five ones times five twos with four products a step.
struct FiveProducts {
  Tensor a{1, 5, 2}, b{5, 1, 2};
  GemmProblem problem{.arith = {.step_bytes = 8}, .a = &a, .b = &b};
  FiveProducts() {
    for (int k = 0; k < 5; ++k) {
      a.set(0, 0, k, 0x3C00);
      b.set(0, k, 0, 0x4000);
    }
  }
};

TEST(Difference, AnElementIsTakenApartWhereTheCoreAloneIsWrong) {
  const FiveProducts five;
  const std::uint32_t core[] = {0x41000000, 0x41200001};
  const ElementDifference found = element_difference(five.problem, 0, 0, 0, core, 0x41200001);
  EXPECT_EQ(found.where, "in the core, later step, cut or rounding, stages 6 to 11");
  EXPECT_THAT(found.text, HasSubstr("on spmma_core alone they part at step 1:\n    C  0x41000000 = 8 "));
  EXPECT_THAT(found.text, HasSubstr("    A[0] 0x3c00 = 1 "));
  EXPECT_THAT(found.text, HasSubstr("    golden 0x41200000 = 10 "));
  EXPECT_THAT(found.text, HasSubstr("    RTL    0x41200001 = 10."));
}

TEST(Difference, AnElementIsTakenApartWhereTheCoreAloneIsRight) {
  const FiveProducts five;
  const std::uint32_t core[] = {0x41000000, 0x41200000};
  const ElementDifference found = element_difference(five.problem, 0, 0, 0, core, core[0]);
  EXPECT_THAT(found.where, HasSubstr("around the core"));
  EXPECT_THAT(found.text, HasSubstr("the actual bits are those after step 0\n"));
  EXPECT_THAT(found.text, HasSubstr("  step 1:\n    C  0x41000000 = 8 "));
  EXPECT_THAT(found.text, HasSubstr("    golden 0x41200000 = 10 "));
}

}  // namespace
}  // namespace spmma::verif
