// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which mutants of a netlist change nothing that anybody can see, proven by SAT.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "aig.h"
#include "mutant.h"
#include "spmma/preset.h"

namespace spmma::verif {

/// Free inputs of the graph: the netlists' inputs, the same for both; flops, of either.
class Free {
 public:
  explicit Free(Aig& graph) : graph_(graph) {}
  Lit input(std::uint32_t index, int cycle) { return made(2, index, cycle); }
  Lit flop(int copy, std::uint32_t index) { return made(copy, index, 0); }

 private:
  Lit made(int kind, std::uint32_t index, int cycle) {
    const std::uint64_t key =
        (static_cast<std::uint64_t>(kind) << 56) | (static_cast<std::uint64_t>(cycle) << 32) | index;
    const auto [at, fresh] = known_.try_emplace(key, 0);
    if (fresh) at->second = graph_.input();
    return at->second;
  }
  Aig& graph_;
  std::unordered_map<std::uint64_t, Lit> known_;
};

/// Whether two copies differ anywhere.
class Miter {
 public:
  explicit Miter(Aig& graph) : graph_(graph) {}
  void compare(Lit when, Lit a, Lit b) {
    if (a != b) differ_ = graph_.lor(differ_, graph_.land(when, graph_.lxor(a, b)));
  }
  Lit differ() const { return differ_; }  ///< 1 where something compared was not the same

 private:
  Aig& graph_;
  Lit differ_ = kFalse;
};

enum class Answer { never, sometimes, unknown };

/// Whether a literal of a graph is ever 1.
using Solver = std::function<Answer(const Aig& graph, Lit literal)>;

/// What two copies of a netlist, one with a mutant, have to agree on so that nobody can tell them apart.
class Equivalence {
 public:
  virtual ~Equivalence() = default;
  /// Nothing if it is proven that the mutant, of a cell in `module`, changes nothing; else what was not proven. Mutant
  /// 0 is none.
  virtual std::optional<std::string> refute(int mutant, const std::string& module, const Solver& ever) = 0;
};

/// Of spmma_core and of spmma_gemm around it, as netlist_aig.sh writes them. Throw InputError for another netlist.
std::unique_ptr<Equivalence> core_equivalence(SequentialAig netlist, const CoreParams& params);
std::unique_ptr<Equivalence> engine_equivalence(SequentialAig netlist);

/// The flop of each name, "name[bit]", also where a mutant of the flop's output stands between the two.
std::unordered_map<std::string, std::uint32_t> flops_by_name(const SequentialAig& netlist);

/// When an output of the netlist matters to what it goes to: to a memory an address while any bit is written, a bit of
/// a word while it is; to the engine's core and buses what is offered while it is valid, a byte that is written while
/// it is strobed; 1 for any other output.
Lit matters(const SequentialAig& netlist, Aig& graph, Unrolled& copy, const std::string& output, int cycle);

/// Inputs of a copy: `mutsel` says which mutant is awake, the others are the same for both copies.
Unrolled::Source shared_inputs(const SequentialAig& netlist, Free& free, int mutant, bool in_reset_too);

}  // namespace spmma::verif
