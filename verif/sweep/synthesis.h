// SPDX-License-Identifier: Apache-2.0
// From RTL to gates: each module mapped once by Yosys, and kept in the cache for every point that has it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sweep/cache.h"
#include "sweep/liberty.h"
#include "sweep/netlist.h"
#include "sweep/point.h"
#include "sweep/tools.h"

namespace spmma::sweep {

/// Figures that need no cell library.
struct PlainFigures {
  double gate_equivalents = 0;   ///< transistors of simple gates / 4, without memories
  std::int64_t logic_depth = 0;  ///< simple gates on the longest path within a module
  std::string deepest;           ///< that module
};

/// Of the two operands of the unit's widest multiplier, in bits; as they are without a module `spmma_multiplier`.
struct MultiplierWidths {
  int a = 12, b = 11;  ///< signed, unsigned
};

struct SynthesisResult {
  PlainFigures plain;
  std::int64_t memory_bits = 0;
  MultiplierWidths multiplier;    ///< as the RTL has it, whatever the formats
  std::vector<Netlist> netlists;  ///< one for each clock target (at least one); empty without a library
};

/// A module's own name, whatever its parameters: "spmma_quad_2" is "spmma_quad".
std::string block_of(const std::string& module);
inline constexpr const char* kMemoryModule = "spmma_ram";
inline constexpr const char* kMultiplierModule = "spmma_multiplier";  ///< the widest, a4_i * b4_i

/// `clock_targets` in ns. Throws std::runtime_error that says what Yosys said.
SynthesisResult synthesise(const Point& point, Unit unit, const std::vector<double>& clock_targets, const Tools& tools,
                           const Liberty* liberty, const Cache& cache);

/// A multiplier like the unit's widest one, alone between registers (multiplier.sv): for each clock target a netlist,
/// mapped as `synthesise` maps. Throws as it does.
std::vector<Netlist> synthesise_multiplier(const MultiplierWidths& widths, const std::vector<double>& clock_targets,
                                           const Tools& tools, const Liberty& liberty, const Cache& cache);

/// Cells of the library and their area in a netlist, all instances counted, memories not.
struct CellCount {
  double area = 0;
  std::int64_t cells = 0, flops = 0;
  std::map<std::string, double> area_by_block;
};
CellCount count_cells(const Netlist& netlist, const Liberty& liberty);

}  // namespace spmma::sweep
