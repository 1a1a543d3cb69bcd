// SPDX-License-Identifier: Apache-2.0
// Trees of buffers where a net has too much to drive. The mapping sees one module at a time; what a net drives within
// the modules that it goes to shows only here.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sweep/liberty.h"
#include "sweep/netlist.h"

namespace spmma::sweep {

/// Inserts buffers in every module, so that no net but the clock's drives more than `most` (the library's unit), and
/// returns how many each module got.
std::map<std::string, std::int64_t> insert_buffers(Netlist& netlist, const Liberty& liberty, double most);

}  // namespace spmma::sweep
