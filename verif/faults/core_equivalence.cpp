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

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "equivalence.h"
#include "io/error.h"

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

int log2_of(int n) {
  int bits = 0;
  while ((1 << bits) < n) ++bits;
  return bits;
}

/// What a step is; the rest of its ports is anything.
struct StepKind {
  int fmt_a, fmt_b;  ///< format codes
  bool acc_f16, sparse, first;
  bool legal = true;  ///< if not, only `first` is said
};

std::vector<StepKind> step_kinds() {
  std::vector<StepKind> kinds;
  for (int bits = 0; bits < 8; ++bits) {
    const bool acc_f16 = (bits & 1) != 0, sparse = (bits & 2) != 0, first = (bits & 4) != 0;
    for (int a = 0; a < 7; ++a) {
      for (int b = 0; b < 7; ++b) {
        const bool ints = a <= 1 && b <= 1, fp8s = a >= 5 && b >= 5;
        if ((ints || fp8s || a == b) && (!acc_f16 || fp8s || a == 2)) kinds.push_back({a, b, acc_f16, sparse, first});
      }
    }
    if (!acc_f16 && !sparse) kinds.push_back({0, 0, false, false, first, false});
  }
  return kinds;
}

/// Whose words a mutant can change. All rows and all columns are the same modules with the same kinds of inputs, so
/// that what is proven of the first is proven of all.
enum class Scope { first_element, first_row, all };

Scope scope_of(const std::string& module) {
  for (const char* m : {"spmma_arrange", "spmma_dot", "spmma_quad", "spmma_operand"}) {
    if (module == m) return Scope::first_element;
  }
  return module == "spmma_row" || module == "spmma_meta" ? Scope::first_row : Scope::all;
}

class CoreEquivalence : public Equivalence {
 public:
  CoreEquivalence(SequentialAig netlist, const CoreParams& params)
      : netlist_(std::move(netlist)),
        params_(params),
        last_(stage_position(params.pipe, kResultStage)),
        memories_{{netlist_, last_ + 1}, {netlist_, last_ + 1}} {
    const int slot_bits = log2_of(params.acc_slots);
    const int travel = kCtlWidth + slot_bits + 2;
    // By the name of a flop: the flops that say that it matters.
    std::map<std::string, std::vector<std::string>> shared = {{"valid0_q[0]", {}}, {"u_out.valid_q[0]", {}}};
    for (int position = 1; position <= last_; ++position) {
      const auto bit = [&](int b) { return fmt::format("u_ctrl.travel_q[{}]", travel * (position - 1) + b); };
      shared[bit(kCtlEn)] = {};
      for (int b = 0; b <= slot_bits; ++b) shared[bit(kCtlWidth + b)] = {bit(kCtlEn)};  // slot, last of its chain
    }
    step_read_ = fmt::format("u_ctrl.travel_q[{}]", travel * (stage_position(params.pipe, 3) - 1) + kCtlEn);
    const std::map<std::string, std::vector<std::string>> shared_words = {
        {"u_ctrl.credits_q", {}},
        {"u_out.wr_ptr_q", {}},
        {"u_out.rd_ptr_q", {}},
        {"c0_q", {"valid0_q[0]", "first0_q[0]"}},
        {"meta0_q", {"valid0_q[0]", "sparse0_q[0]"}},
        {"u_out.u_ram.rd_data_q", {"u_out.valid_q[0]"}}};
    for (const auto& [name, flop] : flops_by_name(netlist_)) {
      const std::string whole = name.substr(0, name.rfind('['));
      const std::vector<std::string>* when = nullptr;
      const std::vector<std::string> waiting = {"valid0_q[0]"};
      if (const auto at = shared.find(name); at != shared.end()) {
        when = &at->second;
      } else if (const auto word = shared_words.find(whole); word != shared_words.end()) {
        when = &word->second;
      } else if (whole.ends_with("0_q") && whole.find('.') == std::string::npos) {
        when = &waiting;
      } else {
        continue;
      }
      shared_[flop] = *when;
      names_[name] = flop;
    }
    for (const char* name : {"valid0_q[0]", "first0_q[0]", "sparse0_q[0]", "acc_f16_0_q[0]", "fmt_a0_q[2]",
                             "fmt_b0_q[2]", "u_out.valid_q[0]", "u_ctrl.credits_q[0]"}) {
      if (!names_.contains(name)) throw InputError(fmt::format("the netlist has no flop {}", name));
    }
    cheapest_first();
    for (int bit = 0; bit < 3; ++bit) {
      fmt_a_[bit] = names_.at(fmt::format("fmt_a0_q[{}]", bit));
      fmt_b_[bit] = names_.at(fmt::format("fmt_b0_q[{}]", bit));
    }
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
    const auto tokens = [&](const std::vector<StepKind>& kinds) {
      Aig graph;
      Free free(graph);
      Lit differ = kFalse;
      for (const StepKind& kind : kinds) differ = graph.lor(differ, token(graph, free, mutant, kind, scope));
      return ever(graph, differ);
    };
    // All kinds at once have more in common; one is easier where all are too hard.
    Answer answer = tokens(step_kinds());
    if (answer == Answer::unknown) {
      answer = Answer::never;
      for (const StepKind& kind : step_kinds()) {
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
    const auto matters = [&](const std::vector<std::string>& flops) {
      Lit all = kTrue;
      for (const std::string& name : flops) all = graph.land(all, free.flop(0, names_.at(name)));
      return all;
    };
    Unrolled gate = unroll(graph, free, 1, mutant, [&](std::uint32_t flop, int) {
      const auto found = shared_.find(flop);
      if (found == shared_.end()) return free.flop(1, flop);
      return graph.mux(matters(found->second), free.flop(0, flop), free.flop(1, flop));
    });

    Lit differ = kFalse;
    const auto compare = [&](Lit when, Lit a, Lit b) {
      if (a != b) differ = graph.lor(differ, graph.land(when, graph.lxor(a, b)));
    };
    for (const auto& [flop, flops] : shared_) {
      Lit when = kTrue;
      for (const std::string& name : flops) when = graph.land(when, gold.next(names_.at(name), 0));
      compare(when, gold.next(flop, 0), gate.next(flop, 0));
    }
    for (const auto& [name, index] : netlist_.output_of) {
      Lit when = kTrue;
      if (name.find(".write_data[") != std::string::npos) continue;  // token()
      if (name == "u_ctrl.legal[0]") when = matters({"valid0_q[0]"});
      if (name.starts_with("out_") && name != "out_valid_o[0]") when = matters({"u_out.valid_q[0]"});
      if (name.find(".read_address[") != std::string::npos && !name.starts_with("u_out.")) when = matters({step_read_});
      if (const std::size_t at = name.find(".write_address["); at != std::string::npos) {
        when = gold.output(netlist_.output_of.at(name.substr(0, at) + ".write_enable[0].cut.d[0]"), 0);
      }
      compare(when, gold.output(index, 0), gate.output(index, 0));
    }
    return differ;
  }

  /// Lays out all cycles of a step of this kind: 1 where it may end in words that differ.
  Lit token(Aig& graph, Free& free, int mutant, const StepKind& kind, Scope scope) {
    const std::function<Lit(std::uint32_t, int)> start = [&](std::uint32_t flop, int copy) -> Lit {
      const auto found = shared_.find(flop);
      if (found == shared_.end()) return free.flop(copy, flop);
      if (flop == names_.at("valid0_q[0]")) return kTrue;
      const auto constant = [](bool value) { return value ? kTrue : kFalse; };
      if (flop == names_.at("first0_q[0]")) return constant(kind.first);
      if (kind.legal && flop == names_.at("acc_f16_0_q[0]")) return constant(kind.acc_f16);
      if (kind.legal && flop == names_.at("sparse0_q[0]")) return constant(kind.sparse);
      for (int bit = 0; bit < 3 && kind.legal; ++bit) {
        if (flop == fmt_a_[bit]) return constant((kind.fmt_a >> bit & 1) != 0);
        if (flop == fmt_b_[bit]) return constant((kind.fmt_b >> bit & 1) != 0);
      }
      Lit matters = kTrue;
      for (const std::string& name : found->second) {
        if (name != "valid0_q[0]") matters = graph.land(matters, start(names_.at(name), 0));
      }
      return graph.mux(matters, free.flop(0, flop), free.flop(copy, flop));
    };
    Unrolled gold = unroll(
        graph, free, 0, 0, [&](std::uint32_t flop, int cycle) { return cycle == 0 ? start(flop, 0) : Unrolled::kNext; },
        true);
    const Lit issue = gold.output(netlist_.output_of.at("issue[0]"), 0);
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
    gate.force(gate.output(netlist_.output_of.at("issue[0]"), 0), true);  // control()
    const Lit legal = gold.output(netlist_.output_of.at("u_ctrl.legal[0]"), 0);
    gold.force(legal, kind.legal);
    gate.force(legal, kind.legal);
    gate.force(gate.output(netlist_.output_of.at("u_ctrl.legal[0]"), 0), kind.legal);  // control()

    Lit differ = kFalse;
    for (const auto& [name, index] : netlist_.output_of) {
      const std::size_t at = name.find(".write_data[");
      if (at == std::string::npos || !in_scope(name, at, scope)) continue;
      const std::string enable = name.substr(0, at) + ".write_enable" + name.substr(at + 11);
      const Lit when = gold.output(netlist_.output_of.at(enable), last_);
      const Lit a = gold.output(index, last_), b = gate.output(index, last_);
      if (a != b) differ = graph.lor(differ, graph.land(when, graph.lxor(a, b)));
    }
    // What was taken for a constant holds only there.
    return graph.land(differ, graph.land(issue, kind.legal ? legal : legal ^ 1));
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
    for (const auto& [name, flop] : names_) cost[netlist_.first_flop() + flop] = 0;
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
  std::uint32_t fmt_a_[3] = {}, fmt_b_[3] = {};                         ///< flops
  std::unordered_map<std::uint32_t, std::vector<std::string>> shared_;  ///< flops that agree where all of these are 1
  std::string step_read_;                                               ///< a step reads its accumulators
  std::unordered_map<std::string, std::uint32_t> names_;
};

}  // namespace

std::unique_ptr<Equivalence> core_equivalence(SequentialAig netlist, const CoreParams& params) {
  return std::make_unique<CoreEquivalence>(std::move(netlist), params);
}

}  // namespace spmma::verif
