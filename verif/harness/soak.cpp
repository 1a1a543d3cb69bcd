// SPDX-License-Identifier: Apache-2.0
#include "soak.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core_checker.h"
#include "stimulus.h"

namespace spmma::verif {
namespace {

constexpr std::int64_t kPartDotProducts = 250'000;

/// Part `number`: streams of all the format's modes under one of several stall patterns and metadata kinds.
CheckerReport run_part(const SoakOptions& options, std::int64_t number, std::int64_t dot_products) {
  static constexpr std::array<StallPattern, 4> kStalls = {
      {{StallKind::none, 0}, {StallKind::random, 0.2}, {StallKind::bursts, 0}, {StallKind::none, 0}}};
  const std::uint64_t seed = options.seed * 1'000'003 + static_cast<std::uint64_t>(number);
  const auto model = make_core_model(options.preset, false, seed);
  StimulusOptions stimulus{.modes = core_modes(model->params(), options.format)};
  stimulus.metadata = std::array{MetadataKind::ordered, MetadataKind::any, MetadataKind::illegal}[number % 3];
  stimulus.max_chain = number % 2 == 0 ? 24 : 4;
  CoreStimulus source(model->params(), stimulus, seed);
  CoreChecker checker(*model, {.test = fmt::format("soak {} part {}", name(options.format), number),
                               .seed = seed,
                               .input = kStalls[number % 4],
                               .output = kStalls[number / 4 % 4]});
  const BeatSource beats = [&](CoreBeat& beat) {
    source.next(beat);
    return true;
  };
  while (checker.report().dot_products < dot_products) checker.run(beats, 256);
  CheckerReport report = checker.report();
  report.differences += model->assertion_failures();
  if (model->assertion_failures() != 0 && report.first_difference.empty()) {
    report.first_difference =
        fmt::format("soak {} part {}: an assertion of the RTL failed", name(options.format), number);
  }
  return report;
}

}  // namespace

SoakResult run_soak(const SoakOptions& options) {
  const std::int64_t parts = (options.count + kPartDotProducts - 1) / kPartDotProducts;
  const unsigned threads = options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  SoakResult result;
  std::int64_t lowest_bad = parts;
  std::exception_ptr error;
  std::mutex mutex;
  std::atomic<std::int64_t> next{0};

  const auto work = [&] {
    for (std::int64_t part = next++; part < parts; part = next++) {
      try {
        const CheckerReport report =
            run_part(options, part, std::min(kPartDotProducts, options.count - part * kPartDotProducts));
        const std::lock_guard lock(mutex);
        result.dot_products += report.dot_products;
        result.cycles += report.cycles;
        result.differences += report.differences;
        if (report.differences != 0 && part < lowest_bad) {
          lowest_bad = part;
          result.first_difference = report.first_difference;
        }
        if (options.progress) options.progress(result.dot_products);
      } catch (...) {
        const std::lock_guard lock(mutex);
        error = std::current_exception();
        next = parts;
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    pool.reserve(threads);
    for (unsigned i = 0; i < threads; ++i) pool.emplace_back(work);
  }
  if (error) std::rethrow_exception(error);
  return result;
}

}  // namespace spmma::verif
