// SPDX-License-Identifier: Apache-2.0
// gemm_cycles(): the walk of gemm_timing.cpp, each stretch of it only once.
//
// A job is a tree: batch entries of rows of blocks of blocks of K blocks. What a part of it does to the engine's state,
// and in how many cycles, depends on its sizes, on its addresses modulo 4 KiB, and on the state before, relative to
// time. All three repeat soon in a large GEMM, so every part is walked once and remembered.
#include <array>
#include <boost/container_hash/hash.hpp>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "gemm_walk.h"

namespace spmma {
namespace detail {
namespace {

constexpr std::uint64_t kLine = 4096;
/// States kept before all is forgotten; about 1 KiB each.
constexpr std::size_t kMaxStates = 1 << 16;

using StatePtr = std::shared_ptr<const GemmWalk::State>;

struct StateHash {
  std::size_t operator()(const StatePtr& s) const { return boost::hash_range(s->begin(), s->end()); }
};
struct StateEqual {
  bool operator()(const StatePtr& a, const StatePtr& b) const { return *a == *b; }
};

/// A part of the tree in a state. States are kept once, so a pointer names one.
struct Part {
  int level = 0;
  KBlock block;  ///< its first K block, addresses reduced
  StatePtr before;
  bool operator==(const Part&) const = default;
};

struct PartHash {
  std::size_t operator()(const Part& p) const {
    std::size_t seed = boost::hash_value(p.before.get());
    const KBlock& b = p.block;
    for (const std::uint64_t address : {b.at.a, b.at.e, b.at.b, b.at.c, b.at.d}) boost::hash_combine(seed, address);
    for (const int size : {p.level, b.rows, b.cols, b.a_bytes}) boost::hash_combine(seed, size);
    boost::hash_combine(seed, (b.first_of_k ? 2 : 0) + (b.last_of_k ? 1 : 0));
    return seed;
  }
};

struct Outcome {
  GemmCycles counts;
  StatePtr after;
};

void add(GemmCycles& sum, const GemmCycles& x) {
  sum.cycles += x.cycles;
  sum.steps += x.steps;
  sum.lanes += x.lanes;
  sum.stalls.start += x.stalls.start;
  sum.stalls.a += x.stalls.a;
  sum.stalls.metadata += x.stalls.metadata;
  sum.stalls.b += x.stalls.b;
  sum.stalls.c += x.stalls.c;
  sum.stalls.d += x.stalls.d;
  sum.stalls.chain += x.stalls.chain;
  sum.stalls.drain += x.stalls.drain;
  sum.held_w += x.held_w;
  sum.bytes_read += x.bytes_read;
  sum.bytes_written += x.bytes_written;
  sum.beats_read += x.beats_read;
  sum.beats_written += x.beats_written;
}

/// What of an operand's addresses makes a difference: nothing if every segment lies on a multiple of a whole one's
/// size, a power of two, for then none crosses a beat or a line that its size does not make it cross.
std::uint64_t modulus(const GemmOperand& o, int segment) {
  const auto bytes = static_cast<std::uint64_t>(segment);
  if (bytes == 0) return 1;
  const bool natural = kLine % bytes == 0 && o.address % bytes == 0 && o.pitch % bytes == 0 && o.stride % bytes == 0;
  return natural ? 1 : kLine;
}

class Memory {
 public:
  Memory(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory)
      : blocks_(preset, job),
        walk_(preset, job, memory),
        modulus_{modulus(job.a, blocks_.a_bytes), modulus(job.e, blocks_.e_bytes), modulus(job.b, blocks_.b_bytes),
                 modulus(job.c, blocks_.d_bytes), modulus(job.d, blocks_.d_bytes)} {}

  GemmCycles job() {
    if (blocks_.entries == 0) return walk_.finish();
    Outcome all = run(kLevels, {}, keep(walk_.state()));
    walk_.resume(*all.after);
    add(all.counts, walk_.finish());
    return all.counts;
  }

 private:
  /// Indices of K block, block in its row, row of blocks, batch entry. A part of level l is given by those from l on.
  static constexpr int kLevels = 4;
  using Index = std::array<std::int64_t, kLevels>;

  std::int64_t children(int level) const {
    const Index counts = {blocks_.k_blocks, blocks_.block_cols, blocks_.block_rows, blocks_.entries};
    return counts[static_cast<std::size_t>(level) - 1];
  }

  Outcome run(int level, Index at, StatePtr before) {
    KBlock block = blocks_.k_block(at[3], at[2], at[1], at[0]);
    GemmAddresses& a = block.at;
    a = {a.a % modulus_.a, a.e % modulus_.e, a.b % modulus_.b, a.c % modulus_.c, a.d % modulus_.d};
    Part part{level, block, std::move(before)};
    if (const auto known = known_.find(part); known != known_.end()) return known->second;
    Outcome outcome;
    if (level == 0) {
      walk_.resume(*part.before);
      walk_.walk(block);
      outcome = {walk_.counts(), keep(walk_.state())};
    } else {
      outcome.after = part.before;
      std::int64_t& child = at[static_cast<std::size_t>(level) - 1];
      for (child = 0; child < children(level); ++child) {
        Outcome next = run(level - 1, at, std::move(outcome.after));
        add(outcome.counts, next.counts);
        outcome.after = std::move(next.after);
      }
    }
    known_.emplace(std::move(part), outcome);
    return outcome;
  }

  StatePtr keep(GemmWalk::State state) {
    if (states_.size() >= kMaxStates) {
      states_.clear();
      known_.clear();
    }
    return *states_.insert(std::make_shared<const GemmWalk::State>(std::move(state))).first;
  }

  GemmBlocks blocks_;
  GemmWalk walk_;
  GemmAddresses modulus_;
  std::unordered_set<StatePtr, StateHash, StateEqual> states_;
  std::unordered_map<Part, Outcome, PartHash> known_;
};

}  // namespace
}  // namespace detail

GemmCycles gemm_cycles(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory) {
  return detail::Memory(preset, job, memory).job();
}

}  // namespace spmma
