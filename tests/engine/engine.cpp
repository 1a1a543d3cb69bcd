// SPDX-License-Identifier: Apache-2.0
#include "engine.h"

#include <fmt/format.h>

#include "spmma/gemm.h"

namespace spmma::verif {

std::string describe(const GemmCycles& c) {
  return fmt::format(
      "cycles {}\nsteps {}\nlanes {}\nstart {}\nA {}\nmetadata {}\nB {}\nC {}\nD {}\nchain {}\ndrain {}\nheld W {}\n"
      "bytes read {}\nbytes written {}\nbeats read {}\nbeats written {}\n",
      c.cycles, c.steps, c.lanes, c.stalls.start, c.stalls.a, c.stalls.metadata, c.stalls.b, c.stalls.c, c.stalls.d,
      c.stalls.chain, c.stalls.drain, c.held_w, c.bytes_read, c.bytes_written, c.beats_read, c.beats_written);
}

void expect_equal(const Tensor& actual, const Tensor& expected) {
  ASSERT_EQ(actual.batch, expected.batch);
  ASSERT_EQ(actual.rows, expected.rows);
  ASSERT_EQ(actual.cols, expected.cols);
  ASSERT_EQ(actual.elem_bytes, expected.elem_bytes);
  EXPECT_EQ(actual.batched, expected.batched);
  for (std::int64_t e = 0; e < actual.batch; ++e) {
    for (std::int64_t r = 0; r < actual.rows; ++r) {
      for (std::int64_t c = 0; c < actual.cols; ++c) {
        ASSERT_EQ(actual.get(e, r, c), expected.get(e, r, c)) << "entry " << e << ", row " << r << ", column " << c;
      }
    }
  }
}

void expect_good(const EngineRunResult& result, const GemmProblem& problem, bool unstalled) {
  EXPECT_EQ(result.error.code, 0);
  EXPECT_EQ(result.metadata.count, 0u);
  ASSERT_NO_FATAL_FAILURE(expect_equal(result.d, gemm_fast(problem)));
  const GemmCycles& counted = result.counters.cycles;
  if (!result.d.data.empty()) {
    EXPECT_EQ(counted.cycles, result.cycles_counted);
  }
  const GemmStalls& s = counted.stalls;
  EXPECT_EQ(counted.cycles, counted.steps + s.start + s.a + s.metadata + s.b + s.c + s.d + s.chain + s.drain);
  if (unstalled) {
    EXPECT_EQ(describe(counted), describe(result.model));
    EXPECT_EQ(result.counters.held_ar + result.counters.held_aw, 0);
  } else {
    // Each cycle that a channel is held back costs at most one.
    EXPECT_GE(counted.cycles, result.model.cycles);
    EXPECT_LE(counted.cycles, result.model.cycles + result.held);
    EXPECT_EQ(counted.steps, result.model.steps);
    EXPECT_EQ(counted.lanes, result.model.lanes);
    EXPECT_EQ(counted.bytes_read, result.model.bytes_read);
    EXPECT_EQ(counted.bytes_written, result.model.bytes_written);
    EXPECT_EQ(counted.beats_read, result.model.beats_read);
    EXPECT_EQ(counted.beats_written, result.model.beats_written);
  }
}

void random_run(const Preset& preset, const CoreMode& mode, std::uint64_t seed, bool stalled) {
  std::mt19937_64 random(seed);
  const auto chance = [&](int one_in) { return random() % static_cast<std::uint64_t>(one_in) == 0; };
  const bool large = large_blocks(preset);
  GemmShape shape{};
  shape.batch = chance(3) ? 1 + static_cast<std::int64_t>(random() % 3) : 1;
  shape.m = random_size(random, preset.gemm.block_rows, large ? 1 : 3);
  shape.n = random_size(random, block_columns(preset, mode), large ? 2 : 4);
  shape.k = chance(20) ? 0 : random_size(random, k_block(preset, mode), large ? 3 : 5);
  const MetadataRule rule = chance(3) ? MetadataRule::any : MetadataRule::ordered;
  const RandomGemm::Batched batched{.a = !chance(3), .b = !chance(2), .c = !chance(3)};
  const RandomGemm gemm(preset.core, mode, shape, chance(2), rule, seed, batched);
  const auto width = static_cast<std::uint64_t>(preset.gemm.data_bytes());
  EngineRunOptions options{.preset = preset.name, .rule = rule, .seed = seed};
  options.latency = chance(4) ? 1 : 1 + static_cast<int>(random() % 200);
  options.bandwidth = chance(3) ? 1 + static_cast<int>(random() % width) : 0;
  if (!chance(3)) options.layout = random_layout(gemm.problem(), random);
  if (stalled) options.stall = std::uniform_real_distribution<double>(0.05, 0.8)(random);
  SCOPED_TRACE(fmt::format("{} batch {} {} x {} x {}, latency {}, bandwidth {}, stall {}, seed {}", mode.name(),
                           gemm.problem().batch(), shape.m, shape.n, gemm.problem().k(), options.latency,
                           options.bandwidth, options.stall, seed));
  EngineRunResult result;
  ASSERT_NO_THROW(result = run_engine_gemm(gemm.problem(), options));
  expect_good(result, gemm.problem(), !stalled);
}

}  // namespace spmma::verif
