// SPDX-License-Identifier: Apache-2.0
#include "gemm_bins.h"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "collector.h"
#include "registers.h"

namespace spmma::verif {
namespace {

using Axis = BinGroup::Axis;

const Axis kWaits = {"0", "1", "2to7", "8up"};
int wait_class(int cycles) { return cycles < 2 ? cycles : cycles < 8 ? 2 : 3; }

/// What a running job has done on the bus; and whether another one waits behind it.
const Axis kStates = {"no_read_yet", "reading", "writing"};
const Axis kQueue = {"alone", "queued"};

const Axis kRegisterGroups = {"identity", "caps", "control",  "status",  "irq_enable", "results",
                              "windows",  "job",  "counters", "unknown", "misaligned"};
int register_group(std::uint32_t offset) {
  if (offset % 4 != 0) return 10;
  const auto known = std::ranges::any_of(reg::kRegisters, [&](const reg::Register& r) { return r.offset == offset; });
  if (!known) return 9;
  constexpr std::uint32_t kJobEnd = reg::kCountCycles;
  if (offset < reg::kCapsRows) return 0;
  if (offset < reg::kCtrl) return 1;
  if (offset == reg::kCtrl) return 2;
  if (offset == reg::kStatus) return 3;
  if (offset == reg::kIrqEn) return 4;
  if (offset < reg::kWinRdBase) return 5;
  if (offset < reg::kFormat) return 6;
  return offset < kJobEnd ? 7 : 8;
}

const Axis kErrors = {"SIZE", "FORMAT", "ALIGN", "WRAP", "WINDOW", "READ", "WRITE", "META", "ABORT"};
const Axis kOperands = {"A", "E", "B", "C", "D"};

Axis formats() {
  Axis axis;
  for (const Format f : kFormats) axis.emplace_back(name(f));
  return axis;
}

}  // namespace

GemmBins::GemmBins()
    : wait("axi_wait", {{"ar", "r", "aw", "w", "b"}, kWaits}),
      gap("axi_gap", {{"ar", "r", "aw", "w", "b"}, kWaits}),
      burst("burst", {{"read", "write"}, {"1", "2", "3up"}}),
      line("burst_at_4K_line", {{"read", "write"}, {"begins", "ends", "within"}}),
      lite("axi_lite_wait", {{"aw", "w", "b", "ar", "r"}, {"0", "1up"}}),
      lite_order("axi_lite_write", {{"address_first", "data_first", "together"}}),
      refused("axi_lite_refused", {{"write", "read"}}),
      job("job", {formats(), formats(), {"f32_or_s32", "f16"}, {"dense", "sparse"}, {"no_C", "C"}}),
      edge("edge", {{"dense", "sparse"},
                    {"M_tile", "M_block", "N_tile", "N_block", "K_step", "K_block"},
                    {"less", "equal", "multiple", "remainder"}}),
      batch("batch", {{"1", "2", "3up"}, {"A", "B", "C"}, {"one_for_all", "one_each"}}),
      empty("empty", {{"M", "N", "K", "BATCH"}, {"first", "behind_another"}}),
      layout("layout", {kOperands, {"address", "pitch"}, {"whole_beats", "odd"}}),
      metadata("metadata_of_job", {{"ordered", "any"}, {"legal", "illegal_counted", "illegal_stops"}}),
      write("register_write", {kRegisterGroups, {"idle", "busy", "queued"}}),
      read("register_read", {kRegisterGroups, {"idle", "busy", "queued"}}),
      queue("queue", {{"queued_while", "refused_while"}, kStates}),
      status("status", {{"done_seen", "error_seen", "done_cleared", "error_cleared"}}),
      irq("interrupt", {{"by_done", "by_error", "masked"}}),
      error("error", {kErrors, kStates, kQueue}),
      error_operand("error_operand", {{"ALIGN", "WRAP", "WINDOW", "READ"}, kOperands}),
      abort("abort", {{"idle", "no_read_yet", "reading", "writing"}, kQueue}),
      reset("reset", {{"idle", "no_read_yet", "reading", "writing"}, kQueue}) {
  batch.exclude({"1", "", "one_each"});
  abort.exclude({"idle", "queued"});
  reset.exclude({"idle", "queued"});
  for (const Format a : kFormats) {
    for (const Format b : kFormats) {
      const Acc wide = is_integer(a) ? Acc::s32 : Acc::f32;
      if (!legal(a, b, wide)) job.exclude({name(a), name(b), "f32_or_s32", "", ""});
      if (!legal(a, b, Acc::f16)) job.exclude({name(a), name(b), "f16", "", ""});
    }
  }
}

std::vector<const BinGroup*> GemmBins::groups() const {
  return {&wait,   &gap,      &burst, &line, &lite,  &lite_order, &refused, &job,   &edge,          &batch, &empty,
          &layout, &metadata, &write, &read, &queue, &status,     &irq,     &error, &error_operand, &abort, &reset};
}

namespace {

class GemmBinObserver final : public GemmObserver {
 public:
  ~GemmBinObserver() override {
    CoverageData data;
    for (const BinGroup* group : bins_.groups()) add_hits(data, *group);
    collect_coverage(data);
  }

  void on_reset(const Preset& preset) override {
    preset_ = &preset;
    if (seen_cycle_) bins_.reset.hit({jobs_.empty() ? 0 : 1 + state(), jobs_.size() > 1});
    registers_.fill(0);
    jobs_.clear();
    ended_.reset();
    aw_.reset();
    w_.reset();
    ar_.reset();
    irq_ = false;
    channels_ = {};
    lite_waits_ = {};
    done_ = error_ = false;
    seen_cycle_ = false;
  }

  void on_cycle(const AxiSubordinate& memory, const AxiLiteManager& software, const GemmOutputs& outputs) override {
    seen_cycle_ = true;
    memory_side(memory, outputs.memory);
    software_side(software, outputs.registers);
    if (outputs.irq && !irq_ && !jobs_.empty() && !ended_) ended_ = state_of_head();
    irq_ = outputs.irq;
  }

 private:
  /// The registers of one operand of a started job.
  struct Job {
    std::array<std::uint32_t, reg::kCountCycles / 4> words{};
    std::uint32_t word(std::uint32_t offset) const { return words[offset / 4]; }
    bool read = false;     ///< a read was asked for since it is the head
    bool written = false;  ///< a write was
    bool behind = false;   ///< another one, when it was started
  };
  struct State {
    int state = 0;
    bool queued = false;
  };

  int state() const { return jobs_.front().written ? 2 : jobs_.front().read ? 1 : 0; }
  State state_of_head() const { return {state(), jobs_.size() > 1}; }
  int business() const { return static_cast<int>(std::min<std::size_t>(jobs_.size(), 2)); }

  struct Channel {
    int waited = 0;
    int gap = 0;
  };
  void channel(int index, bool valid, bool ready) {
    Channel& c = channels_[static_cast<std::size_t>(index)];
    if (!valid) {
      ++c.gap;
      return;
    }
    if (c.waited == 0) {
      bins_.gap.hit({index, wait_class(c.gap)});
      c.gap = 0;
    }
    if (ready) {
      bins_.wait.hit({index, wait_class(c.waited)});
      c.waited = 0;
    } else {
      ++c.waited;
    }
  }

  void address(int direction, const AxiAddress& a) {
    constexpr std::uint64_t kLine = 4096;
    bins_.burst.hit({direction, std::min<int>(a.len, 2)});
    const std::uint64_t end =
        (a.address >> a.size << a.size) + (std::uint64_t{a.len} + 1) * (std::uint64_t{1} << a.size);
    if (a.address % kLine == 0) bins_.line.hit({direction, 0});
    if (end % kLine == 0) bins_.line.hit({direction, 1});
    if (a.address % kLine != 0 && end % kLine != 0) bins_.line.hit({direction, 2});
  }

  void memory_side(const AxiSubordinate& memory, const AxiManager& engine) {
    channel(0, engine.ar_valid, memory.ar_ready);
    channel(1, memory.r_valid, engine.r_ready);
    channel(2, engine.aw_valid, memory.aw_ready);
    channel(3, engine.w_valid, memory.w_ready);
    channel(4, memory.b_valid, engine.b_ready);
    if (engine.ar_valid && memory.ar_ready) {
      address(0, engine.ar);
      if (!jobs_.empty()) jobs_.front().read = true;
    }
    if (engine.aw_valid && memory.aw_ready) {
      address(1, engine.aw);
      if (!jobs_.empty()) jobs_.front().written = true;
    }
  }

  void software_side(const AxiLiteManager& software, const AxiLiteSubordinate& registers) {
    const std::array<std::pair<bool, bool>, 5> channels = {{{software.aw_valid, registers.aw_ready},
                                                            {software.w_valid, registers.w_ready},
                                                            {registers.b_valid, software.b_ready},
                                                            {software.ar_valid, registers.ar_ready},
                                                            {registers.r_valid, software.r_ready}}};
    for (std::size_t i = 0; i < channels.size(); ++i) {
      const auto [valid, ready] = channels[i];
      if (valid && ready) bins_.lite.hit({static_cast<int>(i), std::exchange(lite_waits_[i], 0) != 0});
      if (valid && !ready) ++lite_waits_[i];
    }
    const bool aw = software.aw_valid && registers.aw_ready;
    const bool w = software.w_valid && registers.w_ready;
    if (aw || w) {
      if (aw && w) bins_.lite_order.hit({2});
      if (aw && !w && !w_) bins_.lite_order.hit({0});
      if (w && !aw && !aw_) bins_.lite_order.hit({1});
    }
    if (aw) aw_ = software.aw_address;
    if (w) w_ = {software.w_data, software.w_strobe};
    if (aw_ && w_ && (aw || w)) at_write_ = jobs_.empty() ? std::nullopt : std::optional(state_of_head());
    if (registers.b_valid && software.b_ready && aw_ && w_) {
      written(*aw_, w_->first, w_->second, registers.b_resp == kAxiOkay);
      aw_.reset();
      w_.reset();
    }
    if (software.ar_valid && registers.ar_ready) {
      ar_ = software.ar_address;
      bins_.read.hit({register_group(*ar_), business()});
    }
    if (registers.r_valid && software.r_ready && ar_) {
      if (registers.r_resp == kAxiOkay) {
        was_read(*ar_, registers.r_data);
      } else {
        bins_.refused.hit({1});
      }
      ar_.reset();
    }
  }

  void written(std::uint32_t offset, std::uint32_t data, unsigned strobe, bool okay) {
    bins_.write.hit({register_group(offset), business()});
    if (!okay) bins_.refused.hit({0});
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 4; ++i) bits |= (strobe >> i & 1U) != 0 ? 0xFFU << (8 * i) : 0;
    if (offset == reg::kCtrl) {
      command(data & bits, okay);
    } else if (offset == reg::kStatus && okay) {
      if (reg::kStatusDone.get(data & bits) != 0 && done_) bins_.status.hit({2});
      if (reg::kStatusError.get(data & bits) != 0 && error_) bins_.status.hit({3});
      if (reg::kStatusDone.get(data & bits) != 0) {
        done_ = false;
        ended_.reset();
      }
      if (reg::kStatusError.get(data & bits) != 0) error_ = false;
    } else if (okay && offset / 4 < registers_.size()) {
      std::uint32_t& word = registers_[offset / 4];
      word = (word & ~bits) | (data & bits);
    }
  }

  void command(std::uint32_t bits, bool okay) {
    if (reg::kCtrlAbort.get(bits) != 0 && okay) {
      bins_.abort.hit({at_write_ ? 1 + at_write_->state : 0, at_write_ && at_write_->queued});
      if (!ended_) ended_ = at_write_;
    }
    if (reg::kCtrlStart.get(bits) == 0) return;
    if (at_write_) bins_.queue.hit({okay ? 0 : 1, at_write_->state});
    if (!okay) return;
    jobs_.push_back({.words = registers_, .behind = !jobs_.empty()});
  }

  /// What a job was that ended without an error, so that its D counts.
  void describe_job(const Job& job) {
    const std::uint32_t format = job.word(reg::kFormat);
    const auto a_code = reg::kFormatFmtA.get(format), b_code = reg::kFormatFmtB.get(format);
    if (a_code >= kFormatCount || b_code >= kFormatCount) return;
    const bool sparse = reg::kFormatSparse.get(format) != 0, has_c = reg::kFormatHasC.get(format) != 0;
    const bool f16 = reg::kFormatAccF16.get(format) != 0;
    const auto a = static_cast<Format>(a_code), b = static_cast<Format>(b_code);
    bins_.job.hit({static_cast<int>(a_code), static_cast<int>(b_code), f16, sparse, has_c});

    const auto m = job.word(reg::kM), n = job.word(reg::kN), k = job.word(reg::kK), batch = job.word(reg::kBatch);
    const std::array<std::uint32_t, 4> sizes = {m, n, k, batch};
    for (int i = 0; i < 4; ++i) {
      if (sizes[static_cast<std::size_t>(i)] == 0) bins_.empty.hit({i, job.behind});
    }
    const GemmParams& gemm = preset_->gemm;
    const auto unit = [&](int which, std::uint32_t size, int of) {
      if (size == 0) return;
      const auto u = static_cast<std::uint32_t>(of);
      bins_.edge.hit({sparse, which, size < u ? 0 : size == u ? 1 : size % u == 0 ? 2 : 3});
    };
    const int twice = sparse ? 2 : 1;
    unit(0, m, preset_->core.rows);
    unit(1, m, gemm.block_rows);
    unit(2, n, preset_->core.cols);
    unit(3, n, gemm.block_bytes / storage_bytes(b));
    unit(4, k, preset_->core.step_bytes / storage_bytes(a) * twice);
    unit(5, k, gemm.k_bytes / storage_bytes(a) * twice);

    const auto width = static_cast<std::uint32_t>(gemm.data_bytes());
    constexpr std::uint32_t kStep = reg::kEAddr - reg::kAAddr;
    for (int i = 0; i < 5; ++i) {
      if ((i == 1 && !sparse) || (i == 3 && !has_c)) continue;
      const auto at = static_cast<std::uint32_t>(i) * kStep;
      bins_.layout.hit({i, 0, job.word(reg::kAAddr + at) % width != 0});
      bins_.layout.hit({i, 1, job.word(reg::kAPitch + at) % width != 0});
    }
    if (batch != 0) {
      const int count = static_cast<int>(std::min<std::uint32_t>(batch, 3)) - 1;
      const auto each = [&](std::uint32_t stride) { return batch > 1 && job.word(stride) != 0; };
      bins_.batch.hit({count, 0, each(reg::kAStride)});
      bins_.batch.hit({count, 1, each(reg::kBStride)});
      if (has_c) bins_.batch.hit({count, 2, each(reg::kCStride)});
    }
  }

  void was_read(std::uint32_t offset, std::uint32_t data) {
    if (offset == reg::kStatus) {
      saw_status(data);
    } else if (offset == reg::kError) {
      saw_error(static_cast<int>(reg::kErrorCode.get(data)), static_cast<int>(reg::kErrorOperand.get(data)));
    } else if (offset == reg::kMetaCount && last_ && reg::kFormatSparse.get(last_->word(reg::kFormat)) != 0) {
      const std::uint32_t format = last_->word(reg::kFormat);
      bins_.metadata.hit({static_cast<int>(reg::kFormatMetaAny.get(format)), data == 0                           ? 0
                                                                             : reg::kFormatStop.get(format) != 0 ? 2
                                                                                                                 : 1});
    }
  }

  void saw_status(std::uint32_t data) {
    const std::size_t left = reg::kStatusBusy.get(data) + reg::kStatusQueued.get(data);
    const bool done = reg::kStatusDone.get(data) != 0, error = reg::kStatusError.get(data) != 0;
    if (done) bins_.status.hit({0});
    if (error) bins_.status.hit({1});
    if (done && !irq_) bins_.irq.hit({2});
    if (irq_) bins_.irq.hit({error ? 1 : 0});
    done_ = done;
    error_ = error;
    while (jobs_.size() > left) end_head();
  }

  void saw_error(int code, int operand) {
    if (!ended_ && !jobs_.empty()) ended_ = state_of_head();
    if (code != 0 && ended_) {
      bins_.error.hit({code - 1, ended_->state, ended_->queued});
      const std::array<int, 4> with_operand = {3, 4, 5, 6};
      const auto at = std::ranges::find(with_operand, code);
      if (at != with_operand.end()) {
        bins_.error_operand.hit({static_cast<int>(at - with_operand.begin()), operand});
      }
    }
  }

  /// The head has ended, and the software knows.
  void end_head() {
    if (!ended_) ended_ = state_of_head();
    last_ = jobs_.front();
    if (!error_) describe_job(*last_);
    jobs_.pop_front();
    if (!jobs_.empty()) jobs_.front().read = jobs_.front().written = false;
  }

  GemmBins bins_;
  const Preset* preset_ = nullptr;
  std::array<std::uint32_t, reg::kCountCycles / 4> registers_{};  ///< as written; windows and job
  std::deque<Job> jobs_;                                          ///< that software does not know to have ended
  std::optional<Job> last_;                                       ///< that ended
  std::optional<State> ended_;                                    ///< in what state the last one did
  std::optional<State> at_write_;                                 ///< when the last write took effect
  std::optional<std::uint32_t> aw_, ar_;
  std::optional<std::pair<std::uint32_t, std::uint8_t>> w_;
  bool irq_ = false, done_ = false, error_ = false, seen_cycle_ = false;
  std::array<Channel, 5> channels_{};
  std::array<int, 5> lite_waits_{};
};

}  // namespace

std::unique_ptr<GemmObserver> make_gemm_bins() { return std::make_unique<GemmBinObserver>(); }

}  // namespace spmma::verif
