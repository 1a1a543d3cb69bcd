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
using testing::Not;

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

/// Testcases of the JUnit file that have failed, by name.
std::set<std::string> junit_failures(const RegressResult& result) {
  pugi::xml_document doc;
  doc.load_string(junit_report(result).c_str());
  std::set<std::string> names;
  for (const auto& found : doc.select_nodes("//testcase[failure]"))
    names.insert(found.node().attribute("name").value());
  return names;
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
}

TEST(Runner, WhatAnEarlierPartFoundCounts) {
  RegressOptions first = options();
  first.seeds = 10;
  first.threads = 1;
  RegressOptions rest = options();
  rest.earlier = run_regression(first);
  ASSERT_EQ(rest.earlier.runs, 20);
  const RegressResult all = run_regression(rest), at_once = run_regression(options());
  EXPECT_EQ(all.runs, at_once.runs);
  EXPECT_EQ(all.failed.size(), at_once.failed.size());
  EXPECT_EQ(all.dot_products_by_family(), at_once.dot_products_by_family());
  ASSERT_EQ(all.groups.size(), at_once.groups.size());
  for (const FailureGroup& group : all.groups) {
    EXPECT_EQ(group.count, 4) << group.group;
    EXPECT_TRUE(group.smallest_failure) << group.group;
  }
  EXPECT_EQ(junit_failures(all), junit_failures(at_once));

  rest.earlier.interrupted = true;
  rest.seeds = 10;  // nothing is left to run
  const RegressResult same = run_regression(rest);
  EXPECT_EQ(same.runs, 20);
  EXPECT_EQ(same.failed.size(), rest.earlier.failed.size());
  EXPECT_FALSE(same.interrupted);
}

TEST(Runner, StopsWhenItIsTold) {
  const std::atomic<bool> stop = true;
  RegressOptions stopped = options();
  stopped.stop = &stop;
  const RegressResult result = run_regression(stopped);
  EXPECT_EQ(result.runs, 0);
  EXPECT_TRUE(result.interrupted);
  EXPECT_FALSE(result.passed());
  EXPECT_THAT(text_report(result), HasSubstr("NOT DONE: 0 of 0 runs failed"));
}

TEST(Runner, WhatIsNotShrunkYetIsLeftWhenItIsTold) {
  const std::atomic<bool> stop = true;
  RegressOptions stopped = options();
  stopped.earlier = run_regression(options());  // all of it, whose groups are made anew
  stopped.stop = &stop;
  const RegressResult result = run_regression(stopped);
  EXPECT_TRUE(result.interrupted);
  ASSERT_EQ(result.groups.size(), 2U);
  for (const FailureGroup& group : result.groups) EXPECT_FALSE(group.smallest_failure) << group.group;
}

/// A case that cannot be run.
struct Impossible final : TestCase {
  bool on_engine() const override { return false; }
  const std::string& preset() const override { return made_up().front().preset; }
  CaseResult run(const CaseOptions&) const override { throw std::runtime_error("no room"); }
  std::string describe() const override { return "none"; }
  std::shared_ptr<const TestCase> shrink(int) const override { throw std::runtime_error("no room"); }
};

TEST(Runner, ARunThatCannotBeMadeHasFailed) {
  RegressTest bad = made_up().front();
  bad.name = "core.tiny.bad";
  bad.make = [](std::uint64_t) { return std::make_shared<Impossible>(); };
  RegressOptions some = options();
  some.tests.push_back(&bad);
  const RegressResult result = run_regression(some);
  EXPECT_EQ(result.runs, 36);
  ASSERT_EQ(result.groups.size(), 3U);
  EXPECT_EQ(result.groups.front().group, "harness: no room");
  EXPECT_EQ(result.groups.front().count, 12);
  EXPECT_THAT(text_report(result), HasSubstr("core.tiny.bad, seed "));
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

TEST(Report, EveryFailingTestFailsInJUnit) {
  // Test a fills the group before test b fails.
  RegressOptions many = options();
  many.threads = 1;
  for (const RegressTest& test : made_up()) {
    for (std::uint64_t seed = 3; seed <= 303; seed += 6) many.only.emplace_back(&test, seed);
  }
  const RegressResult result = run_regression(many);
  ASSERT_EQ(result.groups.size(), 1U);
  EXPECT_EQ(result.groups.front().count, 102);
  EXPECT_EQ(junit_failures(result), (std::set<std::string>{"a", "b"}));
  pugi::xml_document doc;
  ASSERT_TRUE(doc.load_string(junit_report(result).c_str()));
  const std::string text = doc.select_node("//testcase[@name='b']/failure").node().text().get();
  EXPECT_THAT(text, HasSubstr("seed 3\nagain: spmma regress --filter core.tiny.b --seed 3\n"));
}

TEST(Report, SaysHowTheSmallestCaseFailsAndOfWhichTheWaveIs) {
  RegressResult result = run_regression(options());
  EXPECT_THAT(text_report(result), Not(HasSubstr("of the smallest case")));
  FailureGroup& group = result.groups.front();
  group.smallest_failure->group = "another";
  group.wave = "last/failure-1.fst";
  EXPECT_THAT(text_report(result), HasSubstr("of the smallest case: another\n"));
  EXPECT_THAT(text_report(result), HasSubstr("wave of the case as it was drawn: gtkwave last/failure-1.gtkw\n"));
  group.wave_of_smallest = true;
  EXPECT_THAT(text_report(result), HasSubstr("wave of the smallest case: gtkwave last/failure-1.gtkw\n"));
}

TEST(Report, WhatIsWrongBesideTheRunsFails) {
  RegressOptions good = options();
  good.only = {{&made_up()[0], 4}};
  RegressResult result = run_regression(good);
  ASSERT_TRUE(result.passed());
  EXPECT_THAT(text_report(result), HasSubstr("PASSED: 0 of 1 runs failed"));
  result.complaints = {"test plan: r1 < nothing"};
  EXPECT_FALSE(result.passed());
  EXPECT_THAT(text_report(result), HasSubstr("test plan: r1 < nothing\nFAILED: 0 of 1 runs failed"));
  pugi::xml_document junit, html;
  ASSERT_TRUE(junit.load_string(junit_report(result).c_str()));
  EXPECT_EQ(junit.select_nodes("//failure[@message='test plan: r1 < nothing']").size(), 1U);
  EXPECT_STREQ(junit.child("testsuites").attribute("failures").value(), "1");
  ASSERT_TRUE(html.load_string(html_report(result, {.title = "t"}).c_str()));
  EXPECT_EQ(html.select_nodes("//p[@class='bad']").size(), 2U);
  result.complaints.clear();
  result.interrupted = true;
  EXPECT_THAT(junit_report(result), HasSubstr("message=\"interrupted\""));
}

TEST(Report, JUnitAndHtmlAreWellFormed) {
  RegressResult result = run_regression(options());
  for (FailureGroup& group : result.groups) group.picture = "<svg width=\"1\"/>";
  pugi::xml_document doc;
  ASSERT_TRUE(doc.load_string(junit_report(result).c_str()));
  EXPECT_EQ(doc.select_nodes("//testcase").size(), 2U);
  EXPECT_EQ(doc.select_nodes("//failure[@message='even & <odd>']").size(), 2U);
  EXPECT_STREQ(doc.child("testsuites").attribute("tests").value(), "2");
  EXPECT_STREQ(doc.child("testsuites").attribute("failures").value(), "2");

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
