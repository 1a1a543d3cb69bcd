// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "cli/job.h"

namespace spmma::cli {

/// Elements of D in which the RTL and the golden model differ. The first one is taken apart on standard error: its
/// position, both values, and the first step in which the two chains part.
std::int64_t compare(const Job& job, const Tensor& rtl, const Tensor& golden);

}  // namespace spmma::cli
