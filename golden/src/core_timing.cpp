// SPDX-License-Identifier: Apache-2.0
#include "spmma/core_timing.h"

#include <algorithm>

namespace spmma {

CoreLatency core_latency(const CoreParams& p) {
  const auto absent = [&](int bit) { return ((p.pipe >> bit) & 1) != 0 ? 0 : 1; };
  CoreLatency latency;
  latency.result = 11 - absent(0) - absent(1) - absent(2) - absent(3);
  // The accumulator is read on the edge that loads stage 4 and written on the edge after the result register.
  const int read = 3 - absent(0);
  latency.chain = latency.result + 1 - read;
  // One edge into the queue's RAM, one out of it.
  latency.output = latency.result + 2;
  return latency;
}

CoreTiming::CoreTiming(const CoreParams& p) : params_(p), latency_(core_latency(p)) { reset(); }

void CoreTiming::reset() {
  cycle_ = 0;
  held_ = false;
  credits_ = params_.out_depth;
  slot_free_.assign(static_cast<std::size_t>(params_.acc_slots), 0);
  arrivals_.clear();
  out_valid_ = false;
}

bool CoreTiming::can_issue() const {
  return held_ && slot_free_[static_cast<std::size_t>(held_slot_)] <= cycle_ && (!held_last_ || credits_ > 0);
}

bool CoreTiming::in_ready() const { return !held_ || can_issue(); }

bool CoreTiming::out_valid() const { return out_valid_; }

void CoreTiming::tick(bool in_valid, int slot, bool last, bool out_ready) {
  const bool issue = can_issue();
  const bool accept = !held_ || issue;
  const bool read = !arrivals_.empty() && arrivals_.front() <= cycle_ && (!out_valid_ || out_ready);
  if (issue) {
    slot_free_[static_cast<std::size_t>(held_slot_)] = cycle_ + latency_.chain;
    if (held_last_) {
      --credits_;
      arrivals_.push_back(cycle_ + latency_.output - 1);
    }
  }
  if (out_valid_ && out_ready) ++credits_;
  if (read) arrivals_.pop_front();
  out_valid_ = read || (out_valid_ && !out_ready);
  if (accept) {
    held_ = in_valid;
    held_slot_ = slot;
    held_last_ = last;
  }
  ++cycle_;
}

std::int64_t core_cycles(const CoreParams& p, std::int64_t tiles, std::int64_t steps) {
  if (tiles <= 0 || steps <= 0) return 0;
  const CoreLatency latency = core_latency(p);
  // A max-plus recurrence over beats: each issues a cycle after the one before it, when its slot is free and, at the
  // end of a chain, when the result that left OutDepth results earlier has given its credit back.
  std::vector<std::int64_t> slot_free(static_cast<std::size_t>(p.acc_slots), 0);
  std::vector<std::int64_t> credit_free(static_cast<std::size_t>(p.out_depth), 0);
  std::int64_t issue = 0;  // the first beat is accepted in cycle 0 and issues in cycle 1 at the earliest
  std::size_t results = 0;
  for (std::int64_t first = 0; first < tiles; first += p.acc_slots) {
    const std::int64_t group = std::min<std::int64_t>(p.acc_slots, tiles - first);
    for (std::int64_t k = 0; k < steps; ++k) {
      for (std::int64_t slot = 0; slot < group; ++slot) {
        std::int64_t& free = slot_free[static_cast<std::size_t>(slot)];
        issue = std::max(issue + 1, free);
        if (k + 1 == steps) {
          std::int64_t& credit = credit_free[results++ % credit_free.size()];
          issue = std::max(issue, credit);
          credit = issue + latency.output + 1;
        }
        free = issue + latency.chain;
      }
    }
  }
  return issue + latency.output + 1;
}

}  // namespace spmma
