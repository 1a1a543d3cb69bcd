// SPDX-License-Identifier: Apache-2.0
#include "traffic.h"

#include <bit>

namespace spmma::verif {

AxiAddress Traffic::random_address() {
  const auto beats_a_line = static_cast<std::uint64_t>(4096 / options_.data_bytes);
  const std::uint64_t first = random_() % beats_a_line;
  const std::uint64_t beats =
      random_() % 4 == 0 ? beats_a_line - first : 1 + random_() % std::min<std::uint64_t>(beats_a_line - first, 8);
  AxiAddress a;
  a.id = static_cast<std::uint8_t>(random_() % static_cast<std::uint64_t>(options_.ids));
  a.address = options_.lines[random_() % options_.lines.size()] +
              first * static_cast<std::uint64_t>(options_.data_bytes) +
              random_() % static_cast<std::uint64_t>(options_.data_bytes);
  a.len = static_cast<std::uint8_t>(beats - 1);
  a.size = static_cast<std::uint8_t>(std::countr_zero(static_cast<unsigned>(options_.data_bytes)));
  a.burst = kAxiIncr;
  return a;
}

const AxiManager& Traffic::drive() {
  if (!out_.ar_valid && asked_ < options_.bursts && open_reads_ < options_.max_open && !idle()) {
    out_.ar_valid = true;
    out_.ar = random_address();
    ++asked_;
  }
  if (planned_ < options_.bursts && open_writes_ < options_.max_open && to_fill_.size() < 4 && to_address_.size() < 4) {
    to_address_.push_back(random_address());
    to_fill_.push_back(to_address_.back());
    ++planned_;
    ++open_writes_;
  }
  if (!out_.aw_valid && !to_address_.empty() && !idle()) {
    out_.aw_valid = true;
    out_.aw = to_address_.front();
  }
  // Without data_first the data of a burst begin after its address was taken.
  const bool addressed = to_address_.size() < to_fill_.size();
  if (!out_.w_valid && !to_fill_.empty() && (options_.data_first || addressed) && !idle()) {
    const AxiAddress& burst = to_fill_.front();
    out_.w_valid = true;
    out_.w_last = beat_ == burst.len;
    for (std::byte& b : out_.w_data) b = static_cast<std::byte>(random_());
    out_.w_strobe = random_() & ((~std::uint64_t{0}) >> (64 - options_.data_bytes));
    if (beat_ == 0)
      out_.w_strobe &= ~std::uint64_t{0} << burst.address % static_cast<std::uint64_t>(options_.data_bytes);
  }
  out_.r_ready = !idle();
  out_.b_ready = !idle();
  return out_;
}

void Traffic::sample(const AxiSubordinate& s) {
  if (out_.ar_valid && s.ar_ready) {
    reads_[out_.ar.id].push_back({.address = out_.ar, .accepted = cycle_, .cycles = {}, .resps = {}, .data = {}});
    ++open_reads_;
    out_.ar_valid = false;
  }
  if (s.r_valid && out_.r_ready) {
    auto& queue = reads_[s.r_id];
    ReadDone& read = queue.at(0);
    read.cycles.push_back(cycle_);
    read.resps.push_back(s.r_resp);
    read.data.push_back(s.r_data);
    if (s.r_last) {
      reads_done_.push_back(std::move(read));
      queue.pop_front();
      --open_reads_;
    }
  }
  if (out_.aw_valid && s.aw_ready) {
    to_address_.pop_front();
    out_.aw_valid = false;
  }
  if (out_.w_valid && s.w_ready) {
    const AxiAddress burst = to_fill_.front();
    const auto width = static_cast<std::uint64_t>(options_.data_bytes);
    const std::uint64_t at = (burst.address & ~(width - 1)) + static_cast<std::uint64_t>(beat_) * width;
    for (std::uint64_t i = 0; i < width; ++i) {
      if ((out_.w_strobe >> i & 1U) != 0) image_[at + i] = out_.w_data[i];
    }
    out_.w_valid = false;
    if (beat_++ == burst.len) {
      writes_[burst.id].push_back({.address = burst, .last_data = cycle_});
      to_fill_.pop_front();
      beat_ = 0;
    }
  }
  if (s.b_valid && out_.b_ready) {
    auto& queue = writes_[s.b_id];
    WriteDone& write = queue.at(0);
    write.response = cycle_;
    write.resp = s.b_resp;
    writes_done_.push_back(write);
    queue.pop_front();
    --open_writes_;
  }
  ++cycle_;
}

bool Traffic::done() const {
  return asked_ == options_.bursts && planned_ == options_.bursts && open_reads_ == 0 && open_writes_ == 0 &&
         !out_.ar_valid;
}

}  // namespace spmma::verif
