// SPDX-License-Identifier: Apache-2.0
#include "gemm_driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "hardware_failure.h"
#include "registers.h"
#include "spmma/core_timing.h"

namespace spmma::verif {
namespace {

constexpr int kResetCycles = 4;
constexpr int kRegisterPatience = 1000;
constexpr int kMemoryPatience = 20000;  ///< cycles without a handshake of the memory, beside what the steps may take

/// _ADDR, _STRIDE and _PITCH of A; those of the next operand lie kOperandStep further.
constexpr std::uint32_t kOperandStep = reg::kEAddr - reg::kAAddr;
static_assert(reg::kDAddr == reg::kAAddr + 4 * kOperandStep && reg::kCPitch == reg::kAPitch + 3 * kOperandStep);

/// Cycles after which an engine that neither reads nor writes counts as stuck. A K block's steps are as long: the next
/// K block lies in the other halves of the buffers, and D only comes with the last step.
std::int64_t memory_patience(const GemmDriverOptions& options, const Preset& preset) {
  const std::int64_t strips = preset.gemm.block_rows / preset.core.rows;
  const std::int64_t tiles = preset.gemm.block_bytes / preset.core.cols;
  const std::int64_t steps = preset.gemm.k_bytes / preset.core.step_bytes;
  const std::int64_t pass = std::max<std::int64_t>(strips * tiles, core_latency(preset.core).chain);
  return kMemoryPatience + steps * pass + 4 * std::int64_t{options.latency};
}

AxiMemoryOptions memory_options(const GemmDriverOptions& options, const Preset& preset) {
  const int width = preset.gemm.data_bytes();
  return {.data_bytes = width,
          .latency = options.latency,
          .bandwidth = options.bandwidth == 0 ? width : options.bandwidth,
          .stalls = options.stalls,
          .reorder = false,
          .seed = options.seed};
}

}  // namespace

GemmRegisters gemm_registers(const GemmTimingJob& job, const GemmModes& modes) {
  GemmRegisters r;
  r.format = reg::kFormatFmtA.put(static_cast<std::uint32_t>(job.a_format)) |
             reg::kFormatFmtB.put(static_cast<std::uint32_t>(job.b_format)) |
             reg::kFormatAccF16.put(job.acc == Acc::f16) | reg::kFormatSaturate.put(modes.saturate) |
             reg::kFormatSparse.put(job.sparse) | reg::kFormatMetaAny.put(modes.meta_any) |
             reg::kFormatStop.put(modes.stop) | reg::kFormatHasC.put(job.has_c);
  r.m = static_cast<std::uint32_t>(job.m);
  r.n = static_cast<std::uint32_t>(job.n);
  r.k = static_cast<std::uint32_t>(job.k);
  r.batch = static_cast<std::uint32_t>(job.batch);
  const GemmOperand* const operands[] = {&job.a, &job.e, &job.b, &job.c, &job.d};
  for (std::size_t i = 0; i < r.operands.size(); ++i) {
    r.operands[i] = {operands[i]->address, operands[i]->stride, static_cast<std::uint32_t>(operands[i]->pitch)};
  }
  return r;
}

GemmDriver::GemmDriver(const GemmDriverOptions& options)
    : model_(options.model ? options.model() : make_gemm_model(options.preset, !options.wave.empty(), options.seed)),
      memory_(memory_options(options, model_->preset())),
      checker_(model_->preset().gemm.data_bytes()),
      register_stall_(options.register_stall),
      tolerant_(options.tolerant),
      patience_(memory_patience(options, model_->preset())),
      random_(options.seed),
      recording_(!options.wave.empty()),
      observer_(options.observer, default_observers().gemm) {
  if (recording_) model_->open_wave(options.wave, options.window);
  reset();
}

void GemmDriver::cycle() {
  AxiSubordinate idle;
  const AxiSubordinate& memory = in_reset_ ? idle : memory_.drive();
  model_->drive(memory, lite_);
  model_->settle();
  const GemmOutputs& out = model_->outputs();
  const AxiManager& m = out.memory;
  checker_.cycle(in_reset_, m, memory);
  lite_checker_.cycle(in_reset_, lite_, out.registers);
  if (observer_ && !in_reset_) observer_->on_cycle(memory, lite_, out);
  lite_out_ = out.registers;
  irq_ = out.irq && !in_reset_;
  if (in_reset_) {
    memory_.reset();
  } else {
    const std::int64_t watched = memory_.watched_writes();
    memory_.sample(m);
    if (memory_.watched_writes() != watched) watched_cycle_ = cycle_;
    const bool w = m.w_valid && memory.w_ready;
    const bool b = memory.b_valid && m.b_ready;
    if (b) {
      // A faulty engine may end its bursts wrongly.
      responses_.push_back({cycle_, responses_.size() < burst_bytes_.size() ? burst_bytes_[responses_.size()] : 0});
    }
    if (w) {
      open_bytes_ += std::popcount(m.w_strobe);
      if (m.w_last) burst_bytes_.push_back(std::exchange(open_bytes_, 0));
    }
    const bool moved =
        w || b || (m.ar_valid && memory.ar_ready) || (memory.r_valid && m.r_ready) || (m.aw_valid && memory.aw_ready);
    quiet_ = moved ? 0 : quiet_ + 1;
  }
  model_->rise();
  ++cycle_;
  if (tolerant_) return;
  for (const RuleBook* rules :
       {static_cast<const RuleBook*>(&checker_), static_cast<const RuleBook*>(&lite_checker_)}) {
    if (rules->violations() != 0) fail("a bus rule is broken: " + rules->messages().front());
  }
  if (model_->assertion_failures() != 0) fail("an assertion of the RTL failed");
}

std::int64_t GemmDriver::complaints() const {
  return checker_.violations() + lite_checker_.violations() + model_->assertion_failures();
}

void GemmDriver::run(std::int64_t cycles) {
  for (std::int64_t i = 0; i < cycles; ++i) cycle();
}

void GemmDriver::reset() {
  lite_ = {};
  in_reset_ = true;
  model_->set_reset(true);
  run(kResetCycles);
  model_->set_reset(false);
  in_reset_ = false;
  checker_.set_windows({}, {});
  if (observer_) observer_->on_reset(preset());
  responses_.clear();
  burst_bytes_.clear();
  open_bytes_ = quiet_ = 0;
  cycle();
}

bool GemmDriver::write(std::uint32_t offset, std::uint32_t value, unsigned strobe) {
  bool addressed = false, filled = false;
  lite_.aw_address = offset;
  lite_.aw_prot = random_() & 7;  // ignored
  lite_.w_data = value;
  lite_.w_strobe = static_cast<std::uint8_t>(strobe);
  for (int i = 0; i < kRegisterPatience; ++i) {
    lite_.aw_valid = !addressed && (lite_.aw_valid || !late());
    lite_.w_valid = !filled && (lite_.w_valid || !late());
    lite_.b_ready = !late();
    cycle();
    const bool was_complete = addressed && filled;
    addressed = addressed || (lite_.aw_valid && lite_out_.aw_ready);
    filled = filled || (lite_.w_valid && lite_out_.w_ready);
    if (!was_complete && addressed && filled) last_write_ = cycle_ - 1;
    if (lite_out_.b_valid && lite_.b_ready) {
      lite_ = {};
      return lite_out_.b_resp == kAxiOkay;
    }
  }
  fail(fmt::format("a write to register {:#x} is not answered", offset));
}

bool GemmDriver::read(std::uint32_t offset, std::uint32_t& value) {
  bool addressed = false;
  lite_.ar_address = offset;
  lite_.ar_prot = random_() & 7;
  for (int i = 0; i < kRegisterPatience; ++i) {
    lite_.ar_valid = !addressed && (lite_.ar_valid || !late());
    lite_.r_ready = !late();
    cycle();
    addressed = addressed || (lite_.ar_valid && lite_out_.ar_ready);
    if (lite_out_.r_valid && lite_.r_ready) {
      lite_ = {};
      value = lite_out_.r_data;
      return lite_out_.r_resp == kAxiOkay;
    }
  }
  fail(fmt::format("a read of register {:#x} is not answered", offset));
}

std::uint32_t GemmDriver::read(std::uint32_t offset) {
  std::uint32_t value = 0;
  if (!read(offset, value)) fail(fmt::format("register {:#x} answers SLVERR", offset));
  return value;
}

std::uint64_t GemmDriver::read64(std::uint32_t offset) {
  const std::uint64_t low = read(offset);
  return low | std::uint64_t{read(offset + 4)} << 32;
}

void GemmDriver::write64(std::uint32_t offset, std::uint64_t value) {
  if (!write(offset, static_cast<std::uint32_t>(value)) ||
      !write(offset + 4, static_cast<std::uint32_t>(value >> 32))) {
    fail(fmt::format("register {:#x} refuses a write", offset));
  }
}

bool GemmDriver::set_windows(const AxiWindow& read, const AxiWindow& write) {
  const std::pair<std::uint32_t, std::uint64_t> values[] = {{reg::kWinRdBase, read.base},
                                                            {reg::kWinRdLimit, read.limit},
                                                            {reg::kWinWrBase, write.base},
                                                            {reg::kWinWrLimit, write.limit}};
  for (const auto& [offset, value] : values) {
    if (!this->write(offset, static_cast<std::uint32_t>(value))) return false;
    if (!this->write(offset + 4, static_cast<std::uint32_t>(value >> 32))) return false;
  }
  const auto low = static_cast<std::uint64_t>(memory_.data_bytes() - 1);
  checker_.set_windows({read.base & ~low, read.limit | low}, {write.base & ~low, write.limit | low});
  return true;
}

void GemmDriver::write_job(const GemmRegisters& job) {
  const std::pair<std::uint32_t, std::uint32_t> values[] = {
      {reg::kFormat, job.format}, {reg::kM, job.m}, {reg::kN, job.n}, {reg::kK, job.k}, {reg::kBatch, job.batch}};
  for (const auto& [offset, value] : values) {
    if (!write(offset, value)) fail(fmt::format("register {:#x} refuses a write", offset));
  }
  for (std::uint32_t i = 0; i < job.operands.size(); ++i) {
    const GemmRegisters::Operand& operand = job.operands[i];
    write64(reg::kAAddr + i * kOperandStep, operand.address);
    write64(reg::kAStride + i * kOperandStep, operand.stride);
    if (!write(reg::kAPitch + i * kOperandStep, operand.pitch)) fail("a pitch is refused");
  }
}

bool GemmDriver::start() { return write(reg::kCtrl, reg::kCtrlStart.put(1)); }
bool GemmDriver::abort() { return write(reg::kCtrl, reg::kCtrlAbort.put(1)); }

GemmStatus GemmDriver::status() {
  const std::uint32_t word = read(reg::kStatus);
  return {.busy = reg::kStatusBusy.get(word) != 0,
          .queued = reg::kStatusQueued.get(word) != 0,
          .done = reg::kStatusDone.get(word) != 0,
          .error = reg::kStatusError.get(word) != 0};
}

GemmError GemmDriver::error() {
  const std::uint32_t word = read(reg::kError);
  return {.code = static_cast<int>(reg::kErrorCode.get(word)),
          .operand = static_cast<int>(reg::kErrorOperand.get(word)),
          .entry = read(reg::kErrorEntry),
          .row = read(reg::kErrorRow),
          .group = read(reg::kErrorGroup)};
}

GemmMetadata GemmDriver::metadata() {
  return {.count = read64(reg::kMetaCount),
          .entry = read(reg::kMetaEntry),
          .row = read(reg::kMetaRow),
          .group = read(reg::kMetaGroup)};
}

GemmCounters GemmDriver::counters() {
  const auto count = [&](std::uint32_t offset) { return static_cast<std::int64_t>(read64(offset)); };
  GemmCounters c;
  c.cycles.cycles = count(reg::kCountCycles);
  c.cycles.steps = count(reg::kCountSteps);
  c.cycles.lanes = count(reg::kCountLanes);
  c.cycles.stalls = {.start = count(reg::kCountStallStart),
                     .a = count(reg::kCountStallA),
                     .metadata = count(reg::kCountStallMeta),
                     .b = count(reg::kCountStallB),
                     .c = count(reg::kCountStallC),
                     .d = count(reg::kCountStallD),
                     .chain = count(reg::kCountStallChain),
                     .drain = count(reg::kCountStallDrain)};
  c.cycles.held_w = count(reg::kCountHeldW);
  c.cycles.bytes_read = count(reg::kCountBytesRd);
  c.cycles.bytes_written = count(reg::kCountBytesWr);
  c.cycles.beats_read = count(reg::kCountBeatsRd);
  c.cycles.beats_written = count(reg::kCountBeatsWr);
  c.held_ar = count(reg::kCountHeldAr);
  c.held_aw = count(reg::kCountHeldAw);
  return c;
}

void GemmDriver::clear_status(const GemmStatus& seen) {
  write(reg::kStatus, reg::kStatusDone.put(seen.done ? 1 : 0) | reg::kStatusError.put(seen.error ? 1 : 0));
}

void GemmDriver::fail(const std::string& what) const { throw HardwareFailure(what, cycle_ - 1); }

void GemmDriver::check_hang(std::int64_t start, std::int64_t limit) const {
  if (quiet_ <= patience_ && cycle_ - start <= limit) return;
  throw HardwareFailure(fmt::format("spmma_gemm hangs: {} cycles after the start neither done nor error, {} cycles "
                                    "without a handshake of the memory",
                                    cycle_ - start, quiet_),
                        cycle_ - 1 - quiet_);
}

void GemmDriver::wait(std::int64_t limit, const std::function<void()>& progress) {
  constexpr std::int64_t kProgressCycles = 4096;
  write(reg::kIrqEn, reg::kIrqEnDone.put(1) | reg::kIrqEnError.put(1));
  quiet_ = 0;
  for (const std::int64_t start = cycle_; !irq_; check_hang(start, limit)) {
    cycle();
    if (progress && (cycle_ - start) % kProgressCycles == 0) progress();
  }
}

void GemmDriver::poll(std::int64_t limit) {
  constexpr std::int64_t kPollCycles = 50;
  quiet_ = 0;
  for (const std::int64_t start = cycle_;; check_hang(start, limit)) {
    const GemmStatus now = status();
    if (now.done || now.error) return;
    run(kPollCycles);
  }
}

void GemmDriver::finish() {
  run(4);
  checker_.finish();
  lite_checker_.finish();
  if (!memory_.idle()) fail("a burst is open after the last job");
  cycle();
  if (recording_) model_->close_wave();
  recording_ = false;
}

}  // namespace spmma::verif
