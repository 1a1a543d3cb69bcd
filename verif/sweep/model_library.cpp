// SPDX-License-Identifier: Apache-2.0
#include "sweep/model_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <stdexcept>

#include "io/subprocess.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

namespace fs = std::filesystem;

// Compiling takes longer than simulating: no optimisation of what runs once, little of the rest.
constexpr const char* kFastFlags = "-O1";
constexpr const char* kSlowFlags = "-O0";

const std::vector<std::string>& verilator_flags() {
  static const std::vector<std::string> flags = {
      "--cc", "--prefix",    "Vpoint", "-Wall",          "--assert", "-O3",     "--x-assign",
      "fast", "--x-initial", "unique", "--output-split", "12000",    "-CFLAGS", "-fPIC"};
  return flags;
}

std::string entry_name(Unit unit) { return unit == Unit::core ? "spmma_point_core" : "spmma_point_gemm"; }
std::string top_name(Unit unit) { return unit == Unit::core ? "spmma_core" : "spmma_gemm"; }

std::vector<std::pair<std::string, int>> parameters(const Point& point, Unit unit) {
  const Preset preset = preset_of(point);
  return unit == Unit::core ? preset.core.rtl() : preset.gemm_rtl();
}

/// Throws std::runtime_error with the end of what the program said.
void must_run(const std::string& what, const std::vector<std::string>& arguments, const fs::path& folder) {
  const verif::ProgramResult result = verif::run_captured(arguments, folder);
  if (result.code == 0) return;
  throw std::runtime_error(verif::failure_text(what, result, folder));
}

std::string library_key(const Point& point, Unit unit, const Tools& tools) {
  Hash hash;
  hash.add("model 1").add(top_name(unit)).add(tools.rtl_hash);
  for (const auto& [name, value] : parameters(point, unit)) hash.add(fmt::format("{}={}", name, value));
  for (const std::string& flag : verilator_flags()) hash.add(flag);
  hash.add(kFastFlags).add(kSlowFlags).add(tools.verilator_version).add(tools.cxx_version);
  return hash.add(hash_files(model_sources(tools))).digest();
}

}  // namespace

std::vector<fs::path> model_sources(const Tools& tools) {
  std::vector<fs::path> files;
  for (const char* file : {"flops.vlt", "point_core.cpp", "point_gemm.cpp"}) files.push_back(tools.scripts / file);
  // What the library shares with this program.
  for (const fs::path& folder : tools.include) {
    for (const char* header : {"model/verilated_core.h", "model/verilated_gemm.h", "model/verilated_top.h",
                               "model/core_model.h", "model/gemm_model.h", "model/axi.h", "model/model_flops.h",
                               "coverage/model_coverage.h", "sweep/activity.h", "spmma/preset.h"}) {
      if (fs::exists(folder / header)) files.push_back(folder / header);
    }
  }
  return files;
}

fs::path model_library(const Point& point, Unit unit, const Tools& tools, const Cache& cache) {
  const fs::path entry = cache.path("model", library_key(point, unit, tools), ".so");
  if (fs::exists(entry)) return fs::absolute(entry);

  const WorkFolder work(cache);
  std::vector<std::string> verilate = {"verilator"};
  verilate.insert(verilate.end(), verilator_flags().begin(), verilator_flags().end());
  verilate.insert(verilate.end(), {"--top-module", top_name(unit), "--Mdir", work.path().string(),
                                   "-I" + tools.rtl.string(), (tools.scripts / "flops.vlt").string()});
  for (const auto& [name, value] : parameters(point, unit)) verilate.push_back(fmt::format("-G{}={}", name, value));
  for (const fs::path& file : rtl_sources(tools.rtl, false)) verilate.push_back(file.string());
  must_run("Verilator", verilate, work.path());

  must_run(
      "the model's compilation",
      {"make", "-s", "-f", "Vpoint.mk", "Vpoint__ALL.a", "CXX=" + tools.cxx, fmt::format("OPT_FAST={}", kFastFlags),
       fmt::format("OPT_SLOW={}", kSlowFlags), "VM_PARALLEL_BUILDS=1", "OBJCACHE="},
      work.path());

  const verif::ProgramResult root = verif::run_captured({"verilator", "--getenv", "VERILATOR_ROOT"});
  const std::string verilated = root.output.substr(0, root.output.find('\n')) + "/include";
  const fs::path library = work.path() / "point.so";
  std::vector<std::string> link = {tools.cxx, "-std=c++20", "-O1", "-fPIC", "-shared", "-w"};
  // As the run-time library in this program was compiled (cmake/SpmmaVerilate.cmake): the layout of classes is shared.
  for (const char* define : {"VM_TRACE=1", "VM_TRACE_FST=1", "VM_COVERAGE=0", "VM_SC=0"}) {
    link.push_back(std::string("-D") + define);
  }
  link.insert(link.end(), {"-isystem", verilated, "-isystem", verilated + "/vltstd", "-I" + work.path().string()});
  for (const fs::path& folder : tools.include) link.push_back("-I" + folder.string());
  link.insert(link.end(), {(tools.scripts / (entry_name(unit).substr(6) + ".cpp")).string(), "-Wl,--whole-archive",
                           (work.path() / "Vpoint__ALL.a").string(), "-Wl,--no-whole-archive", "-o", library.string()});
  must_run("the model's linking", link, work.path());
  cache.adopt(library, entry);
  return fs::absolute(entry);
}

LoadedModel::LoadedModel(const fs::path& library, const Point& point, Unit unit) : preset_(preset_of(point)) {
  void* const handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  entry_ = handle == nullptr ? nullptr : ::dlsym(handle, entry_name(unit).c_str());
  if (entry_ == nullptr) throw std::runtime_error(fmt::format("{}: {}", library.string(), ::dlerror()));
}

std::unique_ptr<verif::CoreModel> LoadedModel::make_core(std::uint64_t seed, ActivityProbe* probe) const {
  using Make = verif::CoreModel* (*)(const Preset*, std::uint64_t, ActivityProbe*);
  return std::unique_ptr<verif::CoreModel>(reinterpret_cast<Make>(entry_)(&preset_, seed, probe));
}

std::unique_ptr<verif::GemmModel> LoadedModel::make_gemm(std::uint64_t seed, ActivityProbe* probe) const {
  using Make = verif::GemmModel* (*)(const Preset*, std::uint64_t, ActivityProbe*);
  return std::unique_ptr<verif::GemmModel>(reinterpret_cast<Make>(entry_)(&preset_, seed, probe));
}

}  // namespace spmma::sweep
