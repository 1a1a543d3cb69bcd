// SPDX-License-Identifier: Apache-2.0
/// \file
/// And-inverter graphs: a netlist's, as Yosys writes it (AIGER 1.9, binary), and the graph that its cycles are laid out
/// in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace spmma::verif {

/// A literal: twice a variable's number, plus one if inverted. 0 is false, 1 is true.
using Lit = std::uint32_t;
constexpr Lit kFalse = 0;
constexpr Lit kTrue = 1;

/// A netlist with flops: variables are the constant, the inputs, the flops, the gates, in this order.
struct SequentialAig {
  std::uint32_t inputs = 0, flops = 0;
  std::vector<Lit> next;                   ///< of each flop
  std::vector<std::pair<Lit, Lit>> gates;  ///< both inputs of each AND
  std::vector<Lit> outputs;
  std::vector<Lit> constraints;                                        ///< 1 in every cycle
  std::unordered_map<std::string, std::uint32_t> input_of, output_of;  ///< "name[bit]" to its index
  std::vector<std::pair<std::string, Lit>> names;                      ///< of flops and gates, "name[bit]"

  std::uint32_t first_flop() const { return 1 + inputs; }
  std::uint32_t first_gate() const { return 1 + inputs + flops; }
  std::uint32_t variables() const { return first_gate() + static_cast<std::uint32_t>(gates.size()); }
};

/// Reads what `write_aiger -vmap NAMES AIG` wrote. Throws InputError if either is not that.
SequentialAig read_aig(const std::string& aig, const std::string& names);

/// A graph without flops, in which no gate exists twice and none has a constant input.
class Aig {
 public:
  Lit input();
  Lit land(Lit a, Lit b);
  Lit lor(Lit a, Lit b) { return land(a ^ 1, b ^ 1) ^ 1; }
  Lit lxor(Lit a, Lit b) { return lor(land(a, b ^ 1), land(a ^ 1, b)); }
  Lit mux(Lit s, Lit a, Lit b) { return lor(land(s, a), land(s ^ 1, b)); }  ///< a where s
  /// Every variable's values for 64 random choices of the inputs, a bit each.
  std::vector<std::uint64_t> simulate(std::uint64_t seed) const;
  /// A literal's among them.
  static std::uint64_t value_in(const std::vector<std::uint64_t>& values, Lit literal) {
    return values[literal >> 1] ^ (0 - std::uint64_t{literal & 1});
  }
  /// Writes the part of it that `output` needs, as binary AIGER.
  void write(const std::string& path, Lit output) const;

 private:
  struct Node {
    Lit a, b;  ///< of an input both are 0
  };
  std::vector<Node> nodes_{{kFalse, kFalse}};
  std::vector<std::uint32_t> table_ =
      std::vector<std::uint32_t>(1 << 16);  ///< variables by the hash of their inputs, 0: free

  std::size_t place(Lit a, Lit b) const;  ///< in the table: where such a gate is or may be put
};

/// One copy of a netlist, laid out over cycles on demand: only what is asked for is built.
class Unrolled {
 public:
  /// What an input or a flop is in a cycle; a flop may be left to the netlist by `kNext` in every cycle but the first.
  using Source = std::function<Lit(std::uint32_t index, int cycle)>;
  static constexpr Lit kNext = ~Lit{0};

  /// What is known of each variable in each cycle: large, mostly empty, and so made once for many copies.
  class Memory {
   public:
    Memory(const SequentialAig& netlist, int cycles);

   private:
    friend class Unrolled;
    std::vector<std::vector<Lit>> known_;
    std::vector<Lit*> used_;
  };

  Unrolled(const SequentialAig& netlist, Aig& graph, Memory& memory, Source input, Source flop);
  Unrolled(const Unrolled&) = delete;
  Unrolled& operator=(const Unrolled&) = delete;
  ~Unrolled();
  Lit value(Lit literal, int cycle);  ///< of a literal of the netlist
  Lit next(std::uint32_t flop, int cycle) { return value(netlist_.next[flop], cycle); }
  Lit output(std::uint32_t index, int cycle) { return value(netlist_.outputs[index], cycle); }
  /// Whatever is this literal of the graph from now on, or its inverse, is taken for a constant.
  void force(Lit literal, bool value);

 private:
  const SequentialAig& netlist_;
  Aig& graph_;
  Memory& memory_;
  Source input_, flop_;
  std::vector<std::pair<Lit, Lit>> forced_;

  Lit settled(Lit literal) const;
};

}  // namespace spmma::verif
