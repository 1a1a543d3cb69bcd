// SPDX-License-Identifier: Apache-2.0
// Cycle-accurate model of spmma_core's handshakes, written from docs/core.md: when a beat is accepted, when its
// result appears. It knows nothing of values.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "spmma/preset.h"

namespace spmma {

/// Cycles between events of a beat (docs/core.md, "Latency"). A beat issues when it leaves the input register.
struct CoreLatency {
  int result = 0;  ///< clock edges from issue to the result register: its position in the pipeline
  int chain = 0;   ///< least cycles between the issues of two beats of one accumulator slot
  int output = 0;  ///< from the cycle of issue to the cycle in which out_valid_o shows it, the queue being empty
};
CoreLatency core_latency(const CoreParams& p);

/// One clock edge at a time. Call `in_ready()` and `out_valid()` for the current cycle, then `tick()` with what the
/// environment did in it.
class CoreTiming {
 public:
  explicit CoreTiming(const CoreParams& p);
  void reset();
  bool in_ready() const;
  bool out_valid() const;
  /// `in_valid` with the beat's slot and last flag; `out_ready` of this cycle.
  void tick(bool in_valid, int slot, bool last, bool out_ready);

 private:
  bool can_issue() const;
  CoreParams params_;
  CoreLatency latency_;
  std::int64_t cycle_ = 0;
  bool held_ = false;  ///< the input register holds a beat
  int held_slot_ = 0;
  bool held_last_ = false;
  int credits_ = 0;
  std::vector<std::int64_t> slot_free_;  ///< first cycle in which a slot may issue again
  std::deque<std::int64_t> arrivals_;    ///< cycles in which finished results become visible at the output
  bool out_valid_ = false;
};

/// Cycles of a GEMM streamed tile by tile without stalls (`--unit core`): from the first input handshake to the last
/// output handshake, both counted. `steps` is the chain length of every tile.
std::int64_t core_cycles(const CoreParams& p, std::int64_t tiles, std::int64_t steps);

}  // namespace spmma
