// SPDX-License-Identifier: Apache-2.0
// A network on the simulated engine, every layer's result compared with the golden model.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "digits/network.h"
#include "spmma/preset.h"

namespace spmma::verif {

/// One GEMM on the engine, from memory to memory.
struct LayerRun {
  std::int64_t m = 0, n = 0, k = 0;
  std::int64_t steps = 0;  ///< of the core, over all tiles
  std::int64_t cycles = 0;
  std::int64_t cycles_model = 0;
  std::int64_t mismatches = 0;  ///< results whose bits differ from gemm_reference()'s on the same operands

  std::int64_t results() const { return m * n; }
  std::int64_t macs() const { return m * n * k; }  ///< dense-equivalent
};

/// A network over all digits.
struct NetworkRun {
  Format format = Format::fp16;
  bool sparse = false;
  std::vector<LayerRun> layers;
  std::int64_t correct = 0;
  Tensor last_operand;  ///< what entered the last layer

  std::int64_t total(std::int64_t LayerRun::* figure) const;
};

/// Runs one GEMM, with a waveform in `wave` if that is not empty. `progress` as in EngineRunOptions, may be empty.
struct LayerResult {
  LayerRun layer;
  Tensor d;
};
LayerResult run_layer(const Preset& preset, const GemmProblem& problem, const std::string& wave,
                      const std::function<void(std::int64_t, std::int64_t)>& progress);

/// Steps that a network takes over all its tiles.
std::int64_t network_steps(const CoreParams& core, const Network& network, std::int64_t digits);

/// Runs a network. `progress` is called now and then with how many of network_steps() are done, about.
NetworkRun run_network(const Preset& preset, const Network& network, const Digits& digits,
                       const std::function<void(std::int64_t)>& progress);

/// How many of `said` are the digits' labels.
std::int64_t count_correct(const std::vector<std::uint8_t>& said, const Digits& digits);

}  // namespace spmma::verif
