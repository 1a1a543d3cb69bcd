// SPDX-License-Identifier: Apache-2.0
// The flip-flops and memories of a model that was verilated with those variables public (--public-flat-rw, or
// public_flat_rd in a configuration file).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

class VerilatedContext;

namespace spmma::verif {

/// A register or a memory of one module instance: by the RTL's conventions, a variable whose name ends in _q. Those of
/// the assertions, whose names begin with a capital letter or check_ (spmma_assert.svh), are no part of the design.
struct Flops {
  std::string instance;  ///< path below the top, "" for the top itself: "u_core.u_ctrl"
  std::string name;
  std::byte* data = nullptr;
  std::int64_t words = 1;  ///< of a memory
  int width = 0;           ///< bits of a word
  int stride = 0;          ///< bytes from word to word

  std::int64_t bits() const { return words * width; }
};

/// In the order of their names.
std::vector<Flops> find_flops(const VerilatedContext& context);

}  // namespace spmma::verif
