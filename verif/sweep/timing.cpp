// SPDX-License-Identifier: Apache-2.0
#include "sweep/timing.h"

#include <fmt/format.h>

#include <regex>
#include <sstream>
#include <stdexcept>

#include "io/subprocess.h"
#include "io/text_file.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

TimingResult time_netlist(const Netlist& netlist, const Liberty& liberty, const Tools& tools, const Cache& cache) {
  const WorkFolder work(cache);
  verif::write_text(work.path() / "netlist.v", write_verilog(netlist, liberty));
  verif::write_text(
      work.path() / "run.tcl",
      fmt::format("set liberty {}\nset netlist netlist.v\nset top {}\nset period {}\nset load {}\nsource {}\n",
                  tools.liberty, netlist.top, kPeriod / liberty.time_ns, kOutputLoad / liberty.capacitance_ff,
                  (tools.scripts / "timing.tcl").string()));
  const verif::ProgramResult run = verif::run_captured({"sta", "-no_splash", "-exit", "run.tcl"}, work.path());
  const std::string least = between(run.output, "LEAST ", "\n");
  const auto total = [&](const std::string& from) {
    std::smatch match;
    const std::string text = between(run.output, from, "END");
    if (!std::regex_search(text, match, std::regex(R"(Total\s+([0-9]\S*)\s+(\S+)\s+(\S+)\s+(\S+))"))) {
      throw std::runtime_error(fmt::format("OpenSTA fails ({}): {}", run.code, verif::last_words(run.output)));
    }
    return 1000 * std::stod(match[4]);  // W to mW
  };
  TimingResult result{.clock_mw = total("POWER 0\n"), .activity_mw = total("POWER 1\n")};
  result.activity_mw -= result.clock_mw;
  result.period_ns = std::stod(least) * liberty.time_ns;
  result.critical_path = path_names(between(run.output, "PATH\n", "END"));
  return result;
}

}  // namespace spmma::sweep
