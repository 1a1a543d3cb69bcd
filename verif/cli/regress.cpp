// SPDX-License-Identifier: Apache-2.0
// `spmma regress`: the regression of the RTL.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <boost/tokenizer.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/build_info.h"
#include "cli/verbs.h"
#include "coverage/bins.h"
#include "coverage/collector.h"
#include "coverage/plan.h"
#include "coverage/report.h"
#include "io/error.h"
#include "io/output_file.h"
#include "io/progress.h"
#include "io/subprocess.h"
#include "io/text_file.h"
#include "model/core_model.h"
#include "regress/report.h"
#include "regress/runner.h"
#include "spmma/preset.h"
#include "wave/failure_wave.h"

namespace spmma::cli {
namespace {

using nlohmann::json;
using verif::InputError;
using verif::OutputFile;
using verif::RegressOptions;
using verif::RegressResult;
using verif::RegressTest;
using verif::TestSeed;

constexpr std::size_t kRecorded = 8;  ///< groups of failures that get a wave

std::atomic<bool> interrupted = false;

/// The first interrupt ends the regression after the runs that are under way, the second one at once.
void interrupt(int signal) {
  if (interrupted.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

/// What the last regression left, for --failed and --resume.
struct LastRun {
  std::vector<std::string> filters, presets;
  std::uint64_t seed = 1;
  std::int64_t seeds = 1;
  std::int64_t done = 0;  ///< runs from the front; 0 if it came to its end
  std::vector<std::pair<std::string, std::uint64_t>> failed = {};
};

LastRun read_last(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw InputError(fmt::format("{}: there is no regression to go on from", path.string()));
  try {
    const json j = json::parse(file);
    LastRun last{.filters = j.at("filters"),
                 .presets = j.at("presets"),
                 .seed = j.at("seed"),
                 .seeds = j.at("seeds"),
                 .done = j.at("done")};
    for (const json& f : j.at("failed")) last.failed.emplace_back(f.at("test"), f.at("seed"));
    return last;
  } catch (const json::exception& e) {
    throw InputError(fmt::format("{}: {}", path.string(), e.what()));
  }
}

void write_last(const std::filesystem::path& path, const LastRun& last) {
  json failed = json::array();
  for (const auto& [test, seed] : last.failed) failed.push_back({{"test", test}, {"seed", seed}});
  const json text = {{"filters", last.filters}, {"presets", last.presets}, {"seed", last.seed},
                     {"seeds", last.seeds},     {"done", last.done},       {"failed", failed}};
  verif::write_text(path, text.dump(1) + "\n");
}

/// What the regression covered, against the exclusions of the source tree.
verif::CoverageReport coverage_report() {
  const auto exclusions = std::filesystem::path(kBuildInfo.source_dir) / "verif" / "coverage" / "exclusions.json";
  return verif::make_report(verif::collected_coverage(), verif::read_exclusions(exclusions), kBuildInfo.rtl_dir);
}

/// The case as it was drawn, by `spmma wave`, which builds the models for it. Returns the picture. Throws
/// std::runtime_error if it fails.
std::string record_elsewhere(const RegressTest& test, std::uint64_t seed, const std::filesystem::path& base) {
  const int code =
      verif::run_program({verif::this_program().string(), "wave", "--test", test.name, "--seed", std::to_string(seed),
                          "--out", base.string() + ".fst", "--picture", base.string() + ".svg"},
                         verif::ProgramOutput::standard_error);
  if (code != 0 && code != 1)  // 1: it fails again
    throw std::runtime_error(fmt::format("spmma wave --test {} --seed {} fails", test.name, seed));
  return verif::read_text(base.string() + ".svg");
}

/// Waves of the smallest cases, beside the state of the regression: failure-1.fst, .gtkw and .svg of the first group.
void record_failures(RegressResult& result, const std::filesystem::path& folder) {
  for (std::size_t i = 0; i < result.groups.size() && i < kRecorded; ++i) {
    verif::FailureGroup& group = result.groups[i];
    const bool shrunk = group.smallest_failure.has_value();
    const auto& [test, seed] = group.failures.front();
    const auto test_case = shrunk ? group.smallest : test->make(seed);
    const std::filesystem::path base = folder / fmt::format("failure-{}", i + 1);
    try {
      group.picture = verif::has_waves(test->preset)
                          ? verif::write_failure_wave(
                                *test_case, {.failure = shrunk ? *group.smallest_failure : group.failure}, base)
                          : record_elsewhere(*test, seed, base);
      group.wave = base.string() + ".fst";
    } catch (const std::runtime_error& e) {  // no fst2vcd, a full disk: the report goes on
      fmt::print(stderr, "spmma: no wave of a failure: {}\n", e.what());
      break;
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

int regress(const RegressFlags& flags) {
  const std::filesystem::path folder = flags.folder;
  const std::filesystem::path last_path = folder / "last.json";
  if (flags.failed && flags.resume) throw InputError("--failed does not go with --resume");
  if (flags.seeds < 1) throw InputError("--seeds: at least one");
  if (flags.minutes && !(*flags.minutes > 0 && *flags.minutes < 1e6))
    throw InputError(fmt::format("--time: {} is not a number of minutes", *flags.minutes));

  LastRun now{.filters = flags.filters, .presets = regress_presets(flags), .seed = flags.seed, .seeds = flags.seeds};
  RegressOptions options{
      .minutes = flags.minutes, .threads = static_cast<unsigned>(flags.threads), .stop = &interrupted};
  if (flags.resume) {
    const LastRun last = read_last(last_path);
    if (last.done == 0) throw InputError(fmt::format("{}: the last regression came to its end", last_path.string()));
    now = last;
    options.skip = last.done;
  }
  options.tests = chosen_tests(now.filters, now.presets);
  options.seed = now.seed;
  options.seeds = now.seeds;
  options.shrink_budget = flags.no_shrink ? 0 : 400;
  if (flags.coverage) {
    options.core_observer = verif::make_core_bins;
    options.gemm_observer = verif::make_gemm_bins;
  }
  if (flags.list) {
    for (const RegressTest* test : options.tests) fmt::print("{}\n", test->name);
    return 0;
  }
  if (flags.failed) {
    const LastRun last = read_last(last_path);
    for (const auto& [test, seed] : last.failed) {
      const RegressTest* found = verif::find_regress_test(test);
      if (found == nullptr) throw InputError(fmt::format("{}: this build has no test {}", last_path.string(), test));
      options.only.emplace_back(found, seed);
    }
    if (options.only.empty()) {
      fmt::print("nothing failed last time\n");
      return 0;
    }
  }

  // Named before the work starts, so that a wrong name costs nothing.
  std::optional<OutputFile> junit, html;
  if (!flags.junit.empty()) junit.emplace(flags.junit);
  if (!flags.html.empty()) html.emplace(flags.html);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw InputError(fmt::format("{}: {}", folder.string(), error.message()));

  std::signal(SIGINT, interrupt);
  std::signal(SIGTERM, interrupt);
  RegressResult result;
  {
    verif::Progress meter;
    options.progress = [&](std::int64_t done, std::int64_t all, std::int64_t failures, double seconds) {
      const double part = all > 0         ? static_cast<double>(done) / static_cast<double>(all)
                          : flags.minutes ? seconds / (*flags.minutes * 60)
                                          : 0.0;
      meter.show(part, fmt::format(", {} runs, {} failed", done, failures));
    };
    result = verif::run_regression(options);
  }
  if (std::filesystem::path(kBuildInfo.rtl_dir) != std::filesystem::path(kBuildInfo.source_dir) / "rtl")
    result.rtl = kBuildInfo.rtl_dir;

  now.failed.clear();
  for (const auto& [test, seed] : result.failed) now.failed.emplace_back(test->name, seed);
  // After --failed the rest of an interrupted regression is not known to be done or not.
  now.done = result.interrupted && !flags.failed ? options.skip + result.runs : 0;
  write_last(last_path, now);
  if (!flags.no_waves) record_failures(result, folder);
  fmt::print("{}", verif::text_report(result));
  std::vector<std::string> sections;
  bool covered = true;
  if (flags.coverage) {
    const verif::CoverageReport coverage = coverage_report();
    fmt::print("\ncoverage\n{}", verif::text_table(coverage));
    for (const std::string& complaint : coverage.complaints) fmt::print("{}\n", complaint);
    covered = coverage.complaints.empty();
    sections.push_back(verif::html_fragment(coverage));
    sections.push_back(
        verif::plan_section(verif::read_plan(std::filesystem::path(kBuildInfo.source_dir) / "docs" / "testplan.json")));
  }
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
  if (result.interrupted) fmt::print(stderr, "spmma: interrupted; `spmma regress --resume` goes on\n");
  return result.passed() && covered && !result.interrupted ? 0 : 1;
}

}  // namespace spmma::cli
