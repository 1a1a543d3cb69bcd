// SPDX-License-Identifier: Apache-2.0
// A memory behind an AXI4 manager, with the timing of docs/gemm.md ("The memory") and seeded misbehaviour on top.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include "axi.h"
#include "stall.h"

namespace spmma::verif {

enum class AxiChannel : std::uint8_t { ar, r, aw, w, b };
inline constexpr int kAxiChannels = 5;
const char* name(AxiChannel channel);  ///< "AR", ...

struct AxiMemoryOptions {
  int data_bytes = 64;                                 ///< of the link: 16, 32 or 64
  int latency = 100;                                   ///< cycles, at least 1
  int bandwidth = 64;                                  ///< bytes a cycle, 1 to data_bytes, reads and writes each
  std::array<StallPattern, kAxiChannels> stalls = {};  ///< how the memory's side of each channel holds back
  bool reorder = false;    ///< responses of different ids come in any order, R beats interleaved
  std::uint64_t seed = 1;  ///< of the stalls, the order and the payload while nothing is valid
};

/// Bursts that are answered with an error. Nothing is written where it strikes.
struct AxiFault {
  bool write = false;
  std::uint8_t resp = kAxiSlverr;
  std::int64_t index = -1;  ///< the n-th R beat, or the n-th write burst, from 0; -1: by address
  std::uint64_t first = 0;  ///< beats that hold a byte of [first, last], if index is -1
  std::uint64_t last = 0;
};

struct AxiChannelCount {
  std::int64_t handshakes = 0;
  std::int64_t waited = 0;  ///< cycles with valid and without ready
  std::int64_t held = 0;    ///< cycles in which only its StallPattern kept the memory from its ready (R, B: valid)
};

/// Call drive() and then sample() once in every cycle. What it drives depends on earlier cycles only.
class AxiMemory {
 public:
  explicit AxiMemory(const AxiMemoryOptions& options);

  /// Memory at [base, base + bytes), zeros at first; both whole beats. The span stays valid. Everything outside of the
  /// regions answers DECERR. Throws std::invalid_argument if it is not whole beats or overlaps another region.
  std::span<std::byte> add_region(std::uint64_t base, std::size_t bytes);
  /// Whether a region could be added there: no byte of [base, base + bytes) is memory, or is beyond the last address.
  bool is_free(std::uint64_t base, std::size_t bytes) const;
  /// The byte at an address and those that follow it in its region; null if there is no memory.
  std::byte* at(std::uint64_t address);
  void add_fault(const AxiFault& fault) { faults_.push_back(fault); }
  void clear_faults() { faults_.clear(); }
  /// Address of the first R beat so far that was answered with an error.
  std::optional<std::uint64_t> first_read_error() const { return first_read_error_; }

  /// The memory's signals in this cycle.
  const AxiSubordinate& drive();
  /// What the manager drives in this cycle; ends the cycle.
  void sample(const AxiManager& manager);
  /// In place of drive() and sample() while reset is active: open bursts are forgotten.
  void reset();

  const AxiChannelCount& count(AxiChannel channel) const { return counts_[static_cast<std::size_t>(channel)]; }
  bool idle() const;  ///< no burst is open

  /// Counts the writes of one byte of memory, from now on.
  void watch(std::uint64_t address) { watched_ = address; }
  std::int64_t watched_writes() const { return watched_writes_; }
  int data_bytes() const { return options_.data_bytes; }

 private:
  struct ReadBurst {
    AxiAddress address;
    std::int64_t due;  ///< first cycle in which its first beat may be offered
    int next = 0;      ///< beat
  };
  struct WriteBurst {
    AxiAddress address;
    std::int64_t accepted;  ///< cycle of AW
    std::int64_t index;
    int next = 0;
    std::uint8_t resp = kAxiOkay;
  };
  struct WriteBeat {
    AxiData data;
    std::uint64_t strobe;
    std::int64_t cycle;
  };
  struct Response {
    std::uint8_t id;
    std::uint8_t resp;
    std::int64_t due;
  };
  /// Open bursts or responses, in a queue for each id, or all in one where the order is kept.
  template <class T>
  using Queues = std::array<std::deque<T>, 16>;

  std::uint64_t beat_address(const AxiAddress& burst, int beat) const;
  std::uint8_t fault(bool write, std::int64_t index, std::uint64_t beat) const;
  bool held(AxiChannel channel, bool other) { return stalls_[static_cast<std::size_t>(channel)].held(other); }
  AxiChannelCount& counter(AxiChannel channel) { return counts_[static_cast<std::size_t>(channel)]; }
  template <class T>
  int pick(const Queues<T>& queues);
  std::size_t queue(std::uint8_t id) const { return options_.reorder ? id & 15U : 0U; }

  void drive_read();
  void drive_response();
  void write(const WriteBeat& beat);

  AxiMemoryOptions options_;
  std::map<std::uint64_t, std::vector<std::byte>> regions_;  ///< by first address
  std::vector<AxiFault> faults_;
  std::optional<std::uint64_t> first_read_error_;
  std::vector<Stall> stalls_;
  std::mt19937_64 random_;
  std::array<AxiChannelCount, kAxiChannels> counts_ = {};

  std::optional<std::uint64_t> watched_;
  std::int64_t watched_writes_ = 0;

  std::int64_t cycle_ = 0;
  std::int64_t read_free_ = 0;   ///< f of the reads
  std::int64_t write_free_ = 0;  ///< f of the writes
  std::int64_t read_beats_ = 0;
  std::int64_t write_bursts_ = 0;
  Queues<ReadBurst> reads_;
  int offered_read_ = -1;          ///< queue of the R beat that is offered
  std::deque<WriteBurst> writes_;  ///< with beats to come, in the order of AW
  std::deque<WriteBeat> early_;    ///< beats that came before their AW
  Queues<Response> responses_;
  int offered_response_ = -1;
  bool ar_valid_ = false, aw_valid_ = false, w_valid_ = false;  ///< of the cycle before
  AxiSubordinate out_;
};

}  // namespace spmma::verif
