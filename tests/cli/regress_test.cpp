// SPDX-License-Identifier: Apache-2.0
// `spmma regress` as its user sees it.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "command.h"

namespace spmma::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class RegressTest : public CommandTest {
 protected:
  /// A quick test: the last preset of the build is a small one.
  std::string quick_test() const {
    const std::string list = run("regress --filter core.*.stalls --list").out;
    const std::size_t begin = list.rfind('\n', list.size() - 2);
    return list.substr(begin + 1, list.size() - begin - 2);
  }
  nlohmann::json last() const { return nlohmann::json::parse(contents("spmma-regress/last.json")); }
  void set_last(const nlohmann::json& state) const {
    std::filesystem::create_directories(path("spmma-regress"));
    write("spmma-regress/last.json", state.dump());
  }
  /// A regression of three runs that was interrupted after some, one of which may have failed.
  nlohmann::json interrupted(int runs, const nlohmann::json& failed) const {
    const nlohmann::json figures = {
        {"name", quick_test()}, {"runs", runs}, {"cycles", 10}, {"dot_products", 10}, {"seconds", 0.1}};
    return {
        {"rtl", ""},           {"rtl_hash", nlohmann::json::parse(run("info --json").out).at("rtl_hash")},
        {"coverage", false},   {"seed", 1},
        {"seeds", 3},          {"minutes", nullptr},
        {"interrupted", true}, {"seconds", 1},
        {"tests", {figures}},  {"failed", failed.empty() ? nlohmann::json::array() : nlohmann::json::array({failed})}};
  }
  /// Begins and interrupts it; what it says then.
  std::string interrupt(const std::string& arguments) const {
    const std::size_t before = file_count();
    const pid_t child = start(arguments + " --junit r.xml --no-waves");
    // The report's file is made when interrupts are heeded.
    for (int i = 0; file_count() == before && i < 10'000; ++i) ::usleep(1000);
    ::usleep(200'000);
    ::kill(child, SIGINT);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << status;
    return said();
  }
  std::string quick() const { return "regress --filter " + quick_test() + " "; }
};

TEST_F(RegressTest, ListNamesTestsAndRunsNone) {
  const Outcome all = run("regress --list");
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr(quick_test() + "\n"));
  EXPECT_EQ(run(quick() + "--list").out, quick_test() + "\n");
  EXPECT_EQ(file_count(), 0U);
}

TEST_F(RegressTest, WritesItsReports) {
  const Outcome outcome = run(quick() + "--seeds 3 --seed 5 -j 2 --junit r.xml --html r.html");
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("PASSED: 0 of 3 runs failed"));
  EXPECT_THAT(contents("r.xml"), HasSubstr("<testcase "));
  EXPECT_THAT(contents("r.html"), HasSubstr("<!DOCTYPE html>"));
  EXPECT_EQ(last().at("seed"), 5);
  EXPECT_FALSE(last().at("interrupted"));
  EXPECT_THAT(run("regress --failed").out, HasSubstr("nothing failed last time"));
  EXPECT_EQ(run("regress --resume").code, 2) << "it came to its end";
}

TEST_F(RegressTest, TheSameRunsGiveTheSameFigures) {
  const auto figures = [&] {
    const std::string out = run(quick() + "--seeds 2 -j 1").out;
    return out.substr(out.find("dot products by"), 60);
  };
  EXPECT_EQ(figures(), figures());
}

TEST_F(RegressTest, AnInterruptedOneGoesOn) {
  interrupt(quick() + "--seeds 4000 -j 1");
  nlohmann::json state = last();
  ASSERT_TRUE(state.at("interrupted"));
  const std::int64_t done = state.at("tests").at(0).at("runs");
  ASSERT_LT(done, 4000);
  // As if nearly all were done.
  state["tests"][0]["runs"] = 3998;
  set_last(state);
  const Outcome rest = run("regress --resume");
  EXPECT_EQ(rest.code, 0) << rest.out << rest.err;
  EXPECT_THAT(rest.out, HasSubstr("PASSED: 0 of 4000 runs failed"));
}

TEST_F(RegressTest, WhatFailedBeforeTheInterruptHasFailed) {
  set_last(
      interrupted(2, {{"test", quick_test()}, {"seed", 2}, {"group", "a group"}, {"message", "why"}, {"cycle", 5}}));
  const Outcome rest = run("regress --resume --junit r.xml --no-waves");
  EXPECT_EQ(rest.code, 1) << rest.out << rest.err;
  EXPECT_THAT(rest.out, HasSubstr("1 failure: a group\nwhy\n"));
  EXPECT_THAT(rest.out, HasSubstr("FAILED: 1 of 3 runs failed in 1 group"));
  EXPECT_THAT(contents("r.xml"), HasSubstr("<failure message=\"a group\">"));
  EXPECT_EQ(last().at("failed").at(0).at("seed"), 2);
  const Outcome again = run("regress --failed");
  EXPECT_EQ(again.code, 0) << again.out << again.err;
  EXPECT_THAT(again.out, HasSubstr("PASSED: 0 of 1 runs failed"));
  EXPECT_TRUE(last().at("failed").empty());
}

TEST_F(RegressTest, AnInterruptedFailedKeepsWhatItDidNotReach) {
  nlohmann::json state = interrupted(0, {});
  const std::string test = quick_test();
  for (int seed = 1; seed <= 20'000; ++seed) {
    state["failed"].push_back({{"test", test}, {"seed", seed}, {"group", "a group"}, {"message", "why"}, {"cycle", 5}});
  }
  set_last(state);
  EXPECT_THAT(interrupt("regress --failed -j 1"), HasSubstr("`spmma regress --failed` goes on"));
  const nlohmann::json left = last();
  EXPECT_FALSE(left.at("interrupted"));
  EXPECT_EQ(left.at("failed").size() + left.at("tests").at(0).at("runs").get<std::size_t>(), 20'000U);
  EXPECT_EQ(left.at("failed").back().at("seed"), 20'000);
  EXPECT_THAT(run("regress --resume").err, HasSubstr("came to its end, or was one of --failed"));
}

TEST_F(RegressTest, TheTimeThatWasLeftIsResumed) {
  interrupt(quick() + "--time 50 -j 1");
  nlohmann::json state = last();
  EXPECT_GT(state.at("minutes"), 40);
  EXPECT_LT(state.at("minutes"), 50);
  const std::int64_t done = state.at("tests").at(0).at("runs");
  state["minutes"] = 0.01;
  set_last(state);
  const Outcome rest = run("regress --resume");
  EXPECT_EQ(rest.code, 0) << rest.out << rest.err;
  EXPECT_GT(last().at("tests").at(0).at("runs"), done);
}

TEST_F(RegressTest, AnotherTreeIsResumed) {
  nlohmann::json state =
      interrupted(2, {{"test", quick_test()}, {"seed", 2}, {"group", "g"}, {"message", "m"}, {"cycle", 5}});
  state["rtl"] = path("no_tree");
  set_last(state);
  for (const char* flag : {"--resume", "--failed"}) {
    const Outcome outcome = run(std::string("regress ") + flag);
    EXPECT_EQ(outcome.code, 2) << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr("--rtl " + path("no_tree") + ": No such file"));
  }
}

TEST_F(RegressTest, RunsOfOtherRtlAreNotGoneOnWith) {
  nlohmann::json state =
      interrupted(2, {{"test", quick_test()}, {"seed", 2}, {"group", "g"}, {"message", "m"}, {"cycle", 5}});
  state["rtl_hash"] = std::string(64, '0');
  set_last(state);
  const Outcome outcome = run("regress --resume");
  EXPECT_EQ(outcome.code, 2) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("spmma-regress/last.json: --resume: it ran RTL 000000000000, and this is "));
  EXPECT_EQ(last(), state);
  EXPECT_EQ(run("regress --failed --no-waves").code, 0) << "what failed on other RTL may pass on this";
}

TEST_F(RegressTest, WhatCannotBeKeptIsFoundBeforeItRuns) {
  std::filesystem::create_directories(path("spmma-regress/last.json"));
  const Outcome outcome = run(quick() + "--seeds 1000000");
  EXPECT_EQ(outcome.code, 2) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("spmma-regress/last.json: is a directory"));
}

TEST_F(RegressTest, ASecondInterruptLeavesNothingHalfWritten) {
  const pid_t child = start("regress --filter soak --seeds 1000000 --no-waves --junit r.xml --html r.html");
  for (int i = 0; file_count() == 0 && i < 10'000; ++i) ::usleep(1000);
  ::usleep(200'000);
  ::kill(child, SIGINT);
  ::usleep(1000);  // a soak run takes longer
  ::kill(child, SIGINT);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  const auto left = listing();
  for (const auto& [name, text] : left) EXPECT_THAT(name, Not(HasSubstr(".spmma-"))) << status;
}

TEST_F(RegressTest, AnotherFolderIsNamedInWhatGoesOn) {
  EXPECT_THAT(interrupt(quick() + "--seeds 4000 -j 1 --folder nightly"),
              HasSubstr("`spmma regress --resume --folder nightly` goes on"));
}

TEST_F(RegressTest, WavesOfAnEarlierRegressionGo) {
  std::filesystem::create_directories(path("spmma-regress"));
  write("spmma-regress/failure-2.svg", "old");
  EXPECT_EQ(run(quick()).code, 0);
  EXPECT_FALSE(std::filesystem::exists(path("spmma-regress/failure-2.svg")));
}

TEST_F(RegressTest, ADamagedStateIsRefused) {
  const auto refused = [&](const char* key, const nlohmann::json& value, const std::string& says) {
    nlohmann::json state = interrupted(2, {});
    state[nlohmann::json::json_pointer(key)] = value;
    set_last(state);
    const Outcome outcome = run("regress --resume");
    EXPECT_EQ(outcome.code, 2) << key << value << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr(says)) << key << value;
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_EQ(last(), state);
  };
  refused("/seed", -1, "spmma-regress/last.json: 'seed' is -1, not a number from 0");
  refused("/seeds", 0, "'seeds' is 0, not a number from 1");
  refused("/seeds", 1.5, "'seeds' is 1.5, not a number");
  refused("/minutes", -1, "'minutes' is -1, not a time");
  refused("/tests/0/runs", -2, "'runs' is -2");
  refused("/tests/0/runs", 4, "4 runs are done of 3");
  refused("/tests", nlohmann::json::array(), "0 runs are done of 0");
  refused("/tests/0/name", "core.tiny.none", "the last regression ran core.tiny.none, which this build has not");
  refused("/failed", {{{"test", "core.x"}, {"seed", 1}, {"group", ""}, {"message", ""}, {"cycle", 0}}},
          "core.x failed");
  refused("/interrupted", "yes", "");
}

TEST_F(RegressTest, ThePlanIsAPageOfTheReport) {
  EXPECT_EQ(run(quick() + "--html r.html").code, 0);
  EXPECT_THAT(contents("r.html"), HasSubstr("Test plan"));
}

}  // namespace
}  // namespace spmma::test
