// SPDX-License-Identifier: Apache-2.0
// Which mutants of the core change nothing that anybody can see.
//
// The core is a pipeline that nothing stops: a step that is issued is a result a fixed number of edges later. What is
// proven of a mutant, for every input and every state, reachable or not, and the unmutated core beside it:
//
//   control  Where both agree on the control state (is a step there, its slot, is it a chain's last; credits; the
//            queue's pointers) and on the waiting step, if there is one, they agree on both again after an edge, and on
//            all handshakes, addresses and enables of the memories.
//   token    A step that is issued, all control state agreed upon and every other flop of the two anything at all, ends
//            in the same words for the accumulators, the flags and the output queue; proven for every kind of step.
//
// From both follows, by induction over time, that no two runs ever differ: the memories hold the same words (they are
// left out of the netlists, and what is read from them is the same free input to both), and flops that disagree do so
// only where no step reads them.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "equivalence.h"
#include "io/error.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {

// Bits of the control word, and stages (rtl/spmma_pkg.sv).
constexpr int kCtlWidth = 15, kCtlEn = 14, kResultStage = 11;

int stage_position(int pipe, int stage) {
  int position = stage;
  const int optional[] = {3, 7, 9, 10};
  for (int i = 0; i < 4; ++i) {
    if (stage >= optional[i] && (pipe >> i) % 2 == 0) --position;
  }
  return position;
}

/// What a step is; the rest of its ports is anything.
struct StepKind {
  CoreMode mode;
  bool first;
  bool legal = true;  ///< if not, only `first` is said
};

std::vector<StepKind> step_kinds(const CoreParams& params) {
  std::vector<StepKind> kinds;
  for (const bool first : {false, true}) {
    for (const CoreMode& mode : core_modes(params)) {
      if (!mode.saturate) kinds.push_back({mode, first});
    }
    kinds.push_back({{}, first, false});
  }
  return kinds;
}

/// Whose words a mutant can change. All rows and all columns are the same modules with the same kinds of inputs, so
/// that what is proven of the first is proven of all.
enum class Scope { first_element, first_row, all };

Scope scope_of(const std::string& module) {
  for (const char* m : {"spmma_arrange", "spmma_dot", "spmma_quad", "spmma_operand", "spmma_multiplier"}) {
    if (module == m) return Scope::first_element;
  }
  return module == "spmma_row" || module == "spmma_meta" ? Scope::first_row : Scope::all;
}

/// Of what `value` says of each of the flops.
template <class Value>
Lit all_of(Aig& graph, const std::vector<std::uint32_t>& flops, const Value& value) {
  Lit all = kTrue;
  for (const std::uint32_t flop : flops) all = graph.land(all, value(flop));
  return all;
}

class CoreEquivalence : public Equivalence {
 public:
  CoreEquivalence(SequentialAig netlist, const CoreParams& params)
      : netlist_(std::move(netlist)),
        params_(params),
        last_(stage_position(params.pipe, kResultStage)),
        memories_{{netlist_, last_ + 1}, {netlist_, last_ + 1}} {
    const auto names = flops_by_name(netlist_);
    const auto flop = [&](const std::string& name) {
      const auto found = names.find(name);
      if (found == names.end()) throw InputError(fmt::format("the netlist has no flop {}", name));
      return found->second;
    };
    valid_ = flop("valid0_q[0]");
    first_ = flop("first0_q[0]");
    sparse_ = flop("sparse0_q[0]");
    acc_f16_ = flop("acc_f16_0_q[0]");
    out_valid_ = flop("u_out.valid_q[0]");
    for (std::size_t bit = 0; bit < 3; ++bit) {
      fmt_a_[bit] = flop(fmt::format("fmt_a0_q[{}]", bit));
      fmt_b_[bit] = flop(fmt::format("fmt_b0_q[{}]", bit));
    }

    const std::map<std::string, std::vector<std::uint32_t>> words = {{"valid0_q", {}},
                                                                     {"u_out.valid_q", {}},
                                                                     {"u_ctrl.credits_q", {}},
                                                                     {"u_out.wr_ptr_q", {}},
                                                                     {"u_out.rd_ptr_q", {}},
                                                                     {"c0_q", {valid_, first_}},
                                                                     {"meta0_q", {valid_, sparse_}},
                                                                     {"u_out.u_ram.rd_data_q", {out_valid_}}};
    for (const auto& [name, index] : names) {
      const std::string word = name.substr(0, name.rfind('['));
      if (const auto found = words.find(word); found != words.end()) {
        shared_[index] = found->second;
      } else if (word.ends_with("0_q") && word.find('.') == std::string::npos) {
        shared_[index] = {valid_};
      }
    }
    const int slot_bits = std::bit_width(static_cast<unsigned>(params.acc_slots - 1));
    const int travel = kCtlWidth + slot_bits + 2;
    const auto travelling = [&](int position, int bit) {
      return flop(fmt::format("u_ctrl.travel_q[{}]", travel * (position - 1) + bit));
    };
    for (int position = 1; position <= last_; ++position) {
      const std::uint32_t there = travelling(position, kCtlEn);
      shared_[there] = {};
      for (int b = 0; b <= slot_bits; ++b) shared_[travelling(position, kCtlWidth + b)] = {there};  // slot, last
    }
    step_read_ = travelling(stage_position(params.pipe, 3), kCtlEn);
    cheapest_first();
  }

  std::optional<std::string> refute(int mutant, const std::string& module, const Solver& ever) override {
    const auto open = [](const char* what, Answer answer) {
      return fmt::format("{} {}", what, answer == Answer::sometimes ? "may differ" : "undecided");
    };
    {
      Aig graph;
      const Lit differ = control(graph, mutant);
      if (const Answer a = ever(graph, differ); a != Answer::never) return open("control", a);
    }
    const Scope scope = scope_of(module);
    const auto tokens = [&](const std::vector<StepKind>& some) {
      Aig graph;
      Free free(graph);
      Lit differ = kFalse;
      for (const StepKind& kind : some) differ = graph.lor(differ, token(graph, free, mutant, kind, scope));
      return ever(graph, differ);
    };
    // All kinds at once have more in common; one is easier where all are too hard.
    const std::vector<StepKind> kinds = step_kinds(params_);
    Answer answer = tokens(kinds);
    if (answer == Answer::unknown) {
      answer = Answer::never;
      for (const StepKind& kind : kinds) {
        if (answer == Answer::never) answer = tokens({kind});
      }
    }
    if (answer != Answer::never) return open("token", answer);
    return std::nullopt;
  }

 private:
  /// Lays out one cycle of both: 1 where the control state of both may come to differ.
  Lit control(Aig& graph, int mutant) {
    Free free(graph);
    Unrolled gold = unroll(graph, free, 0, 0, [&](std::uint32_t flop, int) { return free.flop(0, flop); });
    const auto now = [&](std::uint32_t flop) { return free.flop(0, flop); };
    const auto next = [&](std::uint32_t flop) { return gold.next(flop, 0); };
    Unrolled gate = unroll(graph, free, 1, mutant, [&](std::uint32_t flop, int) {
      const auto found = shared_.find(flop);
      if (found == shared_.end()) return free.flop(1, flop);
      return graph.mux(all_of(graph, found->second, now), now(flop), free.flop(1, flop));
    });

    Miter miter(graph);
    for (const auto& [flop, flops] : shared_) {
      miter.compare(all_of(graph, flops, next), next(flop), gate.next(flop, 0));
    }
    for (const auto& [name, index] : netlist_.output_of) {
      if (name.find(".write_data[") != std::string::npos) continue;  // token()
      Lit when = matters(netlist_, graph, gold, name, 0);
      if (name == "u_ctrl.legal[0]") when = now(valid_);
      if (name.starts_with("out_") && name != "out_valid_o[0]") when = now(out_valid_);
      if (name.find(".read_address[") != std::string::npos && !name.starts_with("u_out.")) when = now(step_read_);
      miter.compare(when, gold.output(index, 0), gate.output(index, 0));
    }
    return miter.differ();
  }

  /// Lays out all cycles of a step of this kind: 1 where it may end in words that differ.
  Lit token(Aig& graph, Free& free, int mutant, const StepKind& kind, Scope scope) {
    const std::function<Lit(std::uint32_t, int)> start = [&](std::uint32_t flop, int copy) -> Lit {
      const auto found = shared_.find(flop);
      if (found == shared_.end()) return free.flop(copy, flop);
      if (flop == valid_) return kTrue;
      const auto constant = [](bool value) { return value ? kTrue : kFalse; };
      if (flop == first_) return constant(kind.first);
      if (kind.legal && flop == acc_f16_) return constant(kind.mode.acc == Acc::f16);
      if (kind.legal && flop == sparse_) return constant(kind.mode.sparse);
      for (std::size_t bit = 0; bit < 3 && kind.legal; ++bit) {
        if (flop == fmt_a_[bit]) return constant((static_cast<int>(kind.mode.a) >> bit & 1) != 0);
        if (flop == fmt_b_[bit]) return constant((static_cast<int>(kind.mode.b) >> bit & 1) != 0);
      }
      const Lit agree = all_of(graph, found->second, [&](std::uint32_t guard) { return start(guard, 0); });
      return graph.mux(agree, free.flop(0, flop), free.flop(copy, flop));
    };
    Unrolled gold = unroll(
        graph, free, 0, 0, [&](std::uint32_t flop, int cycle) { return cycle == 0 ? start(flop, 0) : Unrolled::kNext; },
        true);
    const std::uint32_t issue_index = netlist_.output_of.at("issue[0]");
    const std::uint32_t legal_index = netlist_.output_of.at("u_ctrl.legal[0]");
    const Lit issue = gold.output(issue_index, 0);
    gold.force(issue, true);
    Unrolled gate = unroll(
        graph, free, 1, mutant,
        [&](std::uint32_t flop, int cycle) -> Lit {
          if (cycle == 0) return start(flop, 1);
          const auto found = shared_.find(flop);
          return found != shared_.end() && found->second.empty() ? gold.next(flop, cycle - 1)
                                                                 : Unrolled::kNext;  // control()
        },
        true);
    gate.force(gate.output(issue_index, 0), true);  // control()
    const Lit legal = gold.output(legal_index, 0);
    gold.force(legal, kind.legal);
    gate.force(legal, kind.legal);
    gate.force(gate.output(legal_index, 0), kind.legal);  // control()

    Miter miter(graph);
    for (const auto& [name, index] : netlist_.output_of) {
      const std::size_t at = name.find(".write_data[");
      if (at == std::string::npos || !in_scope(name, at, scope)) continue;
      miter.compare(matters(netlist_, graph, gold, name, last_), gold.output(index, last_), gate.output(index, last_));
    }
    // What was taken for a constant holds only there.
    return graph.land(miter.differ(), graph.land(issue, kind.legal ? legal : legal ^ 1));
  }

  /// Turns gates round so that Unrolled asks for what is likely a constant first, and rarely for data that no step
  /// reads: control is cheap, data are not, and each gate costs a little.
  void cheapest_first() {
    constexpr std::uint32_t kData = 1'000'000;
    std::vector<std::uint32_t> cost(netlist_.variables(), 0);
    for (std::uint32_t flop = 0; flop < netlist_.flops; ++flop) cost[netlist_.first_flop() + flop] = kData;
    for (const auto& [name, literal] : netlist_.names) {
      if (literal / 2 < netlist_.first_gate() && name.starts_with("u_ctrl.travel_q[")) cost[literal / 2] = 0;
    }
    for (const auto& [flop, flops] : shared_) cost[netlist_.first_flop() + flop] = 0;
    for (std::size_t g = 0; g < netlist_.gates.size(); ++g) {
      auto& [a, b] = netlist_.gates[g];
      if (cost[b / 2] < cost[a / 2]) std::swap(a, b);
      cost[netlist_.first_gate() + g] = cost[b / 2] + 1;
    }
  }

  /// Whether a bit of a word to be written (`at`: where ".write_data[" stands) is that of the scope. Flags always are.
  bool in_scope(const std::string& name, std::size_t at, Scope scope) const {
    const int tile = params_.rows * params_.cols * 32;
    int bit = std::stoi(name.substr(at + 12));
    if (scope == Scope::all || name.starts_with("u_ctrl.")) return true;
    if (name.starts_with("u_out.")) {  // D above the flags
      bit -= netlist_width("u_out.u_ram.mem_q") - tile;
      if (bit < 0) return true;
    } else if (!name.starts_with("gen_row[0].")) {
      return false;
    }
    return bit < (scope == Scope::first_row ? params_.cols * 32 : 32);
  }

  int netlist_width(const std::string& memory) const {
    int width = 0;
    while (netlist_.output_of.contains(fmt::format("{}.write_data[{}].cut.d[0]", memory, width))) ++width;
    return width;
  }

  Unrolled unroll(Aig& graph, Free& free, int copy, int mutant, Unrolled::Source flop, bool running = false) {
    // A reset ends every step: control() sees it.
    return Unrolled(netlist_, graph, memories_[copy], shared_inputs(netlist_, free, mutant, !running), std::move(flop));
  }

  SequentialAig netlist_;
  CoreParams params_;
  int last_ = 0;  ///< the position of the result
  Unrolled::Memory memories_[2];
  // Flops.
  std::uint32_t valid_ = 0, first_ = 0, sparse_ = 0, acc_f16_ = 0;  ///< of the step that waits
  std::array<std::uint32_t, 3> fmt_a_ = {}, fmt_b_ = {};
  std::uint32_t out_valid_ = 0, step_read_ = 0;  ///< a result waits; a step reads its accumulators
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> shared_;  ///< what agrees where all of these are 1
};

}  // namespace

std::unique_ptr<Equivalence> core_equivalence(SequentialAig netlist, const CoreParams& params) {
  return std::make_unique<CoreEquivalence>(std::move(netlist), params);
}

}  // namespace spmma::verif
