// SPDX-License-Identifier: Apache-2.0
// What becomes of an assertion of the RTL that fails.
#include "assertion.h"

#include <gmock/gmock.h>

#include "core_model.h"

namespace spmma::verif {
namespace {

TEST(CoreAssertion, IsRememberedAndNotPrinted) {
  const auto model = make_core_model(core_model_presets().back());
  model->reset();
  take_assertion_failure();
  const int products = products_per_step(model->params().arith(), Format::fp16);
  model->set_control({.fmt_a = static_cast<std::uint8_t>(Format::fp16),
                      .fmt_b = static_cast<std::uint8_t>(Format::fp16),
                      .len = 2 * products});
  model->set_in_valid(true);
  testing::internal::CaptureStdout();
  for (int cycle = 0; cycle < 4; ++cycle) {
    model->settle();
    model->rise();
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_GT(model->assertion_failures(), 0);

  const auto failure = take_assertion_failure();
  ASSERT_TRUE(failure);
  EXPECT_THAT(failure->name, testing::StartsWith("CtrlLanesInStep (spmma_ctrl.sv:"));
  EXPECT_THAT(failure->message, testing::HasSubstr("Assertion failed in TOP.spmma_core."));
  EXPECT_EQ(failure->path, "TOP.spmma_core.u_ctrl.CtrlLanesInStep");
  EXPECT_FALSE(take_assertion_failure());
}

}  // namespace
}  // namespace spmma::verif
