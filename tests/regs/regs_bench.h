// SPDX-License-Identifier: Apache-2.0
// A test with the RTL and its reference side by side, compared in every cycle.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

#include "registers.h"
#include "regs_model.h"
#include "regs_reference.h"

namespace spmma::verif {

/// An instance for each data width.
class RegsBench : public testing::TestWithParam<int> {
 protected:
  RegsBench();
  void TearDown() override;

  /// One cycle with `in` as inputs, checked; the outputs in it.
  RegsOutputs cycle();
  void reset();

  struct ReadResult {
    std::uint32_t data;
    std::uint32_t response;
  };
  /// Whole transactions, address and data at once, responses taken at once. Other inputs stay as they are.
  ReadResult read(std::uint32_t offset);
  std::uint32_t write(std::uint32_t offset, std::uint32_t data, std::uint32_t strobes = 0xF);
  /// The data of a read that must be answered OKAY.
  std::uint32_t value(std::uint32_t offset);
  /// A job ends with what `in` says.
  void end_job(bool error);

  RegsInputs in;
  std::unique_ptr<RegsModel> model;
  RegsReference reference;
};

#define SPMMA_REGS_WIDTHS(suite)                                       \
  INSTANTIATE_TEST_SUITE_P(DataBits, suite, testing::Values(128, 512), \
                           [](const testing::TestParamInfo<int>& instance) { return std::to_string(instance.param); })

}  // namespace spmma::verif
