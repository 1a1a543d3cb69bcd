// SPDX-License-Identifier: Apache-2.0
// A well-behaved AXI4 manager that makes random traffic: it tests the memory and the checker without an engine.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <vector>

#include "axi.h"
#include "axi_memory.h"

namespace spmma::verif {

struct TrafficOptions {
  int data_bytes = 16;
  int ids = 1;
  double idle = 0;            ///< probability that a channel does nothing in a cycle
  bool data_first = false;    ///< W may run ahead of AW
  std::int64_t bursts = 200;  ///< reads and writes each
  int max_open = 64;
  std::vector<std::uint64_t> lines = {};  ///< 4 KiB lines that it uses
  std::uint64_t seed = 1;
};

class Traffic {
 public:
  struct ReadDone {
    AxiAddress address;
    std::int64_t accepted = 0;         ///< cycle of AR
    std::vector<std::int64_t> cycles;  ///< of its R beats
    std::vector<std::uint8_t> resps;
    std::vector<AxiData> data;
  };
  struct WriteDone {
    AxiAddress address;
    std::int64_t last_data = 0;  ///< cycle of its last W
    std::int64_t response = 0;   ///< cycle of B
    std::uint8_t resp = 0;
  };

  explicit Traffic(const TrafficOptions& options) : options_(options), random_(options.seed) {}

  /// The manager's signals in this cycle.
  const AxiManager& drive();
  /// What the memory drives in this cycle; ends the cycle.
  void sample(const AxiSubordinate& memory);
  bool done() const;

  const std::vector<ReadDone>& reads() const { return reads_done_; }
  const std::vector<WriteDone>& writes() const { return writes_done_; }
  /// What the writes leave behind, byte by byte.
  const std::map<std::uint64_t, std::byte>& image() const { return image_; }

 private:
  AxiAddress random_address();
  bool idle() { return std::bernoulli_distribution(options_.idle)(random_); }

  TrafficOptions options_;
  std::mt19937_64 random_;
  std::int64_t cycle_ = 0;
  std::int64_t asked_ = 0, planned_ = 0;
  int open_reads_ = 0, open_writes_ = 0;
  AxiManager out_;
  std::deque<AxiAddress> to_address_, to_fill_;  ///< writes whose AW, whose W are to come
  int beat_ = 0;
  std::map<int, std::deque<ReadDone>> reads_;
  std::map<int, std::deque<WriteDone>> writes_;
  std::vector<ReadDone> reads_done_;
  std::vector<WriteDone> writes_done_;
  std::map<std::uint64_t, std::byte> image_;
};

}  // namespace spmma::verif
