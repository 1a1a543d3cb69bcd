// SPDX-License-Identifier: Apache-2.0
// The check of the test plan finds each way in which a plan can be wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "coverage/plan.h"
#include "temporary_folder.h"

namespace spmma::verif {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Requirement requirement() {
  return {.id = "r1",
          .source = "core.md Ports",
          .text = "It works.",
          .tests = {"rtl.*"},
          .coverage = {"g/*"},
          .assertions = {"Holds"},
          .proofs = {"fifo"}};
}
PlanSubjects subjects() {
  return {.tests = std::set<std::string>{"rtl.A.b", "cli.C"},
          .coverage = {"g/1", "g/2"},
          .assertions = {"Holds"},
          .proofs = {"fifo"}};
}

TEST(Plan, AGoodOneIsAccepted) { EXPECT_THAT(check_plan({requirement()}, subjects()), IsEmpty()); }

TEST(Plan, EveryFaultIsFound) {
  PlanSubjects more = subjects();
  more.coverage.insert("h/1");
  more.assertions.insert("Other");
  more.proofs.insert("reader");
  EXPECT_THAT(check_plan({requirement()}, more),
              ElementsAre(HasSubstr("bin h/1"), HasSubstr("assertion Other"), HasSubstr("proof reader")));
  Requirement bad = requirement();
  bad.id = "r2";
  bad.tests = {"rtl.B*"};
  bad.coverage = {"g/3"};
  bad.assertions = {"No"};
  bad.proofs = {"none"};
  EXPECT_THAT(check_plan({requirement(), bad}, subjects()),
              ElementsAre("r2: no test is named rtl.B*", "r2: no bin is named g/3", "r2: no assertion is named No",
                          "r2: no proof is named none"));
  EXPECT_THAT(check_plan({requirement(), requirement()}, subjects()), ElementsAre("r1: there are two"));
  EXPECT_THAT(check_plan({requirement(), {.id = "r3", .source = "x", .text = "y"}}, subjects()),
              ElementsAre("r3: nothing covers it"));
}

TEST(Plan, TestsAreLookedUpWhereTheyAreListed) {
  Requirement r = requirement();
  r.tests = {"rtl.B*"};
  PlanSubjects listed = subjects(), unlisted = subjects();
  listed.tests = std::set<std::string>();
  unlisted.tests.reset();
  EXPECT_THAT(check_plan({r}, listed), ElementsAre("r1: no test is named rtl.B*"));
  EXPECT_THAT(check_plan({r}, unlisted), IsEmpty());
}

TEST(Plan, SectionSaysWhatIsWrong) {
  const std::string section = plan_section({requirement()}, {"r2: nothing < covers it"});
  EXPECT_THAT(section, HasSubstr("<p>r2: nothing &lt; covers it</p><table>"));
  EXPECT_THAT(section, HasSubstr("<td>r1: It works.</td><td>core.md Ports</td><td>tests: rtl.*; coverage: g/*; "));
}

TEST(Plan, Globs) {
  EXPECT_TRUE(matches_glob("a*c", "abbc"));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("a*b*c", "axbxbxc"));
  EXPECT_FALSE(matches_glob("a*c", "abcd"));
  EXPECT_FALSE(matches_glob("abc", "ab"));
  EXPECT_FALSE(matches_glob("", "a"));
}

TEST(Plan, PageNamesEverything) {
  const std::string page = plan_page({requirement()});
  EXPECT_THAT(page, HasSubstr("## core.md"));
  EXPECT_THAT(page, HasSubstr("| **r1** It works. | Ports | tests: `rtl.*`<br>bins: `g/*`<br>assertions: `Holds`<br>"
                              "proofs: `fifo` |"));
}

TEST(Plan, BadFilesAreRefused) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("plan.json");
  EXPECT_THROW(read_plan("/nonexistent/plan.json"), std::runtime_error);
  for (const char* const json : {"", "{}", R"({"requirements": [{}]})",
                                 R"({"requirements": [{"id": "a", "source": "b", "text": "c", "tests": 1}]})"}) {
    std::ofstream(path) << json;
    EXPECT_THROW(read_plan(path), std::runtime_error) << json;
  }
}

}  // namespace
}  // namespace spmma::verif
