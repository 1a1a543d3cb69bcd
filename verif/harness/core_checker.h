// SPDX-License-Identifier: Apache-2.0
// Drives a CoreModel with a stream of beats under stalls and compares every bit of every result and both handshakes
// in every cycle.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "core_beat.h"
#include "core_model.h"
#include "core_reference.h"
#include "observer.h"
#include "spmma/core_timing.h"
#include "stall.h"

namespace spmma::verif {

/// Writes the next beat; false if there is none.
using BeatSource = std::function<bool(CoreBeat&)>;

struct CheckerOptions {
  std::string test = {};   ///< named in messages
  std::uint64_t seed = 1;  ///< named in messages; of the stalls and of the payload while it is not valid
  StallPattern input = {};
  StallPattern output = {};
  /// A fresh model on which a chain that differs is run again, alone; make_core_model() of the preset if empty.
  std::function<std::unique_ptr<CoreModel>()> replay = {};
  CoreObserver* observer = {};  ///< lives as long as the checker
};

/// What a difference is about.
enum class CoreField : std::uint8_t {
  handshake,  ///< in_ready or out_valid is not what the cycle model says
  unasked,    ///< a result that no beat asked for
  flags,
  d
};

/// A difference as data; `control` and what follows belong to flags and d alone.
struct CoreDifference {
  CoreField field = CoreField::handshake;
  std::int64_t cycle = 0;    ///< rising edge of the model at which it was seen (CoreModel::cycle())
  std::int64_t beat = -1;    ///< that ends the chain, from 0
  CoreControl control = {};  ///< of the step where RTL and golden model part, else of the last one
  int step = -1;             ///< in the chain, where they part; -1: the chain run alone is right
  int row = 0, col = 0;
  Acc acc = Acc::f32;
  std::uint32_t expected = 0, actual = 0;  ///< accumulator after `step`, else the result
};

struct CheckerReport {
  std::int64_t cycles = 0;
  std::int64_t beats = 0;            ///< accepted
  std::int64_t results = 0;          ///< taken
  std::int64_t dot_products = 0;     ///< one step of one element each, in the results compared
  std::int64_t refused = 0;          ///< cycles in which a valid beat was not accepted
  std::int64_t format_errors = 0;    ///< results with err
  std::int64_t metadata_errors = 0;  ///< results with meta_err
  std::int64_t differences = 0;      ///< elements whose bits differ, results whose flags do, cycles whose handshakes do
  std::string first_difference;      ///< the first one, in full; empty if there is none
  std::optional<CoreDifference> first = {};  ///< the same
  std::int64_t assertion_cycle = -1;         ///< of the model, in which an assertion of the RTL first failed; -1: none
};

/// The operands and the inside of one step that starts from `c`, as the golden model sees them; indented lines.
std::string describe_step(const BeatOperands& operands, std::uint32_t c);

class CoreChecker {
 public:
  /// The model must be fresh or just reset.
  CoreChecker(CoreModel& model, CheckerOptions options);

  /// Sends `source` to its end; results still inside stay there.
  void send(const BeatSource& source);
  /// Runs exactly `cycles` cycles of `source`; a beat that is not accepted yet stays offered.
  void run(const BeatSource& source, std::int64_t cycles);
  /// Takes out every result. Part of a chain that had no `last` yet stays.
  void drain();
  /// Resets the model and forgets everything inside.
  void reset();

  const CheckerReport& report() const { return report_; }

 private:
  /// A result that is still to come, with the beats that lead to it.
  struct Expected {
    CoreResult result;
    std::vector<CoreBeat> chain;
    std::int64_t last_beat = 0;
  };

  void cycle();
  void fill_idle_payload();
  void accept();
  void compare();
  /// Counts a difference; the first one is described by `message`, which may fill in the data.
  void differ(CoreDifference difference, const std::function<std::string(CoreDifference&)>& message);
  std::string header() const;
  std::string element_message(const Expected& expected, CoreDifference& difference) const;
  std::string flags_message(const Expected& expected, const CoreFlags& actual) const;

  CoreModel& model_;
  CheckerOptions options_;
  CoreTiming timing_;
  CoreReference reference_;
  Stall input_;
  Stall output_;
  std::mt19937_64 random_;
  std::optional<CoreBeat> offered_;            ///< the beat at the port
  bool valid_ = false;                         ///< offered and shown; stays until it is accepted
  std::vector<std::vector<CoreBeat>> chains_;  ///< by slot, the beats of the open chain
  std::deque<Expected> expected_;
  CheckerReport report_;
  Watching<CoreObserver> observer_;
};

/// The result of one chain on a model that is idle; first and last are set here. `c` replaces the first beat's C if it
/// is not empty. Throws std::runtime_error if no result comes.
CoreResult run_chain(CoreModel& model, std::span<const CoreBeat> chain, std::span<const std::uint32_t> c = {});

/// The RTL's accumulators after each step of one chain, on a model that is idle: rows * cols values a step.
std::vector<std::vector<std::uint32_t>> chain_values(CoreModel& model, const std::vector<CoreBeat>& chain);

}  // namespace spmma::verif
