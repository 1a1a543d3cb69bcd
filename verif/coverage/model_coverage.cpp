// SPDX-License-Identifier: Apache-2.0
#include "model_coverage.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>

#include "collector.h"

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

/// The run-time library gives its counts to a file only.
CoverageData counts(VerilatedContext& context) {
  static std::atomic<int> number = 0;
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("spmma-{}-{}.dat", getpid(), number++);
  context.coveragep()->write(path.c_str());
  CoverageData data;
  {
    std::ifstream in(path);
    data = read_verilator_coverage(in);
  }
  std::filesystem::remove(path);
  return data;
}

}  // namespace

void restart_coverage(VerilatedContext& context, bool keep) {
  if (keep) {
    const CoverageData all = counts(context);
    CoverageData kept;
    for (const auto& [point, hits] : all.points()) {
      if (point.kind != PointKind::toggle) kept.add(point, hits);
    }
    collect_coverage(kept);
  }
  context.coveragep()->zero();
}

void collect_model(VerilatedContext& context, const PortToggles& ports, const std::string& top) {
  CoverageData data = counts(context);

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
void collect_model(VerilatedContext&, const PortToggles&, const std::string&) {}
#endif

}  // namespace spmma::verif
