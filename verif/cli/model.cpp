// SPDX-License-Identifier: Apache-2.0
// `spmma model`: what the engine's cycle model says of a GEMM or of a table of layers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/build_info.h"
#include "cli/job.h"
#include "cli/layers.h"
#include "cli/verbs.h"
#include "io/output_file.h"
#include "spmma/gemm_timing.h"

namespace spmma::cli {

using verif::InputError;
using verif::OutputFile;

namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

/// From here on 2:4 halves the time, or at least saves some of it.
constexpr double kPays = 1.8, kPaysPartly = 1.1;
/// A resource bounds a GEMM if it is in use in this part of its cycles.
constexpr double kBound = 0.75;

/// What all GEMMs of a call have in common.
struct Setup {
  const Preset* preset = nullptr;
  Format format = Format::fp16;
  Acc acc = Acc::f32;
  bool dense = false, sparse = false;  ///< asked for
  bool has_c = false;
  MemoryTiming memory;

  int lanes() const { return preset->core.rows * preset->core.cols * products_per_step(preset->core.arith(), format); }
};

struct Prediction {
  bool sparse = false;
  GemmCycles counts;
  std::int64_t macs = 0;  ///< of the dense GEMM
  double utilisation = 0;
  const char* bound = "";
};

/// A GEMM in the modes that were asked for; no `sparse` also where K is off its multiple.
struct Row {
  Layer layer;
  std::int64_t batch = 1;
  std::optional<Prediction> dense, sparse;

  std::optional<double> speedup() const {
    if (!dense || !sparse) return std::nullopt;
    return static_cast<double>(dense->counts.cycles) / static_cast<double>(sparse->counts.cycles);
  }
};

/// Whether 2:4 makes a GEMM faster.
const char* pays(double speedup) { return speedup >= kPays ? "yes" : speedup >= kPaysPartly ? "partly" : "no"; }

std::vector<std::pair<const char*, std::int64_t>> stalls(const GemmStalls& s) {
  return {{"start", s.start}, {"a", s.a}, {"metadata", s.metadata}, {"b", s.b},
          {"c", s.c},         {"d", s.d}, {"chain", s.chain},       {"drain", s.drain}};
}

/// What was busy for most of the time; the latency of what is not overlapped where nothing was.
const char* bound(const Setup& setup, const GemmCycles& x) {
  const double per_beat = static_cast<double>(setup.preset->gemm.data_bytes()) / setup.memory.bandwidth;
  const std::array<std::pair<double, const char*>, 3> busy = {{
      {static_cast<double>(x.steps), "compute"},
      {static_cast<double>(x.beats_read) * per_beat, "read bandwidth"},
      {static_cast<double>(x.beats_written) * per_beat, "write bandwidth"},
  }};
  const auto& most = *std::max_element(busy.begin(), busy.end(), [](auto& a, auto& b) { return a.first < b.first; });
  return most.first >= kBound * static_cast<double>(x.cycles) ? most.second : "latency";
}

Prediction predict(const Setup& setup, const Layer& layer, std::int64_t batch, bool sparse) {
  GemmTimingJob job;
  job.a_format = job.b_format = setup.format;
  job.acc = setup.acc;
  job.sparse = sparse;
  job.has_c = setup.has_c;
  job.m = layer.m;
  job.n = layer.n;
  job.k = layer.k;
  job.batch = batch;
  if (!gemm_default_layout(job, setup.preset->gemm.data_bytes())) {
    throw InputError(fmt::format("{} x {} x {}, batch {}: does not fit 64-bit addresses", job.m, job.n, job.k, batch));
  }
  Prediction p;
  p.sparse = sparse;
  constexpr std::int64_t kMaxMacs = std::int64_t{1} << 60;  // so that no count comes near 63 bits
  if (__builtin_mul_overflow(job.m * job.n, job.k, &p.macs) || __builtin_mul_overflow(p.macs, batch, &p.macs) ||
      p.macs > kMaxMacs) {
    throw InputError(
        fmt::format("{} x {} x {}, batch {}: too many products to count cycles for", job.m, job.n, job.k, batch));
  }
  p.counts = gemm_cycles(*setup.preset, job, setup.memory);
  p.utilisation = static_cast<double>(p.counts.lanes) / (static_cast<double>(p.counts.cycles) * setup.lanes());
  p.bound = bound(setup, p.counts);
  return p;
}

Row predict(const Setup& setup, const Layer& layer, std::int64_t batch) {
  Row row;
  row.layer = layer;
  row.batch = batch;
  const bool whole_groups = layer.k % group_size(setup.format) == 0;
  if (setup.sparse && !setup.dense && !whole_groups) {
    throw InputError(fmt::format("K = {} is not a multiple of {}, as a sparse {} A needs", layer.k,
                                 group_size(setup.format), name(setup.format)));
  }
  if (setup.dense) row.dense = predict(setup, layer, batch, false);
  if (setup.sparse && whole_groups) row.sparse = predict(setup, layer, batch, true);
  return row;
}

Setup read_setup(const ModelFlags& flags) {
  Setup setup;
  setup.format = format_flag("--format", flags.format);
  setup.preset = &preset_flag(flags.preset);
  setup.acc = acc_flag(flags.acc, setup.format, setup.format, *setup.preset);
  if (flags.sparse && !setup.preset->core.sparse) {
    throw InputError(fmt::format("preset {} has no sparse support: --sparse", setup.preset->name));
  }
  setup.dense = !flags.sparse;
  setup.sparse = !flags.dense && setup.preset->core.sparse;
  setup.has_c = flags.c;
  setup.memory = memory_flags(*setup.preset, flags.memory_latency, flags.memory_bandwidth);
  return setup;
}

std::int64_t size_flag(const char* flag, const std::optional<std::int64_t>& value) {
  if (!value) throw InputError(fmt::format("{} is required, or --layers", flag));
  if (*value < 0 || *value > kMaxSize)
    throw InputError(fmt::format("{}: {} is not from 0 to {}", flag, *value, kMaxSize));
  return *value;
}

std::vector<Row> predict_all(const Setup& setup, const ModelFlags& flags) {
  std::vector<Row> rows;
  if (flags.layers.empty()) {
    const Layer layer{"", size_flag("--m", flags.m), size_flag("--n", flags.n), size_flag("--k", flags.k)};
    rows.push_back(predict(setup, layer, size_flag("--batch", flags.batch.value_or(1))));
    return rows;
  }
  for (const auto& [flag, given] :
       {std::pair{"--m", flags.m}, {"--n", flags.n}, {"--k", flags.k}, {"--batch", flags.batch}}) {
    if (given) throw InputError(fmt::format("{} does not go with --layers", flag));
  }
  for (const Layer& layer : read_layers(flags.layers)) {
    try {
      rows.push_back(predict(setup, layer, 1));
    } catch (const InputError& e) {
      throw InputError(fmt::format("{}: line {}: {}", flags.layers, layer.line, e.what()));
    }
  }
  return rows;
}

/// `cycles` and `cycles_model` are one number here: nothing ran.
Json json(const Prediction& p) {
  const GemmCycles& x = p.counts;
  Json stall_cycles;
  for (const auto& [cause, cycles] : stalls(x.stalls)) stall_cycles[cause] = cycles;
  return {{"mode", p.sparse ? "sparse" : "dense"},
          {"cycles", x.cycles},
          {"cycles_model", x.cycles},
          {"steps", x.steps},
          {"macs", p.macs},
          {"macs_per_cycle", static_cast<double>(p.macs) / static_cast<double>(x.cycles)},
          {"utilisation", p.utilisation},
          {"bytes_read", x.bytes_read},
          {"bytes_written", x.bytes_written},
          {"beats_read", x.beats_read},
          {"beats_written", x.beats_written},
          {"stall_cycles", stall_cycles},
          {"held_w", x.held_w},
          {"bound", p.bound}};
}

/// A GEMM in one mode is the object itself; both modes are members of it, beside the speed-up.
void add(Json& to, const Row& row) {
  to["m"] = row.layer.m;
  to["n"] = row.layer.n;
  to["k"] = row.layer.k;
  to["batch"] = row.batch;
  if (row.dense && !row.sparse) to.update(json(*row.dense));
  if (row.sparse && !row.dense) to.update(json(*row.sparse));
  if (const auto speedup = row.speedup()) {
    to["dense"] = json(*row.dense);
    to["sparse"] = json(*row.sparse);
    to["speedup"] = *speedup;
    to["pays"] = pays(*speedup);
  }
}

Json make_report(const Setup& setup, const std::vector<Row>& rows, bool table, double wall_seconds) {
  Json r;
  r["format"] = name(setup.format);
  r["format_b"] = name(setup.format);
  r["acc"] = name(setup.acc);
  r["preset"] = setup.preset->name;
  r["unit"] = "engine";
  r["backend"] = "model";
  for (const auto& [key, value] : setup.preset->gemm_rtl()) r["parameters"][key] = value;
  r["memory"] = {{"latency", setup.memory.latency}, {"bandwidth", setup.memory.bandwidth}};
  r["c"] = setup.has_c;
  if (table) {
    r["layers"] = Json::array();
    for (const Row& row : rows) {
      Json layer = {{"name", row.layer.name}};
      add(layer, row);
      r["layers"].push_back(layer);
    }
  } else {
    add(r, rows.front());
  }
  r["wall_seconds"] = wall_seconds;
  r["rtl_hash"] = kBuildInfo.rtl_hash;
  r["git_revision"] = kBuildInfo.git_revision;
  return r;
}

void print_one(const Row& row) {
  std::vector<Prediction> columns;
  for (const auto& p : {row.dense, row.sparse}) {
    if (p) columns.push_back(*p);
  }
  const auto line = [&](const std::string& title, auto&& cell) {
    fmt::print("  {:<16}", title);
    for (const Prediction& p : columns) fmt::print("{:>22}", cell(p));
    fmt::print("\n");
  };
  line("", [](const Prediction& p) { return p.sparse ? "sparse" : "dense"; });
  line("cycles", [](const Prediction& p) { return p.counts.cycles; });
  line("utilisation", [](const Prediction& p) { return fmt::format("{:.2f} %", 100 * p.utilisation); });
  line("steps", [](const Prediction& p) { return p.counts.steps; });
  for (std::size_t i = 0; i < stalls({}).size(); ++i) {
    line(fmt::format("{}{}", i == 0 ? "stalls: " : "        ", stalls({})[i].first),
         [&](const Prediction& p) { return stalls(p.counts.stalls)[i].second; });
  }
  line("writes held", [](const Prediction& p) { return p.counts.held_w; });
  line("bytes read", [](const Prediction& p) { return p.counts.bytes_read; });
  line("bytes written", [](const Prediction& p) { return p.counts.bytes_written; });
  line("bound by", [](const Prediction& p) { return p.bound; });
  if (const auto speedup = row.speedup()) {
    fmt::print("sparse is {:.3f} times as fast as dense; 2:4 pays: {}\n", *speedup, pays(*speedup));
  }
}

void print_table(const Setup& setup, const std::vector<Row>& rows) {
  std::size_t width = 4;
  for (const Row& row : rows) width = std::max(width, row.layer.name.size());
  const auto cells = [](const std::optional<Prediction>& p) {
    if (!p) return fmt::format("{:>16} {:>7}  {:<15}", "-", "-", "-");
    return fmt::format("{:>16} {:>5.1f} %  {:<15}", p->counts.cycles, 100 * p->utilisation, p->bound);
  };
  const auto heading = [](const char* mode) { return fmt::format("{:>16} {:>7}  {:<15}", mode, "in use", "bound by"); };
  fmt::print("{:<{}} {:>8} {:>8} {:>8}", "name", width, "M", "N", "K");
  if (setup.dense) fmt::print("{}", heading("dense cycles"));
  if (setup.sparse) fmt::print("{}", heading("sparse cycles"));
  const bool both = setup.dense && setup.sparse;
  fmt::print("{}\n", both ? " speed-up  2:4 pays" : "");
  for (const Row& row : rows) {
    fmt::print("{:<{}} {:>8} {:>8} {:>8}", row.layer.name, width, row.layer.m, row.layer.n, row.layer.k);
    if (setup.dense) fmt::print("{}", cells(row.dense));
    if (setup.sparse) fmt::print("{}", cells(row.sparse));
    if (const auto speedup = row.speedup()) {
      fmt::print(" {:>8.3f}  {}", *speedup, pays(*speedup));
    } else if (both) {
      fmt::print(" {:>8}  no: K is not a multiple of {}", "-", group_size(setup.format));
    }
    fmt::print("\n");
  }
}

}  // namespace

int model(const ModelFlags& flags) {
  const Setup setup = read_setup(flags);
  std::optional<OutputFile> report;
  if (!flags.report.empty()) report.emplace(flags.report);

  const Clock::time_point started = Clock::now();
  const std::vector<Row> rows = predict_all(setup, flags);
  const double seconds = std::chrono::duration<double>(Clock::now() - started).count();

  const bool table = !flags.layers.empty();
  if (report) {
    const bool quiet = report->is_stdout();
    report->write(make_report(setup, rows, table, seconds).dump(2) + "\n");
    report->commit();
    if (quiet) return 0;
  }
  const Layer& first = rows.front().layer;
  const std::string size =
      table ? ""
            : fmt::format("{} x {} x {}{}, ", first.m, first.n, first.k,
                          rows.front().batch == 1 ? "" : fmt::format(" x {} entries", rows.front().batch));
  fmt::print("{}{} x {} -> {}{}, {}; memory: latency {}, {} bytes a cycle\n", size, name(setup.format),
             name(setup.format), name(setup.acc), setup.has_c ? " with C" : "", setup.preset->name,
             setup.memory.latency, setup.memory.bandwidth);
  if (table) {
    print_table(setup, rows);
  } else {
    print_one(rows.front());
  }
  fmt::print("modelled in {:.1f} ms\n", 1e3 * seconds);
  if (std::fflush(stdout) != 0) throw InputError("standard output cannot be written");
  return 0;
}

}  // namespace spmma::cli
