// SPDX-License-Identifier: Apache-2.0
// Clock, critical path and power of a mapped design, by OpenSTA.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sweep/cache.h"
#include "sweep/netlist.h"
#include "sweep/tools.h"

namespace spmma::sweep {

struct TimingResult {
  double period_ns = 0;                          ///< the shortest that the slowest path allows
  std::vector<std::string> critical_path = {};   ///< RTL names of the registers at its ends and the instances between
  std::map<std::string, double> registers = {};  ///< ns, the slowest path into a register of that name (see below)
  // At that period:
  double clock_mw = 0;     ///< power where nothing but the clock changes
  double activity_mw = 0;  ///< and what every net adds that changes once a cycle

  /// Power where each net changes `activity` times a cycle.
  double power_mw(double activity) const { return clock_mw + activity * activity_mw; }
};

/// Wires are ideal: only cells and their pins count. A netlist that was timed before comes from the cache. Throws
/// std::runtime_error that says what OpenSTA said.
/// With `every`, `registers` says how slow the slowest path into each register is, by the name of the instance that the
/// register is in and its own ("u_quad.b2_q"): what occurs many times stands there once.
TimingResult time_netlist(const Netlist& netlist, const Liberty& liberty, const Tools& tools, const Cache& cache,
                          bool every = false);

}  // namespace spmma::sweep
