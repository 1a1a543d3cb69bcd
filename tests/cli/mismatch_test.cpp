// SPDX-License-Identifier: Apache-2.0
// What a wrong RTL looks like from outside: the command linked to broken_core.cpp, whose fault the seed chooses.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "command.h"

namespace spmma::test {
namespace {

using verif::Dtype;

class MismatchTest : public CommandTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    Tensor a(2, 24, 2), b(24, 3, 2);
    for (int k = 0; k < 24; ++k) {
      a.set(0, 1, k, 0x3C00);
      b.set(0, k, 2, 0x4000);
    }
    write("a.npy", a, Dtype::f2);
    write("b.npy", b, Dtype::f2);
  }
  Outcome gemm(const std::string& arguments) const {
    return run_program(SPMMA_BROKEN_COMMAND,
                       fmt::format("gemm --unit {} --format fp16 --a a.npy --b b.npy --out d.npy --report r.json {}",
                                   GetParam(), arguments));
  }
  nlohmann::json report() const { return nlohmann::json::parse(contents("r.json")); }
};

INSTANTIATE_TEST_SUITE_P(Units, MismatchTest, ::testing::Values("engine", "core"),
                         [](const auto& test) { return std::string(test.param); });

#define EXPECT_SHOWS(text, piece) EXPECT_NE((text).find(piece), std::string::npos) << (text)

TEST_P(MismatchTest, NoFault) {
  const Outcome outcome = gemm("--seed 1");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(report()["mismatches"], 0);
}

TEST_P(MismatchTest, WrongValue) {
  const Outcome outcome = gemm("--seed 2");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_SHOWS(outcome.err, "1 of 6 elements of D differ");
  EXPECT_SHOWS(outcome.err, "D[1,2]: expected 0x42400000 = 48 (sign 0, exponent 132-127=5, fraction 0x400000)");
  EXPECT_SHOWS(outcome.err, "got 0x42400001 = 48.0000038");
  EXPECT_SHOWS(outcome.err, "they part in step 1");
  EXPECT_SHOWS(outcome.err, "0x3c00 1");  // the operands
  EXPECT_SHOWS(outcome.err, "golden  0x42000000 = 32");
  EXPECT_SHOWS(outcome.err, "RTL     0x42000001 = 32.0000038");
  EXPECT_SHOWS(outcome.err, "<-- differs");
  EXPECT_EQ(report()["mismatches"], 1);
  EXPECT_EQ(listing().count("d.npy"), 0u);  // D is written only if it is right
}

TEST_P(MismatchTest, ExplainMarksTheStep) {
  const Outcome outcome =
      run_program(SPMMA_BROKEN_COMMAND, "explain --format fp16 --a a.npy --b b.npy --element 1,2 --seed 2");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_SHOWS(outcome.out,
               "RTL     0x42000001 = 32.0000038 (sign 0, exponent 132-127=5, fraction 0x000001)  <-- differs");
}

TEST_P(MismatchTest, WrongCycles) {
  const Outcome outcome = gemm("--seed 3");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_SHOWS(outcome.err, "cycles, but the cycle model says");
  EXPECT_EQ(report()["mismatches"], 1);
  EXPECT_EQ(gemm("--seed 3 --stall 0.5").code, 0);  // stalls are not in the prediction
}

TEST_P(MismatchTest, FlaggedMetadata) {
  const Outcome outcome = gemm("--seed 4");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_SHOWS(outcome.err, GetParam() == std::string("core") ? "1 results were flagged" : "1 groups were flagged");
}

TEST_P(MismatchTest, TheEnginesError) {
  if (GetParam() == std::string("core")) return;
  const Outcome outcome = gemm("--seed 5");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_SHOWS(outcome.err, "the engine ends the job with error 6, operand 2, entry 0, row 5");
  EXPECT_EQ(listing().count("d.npy"), 0u);
}

TEST_P(MismatchTest, UncheckedRunPasses) {
  EXPECT_EQ(gemm("--seed 2 --no-check").code, 0);
  EXPECT_EQ(listing().count("d.npy"), 1u);
}

}  // namespace
}  // namespace spmma::test
