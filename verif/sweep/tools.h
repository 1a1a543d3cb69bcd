// SPDX-License-Identifier: Apache-2.0
// The programs and files that points are built with.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace spmma::sweep {

/// Found once, before the first point. A version is the first line that the program says.
struct Tools {
  std::filesystem::path rtl = {};                   ///< RTL sources with spmma.f
  std::filesystem::path scripts = {};               ///< this folder's own data files
  std::vector<std::filesystem::path> include = {};  ///< folders of the headers that a model is compiled with
  std::string cxx = "clang++";                      ///< compiler of the models
  std::string liberty = {};                         ///< path; empty: none, technology-free figures alone
  std::string verilator_version = {}, cxx_version = {}, yosys_version = {},
              sta_version = {};  ///< empty where it is not to be used
  std::string rtl_hash = {}, liberty_hash = {}, git_revision = {};
  std::string flow_hash = {};  ///< of this program's own sources and files that a figure depends on
};

struct ToolsWanted {
  std::filesystem::path rtl = {}, scripts = {};
  std::vector<std::filesystem::path> include = {};
  std::string liberty = {};       ///< a path, "none", or empty: osu018 where it is installed
  bool synthesis = true;          ///< false: no Yosys, no OpenSTA
  std::string git_revision = {};  ///< of the RTL
};

/// Throws verif::InputError that names a program or a file that is missing, and its Debian package.
Tools find_tools(const ToolsWanted& wanted);

nlohmann::ordered_json to_json(const Tools& tools);
Tools tools_from_json(const nlohmann::ordered_json& json);
/// What of them a record depends on, for people and for its key.
nlohmann::ordered_json tool_versions(const Tools& tools);

/// The RTL sources in compile order: of the core alone, or of all.
std::vector<std::filesystem::path> rtl_sources(const std::filesystem::path& rtl, bool core_alone);

}  // namespace spmma::sweep
