// SPDX-License-Identifier: Apache-2.0
// The process's coverage: models and observers add what they saw, from any thread.
#pragma once

#include <filesystem>

#include "points.h"

namespace spmma::verif {

/// Adds to the process's coverage. Thread-safe.
void collect_coverage(const CoverageData& data);

/// All that was collected so far. Thread-safe.
CoverageData collected_coverage();

/// From now on collected coverage is written to a file of this process in `directory`, when the process ends.
void write_coverage_at_exit(const std::filesystem::path& directory);

}  // namespace spmma::verif
