// SPDX-License-Identifier: Apache-2.0
// The rules of AXI4 that a manager's signals can break, and those of AXI4-Lite that a subordinate's can, in every
// cycle.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "axi.h"
#include "byte_set.h"

namespace spmma::verif {

/// What broke a rule, with cycle, channel and values.
class RuleBook {
 public:
  std::int64_t violations() const { return violations_; }
  /// The first ones, a line each.
  const std::vector<std::string>& messages() const { return messages_; }

 protected:
  void broken(std::int64_t cycle, const std::string& what);

 private:
  std::int64_t violations_ = 0;
  std::vector<std::string> messages_;
};

/// First and last byte that may be addressed.
struct AxiWindow {
  std::uint64_t base = 0;
  std::uint64_t limit = ~std::uint64_t{0};
};

/// Checks an AXI4 manager: call cycle() once in every cycle with both sides' signals.
class AxiChecker : public RuleBook {
 public:
  static constexpr int kMaxOpen = 64;      ///< bursts, reads and writes each
  static constexpr int kPatience = 10000;  ///< cycles in which a response may wait to be taken

  /// `data_bytes` of the link: 16, 32 or 64.
  explicit AxiChecker(int data_bytes) : data_bytes_(data_bytes) {}

  void set_windows(const AxiWindow& read, const AxiWindow& write);
  /// Bytes of which every beat read must hold one, and the only bytes that may be written. Not checked while empty.
  ByteSet& readable() { return readable_; }
  ByteSet& writable() { return writable_; }

  void cycle(bool reset, const AxiManager& manager, const AxiSubordinate& memory);
  /// After the last cycle: no burst may be open or half done.
  void finish();

  std::int64_t bytes_written() const { return bytes_written_; }  ///< strobes set, so far
  std::int64_t stray_beats() const { return stray_beats_; }      ///< with strobes outside of writable(), so far
  int open_reads() const { return open_reads_; }
  int open_writes() const { return open_writes_; }

 private:
  struct Beat {
    std::uint64_t strobe;
    bool last;
    std::int64_t cycle;
  };

  void check_address(const char* channel, const AxiAddress& a, const AxiWindow& window);
  void check_stable(const AxiManager& m, const AxiSubordinate& s);
  void check_writes();
  void check_beat(const AxiAddress& burst, int index, const Beat& beat);
  void check_waiting(const char* channel, bool valid, bool ready, int& waited);
  std::uint64_t aligned(std::uint64_t address) const { return address & ~static_cast<std::uint64_t>(data_bytes_ - 1); }

  int data_bytes_;
  AxiWindow read_window_, write_window_;
  ByteSet readable_, writable_;
  std::int64_t cycle_ = 0;
  std::int64_t reset_cycles_ = 0;
  int open_reads_ = 0, open_writes_ = 0;
  int r_waited_ = 0, b_waited_ = 0;
  std::int64_t bytes_written_ = 0, stray_beats_ = 0;
  std::array<int, 16> reads_by_id_ = {}, writes_by_id_ = {};
  std::deque<AxiAddress> bursts_;  ///< writes with beats to come
  int next_beat_ = 0;              ///< of the first of them
  std::deque<Beat> beats_;         ///< that came before their AW
  int answerable_ = 0;             ///< bursts with AW and every beat, without B
  bool was_reset_ = true;
  AxiManager before_;
  AxiSubordinate memory_before_;
};

/// Checks an AXI4-Lite subordinate.
class AxiLiteChecker : public RuleBook {
 public:
  static constexpr int kPatience = 1000;  ///< cycles in which a request may wait, or stay without response

  void cycle(bool reset, const AxiLiteManager& manager, const AxiLiteSubordinate& registers);
  void finish();

 private:
  std::int64_t cycle_ = 0;
  std::int64_t reset_cycles_ = 0;
  std::int64_t addresses_ = 0, data_ = 0, write_responses_ = 0, reads_ = 0, read_responses_ = 0;
  int aw_waited_ = 0, w_waited_ = 0, ar_waited_ = 0, b_missing_ = 0, r_missing_ = 0;
  bool was_reset_ = true;
  AxiLiteManager manager_before_;
  AxiLiteSubordinate before_;
};

}  // namespace spmma::verif
