// SPDX-License-Identifier: Apache-2.0
// Which mutants of the engine outside its core change nothing. One of these is proven of a mutant, for every input and
// every state, the memories and the core left out of the netlist:
//
//   strict   From the same state both go to the same next state, with the same outputs and the same words for memories
//            and core.
//   unread   The same if the flops that the mutant reaches in one edge are anything in either copy.
//   guarded  The same if those flops are anything in either copy while some flop G is 0 (or 1) and equal else: a
//            register that keeps or takes rubbish while its valid bit is 0. G is any flop of one bit beside them or
//            around them.
#include <fmt/format.h>

#include <algorithm>
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
      : netlist_(std::move(netlist)), memories_{{netlist_, 1}, {netlist_, 1}}, paths_(netlist_.flops) {
    const auto names = flops_by_name(netlist_);
    for (const auto& [name, flop] : names) {
      const std::string path = name.substr(0, name.rfind('.') == std::string::npos ? 0 : name.rfind('.'));
      if (path.size() >= paths_[flop].size()) paths_[flop] = path;
      if (name.ends_with("[0]") && !names.contains(name.substr(0, name.size() - 3) + "[1]"))
        bits_.emplace_back(path, flop);
    }
    std::ranges::sort(bits_);
  }

  std::optional<std::string> refute(int mutant, const std::string&, const Solver& ever) override {
    Aig graph;
    Free free(graph);
    Unrolled gold(netlist_, graph, memories_[0], shared_inputs(netlist_, free, 0, true),
                  [&](std::uint32_t flop, int) { return free.flop(0, flop); });

    std::set<std::uint32_t> reached;
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
      for (std::uint32_t flop = 0; flop < netlist_.flops; ++flop) {
        const Lit a = gold.next(flop, 0), b = gate.next(flop, 0);
        if (a != b) apart.insert(flop);
        miter.compare(reached.contains(flop) ? agree_next : kTrue, a, b);
      }
      for (const auto& [name, index] : netlist_.output_of) {
        miter.compare(written(netlist_, graph, gold, name, 0), gold.output(index, 0), gate.output(index, 0));
      }
      if (agree == kTrue) reached = std::move(apart);
      return ever(graph, miter.differ()) == Answer::never;
    };

    if (attempt(kTrue, kTrue)) return std::nullopt;
    if (reached.empty() || reached.size() > kReached) return "may differ";
    if (attempt(kFalse, kFalse)) return std::nullopt;
    const std::string& path = paths_[*reached.begin()];
    int tried = 0;
    for (auto bit = bits_.rbegin(); bit != bits_.rend() && tried < kGuards; ++bit) {  // the innermost first
      if (!path.starts_with(bit->first) || reached.contains(bit->second)) continue;
      ++tried;
      const Lit now = free.flop(0, bit->second), then = gold.next(bit->second, 0);
      for (const Lit inverted : {0U, 1U}) {
        if (attempt(now ^ inverted, then ^ inverted)) return std::nullopt;
      }
    }
    return fmt::format("may differ, {} guards tried", 2 * tried);
  }

 private:
  static constexpr std::size_t kReached = 300;  ///< flops: more are no register of a mutant's own
  static constexpr int kGuards = 24;

  SequentialAig netlist_;
  Unrolled::Memory memories_[2];
  std::vector<std::string> paths_;                           ///< of each flop, the instance that it is in
  std::vector<std::pair<std::string, std::uint32_t>> bits_;  ///< flops of one bit, by instance
};

}  // namespace

std::unique_ptr<Equivalence> engine_equivalence(SequentialAig netlist) {
  return std::make_unique<EngineEquivalence>(std::move(netlist));
}

}  // namespace spmma::verif
