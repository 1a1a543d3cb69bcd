// SPDX-License-Identifier: Apache-2.0
// Which mutants of the engine outside its core change nothing. One of these is proven of a mutant, for every input and
// every state, the memories and the core left out of the netlist:
//
//   strict   From the same state both go to the same next state, with the same outputs and the same words for memories
//            and core.
//   unread   The same if the flops that the mutant reaches in one edge are anything in either copy.
//   guarded  The same if those flops are anything in either copy but while some guard holds, and equal while it does: a
//            register that keeps or takes rubbish while its valid bit is 0. The guard is made of the flops that have
//            one value wherever a difference came through, in random states: all of them, or one.
//
// Of a state is known that the RTL's assertions held in it.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "equivalence.h"

namespace spmma::verif {
namespace {

class EngineEquivalence : public Equivalence {
 public:
  explicit EngineEquivalence(SequentialAig netlist)
      : netlist_(std::move(netlist)), memories_{{netlist_, 2}, {netlist_, 1}}, flops_(read_by_outputs()) {}

  std::optional<std::string> refute(int mutant, const std::string&, const Solver& ever) override {
    Aig graph;
    Free free(graph);
    Unrolled gold(netlist_, graph, memories_[0], shared_inputs(netlist_, free, 0, true),
                  [&](std::uint32_t flop, int cycle) { return cycle == 0 ? free.flop(0, flop) : Unrolled::kNext; });
    // An assertion is sampled by an edge.
    Lit asserted = kTrue;
    for (const Lit constraint : netlist_.constraints) asserted = graph.land(asserted, gold.value(constraint, 1));

    std::set<std::uint32_t> reached;
    Lit differ = kFalse;
    /// Whether both agree after an edge, if the flops that were reached do where `agree` is 1 now and `agree_next`
    /// then.
    const auto attempt = [&](Lit agree, Lit agree_next) {
      Unrolled gate(netlist_, graph, memories_[1], shared_inputs(netlist_, free, mutant, true),
                    [&](std::uint32_t flop, int) {
                      const Lit same = free.flop(0, flop);
                      return reached.contains(flop) ? graph.mux(agree, same, free.flop(1, flop)) : same;
                    });
      Miter miter(graph);
      std::set<std::uint32_t> apart;
      for (const std::uint32_t flop : flops_) {
        const Lit a = gold.next(flop, 0), b = gate.next(flop, 0);
        if (a != b) apart.insert(flop);
        miter.compare(reached.contains(flop) ? agree_next : kTrue, a, b);
      }
      for (const auto& [name, index] : netlist_.output_of) {
        const Lit a = gold.output(index, 0), b = gate.output(index, 0);
        if (a != b) miter.compare(matters(netlist_, graph, gold, name, 0), a, b);
      }
      if (agree == kTrue) reached = std::move(apart);
      differ = miter.differ();
      if (ever(graph, differ) == Answer::never) return true;
      return asserted != kTrue && ever(graph, graph.land(asserted, differ)) == Answer::never;
    };

    if (attempt(kTrue, kTrue)) return std::nullopt;
    if (reached.empty() || reached.size() > kReached) return "may differ";
    if (attempt(kFalse, kFalse)) return std::nullopt;
    const std::vector<Guard> found = guards(graph, free, differ, reached);
    const auto holds = [&](const Guard& guard) {
      Lit now = kTrue, then = kTrue;
      for (const auto& [flop, value] : guard) {
        now = graph.land(now, free.flop(0, flop) ^ (value ? 0 : 1));
        then = graph.land(then, gold.next(flop, 0) ^ (value ? 0 : 1));
      }
      return attempt(now, then);
    };
    if (std::ranges::any_of(found, holds)) return std::nullopt;
    return fmt::format("may differ, {} guards tried", found.size());
  }

 private:
  static constexpr std::size_t kReached = 300;  ///< flops: more are no register of a mutant's own
  static constexpr std::size_t kGuards = 16;
  static constexpr int kPatterns = 1024;  ///< of 64 states each
  static constexpr int kSeen = 200;       ///< differences that are enough

  /// The flops that outputs depend on, in any number of cycles: not those that sample for assertions.
  std::vector<std::uint32_t> read_by_outputs() const {
    std::vector<bool> read(netlist_.variables(), false);
    std::vector<std::uint32_t> next;
    std::vector<std::uint32_t> found;
    const auto visit = [&](Lit literal) {
      if (!read[literal >> 1]) next.push_back(literal >> 1);
      read[literal >> 1] = true;
    };
    for (const Lit output : netlist_.outputs) visit(output);
    while (!next.empty()) {
      const std::uint32_t v = next.back();
      next.pop_back();
      if (v >= netlist_.first_gate()) {
        visit(netlist_.gates[v - netlist_.first_gate()].first);
        visit(netlist_.gates[v - netlist_.first_gate()].second);
      } else if (v >= netlist_.first_flop()) {
        found.push_back(v - netlist_.first_flop());
        visit(netlist_.next[found.back()]);
      }
    }
    std::ranges::sort(found);
    return found;
  }

  using Guard = std::vector<std::pair<std::uint32_t, bool>>;  ///< values of flops

  /// All the flops that have one value wherever `differ` is 1, and each of them.
  std::vector<Guard> guards(const Aig& graph, Free& free, Lit differ, const std::set<std::uint32_t>& but) const {
    std::vector<std::uint8_t> values(netlist_.flops, 0);                             // bit v: has been v
    for (std::uint32_t flop = 0; flop < netlist_.flops; ++flop) free.flop(0, flop);  // all are in the graph now
    int seen = 0;
    for (int seed = 1; seed <= kPatterns && seen < kSeen; ++seed) {
      const std::vector<std::uint64_t> nodes = graph.simulate(static_cast<std::uint64_t>(seed));
      const std::uint64_t where = Aig::value_in(nodes, differ);
      if (where == 0) continue;
      seen += std::popcount(where);
      for (std::uint32_t flop = 0; flop < netlist_.flops; ++flop) {
        const std::uint64_t now = Aig::value_in(nodes, free.flop(0, flop));
        values[flop] |= static_cast<std::uint8_t>(((now & where) != 0 ? 2 : 0) | ((~now & where) != 0 ? 1 : 0));
      }
    }
    Guard all;
    for (std::uint32_t flop = 0; flop < netlist_.flops; ++flop) {
      if ((values[flop] == 1 || values[flop] == 2) && !but.contains(flop)) all.emplace_back(flop, values[flop] == 2);
    }
    if (all.empty() || all.size() > kGuards) return {};
    std::vector<Guard> found{all};
    for (const auto& one : all) {
      if (all.size() > 1) found.push_back({one});
    }
    return found;
  }

  SequentialAig netlist_;
  Unrolled::Memory memories_[2];
  std::vector<std::uint32_t> flops_;
};

}  // namespace

std::unique_ptr<Equivalence> engine_equivalence(SequentialAig netlist) {
  return std::make_unique<EngineEquivalence>(std::move(netlist));
}

}  // namespace spmma::verif
