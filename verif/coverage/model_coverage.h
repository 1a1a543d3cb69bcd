// SPDX-License-Identifier: Apache-2.0
// The coverage of one verilated model. Empty unless the model was built with coverage (SPMMA_COVERAGE).
#pragma once

#include <verilated.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "coverage/points.h"

namespace spmma::verif {

/// Both directions of each bit of a model's ports: Verilator 5.006 counts a change of either in one point.
class PortToggles {
 public:
  /// `port` lives as long as this; its first `bits` bits count.
  template <class Port>
  void add(std::string name, const Port& port, int bits) {
    ports_.push_back({std::move(name), std::as_bytes(std::span(&port, 1)), bits, {}, {}, {}});
  }
  /// In each cycle, when the inputs have reached the logic.
  void sample();

  struct PortState {
    std::string name;
    std::span<const std::byte> now;
    int bits;
    std::vector<std::byte> before;
    std::vector<std::byte> risen;   ///< bits that changed from 0 to 1, so far
    std::vector<std::byte> fallen;  ///< and from 1 to 0
  };
  std::span<const PortState> ports() const { return ports_; }

 private:
  std::vector<PortState> ports_;
};

/// What the toggles of a model have counted so far. Verilator 5.006 takes the random bits that a model begins with for
/// what was there before, a constant's too, and so counts a change of about half of all bits in the first cycle: only
/// what follows the first reset tells that something changes.
CoverageData toggles_of(VerilatedContext& context);

/// Adds the coverage of a model, whose top module is in the file `top`, to the process's, its toggles without those
/// that were counted `before`. The model still lives.
void collect_model(VerilatedContext& context, const PortToggles& ports, const CoverageData& before,
                   const std::string& top);

}  // namespace spmma::verif
