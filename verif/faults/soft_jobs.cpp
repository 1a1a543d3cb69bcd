// SPDX-License-Identifier: Apache-2.0
#include "soft_jobs.h"

#include <cstring>
#include <deque>
#include <random>
#include <stdexcept>

#include "core_reference.h"
#include "gemm_driver.h"
#include "placed_gemm.h"
#include "random_gemm.h"
#include "soft_model.h"
#include "spmma/gemm.h"
#include "stall.h"
#include "stimulus.h"

namespace spmma::verif {

void run_soft_core(std::uint64_t seed, const SoftDone& done) {
  constexpr int kBeats = 200;
  constexpr int kIdle = 200;     ///< cycles without a handshake after which it hangs
  constexpr int kCycles = 6000;  ///< in all: it may also give results for ever
  const auto model = make_soft_core(seed);
  const CoreParams& p = model->params();
  CoreStimulus stimulus(p, {.modes = core_modes(p), .max_chain = 6, .partial = 0.2}, seed);
  CoreReference reference(p);
  Stall input({StallKind::random, 0.1}, seed * 2), output({StallKind::random, 0.1}, seed * 2 + 1);
  CoreBeat beat(p);
  std::deque<CoreResult> expected;
  int sent = 0, idle = 0;
  bool shown = false, flagged = false, wrong = false;

  for (int cycle = 0; cycle < kCycles && idle < kIdle && (sent < kBeats || !expected.empty()); ++cycle) {
    if (!shown && sent < kBeats && !input.held(true)) {
      stimulus.next(beat);
      drive(*model, beat);
      shown = true;
    }
    const bool ready = !output.held(true);
    model->set_in_valid(shown);
    model->set_out_ready(ready);
    model->settle();
    ++idle;
    const bool take = model->out_valid() && ready;
    const bool accept = shown && model->in_ready();
    if (take) {
      idle = 0;
      const CoreFlags flags = model->flags();
      if (flags.err || flags.meta_err) {
        flagged = true;
      } else if (expected.empty() || flags.slot != expected.front().flags.slot ||
                 std::memcmp(expected.front().d.data(), model->d().data(), model->d().size()) != 0) {
        wrong = true;
      }
      if (!expected.empty()) expected.pop_front();
    }
    if (accept) {
      idle = 0;
      if (auto result = reference.step(beat)) expected.push_back(std::move(*result));
      shown = false;
      ++sent;
    }
    model->rise();
  }
  SoftResult result{.asserted = model->assertion_failures() != 0};
  if (wrong)
    result.outcome = SoftOutcome::wrong;
  else if (flagged)
    result.outcome = SoftOutcome::detected;
  else if (sent < kBeats || !expected.empty())
    result.outcome = SoftOutcome::hung;
  done(result);
}

void run_soft_gemm(std::uint64_t seed, const SoftDone& done) {
  std::mt19937_64 random(seed);
  const Preset& preset = soft_preset();
  const std::vector<CoreMode> modes = core_modes(preset.core);
  const CoreMode& mode = modes[random() % modes.size()];
  const auto up_to = [&](std::int64_t most) {
    return 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
  };
  // Up to two blocks each way.
  const GemmShape shape{up_to(2), up_to(2 * preset.gemm.block_rows),
                        up_to(2 * preset.gemm.block_bytes / storage_bytes(mode.b)),
                        up_to(2 * preset.gemm.k_bytes / storage_bytes(mode.a) * (mode.sparse ? 2 : 1))};
  const RandomGemm gemm(preset.core, mode, shape, random() % 2 == 0, MetadataRule::ordered, seed);
  GemmDriver driver({.preset = preset.name, .latency = 10, .seed = seed, .tolerant = true});
  const PlacedGemm placed(driver.memory(), gemm.problem(), {}, seed);
  placed.allow(driver.checker());
  const std::int64_t unstalled = gemm_cycles(preset, placed.job(), {10, preset.gemm.data_bytes()}).cycles;

  SoftResult result;
  try {
    driver.set_windows(placed.read_window(), placed.write_window());
    driver.write_job(gemm_registers(placed.job(), {.saturate = gemm.problem().saturate}));
    const bool refused = !driver.start();
    driver.wait(2 * unstalled + 500);
    const GemmStatus status = driver.status();
    const bool reported = refused || status.error || driver.metadata().count != 0;
    const Tensor golden = gemm_fast(gemm.problem()), d = placed.d();
    if (reported)
      result.outcome = SoftOutcome::detected;
    else if (d.data != golden.data || driver.checker().stray_beats() != 0)
      result.outcome = SoftOutcome::wrong;
  } catch (const std::runtime_error&) {  // the job does not end, a register does not answer
    result.outcome = SoftOutcome::hung;
  }
  result.asserted = driver.complaints() != 0;
  done(result);
}

}  // namespace spmma::verif
