// SPDX-License-Identifier: Apache-2.0
// Faults in the flip-flops and memories of a model that was verilated with --public-flat-rw.
#pragma once

#include <verilated.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "model/model_flops.h"

namespace spmma::verif {

/// Turns `bit` (0 to bits() - 1) over.
void flip(const Flops& flops, std::int64_t bit);

/// What happens before the cycles of the models of this process.
class Injector {
 public:
  /// Of the model made last.
  std::vector<Flops> flops;
  std::int64_t cycle = 0;  ///< of that model, resets included
  /// Called before each cycle of the model, if there is one.
  std::function<void(Injector&)> before_cycle;
};
Injector& injector();

/// A generated class whose flops are the injector's.
template <class V>
class WithFlops : public V {
 public:
  explicit WithFlops(VerilatedContext* context) : V(context) {
    injector().flops = find_flops(*context);
    injector().cycle = 0;
  }
  /// In place of V's; VerilatedTop calls it with the clock low and then high.
  void eval() {
    if (this->clk_i == 0) {
      if (injector().before_cycle) injector().before_cycle(injector());
      ++injector().cycle;
    }
    V::eval();
  }
};

}  // namespace spmma::verif
