// SPDX-License-Identifier: Apache-2.0
// What the regression is made of: named tests, each of which makes a reproducible case from a seed; a case runs on the
// RTL, says what went wrong, and knows simpler cases like itself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "observer.h"
#include "wave_window.h"

namespace spmma::verif {

struct CaseOptions {
  std::string wave = {};    ///< file to write (.fst or .vcd), empty for none
  WaveWindow window = {};   ///< of the wave
  CoreObserver* core = {};  ///< told of everything on the core's ports, if there is one
  GemmObserver* gemm = {};  ///< and of the engine's
};

struct Failure {
  std::string group;       ///< what went wrong, without what depends on the seed: failures of one group have one cause
  std::string message;     ///< the first difference, in full
  std::int64_t cycle = 0;  ///< of the model, counted as WaveWindow's, in which it was seen
  TileElement element = {};    ///< that is wrong, where one is
  std::string assertion = {};  ///< path of the one that failed
};

struct CaseResult {
  std::int64_t cycles = 0;
  /// One fused step of one element of a result each: its products and what they are added to, up to L of them. Counted
  /// where the chain's result was compared bit for bit.
  std::int64_t dot_products = 0;
  std::optional<Failure> failure = {};
};

/// A stimulus. It does not change: every run does the same.
class TestCase {
 public:
  virtual ~TestCase() = default;

  virtual bool on_engine() const = 0;  ///< runs spmma_gemm, else spmma_core
  virtual const std::string& preset() const = 0;
  /// Throws std::runtime_error only where the wave cannot be written; what the RTL does wrong is a Failure.
  virtual CaseResult run(const CaseOptions& options) const = 0;
  /// What it does, in a few lines: sizes, formats, stalls; operands where they are few.
  virtual std::string describe() const = 0;
  /// A smaller case in which the same goes wrong (the same field, rule or counter, though perhaps in another bit or
  /// step, and so in another group), or itself if it passes. `budget` bounds the runs.
  virtual std::shared_ptr<const TestCase> shrink(int budget = 400) const = 0;
};

struct RegressTest {
  std::string name;    ///< "core.ampere.fp16_fp16_f32_sparse", "engine.tiny.abort": unit.preset.test
  std::string preset;  ///< which this build has a model of
  std::string family;  ///< of its formats: int8, fp16, bf16, tf32, fp8, or mixed
  std::function<std::shared_ptr<const TestCase>(std::uint64_t seed)> make;
  bool soak = false;  ///< one format's modes at length: there for the number of dot products, little else
};

/// All tests of the presets that this build has models of, in a fixed order.
const std::vector<RegressTest>& regress_tests();
/// The test of that name, or null.
const RegressTest* find_regress_test(std::string_view name);

}  // namespace spmma::verif
