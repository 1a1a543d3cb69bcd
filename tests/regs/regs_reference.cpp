// SPDX-License-Identifier: Apache-2.0
#include "regs_reference.h"

#include <algorithm>

#include "registers.h"
#include "strobes.h"

namespace spmma::verif {
namespace {

const reg::Register* find(std::uint32_t offset) {
  const auto* const found = std::ranges::find(reg::kRegisters, offset, &reg::Register::offset);
  return found == reg::kRegisters.end() ? nullptr : found;
}

}  // namespace

RegsReference::RegsReference(int data_bits) : data_bits_(static_cast<std::uint32_t>(data_bits)) { reset(); }

void RegsReference::reset() {
  for (const reg::Register& entry : reg::kRegisters) words_[entry.offset] = entry.reset;
  for (const RegsParameter& parameter : regs_parameters()) {
    words_[std::ranges::find(reg::kRegisters, parameter.name, &reg::Register::parameter)->offset] = parameter.value;
  }
  words_[reg::kCapsDataBits] = data_bits_;
  done_ = error_ = false;
  aw_.reset();
  w_.reset();
  b_.reset();
  r_.reset();
}

std::uint64_t RegsReference::wide(std::uint32_t offset) const {
  return words_.at(offset) | std::uint64_t{words_.at(offset + 4)} << 32;
}

std::uint32_t RegsReference::value(std::uint32_t offset, const RegsInputs& in) const {
  if (find(offset) == nullptr || offset == reg::kCtrl) return 0;
  if (offset != reg::kStatus) return words_.at(offset);
  return reg::kStatusBusy.put(in.busy) | reg::kStatusQueued.put(in.queued) | reg::kStatusDone.put(done_) |
         reg::kStatusError.put(error_);
}

std::uint32_t RegsReference::read_response(std::uint32_t offset) const { return find(offset) ? kOkay : kSlverr; }

std::optional<RegsReference::Write> RegsReference::write(const RegsInputs& in) const {
  if (b_ || !(aw_ || in.awvalid) || !(w_ || in.wvalid)) return std::nullopt;
  Write write = w_ ? *w_ : Write{0, in.wdata, strobed_bits(in.wstrb)};
  write.address = aw_ ? *aw_ : in.awaddr;
  return write;
}

std::uint32_t RegsReference::write_response(const Write& write, const RegsInputs& in) const {
  const reg::Register* const entry = find(write.address);
  if (entry == nullptr || entry->access == reg::Access::ro) return kSlverr;
  if (entry->locked && (in.busy || in.queued)) return kSlverr;
  if (write.address == reg::kCtrl) {
    const std::uint32_t ones = write.data & write.bits;
    if (reg::kCtrlStart.get(ones) && (reg::kCtrlAbort.get(ones) || in.queued)) return kSlverr;
  }
  return kOkay;
}

RegsOutputs RegsReference::outputs(const RegsInputs& in) const {
  RegsOutputs out{
      .awready = !aw_ && !b_,
      .wready = !w_ && !b_,
      .bvalid = b_.has_value(),
      .bresp = b_.value_or(0),
      .arready = !r_,
      .rvalid = r_.has_value(),
      .rdata = r_ ? r_->data : 0,
      .rresp = r_ ? r_->response : 0,
      .irq = (done_ && reg::kIrqEnDone.get(words_.at(reg::kIrqEn))) ||
             (error_ && reg::kIrqEnError.get(words_.at(reg::kIrqEn))),
      .win_rd_base = wide(reg::kWinRdBase),
      .win_rd_limit = wide(reg::kWinRdLimit),
      .win_wr_base = wide(reg::kWinWrBase),
      .win_wr_limit = wide(reg::kWinWrLimit),
      .job = {},
  };
  if (const auto now = write(in); now && now->address == reg::kCtrl && write_response(*now, in) == kOkay) {
    out.start = reg::kCtrlStart.get(now->data & now->bits) != 0;
    out.abort = reg::kCtrlAbort.get(now->data & now->bits) != 0;
  }

  std::size_t next = 0;
  const auto append = [&](std::uint64_t item, int width) {
    for (int bit = 0; bit < width; ++bit) out.job[next++] = (item >> bit & 1) != 0;
  };
  for (const std::uint32_t size : {reg::kM, reg::kN, reg::kK, reg::kBatch}) append(words_.at(size), 32);
  struct Operand {
    std::uint32_t address, stride, pitch;
  };
  for (const Operand& operand : {Operand{reg::kAAddr, reg::kAStride, reg::kAPitch},
                                 {reg::kEAddr, reg::kEStride, reg::kEPitch},
                                 {reg::kBAddr, reg::kBStride, reg::kBPitch},
                                 {reg::kCAddr, reg::kCStride, reg::kCPitch},
                                 {reg::kDAddr, reg::kDStride, reg::kDPitch}}) {
    append(wide(operand.address), 64);
    append(wide(operand.stride), 64);
    append(words_.at(operand.pitch), 32);
  }
  for (const reg::Field& field : {reg::kFormatFmtA, reg::kFormatFmtB, reg::kFormatAccF16, reg::kFormatSaturate,
                                  reg::kFormatSparse, reg::kFormatMetaAny, reg::kFormatStop, reg::kFormatHasC}) {
    append(field.get(words_.at(reg::kFormat)), field.width);
  }
  return out;
}

void RegsReference::store(std::uint32_t offset, std::uint32_t value) { words_.at(offset) = value & find(offset)->mask; }

void RegsReference::store_wide(std::uint32_t offset, std::uint64_t value) {
  store(offset, static_cast<std::uint32_t>(value));
  store(offset + 4, static_cast<std::uint32_t>(value >> 32));
}

void RegsReference::rise(const RegsInputs& in) {
  if (in.reset) {
    reset();
    return;
  }
  const RegsOutputs out = outputs(in);

  // A read in the cycle of a write, or of a job's end, sees what was there before.
  if (out.rvalid && in.rready) r_.reset();
  if (in.arvalid && out.arready) r_ = Read{value(in.araddr, in), read_response(in.araddr)};

  const auto now = write(in);
  if (out.bvalid && in.bready) b_.reset();
  if (in.awvalid && out.awready) aw_ = in.awaddr;
  if (in.wvalid && out.wready) w_ = Write{0, in.wdata, strobed_bits(in.wstrb)};
  if (now) {
    aw_.reset();
    w_.reset();
    b_ = write_response(*now, in);
    const reg::Register* const entry = find(now->address);
    if (*b_ == kOkay && now->address == reg::kStatus) {
      if (reg::kStatusDone.get(now->data & now->bits)) done_ = false;
      if (reg::kStatusError.get(now->data & now->bits)) error_ = false;
    } else if (*b_ == kOkay && entry->access == reg::Access::rw) {
      store(now->address, (words_.at(now->address) & ~now->bits) | (now->data & now->bits));
      const std::uint32_t in_beat = data_bits_ / 8 - 1;
      words_.at(reg::kWinRdBase) &= ~in_beat;
      words_.at(reg::kWinWrBase) &= ~in_beat;
      words_.at(reg::kWinRdLimit) |= in_beat;
      words_.at(reg::kWinWrLimit) |= in_beat;
    }
  }

  if (!in.done) return;
  done_ = true;
  error_ = error_ || in.error;
  store(reg::kError, in.error ? reg::kErrorCode.put(in.error_code) | reg::kErrorOperand.put(in.error_operand) : 0);
  store(reg::kErrorEntry, in.error ? in.error_entry : 0);
  store(reg::kErrorRow, in.error ? in.error_row : 0);
  store(reg::kErrorGroup, in.error ? in.error_group : 0);
  store_wide(reg::kMetaCount, in.meta_count);
  store(reg::kMetaEntry, in.meta_entry);
  store(reg::kMetaRow, in.meta_row);
  store(reg::kMetaGroup, in.meta_group);
  for (std::size_t i = 0; i < in.counts.size(); ++i) {
    store_wide(reg::kCountCycles + 8 * static_cast<std::uint32_t>(i), in.counts[i]);
  }
}

}  // namespace spmma::verif
