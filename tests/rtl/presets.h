// SPDX-License-Identifier: Apache-2.0
// Tests that run on every preset of the build.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core_model.h"

namespace spmma::verif {

class EveryPreset : public testing::TestWithParam<std::string> {
 protected:
  const CoreParams& params() const { return find_preset(GetParam())->core; }
};

#define SPMMA_EVERY_PRESET(suite)                                                                   \
  INSTANTIATE_TEST_SUITE_P(Presets, suite, testing::ValuesIn(::spmma::verif::core_model_presets()), \
                           [](const testing::TestParamInfo<std::string>& instance) { return instance.param; })

}  // namespace spmma::verif
