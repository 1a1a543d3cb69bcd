// SPDX-License-Identifier: Apache-2.0
// What the testbenches play: files for $readmemh with inputs and expected outputs, X wherever the design may not look,
// and case.svh with the parameters and sizes.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "spmma/preset.h"

namespace spmma::fourstate {

/// Steps of spmma_core and the results of their chains, for core_tb.sv. Throws std::runtime_error if a file cannot be
/// written.
void write_core_data(const Preset& preset, const std::filesystem::path& folder);

/// Jobs of spmma_gemm as accesses to its registers, and memory before and after, for gemm_tb.sv. Throws as
/// write_core_data().
void write_gemm_data(const Preset& preset, const std::filesystem::path& folder);

/// case.svh: `constants` as localparams, and the macro SPMMA_PARAMETERS that sets `parameters` of an instance.
std::string case_text(const std::vector<std::pair<std::string, int>>& parameters,
                      const std::vector<std::pair<std::string, std::string>>& constants);

}  // namespace spmma::fourstate
