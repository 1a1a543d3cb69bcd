// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/build_info.h"
#include "cli/verbs.h"
#include "io/error.h"
#include "spmma/preset.h"

namespace spmma::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Bits that count to `n`, as $clog2 has them.
int clog2(int n) { return std::bit_width(static_cast<unsigned>(n - 1)); }

/// A word of the queue (u_out in rtl/spmma_core.sv): a tile of 32-bit elements, its slot, two error flags and where the
/// first illegal nibble was: row, step (32 bits) and group.
int output_queue_bytes(const CoreParams& core) {
  const int position = std::max(clog2(core.rows), 1) + 32 + clog2(core.step_bytes / 2);
  return (core.rows * core.cols * 32 + clog2(core.acc_slots) + 2 + position) * core.out_depth / 8;
}

Json describe(const Preset& preset) {
  const CoreParams& core = preset.core;
  Json p;
  p["name"] = preset.name;
  p["description"] = preset.description;
  p["sparse"] = core.sparse;
  p["formats"] = Json::array();
  p["products_per_step"] = Json::object();
  for (const Format f : kFormats) {
    if (!core.has(f)) continue;
    p["formats"].push_back(name(f));
    p["products_per_step"][std::string(name(f))] = products_per_step(core.arith(), f);
  }
  const int accumulators = core.acc_slots * core.rows * core.cols * 4;
  const int queue = output_queue_bytes(core);
  p["memory_bytes"] = {{"accumulators", accumulators}, {"output_queue", queue}, {"total", accumulators + queue}};
  for (const auto& [key, value] : core.rtl()) p["parameters"]["spmma_core"][key] = value;
  return p;
}

void print_text(const Json& all) {
  fmt::print("spmma {} ({}), Verilator {}\nRTL {}\n", kBuildInfo.version, kBuildInfo.git_revision,
             kBuildInfo.verilator_version, kBuildInfo.rtl_hash);
  for (const Json& p : all) {
    fmt::print("\n{}: {}\n  formats     ", p["name"].get<std::string>(), p["description"].get<std::string>());
    for (const auto& [format, products] : p["products_per_step"].items()) {
      fmt::print(" {} (L = {})", format, products.get<int>());
    }
    const Json& memory = p["memory_bytes"];
    fmt::print("\n  memory       {} bytes: accumulators {}, output queue {}\n  parameters  ",
               memory["total"].get<int>(), memory["accumulators"].get<int>(), memory["output_queue"].get<int>());
    for (const auto& [key, value] : p["parameters"]["spmma_core"].items()) fmt::print(" {}={}", key, value.get<int>());
    fmt::print("\n");
  }
}

}  // namespace

int info(bool json) {
  Json all = Json::array();
  for (const Preset& p : presets()) all.push_back(describe(p));
  if (json) {
    const Json root = {{"version", kBuildInfo.version},
                       {"git_revision", kBuildInfo.git_revision},
                       {"verilator_version", kBuildInfo.verilator_version},
                       {"rtl_hash", kBuildInfo.rtl_hash},
                       {"default_preset", presets().front().name},
                       {"presets", all}};
    fmt::print("{}\n", root.dump(2));
  } else {
    print_text(all);
  }
  if (std::fflush(stdout) != 0) throw verif::InputError("standard output cannot be written");
  return 0;
}

}  // namespace spmma::cli
