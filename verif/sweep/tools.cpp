// SPDX-License-Identifier: Apache-2.0
#include "sweep/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/error.h"
#include "io/subprocess.h"
#include "io/text_file.h"
#include "sweep/hash.h"
#include "sweep/liberty.h"
#include "sweep/model_library.h"

namespace spmma::sweep {
namespace {

using verif::InputError;
namespace fs = std::filesystem;

constexpr const char* kOsu018 = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";

std::string version(const std::string& program, const std::string& flag, const std::string& package) {
  const verif::ProgramResult result = verif::run_captured({program, flag});
  if (result.code != 0 || result.output.empty()) {
    throw InputError(fmt::format("{} is missing (Debian package {})", program, package));
  }
  return result.output.substr(0, result.output.find('\n'));
}

}  // namespace

std::vector<fs::path> rtl_sources(const fs::path& rtl, bool core_alone) {
  std::vector<fs::path> files;
  std::istringstream list(verif::read_text(rtl / "spmma.f"));
  for (std::string line; std::getline(list, line);) {
    line = line.substr(0, line.find("//"));
    std::erase_if(line, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
    // The core is what comes first, but for the packages of the engine.
    const bool engine = line.starts_with("spmma_gemm") || line.starts_with("spmma_regs");
    if (line.empty() || (core_alone && engine)) continue;
    files.push_back(rtl / line);
    if (core_alone && line == "spmma_core.sv") break;
  }
  return files;
}

Tools find_tools(const ToolsWanted& wanted) {
  Tools tools{.rtl = wanted.rtl, .scripts = wanted.scripts, .include = wanted.include};
  tools.git_revision = wanted.git_revision;
  tools.verilator_version = version("verilator", "--version", "verilator");
  version("make", "--version", "make");
  // clang++ makes faster models; either works.
  if (verif::run_captured({"clang++", "--version"}).code != 0) tools.cxx = "g++";
  tools.cxx_version = version(tools.cxx, "--version", tools.cxx == "g++" ? "g++" : "clang");
  std::vector<fs::path> sources = rtl_sources(wanted.rtl, false);
  for (const auto& entry : fs::directory_iterator(wanted.rtl)) {
    if (entry.path().extension() == ".svh") sources.push_back(entry.path());
  }
  std::ranges::sort(sources);
  tools.rtl_hash = hash_files(sources);
  std::vector<fs::path> flow = model_sources(tools);
  for (const char* file : {"memory.sv", "multiplier.sv", "timing.tcl"}) flow.push_back(wanted.scripts / file);
  tools.flow_hash = Hash().add(sources_hash()).add(hash_files(flow)).digest();
  if (!wanted.synthesis) return tools;

  tools.yosys_version = version("yosys", "-V", "yosys");
  tools.liberty = wanted.liberty;
  if (tools.liberty.empty() && fs::exists(kOsu018)) tools.liberty = kOsu018;
  if (tools.liberty == "none") tools.liberty.clear();
  if (tools.liberty.empty()) return tools;
  if (!fs::exists(tools.liberty)) {
    throw InputError(
        fmt::format("--liberty {}: there is no such file (osu018 is in Debian 12's qflow-tech-osu018)", tools.liberty));
  }
  tools.liberty = fs::absolute(tools.liberty).string();
  read_liberty(tools.liberty);  // a broken one is refused here
  tools.liberty_hash = hash_files({tools.liberty});
  tools.sta_version = version("sta", "-version", "opensta");
  return tools;
}

nlohmann::ordered_json to_json(const Tools& t) {
  nlohmann::ordered_json include = nlohmann::ordered_json::array();
  for (const fs::path& folder : t.include) include.push_back(folder.string());
  return {{"rtl", t.rtl.string()},
          {"scripts", t.scripts.string()},
          {"include", include},
          {"cxx", t.cxx},
          {"liberty", t.liberty},
          {"verilator_version", t.verilator_version},
          {"cxx_version", t.cxx_version},
          {"yosys_version", t.yosys_version},
          {"sta_version", t.sta_version},
          {"rtl_hash", t.rtl_hash},
          {"liberty_hash", t.liberty_hash},
          {"git_revision", t.git_revision},
          {"flow_hash", t.flow_hash}};
}

Tools tools_from_json(const nlohmann::ordered_json& json) {
  Tools t;
  t.rtl = json.at("rtl").get<std::string>();
  t.scripts = json.at("scripts").get<std::string>();
  for (const auto& folder : json.at("include")) t.include.emplace_back(folder.get<std::string>());
  t.cxx = json.at("cxx");
  t.liberty = json.at("liberty");
  t.verilator_version = json.at("verilator_version");
  t.cxx_version = json.at("cxx_version");
  t.yosys_version = json.at("yosys_version");
  t.sta_version = json.at("sta_version");
  t.rtl_hash = json.at("rtl_hash");
  t.liberty_hash = json.at("liberty_hash");
  t.git_revision = json.at("git_revision");
  t.flow_hash = json.at("flow_hash");
  return t;
}

nlohmann::ordered_json tool_versions(const Tools& t) {
  return {
      {"rtl_hash", t.rtl_hash},         {"verilator", t.verilator_version},
      {"cxx", t.cxx_version},           {"yosys", t.yosys_version},
      {"sta", t.sta_version},           {"liberty", t.liberty.empty() ? "" : fs::path(t.liberty).filename().string()},
      {"liberty_hash", t.liberty_hash}, {"flow_hash", t.flow_hash}};
}

}  // namespace spmma::sweep
