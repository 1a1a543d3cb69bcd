// SPDX-License-Identifier: Apache-2.0
// What the engine's tests share.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "engine_gemm.h"
#include "gemm_model.h"
#include "random_gemm.h"

namespace spmma::verif {

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

/// What goes with a run whose job must end well.
void expect_good(const EngineRunResult& result, const GemmProblem& problem, bool unstalled);

/// One run of `mode` that must end well; shape, layout and memory are drawn from `seed`.
void random_run(const Preset& preset, const CoreMode& mode, std::uint64_t seed, bool stalled);

}  // namespace spmma::verif
