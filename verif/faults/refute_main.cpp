// SPDX-License-Identifier: Apache-2.0
// spmma_refute: which mutants of a netlist the proofs of tests/formal refute. The mutant's module takes the place of
// the RTL's in each proof that is about this module, with its parameters: one that fails then kills the mutant, if it
// held of the module without the mutant.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "campaign.h"
#include "io/error.h"
#include "io/subprocess.h"
#include "mutant.h"

namespace spmma::verif {

namespace {

using nlohmann::json;

/// What a program that succeeds prints; throws InputError for another.
std::string output_of(std::vector<std::string> arguments) {
  const std::string name = arguments.front();
  const ProgramResult result = run_captured(std::move(arguments));
  if (result.code != 0) throw InputError(failure_text(name, result, {}));
  return result.output;
}

/// `$paramod$1a88...\spmma_ram` and `$paramod\spmma_pointer\BlockRows=...` without what is around the name.
std::string base_name(const std::string& module) {
  const std::size_t begin = module.find("spmma_");
  if (begin == std::string::npos) return module;
  const std::size_t end = module.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_", begin);
  return module.substr(begin, end == std::string::npos ? end : end - begin);
}

class Refuter {
 public:
  Refuter(std::string prove, std::string rtl, std::string folder, int seconds, const std::vector<std::string>& only)
      : prove_(std::move(prove)), rtl_(std::move(rtl)), folder_(std::move(folder)), seconds_(seconds) {
    std::vector<std::string> arguments = {prove_, "--list"};
    arguments.insert(arguments.end(), only.begin(), only.end());
    std::istringstream list(output_of(std::move(arguments)));
    for (std::string line; std::getline(list, line);) {
      std::istringstream words(line);
      std::string kind, name, set;
      words >> kind >> name >> set;
      if (kind != "proof" || set != "0") continue;  // other sets differ in parameters, which are the module's
      std::istringstream modules(output_of({prove_, "--rtl", rtl_, "--modules", name}));
      for (std::string module; std::getline(modules, module);) named_[base_name(module)].insert(name);
    }
    if (named_.empty()) throw InputError(prove_ + ": no proofs");
  }

  /// Drops the proofs that do not hold of the netlist's `module` as it is.
  void check(const std::string& module) {
    const auto [at, fresh] = proofs_.try_emplace(module);
    if (!fresh) return;
    for (const std::string& proof : named_[base_name(module)]) {
      const std::string answer = try_proof(module, "", proof, "whole");
      if (answer.starts_with("proved")) at->second.push_back(proof);
    }
    fmt::print(stderr, "{}: {}\n", module,
               at->second.empty() ? "no proof" : fmt::format("{}", fmt::join(at->second, ", ")));
  }

  /// The proof that fails with a mutant, and what in it did; both empty if none does.
  std::pair<std::string, std::string> refute(int id, const std::string& module, const std::string& mutate) const {
    for (const std::string& proof : proofs_.at(module)) {
      const std::string answer = try_proof(module, mutate, proof, std::to_string(id));
      if (answer.starts_with("FAILED")) return {proof, answer};
    }
    return {};
  }

 private:
  /// The first line that prove.sh prints: "proved: ...", "FAILED: ...", anything else: no answer.
  std::string try_proof(const std::string& module, const std::string& mutate, const std::string& proof,
                        const std::string& name) const {
    const std::string base = folder_ + "/refute_" + name;
    std::ofstream(base + ".ys") << fmt::format("read_rtlil {}/whole.il\n{}\ncd {}\nwrite_rtlil -selected {}.il\n",
                                               folder_, mutate, module, base);
    output_of({"yosys", "-q", base + ".ys"});
    std::vector<std::string> arguments = {"timeout",   std::to_string(seconds_), prove_, "--rtl", rtl_, "--module",
                                          base + ".il"};
    std::istringstream words(proof);
    for (std::string word; words >> word;) arguments.push_back(word);
    const std::string text = run_captured(std::move(arguments)).output;
    std::filesystem::remove(base + ".ys");
    std::filesystem::remove(base + ".il");
    return text.substr(0, text.find('\n'));
  }

  std::string prove_, rtl_, folder_;
  int seconds_;
  std::map<std::string, std::set<std::string>> named_;      ///< proofs by a module's name
  std::map<std::string, std::vector<std::string>> proofs_;  ///< those that hold, by a module with its parameters
};

/// The value of `-option VALUE` in a line of `mutate -list`.
std::string option_of(const std::string& line, const std::string& option) {
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    if (word == option && words >> word) return word;
  }
  return "";
}

/// The line without its control input: the fault is there for good.
std::string without_control(const std::string& line) {
  std::istringstream words(line);
  std::string kept;
  for (std::string word; words >> word;) {
    if (word == "-ctrl") {
      for (int i = 0; i < 3; ++i) words >> word;
      continue;
    }
    kept += (kept.empty() ? "" : " ") + word;
  }
  return kept;
}

int run(int argc, char** argv) {
  CLI::App app("Finds which mutants of a netlist the proofs refute (verif/faults/netlist.sh makes what it reads).");
  std::string folder, results, prove, rtl;
  std::vector<std::string> only;
  std::vector<int> ids;
  CampaignOptions campaign;
  campaign.patience = 3600;
  int seconds = 300;
  app.add_option("--netlist", folder, "folder of whole.il and mutants.txt")->required();
  app.add_option("--results", results, "file of JSON lines, to which what is refuted is added")->required();
  app.add_option("--prove", prove, "tests/formal/prove.sh")->required();
  app.add_option("--rtl", rtl, "folder of the RTL that the netlist was made of")->required();
  app.add_option("--jobs", campaign.jobs, "processes at a time, 0: one for each core")->capture_default_str();
  app.add_option("--seconds", seconds, "for one proof")->capture_default_str();
  app.add_option("--proofs", only, "use only these")->allow_extra_args(false)->delimiter(',');
  app.add_option("ids", ids, "mutants");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }

  const std::vector<Mutant> mutants = read_mutants(folder + "/mutants.txt");
  const auto line_of = [&](int id) -> const std::string& { return mutants.at(static_cast<std::size_t>(id - 1)).line; };
  Refuter refuter(prove, rtl, std::filesystem::absolute(folder).string(), seconds, only);
  for (const int id : ids) refuter.check(option_of(line_of(id), "-module"));

  campaign.results = results + ".refuted";  // that no proof refutes a mutant says nothing about it
  std::ofstream out(results, std::ios::app);
  int done = 0, refuted = 0;
  run_campaign(
      campaign, ids,
      [&](int id) -> json {
        const auto [proof, what] = refuter.refute(id, option_of(line_of(id), "-module"), without_control(line_of(id)));
        return {{"proof", proof}, {"what", what}};
      },
      [&](const json& line) {
        ++done;
        const std::string proof = line.value("proof", "");
        refuted += !proof.empty();
        if (!proof.empty()) {
          out << json{{"id", line["id"]}, {"killed", true}, {"proof", true}, {"by", "proof " + proof}}.dump() << "\n"
              << std::flush;
        }
        fmt::print(stderr, "{} of {}, {} refuted: {}: {}\n", done, ids.size(), refuted, line["id"].get<int>(),
                   proof.empty() ? "no" : proof);
      });
  return 0;
}

}  // namespace
}  // namespace spmma::verif

int main(int argc, char** argv) { return spmma::verif::guarded_main(spmma::verif::run, argc, argv); }
