// SPDX-License-Identifier: Apache-2.0
// Software's side of spmma_gemm in every state of it: registers, commands, resets and errors while nothing runs, before
// the first read, while operands are read, while D is written; with and without a job queued behind.
#include <fmt/format.h>

#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "engine.h"
#include "gemm_driver.h"
#include "placed_gemm.h"
#include "registers.h"
#include "spmma/gemm.h"

namespace spmma::verif {
namespace {

constexpr std::int64_t kLimit = 2000000;
enum Operand : std::size_t { kA, kE, kB, kC, kD };

class EngineStates : public EveryEngine {
 public:  // what spoils a job is given the test
  using EveryEngine::preset;

  /// A fresh engine with one job of some blocks in its memory, `narrow`: of two; dense where sparse is not built in.
  void open(GemmDriverOptions options, std::uint64_t seed, bool sparse, bool with_c = true, bool narrow = false) {
    options.preset = GetParam();
    driver_ = std::make_unique<GemmDriver>(options);
    CoreMode mode;
    for (const CoreMode& m : core_modes(preset().core)) {
      if (m.a == Format::fp16 && m.sparse == (sparse && preset().core.sparse)) mode = m;
    }
    const GemmShape shape{2, preset().gemm.block_rows + 3, narrow ? 3 : block_columns(preset(), mode) + 3,
                          (narrow ? 1 : 2) * k_block(preset(), mode) + 4};
    gemm_ = std::make_unique<RandomGemm>(preset().core, mode, shape, with_c, MetadataRule::ordered, seed,
                                         RandomGemm::Batched{.a = true, .b = true, .c = true});
    place(seed);
  }
  void place(std::uint64_t seed, GemmLayout layout = {}) {
    layout.base = next_;
    placed_ = std::make_unique<PlacedGemm>(driver().memory(), gemm_->problem(), layout, seed);
    placed_->allow(driver().checker());
    next_ = placed_->end();
    good_ = gemm_registers(placed_->job(), {});
  }
  GemmDriver& driver() { return *driver_; }
  const GemmTimingJob& job() const { return placed_->job(); }

  /// Waits for the end of all jobs; the errors' codes.
  std::vector<int> ends() {
    std::vector<int> codes;
    do {
      driver().wait(kLimit);
      if (driver().status().error) codes.push_back(driver().error().code);
      illegal_ = driver().metadata().count;
      driver().clear_status();
    } while (driver().status().busy);
    if (driver().status().error) codes.push_back(driver().error().code);
    driver().clear_status();
    return codes;
  }
  void expect_works() {
    driver().memory().clear_faults();
    ASSERT_TRUE(driver().set_windows({}, {}));
    driver().write_job(good_);
    ASSERT_TRUE(driver().start());
    EXPECT_TRUE(ends().empty());
    expect_equal(placed_->d(), gemm_fast(gemm_->problem()));
    driver().finish();
  }

  std::unique_ptr<GemmDriver> driver_;
  std::unique_ptr<RandomGemm> gemm_;
  std::unique_ptr<PlacedGemm> placed_;
  GemmRegisters good_;
  std::uint64_t illegal_ = 0;  ///< codes that the last job counted
  std::uint64_t next_ = std::uint64_t{1} << 32;
};
SPMMA_EVERY_ENGINE(EngineStates);

/// Every register, one that is none, and one that is misaligned: idle, with a job running, with another one queued.
TEST_P(EngineStates, RegistersWhileIdleBusyAndQueued) {
  for (int jobs = 0; jobs <= 2; ++jobs) {
    SCOPED_TRACE(fmt::format("{} jobs", jobs));
    open({.latency = 10000}, 1, false);
    driver().write_job(good_);
    for (int i = 0; i < jobs; ++i) ASSERT_TRUE(driver().start());
    const auto still = [&] {
      const GemmStatus status = driver().status();
      return status.busy == (jobs > 0) && status.queued == (jobs > 1);
    };
    for (const reg::Register& r : reg::kRegisters) {
      SCOPED_TRACE(r.name);
      std::uint32_t before = 0, after = 0;
      EXPECT_TRUE(driver().read(r.offset, before));
      // What changes nothing if it is taken: a command that is none, a status bit that is not set, the same value.
      const bool command = r.access == reg::Access::w1 || r.access == reg::Access::w1c;
      const bool refused = r.access == reg::Access::ro || (r.locked && jobs > 0);
      EXPECT_EQ(driver().write(r.offset, command ? 0 : refused ? ~before : before), !refused);
      EXPECT_TRUE(driver().read(r.offset, after));
      EXPECT_EQ(after, before);
    }
    std::uint32_t value = 1;
    for (const std::uint32_t nowhere : {0xFFCU, reg::kM + 1, reg::kM + 2}) {
      EXPECT_FALSE(driver().write(nowhere, 1));
      EXPECT_FALSE(driver().read(nowhere, value));
      EXPECT_EQ(value, 0u);
    }
    EXPECT_FALSE(driver().write(reg::kCtrl, reg::kCtrlStart.put(1) | reg::kCtrlAbort.put(1)));
    if (jobs == 2) {
      EXPECT_FALSE(driver().start());
    }
    EXPECT_TRUE(still());
    for (int i = 0; i < jobs; ++i) {  // each is aborted as the head
      EXPECT_TRUE(driver().abort());
      driver().wait(kLimit);
      EXPECT_EQ(driver().error().code, static_cast<int>(reg::kErrorCodeAbort));
      driver().clear_status();
    }
    if (HasFailure()) return;
  }
}

/// An abort or a reset, and starts that are queued or refused, at any time; with addresses that are taken late the time
/// before the first read is long, with data that is taken late that within a burst.
TEST_P(EngineStates, CommandsAtAnyTime) {
  std::mt19937_64 random(41);
  for (int i = 0; i < (large() ? 8 : 96); ++i) {
    GemmDriverOptions options{.latency = 1 + static_cast<int>(random() % 40), .seed = random()};
    const bool early = i % 3 == 0;
    if (early) options.stalls[static_cast<std::size_t>(AxiChannel::ar)] = {StallKind::random, 0.95};
    if (i % 3 == 1) options.stalls[static_cast<std::size_t>(AxiChannel::w)] = {StallKind::random, 0.8};
    open(options, random(), i % 2 == 0);
    const std::int64_t cycles =
        gemm_cycles(preset(), job(), {.latency = options.latency, .bandwidth = preset().gemm.data_bytes()}).cycles;
    driver().write_job(good_);
    ASSERT_TRUE(driver().start());
    const bool queued = i / 2 % 2 == 0;
    const auto pause = [&] {
      if (!early) driver().run(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(cycles / 2)));
    };
    const bool late = i / 4 % 2 == 0;
    if (late) pause();
    if (queued) {
      EXPECT_TRUE(driver().start());
      if (driver().status().queued) {
        driver().start();  // refused, unless the first one has ended since
      }
    }
    if (!late) pause();
    SCOPED_TRACE(fmt::format("run {}", i));
    if (i / 8 % 2 == 0) {
      EXPECT_TRUE(driver().abort());
      for (const int code : ends()) EXPECT_EQ(code, static_cast<int>(reg::kErrorCodeAbort));
    } else {
      driver().reset();
      EXPECT_EQ(driver().read(reg::kStatus), 0u);
    }
    expect_works();
    if (HasFailure()) return;
  }
  open({}, 1, false);
  EXPECT_TRUE(driver().abort()) << "of nothing";
  driver().reset();
  expect_works();
}

/// As many open bursts as there may be: reads while the memory answers late, writes while it answers seldom. Each row
/// of D crosses a 4 KiB line.
TEST_P(EngineStates, EveryBurstOpen) {
  for (const bool reads : {true, false}) {
    GemmDriverOptions options{.preset = GetParam(), .latency = reads ? 3000 : 1};
    if (!reads) options.stalls[static_cast<std::size_t>(AxiChannel::b)] = {StallKind::random, 0.98};
    driver_ = std::make_unique<GemmDriver>(options);
    CoreMode mode = core_modes(preset().core).front();
    mode.sparse = preset().core.sparse;  // twice the rows of B
    const GemmShape shape{1, reads ? 2 : 200, block_columns(preset(), mode), reads ? 8 * k_block(preset(), mode) : 1};
    gemm_ = std::make_unique<RandomGemm>(preset().core, mode, shape, reads, MetadataRule::ordered, 1);
    GemmLayout layout;
    layout.d = {.offset = 4088, .pitch = 4096};
    place(1, layout);
    driver().write_job(good_);
    ASSERT_TRUE(driver().start());
    int open = 0;
    const auto count = [&] { return reads ? driver().checker().open_reads() : driver().checker().open_writes(); };
    while (driver().now() < 100000 && open < AxiChecker::kMaxOpen) {
      driver().run(1);
      open = std::max(open, count());
    }
    EXPECT_EQ(open, AxiChecker::kMaxOpen) << (reads ? "reads" : "writes");
    EXPECT_TRUE(ends().empty());
    expect_equal(placed_->d(), gemm_fast(gemm_->problem()));
    driver().finish();
  }
}

/// A job that is refused behind one that is good: the first ends well, the second in its error.
TEST_P(EngineStates, AWrongJobBehindAGoodOne) {
  open({.latency = 200}, 1, false);
  GemmRegisters wrong[3] = {good_, good_, good_};
  wrong[0].n = 1U << 24;
  wrong[1].format |= reg::kFormatFmtB.mask();
  wrong[2].operands[kD].stride += 1;
  const std::uint32_t codes[] = {reg::kErrorCodeSize, reg::kErrorCodeFormat, reg::kErrorCodeAlign};
  for (int i = 0; i < 3; ++i) {
    driver().write_job(good_);
    ASSERT_TRUE(driver().start());
    driver().write_job(wrong[i]);
    ASSERT_TRUE(driver().start());
    EXPECT_EQ(ends(), std::vector<int>{static_cast<int>(codes[i])});
    expect_equal(placed_->d(), gemm_fast(gemm_->problem()));
  }
  expect_works();
}

/// Without K and without C the engine reads nothing and writes zeros.
TEST_P(EngineStates, NothingToAdd) {
  open({}, 1, false, false);
  good_.k = 0;
  driver().write_job(good_);
  ASSERT_TRUE(driver().start());
  EXPECT_TRUE(ends().empty());
  EXPECT_EQ(driver().memory().count(AxiChannel::ar).handshakes, 0);
  const Tensor d = placed_->d();
  for (std::int64_t i = 0; i < d.size(); ++i) ASSERT_EQ(d.get(0, 0, i), 0u) << i;
  driver().finish();
}

/// TF32 has two legal codes under either rule.
TEST_P(EngineStates, MetadataOfTf32UnderAnyRule) {
  const CoreParams& core = preset().core;
  if (!core.sparse || !core.has(Format::tf32)) return;
  for (const bool any : {false, true}) {
    for (const bool stop : {false, true}) {
      GemmDriverOptions options{.preset = GetParam(), .latency = 10};
      driver_ = std::make_unique<GemmDriver>(options);
      const CoreMode mode{.a = Format::tf32, .b = Format::tf32, .sparse = true};
      gemm_ = std::make_unique<RandomGemm>(core, mode, GemmShape{1, 3, 3, 8}, true, MetadataRule::ordered, 1);
      gemm_->metadata().set(0, 2, 1, 0x9);
      place(1);
      good_.format |= reg::kFormatMetaAny.put(any) | reg::kFormatStop.put(stop);
      driver().write_job(good_);
      ASSERT_TRUE(driver().start());
      EXPECT_EQ(ends(), stop ? std::vector<int>{static_cast<int>(reg::kErrorCodeMeta)} : std::vector<int>{});
      EXPECT_EQ(illegal_, 1u);
      driver().finish();
    }
  }
}

/// Each error as early and as late as it can come, alone and with the same job queued behind it.
TEST_P(EngineStates, ErrorsAtAnyTime) {
  struct Spoilt {
    const char* name;
    std::uint32_t code;
    bool sparse;
    /// Spoils registers, windows or memory; false if the preset has no such operand.
    std::function<bool(EngineStates&, GemmRegisters&, bool late)> spoil;
  };
  // Entry 0 is as it should be, entry 1 lies where it must not.
  const auto wrap = [](std::size_t operand) {
    return [operand](EngineStates& t, GemmRegisters& r, bool late) {
      if (operand == kE && !t.preset().core.sparse) return false;
      t.driver().checker().readable().clear();
      t.driver().checker().writable().clear();
      if (late) {
        r.operands[operand].stride = 0 - r.operands[operand].address;
      } else {
        r.operands[operand].address = 0 - std::uint64_t{operand == kE ? 1U : 4U};
      }
      return true;
    };
  };
  const auto window = [](std::size_t operand) {
    return [operand](EngineStates& t, GemmRegisters& r, bool late) {
      if (operand == kE && !t.preset().core.sparse) return false;
      const auto beat = static_cast<std::uint64_t>(t.preset().gemm.data_bytes());
      const std::uint64_t begin = r.operands[operand].address + (late ? r.operands[operand].stride : 0);
      const AxiWindow below{0, begin / beat * beat - 1};
      EXPECT_TRUE(operand == kD ? t.driver().set_windows({}, below) : t.driver().set_windows(below, {}));
      return true;
    };
  };
  const auto fault = [](std::size_t operand) {
    return [operand](EngineStates& t, GemmRegisters& r, bool late) {
      if (operand == kE && !t.preset().core.sparse) return false;
      const std::uint64_t at = r.operands[operand].address + (late ? r.operands[operand].stride : 0);
      t.driver().memory().add_fault({.write = operand == kD, .first = at, .last = at});
      return true;
    };
  };
  std::vector<Spoilt> all = {{"size", reg::kErrorCodeSize, false,
                              [](EngineStates&, GemmRegisters& r, bool) {
                                r.m = 1U << 24;
                                return true;
                              }},
                             {"format", reg::kErrorCodeFormat, false,
                              [](EngineStates&, GemmRegisters& r, bool) {
                                r.format |= reg::kFormatFmtA.mask();
                                return true;
                              }},
                             {"metadata", reg::kErrorCodeMeta, true, [](EngineStates& t, GemmRegisters& r, bool late) {
                                if (!t.preset().core.sparse) return false;
                                Tensor& meta = t.gemm_->metadata();
                                const std::int64_t entry = late ? 1 : 0;
                                meta.set(entry, 0, 0, 0x3);
                                t.place(5);
                                r = t.good_;
                                r.format |= reg::kFormatStop.put(1);
                                return true;
                              }}};
  for (std::size_t operand = kA; operand <= kD; ++operand) {
    const bool sparse = operand == kE;
    if (operand != kE) {  // E's elements are bytes
      all.push_back({"align", reg::kErrorCodeAlign, false, [operand](EngineStates&, GemmRegisters& r, bool) {
                       r.operands[operand].address += 1;
                       return true;
                     }});
    }
    all.push_back({"wrap", reg::kErrorCodeWrap, sparse, wrap(operand)});
    all.push_back({"window", reg::kErrorCodeWindow, sparse, window(operand)});
    all.push_back({"fault", operand == kD ? reg::kErrorCodeWrite : reg::kErrorCodeRead, sparse, fault(operand)});
  }
  std::mt19937_64 random(43);
  for (const Spoilt& spoilt : all) {
    for (int i = 0; i < (large() ? 1 : 8); ++i) {
      const bool late = i % 2 == 0, queued = i / 2 % 2 == 0;
      SCOPED_TRACE(fmt::format("{}, run {}", spoilt.name, i));
      GemmDriverOptions options{.latency = 1 + static_cast<int>(random() % 20), .seed = random()};
      if (i >= 4) options.stalls[static_cast<std::size_t>(AxiChannel::ar)] = {StallKind::random, 0.9};
      open(options, random(), spoilt.sparse, true, true);
      GemmRegisters bad = good_;
      if (!spoilt.spoil(*this, bad, late)) continue;
      driver().write_job(bad);
      ASSERT_TRUE(driver().start());
      if (queued) {
        EXPECT_TRUE(driver().start());
      }
      const std::vector<int> codes = ends();
      EXPECT_GE(codes.size(), 1u);
      for (const int code : codes) EXPECT_EQ(code, static_cast<int>(spoilt.code));
      expect_works();
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace spmma::verif
