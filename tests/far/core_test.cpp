// SPDX-License-Identifier: Apache-2.0
// A chain of billions of steps, of which two are run: between them the steps so far are set.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "core_beat.h"
#include "set_flops.h"
#include "soft_model.h"

namespace spmma::verif {
namespace {

TEST(FarChain, TheStepWithTheFirstIllegalNibble) {
  const auto model = make_soft_core(1);
  model->reset();
  CoreBeat beat(model->params());
  const auto cycle = [&](bool valid) {
    drive(*model, beat);
    model->set_in_valid(valid);
    model->set_out_ready(true);
    model->settle();
    const bool taken = valid && model->in_ready();
    const bool out = model->out_valid();
    const CoreFlags flags = model->flags();
    model->rise();
    if (out) {
      EXPECT_TRUE(flags.meta_err);
    }
    return std::pair{taken, out ? std::optional(flags) : std::nullopt};
  };
  const auto step = [&](const CoreControl& control, std::uint8_t nibble) {
    beat.control = control;
    put_nibble(beat.meta.data(), 0, nibble);
    while (!cycle(true).first) {
    }
    std::optional<CoreFlags> result;
    for (int i = 0; i < 40; ++i) {
      if (const auto flags = cycle(false).second) result = flags;
    }
    return result;
  };
  CoreControl control{.fmt_a = static_cast<std::uint8_t>(Format::fp16),
                      .fmt_b = static_cast<std::uint8_t>(Format::fp16)};
  control.sparse = true;
  control.len = 4;
  for (int g = 0; g < 2; ++g) put_nibble(beat.meta.data(), g, 0x4);
  for (int slot = 0; slot < model->params().acc_slots; ++slot) {
    control.slot = slot;
    for (const std::uint32_t before : {0xFFFF'FFFEU, 0xA5C3'96F0U, 0x5A3C'690FU, 0x8000'0000U}) {
      SCOPED_TRACE(fmt::format("slot {}, {:x} steps before", slot, before));
      control.first = true;
      control.last = false;
      EXPECT_FALSE(step(control, 0x4));
      EXPECT_EQ(get_flop("u_ctrl.u_flags", "mem_q", slot) & 0xFFFF'FFFFU, 1U);
      set_flop("u_ctrl.u_flags", "mem_q", 32, before, slot);
      control.first = false;
      EXPECT_FALSE(step(control, 0x4));
      EXPECT_FALSE(step(control, 0x0));  // two times the same element
      control.last = true;
      const auto flags = step(control, 0x4);
      ASSERT_TRUE(flags);
      EXPECT_EQ(flags->slot, slot);
      EXPECT_EQ(flags->meta_step, before + 1);
      EXPECT_EQ(flags->meta_group, 0);
    }
  }
}

}  // namespace
}  // namespace spmma::verif
