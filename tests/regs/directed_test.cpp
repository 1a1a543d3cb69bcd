// SPDX-License-Identifier: Apache-2.0
// The register block case by case. Beside what a test says, every output of every cycle is compared with the reference.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "regs_bench.h"

namespace spmma::verif {
namespace {

constexpr std::uint32_t kSpace = 1 << 12;  // bytes of address space
constexpr std::uint32_t kStart = reg::kCtrlStart.mask();
constexpr std::uint32_t kAbort = reg::kCtrlAbort.mask();
constexpr std::uint32_t kDone = reg::kStatusDone.mask();
constexpr std::uint32_t kError = reg::kStatusError.mask();

bool exists(std::uint32_t offset) {
  return std::ranges::find(reg::kRegisters, offset, &reg::Register::offset) != reg::kRegisters.end();
}

/// The part of a register that DataBits fixes: a bit more than the mask of the map says.
std::uint32_t fixed_bits(std::uint32_t offset, int data_bits) {
  const bool low = offset == reg::kWinRdBase || offset == reg::kWinRdLimit || offset == reg::kWinWrBase ||
                   offset == reg::kWinWrLimit;
  return low ? static_cast<std::uint32_t>(data_bits) / 8 - 1 : 0;
}

class RegsDirected : public RegsBench {};
SPMMA_REGS_WIDTHS(RegsDirected);

TEST_P(RegsDirected, ResetValues) {
  EXPECT_EQ(value(reg::kId), 0x53504D4D);
  EXPECT_EQ(reg::kVersionMajor.get(value(reg::kVersion)), 1);
  EXPECT_EQ(value(reg::kWinRdLimit + 4), 0xFFFFFFFF);
  for (const reg::Register& entry : reg::kRegisters) {
    SCOPED_TRACE(entry.name);
    if (entry.parameter.empty()) {
      EXPECT_EQ(value(entry.offset), entry.reset);
    } else if (entry.parameter == "DataBits") {
      EXPECT_EQ(value(entry.offset), static_cast<std::uint32_t>(GetParam()));
    } else {
      const auto parameter = std::ranges::find(regs_parameters(), entry.parameter, &RegsParameter::name);
      ASSERT_NE(parameter, regs_parameters().end());
      EXPECT_EQ(value(entry.offset), parameter->value);
    }
  }
}

TEST_P(RegsDirected, EveryAddressRead) {
  for (std::uint32_t offset = 0; offset < kSpace; ++offset) {
    const ReadResult result = read(offset);
    ASSERT_EQ(result.response, exists(offset) ? kOkay : kSlverr) << fmt::format("{:#x}", offset);
    if (!exists(offset)) {
      EXPECT_EQ(result.data, 0) << fmt::format("{:#x}", offset);
    }
  }
}

TEST_P(RegsDirected, EveryAddressWritten) {
  for (const std::uint32_t data : {0xFFFFFFFFu, 0x00000000u, 0xA5C3960Fu}) {
    for (std::uint32_t offset = 0; offset < kSpace; ++offset) {
      const auto* const entry = std::ranges::find(reg::kRegisters, offset, &reg::Register::offset);
      bool taken = entry != reg::kRegisters.end() && entry->access != reg::Access::ro;
      if (offset == reg::kCtrl && (data & 3) == 3) taken = false;  // start together with abort
      ASSERT_EQ(write(offset, data), taken ? kOkay : kSlverr) << fmt::format("{:#x}", offset);
    }
    for (const reg::Register& entry : reg::kRegisters) {
      SCOPED_TRACE(entry.name);
      const std::uint32_t fixed = fixed_bits(entry.offset, GetParam());
      const std::uint32_t now = value(entry.offset);
      if (entry.access == reg::Access::rw) {
        EXPECT_EQ(now & ~fixed, data & entry.mask & ~fixed);
      }
      if (entry.access == reg::Access::ro && entry.parameter.empty()) {
        EXPECT_EQ(now, entry.reset);
      }
      if (entry.access == reg::Access::w1 || entry.access == reg::Access::w1c) {
        EXPECT_EQ(now, 0);
      }
    }
  }
}

TEST_P(RegsDirected, EveryRegisterHasItsOwnStorage) {
  std::uint32_t pattern = 0;
  const auto next = [&] { return pattern += 0x9E3779B9; };
  for (const reg::Register& entry : reg::kRegisters) {
    if (entry.access == reg::Access::rw) {
      EXPECT_EQ(write(entry.offset, next()), kOkay);
    }
  }
  pattern = 0;
  for (const reg::Register& entry : reg::kRegisters) {
    if (entry.access != reg::Access::rw) continue;
    const std::uint32_t fixed = fixed_bits(entry.offset, GetParam());
    EXPECT_EQ(value(entry.offset) & ~fixed, next() & entry.mask & ~fixed) << entry.name;
  }
}

TEST_P(RegsDirected, Strobes) {
  for (const reg::Register& entry : reg::kRegisters) {
    if (entry.access != reg::Access::rw) continue;
    SCOPED_TRACE(entry.name);
    const std::uint32_t fixed = fixed_bits(entry.offset, GetParam());
    for (std::uint32_t strobes = 0; strobes < 16; ++strobes) {
      write(entry.offset, 0x11223344);
      EXPECT_EQ(write(entry.offset, 0xFEDCBA98, strobes), kOkay);
      std::uint32_t expected = 0;
      for (int byte = 0; byte < 4; ++byte) {
        expected |= ((strobes >> byte & 1) ? 0xFEDCBA98 : 0x11223344) & (0xFFu << (8 * byte));
      }
      EXPECT_EQ(value(entry.offset) & ~fixed, expected & entry.mask & ~fixed);
    }
  }
}

TEST_P(RegsDirected, WindowsAreWholeBeats) {
  const std::uint32_t in_beat = static_cast<std::uint32_t>(GetParam()) / 8 - 1;
  for (const std::uint32_t base : {reg::kWinRdBase, reg::kWinWrBase}) {
    write(base, 0x12345FFF);
    write(base + 4, 0xABCDEFFF);
    EXPECT_EQ(value(base), 0x12345FFF & ~in_beat);
    EXPECT_EQ(value(base + 4), 0xABCDEFFF);
  }
  for (const std::uint32_t limit : {reg::kWinRdLimit, reg::kWinWrLimit}) {
    write(limit, 0x12345000);
    write(limit + 4, 0);
    EXPECT_EQ(value(limit), 0x12345000 | in_beat);
    EXPECT_EQ(value(limit + 4), 0);
  }
  const RegsOutputs out = cycle();
  EXPECT_EQ(out.win_rd_base, 0xABCDEFFF'12345FFF & ~std::uint64_t{in_beat});
  EXPECT_EQ(out.win_wr_base, out.win_rd_base);
  EXPECT_EQ(out.win_rd_limit, 0x12345000 | in_beat);
  EXPECT_EQ(out.win_wr_limit, out.win_rd_limit);
}

TEST_P(RegsDirected, WindowsRestWhileAJobRuns) {
  for (const auto& [busy, queued] : {std::pair{true, false}, {false, true}, {true, true}}) {
    in.busy = busy;
    in.queued = queued;
    for (const reg::Register& entry : reg::kRegisters) {
      if (entry.access != reg::Access::rw) continue;
      SCOPED_TRACE(entry.name);
      EXPECT_EQ(entry.locked, entry.name.starts_with("WIN_"));
      const std::uint32_t before = value(entry.offset);
      EXPECT_EQ(write(entry.offset, ~before), entry.locked ? kSlverr : kOkay);
      if (entry.locked) {
        EXPECT_EQ(value(entry.offset), before);
      }
    }
  }
  in.busy = in.queued = false;
  EXPECT_EQ(write(reg::kWinWrBase, 0x8000), kOkay);
  EXPECT_EQ(value(reg::kWinWrBase), 0x8000);
}

/// A start whose address and data are `distance` cycles apart (negative: data first) is accepted with the later one.
TEST_P(RegsDirected, AddressAndDataApart) {
  in.bready = true;
  for (int distance = -5; distance <= 5; ++distance) {
    SCOPED_TRACE(distance);
    const int aw_at = std::max(0, -distance);
    const int w_at = std::max(0, distance);
    for (int t = 0; t <= std::max(aw_at, w_at); ++t) {
      in.awvalid = t == aw_at;
      in.awaddr = t == aw_at ? reg::kCtrl : 0xFFF;  // nothing counts while not valid
      in.wvalid = t == w_at;
      in.wdata = t == w_at ? kStart : kAbort;
      in.wstrb = 0xF;
      const RegsOutputs out = cycle();
      EXPECT_EQ(out.start, t == std::max(aw_at, w_at));
      EXPECT_FALSE(out.abort);
      EXPECT_EQ(out.awready, t <= aw_at);
      EXPECT_EQ(out.wready, t <= w_at);
      EXPECT_FALSE(out.bvalid);
    }
    in.awvalid = in.wvalid = false;
    const RegsOutputs out = cycle();
    EXPECT_TRUE(out.bvalid);
    EXPECT_EQ(out.bresp, kOkay);
    EXPECT_FALSE(out.start);
    EXPECT_FALSE(cycle().bvalid);
  }
}

TEST_P(RegsDirected, ResponsesAreHeld) {
  in.awvalid = in.wvalid = true;
  in.awaddr = reg::kN;
  in.wdata = 77;
  in.wstrb = 0xF;
  in.arvalid = true;
  in.araddr = reg::kId;
  cycle();
  in.awaddr = reg::kM;  // the next ones wait at the door
  in.wdata = 78;
  in.araddr = 0x7FC;
  for (int t = 0; t < 20; ++t) {
    const RegsOutputs out = cycle();
    EXPECT_TRUE(out.bvalid && out.rvalid);
    EXPECT_FALSE(out.awready || out.wready || out.arready);
    EXPECT_EQ(out.rdata, 0x53504D4D);
  }
  in.bready = in.rready = true;
  cycle();
  const RegsOutputs out = cycle();
  EXPECT_TRUE(out.awready && out.wready && out.arready);
  in.awvalid = in.wvalid = in.arvalid = false;
  EXPECT_EQ(cycle().rresp, kSlverr);
  EXPECT_EQ(value(reg::kN), 77);
  EXPECT_EQ(value(reg::kM), 78);
}

/// What `write` would do to CTRL: the pulses in the cycle in which it is complete.
TEST_P(RegsDirected, StartAndAbort) {
  struct Case {
    std::uint32_t data, strobes;
    bool busy, queued, start, abort;
    std::uint32_t response;
  };
  for (const Case& c : {
           Case{kStart, 0xF, false, false, true, false, kOkay},
           Case{kStart, 0x1, true, false, true, false, kOkay},
           Case{kStart, 0xF, true, true, false, false, kSlverr},
           Case{kStart, 0xF, false, true, false, false, kSlverr},
           Case{kStart, 0xE, true, true, false, false, kOkay},  // not strobed: not a start
           Case{kStart, 0x0, false, false, false, false, kOkay},
           Case{kAbort, 0xF, false, false, false, true, kOkay},
           Case{kAbort, 0xF, true, true, false, true, kOkay},
           Case{kAbort, 0xE, true, false, false, false, kOkay},
           Case{kStart | kAbort, 0xF, false, false, false, false, kSlverr},
           Case{kStart | kAbort, 0xF, true, true, false, false, kSlverr},
           Case{~(kStart | kAbort), 0xF, false, false, false, false, kOkay},
       }) {
    SCOPED_TRACE(fmt::format("data {:#x}, strobes {:#x}, busy {}, queued {}", c.data, c.strobes, c.busy, c.queued));
    in.busy = c.busy;
    in.queued = c.queued;
    in.awvalid = in.wvalid = in.bready = true;
    in.awaddr = reg::kCtrl;
    in.wdata = c.data;
    in.wstrb = c.strobes;
    RegsOutputs out = cycle();
    EXPECT_EQ(out.start, c.start);
    EXPECT_EQ(out.abort, c.abort);
    in.awvalid = in.wvalid = false;
    out = cycle();
    EXPECT_FALSE(out.start || out.abort);
    EXPECT_EQ(out.bresp, c.response);
    EXPECT_EQ(value(reg::kCtrl), 0);
  }
}

TEST_P(RegsDirected, StatusAndInterrupt) {
  in.busy = true;
  EXPECT_EQ(value(reg::kStatus), reg::kStatusBusy.mask());
  in.queued = true;
  EXPECT_EQ(value(reg::kStatus), reg::kStatusBusy.mask() | reg::kStatusQueued.mask());
  in.busy = in.queued = false;

  end_job(false);
  EXPECT_EQ(value(reg::kStatus), kDone);
  EXPECT_FALSE(cycle().irq);
  write(reg::kIrqEn, reg::kIrqEnError.mask());
  EXPECT_FALSE(cycle().irq);
  write(reg::kIrqEn, reg::kIrqEnDone.mask());
  EXPECT_TRUE(cycle().irq);
  write(reg::kStatus, kError);
  EXPECT_TRUE(cycle().irq);
  write(reg::kStatus, kDone, 0xE);  // not strobed
  EXPECT_TRUE(cycle().irq);
  write(reg::kStatus, kDone);
  EXPECT_FALSE(cycle().irq);
  EXPECT_EQ(value(reg::kStatus), 0);

  end_job(true);
  EXPECT_EQ(value(reg::kStatus), kDone | kError);
  write(reg::kStatus, kDone);
  EXPECT_FALSE(cycle().irq);
  write(reg::kIrqEn, reg::kIrqEnError.mask());
  EXPECT_TRUE(cycle().irq);
  end_job(false);  // a good job does not hide that one failed
  EXPECT_EQ(value(reg::kStatus), kDone | kError);
  write(reg::kStatus, 0xFFFFFFFF);
  EXPECT_EQ(value(reg::kStatus), 0);
  EXPECT_FALSE(cycle().irq);
}

TEST_P(RegsDirected, AnEndInTheCycleOfTheClearIsKept) {
  end_job(true);
  in.awvalid = in.wvalid = in.bready = true;
  in.awaddr = reg::kStatus;
  in.wdata = kDone | kError;
  in.wstrb = 0xF;
  in.done = in.error = true;
  cycle();
  in.awvalid = in.wvalid = in.done = in.error = false;
  cycle();
  EXPECT_EQ(value(reg::kStatus), kDone | kError);
}

TEST_P(RegsDirected, ResultsOfTheLastJob) {
  in.error_code = reg::kErrorCodeWindow;
  in.error_operand = reg::kErrorOperandD;
  in.error_entry = 0xABCDEF;
  in.error_row = 0x123456;
  in.error_group = 0xFEDCBA;
  in.meta_count = 0x456789ABCDEF;
  in.meta_entry = 0x111111;
  in.meta_row = 0x222222;
  in.meta_group = 0x333333;
  for (std::size_t i = 0; i < in.counts.size(); ++i) in.counts[i] = 0x1000000000000001 * (i + 1);
  cycle();
  EXPECT_EQ(value(reg::kError), 0);  // only an end counts
  EXPECT_EQ(value(reg::kCountCycles), 0);

  end_job(true);
  const std::array<std::uint64_t, kCounts> counts = in.counts;
  in.counts.fill(99);
  EXPECT_EQ(value(reg::kError), 0x405);
  EXPECT_EQ(value(reg::kErrorEntry), 0xABCDEF);
  EXPECT_EQ(value(reg::kErrorRow), 0x123456);
  EXPECT_EQ(value(reg::kErrorGroup), 0xFEDCBA);
  EXPECT_EQ(value(reg::kMetaCount), 0x89ABCDEF);
  EXPECT_EQ(value(reg::kMetaCount + 4), 0x4567);
  EXPECT_EQ(value(reg::kMetaEntry), 0x111111);
  EXPECT_EQ(value(reg::kMetaRow), 0x222222);
  EXPECT_EQ(value(reg::kMetaGroup), 0x333333);
  for (std::uint32_t i = 0; i < kCounts; ++i) {
    EXPECT_EQ(value(reg::kCountCycles + 8 * i), static_cast<std::uint32_t>(counts[i]));
    EXPECT_EQ(value(reg::kCountCycles + 8 * i + 4), static_cast<std::uint32_t>(counts[i] >> 32));
  }

  end_job(false);
  for (const std::uint32_t offset : {reg::kError, reg::kErrorEntry, reg::kErrorRow, reg::kErrorGroup}) {
    EXPECT_EQ(value(offset), 0);
  }
  EXPECT_EQ(value(reg::kMetaRow), 0x222222);
  EXPECT_EQ(value(reg::kCountBeatsWr), 99);
}

/// The order of the map is the order of counts_i.
TEST_P(RegsDirected, CountersInOrder) {
  EXPECT_EQ(reg::kCountCycles + 8 * (kCounts - 1), reg::kCountBeatsWr);
  EXPECT_EQ(reg::kRegisters.back().offset, reg::kCountBeatsWr + 4);
}

TEST_P(RegsDirected, ResetInTheMiddle) {
  write(reg::kAAddr, 0x1234);
  write(reg::kWinRdLimit, 0);
  end_job(true);
  in.awvalid = true;  // an address without data, and responses that nobody took
  in.awaddr = reg::kM;
  in.arvalid = true;
  in.araddr = reg::kId;
  in.bready = in.rready = false;
  cycle();
  reset();
  EXPECT_FALSE(cycle().rvalid);
  for (const reg::Register& entry : reg::kRegisters) {
    if (entry.parameter.empty()) {
      EXPECT_EQ(value(entry.offset), entry.reset) << entry.name;
    }
  }
}

/// The RTL's assertions watch the manager too, and are live.
TEST(RegsAssertions, AManagerThatTakesItsAddressBackIsCaught) {
  const auto model = make_regs_model(128);
  RegsInputs in{.reset = true};
  model->cycle(in);
  model->cycle(in);
  in = {.arvalid = true};
  model->cycle(in);
  EXPECT_EQ(model->assertion_failures(), 0);
  model->cycle(in);  // not ready: the response waits
  in.arvalid = false;
  model->cycle(in);
  EXPECT_GT(model->assertion_failures(), 0);
}

}  // namespace
}  // namespace spmma::verif
