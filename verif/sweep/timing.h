// SPDX-License-Identifier: Apache-2.0
// Clock, critical path and power of a mapped design, by OpenSTA.
#pragma once

#include <string>
#include <vector>

#include "sweep/activity.h"
#include "sweep/cache.h"
#include "sweep/netlist.h"
#include "sweep/tools.h"

namespace spmma::sweep {

struct TimingResult {
  double period_ns = 0;  ///< the shortest that the slowest path allows
  std::vector<std::string> critical_path =
      {};                ///< RTL names of the registers at its ends, and of the instances on its way
  double power_mw = 0;   ///< at that period
  double activity = 0;   ///< changes a cycle of a register's bit, mean
  double annotated = 0;  ///< share of the flip-flops whose activity the run gave
};

/// Wires are ideal: only cells and their pins count. Throws std::runtime_error that says what OpenSTA said.
TimingResult time_netlist(const Netlist& netlist, const Liberty& liberty, const Activity& activity, const Tools& tools,
                          const Cache& cache);

}  // namespace spmma::sweep
