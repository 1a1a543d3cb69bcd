// SPDX-License-Identifier: Apache-2.0
#include "sweep/synthesis.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "io/subprocess.h"
#include "io/text_file.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr double kOutputLoad = 100;  ///< fF, that the mapping expects behind a module
constexpr const char* kGates = "AND,NAND,OR,NOR,XOR,XNOR,MUX";

/// A module as `hierarchy` left it, in Yosys' own text.
struct Elaborated {
  std::string name;                   ///< "$paramod$...\spmma_quad"
  std::string text;                   ///< of the module
  std::string ports;                  ///< the lines of its ports alone
  std::vector<std::string> contains;  ///< modules, by such names
};

void run_yosys(const std::string& what, const std::string& script, const fs::path& folder) {
  verif::write_text(folder / "script.ys", script);
  // A name that is declared by its use alone is undriven: an error, not a warning.
  const verif::ProgramResult result =
      verif::run_captured({"yosys", "-q", "-e", "implicitly declared", "script.ys"}, folder);
  if (result.code == 0) return;
  throw std::runtime_error(verif::failure_text("Yosys, " + what + ",", result, folder));
}

std::string quoted_name(const std::string& rtlil) { return rtlil.starts_with('\\') ? rtlil.substr(1) : rtlil; }

/// The module that a name with its parameters belongs to.
std::string base_name(const std::string& name) {
  // "spmma_core", "$paramod$<hash>\spmma_quad", "$paramod\spmma_operand\Signed=s32'...1"
  if (!name.starts_with("$paramod")) return name;
  const std::size_t begin = name.find('\\') + 1;
  return name.substr(begin, name.find('\\', begin) - begin);
}

std::vector<Elaborated> split_modules(const std::string& rtlil) {
  std::vector<Elaborated> modules;
  std::istringstream lines(rtlil);
  std::string attributes;
  std::optional<Elaborated> now;
  for (std::string line; std::getline(lines, line);) {
    if (!now) {
      if (line.starts_with("module ")) {
        now.emplace().name = quoted_name(line.substr(7));
        now->text = attributes + line + '\n';
        attributes.clear();
      } else if (line.starts_with("attribute ")) {
        attributes += line + '\n';
      }
      continue;
    }
    now->text += line + '\n';
    if (line == "end") {
      modules.push_back(std::move(*now));
      now.reset();
      continue;
    }
    std::istringstream words(line);
    std::string first, type;
    words >> first >> type;
    if (first == "wire" && (line.find(" input ") != std::string::npos || line.find(" output ") != std::string::npos)) {
      now->ports += line + '\n';
    } else if (first == "cell" && line.starts_with("  cell ") && (type[0] == '\\' || type.starts_with("$paramod"))) {
      now->contains.push_back(quoted_name(type));
    }
  }
  return modules;
}

/// Bits of a port. Throws std::runtime_error where there is none of that name.
int port_width(const Elaborated& module, const std::string& name) {
  std::smatch port;
  const std::regex line(R"(wire (?:width (\d+) )?(?:input|output) \d+ (?:signed )?\\)" + name + R"(\b)");
  if (std::regex_search(module.ports, port, line)) return port[1].matched ? std::stoi(port[1]) : 1;
  throw std::runtime_error(fmt::format("{} has no port {}", base_name(module.name), name));
}

using Parameters = std::vector<std::pair<std::string, int>>;

Parameters parameters(const Point& point, Unit unit) {
  const Preset preset = preset_of(point);
  return unit == Unit::core ? preset.core.rtl() : preset.gemm_rtl();
}

/// The RTL with memories as black boxes.
std::vector<fs::path> sources_of(Unit unit, const Tools& tools) {
  std::vector<fs::path> sources{tools.scripts / "memory.sv"};
  for (const fs::path& file : rtl_sources(tools.rtl, unit == Unit::core)) {
    if (file.filename() != "spmma_ram.sv") sources.push_back(file);
  }
  return sources;
}

std::vector<Elaborated> elaborate(const std::vector<fs::path>& sources, const std::string& top,
                                  const Parameters& parameters, const Tools& tools, const fs::path& folder) {
  std::string script = fmt::format("read_verilog -sv -I {}", tools.rtl.string());
  for (const fs::path& file : sources) script += ' ' + file.string();
  script += "\nchparam";
  for (const auto& [name, value] : parameters) script += fmt::format(" -set {} {}", name, value);
  script += fmt::format(" {0}\nhierarchy -check -top {0}\nwrite_rtlil elaborated.il\n", top);
  run_yosys("elaboration", script, folder);
  return split_modules(verif::read_text(folder / "elaborated.il"));
}

/// Netlists of a module: one for each clock target, at least one; none without a library.
std::size_t netlist_count(const std::vector<double>& targets, bool library) {
  return library ? std::max<std::size_t>(1, targets.size()) : 0;
}

/// The script that maps module.il, once without a library and once for each clock target with one.
std::string mapping_script(const std::string& module, const std::vector<double>& targets, const std::string& liberty) {
  std::string script = fmt::format(
      "read_rtlil module.il\nhierarchy -top {0}\nsynth -noabc -top {0}\ndfflegalize -cell $_DFF_P_ x\n"
      "design -save gates\nabc -fast -g {1}\nopt_clean -purge\ntee -o stat.txt stat -tech cmos {0}\n"
      // `ltp` would take a path through every instance, whatever is in it.
      "delete t:$paramod* t:spmma_*\ntee -o depth.txt ltp -noff {0}\n",
      module, kGates);
  for (std::size_t i = 0; i < netlist_count(targets, !liberty.empty()); ++i) {
    const std::string delay = targets.empty() ? "" : fmt::format(" -D {}", std::lround(1000 * targets[i]));
    script += fmt::format(
        "design -load gates\ndfflibmap -liberty {0}\nabc -liberty {0} -constr constraint{1}\nsetundef -zero\n"
        "opt_clean -purge\nwrite_json mapped{2}.json\n",
        liberty, delay, i);
  }
  return script;
}

/// What the netlist of one module is made of, besides the module itself: the script, the tools, the clock targets.
void add_flow(Hash& hash, const std::vector<double>& targets, const Tools& tools) {
  hash.add("module").add(mapping_script("MODULE", targets, tools.liberty.empty() ? "" : "LIBERTY"));
  hash.add(fmt::format("{}", kOutputLoad)).add(tools.yosys_version).add(tools.liberty_hash);
}

/// What is in the cache of one module: its plain figures, and its netlist for each clock target as Yosys' JSON.
Json map_module(const Elaborated& module, const std::map<std::string, const Elaborated*>& all,
                const std::vector<double>& targets, const Tools& tools, const Liberty* liberty, const Cache& cache) {
  const WorkFolder work(cache);
  std::string text = "autoidx 1000000\n";
  for (const std::string& name : std::set<std::string>(module.contains.begin(), module.contains.end())) {
    const std::string id = name.starts_with('$') ? name : '\\' + name;
    text += fmt::format("attribute \\blackbox 1\nmodule {}\n{}end\n", id, all.at(name)->ports);
  }
  verif::write_text(work.path() / "module.il", text + module.text);
  const std::string top = module.name.starts_with('$') ? module.name : '\\' + module.name;
  if (liberty != nullptr) {
    verif::write_text(work.path() / "constraint",
                      fmt::format("set_driving_cell {}\nset_load {}\n", liberty->buffer, kOutputLoad));
  }
  run_yosys(base_name(module.name), mapping_script(top, targets, tools.liberty), work.path());

  Json entry = {{"name", module.name}};
  std::smatch match;
  const std::string stat = verif::read_text(work.path() / "stat.txt");
  const bool counted = std::regex_search(stat, match, std::regex("transistors:\\s+(\\d+)"));
  entry["transistors"] = counted ? std::stod(match[1]) : 0.0;
  const std::string depth = verif::read_text(work.path() / "depth.txt");
  const bool found = std::regex_search(depth, match, std::regex("length=(\\d+)"));
  entry["depth"] = found ? std::stoll(match[1]) : 0;
  entry["netlists"] = Json::array();
  for (std::size_t i = 0; i < netlist_count(targets, liberty != nullptr); ++i) {
    entry["netlists"].push_back(verif::read_text(work.path() / fmt::format("mapped{}.json", i)));
  }
  return entry;
}

std::string module_key(const Elaborated& module, const Point& point, Unit unit, const std::string& top,
                       const std::vector<double>& targets, const Tools& tools) {
  Hash hash;
  add_flow(hash, targets, tools);
  hash.add(tools.rtl_hash).add(module.name).add_file(tools.scripts / "memory.sv");
  // A derived module's name holds its parameters; the top keeps its own.
  if (module.name == top) hash.add(to_json(point, unit).dump());
  return hash.digest();
}

}  // namespace

std::string block_of(const std::string& module) { return std::regex_replace(module, std::regex("_[0-9]+$"), ""); }

SynthesisResult synthesise(const Point& point, Unit unit, const std::vector<double>& targets, const Tools& tools,
                           const Liberty* liberty, const Cache& cache) {
  const std::string top = unit == Unit::core ? "spmma_core" : "spmma_gemm";
  const WorkFolder work(cache);
  const std::vector<Elaborated> modules =
      elaborate(sources_of(unit, tools), top, parameters(point, unit), tools, work.path());
  std::map<std::string, const Elaborated*> by_name;
  for (const Elaborated& module : modules) by_name[module.name] = &module;

  // Short names, the same for the same design.
  std::map<std::string, std::string> short_name;
  std::map<std::string, int> variants;
  for (const auto& [name, module] : by_name) {
    const std::string base = base_name(name);
    const int number = ++variants[base];
    short_name[name] = number == 1 ? base : fmt::format("{}_{}", base, number);
  }

  SynthesisResult result;
  result.netlists.resize(netlist_count(targets, liberty != nullptr));
  Netlist structure{.top = top};  // which module contains which, to count instances by
  std::map<std::string, double> transistors;
  for (const auto& [name, module] : by_name) {
    const std::string key = module_key(*module, point, unit, top, targets, tools);
    const auto known = cache.read("module", key, ".json");
    const Json entry = known ? Json::parse(*known) : map_module(*module, by_name, targets, tools, liberty, cache);
    if (!known) cache.write("module", key, ".json", entry.dump());
    const std::string& to = short_name.at(name);
    for (const std::string& child : module->contains) {
      structure.modules[to].cells.push_back({.name = "", .type = short_name.at(child)});
    }
    structure.modules[to];
    if (base_name(name) != kMemoryModule) {
      transistors[to] = entry.at("transistors");
      if (entry.at("depth").get<std::int64_t>() > result.plain.logic_depth) {
        result.plain.logic_depth = entry.at("depth");
        result.plain.deepest = to;
      }
    }
    for (std::size_t i = 0; i < result.netlists.size(); ++i) {
      result.netlists[i].top = top;
      Module mapped = read_module(entry.at("netlists").at(i).get<std::string>(), name);
      for (CellInstance& cell : mapped.cells) {
        if (const auto child = short_name.find(cell.type); child != short_name.end()) cell.type = child->second;
      }
      name_flops(mapped, *liberty);
      result.netlists[i].modules[to] = std::move(mapped);
    }
  }
  for (const auto& [module, count] : structure.instances()) {
    if (const auto t = transistors.find(module); t != transistors.end()) {
      result.plain.gate_equivalents += t->second / 4 * static_cast<double>(count);
    }
  }
  const auto instances = structure.instances();
  for (const auto& [name, module] : by_name) {
    if (base_name(name) == kMultiplierModule) {
      result.multiplier = {.a = port_width(*module, "a4_i"), .b = port_width(*module, "b4_i")};
    }
    if (base_name(name) != kMemoryModule) continue;
    // A memory has as many words of rd_data_o as rd_addr_i can name.
    const std::int64_t bits = std::int64_t{port_width(*module, "rd_data_o")} << port_width(*module, "rd_addr_i");
    const auto count = instances.find(short_name.at(name));
    if (count != instances.end()) result.memory_bits += bits * count->second;
  }
  return result;
}

std::vector<Netlist> synthesise_multiplier(const MultiplierWidths& widths, const std::vector<double>& targets,
                                           const Tools& tools, const Liberty& liberty, const Cache& cache) {
  const Parameters parameters = {{"WidthA", widths.a}, {"WidthB", widths.b}};
  const std::string top = kMultiplierModule;
  const fs::path source = tools.scripts / "multiplier.sv";
  Hash hash;
  add_flow(hash, targets, tools);
  const std::string key = hash.add_file(source).add(Json(parameters).dump()).digest();
  const auto known = cache.read("module", key, ".json");
  Json entry;
  if (known) {
    entry = Json::parse(*known);
  } else {
    const WorkFolder work(cache);
    const Elaborated module = elaborate({source}, top, parameters, tools, work.path()).at(0);
    entry = map_module(module, {}, targets, tools, &liberty, cache);
    cache.write("module", key, ".json", entry.dump());
  }
  std::vector<Netlist> netlists;
  for (const Json& mapped : entry.at("netlists")) {
    Netlist& netlist = netlists.emplace_back(Netlist{.top = top});
    netlist.modules[top] = read_module(mapped.get<std::string>(), entry.at("name").get<std::string>());
    name_flops(netlist.modules[top], liberty);
  }
  return netlists;
}

CellCount count_cells(const Netlist& netlist, const Liberty& liberty) {
  CellCount count;
  for (const auto& [name, instances] : netlist.instances()) {
    const std::string block = block_of(name);
    if (block == kMemoryModule) continue;
    for (const CellInstance& cell : netlist.modules.at(name).cells) {
      const auto type = liberty.cells.find(cell.type);
      if (type == liberty.cells.end()) continue;
      const double area = type->second.area * static_cast<double>(instances);
      count.area += area;
      count.area_by_block[block] += area;
      count.cells += instances;
      count.flops += type->second.flop ? instances : 0;
    }
  }
  return count;
}

}  // namespace spmma::sweep
