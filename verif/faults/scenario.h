// SPDX-License-Identifier: Apache-2.0
// Short checked runs of a unit that may be faulty: what decides whether a mutant is killed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "spmma/preset.h"

namespace spmma::verif {

/// What a run saw.
struct Verdict {
  bool wrong = false;      ///< a check failed: values, flags, cycles, bus rules, registers, or it hangs
  bool assertion = false;  ///< an assertion of the RTL failed
  std::string what;        ///< the first of both, in one line
  std::int64_t cycles = 0;

  bool killed() const { return wrong || assertion; }
};

struct Scenario {
  std::string name;
  /// Runs it with stimulus of this seed. After the first thing that is wrong it goes on for a while, to see whether an
  /// assertion sees it, too.
  std::function<Verdict(std::uint64_t seed)> run;
};

/// Short streams of beats on make_core_model(), that see most first.
std::vector<Scenario> core_scenarios(const Preset& preset);
/// The regression's tests of the unit, of the presets that core_model_presets() and gemm_model_presets() name.
std::vector<Scenario> regress_scenarios(bool engine);

}  // namespace spmma::verif
