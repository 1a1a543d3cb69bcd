// SPDX-License-Identifier: Apache-2.0
// Short jobs on a unit in which a flop may turn over, and what became of them.
#pragma once

#include <cstdint>
#include <functional>

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

/// Told what became of a job, while its model still lives: a process that was split off must end there, for a model
/// cannot be taken down in it (its threads did not come along).
using SoftDone = std::function<void(const SoftResult&)>;

/// Some dozen chains on the core: random formats, sparse and dense, and stalls; legal in everything.
void run_soft_core(std::uint64_t seed, const SoftDone& done);
/// One job of some blocks on the engine, from its start to its registers read after it.
void run_soft_gemm(std::uint64_t seed, const SoftDone& done);

}  // namespace spmma::verif
