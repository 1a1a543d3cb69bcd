// SPDX-License-Identifier: Apache-2.0
#include "model_coverage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <typeindex>

#include "collector.h"
#include "io/output_file.h"

#if VM_COVERAGE
#include <verilated_cov.h>
#endif

namespace spmma::verif {

void PortToggles::sample() {
  for (PortState& port : ports_) {
    if (port.before.empty()) {
      port.before.assign(port.now.begin(), port.now.end());
      port.risen.resize(port.now.size());
      port.fallen.resize(port.now.size());
      continue;
    }
    for (std::size_t i = 0; i < port.now.size(); ++i) {
      const std::byte changed = port.now[i] ^ port.before[i];
      port.risen[i] |= changed & port.now[i];
      port.fallen[i] |= changed & port.before[i];
      port.before[i] = port.now[i];
    }
  }
}

#if VM_COVERAGE
namespace {

/// The run-time library gives its counts to a file only. Throws std::runtime_error with the file's name.
CoverageData counts(VerilatedContext& context) {
  static std::atomic<int> number = 0;
  const TemporaryName file(
      (std::filesystem::temp_directory_path() / fmt::format("spmma-{}-{}.dat", getpid(), number++)).string());
  context.coveragep()->write(file.path().c_str());
  try {
    std::ifstream in(file.path());
    return read_verilator_coverage(in);
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(fmt::format("{}: {}", file.path(), e.what()));
  }
}

/// Every model of a class has the same points: fewer are the first part of a file.
bool is_whole(const std::type_info& model, const CoverageData& data) {
  static std::mutex mutex;
  static std::map<std::type_index, std::size_t> most;
  const std::lock_guard lock(mutex);
  std::size_t& known = most[model];
  if (data.points().size() < known) return false;
  known = data.points().size();
  return true;
}

}  // namespace

// Both are called where nothing may be thrown: while a model is clocked and when it ends.

void restart_coverage(VerilatedContext& context, bool keep) {
  if (keep) {
    try {
      const CoverageData all = counts(context);
      CoverageData kept;
      for (const auto& [point, hits] : all.points()) {
        if (point.kind != PointKind::toggle) kept.add(point, hits);
      }
      collect_coverage(kept);
    } catch (const std::runtime_error& e) {
      lose_coverage(e.what());
    }
  }
  context.coveragep()->zero();
}

void collect_model(VerilatedContext& context, const PortToggles& ports, const std::string& top,
                   const std::type_info& model) {
  CoverageData data;
  try {
    data = counts(context);
  } catch (const std::runtime_error& e) {
    lose_coverage(e.what());
    return;
  }
  if (!is_whole(model, data)) {
    lose_coverage(fmt::format("a file of {}'s counts ends early: is the temporary folder full?", top));
    return;
  }

  // A bit of a port stands where Verilator's own point for it stands.
  std::map<std::string, CoveragePoint> bits;
  for (const auto& [point, hits] : data.points()) {
    if (point.kind == PointKind::toggle && point.file == top) bits.emplace(point.name, point);
  }
  for (const PortToggles::PortState& port : ports.ports()) {
    for (int i = 0; i < port.bits && !port.before.empty(); ++i) {
      const auto at = bits.find(port.bits == 1 ? port.name : fmt::format("{}[{}]", port.name, i));
      if (at == bits.end()) continue;  // toggles are not counted in this build
      const auto hit = [&](const std::vector<std::byte>& seen) {
        return static_cast<std::uint64_t>(std::to_integer<unsigned>(seen[static_cast<std::size_t>(i / 8)]) >> (i % 8) &
                                          1U);
      };
      CoveragePoint point = at->second;
      point.name = at->first + " rises";
      data.add(point, hit(port.risen));
      point.name = at->first + " falls";
      data.add(point, hit(port.fallen));
    }
  }
  collect_coverage(data);
}
#else
void restart_coverage(VerilatedContext&, bool) {}
void collect_model(VerilatedContext&, const PortToggles&, const std::string&, const std::type_info&) {}
#endif

}  // namespace spmma::verif
