// SPDX-License-Identifier: Apache-2.0
#include "sweep/page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <stdexcept>

#include "io/text_file.h"
#include "spmma/format.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

/// A workload in words; empty where the record does not say.
std::string workload_name(const Record& record) {
  const Record workload = record.value("workload", Record::object());
  std::string name = workload.value("name", "");
  if (const int digits = workload.value("digits", 0); digits > 0) name += fmt::format(", first {}", digits);
  if (!workload.value("sparse", true)) name += ", dense only";
  if (!workload.value("dense", true)) name += ", 2:4 only";
  return name;
}

/// The formats that a record's GEMMs are in, which the workload and the point decide; without GEMMs all of the point.
std::string formats_of(const Record& record) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  const auto cases = record.at("simulation").find("cases");
  if (cases != record.at("simulation").end()) {
    for (const Record& c : *cases) add(c.at("format"));
  } else {
    const int formats = record.at("parameters").value("Formats", 0);
    for (const Format f : kFormats) {
      if ((formats >> static_cast<int>(f) & 1) != 0) add(std::string(name(f)));
    }
  }
  return fmt::format("{}", fmt::join(names, "+"));
}

/// Multiply-accumulates of the GEMMs, each counted once even if it ran in two ways.
double macs_once(const Record& simulation) {
  if (!simulation.contains("cases")) {
    const bool twice = simulation.contains("speed_up") && simulation.at("speed_up").is_number();
    return simulation.at("macs").get<double>() / (twice ? 2 : 1);
  }
  std::map<std::string, std::map<std::string, double>> by_way;
  for (const Record& c : simulation.at("cases")) {
    std::string gemm;
    for (const char* member : {"name", "format", "acc", "m", "n", "k"}) gemm += c.at(member).dump() + ' ';
    by_way[gemm][c.at("mode")] += c.at("m").get<double>() * c.at("n").get<double>() * c.at("k").get<double>();
  }
  double sum = 0;
  for (const auto& [gemm, ways] : by_way) sum += std::ranges::max(ways | std::views::values);
  return sum;
}

/// What the page shows of a record. Figures of a point that is not good are none: they are in no plot.
Record shown(Record record) {
  record["workload_name"] = workload_name(record);
  if (record.at("status") != "ok" || !record.contains("simulation")) {
    for (const char* member : {"simulation", "error", "synthesis", "timing", "power", "sparsity"}) record.erase(member);
    return record;
  }
  Record& simulation = record.at("simulation");
  // Fronts are drawn among points that did the same work.
  record["work"] = fmt::format("{} {}: {}", record.value("unit", ""), workload_name(record), formats_of(record));
  if (simulation.contains("cycles_quickest")) {
    simulation["cycles_per_1000_macs"] = 1000 * simulation.at("cycles_quickest").get<double>() / macs_once(simulation);
  }
  return record;
}

}  // namespace

std::string page(const std::vector<Record>& records, const std::filesystem::path& scripts) {
  constexpr std::string_view kPlace = "@RECORDS@";
  std::string text = verif::read_text(scripts / "page.html");
  const std::size_t at = text.find(kPlace);
  if (at == std::string::npos) throw std::logic_error("page.html has no place for the records");
  // Within a script element nothing ends it but "</": a user's word must not.
  Record all = Record::array();
  for (const Record& record : records) all.push_back(shown(record));
  std::string data;
  for (const char c : all.dump()) {
    if (c == '<') {
      data += "\\u003c";
    } else {
      data += c;
    }
  }
  return text.replace(at, kPlace.size(), data);
}

}  // namespace spmma::sweep
