// SPDX-License-Identifier: Apache-2.0
// Short jobs on a unit in which a flop may turn over, and what became of them.
#pragma once

#include <cstdint>
#include <string>

namespace spmma::verif {

enum class SoftOutcome : std::uint8_t {
  masked,    ///< every result is right, no error is reported, all ends
  detected,  ///< the hardware reports it: an error flag of the core; ERROR or META_COUNT of the engine
  hung,      ///< the job does not end
  wrong      ///< a result is wrong and nothing says so
};
inline constexpr int kSoftOutcomes = 4;

struct SoftResult {
  SoftOutcome outcome = SoftOutcome::masked;
  bool asserted = false;  ///< an assertion of the RTL, or a rule of the harness's bus checkers, failed
};

/// Some dozen chains on the core: random formats, sparse and dense, and stalls; legal in everything.
SoftResult run_soft_core(std::uint64_t seed);
/// One job of some blocks on the engine, from its start to its registers read after it.
SoftResult run_soft_gemm(std::uint64_t seed);

}  // namespace spmma::verif
