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

/// A word of the core's queue (u_out in rtl/spmma_core.sv): a tile of 32-bit elements, its slot, two error flags and
/// where the first illegal nibble was: row, step (32 bits) and group.
int output_queue_bytes(const CoreParams& core) {
  const int position = std::max(clog2(core.rows), 1) + 32 + clog2(core.step_bytes / 2);
  return (core.rows * core.cols * 32 + clog2(core.acc_slots) + 2 + position) * core.out_depth / 8;
}

Json with_total(Json memory) {
  int total = 0;
  for (const auto& part : memory) total += part.get<int>();
  memory["total"] = total;
  return memory;
}

/// Bytes on chip, but for queues that hold no operands.
Json core_memory(const CoreParams& core) {
  return with_total(
      {{"accumulators", core.acc_slots * core.rows * core.cols * 4}, {"output_queue", output_queue_bytes(core)}});
}

/// The buffers of docs/gemm.md, and the core that the engine has inside.
Json engine_memory(const Preset& preset) {
  const GemmParams& g = preset.gemm;
  CoreParams core = preset.core;
  core.acc_slots = g.block_rows / core.rows * (g.block_bytes / core.cols);
  core.out_depth = 16;
  const int a = 2 * g.block_rows * g.k_bytes;
  const int strip = core.rows * g.block_bytes * 4;
  const int write_queue = 8 * (g.data_bits + g.data_bytes() + 1) / 8;  // data, strobes, last
  return with_total({{"a", a},
                     {"metadata", core.sparse ? a / 4 : 0},
                     {"b", 2 * g.block_bytes * g.k_bytes * (core.sparse ? 2 : 1)},
                     {"c", g.c_strips * strip},
                     {"d", g.d_strips * strip},
                     {"accumulators", core.acc_slots * core.rows * core.cols * 4},
                     {"output_queue", output_queue_bytes(core)},
                     {"write_queue", write_queue}});
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
  p["memory_bytes"] = {{"spmma_core", core_memory(core)}, {"spmma_gemm", engine_memory(preset)}};
  for (const auto& [key, value] : core.rtl()) p["parameters"]["spmma_core"][key] = value;
  for (const auto& [key, value] : preset.gemm_rtl()) p["parameters"]["spmma_gemm"][key] = value;
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
    for (const auto& [module, memory] : p["memory_bytes"].items()) {
      fmt::print("\n  {}\n    memory     {:.1f} KiB:", module, memory["total"].get<int>() / 1024.0);
      const char* separator = "";
      for (const auto& [part, bytes] : memory.items()) {
        if (part == "total") continue;
        fmt::print("{} {} {:.1f}", separator, part, bytes.get<int>() / 1024.0);
        separator = ",";
      }
      fmt::print("\n    parameters");
      for (const auto& [key, value] : p["parameters"][module].items()) fmt::print(" {}={}", key, value.get<int>());
    }
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
