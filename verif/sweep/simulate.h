// SPDX-License-Identifier: Apache-2.0
// A point's workload on its RTL, checked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sweep/activity.h"
#include "sweep/model_library.h"
#include "sweep/numeric_error.h"
#include "sweep/point.h"
#include "sweep/workload.h"

namespace spmma::sweep {

/// One GEMM as it ran.
struct CaseResult {
  std::string name = {};
  Format format = Format::fp16, format_b = Format::fp16;
  Acc acc = Acc::f32;
  bool sparse = false;
  std::int64_t m = 0, n = 0, k = 0;
  std::int64_t cycles = 0, cycles_model = 0;
  std::int64_t mismatches = 0;  ///< elements of D that differ from the golden model's in a bit
  NumericError error = {};
  Activity activity = {};  ///< of all registers

  std::int64_t macs() const { return m * n * k; }  ///< dense-equivalent
  bool passed() const { return mismatches == 0 && cycles == cycles_model; }
};

/// macs / (cycles x rows x columns x L x (2 if sparse)).
double utilisation(const CaseResult& result, const CoreParams& core);

/// Throws std::runtime_error where the workload does not suit the point, an assertion fails or the RTL hangs. A wrong
/// result does not throw: CaseResult says so.
std::vector<CaseResult> simulate(const LoadedModel& model, const Point& point, Unit unit, const Workload& workload);

}  // namespace spmma::sweep
