// SPDX-License-Identifier: Apache-2.0
// The mutants of one netlist, as `yosys mutate -list` wrote them.
#pragma once

#include <string>
#include <vector>

namespace spmma::verif {

struct Mutant {
  int id = 0;          ///< value of `mutsel` that wakes it
  std::string kind;    ///< inv, const0, const1, cnot0 or cnot1 (inverted while another bit of the port is 0 or 1)
  std::string module;  ///< without parameters: "spmma_dot"
  std::string place;   ///< cell, port and bit
  std::string source;  ///< "spmma_dot.sv:208": where its cell is written
  std::string line;    ///< the line of the list
};

/// Reads a list. Throws InputError if it cannot be read or a line is none of Yosys's.
std::vector<Mutant> read_mutants(const std::string& path);

}  // namespace spmma::verif
