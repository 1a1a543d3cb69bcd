// SPDX-License-Identifier: Apache-2.0
/// \file
/// Which mutants of a netlist change nothing that anybody can see, proven by SAT.
#pragma once

#include <cstdint>
#include <memory>
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

/// Something to be shown, of two copies of a netlist, of which one has a mutant: `differ` is never 1.
struct Claim {
  const char* name;
  Aig graph;
  Lit differ = kFalse;
};

/// What two copies of a netlist have to agree on so that nobody can tell them apart.
class Equivalence {
 public:
  virtual ~Equivalence() = default;
  /// How many claims make a proof.
  virtual int claims() const = 0;
  /// One of them, of a mutant of a cell in `module`. `mutant` 0 is none, of which every claim must hold.
  virtual Claim claim(int index, int mutant, const std::string& module) = 0;
  /// How many smaller claims make one, and one of those: what is easier to prove where the whole is too hard.
  virtual int parts(int) const { return 1; }
  virtual Claim part(int index, int, int mutant, const std::string& module) { return claim(index, mutant, module); }
};

/// Of spmma_core and of spmma_gemm around it, as netlist_aig.sh writes them. Throw InputError for another netlist.
std::unique_ptr<Equivalence> core_equivalence(SequentialAig netlist, const CoreParams& params);
std::unique_ptr<Equivalence> engine_equivalence(SequentialAig netlist);

/// The part of a netlist that both copies have in common: `mutsel`, and a netlist's inputs, the same for both.
Unrolled::Source shared_inputs(const SequentialAig& netlist, Free& free, int mutant, bool in_reset_too);

}  // namespace spmma::verif
