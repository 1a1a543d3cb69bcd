// SPDX-License-Identifier: Apache-2.0
// A mapped design: modules of cells and of one another, each there once whatever the number of its instances.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sweep/liberty.h"

namespace spmma::sweep {

/// A net of a module; negative: a constant.
using Net = int;
inline constexpr Net kZero = -1, kOne = -2;

struct CellInstance {
  std::string name;
  std::string type;                                   ///< a cell of the library, or a module of the design
  std::map<std::string, std::vector<Net>> pins = {};  ///< a vector of bits, least significant first
};

struct Port {
  bool input = true;
  std::vector<Net> bits;
};

struct Module {
  std::map<std::string, Port> ports;
  std::vector<CellInstance> cells;
  std::map<Net, std::string> names;  ///< of nets as the RTL has them, with their index: "c1_q[3]"
  Net nets = 0;                      ///< all are below
};

struct Netlist {
  std::string top = {};
  std::map<std::string, Module> modules = {};

  /// Instances of each module within one of the top; the top itself is 1.
  std::map<std::string, std::int64_t> instances() const;
  /// Modules with those that they contain before them.
  std::vector<std::string> bottom_up() const;
};

/// A module of what Yosys' write_json wrote. Throws std::runtime_error if it is not there or another thing.
Module read_module(const std::string& json, const std::string& name);

/// Gives flip-flops the name of the register that they hold, "c1_q[3]", and gates a short one, "g17".
void name_flops(Module& module, const Liberty& liberty);

/// One Verilog file of scalars: what OpenSTA takes. Constants are left without a driver. "[", "]" of names become ".",
/// "".
std::string write_verilog(const Netlist& netlist, const Liberty& liberty);

/// "gen_row[3].u_row" as it stands in that file, "gen_row.3.u_row", and back.
std::string plain_name(const std::string& name);
std::string rtl_name(const std::string& plain);

}  // namespace spmma::sweep
