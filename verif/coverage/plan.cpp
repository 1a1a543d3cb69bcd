// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>

#include "coverage/bins.h"
#include "io/markup.h"
#include "io/subprocess.h"
#include "io/text_file.h"

namespace spmma::verif {
namespace {

/// Reports each pattern that matches no name, and puts those that were matched into `used`.
void resolve(const Requirement& r, const char* what, const std::vector<std::string>& patterns,
             const std::set<std::string>& names, std::set<std::string>& used, std::vector<std::string>& complaints) {
  for (const std::string& pattern : patterns) {
    bool any = false;
    for (const std::string& name : names) {
      if (!matches_glob(pattern, name)) continue;
      any = true;
      used.insert(name);
    }
    if (!any) complaints.push_back(fmt::format("{}: no {} is named {}", r.id, what, pattern));
  }
}

void report_unused(const char* what, const std::set<std::string>& names, const std::set<std::string>& used,
                   std::vector<std::string>& complaints) {
  for (const std::string& name : names) {
    if (!used.contains(name)) complaints.push_back(fmt::format("no requirement names the {} {}", what, name));
  }
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<Requirement> read_plan(const std::filesystem::path& path) {
  std::vector<Requirement> plan;
  const std::string text = read_text(path);
  try {
    const auto json = nlohmann::json::parse(text);
    for (const auto& entry : json.at("requirements")) {
      const auto list = [&](const char* key) { return entry.value(key, std::vector<std::string>{}); };
      plan.push_back({.id = entry.at("id"),
                      .source = entry.at("source"),
                      .text = entry.at("text"),
                      .tests = list("tests"),
                      .coverage = list("coverage"),
                      .assertions = list("assertions"),
                      .proofs = list("proofs")});
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(fmt::format("{}: requirement {}: {}", path.string(), plan.size() + 1, error.what()));
  }
  return plan;
}

std::set<std::string> find_assertions(const std::filesystem::path& rtl) {
  static const std::regex kAssertion("`SPMMA_(ASSERT|COVER|DATA)\\w*\\(\\s*(\\w+)");
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(rtl)) {
    if (entry.path().extension() != ".sv") continue;
    const std::string text = read_text(entry.path());
    for (std::sregex_iterator match(text.begin(), text.end(), kAssertion), end; match != end; ++match) {
      names.insert((*match)[2]);
    }
  }
  return names;
}

std::set<std::string> find_proofs(const std::filesystem::path& proofs_json) {
  std::set<std::string> names;
  const std::string text = read_text(proofs_json);
  try {
    const auto json = nlohmann::json::parse(text);
    for (const auto& [name, proof] : json.items()) names.insert(name);
  } catch (const nlohmann::json::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", proofs_json.string(), error.what()));
  }
  return names;
}

PlanSubjects find_subjects(const std::filesystem::path& rtl, const std::filesystem::path& proofs_json) {
  PlanSubjects subjects{.assertions = find_assertions(rtl), .proofs = find_proofs(proofs_json)};
  const CoverageData bins = bin_catalogue();
  for (const auto& [point, hits] : bins.points()) subjects.coverage.insert(point.name);
  return subjects;
}

std::set<std::string> find_ctests(const std::string& ctest, const std::filesystem::path& build) {
  const ProgramResult listed =
      run_captured({ctest, "--show-only=json-v1", "--test-dir", build.string()}, {}, Captured::standard_output);
  if (listed.code != 0) throw std::runtime_error(failure_text(ctest, listed, build));
  std::set<std::string> names;
  try {
    const auto json = nlohmann::json::parse(listed.output);
    for (const auto& test : json.at("tests")) {
      const std::string name = test.at("name");
      names.insert(name.substr(0, name.find("  # ")));  // GoogleTest's parameter behind it
    }
  } catch (const nlohmann::json::exception&) {
    throw std::runtime_error(fmt::format("{} lists no tests of {}", ctest, build.string()));
  }
  return names;
}

std::vector<std::string> check_plan(const std::vector<Requirement>& plan, const PlanSubjects& subjects) {
  std::vector<std::string> complaints;
  PlanSubjects used{.tests = std::set<std::string>()};
  std::set<std::string> ids;
  for (const Requirement& r : plan) {
    if (!ids.insert(r.id).second) complaints.push_back(fmt::format("{}: there are two", r.id));
    if (r.tests.empty() && r.coverage.empty() && r.assertions.empty() && r.proofs.empty()) {
      complaints.push_back(fmt::format("{}: nothing covers it", r.id));
    }
    if (subjects.tests) resolve(r, "test", r.tests, *subjects.tests, *used.tests, complaints);
    resolve(r, "bin", r.coverage, subjects.coverage, used.coverage, complaints);
    resolve(r, "assertion", r.assertions, subjects.assertions, used.assertions, complaints);
    resolve(r, "proof", r.proofs, subjects.proofs, used.proofs, complaints);
  }
  report_unused("bin", subjects.coverage, used.coverage, complaints);
  report_unused("assertion", subjects.assertions, used.assertions, complaints);
  report_unused("proof", subjects.proofs, used.proofs, complaints);
  return complaints;
}

std::string plan_page(const std::vector<Requirement>& plan) {
  std::string page =
      "# Test plan\n\n"
      "What is required, and what shows that it holds. Made from [testplan.json](testplan.json) by\n\n"
      "    build/verif/coverage/spmma_coverage plan --plan docs/testplan.json --page docs/testplan.md --write\n\n"
      "A test (label `plan`) holds it to that file, and the file to what there is: it fails if a requirement is "
      "covered\n"
      "by nothing, a name matches nothing, or an assertion, a proof or a coverage bin belongs to no requirement. `*`\n"
      "stands for anything; tests are named as `ctest` does.\n";
  std::string document;
  for (const Requirement& r : plan) {
    const std::string in = r.source.substr(0, r.source.find(' '));
    if (in != document) {
      document = in;
      page += fmt::format("\n## {}\n\n| requirement | where | covered by |\n|---|---|---|\n", document);
    }
    std::vector<std::string> covered;
    const auto list = [&](const char* what, const std::vector<std::string>& names) {
      if (names.empty()) return;
      std::vector<std::string> quoted;
      for (const std::string& name : names) quoted.push_back('`' + name + '`');
      covered.push_back(fmt::format("{}: {}", what, fmt::join(quoted, ", ")));
    };
    list("tests", r.tests);
    list("bins", r.coverage);
    list("assertions", r.assertions);
    list("proofs", r.proofs);
    page += fmt::format("| **{}** {} | {} | {} |\n", r.id, r.text,
                        r.source.substr(std::min(in.size() + 1, r.source.size())), fmt::join(covered, "<br>"));
  }
  return page;
}

std::string plan_section(const std::vector<Requirement>& plan, const std::vector<std::string>& complaints) {
  std::string html = "<h2>Test plan</h2>";
  for (const std::string& complaint : complaints) html += fmt::format("<p>{}</p>", escape_markup(complaint));
  html += "<table><tr><th>requirement</th><th>source</th><th>shown by</th></tr>";
  for (const Requirement& r : plan) {
    std::string by;
    for (const auto& [what, names] : {std::pair{"tests", &r.tests},
                                      {"coverage", &r.coverage},
                                      {"assertions", &r.assertions},
                                      {"proofs", &r.proofs}}) {
      if (!names->empty()) by += fmt::format("{}{}: {}", by.empty() ? "" : "; ", what, fmt::join(*names, ", "));
    }
    html += fmt::format("<tr><td>{}: {}</td><td>{}</td><td>{}</td></tr>", escape_markup(r.id), escape_markup(r.text),
                        escape_markup(r.source), escape_markup(by));
  }
  return html + "</table>";
}

}  // namespace spmma::verif
