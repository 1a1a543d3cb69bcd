// SPDX-License-Identifier: Apache-2.0
// Whole GEMMs on spmma_gemm: every bit of D against the golden model, every counter against the cycle model.
#include <fmt/format.h>

#include <random>

#include "engine.h"

namespace spmma::verif {
namespace {

class EngineGemm : public EveryEngine {
 protected:
  /// One run of `mode`; everything else is drawn from `seed`.
  void random_run(const CoreMode& mode, std::uint64_t seed, bool stalled) {
    std::mt19937_64 random(seed);
    const auto chance = [&](int one_in) { return random() % static_cast<std::uint64_t>(one_in) == 0; };
    GemmShape shape;
    shape.batch = chance(3) ? 1 + static_cast<std::int64_t>(random() % 3) : 1;
    shape.m = random_size(random, preset().gemm.block_rows, light() ? 1 : 3);
    shape.n = random_size(random, block_columns(preset(), mode), light() ? 2 : 4);
    shape.k = chance(20) ? 0 : random_size(random, k_block(preset(), mode), light() ? 3 : 5);
    const MetadataRule rule = chance(3) ? MetadataRule::any : MetadataRule::ordered;
    const RandomGemm::Batched batched{.a = !chance(3), .b = !chance(2), .c = !chance(3)};
    const RandomGemm gemm(preset().core, mode, shape, chance(2), rule, seed, batched);
    EngineRunOptions options{.preset = GetParam(), .rule = rule, .seed = seed};
    options.latency = chance(4) ? 1 : 1 + static_cast<int>(random() % 200);
    options.bandwidth =
        chance(3) ? 1 + static_cast<int>(random() % static_cast<std::uint64_t>(preset().gemm.data_bytes())) : 0;
    if (!chance(3)) options.layout = random_layout(gemm.problem(), random);
    if (stalled) options.stall = std::uniform_real_distribution<double>(0.05, 0.8)(random);
    SCOPED_TRACE(fmt::format("{} batch {} {} x {} x {}, latency {}, bandwidth {}, stall {}, seed {}", mode.name(),
                             gemm.problem().batch(), shape.m, shape.n, gemm.problem().k(), options.latency,
                             options.bandwidth, options.stall, seed));
    EngineRunResult result;
    ASSERT_NO_THROW(result = run_engine_gemm(gemm.problem(), options));
    expect_good(result, gemm.problem(), !stalled);
  }
  void random_runs(int runs, std::uint64_t seed, bool stalled) {
    const std::vector<CoreMode> modes = core_modes(preset().core);
    for (int i = 0; i < runs; ++i, ++seed) {
      random_run(modes[seed % modes.size()], seed, stalled);
      if (HasFailure()) return;
    }
  }
};
SPMMA_EVERY_ENGINE(EngineGemm);

TEST_P(EngineGemm, OneStep) {
  for (const CoreMode& mode : core_modes(preset().core)) {
    const RandomGemm gemm(preset().core, mode, {1, 1, 1, 1}, false, MetadataRule::ordered, 1);
    SCOPED_TRACE(mode.name());
    expect_good(run_engine_gemm(gemm.problem(), {.preset = GetParam()}), gemm.problem(), true);
    if (HasFailure()) return;
  }
}

TEST_P(EngineGemm, AnyShapeAndLayout) { random_runs(light() ? 20 : 600, 1, false); }

TEST_P(EngineGemm, AnyStalls) { random_runs(light() ? 10 : 300, 10001, true); }

}  // namespace
}  // namespace spmma::verif
