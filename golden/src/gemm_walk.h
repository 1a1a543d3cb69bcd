// SPDX-License-Identifier: Apache-2.0
// The walk behind the engine's cycle model: docs/gemm.md, "Cycles", as code. It takes the reader, the sequencer and the
// writer through one K block after the other; what lies between two of them is a state that can be kept and compared.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "spmma/gemm_timing.h"

namespace spmma::detail {

using Cycle = std::int64_t;

/// Addresses of the first segment of each operand: its first row's.
struct GemmAddresses {
  std::uint64_t a = 0, e = 0, b = 0, c = 0, d = 0;
  bool operator==(const GemmAddresses&) const = default;
};

/// One K block of one block of D, cut to what lies within the matrices.
struct KBlock {
  int rows = 0;             ///< of A, C and D
  int cols = 0;             ///< of B, C and D
  int a_bytes = 0;          ///< stored bytes of a row of A; 0 only if K is 0
  int e_bytes = 0;          ///< of a row of metadata; 0 if dense
  int b_rows = 0;           ///< rows of B
  bool first_of_k = false;  ///< C is read
  bool last_of_k = false;   ///< D is written
  GemmAddresses at;
  bool operator==(const KBlock&) const = default;
};

/// How a job falls into blocks: sizes of whole blocks, how many there are, and every K block.
struct GemmBlocks {
  GemmBlocks(const Preset& preset, const GemmTimingJob& job);

  /// Precondition: the indices are within entries, block_rows, block_cols and k_blocks.
  KBlock k_block(std::int64_t entry, std::int64_t block_row, std::int64_t block_col, std::int64_t k) const;

  GemmTimingJob job;
  GemmRowBytes row_bytes;
  int rows, cols;                                ///< of D in a whole block
  int a_bytes, e_bytes;                          ///< of a row in a whole K block
  int b_rows;                                    ///< of B in a whole K block
  int b_bytes, d_bytes;                          ///< of a row in a whole block
  std::int64_t entries, block_rows, block_cols;  ///< all 0 if D is empty
  std::int64_t k_blocks;                         ///< at least 1: with K = 0, C passes to D in a K block without steps
};

/// Places that are taken and given back in order.
class Room {
 public:
  explicit Room(int places) : from_(static_cast<std::size_t>(places), 0) {}
  /// The first cycle in which the next place is free.
  Cycle next() const { return from_[taken_]; }
  /// Takes it, and returns the same.
  Cycle take() { return from_[advance(taken_)]; }
  /// Gives the place that was taken first back, to be free from cycle `from` on.
  void give(Cycle from) { from_[advance(given_)] = from; }
  /// Every place, the next one first. Precondition: all that were taken were given back.
  template <typename Visit>
  void visit(Visit&& visit) {
    for (std::size_t i = 0, at = taken_; i < from_.size(); ++i) visit(from_[advance(at)]);
  }

 private:
  std::size_t advance(std::size_t& at) const {
    const std::size_t now = at;
    at = at + 1 == from_.size() ? 0 : at + 1;
    return now;
  }
  std::vector<Cycle> from_;
  std::size_t taken_ = 0, given_ = 0;
};

/// One direction of the memory's data.
struct Channel {
  Cycle free = 0;           ///< the first cycle in which the next beat may pass
  std::int64_t credit = 0;  ///< f of docs/gemm.md, "The memory"
};

class GemmWalk {
 public:
  GemmWalk(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory);

  /// Counts up to here; `cycles` is that of the sequencer's next step.
  const GemmCycles& counts() const { return counts_; }
  /// Walks through the next K block in the engine's order.
  void walk(const KBlock& block);
  /// The counts of the whole job, after its last K block.
  GemmCycles finish();

  /// Times relative to the sequencer's next step, with nothing in them that has no effect any more: whatever is walked
  /// next takes the same cycles from equal states.
  using State = std::vector<std::int32_t>;
  State state();
  /// Takes up a state, with counts of 0.
  void resume(const State& state);

 private:
  struct Segment;
  /// The first cycles in which a run can use what was read of a strip.
  struct Strip {
    Cycle c = 0, e = 0, a = 0;
  };

  Cycle event(Cycle room);
  Cycle pass_beat(Channel& channel, Cycle from) const;
  Cycle read_row(std::uint64_t address, int bytes);
  Cycle read_rows(std::uint64_t address, std::uint64_t pitch, int rows, int bytes);
  Strip read_strip(const KBlock& block, int strip);
  void read_b(const KBlock& block);
  void write_strip(const KBlock& block, int strip, Cycle filled);
  void write_row(std::uint64_t address, int bytes, Cycle filled);
  void wait(std::int64_t& cause, Cycle until);
  /// Calls visit(value, least, scale): a value below `least` has the effect of `least`; it counts cycles x scale.
  template <typename Visit>
  void visit(Visit&& visit);

  // The job on the preset.
  GemmBlocks blocks_;
  MemoryTiming memory_;
  int data_bytes_;
  int strip_rows_, tile_cols_, strips_;  // of a strip, of a tile, of a whole block
  int step_bytes_, step_b_rows_;         // of a row of A, of B in a step
  int chain_, fill_;

  GemmCycles counts_;
  Cycle now_ = 0;  // the sequencer's next cycle

  // The reader.
  Cycle reader_;  // its next event
  Room k_blocks_, blocks_under_way_, a_ring_, c_ring_, b_halves_, open_reads_;
  Channel r_;
  std::vector<Cycle> b_ready_;  // by step of the K block

  // The sequencer.
  Cycle chain_from_ = 0;           // the first cycle in which a pass on the same accumulators may begin
  Cycle last_step_ = 0;            // the last cycle with a step
  std::int64_t tiles_before_ = 0;  // in a strip of the last block; 0: there was none
  std::int64_t begun_ = 0;         // 1 after the job's first step
  Room d_ring_;

  // The writer.
  Cycle writer_ = 0;  // its next beat
  Room beats_under_way_, open_writes_;
  Channel w_;
  Cycle response_ = 0;  // the first cycle in which the next write response may come
};

}  // namespace spmma::detail
