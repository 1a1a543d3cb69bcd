// SPDX-License-Identifier: Apache-2.0
// --compare: what is worse, what is only different.
#include "sweep/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spmma::sweep {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Record record(int rows, double cycles, double fmax, const char* status = "ok") {
  return {{"version", kRecordVersion},
          {"key", "k"},
          {"status", status},
          {"parameters", {{"Rows", rows}}},
          {"unit", "core"},
          {"workload", {{"name", "digits"}}},
          {"simulation", {{"cycles", cycles}, {"speed_up", nullptr}}},
          {"timing", {{"fmax_mhz", fmax}}}};
}

TEST(Difference, NothingChanged) {
  const Comparison c = compare({record(1, 100, 200)}, {record(1, 100, 200)}, 0);
  EXPECT_TRUE(c.passed());
  EXPECT_EQ(c.compared, 1U);
  EXPECT_TRUE(c.changes.empty());
}

TEST(Difference, WorseIsMoreCyclesAndLessClock) {
  EXPECT_FALSE(compare({record(1, 100, 200)}, {record(1, 103, 200)}, 2).passed());
  EXPECT_TRUE(compare({record(1, 100, 200)}, {record(1, 103, 200)}, 4).passed());
  EXPECT_FALSE(compare({record(1, 100, 200)}, {record(1, 100, 190)}, 2).passed());
  EXPECT_TRUE(compare({record(1, 100, 200)}, {record(1, 50, 400)}, 0).passed()) << "better is no regression";
  EXPECT_EQ(compare({record(1, 100, 200)}, {record(1, 50, 400)}, 0).changes.size(), 2U) << "but it is shown";
}

TEST(Difference, OnlyTheSamePointsAreCompared) {
  const Comparison c = compare({record(1, 100, 200), record(2, 50, 200)}, {record(2, 50, 200), record(4, 1, 1)}, 0);
  EXPECT_EQ(c.compared, 1U);
  EXPECT_TRUE(c.passed());
  EXPECT_THAT(text_of(c, 0), AllOf(HasSubstr("only old  Rows=1\n"), HasSubstr("only new  Rows=4\n")));
}

TEST(Difference, EveryFigureOfTheTableIsCompared) {
  for (const Figure& figure : figures()) {
    Record before = record(1, 100, 200), after = before;
    before[Record::json_pointer(figure.pointer)] = 100;
    after[Record::json_pointer(figure.pointer)] = 103;
    const Comparison up = compare({before}, {after}, 2), down = compare({after}, {before}, 2);
    EXPECT_EQ(up.changes.size(), figure.better == Better::no_matter ? 0U : 1U) << figure.name;
    EXPECT_EQ(up.passed(), figure.better != Better::less) << figure.name;
    EXPECT_EQ(down.passed(), figure.better != Better::more) << figure.name;
  }
}

TEST(Difference, AFigureThatIsNoLongerThereIsAFailure) {
  Record without = record(1, 100, 200);
  without.erase("timing");
  const Comparison c = compare({record(1, 100, 200)}, {without}, 1000);
  EXPECT_FALSE(c.passed());
  EXPECT_THAT(text_of(c, 0), HasSubstr("LOST      Rows=1: fmax_mhz\n"));
  EXPECT_TRUE(compare({without}, {record(1, 100, 200)}, 0).passed()) << "one that is new is none";
}

TEST(Difference, APointThatFailedAndNoLongerDoesIsNamed) {
  const Comparison c = compare({record(1, 1, 1, "failed")}, {record(1, 1, 1)}, 0);
  EXPECT_TRUE(c.passed());
  EXPECT_THAT(text_of(c, 0), HasSubstr("recovered Rows=1\n"));
}

TEST(Difference, APointThatFailsIsBroken) {
  const Comparison c = compare({record(1, 100, 200)}, {record(1, 100, 200, "failed")}, 50);
  EXPECT_FALSE(c.passed());
  EXPECT_THAT(text_of(c, 50), HasSubstr("BROKEN    Rows=1: failed"));
  EXPECT_TRUE(compare({record(1, 1, 1, "failed")}, {record(1, 1, 1, "failed")}, 0).passed()) << "it was before";
}

}  // namespace
}  // namespace spmma::sweep
