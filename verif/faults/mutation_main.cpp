// SPDX-License-Identifier: Apache-2.0
// spmma_mutation_core, spmma_mutation_engine: wakes one mutant of the netlist after another and runs the harness on it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "campaign.h"
#include "io/error.h"
#include "mutant.h"
#include "mutation_unit.h"
#include "netlist_model.h"
#include "scenario.h"

namespace spmma::verif {
namespace {

using nlohmann::json;

constexpr int kHung = 900;  ///< seconds of CPU time, for each round

/// What is known of a mutant, from all its lines in the results.
struct State {
  bool killed = false;
  bool wrong = false;       ///< its results were
  bool assertion = false;   ///< an assertion of the RTL saw it, too
  bool proof = false;       ///< a proof of tests/formal fails with it
  bool equivalent = false;  ///< proven so
  std::string how;          ///< scenario or proof
  std::int64_t rounds = 0;
};

/// The process ended by itself, without a result: an exception that nobody expected.
bool gave_up(const json& line) { return line.value("ended", "").starts_with("exit"); }

/// A model that crashes or never settles is no longer the unit; a harness that gives up says nothing of it.
bool kills(const json& line) { return line.contains("ended") ? !gave_up(line) : line.value("killed", false); }

std::map<int, State> states(const std::vector<json>& results) {
  std::map<int, State> all;
  for (const json& line : results) {
    State& s = all[line.at("id").get<int>()];
    s.killed |= kills(line);
    if (line.contains("ended")) {
      s.how = line["ended"];
      continue;
    }
    s.wrong |= line.value("wrong", false);
    s.assertion |= line.value("assertion", false);
    s.proof |= line.value("proof", false);
    s.equivalent |= line.value("equivalent", false);
    if (line.value("killed", false) || line.value("equivalent", false)) s.how = line.value("by", "");
    s.rounds = std::max(s.rounds, line.value("rounds", std::int64_t{0}));
  }
  return all;
}

/// Rounds `first` to `last` of every scenario, until one kills.
json run_rounds(const std::vector<Scenario>& scenarios, std::uint64_t seed, std::int64_t first, std::int64_t last) {
  std::int64_t cycles = 0;
  for (std::int64_t round = first; round <= last; ++round) {
    for (const Scenario& scenario : scenarios) {
      const std::uint64_t drawn = seed * 1000 + static_cast<std::uint64_t>(round);
      const Verdict v = scenario.run(drawn);
      cycles += v.cycles;
      if (v.killed()) {
        select_mutant(0);  // what the unit fails, too, kills nobody
        if (scenario.run(drawn).killed())
          return {{"killed", false},
                  {"fails_without", fmt::format("{}, round {}: {}", scenario.name, round, v.what.substr(0, 200))}};
        return {{"killed", true},
                {"wrong", v.wrong},
                {"assertion", v.assertion},
                {"by", scenario.name},
                {"what", v.what.substr(0, 200)},
                {"rounds", round},
                {"cycles", cycles}};
      }
    }
  }
  return {{"killed", false}, {"rounds", last}, {"cycles", cycles}};
}

struct Tally {
  int all = 0, killed = 0, assertion = 0, proof = 0, equivalent = 0, alive = 0;
  double score() const { return all == equivalent ? 100.0 : 100.0 * killed / (all - equivalent); }
};

void print_row(const std::string& name, const Tally& t) {
  fmt::print("| {} | {} | {} | {} | {} | {} | {} | {:.2f} % |\n", name, t.all, t.killed, t.assertion, t.proof,
             t.equivalent, t.alive, t.score());
}

/// Prints those mutants of which `listed` holds.
void print_list(const std::vector<Mutant>& mutants, const std::map<int, State>& known, bool (*listed)(const State&)) {
  fmt::print("\n| mutant | source | module | what |\n|---|---|---|---|\n");
  for (const Mutant& m : mutants) {
    const auto found = known.find(m.id);
    if (found == known.end() || !listed(found->second)) continue;
    fmt::print("| {} | {} | `{}` | {} of `{}` |\n", m.id, m.source, m.module, m.kind, m.place);
  }
}

bool alive(const State& s) { return !s.killed && !s.equivalent; }
bool by_assertions(const State& s) { return s.assertion && !s.wrong; }

/// Prints the table; the score.
double report(const std::vector<Mutant>& mutants, const std::map<int, State>& known) {
  std::map<std::string, Tally> by_module;
  Tally all;
  for (const Mutant& m : mutants) {
    const auto found = known.find(m.id);
    if (found == known.end()) continue;
    const State& s = found->second;
    for (Tally* t : {&by_module[m.module], &all}) {
      ++t->all;
      t->killed += s.killed;
      t->assertion += s.killed && s.assertion;
      t->proof += s.proof && !s.wrong && !s.assertion;
      t->equivalent += !s.killed && s.equivalent;
      t->alive += alive(s);
    }
  }
  fmt::print(
      "| module | mutants | killed | of these seen by assertions | of these by proofs alone | equivalent | alive | "
      "score |\n");
  fmt::print("|---|---|---|---|---|---|---|---|\n");
  for (const auto& [module, tally] : by_module) print_row("`" + module + "`", tally);
  print_row("all", all);
  return all.score();
}

int run(int argc, char** argv) {
  CLI::App app(
      fmt::format("Mutants of {} in its netlist of preset {}: wakes one after another and runs the harness on it.",
                  mutation_unit(), netlist_preset().name));
  std::string results;
  std::uint64_t seed = 1;
  std::int64_t rounds = 2;
  double least = 0;
  bool again = false, only_report = false, survivors = false, assertions = false, fresh = false, ids_only = false,
       killed_only = false, quick = false;
  std::vector<int> only;
  std::vector<std::string> filter;
  CampaignOptions campaign;
  campaign.patience = kHung;
  app.add_option("--results", campaign.results, "file of JSON lines; mutants that it holds are not run again")
      ->required();
  app.add_option("--rounds", rounds, "how often every scenario is run, each time with new seeds")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--seed", seed, "of the stimulus")->capture_default_str();
  app.add_option("--jobs", campaign.jobs, "processes at a time, 0: one for each core")->capture_default_str();
  app.add_option("--only", only, "run only these mutants")->delimiter(',');
  app.add_option("--filter", filter, "run only scenarios with one of these in their names; rounds are not counted then")
      ->delimiter(',');
  app.add_flag("--quick", quick, "the core: its short streams alone, without the regression's tests");
  app.add_flag("--again", again, "run survivors again, from the round after their last one");
  app.add_flag("--report", only_report, "run nothing, print the table");
  app.add_flag("--survivors", survivors, "list those that are alive");
  app.add_flag("--assertions", assertions, "list those that an assertion killed before a check saw a wrong result");
  app.add_flag("--ids", ids_only, "run nothing, print the numbers of those that are alive");
  app.add_flag("--killed", killed_only, "run nothing, print the numbers of those whose results were wrong");
  app.add_flag("--fresh", fresh, "forget what the file holds");
  app.add_option("--least", least, "exit with 1 if the score is below this, in percent")->capture_default_str();
  app.add_option("--patience", campaign.patience, "seconds of CPU time a round after which a mutant counts as hung")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }

  campaign.patience *= static_cast<int>(rounds);
  if (fresh) std::filesystem::remove(campaign.results);
  const std::vector<Mutant> mutants = read_mutants(netlist_mutants());
  std::map<int, State> known = states(read_results(campaign.results));
  if (ids_only || killed_only) {
    for (const auto& [id, state] : known) {
      if (killed_only ? state.wrong : alive(state)) fmt::print("{}\n", id);
    }
    return 0;
  }
  const bool engine = mutation_unit() == "spmma_gemm";
  std::vector<Scenario> scenarios;
  if (!engine) scenarios = core_scenarios(netlist_preset());
  if (engine || !quick) {
    for (Scenario& scenario : regress_scenarios(engine)) scenarios.push_back(std::move(scenario));
  }

  if (!filter.empty()) {
    std::erase_if(scenarios, [&](const Scenario& s) {
      return std::ranges::none_of(filter, [&](const std::string& f) { return s.name.find(f) != std::string::npos; });
    });
    if (scenarios.empty())
      throw InputError(fmt::format("--filter: no scenario's name has '{}' in it", fmt::join(filter, "' or '")));
  }

  if (!only_report) {
    // The netlist without a mutant must be right, or a kill means nothing.
    if (only.empty() && !again && known.empty()) {
      select_mutant(0);
      const json control = run_rounds(scenarios, seed, 1, 1);
      if (control.contains("fails_without")) {
        fmt::print(stderr, "{}: the netlist without a mutant fails {}\n", argv[0],
                   control["fails_without"].get<std::string>());
        return 1;
      }
      fmt::print(stderr, "no mutant: {} cycles, nothing wrong\n", control["cycles"].get<std::int64_t>());
    }
    std::vector<int> ids;
    const std::set<int> chosen(only.begin(), only.end());
    for (const Mutant& m : mutants) {
      if (!chosen.empty() && !chosen.contains(m.id)) continue;
      const auto found = known.find(m.id);
      if (!chosen.empty() || found == known.end() || (again && alive(found->second))) {
        ids.push_back(m.id);
      }
    }
    const auto started = std::chrono::steady_clock::now();
    auto next_line = started;
    std::size_t done = 0, killed = 0;
    std::set<std::string> no_verdict;
    run_campaign(
        campaign, ids,
        [&](int id) {
          select_mutant(id);
          const auto found = known.find(id);
          const std::int64_t first = again && found != known.end() ? found->second.rounds + 1 : 1;
          json result = run_rounds(scenarios, seed, first, first + rounds - 1);
          if (!filter.empty()) result["rounds"] = first - 1;
          const Mutant& m = mutants.at(static_cast<std::size_t>(id - 1));
          result.update({{"kind", m.kind}, {"module", m.module}, {"place", m.place}, {"source", m.source}});
          return result;
        },
        [&](const json& result) {
          ++done;
          killed += kills(result) ? 1 : 0;
          if (result.contains("fails_without"))
            no_verdict.insert("without a mutant, too, fails " + result["fails_without"].get<std::string>());
          if (gave_up(result))
            no_verdict.insert(fmt::format("mutant {}: the harness gave up", result["id"].get<int>()));
          const auto now = std::chrono::steady_clock::now();
          if (now < next_line && done != ids.size()) return;
          next_line = now + std::chrono::seconds(10);
          fmt::print(stderr, "{} of {} mutants, {} killed, {} s\n", done, ids.size(), killed,
                     std::chrono::duration_cast<std::chrono::seconds>(now - started).count());
        });
    known = states(read_results(campaign.results));
    if (!no_verdict.empty()) {
      for (const std::string& what : no_verdict) fmt::print(stderr, "{}: {}\n", argv[0], what);
      return 1;
    }
  }
  if (known.empty()) throw InputError(fmt::format("{}: nothing has run on this RTL yet", campaign.results));
  const double score = report(mutants, known);
  if (survivors) print_list(mutants, known, alive);
  if (assertions) print_list(mutants, known, by_assertions);
  return score < least ? 1 : 0;
}

}  // namespace
}  // namespace spmma::verif

int main(int argc, char** argv) { return spmma::verif::guarded_main(spmma::verif::run, argc, argv); }
