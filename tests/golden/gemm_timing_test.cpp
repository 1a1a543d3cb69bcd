// SPDX-License-Identifier: Apache-2.0
// The engine's cycle model: walked by hand, its two forms against each other, what must hold of any count, and the
// figures that the engine is built for.
#include "spmma/gemm_timing.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "spmma/core_timing.h"
#include "spmma/step.h"

namespace spmma {
namespace {

GemmTimingJob make_job(Format f, std::int64_t m, std::int64_t n, std::int64_t k, bool sparse, int data_bytes) {
  GemmTimingJob job;
  job.a_format = job.b_format = f;
  job.acc = default_acc(f);
  job.sparse = sparse;
  job.m = m;
  job.n = n;
  job.k = k;
  gemm_default_layout(job, data_bytes);
  return job;
}

std::int64_t stall_sum(const GemmStalls& s) { return s.start + s.a + s.metadata + s.b + s.c + s.d + s.chain + s.drain; }

std::string text(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory) {
  const auto operand = [](const char* what, const GemmOperand& o) {
    return std::string(" ") + what + "=" + std::to_string(o.address) + "/" + std::to_string(o.pitch) + "/" +
           std::to_string(o.stride);
  };
  return preset.name + " " + std::string(name(job.a_format)) + " " + std::string(name(job.acc)) +
         (job.sparse ? " sparse " : " dense ") + std::to_string(job.m) + "x" + std::to_string(job.n) + "x" +
         std::to_string(job.k) + " batch " + std::to_string(job.batch) + (job.has_c ? " C" : "") + " latency " +
         std::to_string(memory.latency) + " bandwidth " + std::to_string(memory.bandwidth) + operand("A", job.a) +
         operand("E", job.e) + operand("B", job.b) + operand("C", job.c) + operand("D", job.d);
}

void expect_equal(const GemmCycles& x, const GemmCycles& y) {
  EXPECT_EQ(x.cycles, y.cycles);
  EXPECT_EQ(x.steps, y.steps);
  EXPECT_EQ(x.lanes, y.lanes);
  EXPECT_EQ(x.stalls.start, y.stalls.start);
  EXPECT_EQ(x.stalls.a, y.stalls.a);
  EXPECT_EQ(x.stalls.metadata, y.stalls.metadata);
  EXPECT_EQ(x.stalls.b, y.stalls.b);
  EXPECT_EQ(x.stalls.c, y.stalls.c);
  EXPECT_EQ(x.stalls.d, y.stalls.d);
  EXPECT_EQ(x.stalls.chain, y.stalls.chain);
  EXPECT_EQ(x.stalls.drain, y.stalls.drain);
  EXPECT_EQ(x.held_w, y.held_w);
  EXPECT_EQ(x.bytes_read, y.bytes_read);
  EXPECT_EQ(x.bytes_written, y.bytes_written);
  EXPECT_EQ(x.beats_read, y.beats_read);
  EXPECT_EQ(x.beats_written, y.beats_written);
}

/// Sizes near the edges of tiles, strips and blocks, and a few blocks.
class RandomJobs {
 public:
  explicit RandomJobs(std::uint64_t seed) : random_(seed) {}

  std::int64_t number(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  bool chance(int percent) { return number(1, 100) <= percent; }

  GemmTimingJob job(const Preset& preset) {
    GemmTimingJob job;
    std::vector<Format> formats;
    for (const Format f : kFormats) {
      if (preset.core.has(f)) formats.push_back(f);
    }
    job.a_format = job.b_format = formats[static_cast<std::size_t>(number(0, std::ssize(formats) - 1))];
    job.acc = default_acc(job.a_format);
    if (chance(30) && legal(job.a_format, job.b_format, Acc::f16)) job.acc = Acc::f16;
    job.sparse = preset.core.sparse && chance(50);
    job.has_c = chance(40);
    const GemmParams& gemm = preset.gemm;
    const int elem = storage_bytes(job.a_format);
    job.m = size(preset.core.rows, gemm.block_rows);
    job.n = size(preset.core.cols, gemm.block_bytes / elem);
    job.k = chance(3) ? 0 : size(preset.core.step_bytes / elem, (job.sparse ? 2 : 1) * gemm.k_bytes / elem);
    if (job.sparse) job.k += (group_size(job.a_format) - job.k % group_size(job.a_format)) % group_size(job.a_format);
    job.batch = chance(20) ? number(2, 5) : 1;
    gemm_default_layout(job, gemm.data_bytes(), static_cast<std::uint64_t>(number(0, 3)) * 4096);
    if (chance(50)) scatter(job);
    return job;
  }

  MemoryTiming memory(const Preset& preset) {
    MemoryTiming memory;
    memory.latency = static_cast<int>(chance(30) ? number(1, 10) : number(1, 500));
    memory.bandwidth = static_cast<int>(chance(40) ? preset.gemm.data_bytes() : number(1, preset.gemm.data_bytes()));
    return memory;
  }

 private:
  std::int64_t size(int unit, int block) {
    switch (number(0, 3)) {
      case 0:
        return number(1, 2 * unit);
      case 1:
        return number(1, block);
      case 2:
        return block * number(1, 6);
      default:
        return number(1, 5 * block);
    }
  }

  /// Any address and pitch that is a multiple of the element, and an entry that serves the whole batch.
  void scatter(GemmTimingJob& job) {
    const GemmRowBytes bytes = gemm_row_bytes(job);
    const auto move = [&](GemmOperand& o, std::int64_t row, std::int64_t rows, int elem) {
      const std::int64_t unit = chance(50) ? elem : 64;
      o.address += static_cast<std::uint64_t>(number(0, 4096 / unit) * unit);
      o.pitch = static_cast<std::uint64_t>(((row + unit - 1) / unit + number(0, 3)) * unit);
      o.stride =
          chance(20) ? 0 : o.pitch * static_cast<std::uint64_t>(rows) + static_cast<std::uint64_t>(unit * number(0, 3));
    };
    move(job.a, bytes.a, job.m, storage_bytes(job.a_format));
    move(job.e, bytes.e, job.m, 1);
    move(job.b, bytes.b, job.k, storage_bytes(job.b_format));
    move(job.c, bytes.d, job.m, storage_bytes(job.acc));
    move(job.d, bytes.d, job.m, storage_bytes(job.acc));
  }

  std::mt19937_64 random_;
};

/// Reads of A, E and B happen once for each block that uses them; C is read and D written once.
void expect_sane(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory, const GemmCycles& x) {
  const GemmRowBytes row = gemm_row_bytes(job);
  const std::int64_t block_cols = preset.gemm.block_bytes / storage_bytes(job.b_format);
  const std::int64_t across = (job.n + block_cols - 1) / block_cols;
  const std::int64_t down = (job.m + preset.gemm.block_rows - 1) / preset.gemm.block_rows;
  EXPECT_EQ(x.bytes_read, job.batch * (job.m * (row.a + row.e) * across + job.k * row.b * down + job.m * row.c));
  EXPECT_EQ(x.bytes_written, job.batch * job.m * row.d);
  EXPECT_EQ(x.lanes, job.batch * job.m * job.n * (job.sparse ? job.k / 2 : job.k));
  EXPECT_EQ(x.cycles, x.steps + stall_sum(x.stalls));
  const std::int64_t lanes =
      std::int64_t{preset.core.rows} * preset.core.cols * products_per_step(preset.core.arith(), job.a_format);
  EXPECT_GE(x.steps * lanes, x.lanes);
  // A beat of slack is what the memory's bandwidth rule grants.
  const std::int64_t width = preset.gemm.data_bytes();
  EXPECT_GE((x.cycles + 1) * memory.bandwidth, (x.beats_read - 1) * width);
  EXPECT_GE((x.cycles + 1) * memory.bandwidth, (x.beats_written - 1) * width);
  EXPECT_GE(x.beats_read * width, x.bytes_read);
  EXPECT_GE(x.beats_written * width, x.bytes_written);
}

class GemmTimingTest : public ::testing::TestWithParam<std::string> {
 protected:
  const Preset& preset() const { return *find_preset(GetParam()); }
};

TEST_P(GemmTimingTest, EqualsTheWalk) {
  RandomJobs random(std::hash<std::string>()(GetParam()));
  const int jobs = preset().gemm.block_rows < 64 ? 10000 : 2000;
  for (int i = 0; i < jobs; ++i) {
    const GemmTimingJob job = random.job(preset());
    const MemoryTiming memory = random.memory(preset());
    SCOPED_TRACE(text(preset(), job, memory));
    const GemmCycles walked = gemm_cycles_reference(preset(), job, memory);
    expect_equal(gemm_cycles(preset(), job, memory), walked);
    expect_sane(preset(), job, memory, walked);
    ASSERT_FALSE(HasFailure());
  }
}

TEST_P(GemmTimingTest, EqualsTheWalkOverManyBlocks) {
  RandomJobs random(1);
  for (int i = 0; i < 12; ++i) {
    GemmTimingJob job = random.job(preset());
    const int blocks = preset().gemm.block_rows < 64 ? 24 : 9;
    job.m = preset().gemm.block_rows * random.number(1, blocks) + random.number(0, 1);
    job.n = preset().gemm.block_bytes / storage_bytes(job.b_format) * random.number(1, blocks) + random.number(0, 1);
    job.k =
        2 * preset().gemm.k_bytes / storage_bytes(job.a_format) * random.number(1, blocks) + 4 * random.number(0, 1);
    job.batch = random.number(1, 2);
    gemm_default_layout(job, random.chance(50) ? 1 : preset().gemm.data_bytes());
    const MemoryTiming memory = random.memory(preset());
    SCOPED_TRACE(text(preset(), job, memory));
    const GemmCycles walked = gemm_cycles_reference(preset(), job, memory);
    expect_equal(gemm_cycles(preset(), job, memory), walked);
    expect_sane(preset(), job, memory, walked);
    ASSERT_FALSE(HasFailure());
  }
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& p : presets()) names.push_back(p.name);
  return names;
}
INSTANTIATE_TEST_SUITE_P(All, GemmTimingTest, ::testing::ValuesIn(preset_names()),
                         [](const auto& preset) { return preset.param; });

TEST(GemmTiming, OneTileByHand) {
  const Preset& ampere = *find_preset("ampere");
  const GemmTimingJob job = make_job(Format::int8, 1, 1, 4, false, ampere.gemm.data_bytes());
  const GemmCycles x = gemm_cycles(ampere, job, {100, 64});
  // Start 0, plan 2; A: set 3, ask 4, AR 5, R 105. B: set 5, asks 6 to 9, ARs 7 to 10, R 107 to 110, usable 112.
  // One step in 112; the strip is filled in 129, its beat passes W in 132, and the response comes in 232.
  EXPECT_EQ(x.cycles, 233);
  EXPECT_EQ(x.steps, 1);
  EXPECT_EQ(x.lanes, 4);
  EXPECT_EQ(x.stalls.start, 112);
  EXPECT_EQ(x.stalls.drain, 120);
  EXPECT_EQ(x.beats_read, 5);
  EXPECT_EQ(x.beats_written, 1);
  EXPECT_EQ(x.bytes_read, 8);
  EXPECT_EQ(x.bytes_written, 4);
}

TEST(GemmTiming, EmptyD) {
  const Preset& ampere = *find_preset("ampere");
  for (const std::int64_t m : {0, 5}) {
    GemmTimingJob job = make_job(Format::fp16, m, 5 - m, 16, false, ampere.gemm.data_bytes());
    expect_equal(gemm_cycles(ampere, job, {}), gemm_cycles_reference(ampere, job, {}));
    const GemmCycles x = gemm_cycles(ampere, job, {});
    EXPECT_EQ(x.cycles, 4);
    EXPECT_EQ(x.stalls.start, 4);
    EXPECT_EQ(x.steps, 0);
    EXPECT_EQ(x.bytes_read, 0);
  }
}

TEST(GemmTiming, DefaultLayout) {
  GemmTimingJob job = make_job(Format::fp16, 3, 5, 100, true, 64);
  job.has_c = true;
  job.batch = 2;
  const std::optional<std::uint64_t> end = gemm_default_layout(job, 64, 1);
  const GemmRowBytes row = gemm_row_bytes(job);
  EXPECT_EQ(row.a, 100);
  EXPECT_EQ(row.e, 13);
  EXPECT_EQ(row.b, 10);
  EXPECT_EQ(row.c, 20);
  EXPECT_EQ(row.d, 20);
  EXPECT_EQ(job.a.address, 4096U);
  EXPECT_EQ(job.a.pitch, 128U);
  EXPECT_EQ(job.a.stride, 384U);
  EXPECT_EQ(job.e.address, 8192U);
  EXPECT_EQ(job.e.pitch, 64U);
  EXPECT_EQ(job.b.address, 12288U);
  EXPECT_EQ(job.b.stride, 6400U);
  EXPECT_EQ(job.c.address, 28672U);
  EXPECT_EQ(job.d.address, 32768U);
  EXPECT_EQ(end, 32768U + 2 * 3 * 64);
}

TEST(GemmTiming, LayoutBeyondTheAddressSpace) {
  constexpr std::int64_t kMax = (1 << 24) - 1;
  GemmTimingJob job = make_job(Format::fp16, kMax, kMax, kMax, false, 64);
  EXPECT_TRUE(gemm_default_layout(job, 64));
  job.batch = kMax;
  EXPECT_FALSE(gemm_default_layout(job, 64));
  job.batch = 1;
  EXPECT_FALSE(gemm_default_layout(job, 64, ~std::uint64_t{0} - 4095));
  EXPECT_FALSE(gemm_default_layout(job, 64, ~std::uint64_t{0}));
}

TEST(GemmTiming, SparseOverDense) {
  struct Row {
    const char* preset;
    Format format;
    std::int64_t size;
    double ratio;
  };
  const Row rows[] = {
      {"ampere", Format::int8, 512, 1.98}, {"ampere", Format::fp16, 512, 1.98}, {"ampere", Format::bf16, 512, 1.98},
      {"ampere", Format::tf32, 512, 1.98}, {"hopper", Format::fp16, 512, 1.98}, {"hopper", Format::e4m3, 512, 1.98},
      {"ampere", Format::int8, 256, 1.94},
  };
  for (const Row& row : rows) {
    const Preset& preset = *find_preset(row.preset);
    const auto cycles = [&](bool sparse) {
      return gemm_cycles(preset, make_job(row.format, row.size, row.size, row.size, sparse, 64), {100, 64});
    };
    const GemmCycles dense = cycles(false), sparse = cycles(true);
    SCOPED_TRACE(std::string(row.preset) + " " + std::string(name(row.format)));
    EXPECT_GE(static_cast<double>(dense.cycles) / static_cast<double>(sparse.cycles), row.ratio);
    if (row.size < 512) continue;
    EXPECT_GE(static_cast<double>(dense.steps), 0.98 * static_cast<double>(dense.cycles));
    EXPECT_GE(static_cast<double>(sparse.steps), 0.98 * static_cast<double>(sparse.cycles));
  }
}

TEST(GemmTiming, MetadataCostsAnEighthOrAQuarter) {
  const auto bytes = [](Format f) { return gemm_row_bytes(make_job(f, 8, 8, 64, true, 64)); };
  EXPECT_EQ(bytes(Format::fp16).a + bytes(Format::fp16).e, 64 * 2 * 36 / 64);
  EXPECT_EQ(bytes(Format::int8).a + bytes(Format::int8).e, 64 * 20 / 32);
}

TEST(GemmTiming, LargeJobsTakeNoTime) {
  // GPT-3's hidden size, and a row pitch that no line of 4 KiB divides: milliseconds on any machine.
  for (const std::int64_t size : {12288, 12352}) {
    for (const Preset& preset : presets()) {
      const auto started = std::chrono::steady_clock::now();
      const GemmCycles x = gemm_cycles(
          preset, make_job(Format::fp16, size, size, size, preset.core.sparse, preset.gemm.data_bytes()), {});
      EXPECT_EQ(x.cycles, x.steps + stall_sum(x.stalls));
      EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(10)) << preset.name << " " << size;
    }
  }
}

}  // namespace
}  // namespace spmma
