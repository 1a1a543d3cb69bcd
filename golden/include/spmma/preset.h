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

/// The parameters that spmma_gemm has beside its core's (docs/gemm.md, "Theory of operation").
struct GemmParams {
  int data_bits = 512;    ///< of the memory side
  int block_rows = 128;   ///< rows of a block
  int block_bytes = 128;  ///< bytes of a row of B in a block
  int k_bytes = 128;      ///< stored bytes of a row of A in a K block
  int c_strips = 8;       ///< strips in the ring of C
  int d_strips = 4;       ///< strips in the ring of D

  int data_bytes() const { return data_bits / 8; }
};

struct Preset {
  std::string name;
  std::string description;
  CoreParams core;
  GemmParams gemm;

  /// Parameters of spmma_gemm by RTL name, as CoreParams::rtl() has those of spmma_core. The engine chooses its core's
  /// AccSlots and OutDepth itself.
  std::vector<std::pair<std::string, int>> gemm_rtl() const;
};

/// All presets in file order; the first one is the default (ampere).
const std::vector<Preset>& presets();
const Preset* find_preset(std::string_view name);  ///< null if unknown

}  // namespace spmma
