// SPDX-License-Identifier: Apache-2.0
#include "runner.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <time.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <exception>
#include <mutex>
#include <set>
#include <thread>

#include "io/progress.h"
#include "spmma/preset.h"

namespace spmma::verif {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKept = 20;  ///< failures of a group that the page lists

/// Of the processor, in this thread: other programs on the machine do not count.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::string rtl_flag(const std::string& rtl) { return rtl.empty() ? "" : " --rtl " + rtl; }

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Hands out the runs and gathers what they found.
class Regression {
 public:
  explicit Regression(const RegressOptions& options)
      : options_(options), order_(options.tests, options.seed, options.seeds), next_(options.earlier.runs) {
    const RegressResult& earlier = options.earlier;
    result_.runs = earlier.runs;
    result_.seconds = earlier.seconds;
    result_.outcomes = earlier.outcomes;
    for (const FailedRun& f : earlier.failed) {
      if (add(f.run, f.failure)) not_shrunk_.push_back({f.run, f.failure});
    }
    if (options.only.empty() && earlier.outcomes.empty()) {
      for (const RegressTest* test : options.tests) result_.outcomes.push_back({.test = test});
    }
    for (const auto& [test, seed] : options.only) {
      if (std::ranges::find(result_.outcomes, test, &TestOutcome::test) == result_.outcomes.end()) {
        result_.outcomes.push_back({.test = test});
      }
    }
  }

  void work() {
    while (const std::optional<FailedRun> first = take_not_shrunk()) {
      shrink(first->failure, *first->run.first->make(first->run.second));
    }
    while (const std::optional<TestSeed> run = take()) {
      const double start = thread_seconds();
      const auto test_case = run->first->make(run->second);
      CaseOptions how;
      const auto core = options_.core_observer ? options_.core_observer() : nullptr;
      const auto gemm = options_.gemm_observer ? options_.gemm_observer() : nullptr;
      how.core = core.get();
      how.gemm = gemm.get();
      CaseResult result;
      bool ran = true;
      try {
        result = test_case->run(how);
      } catch (const std::exception& e) {
        ran = false;
        result.failure = Failure{.group = fmt::format("harness: {}", e.what()),
                                 .message = fmt::format("{}, seed {}: {}", run->first->name, run->second, e.what())};
      }
      const bool first = note(*run, result, thread_seconds() - start);
      if (first && ran) shrink(*result.failure, *test_case);
    }
  }

  RegressResult finish() {
    result_.seconds += seconds_since(started_);
    for (auto& [name, group] : groups_) result_.groups.push_back(std::move(group));
    std::ranges::stable_sort(result_.groups, std::greater{}, &FailureGroup::count);
    return std::move(result_);
  }

 private:
  std::int64_t all() const {
    return options_.only.empty() ? order_.first_seeds() : static_cast<std::int64_t>(options_.only.size());
  }

  std::optional<FailedRun> take_not_shrunk() {
    const std::lock_guard lock(mutex_);
    if (not_shrunk_.empty()) return {};
    if (options_.stop != nullptr && *options_.stop) {
      result_.interrupted = true;
      return {};
    }
    FailedRun first = std::move(not_shrunk_.back());
    not_shrunk_.pop_back();
    return first;
  }

  std::optional<TestSeed> take() {
    const std::lock_guard lock(mutex_);
    const bool stopped = options_.stop != nullptr && *options_.stop;
    const bool more = next_ < all() ||
                      (options_.only.empty() && options_.minutes && seconds_since(started_) < *options_.minutes * 60);
    if (stopped && more) result_.interrupted = true;
    if (stopped || !more) return {};
    const std::int64_t n = next_++;
    return options_.only.empty() ? order_.at(n) : options_.only[static_cast<std::size_t>(n)];
  }

  /// True for the first failure of its group.
  bool add(const TestSeed& run, Failure failure) {
    FailureGroup& group = groups_[failure.group];
    const bool first = group.count++ == 0;
    if (first) {
      group.group = failure.group;
      group.failure = failure;
    }
    if (group.failures.size() < kKept) group.failures.push_back(run);
    if (!described_.emplace(run.first, failure.group).second) failure.message.clear();
    result_.failed.push_back({run, std::move(failure)});
    return first;
  }

  /// As add().
  bool note(const TestSeed& run, const CaseResult& result, double seconds) {
    const std::lock_guard lock(mutex_);
    TestOutcome& outcome = *std::ranges::find(result_.outcomes, run.first, &TestOutcome::test);
    ++outcome.runs;
    outcome.cycles += result.cycles;
    outcome.dot_products += result.dot_products;
    outcome.seconds += seconds;
    ++result_.runs;
    bool first = false;
    if (result.failure) {
      ++outcome.failures;
      first = add(run, *result.failure);
    }
    if (options_.progress) {
      const bool timed = options_.minutes && options_.only.empty();
      options_.progress(next_, timed ? 0 : all(), static_cast<std::int64_t>(result_.failed.size()),
                        seconds_since(started_));
    }
    return first;
  }

  void shrink(const Failure& failure, const TestCase& test_case) {
    if (options_.shrink_budget == 0) return;
    auto smallest = test_case.shrink(options_.shrink_budget);
    const CaseResult again = smallest->run({});
    const std::lock_guard lock(mutex_);
    FailureGroup& group = groups_[failure.group];
    group.smallest = std::move(smallest);
    group.smallest_failure = again.failure;
  }

  const RegressOptions& options_;
  const RunOrder order_;
  Clock::time_point started_ = Clock::now();
  std::mutex mutex_;
  std::int64_t next_;
  std::map<std::string, FailureGroup> groups_;
  std::set<std::pair<const RegressTest*, std::string>> described_;  ///< tests and groups of which a message is kept
  std::vector<FailedRun> not_shrunk_;                               ///< of the groups of an earlier part
  RegressResult result_;
};

bool matches(const std::string& name, const std::string& filter) {
  if (filter.find_first_of("*?[") != std::string::npos) return ::fnmatch(filter.c_str(), name.c_str(), 0) == 0;
  return name.find(filter) != std::string::npos;
}

}  // namespace

RunOrder::RunOrder(std::vector<const RegressTest*> tests, std::uint64_t seed, std::int64_t seeds)
    : tests_(std::move(tests)), seed_(seed), seeds_(seeds), first_(seeds * static_cast<std::int64_t>(tests_.size())) {
  const auto tile = [](const RegressTest* t) {
    const CoreParams& p = find_preset(t->preset)->core;
    return p.rows * p.cols;
  };
  std::map<std::string, std::vector<const RegressTest*>> families;
  for (const RegressTest* test : tests_) {
    if (!test->soak) {
      mixed_.push_back(test);
      continue;
    }
    std::vector<const RegressTest*>& family = families[test->family];
    if (!family.empty() && tile(family.front()) < tile(test)) family.clear();
    if (family.empty() || tile(family.front()) == tile(test)) family.push_back(test);
  }
  for (auto& [name, family] : families) soak_.push_back(std::move(family));
}

TestSeed RunOrder::further(const std::vector<const RegressTest*>& tests, std::uint64_t n) const {
  return {tests[n % tests.size()], seed_ + static_cast<std::uint64_t>(seeds_) + n / tests.size()};
}

TestSeed RunOrder::at(std::int64_t n) const {
  if (n < first_) {
    const auto i = static_cast<std::size_t>(n);
    return {tests_[i % tests_.size()], seed_ + i / tests_.size()};
  }
  const auto turn = static_cast<std::uint64_t>(n - first_);
  if (soak_.empty()) return further(mixed_, turn);
  std::uint64_t soaks = turn;
  if (!mixed_.empty()) {
    const std::uint64_t round = turn / (kSoakTurns + 1), place = turn % (kSoakTurns + 1);
    if (place == 0) return further(mixed_, round);
    soaks = round * kSoakTurns + place - 1;
  }
  return further(soak_[soaks % soak_.size()], soaks / soak_.size());
}

std::map<std::string, std::int64_t> RegressResult::dot_products_by_family() const {
  std::map<std::string, std::int64_t> sums;
  for (const TestOutcome& outcome : outcomes) sums[outcome.test->family] += outcome.dot_products;
  return sums;
}

RegressResult run_regression(const RegressOptions& options) {
  Regression regression(options);
  const unsigned threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  std::mutex mutex;
  std::exception_ptr error;
  boost::asio::thread_pool pool(threads);
  for (unsigned i = 0; i < threads; ++i) {
    boost::asio::post(pool, [&] {
      try {
        regression.work();
      } catch (...) {
        const std::lock_guard lock(mutex);
        error = std::current_exception();
      }
    });
  }
  pool.join();
  if (error) std::rethrow_exception(error);
  return regression.finish();
}

RegressResult run_with_progress(RegressOptions options) {
  Progress meter;
  options.progress = [&](std::int64_t done, std::int64_t all, std::int64_t failures, double seconds) {
    const double part = all > 0           ? static_cast<double>(done) / static_cast<double>(all)
                        : options.minutes ? seconds / (*options.minutes * 60)
                                          : 0.0;
    meter.show(part, fmt::format(", {} runs, {} failed", done, failures));
  };
  return run_regression(options);
}

std::vector<const RegressTest*> filter_tests(const std::vector<std::string>& filters) {
  std::vector<const RegressTest*> found;
  for (const RegressTest& test : regress_tests()) {
    const bool wanted = filters.empty() || std::ranges::any_of(filters, [&](const std::string& f) {
                          // A whole name means that test alone, though it may be part of another name.
                          return find_regress_test(f) != nullptr ? test.name == f : matches(test.name, f);
                        });
    if (wanted) found.push_back(&test);
  }
  return found;
}

std::string reproduce_command(const TestSeed& failure, const std::string& rtl) {
  return fmt::format("spmma regress --filter {} --seed {}{}", failure.first->name, failure.second, rtl_flag(rtl));
}

std::string wave_command(const TestSeed& failure, const std::string& rtl) {
  return fmt::format("spmma wave --test {} --seed {}{}", failure.first->name, failure.second, rtl_flag(rtl));
}

}  // namespace spmma::verif
