// SPDX-License-Identifier: Apache-2.0
// The coverage of one verilated model. Empty unless the model was built with coverage (SPMMA_COVERAGE).
#pragma once

#include <verilated.h>

#include <cstddef>
#include <span>
#include <string>
#include <typeinfo>
#include <vector>

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

/// To be called when a model's first reset ends: forgets what it has counted so far. Verilator 5.006 takes the bits
/// that its own variables begin with for what was there before: it counts a change of whatever differs from them in the
/// first cycle, constants included. What was counted of anything but toggles is added to the process's coverage if
/// `keep`: it is the same in each model of a kind, and takes time.
void restart_coverage(VerilatedContext& context, bool keep);

/// Adds the coverage of a model of the class `model`, whose top module is in the file `top`, to the process's. The
/// model still lives.
void collect_model(VerilatedContext& context, const PortToggles& ports, const std::string& top,
                   const std::type_info& model);

}  // namespace spmma::verif
