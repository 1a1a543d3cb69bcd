// SPDX-License-Identifier: Apache-2.0
// A failing case of the regression as a wave around the cycle in which it was seen to fail.
#pragma once

#include <filesystem>
#include <string>

#include "regress/test_case.h"
#include "wave/layout.h"

namespace spmma::verif {

/// Cycles before and after the one that fails which a wave shows.
inline constexpr std::int64_t kFailureRadius = 32;

/// The cycles within `radius` of `cycle`.
WaveWindow window_around(std::int64_t cycle, std::int64_t radius = kFailureRadius);

/// Runs the case again and writes base.fst, base.gtkw (GTKWave's save file) and base.svg around the cycle in which it
/// fails. Returns the picture's text. Needs models with waves, and fst2vcd; throws std::runtime_error where they are
/// missing or a file cannot be written. Precondition: `result` is a failure.
std::string write_failure_wave(const TestCase& test_case, const CaseResult& result, const std::filesystem::path& base);

}  // namespace spmma::verif
