// SPDX-License-Identifier: Apache-2.0
#include "sweep/timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "io/subprocess.h"
#include "io/text_file.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kPeriod = 10;       ///< ns, of the first look
constexpr double kOutputLoad = 100;  ///< fF behind an output of the design

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
    // A gate has no name of its own: its instance stands for it.
    const std::size_t dot = cell.rfind('.');
    const bool gate =
        std::regex_match(cell.substr(dot == std::string::npos ? 0 : dot + 1), std::regex("(g|buffer_)[0-9]+"));
    if (gate) cell = dot == std::string::npos ? "(top)" : cell.substr(0, dot);
    if (names.empty() || names.back() != cell) names.push_back(cell);
  }
  return names;
}

/// "u_quad.b2_q" of "gen_row[0].u_row.gen_col[1].u_dot.gen_quad[3].u_quad.b2_q[7]/D".
std::string register_name(const std::string& pin) {
  std::vector<std::string> parts;
  std::istringstream text(rtl_name(pin.substr(0, pin.rfind('/'))));
  for (std::string part; std::getline(text, part, '.');) {
    part = part.substr(0, part.find('['));
    if (!part.starts_with("gen_")) parts.push_back(part);
  }
  const std::size_t n = parts.size();
  return n < 2 ? parts.at(0) : parts[n - 2] + '.' + parts[n - 1];
}

std::map<std::string, double> registers(const std::string& output, double time_ns) {
  std::map<std::string, double> all;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string into, pin;
    double period = 0;
    if (!(words >> into >> period >> pin) || into != "INTO") continue;
    double& most = all[register_name(pin)];
    most = std::max(most, period * time_ns);
  }
  return all;
}

/// Runs OpenSTA. Throws as time_netlist() does.
TimingResult run_sta(const std::string& verilog, const std::string& top, const Liberty& liberty, const Tools& tools,
                     const Cache& cache, bool every) {
  const WorkFolder work(cache);
  verif::write_text(work.path() / "netlist.v", verilog);
  verif::write_text(
      work.path() / "run.tcl",
      fmt::format(
          "set liberty {}\nset netlist netlist.v\nset top {}\nset period {}\nset load {}\nset every {}\nsource {}\n",
          tools.liberty, top, kPeriod / liberty.time_ns, kOutputLoad / liberty.capacitance_ff, every ? 1 : 0,
          (tools.scripts / "timing.tcl").string()));
  const verif::ProgramResult run = verif::run_captured({"sta", "-no_splash", "-exit", "run.tcl"}, work.path());
  const std::string least = between(run.output, "LEAST ", "\n");
  const auto total = [&](const std::string& from) {
    std::smatch match;
    const std::string text = between(run.output, from, "END");
    if (!std::regex_search(text, match, std::regex(R"(Total\s+([0-9]\S*)\s+(\S+)\s+(\S+)\s+(\S+))"))) {
      throw std::runtime_error(verif::failure_text("OpenSTA", run, work.path()));
    }
    return 1000 * std::stod(match[4]);  // W to mW
  };
  TimingResult result{.clock_mw = total("POWER 0\n"), .activity_mw = total("POWER 1\n")};
  result.activity_mw -= result.clock_mw;
  result.period_ns = std::stod(least) * liberty.time_ns;
  result.critical_path = path_names(between(run.output, "PATH\n", "END"));
  if (every) result.registers = registers(run.output, liberty.time_ns);
  return result;
}

}  // namespace

TimingResult time_netlist(const Netlist& netlist, const Liberty& liberty, const Tools& tools, const Cache& cache,
                          bool every) {
  const std::string verilog = write_verilog(netlist, liberty);
  Hash hash;
  hash.add(fmt::format("timing {} {} {} {}", netlist.top, kPeriod, kOutputLoad, every))
      .add(verilog)
      .add(tools.liberty_hash);
  const std::string key = hash.add(tools.sta_version).add_file(tools.scripts / "timing.tcl").digest();
  if (const auto known = cache.read("timing", key, ".json")) {
    const Json json = Json::parse(*known);
    return {.period_ns = json.at("period_ns"),
            .critical_path = json.at("critical_path"),
            .registers = json.at("registers"),
            .clock_mw = json.at("clock_mw"),
            .activity_mw = json.at("activity_mw")};
  }
  const TimingResult result = run_sta(verilog, netlist.top, liberty, tools, cache, every);
  const Json json = {{"period_ns", result.period_ns},
                     {"critical_path", result.critical_path},
                     {"registers", result.registers},
                     {"clock_mw", result.clock_mw},
                     {"activity_mw", result.activity_mw}};
  cache.write("timing", key, ".json", json.dump());
  return result;
}

}  // namespace spmma::sweep
