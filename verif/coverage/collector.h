// SPDX-License-Identifier: Apache-2.0
// The process's coverage: models and observers add what they saw, from any thread.
#pragma once

#include <filesystem>
#include <string>

#include "points.h"

namespace spmma::verif {

/// Adds to the process's coverage. Thread-safe.
void collect_coverage(const CoverageData& data);

/// What a model saw could not be had, and why. Thread-safe.
void lose_coverage(const std::string& why);

/// All that was collected so far. Thread-safe. Throws std::runtime_error if some was lost.
CoverageData collected_coverage();

/// From now on collected coverage is written to a file of this process in `directory`, when the process ends.
void write_coverage_at_exit(const std::filesystem::path& directory);

}  // namespace spmma::verif
