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

  std::string message;
  EXPECT_THAT(take_assertion_failure(&message), testing::StartsWith("CtrlLanesInStep (spmma_ctrl.sv:"));
  EXPECT_THAT(message, testing::HasSubstr("Assertion failed in TOP.spmma_core."));
  EXPECT_EQ(take_assertion_failure(&message), "");
  EXPECT_EQ(message, "");
}

}  // namespace
}  // namespace spmma::verif
