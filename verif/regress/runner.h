// SPDX-License-Identifier: Apache-2.0
// Runs many tests with many seeds on all cores, shrinks what fails and groups it by what went wrong.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "test_case.h"

namespace spmma::verif {

inline constexpr std::int64_t kMostSeeds = 1'000'000'000;  ///< of a test

using TestSeed = std::pair<const RegressTest*, std::uint64_t>;

/// What is run, in order: every test with the first seed, then with the second, and so on. With a time to fill, what
/// comes after is one run of the tests in this order and then kSoakTurns soak runs, again and again: the families in
/// turn, in each those tests whose preset has the largest tiles in turn, so that all families gain the same number of
/// dot products. The n-th run depends on nothing but this.
class RunOrder {
 public:
  static constexpr std::uint64_t kSoakTurns = 4;

  RunOrder(std::vector<const RegressTest*> tests, std::uint64_t seed, std::int64_t seeds);
  std::int64_t first_seeds() const { return first_; }  ///< runs of the first `seeds` of each test
  TestSeed at(std::int64_t n) const;

 private:
  /// The n-th of what comes after the first seeds, of these tests alone.
  TestSeed further(const std::vector<const RegressTest*>& tests, std::uint64_t n) const;

  std::vector<const RegressTest*> tests_;
  std::vector<const RegressTest*> mixed_;              ///< those that are no soak
  std::vector<std::vector<const RegressTest*>> soak_;  ///< by family
  std::uint64_t seed_;
  std::int64_t seeds_;
  std::int64_t first_;
};

struct TestOutcome {
  const RegressTest* test = {};
  std::int64_t runs = 0;
  std::int64_t failures = 0;
  std::int64_t cycles = 0;
  std::int64_t dot_products = 0;
  double seconds = 0;  ///< of the processor
};

struct FailedRun {
  TestSeed run;
  Failure failure;  ///< with an empty message where the test failed in that group before
};

/// Failures of one kind. The first one seen stands for all.
struct FailureGroup {
  std::string group;
  std::int64_t count = 0;
  std::vector<TestSeed> failures;                 ///< the first ones
  Failure failure;                                ///< of failures.front()
  std::shared_ptr<const TestCase> smallest = {};  ///< shrunk from it
  std::optional<Failure> smallest_failure = {};
  std::string wave = {};          ///< file with a wave, if one was made (a .gtkw lies beside it)
  bool wave_of_smallest = false;  ///< else of the case as it was drawn
  std::string picture = {};       ///< of the wave's window, SVG
};

struct RegressResult {
  std::vector<TestOutcome> outcomes;  ///< one a test, in order
  std::vector<FailureGroup> groups;   ///< the most frequent first
  std::vector<FailedRun> failed;      ///< every failure
  std::int64_t runs = 0;
  double seconds = 0;
  bool interrupted = false;
  std::string rtl = {};  ///< for `--rtl` of the commands that run a failure again; empty: none is needed
  /// What else is wrong, a line each: of coverage, of the test plan.
  std::vector<std::string> complaints = {};

  bool passed() const { return runs > 0 && failed.empty() && complaints.empty() && !interrupted; }
  std::map<std::string, std::int64_t> dot_products_by_family() const;
};

struct RegressOptions {
  std::vector<const RegressTest*> tests = {};
  std::uint64_t seed = 1;              ///< the first one
  std::int64_t seeds = 1;              ///< of each test, at least
  std::optional<double> minutes = {};  ///< go on with further seeds until then
  std::vector<TestSeed> only = {};     ///< these instead, if there are any
  /// Of an interrupted regression of the same tests and seeds, to go on with: its runs are the first ones. Its groups
  /// are made anew.
  RegressResult earlier = {};
  unsigned threads = 0;                ///< 0: one for each core
  int shrink_budget = 400;             ///< runs to find a smaller case of each group; 0: none
  const std::atomic<bool>* stop = {};  ///< set: nothing more is begun
  /// Made for each run and destroyed after it, in its thread; may be empty.
  std::function<std::unique_ptr<CoreObserver>()> core_observer = {};
  std::function<std::unique_ptr<GemmObserver>()> gemm_observer = {};
  /// Called now and then with runs done, runs in all (0: not known), failures and seconds; from any thread, one at a
  /// time.
  std::function<void(std::int64_t, std::int64_t, std::int64_t, double)> progress = {};
};

/// A run that the harness cannot make (a full disk, a fault of its own) is a failure of its test, too, in a group
/// "harness: ...".
RegressResult run_regression(const RegressOptions& options);
/// The same, with a bar or lines of progress on standard error in place of `options.progress`.
RegressResult run_with_progress(RegressOptions options);

/// Tests whose name is, contains, or as a shell pattern matches one of the filters; all without filters.
std::vector<const RegressTest*> filter_tests(const std::vector<std::string>& filters);

/// The command that runs this one case again, and the one that makes its wave.
std::string reproduce_command(const TestSeed& failure, const std::string& rtl);
std::string wave_command(const TestSeed& failure, const std::string& rtl);

}  // namespace spmma::verif
