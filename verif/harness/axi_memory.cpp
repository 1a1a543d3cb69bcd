// SPDX-License-Identifier: Apache-2.0
#include "axi_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace spmma::verif {

const char* name(AxiChannel channel) {
  static constexpr const char* kNames[kAxiChannels] = {"AR", "R", "AW", "W", "B"};
  return kNames[static_cast<std::size_t>(channel)];
}

AxiMemory::AxiMemory(const AxiMemoryOptions& options) : options_(options), random_(options.seed) {
  for (std::size_t i = 0; i < kAxiChannels; ++i) {
    stalls_.emplace_back(options.stalls[i], options.seed * kAxiChannels + i);
  }
}

std::span<std::byte> AxiMemory::add_region(std::uint64_t base, std::size_t bytes) {
  const auto beat = static_cast<std::uint64_t>(options_.data_bytes);
  if (bytes == 0 || base % beat != 0 || bytes % beat != 0 || base + (bytes - 1) < base) {
    throw std::invalid_argument(fmt::format("memory region {:#x}, {} bytes: not whole beats", base, bytes));
  }
  if (!is_free(base, bytes)) {
    throw std::invalid_argument(fmt::format("memory region {:#x}, {} bytes, overlaps another", base, bytes));
  }
  return regions_.emplace(base, std::vector<std::byte>(bytes)).first->second;
}

bool AxiMemory::is_free(std::uint64_t base, std::size_t bytes) const {
  const std::uint64_t last = base + (bytes - 1);
  if (last < base) return false;
  const auto behind = regions_.upper_bound(last);  // the region before it is the last that begins early enough
  if (behind == regions_.begin()) return true;
  const auto& [other, held] = *std::prev(behind);
  return other < base && base - other >= held.size();
}

std::byte* AxiMemory::at(std::uint64_t address) {
  const auto behind = regions_.upper_bound(address);
  if (behind == regions_.begin()) return nullptr;
  auto& [base, bytes] = *std::prev(behind);
  return address - base < bytes.size() ? bytes.data() + (address - base) : nullptr;
}

std::uint64_t AxiMemory::beat_address(const AxiAddress& burst, int beat) const {
  const auto bytes = static_cast<std::uint64_t>(options_.data_bytes);
  return (burst.address & ~(bytes - 1)) + static_cast<std::uint64_t>(beat) * bytes;
}

std::uint8_t AxiMemory::fault(bool write, std::int64_t index, std::uint64_t beat) const {
  const std::uint64_t last_byte = beat + static_cast<std::uint64_t>(options_.data_bytes - 1);
  for (const AxiFault& f : faults_) {
    if (f.write != write) continue;
    if (f.index >= 0 ? f.index == index : beat <= f.last && last_byte >= f.first) return f.resp;
  }
  return kAxiOkay;
}

bool AxiMemory::idle() const {
  const auto empty = [](const auto& queue) { return queue.empty(); };
  return std::ranges::all_of(reads_, empty) && writes_.empty() && early_.empty() &&
         std::ranges::all_of(responses_, empty);
}

void AxiMemory::reset() {
  for (auto& queue : reads_) queue.clear();
  for (auto& queue : responses_) queue.clear();
  writes_.clear();
  early_.clear();
  offered_read_ = offered_response_ = -1;
  ar_valid_ = aw_valid_ = w_valid_ = false;
  out_ = {};
  ++cycle_;
}

/// A queue whose head is due, or -1; any of them if the order is free.
template <class T>
int AxiMemory::pick(const Queues<T>& queues) {
  int chosen = -1, candidates = 0;
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (queues[i].empty() || queues[i].front().due > cycle_) continue;
    ++candidates;
    if (candidates == 1 || random_() % static_cast<std::uint64_t>(candidates) == 0) chosen = static_cast<int>(i);
    if (!options_.reorder) break;
  }
  return chosen;
}

void AxiMemory::drive_read() {
  const bool hold = held(AxiChannel::r, true);
  if (offered_read_ >= 0) return;
  out_.r_valid = false;
  const int chosen = cycle_ * options_.bandwidth >= read_free_ ? pick(reads_) : -1;
  if (chosen >= 0 && hold) ++counter(AxiChannel::r).held;
  if (chosen < 0 || hold) {
    // Nobody may look at the payload now.
    const std::uint64_t noise = random_();
    std::memcpy(out_.r_data.data() + noise % 8 * 8, &noise, sizeof noise);
    out_.r_id = noise >> 8 & 15U;
    out_.r_resp = noise >> 12 & 3U;
    out_.r_last = (noise >> 14 & 1U) != 0;
    return;
  }
  offered_read_ = chosen;
  const ReadBurst& burst = reads_[static_cast<std::size_t>(chosen)].front();
  const std::uint64_t address = beat_address(burst.address, burst.next);
  const std::byte* bytes = at(address);
  out_.r_valid = true;
  out_.r_id = burst.address.id;
  out_.r_last = burst.next == burst.address.len;
  out_.r_resp = bytes == nullptr ? kAxiDecerr : fault(false, read_beats_, address);
  ++read_beats_;
  if (out_.r_resp != kAxiOkay && !first_read_error_) first_read_error_ = address;
  // As late as it may be: a write that should have come after this read shows.
  if (out_.r_resp == kAxiOkay) {
    std::memcpy(out_.r_data.data(), bytes, static_cast<std::size_t>(options_.data_bytes));
  }
}

void AxiMemory::drive_response() {
  const bool hold = held(AxiChannel::b, true);
  if (offered_response_ >= 0) return;
  out_.b_valid = false;
  const int chosen = pick(responses_);
  if (chosen >= 0 && hold) ++counter(AxiChannel::b).held;
  if (chosen < 0 || hold) {
    out_.b_resp = static_cast<std::uint8_t>(cycle_ & 3);
    return;
  }
  offered_response_ = chosen;
  const Response& response = responses_[static_cast<std::size_t>(chosen)].front();
  out_.b_valid = true;
  out_.b_id = response.id;
  out_.b_resp = response.resp;
}

const AxiSubordinate& AxiMemory::drive() {
  drive_read();
  drive_response();
  out_.ar_ready = !held(AxiChannel::ar, ar_valid_);
  out_.aw_ready = !held(AxiChannel::aw, aw_valid_);
  const bool room = cycle_ * options_.bandwidth >= write_free_;
  const bool hold = held(AxiChannel::w, w_valid_);
  out_.w_ready = room && !hold;
  return out_;
}

void AxiMemory::write(const WriteBeat& beat) {
  WriteBurst& burst = writes_.front();
  const std::uint64_t address = beat_address(burst.address, burst.next);
  std::byte* bytes = at(address);
  const std::uint8_t resp = bytes == nullptr ? kAxiDecerr : fault(true, burst.index, address);
  burst.resp = std::max(burst.resp, resp);
  if (watched_ && *watched_ - address < static_cast<std::uint64_t>(options_.data_bytes) &&
      (beat.strobe >> (*watched_ - address) & 1U) != 0) {
    ++watched_writes_;
  }
  if (resp == kAxiOkay) {
    for (int i = 0; i < options_.data_bytes; ++i) {
      if ((beat.strobe >> i & 1U) != 0) bytes[i] = beat.data[static_cast<std::size_t>(i)];
    }
  }
  if (burst.next++ < burst.address.len) return;
  const std::uint8_t id = burst.address.id;
  const std::int64_t due = std::max(beat.cycle + options_.latency, burst.accepted + 1);
  responses_[queue(id)].push_back({id, burst.resp, due});
  writes_.pop_front();
}

void AxiMemory::sample(const AxiManager& m) {
  const bool room = cycle_ * options_.bandwidth >= write_free_;
  const auto account = [&](AxiChannel channel, bool valid, bool ready, bool could) {
    AxiChannelCount& count = counter(channel);
    count.handshakes += valid && ready ? 1 : 0;
    count.waited += valid && !ready ? 1 : 0;
    count.held += valid && !ready && could ? 1 : 0;
    return valid && ready;
  };
  const std::int64_t passed = std::int64_t{cycle_ - 1} * options_.bandwidth;

  if (account(AxiChannel::r, out_.r_valid, m.r_ready, false)) {
    auto& from = reads_[static_cast<std::size_t>(offered_read_)];
    if (from.front().next++ == from.front().address.len) from.pop_front();
    offered_read_ = -1;
    read_free_ = std::max(read_free_, passed) + options_.data_bytes;
  }
  if (account(AxiChannel::b, out_.b_valid, m.b_ready, false)) {
    responses_[static_cast<std::size_t>(offered_response_)].pop_front();
    offered_response_ = -1;
  }
  if (account(AxiChannel::ar, m.ar_valid, out_.ar_ready, true)) {
    reads_[queue(m.ar.id)].push_back({.address = m.ar, .due = cycle_ + options_.latency});
  }
  if (account(AxiChannel::aw, m.aw_valid, out_.aw_ready, true)) {
    writes_.push_back({.address = m.aw, .accepted = cycle_, .index = write_bursts_++});
  }
  if (account(AxiChannel::w, m.w_valid, out_.w_ready, room)) {
    early_.push_back({.data = m.w_data, .strobe = m.w_strobe, .cycle = cycle_});
    write_free_ = std::max(write_free_, passed) + options_.data_bytes;
  }
  while (!early_.empty() && !writes_.empty()) {
    write(early_.front());
    early_.pop_front();
  }
  ar_valid_ = m.ar_valid;
  aw_valid_ = m.aw_valid;
  w_valid_ = m.w_valid;
  ++cycle_;
}

}  // namespace spmma::verif
