// SPDX-License-Identifier: Apache-2.0
// `spmma regress`: the regression of the RTL.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/tokenizer.hpp>
#include <filesystem>
#include <optional>

#include "cli/build_info.h"
#include "cli/last_regression.h"
#include "cli/models.h"
#include "cli/verbs.h"
#include "coverage/bins.h"
#include "coverage/collector.h"
#include "coverage/plan.h"
#include "coverage/report.h"
#include "io/error.h"
#include "io/interrupt.h"
#include "io/output_file.h"
#include "io/subprocess.h"
#include "io/text_file.h"
#include "model/core_model.h"
#include "regress/report.h"
#include "regress/runner.h"
#include "spmma/preset.h"
#include "wave/failure_wave.h"

namespace spmma::cli {
namespace {

using verif::InputError;
using verif::OutputFile;
using verif::RegressOptions;
using verif::RegressResult;
using verif::RegressTest;
using verif::TestSeed;

constexpr std::size_t kRecorded = 8;  ///< groups of failures that get a wave

const std::filesystem::path& source_dir() {
  static const std::filesystem::path path = kBuildInfo.source_dir;
  return path;
}

std::vector<verif::Exclusion> exclusions() {
  return verif::read_exclusions(source_dir() / "verif" / "coverage" / "exclusions.json");
}

/// The test plan of the source tree, and what is wrong with it. Nothing is where there is no such tree any more, or
/// where the RTL is somebody's copy, which may have assertions of its own.
struct PlanCheck {
  std::vector<verif::Requirement> plan = {};
  std::vector<std::string> complaints = {};
};

bool is_own_rtl() { return std::filesystem::path(kBuildInfo.rtl_dir) == source_dir() / "rtl"; }

PlanCheck check_plan() {
  namespace fs = std::filesystem;
  const fs::path path = source_dir() / "docs" / "testplan.json";
  std::error_code ignored;
  if (!is_own_rtl() || !fs::exists(path, ignored)) return {};
  try {
    PlanCheck check{.plan = verif::read_plan(path)};
    const auto subjects = verif::find_subjects(kBuildInfo.rtl_dir, source_dir() / "tests" / "formal" / "proofs.json");
    check.complaints = verif::check_plan(check.plan, subjects);
    for (std::string& complaint : check.complaints) complaint = "test plan: " + complaint;
    if (!check.complaints.empty() && fs::last_write_time(verif::this_program()) < fs::last_write_time(path))
      check.complaints.emplace_back("test plan: it is newer than this command; build again (scripts/build.sh)");
    return check;
  } catch (const std::runtime_error& e) {
    throw InputError(e.what());
  }
}

/// What an interrupted regression covered, for --resume.
std::filesystem::path coverage_file(const std::filesystem::path& folder) { return folder / "last.coverage"; }

void collect_earlier_coverage(const std::filesystem::path& folder) {
  try {
    verif::collect_coverage(verif::CoverageData::read(coverage_file(folder)));
  } catch (const std::runtime_error& e) {
    throw InputError(e.what());
  }
}

/// The case as it was drawn, by `spmma wave`, which builds the models for it. Returns the picture. Throws
/// std::runtime_error if it fails.
std::string record_elsewhere(const RegressTest& test, std::uint64_t seed, const std::filesystem::path& base) {
  const int code =
      verif::run_program({verif::this_program().string(), "wave", "--test", test.name, "--seed", std::to_string(seed),
                          "--out", base.string() + ".fst", "--picture", base.string() + ".svg"},
                         verif::ProgramOutput::standard_error);
  const std::string command = fmt::format("spmma wave --test {} --seed {}", test.name, seed);
  if (code == 0) throw std::runtime_error(command + " finds nothing wrong");
  if (code != 1) throw std::runtime_error(command + " fails");  // 1: the case fails again
  return verif::read_text(base.string() + ".svg");
}

/// Those of an earlier regression.
void remove_waves(const std::filesystem::path& folder) {
  for (std::size_t i = 1; i <= kRecorded; ++i) {
    for (const char* const kind : {"fst", "gtkw", "svg"}) {
      std::error_code ignored;
      std::filesystem::remove(folder / fmt::format("failure-{}.{}", i, kind), ignored);
    }
  }
}

/// Waves of the smallest cases, or of those that were drawn where this build records none, beside the state of the
/// regression: failure-1.fst, .gtkw and .svg of the first group.
void record_failures(RegressResult& result, const std::filesystem::path& folder) {
  for (std::size_t i = 0; i < result.groups.size() && i < kRecorded; ++i) {
    verif::FailureGroup& group = result.groups[i];
    const bool shrunk = group.smallest_failure.has_value();
    const auto& [test, seed] = group.failures.front();
    const auto test_case = shrunk ? group.smallest : test->make(seed);
    const std::filesystem::path base = folder / fmt::format("failure-{}", i + 1);
    try {
      const bool here = verif::has_waves(test->preset);
      group.picture = here ? verif::write_failure_wave(
                                 *test_case, {.failure = shrunk ? *group.smallest_failure : group.failure}, base)
                           : record_elsewhere(*test, seed, base);
      group.wave = base.string() + ".fst";
      group.wave_of_smallest = here && shrunk;
    } catch (const std::runtime_error& e) {  // no fst2vcd, a full disk: the report goes on
      fmt::print(stderr, "spmma: no wave of failure {}: {}\n", i + 1, e.what());
    }
  }
}

std::vector<const RegressTest*> chosen_tests(const std::vector<std::string>& filters,
                                             const std::vector<std::string>& wanted) {
  std::vector<const RegressTest*> tests = verif::filter_tests(filters);
  if (!wanted.empty()) {
    std::erase_if(tests, [&](const RegressTest* t) { return std::ranges::find(wanted, t->preset) == wanted.end(); });
  }
  if (tests.empty())
    throw InputError("--filter, --preset: no test of this build has such a name (spmma regress --list shows all)");
  return tests;
}

}  // namespace

std::vector<std::string> regress_presets(const RegressFlags& flags) {
  const boost::tokenizer<boost::char_separator<char>> list(flags.presets, boost::char_separator<char>(","));
  const std::vector<std::string> names(list.begin(), list.end());
  for (const std::string& name : names) {
    if (find_preset(name) == nullptr) throw InputError(fmt::format("--preset: there is no preset '{}'", name));
  }
  return names;
}

void take_last_regression(RegressFlags& flags) {
  if (!flags.failed && !flags.resume) return;
  const LastRegression last = read_last_regression(flags.folder);
  flags.presets = last.presets();
  // A program that was built for this has the RTL already.
  if (flags.rtl.empty() && !is_current_rtl()) flags.rtl = last.rtl;
  if (!flags.resume) return;
  if (!last.interrupted) {
    throw InputError(
        fmt::format("--resume: the last regression in {} came to its end, or was one of --failed", flags.folder));
  }
  flags.seed = last.seed;
  flags.seeds = last.seeds;
  flags.minutes = last.minutes;
  flags.coverage = last.coverage;
}

int regress(const RegressFlags& flags) {
  const std::filesystem::path folder = flags.folder;
  if (flags.seeds < 1 || flags.seeds > verif::kMostSeeds)
    throw InputError(fmt::format("--seeds: at least one, at most {}", verif::kMostSeeds));
  if (flags.minutes && !(*flags.minutes > 0 && *flags.minutes < 1e6))
    throw InputError(fmt::format("--time: {} is not a number of minutes", *flags.minutes));

  RegressOptions options{.seed = flags.seed,
                         .seeds = flags.seeds,
                         .minutes = flags.minutes,
                         .threads = static_cast<unsigned>(flags.threads),
                         .shrink_budget = flags.no_shrink ? 0 : 400};
  RegressResult last;
  if (flags.failed || flags.resume) {
    const LastRegression read = read_last_regression(folder);
    if (flags.resume && read.rtl_hash != kBuildInfo.rtl_hash) {
      throw InputError(fmt::format("{}: --resume: it ran RTL {:.12}, and this is {:.12}: begin another regression",
                                   last_regression_file(folder).string(), read.rtl_hash, kBuildInfo.rtl_hash));
    }
    last = read.result();
  } else {
    options.tests = chosen_tests(flags.filters, regress_presets(flags));
  }
  if (flags.resume) {
    options.earlier = last;
    for (const verif::TestOutcome& outcome : last.outcomes) options.tests.push_back(outcome.test);
    if (flags.coverage) collect_earlier_coverage(folder);
  }
  if (flags.failed) {
    for (const verif::FailedRun& f : last.failed) options.only.push_back(f.run);
    if (options.only.empty()) {
      fmt::print("nothing failed last time\n");
      return 0;
    }
  }
  if (flags.coverage) {
    options.core_observer = verif::make_core_bins;
    options.gemm_observer = verif::make_gemm_bins;
  }
  if (flags.list) {
    for (const RegressTest* test : options.tests) fmt::print("{}\n", test->name);
    return 0;
  }

  // The first interrupt ends the regression after the runs that are under way.
  options.stop = &verif::heed_interrupts();
  // Named and read before the work starts, so that what is wrong costs nothing.
  std::optional<OutputFile> junit, html;
  if (!flags.junit.empty()) junit.emplace(flags.junit);
  if (!flags.html.empty()) html.emplace(flags.html);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw InputError(fmt::format("{}: {}", folder.string(), error.message()));
  OutputFile state(last_regression_file(folder).string());
  std::vector<verif::Exclusion> excluded;
  if (flags.coverage) excluded = exclusions();
  // A part of the regression does not answer for the plan.
  const bool whole = !flags.failed && options.tests == verif::filter_tests({});
  const PlanCheck planned = whole || html ? check_plan() : PlanCheck();

  RegressResult result = verif::run_with_progress(options);
  if (!is_own_rtl()) result.rtl = kBuildInfo.rtl_dir;
  if (whole) result.complaints = planned.complaints;

  LastRegression now{.rtl = result.rtl,
                     .rtl_hash = kBuildInfo.rtl_hash,
                     .coverage = flags.coverage,
                     .seed = flags.seed,
                     .seeds = flags.seeds,
                     .minutes = {},
                     .interrupted = result.interrupted && !flags.failed,
                     .tests = {},
                     .failed = {}};
  now.found(result);
  if (now.interrupted && flags.minutes)  // a moment at least: there is time to go on
    now.minutes = std::max(*flags.minutes - (result.seconds - options.earlier.seconds) / 60, 1e-6);
  if (flags.failed) {  // what was not run again has still failed
    for (std::size_t i = static_cast<std::size_t>(result.runs); i < last.failed.size(); ++i) {
      const auto& [run, failure] = last.failed[i];
      now.failed.push_back({run.first->name, run.second, failure});
    }
  }
  // Whatever cannot be kept, what was found is told.
  std::optional<std::string> not_kept;
  try {
    if (now.interrupted && flags.coverage) verif::collected_coverage().write(coverage_file(folder));
    write_last_regression(state, now);
  } catch (const std::runtime_error& e) {
    not_kept = e.what();
  }
  remove_waves(folder);
  if (!flags.no_waves) record_failures(result, folder);

  std::vector<std::string> sections;
  if (flags.coverage) {
    try {
      const auto coverage = verif::make_report(verif::collected_coverage(), excluded, kBuildInfo.rtl_dir);
      fmt::print("{}", verif::text_table(coverage));
      for (const std::string& shortfall : coverage.shortfalls) fmt::print("{}\n", shortfall);
      fmt::print("\n");
      for (const std::string& complaint : coverage.complaints) result.complaints.push_back("coverage: " + complaint);
      sections.push_back(verif::html_fragment(coverage));
    } catch (const std::runtime_error& e) {
      result.complaints.emplace_back(e.what());
    }
  }
  if (!planned.plan.empty()) sections.push_back(verif::plan_section(planned.plan, planned.complaints));
  fmt::print("{}", verif::text_report(result));
  if (junit) {
    junit->write(verif::junit_report(result));
    junit->commit();
  }
  if (html) {
    html->write(verif::html_report(result, {.title = fmt::format("spmma regress, RTL {:.12}, Verilator {}",
                                                                 kBuildInfo.rtl_hash, kBuildInfo.verilator_version),
                                            .sections = std::move(sections)}));
    html->commit();
  }
  if (not_kept) throw InputError(*not_kept);
  if (result.interrupted) {
    const std::string where = folder == RegressFlags().folder ? "" : " --folder " + verif::shell_word(folder.string());
    fmt::print(stderr, "spmma: interrupted; `spmma regress --{}{}` goes on\n", flags.failed ? "failed" : "resume",
               where);
  }
  return result.passed() ? 0 : 1;
}

}  // namespace spmma::cli
