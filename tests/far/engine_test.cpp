// SPDX-License-Identifier: Apache-2.0
// Jobs that are told, in the cycle in which their first block is planned, that they are millions of entries, rows and
// groups on their way, or that they have counted for years. Addresses are not moved: what lies at the first entry is
// met at the far one. Every bit of a position must come out where software reads it, every counter must go on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "flops.h"
#include "gemm_driver.h"
#include "placed_gemm.h"
#include "random_gemm.h"
#include "registers.h"
#include "set_flops.h"
#include "soft_model.h"
#include "spmma/gemm.h"

namespace spmma::verif {
namespace {

constexpr std::int64_t kLimit = 100000;
constexpr std::uint64_t kPlan = 1, kSet = 2;  ///< states of spmma_reader
enum Operand : std::size_t { kA, kE, kB, kC, kD };

struct Place {
  std::uint32_t entry, row, group;
  std::uint32_t column = 0;
};

class Far : public testing::Test {
 protected:
  ~Far() override { injector().before_cycle = {}; }

  /// A fresh engine, whose next job is in slot `slot`, and a job of one block with a C: {1, 2, 2, 16}.
  void open(Format format, int slot, std::uint64_t seed, std::int64_t illegal_row = -1,
            std::int64_t illegal_group = 0) {
    GemmDriverOptions options{.preset = soft_preset().name, .latency = 5, .seed = seed};
    options.model = [seed] { return make_soft_gemm(seed); };
    placed_.reset();
    driver_ = std::make_unique<GemmDriver>(options);
    const CoreMode mode{.a = format, .b = format, .sparse = true};
    gemm_ = std::make_unique<RandomGemm>(soft_preset().core, mode, GemmShape{1, 2, 2, 16}, true, MetadataRule::ordered,
                                         seed, RandomGemm::Batched{.a = true, .b = true, .c = true});
    if (illegal_row >= 0) gemm_->metadata().set(0, illegal_row, illegal_group, 0x0);
    random_.seed(seed);
    GemmLayout layout;
    layout.base = std::min(random_(), ~std::uint64_t{0} - kRoom) / 4096 * 4096;
    placed_ = std::make_unique<PlacedGemm>(driver_->memory(), gemm_->problem(), layout, seed);
    placed_->allow(driver_->checker());
    job_ = gemm_registers(placed_->job(), {});
    if (slot == 1) {
      driver_->write_job(job_);
      ASSERT_TRUE(driver_->start());
      driver_->wait(kLimit);
      driver_->clear_status();
    }
  }

  /// Runs the job, `far` done in the cycle in which its first block is planned and `farther` in the next one.
  void run(const std::function<void()>& far, const std::function<void()>& farther = [] {}) {
    injector().before_cycle = [far, farther, done = 0](Injector&) mutable {
      if (done == 2 || get_flop("u_reader", "state_q") != (done == 0 ? kPlan : kSet)) return;
      (done == 0 ? far : farther)();
      ++done;
    };
    driver_->write_job(job_);
    ASSERT_TRUE(driver_->start());
    driver_->wait(kLimit);
    injector().before_cycle = {};
  }

  /// The same, its sizes as if its one block were the last of so many.
  void run_at(const Place& place) {
    const GemmTimingJob& job = placed_->job();
    const auto m = static_cast<std::uint32_t>(job.m), n = static_cast<std::uint32_t>(job.n);
    const auto k = static_cast<std::uint32_t>(job.k);
    const std::uint32_t line = place.group * (job.a_format == Format::tf32 ? 2 : 4);  // row of B
    job_.batch = place.entry + 1;
    job_.m = place.row + m;
    job_.n = place.column + n;
    job_.k = line + k;
    const std::uint32_t k_bytes = k / 2 * static_cast<std::uint32_t>(storage_bytes(job.a_format));
    run(
        [=] {
          set_flop("u_reader", "entry_q", 24, place.entry);
          set_flop("u_reader", "line_q", 24, place.row);
          set_flop("u_reader", "group_q", 24, place.group);
          set_flop("u_reader", "m_left_q", 24, m);
          set_flop("u_reader", "n_left_q", 24, n);
          set_flop("u_reader", "k_left_q", 26, k_bytes);
        },
        [=] { set_flop("u_reader", "b_line_q", 24, line); });
  }

  /// A window that leaves out what begins at `address`: all below it, or all from some address behind the job on.
  AxiWindow without(std::uint64_t address, bool below) {
    if (below) return {0, address - 1};
    const std::uint64_t end = placed_->end();
    return {(end + random_() % (0 - end)) / 4096 * 4096, ~std::uint64_t{0}};
  }

  void expect_error(std::uint32_t code, std::size_t operand, const Place& place) {
    EXPECT_TRUE(driver_->status().error);
    const GemmError error = driver_->error();
    EXPECT_EQ(static_cast<std::uint32_t>(error.code), code);
    EXPECT_EQ(static_cast<std::size_t>(error.operand), operand);
    EXPECT_EQ(error.entry, place.entry);
    EXPECT_EQ(error.row, place.row);
    EXPECT_EQ(error.group, place.group);
  }

  static constexpr std::uint64_t kRoom = std::uint64_t{1} << 24;

  std::mt19937_64 random_;
  std::unique_ptr<GemmDriver> driver_;
  std::unique_ptr<RandomGemm> gemm_;
  std::unique_ptr<PlacedGemm> placed_;
  GemmRegisters job_;
};

/// Of every bit of each field there is a place that has it and one that has not, under either slot.
std::vector<Place> places() {
  std::mt19937_64 random(1);
  std::vector<Place> all;
  for (int i = 0; i < 12; ++i) {
    const auto draw = [&](std::uint32_t below) { return static_cast<std::uint32_t>(random() % below); };
    // The last rows of a matrix of 2^24 - 1 rows; groups of four elements, or of two.
    all.push_back({draw((1U << 24) - 2), draw((1U << 24) - 4), draw((1U << 22) - 4), draw((1U << 24) - 4)});
  }
  return all;
}

#define FOR_EACH_PLACE(slot, place)                                                                                 \
  for (const int slot : {0, 1})                                                                                     \
    for (const Place& place : places())                                                                             \
      if (SCOPED_TRACE(fmt::format("slot {}, entry {:06x}, row {:06x}, group {:06x}", slot, place.entry, place.row, \
                                   place.group));                                                                   \
          true)

TEST_F(Far, IllegalMetadata) {
  FOR_EACH_PLACE(slot, place) {
    for (const bool stop : {false, true}) {
      open(Format::fp16, slot, place.entry, 1, 2);
      job_.format |= reg::kFormatStop.put(stop);
      run_at(place);
      const Place first{place.entry, place.row + 1, place.group + 2};
      const GemmMetadata seen = driver_->metadata();
      EXPECT_EQ(seen.count, 1u);
      EXPECT_EQ(seen.entry, first.entry);
      EXPECT_EQ(seen.row, first.row);
      EXPECT_EQ(seen.group, first.group);
      if (stop) {
        expect_error(reg::kErrorCodeMeta, kE, first);
      } else {
        EXPECT_FALSE(driver_->status().error);
      }
    }
  }
}

/// Groups of two elements: TF32 has one bit more of them.
TEST_F(Far, IllegalMetadataOfTf32) {
  open(Format::tf32, 0, 7, 0, 3);
  job_.format |= reg::kFormatStop.put(1);
  run_at({1, 2, 0x7FFFF0});
  expect_error(reg::kErrorCodeMeta, kE, {1, 2, 0x7FFFF3});
}

TEST_F(Far, FailedRead) {
  FOR_EACH_PLACE(slot, place) {
    for (const std::size_t operand : {kA, kB}) {
      open(Format::fp16, slot, place.entry);
      const std::uint64_t at = job_.operands[operand].address + job_.operands[operand].pitch;
      driver_->memory().add_fault({.first = at, .last = at});
      run_at(place);
      expect_error(reg::kErrorCodeRead, operand, {place.entry, (operand == kA ? place.row : place.group * 4) + 1, 0});
    }
  }
}

TEST_F(Far, ReadOutsideOfTheWindow) {
  FOR_EACH_PLACE(slot, place) {
    for (const bool below : {true, false}) {
      open(Format::fp16, slot, place.entry);
      ASSERT_TRUE(driver_->set_windows(without(job_.operands[kC].address, below), {}));
      run_at(place);
      expect_error(reg::kErrorCodeWindow, kC, {place.entry, place.row, 0});
    }
  }
}

TEST_F(Far, WriteOutsideOfTheWindow) {
  FOR_EACH_PLACE(slot, place) {
    for (const bool below : {true, false}) {
      open(Format::fp16, slot, place.entry);
      ASSERT_TRUE(driver_->set_windows({}, without(job_.operands[kD].address, below)));
      run_at(place);
      expect_error(reg::kErrorCodeWindow, kD, {place.entry, place.row, 0});
    }
  }
}

TEST_F(Far, TheSameResult) {
  FOR_EACH_PLACE(slot, place) {
    open(Format::fp16, slot, place.entry);
    run_at(place);
    EXPECT_FALSE(driver_->status().error);
    const Tensor expected = gemm_fast(gemm_->problem()), d = placed_->d();
    EXPECT_EQ(d.data, expected.data);
    driver_->finish();
  }
}

/// All counters of 48 bits, and the count of illegal metadata, by the names of their registers.
std::map<std::string, std::uint64_t> counts(GemmDriver& driver) {
  std::map<std::string, std::uint64_t> all;
  for (const reg::Register& r : reg::kRegisters) {
    const bool low = r.name.ends_with("_LO");
    if (low && (r.name.starts_with("COUNT_") || r.name == "META_COUNT_LO"))
      all[std::string(r.name)] = driver.read64(r.offset);
  }
  return all;
}

TEST_F(Far, CountersGoOn) {
  constexpr std::uint64_t kOnes = (std::uint64_t{1} << 48) - 1;
  for (const int slot : {0, 1}) {
    open(Format::fp16, slot, 3, 1, 2);
    run([] {});
    const std::map<std::string, std::uint64_t> from_zero = counts(*driver_);
    ASSERT_EQ(from_zero.size(), 19U);
    // What carries far, what wraps, and any bits.
    for (const std::uint64_t already :
         {std::uint64_t{0xFFFF'FFFF}, kOnes - 1, std::uint64_t{0xA5C3'96F0'5A3C}, std::uint64_t{0x5A3C'690F'A5C3}}) {
      SCOPED_TRACE(fmt::format("slot {}, {:x} counted", slot, already));
      open(Format::fp16, slot, 3, 1, 2);
      run([already] {
        add_to_flops("u_jobs", "cycles_q", already);
        for (const char* const name : {"count0_q", "count1_q", "meta_count0_q", "meta_count1_q"})
          add_to_flops("u_jobs", name, already);
      });
      for (const auto& [name, count] : counts(*driver_))
        EXPECT_EQ(count, (from_zero.at(name) + already) & kOnes) << name;
    }
  }
}

}  // namespace
}  // namespace spmma::verif
