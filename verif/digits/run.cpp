// SPDX-License-Identifier: Apache-2.0
#include "digits/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "harness/engine_gemm.h"
#include "spmma/gemm.h"

namespace spmma::verif {
namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Steps that a layer takes over all its tiles.
std::int64_t layer_steps(const CoreParams& core, const Network& network, const Layer& layer, std::int64_t digits) {
  const std::int64_t stored = network.sparse ? layer.values.cols : layer.weight.cols;
  return ceil_div(layer.weight.rows, core.rows) * ceil_div(digits, core.cols) *
         ceil_div(stored, products_per_step(core.arith(), network.format));
}

}  // namespace

std::int64_t NetworkRun::total(std::int64_t LayerRun::* figure) const {
  return std::accumulate(layers.begin(), layers.end(), std::int64_t{0},
                         [figure](std::int64_t sum, const LayerRun& layer) { return sum + layer.*figure; });
}

LayerResult run_layer(const Preset& preset, const GemmProblem& problem, const std::string& wave,
                      const std::function<void(std::int64_t, std::int64_t)>& progress) {
  EngineRunOptions options;
  options.preset = preset.name;
  options.wave = wave;
  options.progress = progress;
  EngineRunResult result = run_engine_gemm(problem, options);
  if (result.error.code != 0)
    throw std::runtime_error(fmt::format("the engine ends a layer with error {}", result.error.code));
  const LayerRun layer{.m = problem.m(),
                       .n = problem.n(),
                       .k = problem.k(),
                       .steps = result.counters.cycles.steps,
                       .cycles = result.counters.cycles.cycles,
                       .cycles_model = result.model.cycles,
                       .mismatches = count_differences(result.d, gemm_reference(problem, 0))};
  return {layer, std::move(result.d)};
}

std::int64_t network_steps(const CoreParams& core, const Network& network, std::int64_t digits) {
  std::int64_t steps = 0;
  for (const Layer& layer : network.layers) steps += layer_steps(core, network, layer, digits);
  return steps;
}

NetworkRun run_network(const Preset& preset, const Network& network, const Digits& digits,
                       const std::function<void(std::int64_t)>& progress) {
  NetworkRun run;
  run.format = network.format;
  run.sparse = network.sparse;
  run.last_operand = network.input(digits.images);
  std::int64_t before = 0;
  for (int i = 0; i < kLayers; ++i) {
    const std::int64_t steps =
        layer_steps(preset.core, network, network.layers[static_cast<std::size_t>(i)], digits.images.cols);
    LayerResult result = run_layer(
        preset, network.problem(preset.core.arith(), i, run.last_operand), "",
        [&](std::int64_t done, std::int64_t all) { progress(before + steps * done / std::max<std::int64_t>(all, 1)); });
    before += steps;
    run.layers.push_back(result.layer);
    if (i + 1 < kLayers) {
      run.last_operand = network.activate(i, result.d);
    } else {
      run.correct = count_correct(network.classify(result.d), digits);
    }
  }
  return run;
}

std::int64_t count_correct(const std::vector<std::uint8_t>& said, const Digits& digits) {
  return std::inner_product(said.begin(), said.end(), digits.labels.begin(), std::int64_t{0}, std::plus<>(),
                            std::equal_to<>());
}

}  // namespace spmma::verif
