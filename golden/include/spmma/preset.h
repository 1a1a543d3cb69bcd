// SPDX-License-Identifier: Apache-2.0
// Named parameter sets of the RTL, read from rtl/presets.json at build time (one source for RTL, model and `spmma
// info`).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spmma/format.h"
#include "spmma/step.h"

namespace spmma {

/// The parameters of spmma_core (rtl/spmma_core.sv says what each means and which values are legal).
struct CoreParams {
  int rows = 8;
  int cols = 4;
  int step_bytes = 16;
  int frac_bits = 24;
  int formats = 0x1F;  ///< bit i: Format with value i is built in
  bool sparse = true;
  int acc_slots = 16;
  int out_depth = 16;
  int pipe = 0xF;  ///< bit mask of optional pipeline registers

  Arith arith() const { return {step_bytes, frac_bits}; }
  bool has(Format f) const { return ((formats >> static_cast<int>(f)) & 1) != 0; }
  /// Parameters by RTL name, in declaration order, as `verilator -G` and Yosys `chparam` take them.
  std::vector<std::pair<std::string, int>> rtl() const;
};

struct Preset {
  std::string name;
  std::string description;
  CoreParams core;
};

/// All presets in file order; the first one is the default (ampere).
const std::vector<Preset>& presets();
const Preset* find_preset(std::string_view name);  ///< null if unknown

}  // namespace spmma
