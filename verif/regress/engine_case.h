// SPDX-License-Identifier: Apache-2.0
// Jobs on spmma_gemm, with something that comes between, or something that is wrong with the first of them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gemm_model.h"
#include "random_gemm.h"
#include "stall.h"
#include "test_case.h"

namespace spmma::verif {

struct EngineJob {
  CoreMode mode = {};
  GemmShape shape{1, 1, 1, 1};
  bool with_c = true;
  RandomGemm::Batched batched = {};
  MetadataRule rule = MetadataRule::ordered;
  bool odd_layout = false;             ///< random offsets, pitches and strides
  std::optional<bool> scattered = {};  ///< rows anywhere in memory, if not left to the layout's draw
  int illegal_nibbles = 0;             ///< of a sparse A, at most
  std::uint64_t seed = 1;              ///< of operands and layout
};

/// What happens while the first job runs.
enum class EngineEvent : std::uint8_t {
  none,
  abort,        ///< at cycle `at` after its start
  late_abort,   ///< at cycle `at` after its first write address, with the next job queued by then
  reset,        ///< at cycle `at`
  read_fault,   ///< of R beat `at` from its start on
  write_fault,  ///< of write burst `at` from its start on
  registers,    ///< writes and reads of registers, for `at` cycles
};

/// What is wrong with the first job.
enum class EngineWrong : std::uint8_t {
  nothing,
  size,
  format,
  align,
  wrap,
  read_window,
  write_window,
  metadata,
  // A legal size of up to all its bits, where the operands have one row, one entry, K = 1, one row of B's blocks: the
  // read window ends with these, and so must the job.
  huge_m,
  huge_batch,
  huge_k,
  huge_n,
};
inline bool is_huge(EngineWrong wrong) { return wrong >= EngineWrong::huge_m; }

/// What an engine case is made from.
struct EnginePlan {
  std::string test;  ///< named in messages
  std::string preset;
  std::uint64_t seed = 1;  ///< of the registers' first bits, the stalls, the event
  std::vector<EngineJob> jobs = {};
  bool queued = false;  ///< each job is started while the one before runs
  int latency = 100;
  int bandwidth = 0;        ///< bytes a cycle; 0: the data width
  StallPattern stall = {};  ///< of each channel of the memory
  double register_stall = 0;
  EngineEvent event = EngineEvent::none;
  std::int64_t at = 0;
  EngineWrong wrong = EngineWrong::nothing;
  std::optional<EngineJob> lead = {};  ///< runs before the first one, so that that one is in the other slot
  bool behind = false;                 ///< the first one, which is wrong, is started while `lead` runs
  bool read_back = false;              ///< all registers that can be written are, and are read, before the jobs
  /// Another engine than the preset's model: a wrong one, to test what finds it.
  std::function<std::unique_ptr<GemmModel>()> model = {};
};

/// Runs the jobs with what disturbs them, checks every D, error and counter; then, if there was a disturbance, runs
/// them again in peace.
class EngineCase final : public TestCase {
 public:
  explicit EngineCase(EnginePlan plan) : plan_(std::move(plan)) {}

  bool on_engine() const override { return true; }
  const std::string& preset() const override { return plan_.preset; }
  CaseResult run(const CaseOptions& options) const override;
  std::string describe() const override;
  std::shared_ptr<const TestCase> shrink(int budget) const override;

  const EnginePlan& plan() const { return plan_; }

 private:
  EnginePlan plan_;
};

}  // namespace spmma::verif
