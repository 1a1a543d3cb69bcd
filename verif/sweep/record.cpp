// SPDX-License-Identifier: Apache-2.0
#include "sweep/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "io/error.h"
#include "io/text_file.h"
#include "sweep/hash.h"

namespace spmma::sweep {

using verif::InputError;
using Json = nlohmann::ordered_json;

namespace {

const char* unit_name(Unit unit) { return unit == Unit::core ? "core" : "engine"; }

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += c;
    quoted += c == '\n' ? ' ' : c;
  }
  quoted += '"';
  return quoted;
}

std::string csv_value(const Json& value) {
  const auto plain = [](const Json& v) { return v.is_string() ? v.get<std::string>() : v.dump(); };
  if (value.is_null()) return "";
  if (!value.is_array()) return csv_field(plain(value));
  std::string text;
  for (const Json& part : value) text += (text.empty() ? "" : " ") + plain(part);
  return csv_field(text);
}

}  // namespace

const std::vector<Figure>& figures() {
  using enum Better;
  static const std::vector<Figure> all = {
      {"cycles", "/simulation/cycles", less},
      {"cycles_model", "/simulation/cycles_model", less},
      {"cycles_quickest", "/simulation/cycles_quickest", less},
      {"macs", "/simulation/macs", neither},
      {"latency", "/simulation/latency", less},
      {"utilisation", "/simulation/utilisation", more},
      {"speed_up", "/simulation/speed_up", more},
      {"mismatches", "/simulation/mismatches", less},
      {"error_max_ulp", "/error/max_ulp", less},
      {"error_rms_ulp", "/error/rms_ulp", less},
      {"area", "/synthesis/area", less},
      {"cells", "/synthesis/cells", less},
      {"flops", "/synthesis/flops", less},
      {"memory_bits", "/synthesis/memory_bits", less},
      {"gate_equivalents", "/synthesis/gate_equivalents", less},
      {"logic_depth", "/synthesis/logic_depth", less},
      {"fmax_mhz", "/timing/fmax_mhz", more},
      {"period_ns", "/timing/period_ns", less},
      {"multiplier_period_ns", "/timing/multiplier_period_ns", neither},
      {"of_multiplier_fmax", "/timing/of_multiplier_fmax", more},
      {"total_mw", "/power/total_mw", neither},
      {"clock_mw", "/power/clock_mw", neither},
      {"activity", "/power/activity", neither},
      {"energy_per_mac_pj", "/power/energy_per_mac_pj", less},
      {"dense_energy_per_mac_pj", "/power/dense_energy_per_mac_pj", less},
      {"sparse_energy_per_mac_pj", "/power/sparse_energy_per_mac_pj", less},
      {"sparsity_area_percent", "/sparsity/area_percent", no_matter},
      {"sparsity_fmax_percent", "/sparsity/fmax_percent", no_matter},
      {"sparsity_gate_equivalents_percent", "/sparsity/gate_equivalents_percent", no_matter},
      {"sparsity_gates_per_multiplier", "/sparsity/gates_per_multiplier", no_matter},
      {"seconds", "/seconds/total", no_matter},
  };
  return all;
}

Json to_json(const Task& task) {
  return {{"unit", unit_name(task.unit)}, {"workload", to_json(task.workload)}, {"clock_targets", task.clock_targets},
          {"paths", task.paths},          {"tools", to_json(task.tools)},       {"cache", task.cache}};
}

Task task_from_json(const Json& json) {
  return {.unit = json.at("unit") == "core" ? Unit::core : Unit::engine,
          .workload = workload_from_json(json.at("workload")),
          .clock_targets = json.at("clock_targets"),
          .paths = json.at("paths"),
          .tools = tools_from_json(json.at("tools")),
          .cache = json.at("cache")};
}

std::optional<std::string> not_measurable(const Point& point, const Task& task) {
  if (auto reason = not_buildable(point, task.unit)) return reason;
  return not_runnable(task.workload, preset_of(point).core);
}

std::string record_key(const Point& point, const Task& task) {
  Json workload = to_json(task.workload);
  workload.erase("data");  // where the files lie is not what they hold
  Hash hash;
  hash.add(fmt::format("record {}", kRecordVersion)).add(unit_name(task.unit));
  hash.add(to_json(point, task.unit).dump()).add(workload.dump()).add(Json(task.clock_targets).dump());
  if (task.paths) hash.add("paths");
  hash.add(tool_versions(task.tools).dump());
  return hash.digest();
}

Record new_record(const Point& point, const Task& task, const std::string& status, const std::string& reason) {
  Record record = {{"version", kRecordVersion}, {"key", record_key(point, task)}, {"status", status}};
  if (!reason.empty()) record["reason"] = reason;
  record["parameters"] = to_json(point, task.unit);
  record["unit"] = unit_name(task.unit);
  record["workload"] = to_json(task.workload);
  record["workload"].erase("data");
  record["clock_targets"] = task.clock_targets;
  record["tools"] = tool_versions(task.tools);
  record["tools"]["git_revision"] = task.tools.git_revision;
  return record;
}

std::vector<Record> read_records(const std::string& path) {
  std::istringstream text(verif::read_text(path));
  std::vector<Record> records;
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.empty()) continue;
    try {
      Record record = Record::parse(line);
      if (const Json& version = record.at("version"); version != kRecordVersion) {
        throw InputError(fmt::format("{}: line {}: is of version {} of the records, this program's is {}", path, number,
                                     version.dump(), kRecordVersion));
      }
      for (const char* member : {"/key", "/status", "/unit", "/workload/name"}) {
        record.at(Json::json_pointer(member)).get_ref<const std::string&>();
      }
      record.at("parameters").get_ref<const Json::object_t&>();
      record.value("reason", std::string());
      record.value("tags", std::vector<std::string>());
      records.push_back(std::move(record));
    } catch (const Json::exception&) {
      throw InputError(fmt::format("{}: line {}: is not a record of a sweep", path, number));
    }
  }
  return records;
}

std::string line_of(const Record& record) { return record.dump() + '\n'; }

std::string csv(const std::vector<Record>& records) {
  // Of all records, in the order in which they first come: core and engine may be mixed.
  std::vector<std::string> parameters;
  for (const Record& record : records) {
    for (const auto& [name, value] : record.at("parameters").items()) {
      if (std::find(parameters.begin(), parameters.end(), name) == parameters.end()) parameters.push_back(name);
    }
  }
  std::string text = "status,unit,workload,tags";
  for (const std::string& name : parameters) text += ',' + csv_field(name);
  for (const Figure& figure : figures()) text += std::string(",") + figure.name;
  text += ",reason\n";
  for (const Record& record : records) {
    text += csv_value(record.at("status")) + ',' + csv_value(record.at("unit")) + ',' +
            csv_value(record.at("workload").at("name")) + ',' + csv_value(record.value("tags", Json()));
    for (const std::string& name : parameters) text += ',' + csv_value(record.at("parameters").value(name, Json()));
    for (const Figure& figure : figures()) {
      const Json::json_pointer at{figure.pointer};
      text += ',' + (record.contains(at) ? csv_value(record.at(at)) : std::string());
    }
    text += ',' + csv_value(record.value("reason", Json())) + '\n';
  }
  return text;
}

}  // namespace spmma::sweep
