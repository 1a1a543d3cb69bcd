// SPDX-License-Identifier: Apache-2.0
// spmma_gemm with a memory behind it and software in front of it, every bus rule checked in every cycle.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "axi_checker.h"
#include "axi_memory.h"
#include "gemm_model.h"
#include "gemm_results.h"
#include "observer.h"
#include "spmma/gemm_timing.h"

namespace spmma::verif {

/// A job's registers, raw, so that illegal ones can be written.
struct GemmRegisters {
  struct Operand {
    std::uint64_t address = 0;
    std::uint64_t stride = 0;
    std::uint32_t pitch = 0;
  };
  std::uint32_t format = 0;
  std::uint32_t m = 0;
  std::uint32_t n = 0;
  std::uint32_t k = 0;
  std::uint32_t batch = 0;
  std::array<Operand, 5> operands = {};  ///< A, E, B, C, D: as the codes of ERROR.operand
};

/// What a job has beside what its cycles depend on.
struct GemmModes {
  bool saturate = false;
  bool meta_any = false;
  bool stop = false;
};
GemmRegisters gemm_registers(const GemmTimingJob& job, const GemmModes& modes);

struct GemmStatus {
  bool busy = false;
  bool queued = false;
  bool done = false;
  bool error = false;
};

struct GemmDriverOptions {
  std::string preset = "ampere";
  int latency = 100;
  int bandwidth = 0;                                   ///< bytes a cycle; 0: the data width
  std::array<StallPattern, kAxiChannels> stalls = {};  ///< of the memory
  double register_stall = 0;  ///< probability that a signal of the registers' side is late, each cycle
  std::uint64_t seed = 1;
  std::string wave = {};                                   ///< file to write (.fst or .vcd), empty for none
  WaveWindow window = {};                                  ///< cycles of the model that the wave holds: those of now()
  GemmObserver* observer = {};                             ///< lives as long as the driver
  std::function<std::unique_ptr<GemmModel>()> model = {};  ///< what runs; empty: the preset's
  bool tolerant = false;  ///< goes on where a bus rule or an assertion fails: see complaints()
};

/// Every call takes as many cycles as it needs. Throws HardwareFailure when a bus rule is broken, an assertion of
/// the RTL fails or nothing happens any more.
class GemmDriver {
 public:
  /// Resets the engine.
  explicit GemmDriver(const GemmDriverOptions& options);

  const Preset& preset() const { return model_->preset(); }
  AxiMemory& memory() { return memory_; }
  AxiChecker& checker() { return checker_; }
  /// Broken bus rules and assertions of the RTL that failed, so far.
  std::int64_t complaints() const;

  std::int64_t now() const { return cycle_; }  ///< number of the cycle to come
  bool irq() const { return irq_; }            ///< in the last cycle
  void run(std::int64_t cycles);
  /// Holds reset for some cycles; the memory is reset with it, the windows are open afterwards.
  void reset();

  /// False if the response is SLVERR.
  bool write(std::uint32_t offset, std::uint32_t value, unsigned strobe = 0xF);
  bool read(std::uint32_t offset, std::uint32_t& value);
  /// Both throw HardwareFailure if the response is SLVERR.
  std::uint32_t read(std::uint32_t offset);
  std::uint64_t read64(std::uint32_t offset);

  /// Writes the window registers and tells the checker. False if they are refused.
  bool set_windows(const AxiWindow& read, const AxiWindow& write);
  void write_job(const GemmRegisters& job);
  /// CTRL.start. False if it is refused (SLVERR).
  bool start();
  bool abort();
  std::int64_t last_write() const { return last_write_; }  ///< cycle in which the last register write was accepted

  GemmStatus status();
  GemmError error();
  GemmMetadata metadata();
  GemmCounters counters();
  /// Clears done and error, or those that were seen: with another job behind the first one, an end since then stays.
  void clear_status(const GemmStatus& seen = {.done = true, .error = true});

  /// Enables the interrupt and runs until it comes. Throws HardwareFailure after `limit` cycles, or if nothing moves
  /// on the memory's side for too long. `progress` is called now and then.
  void wait(std::int64_t limit, const std::function<void()>& progress = {});
  /// The same without the interrupt, by reading STATUS.
  void poll(std::int64_t limit);

  /// A taken write response: when, and how many bytes its burst wrote.
  struct WriteResponse {
    std::int64_t cycle;
    std::int64_t bytes;
  };
  const std::vector<WriteResponse>& write_responses() const { return responses_; }

  /// Cycle in which the memory last saw its watched byte written (AxiMemory::watch()), or -1.
  std::int64_t watched_cycle() const { return watched_cycle_; }

  /// The engine must be at rest. Ends the wave.
  void finish();

 private:
  void cycle();
  /// Of the last cycle.
  [[noreturn]] void fail(const std::string& what) const;
  void check_hang(std::int64_t start, std::int64_t limit) const;
  void write64(std::uint32_t offset, std::uint64_t value);
  bool late() { return register_stall_ > 0 && std::bernoulli_distribution(register_stall_)(random_); }

  std::unique_ptr<GemmModel> model_;
  AxiMemory memory_;
  AxiChecker checker_;
  AxiLiteChecker lite_checker_;
  double register_stall_;
  bool tolerant_;
  std::int64_t patience_;
  std::mt19937_64 random_;
  bool recording_;
  Watching<GemmObserver> observer_;

  AxiLiteManager lite_;          ///< driven in the next cycle
  AxiLiteSubordinate lite_out_;  ///< seen in the last one
  bool irq_ = false;
  bool in_reset_ = true;
  std::int64_t cycle_ = 0;
  std::int64_t watched_cycle_ = -1;
  std::int64_t last_write_ = 0;
  std::int64_t quiet_ = 0;  ///< cycles since the last handshake of the memory's side
  std::vector<WriteResponse> responses_;
  std::vector<std::int64_t> burst_bytes_;  ///< strobes of the bursts whose data came, in order
  std::int64_t open_bytes_ = 0;
};

}  // namespace spmma::verif
