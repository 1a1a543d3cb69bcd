// SPDX-License-Identifier: Apache-2.0
// Simulation speed of spmma_core alone, on one thread: a step in every cycle with fresh random operands, chains
// interleaved over all accumulator slots. Every result is consumed, a sample of the chains is compared bit for bit.
//
//   spmma_core_bench [PRESET] [--benchmark_...]
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core_beat.h"
#include "core_model.h"
#include "core_reference.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {

constexpr int kChain = 16;           ///< steps in a chain
constexpr int kCyclesAtOnce = 1024;  ///< cycles in one iteration of the benchmark
constexpr int kSampleEvery = 64;     ///< chains per compared chain

/// Eight random bytes at a time, cheap beside a cycle of the model.
class Xorshift {
 public:
  std::uint64_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_ = 0x9E3779B97F4A7C15;
};

/// Makes eight random bytes elements of a format: integers as they are, floats with |x| in [0.5, 2), so that
/// alignment and normalisation have work to do.
struct ElementMask {
  std::uint64_t keep = ~std::uint64_t{0};
  std::uint64_t set = 0;
};

ElementMask element_mask(Format f) {
  switch (f) {
    case Format::fp16:
      return {0x87FF87FF87FF87FF, 0x3800380038003800};
    case Format::bf16:
      return {0x80FF80FF80FF80FF, 0x3F003F003F003F00};
    case Format::tf32:
      return {0x80FFFFFF80FFFFFF, 0x3F0000003F000000};
    case Format::e4m3:
      return {0x8F8F8F8F8F8F8F8F, 0x3030303030303030};
    case Format::e5m2:
      return {0x8787878787878787, 0x3838383838383838};
    default:
      return {};
  }
}

/// Ports are a multiple of eight bytes long, but for the narrowest metadata.
void fill(Xorshift& random, std::span<std::byte> port, ElementMask mask) {
  for (std::size_t i = 0; i < port.size(); i += 8) {
    const std::uint64_t word = (random() & mask.keep) | mask.set;
    std::memcpy(port.data() + i, &word, std::min<std::size_t>(8, port.size() - i));
  }
}

/// Random legal nibbles for the whole port, drawn from once a beat.
std::vector<std::vector<std::byte>> metadata_pool(const CoreParams& p, Format f, Xorshift& random) {
  static constexpr std::uint8_t kOrdered[] = {0x4, 0x8, 0x9, 0xC, 0xD, 0xE};
  std::vector<std::vector<std::byte>> pool(61, CoreBeat(p).meta);
  for (auto& meta : pool) {
    for (int i = 0; i < static_cast<int>(meta.size()) * 2; ++i) {
      const std::uint8_t nibble = f == Format::tf32 ? (random() % 2 != 0 ? 0x4 : 0xE) : kOrdered[random() % 6];
      put_nibble(meta.data(), i, nibble);
    }
  }
  return pool;
}

void run(benchmark::State& state, const std::string& preset, CoreMode mode) {
  const auto model = make_core_model(preset);
  const CoreParams& p = model->params();
  Xorshift random;
  const auto pool = metadata_pool(p, mode.a, random);
  const ElementMask mask_a = element_mask(mode.a);
  const ElementMask mask_b = element_mask(mode.b);
  const ElementMask mask_c = element_mask(mode.acc == Acc::s32   ? Format::int8
                                          : mode.acc == Acc::f16 ? Format::fp16
                                                                 : Format::tf32);
  const int products = products_per_step(p.arith(), mode.a);
  CoreControl control{.fmt_a = static_cast<std::uint8_t>(mode.a),
                      .fmt_b = static_cast<std::uint8_t>(mode.b),
                      .acc_f16 = mode.acc == Acc::f16,
                      .sparse = mode.sparse,
                      .len = products};

  // The chain of slot 0 is kept now and then, with the number of its result.
  std::vector<std::vector<CoreBeat>> samples;
  std::vector<std::vector<std::byte>> sampled_results;
  std::int64_t beats = 0;
  std::int64_t results = 0;
  std::uint64_t checksum = 0;
  bool taken = true;  // the step before
  const std::int64_t sample_period = std::int64_t{kSampleEvery} * p.acc_slots * kChain;

  model->set_in_valid(true);
  model->set_out_ready(true);
  for (auto _ : state) {
    for (int i = 0; i < kCyclesAtOnce; ++i) {
      const std::int64_t step = beats / p.acc_slots % kChain;
      control.slot = static_cast<int>(beats % p.acc_slots);
      control.first = step == 0;
      control.last = step == kChain - 1;
      if (taken) {  // a step that waits stays as it is
        fill(random, model->a(), mask_a);
        fill(random, model->b(), mask_b);
        if (control.first) fill(random, model->c(), mask_c);
        if (mode.sparse) std::ranges::copy(pool[random() % pool.size()], model->meta().begin());
      }
      model->set_control(control);
      if (taken && beats % sample_period < std::int64_t{p.acc_slots} * kChain && control.slot == 0) {
        if (control.first) samples.emplace_back();
        CoreBeat& beat = samples.back().emplace_back(p);
        beat.control = control;
        std::ranges::copy(model->a(), beat.a.begin());
        std::ranges::copy(model->meta(), beat.meta.begin());
        std::ranges::copy(model->b(), beat.b.begin());
        std::ranges::copy(model->c(), beat.c.begin());
      }
      model->settle();
      if (model->out_valid()) {
        const std::span<const std::byte> d = model->d();
        for (std::size_t j = 0; j < d.size(); j += 8) {
          std::uint64_t word = 0;
          std::memcpy(&word, d.data() + j, 8);
          checksum = (checksum << 1 | checksum >> 63) ^ word;
        }
        if (results % (std::int64_t{kSampleEvery} * p.acc_slots) == 0) sampled_results.emplace_back(d.begin(), d.end());
        ++results;
      }
      taken = model->in_ready();
      beats += taken;
      model->rise();
    }
  }
  benchmark::DoNotOptimize(checksum);

  for (std::size_t i = 0; i < sampled_results.size(); ++i) {
    CoreReference reference(p);
    std::optional<CoreResult> expected;
    for (const CoreBeat& beat : samples[i]) expected = reference.step(beat);
    if (std::memcmp(expected->d.data(), sampled_results[i].data(), sampled_results[i].size()) != 0) {
      state.SkipWithError("a sampled result differs from the golden model");
      return;
    }
  }
  const double steps = static_cast<double>(beats);
  using benchmark::Counter;
  state.counters["cycle/s"] = Counter(static_cast<double>(state.iterations()) * kCyclesAtOnce, Counter::kIsRate);
  state.counters["MAC/s"] = Counter(steps * p.rows * p.cols * products, Counter::kIsRate);
  state.counters["step/cycle"] = steps / (static_cast<double>(state.iterations()) * kCyclesAtOnce);
  state.counters["compared"] = static_cast<double>(sampled_results.size() * kChain) * p.rows * p.cols;
}

}  // namespace
}  // namespace spmma::verif

int main(int argc, char** argv) {
  using namespace spmma;
  std::string preset = presets().front().name;
  if (argc > 1 && argv[1][0] != '-') {
    preset = argv[1];
    std::rotate(argv + 1, argv + 2, argv + argc);
    --argc;
  }
  const Preset* parameters = find_preset(preset);
  if (parameters == nullptr) {
    fmt::print(stderr, "spmma_core_bench: no preset '{}'\n", preset);
    return 2;
  }
  for (const verif::CoreMode& mode : verif::core_modes(parameters->core)) {
    if (mode.a != mode.b || mode.saturate) continue;
    benchmark::RegisterBenchmark((preset + "/" + mode.name()).c_str(),
                                 [preset, mode](benchmark::State& state) { verif::run(state, preset, mode); });
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
