// SPDX-License-Identifier: Apache-2.0
#include "collector.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <stdexcept>

namespace spmma::verif {
namespace {

struct Collected {
  std::mutex mutex;
  CoverageData data;
  std::string lost;  ///< why some of it was; the first reason
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
    std::fflush(nullptr);
    std::_Exit(EXIT_FAILURE);  // a run whose coverage is gone has not done what it was asked for
  }
}

}  // namespace

void collect_coverage(const CoverageData& data) {
  const std::lock_guard lock(collected().mutex);
  collected().data.merge(data);
}

void lose_coverage(const std::string& why) {
  const std::lock_guard lock(collected().mutex);
  if (collected().lost.empty()) collected().lost = why;
}

CoverageData collected_coverage() {
  const std::lock_guard lock(collected().mutex);
  if (!collected().lost.empty()) throw std::runtime_error("coverage was lost: " + collected().lost);
  return collected().data;
}

void write_coverage_at_exit(const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  collected().directory = directory;
  std::atexit(write_at_exit);
}

}  // namespace spmma::verif
