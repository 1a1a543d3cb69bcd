// SPDX-License-Identifier: Apache-2.0
// `spmma regress` as its user sees it.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "command.h"

namespace spmma::test {
namespace {

using testing::HasSubstr;

class RegressTest : public CommandTest {
 protected:
  /// A quick test: the last preset of the build is a small one.
  std::string quick_test() const {
    const std::string list = run("regress --filter core.*.stalls --list").out;
    const std::size_t begin = list.rfind('\n', list.size() - 2);
    return list.substr(begin + 1, list.size() - begin - 2);
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
  const auto last = nlohmann::json::parse(contents("spmma-regress/last.json"));
  EXPECT_EQ(last.at("seed"), 5);
  EXPECT_EQ(last.at("done"), 0);
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
  const pid_t child = start(quick() + "--seeds 400 -j 1");
  ::usleep(700'000);
  ::kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 0) GTEST_SKIP() << "it was done before the interrupt";
  EXPECT_EQ(WEXITSTATUS(status), 1);
  const auto last = nlohmann::json::parse(contents("spmma-regress/last.json"));
  const std::int64_t done = last.at("done");
  ASSERT_GT(done, 0);
  ASSERT_LT(done, 400);
  const Outcome rest = run("regress --resume");
  EXPECT_EQ(rest.code, 0) << rest.out << rest.err;
  EXPECT_THAT(rest.out, HasSubstr("0 of " + std::to_string(400 - done) + " runs failed"));
}

}  // namespace
}  // namespace spmma::test
