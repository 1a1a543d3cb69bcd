// SPDX-License-Identifier: Apache-2.0
#include "engine_gemm.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "gemm_driver.h"
#include "hardware_failure.h"
#include "placed_gemm.h"

namespace spmma::verif {

namespace {

/// Cycles after which a run counts as hung: each stalled handshake takes 1 / (1 - P) cycles, and one may wait for
/// another.
std::int64_t limit(std::int64_t unstalled, double stall) {
  return 10000 + static_cast<std::int64_t>(10 / ((1 - stall) * (1 - stall)) * static_cast<double>(unstalled));
}

/// Compares each beat of D with what it should be, as it is written.
class WriteWatch final : public GemmObserver {
 public:
  explicit WriteWatch(const Tensor* expected) : expected_(expected) {}
  /// To be called before the job starts.
  void begin(const GemmDriver& driver, const GemmOperand& d, int data_bytes) {
    driver_ = &driver;
    d_ = d;
    data_bytes_ = static_cast<std::uint64_t>(data_bytes);
  }
  std::optional<FirstWrong> first_wrong() const { return first_wrong_; }

  void on_reset(const Preset& /*preset*/) override {}
  void on_cycle(const AxiSubordinate& memory, const AxiLiteManager& /*registers*/,
                const GemmOutputs& outputs) override {
    const AxiManager& m = outputs.memory;
    if (driver_ == nullptr || expected_ == nullptr || first_wrong_) return;
    if (m.aw_valid && memory.aw_ready) addresses_.push_back(m.aw.address & ~(data_bytes_ - 1));
    if (m.w_valid && memory.w_ready) beats_.push_back({driver_->now(), m.w_strobe, m.w_last, m.w_data});
    // Data may come before its address.
    for (; !beats_.empty() && !addresses_.empty(); beats_.pop_front()) {
      const Beat& beat = beats_.front();
      if (!first_wrong_) first_wrong_ = wrong(beat);
      addresses_.front() += data_bytes_;
      if (beat.last) addresses_.pop_front();
    }
  }

 private:
  struct Beat {
    std::int64_t cycle;
    std::uint64_t strobe;
    bool last;
    AxiData data;
  };
  std::optional<FirstWrong> wrong(const Beat& beat) const {
    const auto row_bytes = static_cast<std::uint64_t>(expected_->cols * expected_->elem_bytes);
    for (std::uint64_t lane = 0; lane < data_bytes_; ++lane) {
      if ((beat.strobe >> lane & 1) == 0) continue;
      std::uint64_t offset = addresses_.front() + lane - d_.address;
      const std::uint64_t entry = d_.stride == 0 ? 0 : offset / d_.stride;
      offset -= entry * d_.stride;
      const std::uint64_t row = offset / d_.pitch, column = offset % d_.pitch;
      const FirstWrong here{beat.cycle, static_cast<std::int64_t>(entry), static_cast<std::int64_t>(row),
                            static_cast<std::int64_t>(column) / expected_->elem_bytes};
      if (entry >= static_cast<std::uint64_t>(expected_->batch) || row >= static_cast<std::uint64_t>(expected_->rows) ||
          column >= row_bytes) {
        return here;
      }
      const std::byte* const at = expected_->entry(static_cast<std::int64_t>(entry)) + row * row_bytes + column;
      if (*at != beat.data[lane]) return here;
    }
    return std::nullopt;
  }

  const Tensor* expected_;
  const GemmDriver* driver_ = nullptr;
  GemmOperand d_;
  std::uint64_t data_bytes_ = 0;
  std::deque<std::uint64_t> addresses_;  ///< of the beats to come, by burst
  std::deque<Beat> beats_;               ///< whose address has not come
  std::optional<FirstWrong> first_wrong_;
};

}  // namespace

EngineRunResult run_engine_gemm(const GemmProblem& problem, const EngineRunOptions& options) {
  GemmDriverOptions driver_options{.preset = options.preset,
                                   .latency = options.latency,
                                   .bandwidth = options.bandwidth,
                                   .seed = options.seed,
                                   .wave = options.wave,
                                   .window = options.window,
                                   .model = options.model};
  if (options.stall > 0) driver_options.stalls.fill({StallKind::random, options.stall});
  WriteWatch watch(options.expected);
  if (options.expected != nullptr) driver_options.observer = &watch;
  GemmDriver driver(driver_options);
  const PlacedGemm placed(driver.memory(), problem, options.layout, options.seed);
  placed.allow(driver.checker());

  EngineRunResult result;
  AxiMemory& memory = driver.memory();
  const int bandwidth = options.bandwidth == 0 ? memory.data_bytes() : options.bandwidth;
  result.model = gemm_cycles(driver.preset(), placed.job(), {.latency = options.latency, .bandwidth = bandwidth});
  driver.write_job(
      gemm_registers(placed.job(), {.saturate = problem.saturate, .meta_any = options.rule == MetadataRule::any}));
  watch.begin(driver, placed.job().d, driver.memory().data_bytes());
  if (!driver.start()) throw HardwareFailure("spmma_gemm refuses a job", driver.now() - 1);
  const std::int64_t started = driver.last_write();
  const auto progress = [&] {
    if (!options.progress) return;
    const std::int64_t done = memory.count(AxiChannel::r).handshakes + memory.count(AxiChannel::w).handshakes;
    options.progress(done, result.model.beats_read + result.model.beats_written);
  };
  driver.wait(limit(result.model.cycles, options.stall), progress);
  progress();

  if (!driver.write_responses().empty()) result.cycles_counted = driver.write_responses().back().cycle - started + 1;
  for (int c = 0; c < kAxiChannels; ++c) result.held += memory.count(static_cast<AxiChannel>(c)).held;
  if (driver.status().error) result.error = driver.error();
  result.metadata = driver.metadata();
  result.counters = driver.counters();
  driver.finish();
  result.d = placed.d();
  result.first_wrong = watch.first_wrong();
  return result;
}

}  // namespace spmma::verif
