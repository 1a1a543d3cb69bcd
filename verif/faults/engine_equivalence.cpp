// SPDX-License-Identifier: Apache-2.0
// Which mutants of the engine outside its core change nothing: from the same state, any state, both go to the same next
// state, with the same outputs and the same words for the memories and the core (which are left out of the netlist).
#include <fmt/format.h>

#include <string>

#include "equivalence.h"

namespace spmma::verif {
namespace {

class EngineEquivalence : public Equivalence {
 public:
  explicit EngineEquivalence(SequentialAig netlist)
      : netlist_(std::move(netlist)), memories_{{netlist_, 1}, {netlist_, 1}} {}

  int claims() const override { return 1; }

  Claim claim(int, int mutant, const std::string&) override {
    Claim claim{"one cycle", {}};
    Aig& graph = claim.graph;
    Free free(graph);
    const Unrolled::Source state = [&](std::uint32_t flop, int) { return free.flop(0, flop); };
    Unrolled gold(netlist_, graph, memories_[0], shared_inputs(netlist_, free, 0, true), state);
    Unrolled gate(netlist_, graph, memories_[1], shared_inputs(netlist_, free, mutant, true), state);
    const auto compare = [&](Lit when, Lit a, Lit b) {
      if (a != b) claim.differ = graph.lor(claim.differ, graph.land(when, graph.lxor(a, b)));
    };
    for (std::uint32_t flop = 0; flop < netlist_.flops; ++flop) compare(kTrue, gold.next(flop, 0), gate.next(flop, 0));
    for (const auto& [name, index] : netlist_.output_of) {
      Lit when = kTrue;
      if (const std::size_t at = name.find(".write_data["); at != std::string::npos) {  // each bit has its enable
        when = gold.output(netlist_.output_of.at(name.substr(0, at) + ".write_enable" + name.substr(at + 11)), 0);
      } else if (const std::size_t to = name.find(".write_address["); to != std::string::npos) {
        when = kFalse;
        for (int bit = 0;; ++bit) {
          const auto enable =
              netlist_.output_of.find(fmt::format("{}.write_enable[{}].cut.d[0]", name.substr(0, to), bit));
          if (enable == netlist_.output_of.end()) break;
          when = graph.lor(when, gold.output(enable->second, 0));
        }
      }
      compare(when, gold.output(index, 0), gate.output(index, 0));
    }
    return claim;
  }

 private:
  SequentialAig netlist_;
  Unrolled::Memory memories_[2];
};

}  // namespace

std::unique_ptr<Equivalence> engine_equivalence(SequentialAig netlist) {
  return std::make_unique<EngineEquivalence>(std::move(netlist));
}

}  // namespace spmma::verif
