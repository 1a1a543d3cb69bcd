// SPDX-License-Identifier: Apache-2.0
// One point, from parameters to its record.
#pragma once

#include "sweep/point.h"
#include "sweep/record.h"

namespace spmma::sweep {

/// Builds, simulates, checks, synthesises and times the point, with the cache's help. What goes wrong with the point is
/// in the record (status and reason) and throws nothing. Throws verif::InputError where the cache cannot be written.
Record evaluate(const Point& point, const Task& task);

}  // namespace spmma::sweep
