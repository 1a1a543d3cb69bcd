// SPDX-License-Identifier: Apache-2.0
// Jobs of spmma_gemm as software sees them: the queue, every error, abort, reset, windows, metadata that is not legal.
#include <fmt/format.h>

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

enum Operand : int { kA, kE, kB, kC, kD };

/// A GEMM in the memory of a driver, with its job.
struct Job {
  std::unique_ptr<RandomGemm> gemm;
  std::unique_ptr<PlacedGemm> placed;
  GemmRegisters registers;

  const GemmTimingJob& timing() const { return placed->job(); }
};

class EngineJobs : public EveryEngine {
 protected:
  void open(GemmDriverOptions options = {}) {
    options.preset = GetParam();
    driver_ = std::make_unique<GemmDriver>(options);
    next_ = std::uint64_t{1} << 32;
  }
  GemmDriver& driver() { return *driver_; }

  std::vector<CoreMode> modes() const { return core_modes(preset().core); }
  /// The first mode that is (not) sparse, of A's format if it is built in.
  CoreMode mode(bool sparse, Format format = Format::fp16) const {
    for (const CoreMode& m : modes()) {
      if (m.sparse == sparse && m.a == format) return m;
    }
    return modes().front();
  }
  /// Some blocks each way.
  GemmShape shape(const CoreMode& mode) const {
    return {2, preset().gemm.block_rows + 3, block_columns(preset(), mode) + 3, 2 * k_block(preset(), mode) + 4};
  }
  Job make(const CoreMode& mode, const GemmShape& shape, std::uint64_t seed, bool with_c = true,
           GemmLayout layout = {}) {
    Job job;
    job.gemm = std::make_unique<RandomGemm>(preset().core, mode, shape, with_c, MetadataRule::ordered, seed,
                                            RandomGemm::Batched{.a = true, .b = true, .c = true});
    place(job, seed, layout);
    return job;
  }
  void place(Job& job, std::uint64_t seed, GemmLayout layout = {}, const GemmModes& modes = {}) {
    layout.base = next_;
    job.placed = std::make_unique<PlacedGemm>(driver().memory(), job.gemm->problem(), layout, seed);
    job.placed->allow(driver().checker());
    GemmModes all = modes;
    all.saturate = job.gemm->problem().saturate;
    job.registers = gemm_registers(job.timing(), all);
    next_ = job.placed->end();
  }

  void start(const GemmRegisters& registers) {
    driver().write_job(registers);
    ASSERT_TRUE(driver().start());
  }
  /// The job that runs next must end well.
  void expect_done(const Job& job) {
    driver().wait(kLimit);
    const GemmStatus status = driver().status();
    EXPECT_TRUE(status.done);
    EXPECT_FALSE(status.error) << "code " << driver().error().code;
    driver().clear_status();
    expect_equal(job.placed->d(), gemm_fast(job.gemm->problem()));
  }
  /// Every job in the engine must end well. An end close to another is not seen by itself.
  void expect_all_done() {
    do {
      driver().wait(kLimit);
      const GemmStatus status = driver().status();
      EXPECT_FALSE(status.error) << "code " << driver().error().code;
      driver().clear_status(status);
    } while (driver().status().busy);
    EXPECT_FALSE(driver().status().error) << "code " << driver().error().code;
    driver().clear_status();
  }
  /// Until no job is left in the engine, however each ends.
  void come_to_rest() {
    const std::int64_t limit = driver().now() + kLimit;
    while (driver().status().busy) ASSERT_LT(driver().now(), limit) << "the engine is still busy";
  }
  void run(const Job& job) {
    start(job.registers);
    expect_done(job);
  }
  /// The job that runs next must end in an error.
  GemmError expect_error(int code) {
    driver().wait(kLimit);
    const GemmStatus status = driver().status();
    EXPECT_TRUE(status.done);
    EXPECT_TRUE(status.error);
    const GemmError error = driver().error();
    EXPECT_EQ(error.code, code);
    driver().clear_status();
    return error;
  }
  /// Of a job that an error ended: each element of D is what it was before, or what it should become.
  static void expect_partial(const Job& job, const Tensor& before) {
    const Tensor now = job.placed->d(), whole = gemm_fast(job.gemm->problem());
    for (std::int64_t i = 0; i < now.size(); ++i) {
      const std::uint32_t bits = now.get(0, 0, i);
      ASSERT_TRUE(bits == before.get(0, 0, i) || bits == whole.get(0, 0, i)) << "element " << i << " of D is neither";
    }
  }
  std::int64_t accesses() {
    return driver().memory().count(AxiChannel::ar).handshakes + driver().memory().count(AxiChannel::aw).handshakes;
  }

  /// A job with a wrong register, alone, and queued behind a job that still runs; a good job follows each time.
  void expect_refused(const Job& good, const GemmRegisters& bad, int code, int operand) {
    const std::int64_t before = accesses();
    start(bad);
    GemmError error = expect_error(code);
    EXPECT_EQ(error.operand, operand);
    EXPECT_EQ(error.entry + error.row + error.group, 0u);
    EXPECT_EQ(accesses(), before) << "a refused job touches no memory";
    start(good.registers);
    start(bad);
    come_to_rest();
    expect_equal(good.placed->d(), gemm_fast(good.gemm->problem()));
    error = expect_error(code);
    EXPECT_EQ(error.operand, operand);
    run(good);
  }

  std::unique_ptr<GemmDriver> driver_;
  std::uint64_t next_ = 0;
};
SPMMA_EVERY_ENGINE(EngineJobs);

TEST_P(EngineJobs, SizesBeyondTheMaximum) {
  open();
  const CoreMode m = mode(preset().core.sparse);
  const Job good = make(m, shape(m), 1);
  for (const std::uint32_t size : {std::uint32_t{1} << 24, ~std::uint32_t{0}}) {
    for (std::uint32_t GemmRegisters::* const field :
         {&GemmRegisters::m, &GemmRegisters::n, &GemmRegisters::k, &GemmRegisters::batch}) {
      GemmRegisters bad = good.registers;
      bad.*field = size;
      expect_refused(good, bad, reg::kErrorCodeSize, 0);
    }
  }
  if (!preset().core.sparse) return;
  for (const CoreMode& sparse : modes()) {
    if (!sparse.sparse || (large() && sparse.a != Format::tf32)) continue;
    Job job = make(sparse, {1, 3, 5, 8}, 2);
    for (std::uint32_t k = 9; k < 12; ++k) {
      job.registers.k = k;
      if (k % static_cast<std::uint32_t>(group_size(sparse.a)) == 0) continue;
      expect_refused(good, job.registers, reg::kErrorCodeSize, 0);
    }
  }
}

TEST_P(EngineJobs, EveryCombinationOfFormats) {
  open();
  const Job good = make(mode(false), {1, 2, 3, 5}, 1);
  const CoreParams& core = preset().core;
  for (std::uint32_t bits = 0; bits < 8 * 8 * 4; ++bits) {
    const std::uint32_t a = bits & 7, b = bits >> 3 & 7;
    const bool f16 = (bits >> 6 & 1) != 0, sparse = (bits >> 7 & 1) != 0;
    bool legal_here = a < kFormatCount && b < kFormatCount && (core.sparse || !sparse);
    if (legal_here) {
      const auto fa = static_cast<Format>(a), fb = static_cast<Format>(b);
      legal_here = core.has(fa) && core.has(fb) && legal(fa, fb, f16 ? Acc::f16 : default_acc(fa));
    }
    if (legal_here) continue;  // other tests run those
    GemmRegisters bad = good.registers;
    bad.format = reg::kFormatFmtA.put(a) | reg::kFormatFmtB.put(b) | reg::kFormatAccF16.put(f16) |
                 reg::kFormatSparse.put(sparse);
    bad.k = 8;
    SCOPED_TRACE(fmt::format("{} x {}, f16 {}, sparse {}", a, b, f16, sparse));
    start(bad);
    expect_error(reg::kErrorCodeFormat);
    if (HasFailure()) return;
  }
  run(good);
}

TEST_P(EngineJobs, AddressesOffTheElement) {
  open();
  std::uint64_t seed = 0;
  for (const CoreMode& m : modes()) {
    if (++seed % 8 != 0 && large()) continue;
    const Job good = make(m, shape(m), seed);
    const int sizes[] = {storage_bytes(m.a), 1, storage_bytes(m.b), storage_bytes(m.acc), storage_bytes(m.acc)};
    for (int operand = kA; operand <= kD; ++operand) {
      for (int off = 1; off < sizes[operand]; ++off) {
        SCOPED_TRACE(fmt::format("{}, operand {}, {} off", m.name(), operand, off));
        GemmRegisters bad = good.registers;
        auto& wrong = bad.operands[static_cast<std::size_t>(operand)];
        switch ((operand + off) % 3) {
          case 0:
            wrong.address += static_cast<std::uint64_t>(off);
            break;
          case 1:
            wrong.pitch += static_cast<std::uint32_t>(off);
            break;
          default:
            wrong.stride += static_cast<std::uint64_t>(off);
        }
        expect_refused(good, bad, reg::kErrorCodeAlign, operand);
        if (HasFailure()) return;
      }
    }
  }
}

TEST_P(EngineJobs, AddressesBeyondTheEnd) {
  for (const bool sparse : {false, true}) {
    if (sparse && !preset().core.sparse) continue;
    open();
    const CoreMode m = mode(sparse);
    const Job good = make(m, shape(m), 1);
    for (int operand = kA; operand <= kD; ++operand) {
      if (operand == kE && !sparse) continue;
      SCOPED_TRACE(fmt::format("operand {}, sparse {}", operand, sparse));
      driver().checker().readable().clear();  // rows at other addresses than the good job's
      driver().checker().writable().clear();
      // Row 1 of entry 1 begins where the addresses end; row 0 is not memory, but that shows later.
      GemmRegisters bad = good.registers;
      auto& wrong = bad.operands[static_cast<std::size_t>(operand)];
      wrong.stride = 0 - wrong.address - wrong.pitch;
      start(bad);
      const GemmError error = expect_error(reg::kErrorCodeWrap);
      EXPECT_EQ(error.operand, operand);
      EXPECT_EQ(error.entry, 1u);
      EXPECT_EQ(error.row, 1u);
      run(good);
      if (HasFailure()) return;
    }
  }
}

TEST_P(EngineJobs, AWindowThatFitsExactly) {
  for (const bool sparse : {false, true}) {
    if (sparse && !preset().core.sparse) continue;
    const CoreMode m = mode(sparse);
    open();
    const Job job = make(m, shape(m), 1);
    const AxiWindow reads = job.placed->read_window(), writes = job.placed->write_window();
    ASSERT_TRUE(driver().set_windows(reads, writes));
    run(job);
    const auto width = static_cast<std::uint64_t>(preset().gemm.data_bytes());
    struct Case {
      AxiWindow read, write;
      int operand;
    };
    // A lies first, C last; C comes before A in the order of the reads, then E.
    const Case cases[] = {{{(reads.base | (width - 1)) + 1, reads.limit}, writes, kA},
                          {{reads.base, (reads.limit & ~(width - 1)) - 1}, writes, kC},
                          {reads, {(writes.base | (width - 1)) + 1, writes.limit}, kD},
                          {reads, {writes.base, (writes.limit & ~(width - 1)) - 1}, kD},
                          {{reads.limit, reads.base}, writes, kC},
                          {reads, {writes.limit, writes.base}, kD}};
    for (const Case& c : cases) {
      ASSERT_TRUE(driver().set_windows(c.read, c.write));
      start(job.registers);
      const GemmError error = expect_error(reg::kErrorCodeWindow);
      EXPECT_EQ(error.operand, c.operand);
    }
    // Rows in the middle: B's are read and D's are written in ascending order.
    const std::int64_t row = 2;
    const Job narrow = make(m, {1, preset().gemm.block_rows, 3, k_block(preset(), m)}, 2, false);
    const GemmTimingJob& t = narrow.timing();
    ASSERT_TRUE(driver().set_windows({0, t.b.address + static_cast<std::uint64_t>(row) * t.b.pitch - 1}, {}));
    start(narrow.registers);
    GemmError error = expect_error(reg::kErrorCodeWindow);
    EXPECT_EQ(error.operand, kB);
    EXPECT_EQ(error.row, row);
    ASSERT_TRUE(driver().set_windows({}, {0, t.d.address + static_cast<std::uint64_t>(row) * t.d.pitch - 1}));
    start(narrow.registers);
    error = expect_error(reg::kErrorCodeWindow);
    EXPECT_EQ(error.operand, kD);
    EXPECT_EQ(error.row, row);

    // A window cannot be moved under a running job.
    ASSERT_TRUE(driver().set_windows({}, {}));
    start(job.registers);
    EXPECT_FALSE(driver().write(reg::kWinRdBase, 64));
    EXPECT_FALSE(driver().write(reg::kWinWrLimit, 64));
    expect_done(job);
    EXPECT_EQ(driver().read(reg::kWinRdBase), 0u);
    EXPECT_EQ(driver().read(reg::kWinWrLimit), ~std::uint32_t{0});
    run(job);
  }
}

TEST_P(EngineJobs, ReadErrorsNameTheRow) {
  std::mt19937_64 random(7);
  for (int i = 0; i < (large() ? 4 : 60); ++i) {
    const CoreMode m = mode(preset().core.sparse && i % 2 == 0, i % 3 == 0 ? Format::int8 : Format::fp16);
    open({.seed = random()});
    const Job job = make(m, shape(m), random());
    const GemmTimingJob& t = job.timing();
    const GemmRowBytes bytes = gemm_row_bytes(t);
    const std::tuple<const GemmOperand*, std::int64_t, std::int64_t> operands[] = {
        {&t.a, t.m, bytes.a}, {&t.e, t.m, bytes.e}, {&t.b, t.k, bytes.b}, {&t.c, t.m, bytes.c}};
    int operand = static_cast<int>(random() % 4);
    if (operand == kE && !m.sparse) operand = kA;
    const auto& [where, rows, row_bytes] = operands[operand];
    const auto row = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(rows));
    const auto entry = static_cast<std::int64_t>(random() % 2);
    const std::uint64_t byte = where->row_address(entry, row) + random() % static_cast<std::uint64_t>(row_bytes);
    SCOPED_TRACE(fmt::format("{}, operand {}, entry {}, row {}", m.name(), operand, entry, row));
    driver().memory().add_fault({.resp = i % 2 == 0 ? kAxiSlverr : kAxiDecerr, .first = byte, .last = byte});
    start(job.registers);
    const GemmError error = expect_error(reg::kErrorCodeRead);
    EXPECT_EQ(error.operand, operand);
    EXPECT_EQ(error.entry, static_cast<std::uint32_t>(entry));
    EXPECT_EQ(error.row, static_cast<std::uint32_t>(row));
    driver().memory().clear_faults();
    run(job);
    if (HasFailure()) return;
  }
}

TEST_P(EngineJobs, FaultsAnywhere) {
  std::mt19937_64 random(11);
  const std::vector<CoreMode> all = modes();
  for (int i = 0; i < (large() ? 6 : 200); ++i) {
    const CoreMode m = all[random() % all.size()];
    GemmDriverOptions options{.latency = 1 + static_cast<int>(random() % 50), .seed = random()};
    if (i % 3 == 0) options.stalls.fill({StallKind::random, 0.4});
    open(options);
    const Job first = make(m, shape(m), random()), second = make(m, shape(m), random());
    const GemmCycles model = gemm_cycles(preset(), first.timing(), {options.latency, preset().gemm.data_bytes()});
    const bool write = i % 2 == 0;
    const auto index = static_cast<std::int64_t>(
        random() % static_cast<std::uint64_t>(write ? model.beats_written / 2 : model.beats_read));
    SCOPED_TRACE(fmt::format("run {}: {}, {} {}", i, m.name(), write ? "write burst" : "read beat", index));
    driver().memory().add_fault({.write = write, .index = index});
    const bool queue = i % 4 < 2;
    const Tensor d_before = first.placed->d();
    start(first.registers);
    if (queue) start(second.registers);
    driver().wait(kLimit);
    const bool struck = driver().status().error;
    if (struck) {
      EXPECT_EQ(driver().error().code, static_cast<int>(write ? reg::kErrorCodeWrite : reg::kErrorCodeRead));
      driver().clear_status();
      expect_partial(first, d_before);
    } else {
      EXPECT_TRUE(write) << "a read beat of the job was hit";
      expect_done(first);  // fewer bursts than that
    }
    if (queue && struck) expect_done(second);
    if (queue && !struck) {
      driver().wait(kLimit);
      driver().clear_status();
    }
    driver().memory().clear_faults();
    run(first);
    driver().finish();
    if (HasFailure()) return;
  }
}

TEST_P(EngineJobs, AbortAtAnyTime) {
  std::mt19937_64 random(13);
  const std::vector<CoreMode> all = modes();
  int aborted = 0;
  const int runs = large() ? 6 : 300;
  for (int i = 0; i < runs; ++i) {
    const CoreMode m = all[random() % all.size()];
    GemmDriverOptions options{.latency = 1 + static_cast<int>(random() % 50), .seed = random()};
    if (i % 3 == 0) options.stalls.fill({StallKind::random, 0.5});
    open(options);
    const Job first = make(m, shape(m), random());
    const Job second = make(all[random() % all.size()], shape(m), random());
    const std::int64_t cycles =
        gemm_cycles(preset(), first.timing(), {options.latency, preset().gemm.data_bytes()}).cycles;
    const bool queue = random() % 2 == 0;
    const Tensor first_before = first.placed->d(), second_before = second.placed->d();
    start(first.registers);
    if (queue) start(second.registers);
    driver().run(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(cycles)));
    SCOPED_TRACE(fmt::format("run {}: {}, queue {}", i, m.name(), queue));
    const bool running = !driver().status().done;
    ASSERT_TRUE(driver().abort());
    driver().wait(kLimit);
    if (driver().status().error) {
      EXPECT_EQ(driver().error().code, static_cast<int>(reg::kErrorCodeAbort));
      EXPECT_TRUE(running || queue);
      ++aborted;
    }
    driver().clear_status();
    come_to_rest();  // whichever job it met
    driver().clear_status();
    expect_partial(first, first_before);
    expect_partial(second, second_before);
    run(first);
    run(second);
    driver().finish();
    if (HasFailure()) return;
  }
  EXPECT_GT(aborted, runs / 2);
  open();
  EXPECT_TRUE(driver().abort()) << "without a job nothing happens";
  EXPECT_FALSE(driver().write(reg::kCtrl, 3)) << "start and abort";
  EXPECT_FALSE(driver().status().done);
  EXPECT_FALSE(driver().status().busy);
}

TEST_P(EngineJobs, AnAbortLeavesTheQueuedJobAlone) {
  std::mt19937_64 random(17);
  for (int i = 0; i < (large() ? 3 : 60); ++i) {
    open({.seed = random()});
    const CoreMode m = modes()[random() % modes().size()];
    const Job first = make(m, shape(m), random()), second = make(m, shape(m), random());
    start(first.registers);
    start(second.registers);
    driver().run(static_cast<std::int64_t>(random() % 300));
    ASSERT_TRUE(driver().abort());
    expect_error(reg::kErrorCodeAbort);
    expect_done(second);
    driver().finish();
    if (HasFailure()) return;
  }
}

/// Aborted in each cycle of its end, while the queued one is at work already: that one begins again, and so do its
/// counters.
TEST_P(EngineJobs, AnAbortLeavesTheQueuedJobsCountersAlone) {
  const CoreMode m = mode(false);
  int aborted = 0;
  for (int i = 0; i < (large() ? 4 : 120); ++i) {
    open({.latency = 30, .seed = 1});
    const Job first = make(m, shape(m), 1), second = make(m, shape(m), 2);
    const MemoryTiming memory{30, preset().gemm.data_bytes()};
    const GemmCycles expected = gemm_cycles(preset(), second.timing(), memory);
    const std::int64_t cycles = gemm_cycles(preset(), first.timing(), memory).cycles;
    start(first.registers);
    const std::int64_t started = driver().last_write();
    start(second.registers);
    driver().run(started + cycles - i - driver().now());
    ASSERT_TRUE(driver().abort());
    driver().wait(kLimit);
    if (driver().status().error) ++aborted;
    come_to_rest();
    driver().clear_status();
    const GemmCycles counted = driver().counters().cycles;
    EXPECT_EQ(counted.lanes, expected.lanes) << "aborted " << i << " cycles before its end";
    EXPECT_EQ(counted.steps, expected.steps);
    driver().finish();
  }
  EXPECT_GT(aborted, 0);
}

TEST_P(EngineJobs, ResetAtAnyTime) {
  std::mt19937_64 random(19);
  open();
  const CoreMode m = mode(false);
  const Job job = make(m, shape(m), 3);
  for (int i = 0; i < (large() ? 3 : 50); ++i) {
    start(job.registers);
    driver().run(static_cast<std::int64_t>(random() % 800));
    driver().reset();
    EXPECT_FALSE(driver().irq());
    EXPECT_EQ(driver().read(reg::kStatus), 0u);
    EXPECT_EQ(driver().read(reg::kM), 0u);
    run(job);
    if (HasFailure()) return;
  }
}

TEST_P(EngineJobs, ManyJobsOneAfterTheOther) {
  std::mt19937_64 random(23);
  const std::vector<CoreMode> all = modes();
  for (int round = 0; round < (large() ? 1 : 20); ++round) {
    GemmDriverOptions options{.latency = 1 + static_cast<int>(random() % 100), .seed = random()};
    if (round % 2 == 0) options.register_stall = 0.3;
    if (round % 3 == 0) options.stalls.fill({StallKind::bursts});
    open(options);
    std::vector<Job> jobs;
    for (int i = 0; i < 12; ++i) {
      const CoreMode m = all[random() % all.size()];
      GemmShape s = shape(m);
      s.m = random_size(random, preset().gemm.block_rows, large() ? 1 : 3);
      s.n = random_size(random, block_columns(preset(), m), large() ? 1 : 3);
      s.k = random_size(random, k_block(preset(), m), large() ? 1 : 3);
      if (random() % 8 == 0) (random() % 2 == 0 ? s.m : s.k) = 0;
      jobs.push_back(make(m, s, random(), random() % 2 == 0));
    }
    std::size_t started = 0, ended = 0;
    while (ended < jobs.size()) {
      while (started < jobs.size() && started < ended + 2) start(jobs[started++].registers);
      if (started == ended + 2 && driver().status().queued) {
        EXPECT_FALSE(driver().start()) << "a third job";
      }
      if (driver().status().queued || started == jobs.size()) {
        expect_done(jobs[ended++]);
        // Two may have ended before the first was seen.
        if (!driver().status().busy) {
          while (ended < started) {
            expect_equal(jobs[ended].placed->d(), gemm_fast(jobs[ended].gemm->problem()));
            ++ended;
          }
          driver().clear_status();
        }
      } else {
        driver().wait(kLimit);
        driver().clear_status();
        expect_equal(jobs[ended].placed->d(), gemm_fast(jobs[ended].gemm->problem()));
        ++ended;
      }
      if (HasFailure()) return;
    }
    driver().finish();
  }
}

TEST_P(EngineJobs, AQueuedJobOverlapsAndIsCounted) {
  open();
  const CoreMode m = mode(false);
  const Job first = make(m, shape(m), 1), second = make(m, shape(m), 2);
  const MemoryTiming memory{100, preset().gemm.data_bytes()};
  const std::int64_t alone = gemm_cycles(preset(), second.timing(), memory).cycles;
  start(first.registers);
  const std::int64_t started = driver().last_write();
  start(second.registers);
  EXPECT_TRUE(driver().status().queued);
  driver().wait(kLimit);
  const std::int64_t first_end = driver().write_responses().back().cycle;
  GemmCycles counted = driver().counters().cycles;
  EXPECT_EQ(describe(counted), describe(gemm_cycles(preset(), first.timing(), memory)));
  EXPECT_EQ(counted.cycles, first_end - started + 1);
  driver().clear_status();
  EXPECT_FALSE(driver().status().queued);
  expect_done(second);
  counted = driver().counters().cycles;
  EXPECT_EQ(counted.cycles, driver().write_responses().back().cycle - first_end);
  EXPECT_LT(counted.cycles, alone) << "its loads overlap with the end of the first";
  const GemmStalls& s = counted.stalls;
  // Its first steps are counted, too, from before its cycles begin.
  EXPECT_LE(counted.cycles, counted.steps + s.start + s.a + s.metadata + s.b + s.c + s.d + s.chain + s.drain);
}

TEST_P(EngineJobs, EmptyJobs) {
  open();
  const CoreMode m = mode(false);
  const Job full = make(m, shape(m), 1);
  for (const GemmShape& s :
       {GemmShape{1, 0, 5, 5}, GemmShape{1, 5, 0, 5}, GemmShape{0, 5, 5, 5}, GemmShape{1, 0, 0, 0}}) {
    const std::int64_t before = accesses();
    const Job empty = make(m, s, 2);
    run(empty);
    EXPECT_EQ(accesses(), before);
    EXPECT_EQ(describe(driver().counters().cycles),
              describe(gemm_cycles(preset(), empty.timing(), {100, preset().gemm.data_bytes()})));
    // Behind a job that still runs.
    start(full.registers);
    start(empty.registers);
    expect_all_done();
    expect_equal(full.placed->d(), gemm_fast(full.gemm->problem()));
    run(full);
  }
}

TEST_P(EngineJobs, AnEmptyJobBehindAWriterThatIsLate) {
  GemmDriverOptions options{.latency = 3};
  options.stalls[static_cast<std::size_t>(AxiChannel::w)] = {StallKind::random, 0.97};
  open(options);
  const CoreMode m = mode(false);
  const Job full = make(m, {1, 4 * preset().gemm.block_rows, 6 * block_columns(preset(), m), 1}, 1, false);
  const Job empty = make(m, {1, 0, 5, 5}, 2);
  start(full.registers);
  start(empty.registers);
  expect_all_done();
  expect_equal(full.placed->d(), gemm_fast(full.gemm->problem()));
  run(make(m, shape(m), 3));
}

TEST_P(EngineJobs, IllegalMetadataIsCounted) {
  if (!preset().core.sparse) return;
  std::mt19937_64 random(29);
  for (const CoreMode& m : modes()) {
    if (!m.sparse) continue;
    for (int i = 0; i < (large() ? 1 : 12); ++i) {
      open({.seed = random()});
      Job job = make(m, shape(m), random());
      Tensor& meta = job.gemm->metadata();
      const int bad = i == 0 ? 0 : 1 + static_cast<int>(random() % 40);
      for (int n = 0; n < bad; ++n) {
        meta.set(0, 0, static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(meta.size())),
                 m.a == Format::tf32 ? 0x9 : 0x3);
      }
      const MetadataRule rule = m.a != Format::tf32 && i % 3 == 2 ? MetadataRule::any : MetadataRule::ordered;
      GemmLayout layout;
      if (i % 2 == 0) layout = random_layout(job.gemm->problem(), random);
      place(job, random(), layout, {.meta_any = rule == MetadataRule::any});
      std::uint64_t count = 0;
      for (const std::byte nibble : meta.data)
        count += nibble_legal(m.a, rule, std::to_integer<std::uint8_t>(nibble)) ? 0 : 1;
      SCOPED_TRACE(fmt::format("{}, {} illegal", m.name(), count));
      run(job);  // bit for bit, whatever the nibbles are
      const GemmMetadata seen = driver().metadata();
      EXPECT_EQ(seen.count, count);
      const auto first = first_illegal_metadata(m.a, rule, meta).value_or(GroupPosition{});
      EXPECT_EQ(seen.entry, static_cast<std::uint32_t>(first.batch));
      EXPECT_EQ(seen.row, static_cast<std::uint32_t>(first.row));
      EXPECT_EQ(seen.group, static_cast<std::uint32_t>(first.group));

      if (count != 0) {
        place(job, random(), layout, {.meta_any = rule == MetadataRule::any, .stop = true});
        start(job.registers);
        const GemmError error = expect_error(reg::kErrorCodeMeta);
        ASSERT_LT(error.entry, 2u);
        ASSERT_LT(error.row, meta.rows);
        ASSERT_LT(error.group, meta.cols);
        EXPECT_FALSE(nibble_legal(m.a, rule, static_cast<std::uint8_t>(meta.get(error.entry, error.row, error.group))));
        EXPECT_GE(driver().metadata().count, 1u);
      }
      // The next job's count begins at 0.
      run(make(m, {1, 3, 3, 8}, random()));
      EXPECT_EQ(driver().metadata().count, 0u);
      if (HasFailure()) return;
    }
  }
}

TEST_P(EngineJobs, WritesNothingBesideD) {
  open();
  std::mt19937_64 random(31);
  const CoreMode m = mode(false);
  GemmLayout layout;
  layout.d = {.offset = 12, .pitch = 4 * (block_columns(preset(), m) + 3) + 8};
  const Job job = make(m, shape(m), 5, true, layout);
  run(job);
  // The checker held every strobe against D's rows; their number says that none was written twice.
  EXPECT_EQ(driver().checker().bytes_written(), job.placed->d().size() * 4);
  EXPECT_EQ(driver().counters().cycles.bytes_written, job.placed->d().size() * 4);
}

TEST_P(EngineJobs, TheEndOfTheAddressSpace) {
  open();
  const CoreMode m = mode(false);
  // D's last row ends with the last byte there is.
  GemmLayout layout;
  layout.guard = 0;
  const std::int64_t rows = preset().gemm.block_rows + 1, pitch = 4096 * 2;
  const std::int64_t row_bytes = 12;
  layout.d = {.offset = 4096 - row_bytes, .pitch = pitch};
  const RandomGemm gemm(preset().core, m, {1, rows, 3, 5}, false, MetadataRule::ordered, 1);
  AxiMemory trial({.data_bytes = preset().gemm.data_bytes()});
  layout.base = 0;
  const std::uint64_t used = PlacedGemm(trial, gemm.problem(), layout, 1).end();  // how much there is
  layout.base = 0 - used + 4096;  // the gap behind the last region is not needed
  const PlacedGemm placed(driver().memory(), gemm.problem(), layout, 1);
  ASSERT_EQ(placed.write_window().limit, ~std::uint64_t{0});
  placed.allow(driver().checker());
  GemmRegisters registers = gemm_registers(placed.job(), {});
  start(registers);
  driver().wait(kLimit);
  EXPECT_FALSE(driver().status().error);
  driver().clear_status();
  expect_equal(placed.d(), gemm_fast(gemm.problem()));
  registers.operands[kD].address += 4;
  driver().checker().writable().clear();
  start(registers);
  const GemmError error = expect_error(reg::kErrorCodeWrap);
  EXPECT_EQ(error.operand, kD);
  EXPECT_EQ(error.row, static_cast<std::uint32_t>(rows - 1));
}

TEST_P(EngineJobs, PollingIsAsGoodAsTheInterrupt) {
  open({.register_stall = 0.4});
  const CoreMode m = mode(false);
  const Job job = make(m, shape(m), 5);
  start(job.registers);
  driver().poll(kLimit);
  EXPECT_FALSE(driver().irq()) << "it is not enabled";
  EXPECT_TRUE(driver().write(reg::kIrqEn, reg::kIrqEnError.put(1)));
  driver().run(2);
  EXPECT_FALSE(driver().irq());
  EXPECT_TRUE(driver().write(reg::kIrqEn, reg::kIrqEnDone.put(1)));
  driver().run(2);
  EXPECT_TRUE(driver().irq());
  driver().clear_status();
  driver().run(2);
  EXPECT_FALSE(driver().irq());
  expect_equal(job.placed->d(), gemm_fast(job.gemm->problem()));
}

TEST_P(EngineJobs, AHangIsSeen) {
  const CoreMode m = mode(false);
  open({.latency = 5000});
  Job job = make(m, shape(m), 1);
  start(job.registers);
  EXPECT_THROW(driver().wait(1000), std::runtime_error);
  GemmDriverOptions options;
  options.stalls[static_cast<std::size_t>(AxiChannel::ar)] = {StallKind::random, 1.0};
  open(options);
  job = make(m, shape(m), 1);
  start(job.registers);
  EXPECT_THROW(driver().wait(kLimit), std::runtime_error);
}

TEST_P(EngineJobs, ParametersCanBeRead) {
  open();
  EXPECT_EQ(driver().read(reg::kId), 0x53504D4Du);
  const auto parameters = preset().gemm_rtl();
  int seen = 0;
  for (const reg::Register& r : reg::kRegisters) {
    for (const auto& [name, value] : parameters) {
      if (r.parameter != name) continue;
      EXPECT_EQ(driver().read(r.offset), static_cast<std::uint32_t>(value)) << name;
      ++seen;
    }
  }
  EXPECT_EQ(seen, static_cast<int>(parameters.size()));
}

}  // namespace
}  // namespace spmma::verif
