// SPDX-License-Identifier: Apache-2.0
#include "sweep/timing.h"

#include <fmt/format.h>

#include <functional>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "io/output_file.h"
#include "sweep/hash.h"
#include "sweep/process.h"
#include "sweep/synthesis.h"

namespace spmma::sweep {
namespace {

namespace fs = std::filesystem;

constexpr double kPeriod = 10;       ///< ns, of the first look
constexpr double kOutputLoad = 100;  ///< fF behind an output of the design

void write_file(const fs::path& path, const std::string& text) {
  verif::OutputFile file(path.string());
  file.write(text);
  file.commit();
}

std::string without_bit(const std::string& name) { return std::regex_replace(name, std::regex("\\[[0-9]+\\]$"), ""); }

/// For each register of the run, the output pins of its flip-flops in all instances.
struct Annotation {
  std::string script;
  double mean = 0;
  std::int64_t flops = 0, annotated = 0;
};

Annotation annotate(const Netlist& netlist, const Liberty& liberty, const Activity& activity) {
  struct Flop {
    std::string cell, pin, reg;
  };
  std::map<std::string, std::vector<Flop>> flops;  // by module
  for (const auto& [name, module] : netlist.modules) {
    if (block_of(name) == kMemoryModule) continue;
    for (const CellInstance& cell : module.cells) {
      const auto type = liberty.cells.find(cell.type);
      if (type == liberty.cells.end() || !type->second.flop) continue;
      for (const auto& [pin, bits] : cell.pins) {
        if (type->second.input.contains(pin)) continue;
        const auto known = module.names.find(bits.front());
        flops[name].push_back(
            {plain_name(cell.name), pin, known == module.names.end() ? "" : without_bit(known->second)});
      }
    }
  }

  Annotation result;
  std::map<std::string, std::vector<std::string>> pins;  // by register
  // Instances by their RTL path; the top has none.
  const std::function<void(const std::string&, const std::string&, const std::string&)> walk =
      [&](const std::string& name, const std::string& rtl, const std::string& plain) {
        for (const Flop& flop : flops[name]) {
          ++result.flops;
          const std::string reg = any_index(rtl + flop.reg);
          if (!activity.contains(reg)) continue;
          ++result.annotated;
          pins[reg].push_back(plain + flop.cell + '/' + flop.pin);
        }
        for (const CellInstance& cell : netlist.modules.at(name).cells) {
          if (netlist.modules.contains(cell.type)) {
            walk(cell.type, rtl + cell.name + '.', plain + plain_name(cell.name) + '/');
          }
        }
      };
  walk(netlist.top, "", "");

  RegisterActivity all;
  for (const auto& [reg, a] : activity) {
    all.changes += a.changes;
    all.bit_cycles += a.bit_cycles;
  }
  result.mean = all.per_cycle();
  for (const auto& [reg, list] : pins) {
    result.script += fmt::format("registers {:.5f} {{", activity.at(reg).per_cycle());
    for (const std::string& pin : list) result.script += pin + ' ';
    result.script += "}\n";
  }
  return result;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  if (begin == std::string::npos) return "";
  return text.substr(begin + from.size(), text.find(to, begin) - begin - from.size());
}

/// From the register at the beginning to the one at the end, each instance on the way once.
std::vector<std::string> path_names(const std::string& report) {
  std::vector<std::string> names;
  std::istringstream lines(report);
  const std::regex pin(R"([v^] (\S+)/(\S+) \((\S+)\)$)");
  for (std::string line; std::getline(lines, line);) {
    if (line.find("data arrival time") != std::string::npos) break;
    std::smatch match;
    if (!std::regex_search(line, match, pin)) continue;
    std::string cell = rtl_name(match[1]);
    // A gate has no name of its own: its instance stands for it. A register's name ends in _q and perhaps an index.
    const bool reg = std::regex_search(cell, std::regex(R"(_q(\[\d+\])?$)"));
    if (!reg) cell = cell.rfind('.') == std::string::npos ? "(top)" : cell.substr(0, cell.rfind('.'));
    if (names.empty() || names.back() != cell) names.push_back(cell);
  }
  return names;
}

}  // namespace

TimingResult time_netlist(const Netlist& netlist, const Liberty& liberty, const Activity& activity, const Tools& tools,
                          const Cache& cache) {
  const WorkFolder work(cache);
  const Annotation annotation = annotate(netlist, liberty, activity);
  write_file(work.path() / "netlist.v", write_verilog(netlist, liberty));
  write_file(work.path() / "activity.tcl", annotation.script);
  write_file(work.path() / "run.tcl",
             fmt::format("set liberty {}\nset netlist netlist.v\nset top {}\nset period {}\nset load {}\n"
                         "set activity activity.tcl\nsource {}\n",
                         tools.liberty, netlist.top, kPeriod / liberty.time_ns, kOutputLoad / liberty.capacitance_ff,
                         (tools.scripts / "timing.tcl").string()));
  const ProcessResult run = run_process({"sta", "-no_splash", "-exit", "run.tcl"}, work.path());
  const std::string least = between(run.output, "LEAST ", "\n");
  const std::string power = between(run.output, "POWER\n", "END");
  std::smatch total;
  if (least.empty() || !std::regex_search(power, total, std::regex(R"(Total\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+))"))) {
    throw std::runtime_error(fmt::format("OpenSTA fails ({}): {}", run.code, last_words(run.output)));
  }
  TimingResult result{.period_ns = std::stod(least) * liberty.time_ns,
                      .critical_path = path_names(between(run.output, "PATH\n", "END")),
                      .power_mw = 1000 * std::stod(total[4]),
                      .activity = annotation.mean};
  result.annotated =
      annotation.flops == 0 ? 0 : static_cast<double>(annotation.annotated) / static_cast<double>(annotation.flops);
  return result;
}

}  // namespace spmma::sweep
