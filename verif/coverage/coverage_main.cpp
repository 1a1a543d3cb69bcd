// SPDX-License-Identifier: Apache-2.0
// spmma_coverage: the report of what was covered, and the checks of the test plan.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "bins.h"
#include "collector.h"
#include "io/text_file.h"
#include "plan.h"
#include "points.h"
#include "regress/runner.h"
#include "report.h"

namespace {

using namespace spmma::verif;
namespace fs = std::filesystem;

void print_lines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) fmt::print(stderr, "{}\n", line);
}

struct ReportOptions {
  std::vector<fs::path> inputs;
  fs::path rtl, exclusions, out;
  bool holes = false, markdown = false;
};

/// Merges the files and folders of files, prints the table, writes the report. 1 if something is to be complained
/// about.
int report(const ReportOptions& options) {
  CoverageData data;
  for (const fs::path& input : options.inputs) {
    if (!fs::is_directory(input)) {
      data.merge(CoverageData::read(input));
      continue;
    }
    for (const auto& entry : fs::directory_iterator(input)) {
      if (entry.path().extension() == ".coverage") data.merge(CoverageData::read(entry.path()));
    }
  }
  const CoverageReport made = make_report(
      data, options.exclusions.empty() ? std::vector<Exclusion>{} : read_exclusions(options.exclusions), options.rtl);
  if (!options.out.empty()) {
    fs::create_directories(options.out);
    data.write(options.out / "merged.coverage");
    write_text(options.out / "coverage.json", json_text(made));
    write_text(options.out / "coverage.html", html_fragment(made));
  }
  if (options.holes) {
    for (const CoverageHole& hole : made.holes) fmt::print("{}: {}\n", describe(hole.point), hole.source);
  }
  fmt::print("{}", options.markdown ? markdown_table(made) : text_table(made));
  print_lines(made.complaints);
  print_lines(made.shortfalls);
  return made.complaints.empty() && made.shortfalls.empty() ? 0 : 1;
}

struct RunOptions {
  std::vector<std::string> filters;
  std::uint64_t seed = 1;
  std::int64_t seeds = 1;
  std::optional<double> minutes;
  unsigned threads = 0;
  fs::path out;
};

/// Runs tests of the regression and adds what they covered to a file. 1 if a test failed.
int run(const RunOptions& options) {
  RegressOptions regress{.tests = filter_tests(options.filters),
                         .seed = options.seed,
                         .seeds = options.seeds,
                         .minutes = options.minutes,
                         .threads = options.threads,
                         .shrink_budget = 0,
                         .core_observer = make_core_bins,
                         .gemm_observer = make_gemm_bins};
  // They reach what others do, for longer.
  if (options.filters.empty()) std::erase_if(regress.tests, [](const RegressTest* t) { return t->soak; });
  if (regress.tests.empty()) throw std::runtime_error("no test of this build is named so");
  const RegressResult result = run_with_progress(regress);
  CoverageData data = collected_coverage();
  if (fs::exists(options.out)) data.merge(CoverageData::read(options.out));
  data.write(options.out);
  fmt::print("{} runs, {} failed, {:.0f} s\n", result.runs, result.failed.size(), result.seconds);
  for (const FailureGroup& group : result.groups) fmt::print(stderr, "{}\n{}\n", group.group, group.failure.message);
  return result.passed() ? 0 : 1;
}

struct PlanOptions {
  fs::path plan, page, rtl, proofs, build;
  std::string ctest = "ctest";
  bool write = false;
};

/// Writes the page, or checks it and the plan.
int plan(const PlanOptions& options) {
  const std::vector<Requirement> requirements = read_plan(options.plan);
  const std::string page = plan_page(requirements);
  if (options.write) {
    write_text(options.page, page);
    return 0;
  }
  PlanSubjects subjects = find_subjects(options.rtl, options.proofs);
  subjects.tests = find_ctests(options.ctest, options.build);
  std::vector<std::string> complaints = check_plan(requirements, subjects);
  if (read_text(options.page) != page) {
    complaints.push_back(fmt::format("{} is not what spmma_coverage plan --write makes", options.page.string()));
  }
  print_lines(complaints);
  if (complaints.empty()) {
    fmt::print("{} requirements, {} bins, {} assertions, {} proofs\n", requirements.size(), subjects.coverage.size(),
               subjects.assertions.size(), subjects.proofs.size());
  }
  return complaints.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The report of what was covered, and the checks of the test plan.");
  app.require_subcommand(1);

  ReportOptions report_options;
  CLI::App& report_verb = *app.add_subcommand("report", "merge coverage files and report");
  report_verb.add_option("input", report_options.inputs, "coverage files, or folders of them")
      ->required()
      ->check(CLI::ExistingPath);
  report_verb.add_option("--rtl", report_options.rtl, "folder of the RTL")->required()->check(CLI::ExistingDirectory);
  report_verb.add_option("--exclusions", report_options.exclusions, "JSON file of exclusions")
      ->check(CLI::ExistingFile);
  report_verb.add_option("--out", report_options.out, "folder for merged.coverage, coverage.json and coverage.html");
  report_verb.add_flag("--holes", report_options.holes, "print the holes");
  report_verb.add_flag("--markdown", report_options.markdown, "print the table as Markdown");

  RunOptions run_options;
  CLI::App& run_verb = *app.add_subcommand("run", "run the regression's tests and add what they cover to a file");
  run_verb.add_option("--filter", run_options.filters, "tests: names, parts of them, or patterns");
  run_verb.add_option("--seed", run_options.seed, "the first seed");
  run_verb.add_option("--seeds", run_options.seeds, "seeds of each test, at least");
  run_verb.add_option("--time", run_options.minutes, "go on with further seeds for so many minutes");
  run_verb.add_option("-j", run_options.threads, "threads; 0: one for each core");
  run_verb.add_option("--out", run_options.out, "the file")->required();

  PlanOptions plan_options;
  CLI::App& plan_verb = *app.add_subcommand("plan", "check the test plan, or make its page");
  plan_verb.add_option("--plan", plan_options.plan, "the plan (JSON)")->required()->check(CLI::ExistingFile);
  plan_verb.add_option("--page", plan_options.page, "the page made from it (Markdown)")->required();
  plan_verb.add_option("--rtl", plan_options.rtl, "folder of the RTL")->check(CLI::ExistingDirectory);
  plan_verb.add_option("--proofs", plan_options.proofs, "tests/formal/proofs.json")->check(CLI::ExistingFile);
  plan_verb.add_option("--build", plan_options.build, "build folder with the tests")->check(CLI::ExistingDirectory);
  plan_verb.add_option("--ctest", plan_options.ctest, "the ctest command");
  plan_verb.add_flag("--write", plan_options.write, "write the page");

  CLI::App& bins_verb = *app.add_subcommand("bins", "print the name of every bin");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    if (run_verb.parsed()) return run(run_options);
    if (report_verb.parsed()) return report(report_options);
    if (plan_verb.parsed()) return plan(plan_options);
    if (bins_verb.parsed()) {
      const CoverageData bins = bin_catalogue();
      for (const auto& [point, hits] : bins.points()) fmt::print("{}\n", point.name);
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "spmma_coverage: {}\n", error.what());
    return 2;
  }
}
