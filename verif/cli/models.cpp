// SPDX-License-Identifier: Apache-2.0
#include "cli/models.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "cli/build_info.h"
#include "io/error.h"
#include "io/subprocess.h"
#include "model/core_model.h"

namespace spmma::cli {
namespace {

namespace fs = std::filesystem;
using verif::InputError;
using verif::ProgramOutput;
using verif::run_program;

/// Set for the program that this one becomes: its models are current.
constexpr const char* kChecked = "SPMMA_RTL_IS_CURRENT";
/// Set for the program that has got models with waves: where it still lacks them, it says so instead of trying again.
constexpr const char* kWavesAdded = "SPMMA_WAVES_ADDED";

[[noreturn]] void build_and_become(const std::string& build, std::vector<std::string> arguments,
                                   const std::string& what) {
  fmt::print(stderr, "spmma: building the models of {}\n", what);
  if (run_program({"cmake", "--build", build, "--target", "spmma"}, ProgramOutput::standard_error) != 0) {
    throw InputError(fmt::format("{}: its models cannot be built; what went wrong stands above", what));
  }
  ::setenv(kChecked, "1", 1);
  const std::string program = (fs::path(build) / "verif" / "cli" / "spmma").string();
  verif::become_program(program, std::move(arguments));
}

void remove_flag(std::vector<std::string>& arguments, const std::string& flag) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == flag) {
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i),
                      arguments.begin() + static_cast<std::ptrdiff_t>(std::min(i + 2, arguments.size())));
      return;
    }
    if (arguments[i].starts_with(flag + "=")) {
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }
}

std::string cmake_list(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ";")); }

/// Builds the models with waves that this program lacks, beside its others, and becomes the program that has them.
void add_waves(const std::vector<std::string>& presets, std::vector<std::string> arguments) {
  const std::vector<std::string> built = verif::core_model_presets();
  const auto lacks = [&](const std::string& preset) {
    return std::ranges::find(built, preset) != built.end() && !verif::has_waves(preset);
  };
  if (std::ranges::none_of(presets, lacks) || std::getenv(kWavesAdded) != nullptr) return;
  const BuildInfo& info = kBuildInfo;
  std::vector<std::string> all = presets;
  std::ranges::copy_if(built, std::back_inserter(all), [](const auto& preset) { return verif::has_waves(preset); });
  if (!fs::exists(fs::path(info.build_dir) / "CMakeCache.txt")) {
    throw InputError(fmt::format("this command has no waves of preset {}, and the folder that it was built in is gone",
                                 cmake_list(presets)));
  }
  const std::vector<std::string> configure = {"cmake", "-DSPMMA_WAVES=ON", "-DSPMMA_WAVE_PRESETS=" + cmake_list(all),
                                              info.build_dir};
  if (run_program(configure, ProgramOutput::nowhere) != 0) {
    throw InputError(fmt::format("{}: CMake refuses to add waves of {}", info.build_dir, cmake_list(presets)));
  }
  ::setenv(kWavesAdded, "1", 1);
  build_and_become(info.build_dir, std::move(arguments), cmake_list(presets) + " with waves");
}

}  // namespace

bool is_current_rtl() { return std::getenv(kChecked) != nullptr; }

void use_current_rtl(const ModelsWanted& wanted, std::vector<std::string> arguments) {
  if (wanted.waves == Waves::all && wanted.rtl.empty()) add_waves(wanted.presets, arguments);
  if (is_current_rtl() && wanted.rtl.empty()) return;
  const BuildInfo& info = kBuildInfo;
  const bool own_build = wanted.rtl.empty() && wanted.kind.empty();
  if (own_build) {
    if (!fs::exists(info.rtl_dir)) return;
    const std::string script = (fs::path(info.source_dir) / "verif/cli/rtl_hash.cmake").string();
    const int status = run_program({"cmake", "-D", fmt::format("RTL={}", info.rtl_dir), "-D",
                                    fmt::format("EXPECTED={}", info.rtl_hash), "-P", script},
                                   ProgramOutput::nowhere);
    if (status == 0) return;
    if (!fs::exists(fs::path(info.build_dir) / "CMakeCache.txt")) {
      throw InputError(fmt::format(
          "{} has changed since this command was built, and its build folder is gone: build it again", info.rtl_dir));
    }
    build_and_become(info.build_dir, std::move(arguments), info.rtl_dir);
  }

  const std::string presets = cmake_list(wanted.presets);
  fs::path rtl = info.rtl_dir;
  if (!wanted.rtl.empty()) {
    std::error_code error;
    rtl = fs::canonical(wanted.rtl, error);
    if (error) throw InputError(fmt::format("--rtl {}: {}", wanted.rtl, error.message()));
    for (const char* file : {"spmma.f", "presets.json"}) {
      if (!fs::exists(rtl / file)) throw InputError(fmt::format("--rtl {}: there is no {} in it", wanted.rtl, file));
    }
  }
  const std::string name =
      fmt::format("{}-{:016x}", wanted.kind.empty() ? "rtl" : wanted.kind, std::hash<std::string>{}(rtl.string()));
  const std::string build = (fs::path(info.build_dir) / "other" / name).string();
  std::vector<std::string> configure = {"cmake",
                                        "-S",
                                        info.source_dir,
                                        "-B",
                                        build,
                                        "-G",
                                        info.generator,
                                        "-DSPMMA_RTL_DIR=" + rtl.string(),
                                        "-DSPMMA_OBJECTS_OF=" + std::string(info.build_dir),
                                        "-DSPMMA_TESTS=OFF",
                                        "-DSPMMA_BENCH=OFF",
                                        fmt::format("-DSPMMA_WAVES={}", wanted.waves == Waves::none ? "OFF" : "ON")};
  if (wanted.waves != Waves::none) {
    configure.push_back("-DSPMMA_WAVE_PRESETS=" + (wanted.waves == Waves::all ? presets : "few"));
  }
  configure.push_back(presets.empty() ? "-USPMMA_PRESETS" : "-DSPMMA_PRESETS=" + presets);  // not those of last time
  configure.insert(configure.end(), wanted.options.begin(), wanted.options.end());
  if (run_program(configure, ProgramOutput::nowhere) != 0) {
    run_program(configure, ProgramOutput::standard_error);
    throw InputError(fmt::format("{}: CMake refuses it; what is wrong stands above", rtl.string()));
  }
  remove_flag(arguments, "--rtl");
  build_and_become(build, std::move(arguments), rtl.string());
}

}  // namespace spmma::cli
