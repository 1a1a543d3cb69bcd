// SPDX-License-Identifier: Apache-2.0
// spmma_soak: long random runs of spmma_core against the golden model.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "core_model.h"
#include "soak.h"
#include "stimulus.h"

int main(int argc, char** argv) {
  using namespace spmma;
  CLI::App app(
      "Random dot products on the RTL of spmma_core, every result compared bit for bit with the golden model.");
  std::vector<std::string> formats;
  double count = 1e6;
  verif::SoakOptions options;
  app.add_option("--format", formats, "formats of A (all of the preset if not given)");
  app.add_option("--count", count, "dot products for each format (one step of one element each), for example 1e8")
      ->check(CLI::Range(1.0, 1e15))
      ->capture_default_str();
  app.add_option("--seed", options.seed)->capture_default_str();
  app.add_option("--preset", options.preset)->capture_default_str();
  app.add_option("--threads", options.threads, "0: one for each core; the results do not depend on it")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  options.count = static_cast<std::int64_t>(count);

  const Preset* preset = find_preset(options.preset);
  if (preset == nullptr) {
    fmt::print(stderr, "spmma_soak: no preset '{}'\n", options.preset);
    return 2;
  }
  std::vector<Format> chosen;
  for (const std::string& text : formats) {
    const auto format = parse_format(text);
    if (!format || !preset->core.has(*format)) {
      fmt::print(stderr, "spmma_soak: preset {} has no format '{}'\n", preset->name, text);
      return 2;
    }
    chosen.push_back(*format);
  }
  if (chosen.empty()) {
    for (const Format f : kFormats)
      if (preset->core.has(f)) chosen.push_back(f);
  }

  bool failed = false;
  for (const Format f : chosen) {
    options.format = f;
    options.progress = [&](std::int64_t done) {
      fmt::print(stderr, "\r{}: {:.1f} %", name(f), 100.0 * static_cast<double>(done) / count);
      std::fflush(stderr);
    };
    try {
      const verif::SoakResult result = verif::run_soak(options);
      fmt::print(stderr, "\r");
      fmt::print("{:<6} {:>12} dot products, {} differences, {} cycles\n", name(f), result.dot_products,
                 result.differences, result.cycles);
      if (result.differences != 0) fmt::print("{}\n", result.first_difference);
      failed |= result.differences != 0;
    } catch (const std::exception& e) {
      fmt::print(stderr, "\nspmma_soak: {}\n", e.what());
      failed = true;
    }
    std::fflush(stdout);
  }
  return failed ? 1 : 0;
}
