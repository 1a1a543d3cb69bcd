// SPDX-License-Identifier: Apache-2.0
// What the engine's tests share.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "engine_gemm.h"
#include "gemm_model.h"
#include "random_gemm.h"

namespace spmma::verif {

/// Whether a GEMM of some blocks takes seconds: all presets but small and tiny.
inline bool large_blocks(const Preset& preset) { return preset.gemm.block_rows > 16; }

/// Tests that run on the engine of every preset of the build.
class EveryEngine : public testing::TestWithParam<std::string> {
 protected:
  const Preset& preset() const { return *find_preset(GetParam()); }
  bool large() const { return large_blocks(preset()); }
};

#define SPMMA_EVERY_ENGINE(suite)                                                                   \
  INSTANTIATE_TEST_SUITE_P(Presets, suite, testing::ValuesIn(::spmma::verif::gemm_model_presets()), \
                           [](const testing::TestParamInfo<std::string>& instance) { return instance.param; })

/// One figure a line, so that a difference shows which.
std::string describe(const GemmCycles& cycles);

void expect_equal(const Tensor& actual, const Tensor& expected);

/// A size around what an engine cuts at: 1 to a few times `unit`, often at its edges.
std::int64_t random_size(std::mt19937_64& random, std::int64_t unit, std::int64_t units);

/// Columns of a block and stored elements of a row of A in a K block.
std::int64_t block_columns(const Preset& preset, const CoreMode& mode);
std::int64_t k_block(const Preset& preset, const CoreMode& mode);  ///< of the GEMM's K: twice as many if sparse

/// What goes with a run whose job must end well.
void expect_good(const EngineRunResult& result, const GemmProblem& problem, bool unstalled);

/// One run of `mode` that must end well; shape, layout and memory are drawn from `seed`.
void random_run(const Preset& preset, const CoreMode& mode, std::uint64_t seed, bool stalled);

}  // namespace spmma::verif
