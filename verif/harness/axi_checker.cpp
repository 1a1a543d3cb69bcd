// SPDX-License-Identifier: Apache-2.0
#include "axi_checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>

namespace spmma::verif {
namespace {

constexpr std::size_t kMaxMessages = 20;
constexpr std::uint64_t kLine = 4096;

std::string describe(const AxiAddress& a) {
  return fmt::format("id {}, address {:#x}, len {}, size {}, burst {}, lock {}, cache {}, prot {}, qos {}", a.id,
                     a.address, a.len, a.size, a.burst, a.lock, a.cache, a.prot, a.qos);
}

}  // namespace

void RuleBook::broken(std::int64_t cycle, const std::string& what) {
  ++violations_;
  if (messages_.size() < kMaxMessages) messages_.push_back(fmt::format("cycle {}: {}", cycle, what));
}

void AxiChecker::set_windows(const AxiWindow& read, const AxiWindow& write) {
  read_window_ = read;
  write_window_ = write;
}

void AxiChecker::check_address(const char* channel, const AxiAddress& a, const AxiWindow& window) {
  const auto bad = [&](const std::string& what) {
    broken(cycle_, fmt::format("{}: {}: {}", channel, what, describe(a)));
  };
  if (a.burst != kAxiIncr) bad("the burst is not INCR");
  if (a.size != std::countr_zero(static_cast<unsigned>(data_bytes_))) bad("size is not the data width");
  if (a.lock != 0) bad("an exclusive access");
  const std::uint64_t first = aligned(a.address);
  const std::uint64_t last =
      first + (static_cast<std::uint64_t>(a.beats()) * static_cast<std::uint64_t>(data_bytes_) - 1);
  if (first / kLine != last / kLine) bad("the burst crosses a 4 KiB line");
  if (first < window.base || last > window.limit || last < first) {
    bad(fmt::format("the burst leaves its window {:#x} to {:#x}", window.base, window.limit));
  }
}

void AxiChecker::check_stable(const AxiManager& m, const AxiSubordinate& s) {
  const AxiManager& b = before_;
  const AxiSubordinate& sb = memory_before_;
  const auto stable = [&](const char* channel, bool waits, bool valid, bool same) {
    if (!waits) return;
    if (!valid)
      broken(cycle_, fmt::format("{}: valid went away before ready", channel));
    else if (!same)
      broken(cycle_, fmt::format("{}: the payload changed before ready", channel));
  };
  stable("AR", b.ar_valid && !sb.ar_ready, m.ar_valid, m.ar == b.ar);
  stable("AW", b.aw_valid && !sb.aw_ready, m.aw_valid, m.aw == b.aw);
  const bool w_waits = b.w_valid && !sb.w_ready;
  stable("W", w_waits, m.w_valid,
         !w_waits || (m.w_last == b.w_last && m.w_strobe == b.w_strobe &&
                      std::memcmp(m.w_data.data(), b.w_data.data(), static_cast<std::size_t>(data_bytes_)) == 0));
  // The memory is ours; that it is checked, too, keeps the harness honest.
  const bool r_waits = sb.r_valid && !b.r_ready;
  stable("R", r_waits, s.r_valid,
         !r_waits || (s.r_id == sb.r_id && s.r_last == sb.r_last && s.r_resp == sb.r_resp && s.r_data == sb.r_data));
  stable("B", sb.b_valid && !b.b_ready, s.b_valid, s.b_id == sb.b_id && s.b_resp == sb.b_resp);
}

void AxiChecker::check_beat(const AxiAddress& burst, int index, const Beat& beat) {
  const std::uint64_t address = aligned(burst.address) + static_cast<std::uint64_t>(index * data_bytes_);
  const auto bad = [&](const std::string& what) {
    broken(cycle_, fmt::format("W: {}: beat {} at {:#x} (of cycle {}), strobes {:#x}, last {}; AW {}", what, index,
                               address, beat.cycle, beat.strobe, beat.last, describe(burst)));
  };
  if (beat.last != (index == burst.len)) bad(beat.last ? "last before the burst's end" : "no last at the burst's end");
  if (index == 0 && (beat.strobe & ((std::uint64_t{1} << (burst.address - address)) - 1)) != 0) {
    bad("strobes below the burst's address");
  }
  if (data_bytes_ < 64 && (beat.strobe >> data_bytes_) != 0) bad("strobes beyond the data width");
  if (beat.strobe == 0) return;
  if (!writable_.empty() && (beat.strobe & ~writable_.mask(address, data_bytes_)) != 0) {
    ++stray_beats_;
    bad(fmt::format("bytes outside of D are written (D's are {:#x})", writable_.mask(address, data_bytes_)));
  }
}

void AxiChecker::check_writes() {
  while (!bursts_.empty() && !beats_.empty()) {
    check_beat(bursts_.front(), next_beat_, beats_.front());
    const bool done = next_beat_++ == bursts_.front().len;
    beats_.pop_front();
    if (!done) continue;
    bursts_.pop_front();
    next_beat_ = 0;
    ++answerable_;
  }
}

void AxiChecker::check_waiting(const char* channel, bool valid, bool ready, int& waited) {
  waited = valid && !ready ? waited + 1 : 0;
  if (waited == kPatience) broken(cycle_, fmt::format("{}: not taken for {} cycles", channel, kPatience));
}

void AxiChecker::cycle(bool reset, const AxiManager& m, const AxiSubordinate& s) {
  ++cycle_;
  if (reset) {
    // The first clock edge with reset makes it take hold.
    if (++reset_cycles_ > 1 && (m.ar_valid || m.aw_valid || m.w_valid)) {
      broken(cycle_, fmt::format("valid during reset: AR {}, AW {}, W {}", m.ar_valid, m.aw_valid, m.w_valid));
    }
    open_reads_ = open_writes_ = answerable_ = next_beat_ = r_waited_ = b_waited_ = 0;
    reads_by_id_ = {};
    writes_by_id_ = {};
    bursts_.clear();
    beats_.clear();
    before_ = {};
    memory_before_ = {};
    was_reset_ = true;
    return;
  }
  if (was_reset_ && (m.ar_valid || m.aw_valid || m.w_valid)) {
    broken(cycle_, "valid before the first clock edge without reset");
  }
  reset_cycles_ = 0;
  if (!was_reset_) check_stable(m, s);
  was_reset_ = false;

  // Responses first: they answer what earlier cycles brought.
  if (s.r_valid && m.r_ready && s.r_last) {
    --open_reads_;
    if (--reads_by_id_[s.r_id & 15U] < 0) broken(cycle_, fmt::format("R: no burst of id {} is open", s.r_id));
  }
  if (s.b_valid && m.b_ready) {
    --open_writes_;
    if (--writes_by_id_[s.b_id & 15U] < 0 || --answerable_ < 0) {
      broken(cycle_, fmt::format("B: no burst of id {} is to be answered", s.b_id));
    }
  }
  check_waiting("R", s.r_valid, m.r_ready, r_waited_);
  check_waiting("B", s.b_valid, m.b_ready, b_waited_);

  // Addresses are looked at as soon as they are offered, and again only when they change (which check_stable() sees).
  if (m.ar_valid && (!before_.ar_valid || memory_before_.ar_ready)) {
    check_address("AR", m.ar, read_window_);
    if (!readable_.empty()) {
      for (int i = 0; i < m.ar.beats(); ++i) {
        const std::uint64_t beat = aligned(m.ar.address) + static_cast<std::uint64_t>(i * data_bytes_);
        if (readable_.mask(beat, data_bytes_) != 0) continue;
        broken(cycle_, fmt::format("AR: beat {} at {:#x} holds no byte of an operand: {}", i, beat, describe(m.ar)));
      }
    }
  }
  if (m.aw_valid && (!before_.aw_valid || memory_before_.aw_ready)) check_address("AW", m.aw, write_window_);

  if (m.ar_valid && s.ar_ready) {
    ++reads_by_id_[m.ar.id & 15U];
    if (++open_reads_ > kMaxOpen) broken(cycle_, fmt::format("AR: {} reads are open", open_reads_));
  }
  if (m.aw_valid && s.aw_ready) {
    ++writes_by_id_[m.aw.id & 15U];
    bursts_.push_back(m.aw);
    if (++open_writes_ > kMaxOpen) broken(cycle_, fmt::format("AW: {} writes are open", open_writes_));
  }
  if (m.w_valid && s.w_ready) {
    beats_.push_back({m.w_strobe, m.w_last, cycle_});
    bytes_written_ += std::popcount(m.w_strobe);
  }
  check_writes();
  before_ = m;
  memory_before_ = s;
}

void AxiChecker::finish() {
  if (open_reads_ != 0) broken(cycle_, fmt::format("R: at the end {} reads are open", open_reads_));
  if (!bursts_.empty()) broken(cycle_, fmt::format("W: at the end {} bursts lack beats", bursts_.size()));
  if (!beats_.empty()) broken(cycle_, fmt::format("AW: at the end {} beats have no burst", beats_.size()));
  if (open_writes_ != 0) broken(cycle_, fmt::format("B: at the end {} writes are open", open_writes_));
  if (before_.ar_valid && !memory_before_.ar_ready) broken(cycle_, "AR: at the end an address still waits");
  if (before_.aw_valid && !memory_before_.aw_ready) broken(cycle_, "AW: at the end an address still waits");
}

void AxiLiteChecker::cycle(bool reset, const AxiLiteManager& m, const AxiLiteSubordinate& s) {
  ++cycle_;
  if (reset) {
    if (++reset_cycles_ > 1 && (s.b_valid || s.r_valid)) {
      broken(cycle_, fmt::format("AXI4-Lite: valid during reset: B {}, R {}", s.b_valid, s.r_valid));
    }
    addresses_ = data_ = write_responses_ = reads_ = read_responses_ = 0;
    aw_waited_ = w_waited_ = ar_waited_ = b_missing_ = r_missing_ = 0;
    was_reset_ = true;
    return;
  }
  reset_cycles_ = 0;
  if (!was_reset_) {
    if (before_.b_valid && !manager_before_.b_ready && (!s.b_valid || s.b_resp != before_.b_resp)) {
      broken(cycle_, fmt::format("AXI4-Lite B: valid {}, resp {} before ready; it was resp {}", s.b_valid, s.b_resp,
                                 before_.b_resp));
    }
    if (before_.r_valid && !manager_before_.r_ready &&
        (!s.r_valid || s.r_resp != before_.r_resp || s.r_data != before_.r_data)) {
      broken(cycle_, fmt::format("AXI4-Lite R: valid {}, resp {}, data {:#x} before ready; it was resp {}, data {:#x}",
                                 s.r_valid, s.r_resp, s.r_data, before_.r_resp, before_.r_data));
    }
  }
  was_reset_ = false;

  if (s.b_valid && write_responses_ >= std::min(addresses_, data_)) broken(cycle_, "AXI4-Lite B: answers no write");
  if (s.r_valid && read_responses_ >= reads_) broken(cycle_, "AXI4-Lite R: answers no read");
  for (const auto& [channel, valid, resp] :
       {std::tuple("B", s.b_valid, s.b_resp), std::tuple("R", s.r_valid, s.r_resp)}) {
    if (valid && resp != kAxiOkay && resp != kAxiSlverr) {
      broken(cycle_, fmt::format("AXI4-Lite {}: resp {} is neither OKAY nor SLVERR", channel, resp));
    }
  }
  const auto wait = [&](const char* what, bool waits, int& waited) {
    waited = waits ? waited + 1 : 0;
    if (waited == kPatience) broken(cycle_, fmt::format("AXI4-Lite {} for {} cycles", what, kPatience));
  };
  // A subordinate may want both AW and W before it takes either.
  wait("AW: not taken", m.aw_valid && !s.aw_ready && (m.w_valid || data_ > addresses_), aw_waited_);
  wait("W: not taken", m.w_valid && !s.w_ready && (m.aw_valid || addresses_ > data_), w_waited_);
  wait("AR: not taken", m.ar_valid && !s.ar_ready, ar_waited_);
  wait("B: missing", !s.b_valid && std::min(addresses_, data_) > write_responses_, b_missing_);
  wait("R: missing", !s.r_valid && reads_ > read_responses_, r_missing_);

  addresses_ += m.aw_valid && s.aw_ready ? 1 : 0;
  data_ += m.w_valid && s.w_ready ? 1 : 0;
  reads_ += m.ar_valid && s.ar_ready ? 1 : 0;
  write_responses_ += s.b_valid && m.b_ready ? 1 : 0;
  read_responses_ += s.r_valid && m.r_ready ? 1 : 0;
  manager_before_ = m;
  before_ = s;
}

void AxiLiteChecker::finish() {
  if (write_responses_ != addresses_ || write_responses_ != data_) {
    broken(cycle_,
           fmt::format("AXI4-Lite B: {} addresses, {} data, {} responses", addresses_, data_, write_responses_));
  }
  if (read_responses_ != reads_) {
    broken(cycle_, fmt::format("AXI4-Lite R: {} reads, {} responses", reads_, read_responses_));
  }
}

}  // namespace spmma::verif
