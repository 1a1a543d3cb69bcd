// SPDX-License-Identifier: Apache-2.0
// A build may have models of fewer presets than there are (SPMMA_PRESETS): tests that run another one are skipped.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace spmma::test {

/// Whether this build has models of the preset.
inline bool preset_built(std::string_view name) {
  const std::string all = "," SPMMA_TEST_PRESETS ",";
  return all.find(fmt::format(",{},", name)) != std::string::npos;
}

}  // namespace spmma::test

/// In SetUp() or a test: skips it without this preset's models.
#define SPMMA_NEEDS_PRESET(name) \
  if (!::spmma::test::preset_built(name)) GTEST_SKIP() << "this build has no models of preset " << (name)
