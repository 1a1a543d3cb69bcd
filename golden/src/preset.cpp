// SPDX-License-Identifier: Apache-2.0
#include "spmma/preset.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "presets_json.h"

namespace spmma {
namespace {

CoreParams core_params(const nlohmann::json& core) {
  CoreParams p;
  p.rows = core.at("Rows");
  p.cols = core.at("Cols");
  p.step_bytes = core.at("StepBytes");
  p.frac_bits = core.at("FracBits");
  p.formats = core.at("Formats");
  p.sparse = core.at("Sparse").get<int>() != 0;
  p.acc_slots = core.at("AccSlots");
  p.out_depth = core.at("OutDepth");
  p.pipe = core.at("Pipe");
  return p;
}

GemmParams gemm_params(const nlohmann::json& gemm) {
  GemmParams p;
  p.data_bits = gemm.at("DataBits");
  p.block_rows = gemm.at("BlockRows");
  p.block_bytes = gemm.at("BlockBytes");
  p.k_bytes = gemm.at("KBytes");
  p.c_strips = gemm.at("CStrips");
  p.d_strips = gemm.at("DStrips");
  return p;
}

std::vector<Preset> load() {
  std::vector<Preset> all;
  const nlohmann::json file = nlohmann::json::parse(kPresetsJson);
  for (const auto& preset : file.at("presets")) {
    all.push_back(
        {preset.at("name"), preset.at("description"), core_params(preset.at("core")), gemm_params(preset.at("gemm"))});
  }
  return all;
}

}  // namespace

std::vector<std::pair<std::string, int>> CoreParams::rtl() const {
  return {{"Rows", rows},          {"Cols", cols},          {"StepBytes", step_bytes},
          {"FracBits", frac_bits}, {"Formats", formats},    {"Sparse", sparse ? 1 : 0},
          {"AccSlots", acc_slots}, {"OutDepth", out_depth}, {"Pipe", pipe}};
}

std::vector<std::pair<std::string, int>> Preset::gemm_rtl() const {
  auto all = core.rtl();
  std::erase_if(all, [](const auto& p) { return p.first == "AccSlots" || p.first == "OutDepth"; });
  all.insert(all.end(), {{"DataBits", gemm.data_bits},
                         {"BlockRows", gemm.block_rows},
                         {"BlockBytes", gemm.block_bytes},
                         {"KBytes", gemm.k_bytes},
                         {"CStrips", gemm.c_strips},
                         {"DStrips", gemm.d_strips}});
  return all;
}

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = load();
  return all;
}

const Preset* find_preset(std::string_view name) {
  const auto& all = presets();
  const auto it = std::find_if(all.begin(), all.end(), [&](const Preset& p) { return p.name == name; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace spmma
