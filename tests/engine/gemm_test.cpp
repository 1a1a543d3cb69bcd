// SPDX-License-Identifier: Apache-2.0
// Whole GEMMs on spmma_gemm: every bit of D against the golden model, every counter against the cycle model.
#include "engine.h"

namespace spmma::verif {
namespace {

class EngineGemm : public EveryEngine {
 protected:
  void random_runs(int runs, std::uint64_t seed, bool stalled) {
    const std::vector<CoreMode> modes = core_modes(preset().core);
    for (int i = 0; i < runs; ++i, ++seed) {
      random_run(preset(), modes[seed % modes.size()], seed, stalled);
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

TEST_P(EngineGemm, AnyShapeAndLayout) { random_runs(large() ? 20 : 600, 1, false); }

TEST_P(EngineGemm, AnyStalls) { random_runs(large() ? 10 : 300, 10001, true); }

}  // namespace
}  // namespace spmma::verif
