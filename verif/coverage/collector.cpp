// SPDX-License-Identifier: Apache-2.0
#include "collector.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>

namespace spmma::verif {
namespace {

struct Collected {
  std::mutex mutex;
  CoverageData data;
  std::filesystem::path directory;
};

/// Never destroyed: a model may end while the process does.
Collected& collected() {
  static auto* const instance = new Collected;
  return *instance;
}

void write_at_exit() {
  try {
    collected_coverage().write(collected().directory / fmt::format("{}.coverage", getpid()));
  } catch (const std::exception& error) {
    std::fputs(fmt::format("{}\n", error.what()).c_str(), stderr);
  }
}

}  // namespace

void collect_coverage(const CoverageData& data) {
  const std::lock_guard lock(collected().mutex);
  collected().data.merge(data);
}

CoverageData collected_coverage() {
  const std::lock_guard lock(collected().mutex);
  return collected().data;
}

void write_coverage_at_exit(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  collected().directory = directory;
  std::atexit(write_at_exit);
}

}  // namespace spmma::verif
