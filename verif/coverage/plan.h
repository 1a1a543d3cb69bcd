// SPDX-License-Identifier: Apache-2.0
// The test plan as data (docs/testplan.json): what is required, and what shows that it holds.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace spmma::verif {

struct Requirement {
  std::string id;
  std::string source;  ///< document and paragraph
  std::string text;
  // Names with * for anything, as PlanSubjects has them.
  std::vector<std::string> tests = {};
  std::vector<std::string> coverage = {};
  std::vector<std::string> assertions = {};
  std::vector<std::string> proofs = {};
};

/// Throws std::runtime_error with the file and the entry.
std::vector<Requirement> read_plan(const std::filesystem::path& path);

/// Everything that a plan may name.
struct PlanSubjects {
  std::optional<std::set<std::string>> tests = {};  ///< of ctest; without them tests are not looked up
  std::set<std::string> coverage = {};              ///< bins
  std::set<std::string> assertions = {};            ///< of rtl/
  std::set<std::string> proofs = {};                ///< of tests/formal/proofs.json
};

/// Names in the macros of spmma_assert.svh of the files in `rtl`.
std::set<std::string> find_assertions(const std::filesystem::path& rtl);
/// Throws std::runtime_error with the file.
std::set<std::string> find_proofs(const std::filesystem::path& proofs_json);
/// The bins of this build, and the two above; no tests.
PlanSubjects find_subjects(const std::filesystem::path& rtl, const std::filesystem::path& proofs_json);
/// From `ctest --show-only=json-v1` of a build folder. Throws std::runtime_error if that fails.
std::set<std::string> find_ctests(const std::string& ctest, const std::filesystem::path& build);

/// What is wrong, a line each: a requirement that nothing covers, a name that matches nothing, an assertion, proof or
/// bin that no requirement asks for, an id that is there twice.
std::vector<std::string> check_plan(const std::vector<Requirement>& plan, const PlanSubjects& subjects);

/// docs/testplan.md.
std::string plan_page(const std::vector<Requirement>& plan);
/// The same as a table for a page in HTML, without head and body, below what is wrong with the plan.
std::string plan_section(const std::vector<Requirement>& plan, const std::vector<std::string>& complaints);

/// True if `name` is what `pattern` says, * standing for anything.
bool matches_glob(std::string_view pattern, std::string_view name);

}  // namespace spmma::verif
