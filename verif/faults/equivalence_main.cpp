// SPDX-License-Identifier: Apache-2.0
// spmma_equivalent: proves which mutants of a netlist change nothing that anybody can see.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "campaign.h"
#include "equivalence.h"
#include "io/subprocess.h"
#include "netlist_model.h"

namespace spmma::verif {

namespace {

using nlohmann::json;

/// Whether `output` is ever 1: by the graph's own making, else by ABC.
Answer ever(const Aig& graph, Lit output, const std::string& file, int seconds) {
  if (output <= kTrue) return output == kFalse ? Answer::never : Answer::sometimes;
  graph.write(file, output);
  // 1: it is satisfiable; 0: it is not; anything else: no answer in time.
  const std::string solve = fmt::format(
      "timeout {1} yosys-abc -q 'read_aiger {0}; iprove' >{0}.log; grep -q ^UNSATISFIABLE {0}.log && exit 0; "
      "grep -q ^SATISFIABLE {0}.log && exit 1; exit 2",
      file, seconds);
  const int answer = run_program({"bash", "-c", solve}, ProgramOutput::nowhere);
  std::filesystem::remove(file);
  std::filesystem::remove(file + ".log");
  return answer == 0 ? Answer::never : answer == 1 ? Answer::sometimes : Answer::unknown;
}

int run(int argc, char** argv) {
  CLI::App app("Proves which mutants of a netlist change nothing (verif/faults/netlist_aig.sh makes what it reads).");
  std::string unit, folder, results;
  std::vector<int> ids, killed;
  CampaignOptions campaign;
  campaign.patience = 3600;
  int seconds = 60;
  app.add_option("--unit", unit, "core, or engine: all around the core")
      ->required()
      ->check(CLI::IsMember({"core", "engine"}));
  app.add_option("--netlist", folder, "folder of netlist.aig and netlist.map")->required();
  app.add_option("--results", results, "file of JSON lines, to which what is proven is added")->required();
  app.add_option("--jobs", campaign.jobs, "processes at a time, 0: one for each core")->capture_default_str();
  app.add_option("--seconds", seconds, "for ABC to prove one part")->capture_default_str();
  app.add_option("--killed", killed, "mutants that a test has killed: exit code 1 if one of them is proven equivalent")
      ->allow_extra_args(false)
      ->delimiter(',');
  app.add_option("ids", ids, "mutants");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }

  SequentialAig netlist = read_aig(folder + "/netlist.aig", folder + "/netlist.map");
  const std::unique_ptr<Equivalence> equivalence = unit == "core"
                                                       ? core_equivalence(std::move(netlist), netlist_preset().core)
                                                       : engine_equivalence(std::move(netlist));
  const auto refute = [&](int id, const std::string& module) {
    return equivalence->refute(id, module, [&](const Aig& graph, Lit literal) {
      return ever(graph, literal, fmt::format("{}/{}.aig", folder, id), seconds);
    });
  };
  if (const auto none = refute(0, "")) {
    fmt::print(stderr, "{}: without a mutant: {}\n", argv[0], *none);
    return 1;
  }
  const std::vector<Mutant> mutants = read_mutants(folder + "/mutants.txt");
  const auto proof_of = [&](int id) {
    return refute(id, mutants.at(static_cast<std::size_t>(id - 1)).module).value_or("equivalent");
  };
  for (const int id : killed) {
    if (proof_of(id) != "equivalent") continue;
    fmt::print(stderr, "{}: mutant {} is killed by a test and proven to change nothing\n", argv[0], id);
    return 1;
  }
  campaign.results = results + ".proofs";  // a proof that does not end says nothing about its mutant
  std::ofstream out(results, std::ios::app);
  int done = 0, proven = 0;
  run_campaign(
      campaign, ids, [&](int id) -> json { return {{"proof", proof_of(id)}}; },
      [&](const json& line) {
        ++done;
        const std::string proof = line.value("proof", "no end");
        const bool equivalent = proof == "equivalent";
        proven += equivalent;
        if (equivalent) out << json{{"id", line["id"]}, {"equivalent", true}, {"by", "SAT"}}.dump() << std::endl;
        fmt::print(stderr, "{} of {}, {} proven: {}: {}\n", done, ids.size(), proven, line["id"].get<int>(), proof);
      });
  return 0;
}

}  // namespace
}  // namespace spmma::verif

int main(int argc, char** argv) { return spmma::verif::guarded_main(spmma::verif::run, argc, argv); }
