// SPDX-License-Identifier: Apache-2.0
// What ends a run in which the RTL broke a rule.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace spmma::verif {

/// A broken rule of the bus, a failed assertion, a hang.
class HardwareFailure : public std::runtime_error {
 public:
  HardwareFailure(const std::string& what, std::int64_t cycle) : std::runtime_error(what), cycle_(cycle) {}
  /// Of the model, counted as WaveWindow's: in which the rule was broken, or something moved last before the hang.
  std::int64_t cycle() const { return cycle_; }

 private:
  std::int64_t cycle_;
};

}  // namespace spmma::verif
