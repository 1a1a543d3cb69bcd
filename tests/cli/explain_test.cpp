// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "built_presets.h"
#include "command.h"

namespace spmma::test {
namespace {

using verif::Dtype;

class ExplainTest : public CommandTest {
 protected:
  void SetUp() override {
    for (const char* const preset : {"ampere", "hopper"}) SPMMA_NEEDS_PRESET(preset);
  }
  std::string explain(const std::string& arguments) const {
    const auto before = listing();
    const Outcome outcome = run("explain " + arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_EQ(listing(), before);  // whatever gemm's flags name
    return outcome.out;
  }
  static int count(const std::string& text, const std::string& piece) {
    int n = 0;
    for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++n;
    return n;
  }
};

#define EXPECT_SHOWS(text, piece) EXPECT_NE((text).find(piece), std::string::npos) << (text)

TEST_F(ExplainTest, OneStep) {
  // -1.5 * 1.5 + 1.5 * 1.5 + 2^-24: 2.25 as a product has the exponent 0, so the small one survives.
  write("a.npy", matrix(2, {{0xBE00, 0x3E00, 0x0C00}}), Dtype::f2);
  write("b.npy", matrix(2, {{0x3E00}, {0x3E00}, {0x0C00}}), Dtype::f2);
  const std::string text = explain("--format fp16 --a a.npy --b b.npy --element 0,0");
  EXPECT_SHOWS(text, "D[0,0]: fp16 x fp16 -> f32, dense, K = 3; preset ampere: 8 products a step, F = 24, floor -132");
  EXPECT_SHOWS(text, "0xbe00 -1.5");
  EXPECT_SHOWS(text, "-2.25");
  EXPECT_SHOWS(text, "-37748736");  // 2.25 in units of 2^-24
  EXPECT_SHOWS(text, "e_max = 0, T in units of 2^-24");
  EXPECT_SHOWS(text, "S = +1 = ");
  EXPECT_SHOWS(text, "golden  0x33800000 = ");
  EXPECT_SHOWS(text, "RTL     0x33800000 = ");
  EXPECT_EQ(count(text, "\nstep "), 1);
  EXPECT_EQ(text.find("differs"), std::string::npos);

  const std::string golden = explain("--format fp16 --a a.npy --b b.npy --element 0,0 --backend golden");
  EXPECT_SHOWS(golden, "golden  0x33800000 = ");
  EXPECT_EQ(golden.find("RTL"), std::string::npos);
}

TEST_F(ExplainTest, ChainOfSteps) {
  // 2048 + 1 + 1 in FP16: each ampere step rounds to 2048; hopper has all in one step and gives 2050.
  Tensor a(1, 16, 2), b(16, 1, 2);
  for (const int k : {0, 1, 8}) {
    a.set(0, 0, k, k == 0 ? 0x6800 : 0x3C00);
    b.set(0, k, 0, 0x3C00);
  }
  write("a.npy", a, Dtype::f2);
  write("b.npy", b, Dtype::f2);
  const std::string line = "--format fp16 --acc f16 --a a.npy --b b.npy --element 0,0 --dense";
  const std::string ampere = explain(line);
  EXPECT_EQ(count(ampere, "\nstep "), 2);
  EXPECT_EQ(count(ampere, "RTL     0x6800 = 2048"), 2);
  EXPECT_SHOWS(ampere, "\nD[0,0] = 0x6800 = 2048");
  const std::string hopper = explain(line + " --preset hopper");
  EXPECT_EQ(count(hopper, "\nstep "), 1);
  EXPECT_SHOWS(hopper, "\nD[0,0] = 0x6801 = 2050");
}

TEST_F(ExplainTest, SparseIntegersAndEntries) {
  Tensor a(2, 8, 1, 2, true);
  a.set(1, 1, 3, 0xFD);  // -3 at k = 3
  a.set(1, 1, 6, 7);
  write("a.npy", a, Dtype::i1);
  write("b.npy", matrix(1, {{1}, {2}, {3}, {4}, {5}, {6}, {0x80}, {8}}), Dtype::i1);
  write("c.npy", matrix(4, {{0}, {0xFFFFFFFF}}), Dtype::i4);
  const std::string text =
      explain("--format int8 --a a.npy --b b.npy --c c.npy --element 1,0 --entry 1 --out d.npy --report r.json");
  EXPECT_SHOWS(text, "D[1,0] of entry 1: int8 x int8 -> s32, sparse, K = 8");
  EXPECT_SHOWS(text, "0xfd -3");
  EXPECT_SHOWS(text, "0x80 -128");
  EXPECT_SHOWS(text, "S = -909, modulo 2^32");  // -1 - 3*4 + 7*(-128)
  EXPECT_SHOWS(text, "RTL     0xfffffc73 = -909");
}

TEST_F(ExplainTest, SpecialsAndEmptyChains) {
  write("a.npy", matrix(2, {{0x7C00, 0x3C00}}), Dtype::f2);
  write("b.npy", matrix(2, {{0x0000}, {0x3C00}}), Dtype::f2);
  const std::string text = explain("--format fp16 --a a.npy --b b.npy --element 0,0");
  EXPECT_SHOWS(text, "a NaN or an infinity decides");
  EXPECT_SHOWS(text, "RTL     0x7fffffff");

  write("a.npy", Tensor(1, 0, 2), Dtype::f2);
  write("b.npy", Tensor(0, 1, 2), Dtype::f2);
  EXPECT_SHOWS(explain("--format fp16 --a a.npy --b b.npy --element 0,0"), "no step is taken: D[0,0] = 0x00000000 = 0");
}

TEST_F(ExplainTest, IllegalNibblesAreShown) {
  write("v.npy", matrix(2, {{0x3C00, 0x4000}}), Dtype::f2);
  write("e.npy", matrix(1, {{0x5}}), Dtype::u1);
  write("b.npy", matrix(2, {{0}, {0x3C00}, {0}, {0}}), Dtype::f2);
  const std::string line = "--format fp16 --a v.npy --meta e.npy --b b.npy --element 0,0";
  EXPECT_SHOWS(explain(line), "nibble 0x5 is not legal");
  EXPECT_SHOWS(explain(line), "RTL     0x40400000 = 3");  // both take element 1
  EXPECT_EQ(explain(line + " --metadata any").find("not legal"), std::string::npos);
}

}  // namespace
}  // namespace spmma::test
