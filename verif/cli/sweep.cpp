// SPDX-License-Identifier: Apache-2.0
// `spmma sweep`: the design space, built and measured.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <thread>

#include "cli/build_info.h"
#include "cli/layers.h"
#include "cli/verbs.h"
#include "digits/network.h"
#include "io/error.h"
#include "io/interrupt.h"
#include "io/progress.h"
#include "io/subprocess.h"
#include "io/text_file.h"
#include "sweep/axis.h"
#include "sweep/difference.h"
#include "sweep/executor.h"
#include "sweep/hash.h"
#include "sweep/page.h"
#include "sweep/record.h"
#include "sweep/space.h"
#include "sweep/sparsity_cost.h"

namespace spmma::cli {
namespace {

namespace fs = std::filesystem;
using sweep::Point;
using sweep::Record;
using sweep::Task;
using sweep::Unit;
using verif::InputError;
using verif::read_text;
using verif::write_text;

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> parts;
  if (!text.empty()) boost::split(parts, text, boost::is_any_of(","));
  return parts;
}

/// Where the files lie that points are built with: the source tree, or beside an installed command.
struct Places {
  fs::path rtl, scripts, digits;
  std::vector<fs::path> include;
};

Places find_places(const std::string& rtl) {
  Places places;
  const fs::path source = kBuildInfo.source_dir;
  const fs::path installed = verif::this_program().parent_path().parent_path() / "share" / "spmma";
  if (fs::exists(source / "verif" / "sweep" / "flops.vlt")) {
    places = {.rtl = kBuildInfo.rtl_dir,
              .scripts = source / "verif" / "sweep",
              .digits = source / "verif" / "digits" / "data",
              .include = {source / "verif", source / "verif" / "model", source / "golden" / "include"}};
  } else if (fs::exists(installed / "sweep" / "flops.vlt")) {
    places = {.rtl = installed / "rtl",
              .scripts = installed / "sweep",
              .digits = installed / "digits",
              .include = {installed / "include", installed / "include" / "model"}};
  } else {
    throw InputError(fmt::format("{}: the files that points are built with are not there", installed.string()));
  }
  if (!rtl.empty()) {
    std::error_code error;
    places.rtl = fs::canonical(rtl, error);
    if (error) throw InputError(fmt::format("--rtl {}: {}", rtl, error.message()));
    if (!fs::exists(places.rtl / "spmma.f")) throw InputError(fmt::format("--rtl {}: there is no spmma.f in it", rtl));
  }
  return places;
}

int kinds_of_workload(const SweepFlags& flags) {
  return (flags.gemms.empty() ? 0 : 1) + (flags.layers.empty() ? 0 : 1) + (flags.workload.empty() ? 0 : 1);
}

sweep::Workload workload_of(const SweepFlags& flags, const Places& places) {
  sweep::Workload w{.dense = !flags.sparse_only, .sparse = !flags.dense_only};
  const int kinds = kinds_of_workload(flags);
  if (kinds == 0) throw InputError("a workload is required: --workload digits, --gemm MxNxK or --layers FILE.csv");
  if (!flags.workload.empty()) {
    if (flags.workload != "digits") throw InputError(fmt::format("--workload {}: not digits", flags.workload));
    if (kinds > 1) throw InputError("--workload does not go with --gemm and --layers");
    w.name = "digits";
    w.digits = flags.digits.value_or(0);
    w.data = places.digits.string();
    verif::load_digits(w.data, flags.digits);  // so many must be there
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(places.digits)) {
      if (entry.path().extension() == ".npy") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    w.data_hash = sweep::hash_files(files);
    return w;
  }
  if (flags.digits) throw InputError("--digits needs --workload digits");
  for (const std::string& text : flags.gemms) w.sizes.push_back(sweep::parse_size(text));
  if (!flags.layers.empty()) {
    for (const Layer& layer : read_layers(flags.layers)) {
      w.sizes.push_back({.name = layer.name, .m = layer.m, .n = layer.n, .k = layer.k});
      sweep::check_size(w.sizes.back(), fmt::format("{}: line {}", flags.layers, layer.line));
    }
  }
  for (const sweep::GemmSize& size : w.sizes) {
    if (!w.name.empty()) w.name += ',';
    w.name += size.name;
  }
  return w;
}

std::vector<double> clock_targets(const std::string& text) {
  std::vector<double> targets;
  for (const std::string& word : words(text)) {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || !(value > 0 && value < 1e6)) {
      throw InputError(fmt::format("--clock: '{}' is not a period in ns", word));
    }
    targets.push_back(value);
  }
  return targets;
}

sweep::Space space_of(const SweepFlags& flags) {
  sweep::Space space;
  if (!flags.space.empty()) space = sweep::read_space(flags.space);
  for (const auto& [axis, values] : flags.axes) {
    if (!values.empty()) space.values[axis] = values;
  }
  space.where.insert(space.where.end(), flags.where.begin(), flags.where.end());
  return space;
}

std::string describe(const Point& point, const std::vector<std::string>& swept) {
  std::string text;
  for (const sweep::Axis& axis : sweep::axes()) {
    if (std::ranges::find(swept, axis.name) == swept.end()) continue;
    text += fmt::format("{}--{} {}", text.empty() ? "" : " ", axis.name, sweep::value_text(axis, point.*axis.field));
  }
  return text.empty() ? "the base" : text;
}

/// The command that measures this one point again, from whatever folder.
std::string reproduce(const SweepFlags& flags, const Point& point, Unit unit) {
  std::vector<std::string> line = {"spmma", "sweep"};
  const auto flag = [&](bool given, const std::string& name) {
    if (given) line.push_back(name);
  };
  const auto option = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) line.insert(line.end(), {name, value});
  };
  const auto file = [&](const std::string& name, const std::string& path) {
    option(name, path.empty() ? path : fs::absolute(path).lexically_normal().string());
  };
  if (unit == Unit::engine) option("--unit", "engine");
  for (const sweep::Axis& axis : sweep::axes()) {
    const bool chosen = unit == Unit::engine && (axis.field == &Point::acc_slots || axis.field == &Point::out_depth);
    if (chosen || (axis.engine && unit == Unit::core)) continue;
    option(std::string("--") + axis.name, sweep::value_text(axis, point.*axis.field));
  }
  option("--workload", flags.workload);
  if (flags.digits) option("--digits", std::to_string(*flags.digits));
  for (const std::string& gemm : flags.gemms) option("--gemm", gemm);
  file("--layers", flags.layers);
  flag(flags.dense_only, "--dense-only");
  flag(flags.sparse_only, "--sparse-only");
  option("--clock", flags.clock);
  if (flags.liberty == "none") {
    option("--liberty", flags.liberty);
  } else {
    file("--liberty", flags.liberty);
  }
  flag(flags.paths, "--paths");
  flag(flags.no_synthesis, "--no-synthesis");
  file("--rtl", flags.rtl);
  std::string text;
  for (const std::string& word : line) text += (text.empty() ? "" : " ") + verif::shell_word(word);
  return text;
}

std::string figure(const Record& record, const char* pointer, const char* format) {
  const Record::json_pointer at{std::string(pointer)};
  if (!record.contains(at) || !record.at(at).is_number()) return "-";
  return fmt::format(fmt::runtime(format), record.at(at).get<double>());
}

void print_table(const std::vector<Record>& records, const std::vector<std::string>& names) {
  std::size_t width = 5;
  for (const std::string& name : names) width = std::max(width, name.size());
  fmt::print("{:<{}} {:>11} {:>6} {:>6} {:>9} {:>12} {:>9} {:>8} {:>6} {:>8}\n", "point", width, "cycles", "used", "x",
             "error ulp", "area", "GE", "MHz", "of *", "pJ/MAC");
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record& r = records[i];
    if (r.at("status") != "ok") {
      fmt::print("{:<{}} {}: {}\n", names[i], width, r.at("status").get<std::string>(),
                 r.value("reason", std::string()));
      continue;
    }
    fmt::print("{:<{}} {:>11} {:>6} {:>6} {:>9} {:>12} {:>9} {:>8} {:>6} {:>8}\n", names[i], width,
               figure(r, "/simulation/cycles", "{:.0f}"), figure(r, "/simulation/utilisation", "{:.2f}"),
               figure(r, "/simulation/speed_up", "{:.2f}"), figure(r, "/error/max_ulp", "{:.3g}"),
               figure(r, "/synthesis/area", "{:.0f}"), figure(r, "/synthesis/gate_equivalents", "{:.0f}"),
               figure(r, "/timing/fmax_mhz", "{:.1f}"), figure(r, "/timing/of_multiplier_fmax", "{:.2f}"),
               figure(r, "/power/energy_per_mac_pj", "{:.2f}"));
  }
}

/// Older records stay, but for those of points that are measured again with the same tags.
std::vector<Record> with_older(const std::string& path, const std::vector<Record>& records) {
  std::vector<Record> all;
  if (fs::exists(path)) {
    const auto same = [](const Record& a, const Record& b) {
      return a.at("key") == b.at("key") && a.value("tags", Record()) == b.value("tags", Record());
    };
    for (Record& old : sweep::read_records(path)) {
      if (std::ranges::none_of(records, [&](const Record& r) { return same(r, old); })) all.push_back(std::move(old));
    }
  }
  all.insert(all.end(), records.begin(), records.end());
  return all;
}

void remember(const std::string& folder, const std::vector<std::string>& arguments) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError(fmt::format("{}: {}", folder, error.message()));
  const Record last = {{"working_folder", fs::current_path().string()}, {"arguments", arguments}};
  write_text(folder + "/last.json", last.dump() + "\n");
}

/// Goes on with the sweep that the folder remembers, where it was begun: its cache has what is finished.
[[noreturn]] void resume(const SweepFlags& flags) {
  const std::string path = flags.folder + "/last.json";
  if (!fs::exists(path)) throw InputError(fmt::format("{}: there is no sweep to go on with", path));
  std::string working_folder;
  std::vector<std::string> arguments;
  try {
    const Record last = Record::parse(read_text(path));
    working_folder = last.at("working_folder");
    arguments = last.at("arguments").get<std::vector<std::string>>();
  } catch (const Record::exception&) {
    throw InputError(fmt::format("{}: is not what a sweep leaves", path));
  }
  std::error_code error;
  fs::current_path(working_folder, error);
  if (error) throw InputError(fmt::format("{}: the sweep's {}: {}", path, working_folder, error.message()));
  verif::become_program(verif::this_program().string(), arguments);
}

}  // namespace

int sweep_verb(const SweepFlags& flags, const std::vector<std::string>& arguments) {
  if (!flags.run_point.empty()) return sweep::run_point(flags.run_point);
  if (flags.resume) resume(flags);
  if (flags.dense_only && flags.sparse_only) throw InputError("--dense-only does not go with --sparse-only");
  const bool slurm = flags.executor == "slurm";
  if (!slurm && flags.executor != "local") {
    throw InputError(fmt::format("--executor {}: not local or slurm", flags.executor));
  }
  if (!slurm && !flags.partition.empty()) throw InputError("--partition needs --executor slurm");
  Unit unit = Unit::core;
  if (flags.unit == "engine") {
    unit = Unit::engine;
  } else if (flags.unit != "core") {
    throw InputError(fmt::format("--unit {}: not core or engine", flags.unit));
  }
  const Preset* const base = find_preset(flags.base);
  if (base == nullptr) throw InputError(fmt::format("--base {}: no such preset", flags.base));
  const sweep::Space space = space_of(flags);
  const std::vector<Point> points = points_of(space, sweep::point_of(*base), unit);
  std::vector<std::string> swept;
  for (const auto& [axis, values] : space.values) swept.push_back(axis);
  std::vector<std::string> names;
  for (const Point& point : points) names.push_back(describe(point, swept));
  const Places places = find_places(flags.rtl);
  Task task{.unit = unit, .clock_targets = clock_targets(flags.clock), .paths = flags.paths};
  task.cache = fs::absolute(flags.folder + "/cache").string();
  // A dry run needs no workload.
  const bool any_workload = flags.dry_run && kinds_of_workload(flags) == 0;
  if (!any_workload) task.workload = workload_of(flags, places);
  std::vector<std::optional<std::string>> refusals;
  for (const Point& p : points) {
    refusals.push_back(any_workload ? not_buildable(p, unit) : not_measurable(p, task));
  }
  const auto refused =
      static_cast<std::size_t>(std::ranges::count_if(refusals, [](const auto& r) { return r.has_value(); }));
  if (flags.dry_run) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      fmt::print("{}{}\n", names[i], refusals[i] ? "  cannot be measured: " + *refusals[i] : "");
    }
    fmt::print("{} points{}\n", points.size(),
               refused == 0 ? "" : fmt::format(", {} of which cannot be measured", refused));
    return 0;
  }
  if (refused == points.size()) {
    throw InputError(fmt::format("no point of the space can be measured: {}", *refusals.front()));
  }
  task.tools = sweep::find_tools({.rtl = places.rtl,
                                  .scripts = places.scripts,
                                  .include = places.include,
                                  .liberty = flags.liberty,
                                  .synthesis = !flags.no_synthesis,
                                  .git_revision = kBuildInfo.git_revision});
  if (!flags.no_synthesis && task.tools.liberty.empty()) {
    fmt::print(stderr,
               "spmma: no liberty file: technology-free figures alone (--liberty FILE; Debian 12 has "
               "qflow-tech-osu018)\n");
  }
  const std::string out = flags.out.empty() ? flags.folder + "/results.jsonl" : flags.out;
  if (flags.append && fs::exists(out)) sweep::read_records(out);  // a wrong file is found before the work
  const std::vector<Record> older = flags.compare.empty() ? std::vector<Record>() : sweep::read_records(flags.compare);
  remember(flags.folder, arguments);

  std::vector<std::optional<Record>> records(points.size());
  const auto keep = [&](std::size_t i, Record record) {
    record["command"] = reproduce(flags, points[i], unit);
    if (const auto tags = words(flags.tags); !tags.empty()) record["tags"] = tags;
    records[i] = std::move(record);
  };
  std::vector<Point> missing;
  std::vector<std::size_t> places_of_missing;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (refusals[i]) {
      keep(i, new_record(points[i], task, "unbuildable", *refusals[i]));
    } else if (auto record = cached_record(points[i], task)) {
      keep(i, std::move(*record));
    } else {
      missing.push_back(points[i]);
      places_of_missing.push_back(i);
    }
  }

  // The first interrupt ends the sweep after what is finished has been written.
  const std::atomic<bool>& interrupted = verif::heed_interrupts();
  if (!missing.empty()) {
    verif::Progress progress;
    std::size_t done = 0, failed = 0;
    const unsigned all_at_once = slurm ? 0 : std::thread::hardware_concurrency();
    const unsigned jobs = flags.threads > 0 ? static_cast<unsigned>(flags.threads) : all_at_once;
    const sweep::ExecutorOptions options{.jobs = jobs,
                                         .stop = &interrupted,
                                         .folder = fs::absolute(flags.folder).string(),
                                         .partition = flags.partition,
                                         .done = [&](std::size_t i, const Record& record) {
                                           keep(places_of_missing[i], record);
                                           ++done;
                                           failed += record.at("status") == "failed" ? 1 : 0;
                                           progress.show(
                                               static_cast<double>(done) / static_cast<double>(missing.size()),
                                               fmt::format(" of {} points, {} failed", missing.size(), failed));
                                         }};
    if (slurm) {
      run_on_slurm(missing, task, options);
    } else {
      run_locally(missing, task, options);
    }
  }

  std::vector<Record> finished;
  std::vector<std::string> finished_names;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!records[i]) continue;
    failed += records[i]->at("status") == "failed" ? 1 : 0;
    finished.push_back(*records[i]);
    finished_names.push_back(names[i]);
  }
  std::vector<Record> all = flags.append ? with_older(out, finished) : finished;
  sweep::add_sparsity_costs(all);
  std::string lines;
  for (const Record& record : all) lines += sweep::line_of(record);
  write_text(out, lines);
  if (!flags.csv.empty()) write_text(flags.csv, sweep::csv(all));
  if (!flags.html.empty()) write_text(flags.html, sweep::page(all, places.scripts));
  print_table(finished, finished_names);
  fmt::print("{}", sweep::sparsity_text(all));
  fmt::print("{} points, {} from the cache, {} failed: {}\n", finished.size(), points.size() - missing.size(), failed,
             out);
  if (interrupted) {
    fmt::print(stderr, "spmma: interrupted: {} points are left; go on with: spmma sweep --resume{}\n",
               points.size() - finished.size(),
               flags.folder == SweepFlags{}.folder ? "" : " --folder " + verif::shell_word(flags.folder));
    return 1;
  }
  if (!flags.compare.empty()) {
    const sweep::Comparison comparison = sweep::compare(older, finished, flags.margin);
    if (comparison.compared == 0) throw InputError(fmt::format("{}: has none of these points", flags.compare));
    fmt::print("{}", text_of(comparison, flags.margin));
    if (!comparison.passed()) return 1;
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace spmma::cli
