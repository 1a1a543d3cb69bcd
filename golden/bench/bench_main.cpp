// SPDX-License-Identifier: Apache-2.0
// Speed of gemm_fast() on one thread, 1024 x 1024 x 1024, beside Eigen's float GEMM in the same run.
//   spmma_bench [--target=NAME] [Google Benchmark's flags, such as --benchmark_filter=fp16]
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#define HWY_WANT_AVX3_DL
#include <hwy/targets.h>

#include "eigen_gemm.h"
#include "spmma/gemm.h"

namespace spmma::bench {
namespace {

constexpr std::int64_t kSize = 1024;
constexpr double kMacs = static_cast<double>(kSize) * kSize * kSize;
constexpr int kRepetitions = 5;  // the fastest counts
constexpr std::string_view kEigen = "eigen_f32";
bool any_wrong = false;  // some GEMM differed from the reference

struct Case {
  std::string name;
  Format format;
  Acc acc;
  Arith arith = {};
  bool sparse = false;
  bool saturate = false;
};

const std::vector<Case>& cases() {
  constexpr Arith kHopper = {32, 25};
  static const std::vector<Case> all = {
      {"fp16_f32", Format::fp16, Acc::f32},
      {"fp16_f32_sparse", Format::fp16, Acc::f32, {}, true},
      {"fp16_f32_hopper", Format::fp16, Acc::f32, kHopper},
      {"fp16_f16", Format::fp16, Acc::f16},
      {"bf16_f32", Format::bf16, Acc::f32},
      {"tf32_f32", Format::tf32, Acc::f32},
      {"e4m3_f32_hopper", Format::e4m3, Acc::f32, kHopper},
      {"int8_s32", Format::int8, Acc::s32},
      {"int8_s32_saturate", Format::int8, Acc::s32, {}, false, true},
      {"int8_s32_sparse", Format::int8, Acc::s32, {}, true},
  };
  return all;
}

/// A normally distributed value with the format's own bits, cut off towards zero.
std::uint32_t bits_of(Format f, float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const auto rebias = [&](int exponent_bits, int fraction_bits) {
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const int exponent = static_cast<int>(bits >> 23 & 0xFF) - 127;
    const std::uint32_t sign = bits >> 31 << (exponent_bits + fraction_bits);
    if (exponent + bias < 1) return sign;
    return sign | static_cast<std::uint32_t>(exponent + bias) << fraction_bits |
           (bits >> (23 - fraction_bits) & ((1u << fraction_bits) - 1));
  };
  switch (f) {
    case Format::fp16:
      return rebias(5, 10);
    case Format::bf16:
      return bits >> 16;
    case Format::tf32:
      return bits;
    case Format::e4m3:
      return rebias(4, 3);
    case Format::e5m2:
      return rebias(5, 2);
    default:
      return static_cast<std::uint32_t>(static_cast<int>(x * 40)) & 0xFF;
  }
}

/// A case's problem and its operands.
struct Operands {
  explicit Operands(const Case& given) {
    std::mt19937 rng(1);
    std::normal_distribution<float> normal;
    const Format f = given.format;
    const int bytes = storage_bytes(f);
    const auto fill = [&](Tensor& t) {
      for (std::int64_t i = 0; i < t.size(); ++i) t.set(0, i / t.cols, i % t.cols, bits_of(f, normal(rng)));
    };
    a = Tensor(kSize, given.sparse ? kSize / 2 : kSize, bytes);
    b = Tensor(kSize, kSize, bytes);
    c = Tensor(kSize, kSize, storage_bytes(given.acc));
    fill(a);
    fill(b);
    for (std::int64_t i = 0; i < c.size(); ++i) {
      const float x = normal(rng);
      const std::uint32_t bits = given.acc == Acc::f16   ? bits_of(Format::fp16, x)
                                 : given.acc == Acc::f32 ? std::bit_cast<std::uint32_t>(x)
                                                         : static_cast<std::uint32_t>(static_cast<int>(x * 10000));
      c.set(0, i / kSize, i % kSize, bits);
    }
    problem = {.arith = given.arith,
               .a_format = f,
               .b_format = f,
               .acc = given.acc,
               .saturate = given.saturate,
               .sparse = given.sparse,
               .a = &a,
               .metadata = nullptr,
               .b = &b,
               .c = &c};
    if (!given.sparse) return;
    constexpr std::uint32_t kOrdered[] = {0x4, 0x8, 0x9, 0xC, 0xD, 0xE};
    metadata = Tensor(kSize, kSize / group_size(f), 1);
    for (std::int64_t i = 0; i < metadata.size(); ++i)
      metadata.set(0, i / metadata.cols, i % metadata.cols, kOrdered[rng() % std::size(kOrdered)]);
    problem.metadata = &metadata;
  }
  Operands(const Operands&) = delete;
  Operands& operator=(const Operands&) = delete;

  Tensor a, metadata, b, c;
  GemmProblem problem;
};

/// Elements all over D against the readable model.
bool verified(const GemmProblem& p, const Tensor& d) {
  std::mt19937 rng(2);
  for (int i = 0; i < 256; ++i) {
    const auto row = static_cast<std::int64_t>(rng() % kSize);
    const auto col = static_cast<std::int64_t>(rng() % kSize);
    if (gemm_trace(p, 0, row, col).back().result != d.get(0, row, col)) return false;
  }
  return true;
}

void set_rate(benchmark::State& state) {
  state.counters["MAC/s"] = benchmark::Counter(kMacs, benchmark::Counter::kIsIterationInvariantRate);
}

void run_case(benchmark::State& state, const Case& given) {
  // Google Benchmark calls this several times in a row for each case.
  static const Case* current = nullptr;
  static std::unique_ptr<Operands> operands;
  static bool right = false;
  if (current != &given) {
    current = &given;
    operands = std::make_unique<Operands>(given);
    right = verified(operands->problem, gemm_fast(operands->problem));
  }
  if (!right) {
    any_wrong = true;
    state.SkipWithError("differs from the reference");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(gemm_fast(operands->problem));
  set_rate(state);
}

void run_eigen(benchmark::State& state, void (*gemm)(const EigenGemm&)) {
  std::mt19937 rng(1);
  std::normal_distribution<float> normal;
  const auto matrix = [&] {
    std::vector<float> v(kSize * kSize);
    for (float& x : v) x = normal(rng);
    return v;
  };
  const std::vector<float> a = matrix(), b = matrix(), c = matrix();
  for (auto _ : state) {
    std::vector<float> d(kSize * kSize);
    gemm({kSize, kSize, kSize, a.data(), b.data(), c.data(), d.data()});
    benchmark::DoNotOptimize(d.data());
  }
  set_rate(state);
}

/// The console's lines, and the best rate of each benchmark for the table at the end.
class Reporter : public benchmark::ConsoleReporter {
 public:
  Reporter() : ConsoleReporter(OO_Tabular) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      const auto rate = run.counters.find("MAC/s");
      if (run.run_type != Run::RT_Iteration || rate == run.counters.end()) continue;
      double& best = best_[run.run_name.function_name];
      best = std::max<double>(best, rate->second);
    }
    ConsoleReporter::ReportRuns(runs);
  }

  void print_table() const {
    const auto eigen = best_.find(std::string(kEigen));
    const auto line = [&](const std::string& name) {
      const auto found = best_.find(name);
      if (found == best_.end()) return;
      fmt::print("| {:<20} | {:>10.2f} | {:>14} |\n", name, found->second / 1e9,
                 eigen != best_.end() ? fmt::format("{:.3f}", found->second / eigen->second) : "-");
    };
    fmt::print("\n| {:<20} | {:>10} | {:>14} |\n|{:-<22}|{:->12}|{:->16}|\n", "GEMM", "GMAC/s", "ratio to Eigen", "",
               ":", ":");
    line(std::string(kEigen));
    for (const Case& c : cases()) line(c.name);
  }

 private:
  std::map<std::string, double> best_;
};

using EigenFunction = void (*)(const EigenGemm&);
std::pair<EigenFunction, const char*> eigen_for([[maybe_unused]] std::int64_t target) {
#ifdef SPMMA_BENCH_X86
  if (target <= HWY_AVX3) return {avx512::eigen_gemm, "AVX-512"};
  if (target <= HWY_AVX2) return {avx2::eigen_gemm, "AVX2"};
#endif
  return {base::eigen_gemm, "baseline"};
}

/// The target that gemm_fast() will be dispatched to: the best one, or the one named.
std::int64_t choose_target(std::string_view wanted) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (!wanted.empty() && wanted != hwy::TargetName(target)) continue;
    hwy::SetSupportedTargetsForTest(target);
    return target;
  }
  return 0;
}

int run(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  constexpr std::string_view kTargetFlag = "--target=";
  std::string_view wanted;
  if (argc > 1 && std::string_view(argv[1]).starts_with(kTargetFlag)) {
    wanted = std::string_view(argv[1]).substr(kTargetFlag.size());
    std::swap(argv[0], argv[1]);
    ++argv, --argc;
  }
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const std::int64_t target = choose_target(wanted);
  if (target == 0) {
    fmt::print(stderr, "spmma_bench: this processor or build has no target {}\n", wanted);
    return 2;
  }
  const auto [eigen, eigen_isa] = eigen_for(target);
  fmt::print("gemm_fast: {}, Eigen: {}, one thread, {}^3\n", hwy::TargetName(target), eigen_isa, kSize);
  std::fflush(stdout);

  const auto configure = [](benchmark::internal::Benchmark* b) {
    b->Unit(benchmark::kMillisecond)->Repetitions(kRepetitions)->MinTime(0.3);
  };
  configure(benchmark::RegisterBenchmark(std::string(kEigen).c_str(), run_eigen, eigen));
  for (const Case& c : cases()) configure(benchmark::RegisterBenchmark(c.name.c_str(), run_case, std::cref(c)));
  Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_table();
  return any_wrong ? 1 : 0;
}

}  // namespace
}  // namespace spmma::bench

int main(int argc, char** argv) { return spmma::bench::run(argc, argv); }
