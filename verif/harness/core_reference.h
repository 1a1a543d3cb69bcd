// SPDX-License-Identifier: Apache-2.0
// What spmma_core must answer, from beats alone: fused_step() for every element of every step, and the flags.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core_beat.h"
#include "spmma/step.h"

namespace spmma::verif {

/// One element's share of a beat: what fused_step() is given.
struct BeatOperands {
  StepParams params;
  std::vector<std::uint32_t> a;  ///< len raw elements; none if the combination is illegal
  std::vector<std::uint32_t> b;
};

/// True for a combination that the core computes (interfaces.md, "Formats", restricted to what the preset builds in).
bool combination_legal(const CoreParams& p, const CoreControl& control);

/// Operands of element (row, col) after the 2:4 selection. An illegal combination is a step without products whose C
/// and D are FP32, or FP16 if acc_f16 is set.
BeatOperands beat_operands(const CoreParams& p, const CoreBeat& beat, int row, int col);

struct CoreResult {
  std::vector<std::uint32_t> d;  ///< rows * cols
  CoreFlags flags;
};

/// The accumulators. Beats go in as the core accepts them; a result comes out with each `last`.
class CoreReference {
 public:
  explicit CoreReference(const CoreParams& p);
  void reset();
  std::optional<CoreResult> step(const CoreBeat& beat);
  /// What the beat starts from: its C if it is a chain's first, else the slot's values. rows * cols raw words.
  std::vector<std::uint32_t> start(const CoreBeat& beat) const;

 private:
  struct Slot {
    std::vector<std::uint32_t> value;
    CoreFlags flags;
    std::uint32_t steps = 0;
  };
  void check_metadata(const CoreBeat& beat, Slot& slot) const;

  CoreParams params_;
  std::vector<Slot> slots_;
};

}  // namespace spmma::verif
