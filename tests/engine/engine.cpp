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

std::int64_t random_size(std::mt19937_64& random, std::int64_t unit, std::int64_t units) {
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  switch (pick(0, 3)) {
    case 0:
      return std::max<std::int64_t>(1, pick(1, units) * unit + pick(-1, 1));
    case 1:
      return pick(1, unit);
    default:
      return pick(1, units * unit);
  }
}

std::int64_t block_columns(const Preset& preset, const CoreMode& mode) {
  return preset.gemm.block_bytes / storage_bytes(mode.b);
}

std::int64_t k_block(const Preset& preset, const CoreMode& mode) {
  return preset.gemm.k_bytes / storage_bytes(mode.a) * (mode.sparse ? 2 : 1);
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
    EXPECT_EQ(counted.steps, result.model.steps);
    EXPECT_EQ(counted.lanes, result.model.lanes);
    EXPECT_EQ(counted.bytes_read, result.model.bytes_read);
    EXPECT_EQ(counted.bytes_written, result.model.bytes_written);
    EXPECT_EQ(counted.beats_read, result.model.beats_read);
    EXPECT_EQ(counted.beats_written, result.model.beats_written);
  }
}

}  // namespace spmma::verif
