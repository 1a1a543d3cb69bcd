// SPDX-License-Identifier: Apache-2.0
// The runner and its reports, on made-up tests.
#include "runner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <set>

#include "report.h"
#include "spmma/preset.h"

namespace spmma::verif {
namespace {

using testing::HasSubstr;

/// Fails where the seed is a multiple of three; its smallest form says so.
class MadeUp final : public TestCase {
 public:
  explicit MadeUp(std::uint64_t seed) : seed_(seed) {}
  bool on_engine() const override { return false; }
  const std::string& preset() const override { return preset_; }
  CaseResult run(const CaseOptions&) const override {
    CaseResult result{.cycles = 10, .dot_products = 100};
    if (seed_ % 3 == 0)
      result.failure = Failure{seed_ % 2 == 0 ? "even & <odd>" : "odd", "seed " + std::to_string(seed_), 5};
    return result;
  }
  std::string describe() const override { return "case of " + std::to_string(seed_) + "\n"; }
  std::shared_ptr<const TestCase> shrink(int) const override {
    return std::make_shared<MadeUp>(seed_ % 2 == 0 ? 6 : 3);
  }

 private:
  std::uint64_t seed_;
  std::string preset_ = "tiny";
};

const std::vector<RegressTest>& made_up() {
  static const auto make = [](std::uint64_t seed) { return std::make_shared<const MadeUp>(seed); };
  static const std::vector<RegressTest> tests = {{"core.tiny.a", "tiny", "fp16", make},
                                                 {"core.tiny.b", "tiny", "int8", make}};
  return tests;
}

RegressOptions options() { return {.tests = {&made_up()[0], &made_up()[1]}, .seeds = 12, .threads = 2}; }

TEST(Runner, EveryTestWithEverySeed) {
  const RegressResult result = run_regression(options());
  EXPECT_EQ(result.runs, 24);
  EXPECT_EQ(result.failed.size(), 8U);
  EXPECT_FALSE(result.passed());
  ASSERT_EQ(result.groups.size(), 2U);
  for (const FailureGroup& group : result.groups) {
    EXPECT_EQ(group.count, 4);
    ASSERT_TRUE(group.smallest_failure);
    EXPECT_EQ(group.smallest_failure->message, group.group == "odd" ? "seed 3" : "seed 6");
  }
  EXPECT_EQ(result.dot_products_by_family().at("fp16"), 1200);
}

TEST(Runner, OnlyTheNamedRunsAndARest) {
  RegressOptions some = options();
  some.only = {{&made_up()[0], 3}, {&made_up()[0], 4}};
  EXPECT_EQ(run_regression(some).runs, 2);
  some = options();
  some.skip = 20;
  const RegressResult rest = run_regression(some);
  EXPECT_EQ(rest.runs, 4);
  EXPECT_EQ(rest.failed.size(), 2U) << "seeds 11 and 12 of two tests";
}

TEST(Runner, StopsWhenItIsTold) {
  const std::atomic<bool> stop = true;
  RegressOptions stopped = options();
  stopped.stop = &stop;
  const RegressResult result = run_regression(stopped);
  EXPECT_EQ(result.runs, 0);
  EXPECT_TRUE(result.interrupted);
}

TEST(Runner, GoesOnForATime) {
  RegressOptions timed = options();
  timed.seeds = 1;
  timed.minutes = 0.002;
  const RegressResult result = run_regression(timed);
  EXPECT_GT(result.runs, 2);
  for (const TestOutcome& outcome : result.outcomes) EXPECT_GT(outcome.runs, 0) << outcome.test->name;
}

TEST(RunOrder, FirstSeedsThenTestsAndSoaksInTurn) {
  const auto test = [](const char* name, const char* preset, const char* family, bool soak) {
    return RegressTest{name, preset, family, made_up().front().make, soak};
  };
  const std::vector<RegressTest> all = {
      test("a", "tiny", "fp16", false),       test("b", "hopper", "mixed", false),
      test("tiny16", "tiny", "fp16", true),   test("ampere16", "ampere", "fp16", true),
      test("small8", "small", "fp8", true),   test("hopper16", "hopper", "fp16", true),
      test("hopper8", "hopper", "fp8", true),
  };
  std::vector<const RegressTest*> tests;
  for (const RegressTest& t : all) tests.push_back(&t);
  const RunOrder order(tests, 10, 2);
  ASSERT_EQ(order.first_seeds(), 14);
  std::string text;
  for (int n = 13; n < 27; ++n) text += fmt::format("{} {}, ", order.at(n).first->name, order.at(n).second);
  EXPECT_EQ(text,
            "hopper8 11, "
            "a 12, ampere16 12, hopper8 12, hopper16 12, hopper8 13, "
            "b 12, ampere16 13, hopper8 14, hopper16 13, hopper8 15, "
            "a 13, ampere16 14, hopper8 16, ");

  std::set<TestSeed> runs;
  for (int n = 0; n < 5000; ++n) EXPECT_TRUE(runs.insert(order.at(n)).second) << "run " << n << " is another's";
}

TEST(RunOrder, SoaksOrTestsAlone) {
  const RegressTest a{"a", "tiny", "fp16", made_up().front().make},
      b{"b", "tiny", "int8", made_up().front().make, true};
  const RunOrder tests({&a}, 1, 1), soaks({&b}, 1, 1);
  EXPECT_EQ(tests.at(3), TestSeed(&a, 4));
  EXPECT_EQ(soaks.at(3), TestSeed(&b, 4));
}

TEST(RunOrder, EveryFormatOfEveryPresetHasASoakTest) {
  std::map<std::string, int> found;
  for (const RegressTest& t : regress_tests()) found[t.preset] += t.soak;
  for (const auto& [preset, count] : found) {
    EXPECT_EQ(count, std::ranges::count_if(kFormats, [&](Format f) { return find_preset(preset)->core.has(f); }));
  }
}

TEST(Runner, Filters) {
  const auto& all = regress_tests();
  EXPECT_EQ(filter_tests({}).size(), all.size());
  EXPECT_EQ(filter_tests({all.front().name}).size(), 1U);
  EXPECT_GT(filter_tests({"core.*"}).size(), 1U);
  EXPECT_LT(filter_tests({"stall"}).size(), all.size() / 4);
  EXPECT_TRUE(filter_tests({"no such test"}).empty());
}

TEST(Report, TextNamesGroupsAndHowToSeeThemAgain) {
  const std::string text = text_report(run_regression(options()));
  EXPECT_THAT(text, HasSubstr("4 failures: odd"));
  EXPECT_THAT(text, HasSubstr("smallest case found: case of 3"));
  EXPECT_THAT(text, HasSubstr("again: spmma regress --filter core.tiny."));
  EXPECT_THAT(text, HasSubstr("FAILED: 8 of 24 runs failed in 2 groups"));
}

TEST(Report, JUnitAndHtmlAreWellFormed) {
  RegressResult result = run_regression(options());
  for (FailureGroup& group : result.groups) group.picture = "<svg width=\"1\"/>";
  pugi::xml_document doc;
  ASSERT_TRUE(doc.load_string(junit_report(result).c_str()));
  EXPECT_EQ(doc.select_nodes("//testcase").size(), 2U);
  EXPECT_EQ(doc.select_nodes("//failure[@message='even & <odd>']").size(), 2U);
  EXPECT_STREQ(doc.child("testsuites").attribute("failures").value(), "8");

  const std::string page = html_report(result, {.title = "a & b", .sections = {"<h2>more</h2>"}});
  pugi::xml_document html;
  ASSERT_TRUE(html.load_string(page.c_str()));
  EXPECT_EQ(html.select_nodes("//svg").size(), 2U);
  EXPECT_EQ(html.select_nodes("//h2[text()='more']").size(), 1U);
  EXPECT_EQ(html.select_nodes("//table").size(), 3U);
  EXPECT_TRUE(html.select_nodes("//script | //link | //@src | //@href").empty()) << "opens without a network";
}

}  // namespace
}  // namespace spmma::verif
