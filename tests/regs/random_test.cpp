// SPDX-License-Identifier: Apache-2.0
// Random traffic on all five channels beside a random engine, every output of every cycle against the reference.
#include <algorithm>
#include <random>

#include "regs_bench.h"

namespace spmma::verif {
namespace {

class RegsRandom : public RegsBench {
 protected:
  /// `cycles` cycles in which each side offers and takes with its own probability.
  void run(std::uint64_t seed, int cycles);

  bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }
  std::uint32_t bits(int width) { return static_cast<std::uint32_t>(random_()) >> (32 - width); }
  std::uint64_t wide() { return std::uint64_t{bits(32)} << 32 | bits(32); }

  /// Mostly registers, often the ones with effects, sometimes anything.
  std::uint32_t offset() {
    if (chance(0.1)) return bits(12);
    if (chance(0.3)) {
      static constexpr std::uint32_t kActive[] = {reg::kCtrl, reg::kStatus, reg::kIrqEn, reg::kWinRdBase, reg::kError};
      return kActive[bits(32) % std::size(kActive)];
    }
    return reg::kRegisters[bits(32) % reg::kRegisters.size()].offset;
  }

  void drive_engine();

  std::mt19937 random_;
  int starts_ = 0;  ///< over all runs, to know that they happened
  int aborts_ = 0;
  int refusals_ = 0;
  int interrupts_ = 0;
};
SPMMA_REGS_WIDTHS(RegsRandom);

void RegsRandom::drive_engine() {
  if (chance(0.05)) in.busy = !in.busy;
  if (chance(0.05)) in.queued = !in.queued;
  in.done = chance(0.05);
  in.error = in.done && chance(0.5);
  if (!chance(0.2)) return;
  in.error_code = bits(8);
  in.error_operand = bits(3);
  in.error_entry = bits(24);
  in.error_row = bits(24);
  in.error_group = bits(24);
  in.meta_count = wide() & 0xFFFF'FFFF'FFFF;
  in.meta_entry = bits(24);
  in.meta_row = bits(24);
  in.meta_group = bits(24);
  std::ranges::generate(in.counts, [this] { return wide(); });
}

void RegsRandom::run(std::uint64_t seed, int cycles) {
  random_.seed(static_cast<std::mt19937::result_type>(seed));
  static constexpr double kRates[] = {0.05, 0.3, 0.7, 1};
  const auto rate = [this] { return kRates[bits(2)]; };
  const double aw = rate(), w = rate(), b = rate(), ar = rate(), r = rate();
  for (int t = 0; t < cycles && !HasFailure(); ++t) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", cycle " << t);
    if (chance(0.001)) reset();
    drive_engine();
    if (!in.awvalid && chance(aw)) {
      in.awvalid = true;
      in.awaddr = offset();
    }
    if (!in.wvalid && chance(w)) {
      in.wvalid = true;
      in.wdata = chance(0.5) ? bits(3) : bits(32);
      in.wstrb = chance(0.6) ? 0xF : bits(4);
    }
    if (!in.arvalid && chance(ar)) {
      in.arvalid = true;
      in.araddr = offset();
    }
    in.bready = chance(b);
    in.rready = chance(r);
    const RegsOutputs out = cycle();
    if (out.awready) in.awvalid = false;
    if (out.wready) in.wvalid = false;
    if (out.arready) in.arvalid = false;
    starts_ += out.start;
    aborts_ += out.abort;
    refusals_ += out.bvalid && out.bresp == kSlverr;
    interrupts_ += out.irq;
  }
}

TEST_P(RegsRandom, Traffic) {
  for (std::uint64_t seed = 1; seed <= 40 && !HasFailure(); ++seed) {
    reset();
    run(seed, 5000);
  }
  EXPECT_GT(starts_, 100);
  EXPECT_GT(aborts_, 100);
  EXPECT_GT(refusals_, 100);
  EXPECT_GT(interrupts_, 100);
}

}  // namespace
}  // namespace spmma::verif
