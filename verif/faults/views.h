// SPDX-License-Identifier: Apache-2.0
// Models of the same unit made in different ways.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core_model.h"
#include "gemm_model.h"

namespace spmma::verif {

inline constexpr std::array kViewNames = {"-O3", "-O0", "the netlist"};

/// A model of each view, in that order; each draws its first bits from another seed.
std::vector<std::unique_ptr<CoreModel>> make_core_views(std::uint64_t seed);
std::vector<std::unique_ptr<GemmModel>> make_gemm_views(std::uint64_t seed);

}  // namespace spmma::verif
