// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "cli/build_info.h"
#include "cli/compare.h"
#include "cli/job.h"
#include "cli/verbs.h"
#include "cli/wave_output.h"
#include "io/output_file.h"
#include "io/progress.h"
#include "model/wave_file.h"
#include "spmma/core_timing.h"
#include "spmma/gemm_timing.h"

namespace spmma::cli {

using verif::InputError;
using verif::OutputFile;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void check_names_differ(const GemmFlags& f) {
  if (f.report == f.out) throw InputError(fmt::format("{}: is named for D and for the report", f.out));
  if (f.wave.empty()) return;
  check_wave_name(f.wave);
  if (f.wave == f.out || f.wave == f.report) {
    throw InputError(fmt::format("{}: is named for the waveform and for another output", f.wave));
  }
}

/// What came out, whoever computed it. Counts of what never ran are 0.
struct Run {
  Tensor d;
  std::int64_t cycles = 0;
  std::int64_t bytes_read = 0, bytes_written = 0;
  std::int64_t metadata_errors = 0;
  std::vector<std::pair<const char*, std::int64_t>> stall_cycles;
  verif::GemmCounters engine;  ///< of the engine
};

std::vector<std::pair<const char*, std::int64_t>> stall_causes(const GemmStalls& s) {
  return {{"start", s.start}, {"a", s.a}, {"metadata", s.metadata}, {"b", s.b},
          {"c", s.c},         {"d", s.d}, {"chain", s.chain},       {"drain", s.drain}};
}

Run run_core(const Job& job, const std::string& wave, verif::Progress* progress) {
  verif::CoreRunResult result;
  if (progress != nullptr) {
    verif::CoreRunOptions options = job.core_options();
    options.wave = wave;
    options.progress = [&](std::int64_t done, std::int64_t all) { progress->update(done, all); };
    result = run_core_gemm(job.problem(), options);
  }
  Run run;
  run.d = std::move(result.d);
  run.cycles = result.cycles;
  run.bytes_read = result.bytes_read;
  run.bytes_written = result.bytes_written;
  run.metadata_errors = result.metadata_errors;
  run.stall_cycles = {{"input", result.stall_input}, {"output", result.stall_output}, {"core", result.stall_core}};
  return run;
}

Run run_engine(const Job& job, const std::string& wave, verif::Progress* progress) {
  verif::EngineRunResult result;
  if (progress != nullptr) {
    verif::EngineRunOptions options = job.engine_options();
    options.wave = wave;
    options.progress = [&](std::int64_t done, std::int64_t all) { progress->update(done, all); };
    result = run_engine_gemm(job.problem(), options);
  }
  if (result.error.code != 0) {
    throw std::runtime_error(fmt::format("the engine ends the job with error {}, operand {}, entry {}, row {}",
                                         result.error.code, result.error.operand, result.error.entry,
                                         result.error.row));
  }
  Run run;
  run.d = std::move(result.d);
  run.engine = result.counters;
  run.cycles = result.counters.cycles.cycles;
  run.bytes_read = result.counters.cycles.bytes_read;
  run.bytes_written = result.counters.cycles.bytes_written;
  run.metadata_errors = static_cast<std::int64_t>(result.metadata.count);
  run.stall_cycles = stall_causes(result.counters.cycles.stalls);
  return run;
}

/// D on the chosen backend. A D without elements is not worked for.
Run compute(const Job& job, const std::string& wave_name, const std::string& wave) {
  const GemmProblem problem = job.problem();
  const auto run_rtl = job.engine ? run_engine : run_core;
  const bool empty = problem.m() == 0 || problem.n() == 0 || problem.batch() == 0;
  if (empty || !job.rtl) {
    Run run = run_rtl(job, "", nullptr);
    run.d = empty ? Tensor(problem.m(), problem.n(), storage_bytes(job.acc), problem.batch(), problem.batched())
                  : gemm_fast(problem, 0);
    return run;
  }
  verif::Progress progress;
  try {
    return run_rtl(job, wave, &progress);
  } catch (const std::runtime_error& e) {
    // The harness names the file that it was given; that it could not write it is no fault of the RTL.
    const std::string what = e.what(), complaint = "wave file " + wave + ":";
    if (wave.empty() || !what.starts_with(complaint)) throw;
    throw InputError(wave_name + what.substr(complaint.size() - 1));
  }
}

/// Unstalled cycles as the cycle model has them.
std::int64_t predicted_cycles(const Job& job) {
  const GemmProblem p = job.problem();
  if (p.m() == 0 || p.n() == 0 || p.batch() == 0) return 0;
  if (job.engine) return gemm_cycles(*job.preset, job.timing_job(), job.memory).cycles;
  const std::int64_t steps = gemm_steps(p);
  if (steps == 0) return 0;
  const CoreParams& core = job.preset->core;
  const std::int64_t tiles = (p.m() + core.rows - 1) / core.rows * ((p.n() + core.cols - 1) / core.cols) * p.batch();
  return core_cycles(core, tiles, steps);
}

/// interfaces.md, "The command spmma". Counts of what never ran are 0; rates of it are null.
nlohmann::ordered_json make_report(const Job& job, const Run& run, std::int64_t mismatches, bool checked,
                                   double run_seconds, double wall_seconds) {
  const GemmProblem p = job.problem();
  const CoreParams& core = job.preset->core;
  const std::int64_t macs = p.m() * p.n() * p.batch() * p.k();
  const bool ran = job.rtl && run.cycles > 0;
  const auto rate = [&](double per) { return ran ? nlohmann::ordered_json(static_cast<double>(macs) / per) : nullptr; };
  const double peak = static_cast<double>(core.rows) * core.cols * job.products() * (job.sparse ? 2 : 1);

  nlohmann::ordered_json r;
  r["format"] = name(job.a_format);
  r["format_b"] = name(job.b_format);
  r["acc"] = name(job.acc);
  r["mode"] = job.sparse ? "sparse" : "dense";
  r["preset"] = job.preset->name;
  r["unit"] = job.engine ? "engine" : "core";
  r["backend"] = job.rtl ? "rtl" : "golden";
  for (const auto& [key, value] : job.engine ? job.preset->gemm_rtl() : core.rtl()) r["parameters"][key] = value;
  r["m"] = p.m();
  r["n"] = p.n();
  r["k"] = p.k();
  r["batch"] = p.batch();
  r["cycles"] = job.rtl ? nlohmann::ordered_json(run.cycles) : nullptr;
  r["cycles_model"] = predicted_cycles(job);
  r["macs"] = macs;
  r["macs_per_cycle"] = rate(static_cast<double>(run.cycles));
  r["utilisation"] = rate(static_cast<double>(run.cycles) * peak);
  r["bytes_read"] = run.bytes_read;
  r["bytes_written"] = run.bytes_written;
  for (const auto& [cause, cycles] : run.stall_cycles) r["stall_cycles"][cause] = cycles;
  if (job.engine) {
    const verif::GemmCounters& e = run.engine;
    r["steps"] = e.cycles.steps;
    r["beats_read"] = e.cycles.beats_read;
    r["beats_written"] = e.cycles.beats_written;
    r["held_cycles"] = {{"ar", e.held_ar}, {"aw", e.held_aw}, {"w", e.cycles.held_w}};
    r["memory"] = {{"latency", job.memory.latency}, {"bandwidth", job.memory.bandwidth}};
  }
  r["checked"] = checked;
  r["mismatches"] = mismatches;
  r["wall_seconds"] = wall_seconds;
  r["simulated_macs_per_second"] = rate(run_seconds);
  r["seed"] = job.seed;
  r["stall"] = job.stall;
  r["rtl_hash"] = kBuildInfo.rtl_hash;
  r["verilator_version"] = kBuildInfo.verilator_version;
  r["git_revision"] = kBuildInfo.git_revision;
  return r;
}

/// What the RTL did against what the golden model says it does: differing elements of D, and one more for each of a
/// wrong cycle count and a wrongly flagged nibble.
std::int64_t check(const Job& job, const Run& run) {
  std::int64_t mismatches = 0;
  if (!run.d.data.empty()) mismatches = compare(job, run.d, gemm_fast(job.problem(), 0));
  if (job.stall == 0 && run.cycles != predicted_cycles(job)) {
    ++mismatches;
    fmt::print(stderr, "spmma: {} cycles, but the cycle model says {}\n", run.cycles, predicted_cycles(job));
  }
  if (run.metadata_errors != 0) {
    ++mismatches;
    fmt::print(stderr, "spmma: {} {} flagged for their metadata, which is legal\n", run.metadata_errors,
               job.engine ? "groups were" : "results were");
  }
  return mismatches;
}

/// The save file is for GTKWave, and made by a tool that comes with it: without that there is none.
void write_wave(const Job& job, WaveOutput& wave) {
  if (verif::have_fst2vcd() && job.rtl) {
    wave.save(wave_layout(*job.preset, job.engine, verif::wave_formats(job.a_format, job.b_format, job.acc)), {}, {});
  }
  wave.commit();
}

}  // namespace

int gemm(const GemmFlags& flags) {
  const Clock::time_point started = Clock::now();
  check_names_differ(flags);
  const Job job = load_job(flags);
  OutputFile out(flags.out);
  std::optional<OutputFile> report;
  std::optional<WaveOutput> wave;
  if (!flags.report.empty()) report.emplace(flags.report);
  if (!flags.wave.empty()) wave.emplace(flags.wave);
  const bool quiet = out.is_stdout() || (report && report->is_stdout());

  const Clock::time_point run_started = Clock::now();
  const Run run = compute(job, flags.wave, wave ? wave->recording() : "");
  const double run_seconds = seconds_since(run_started);
  const bool checked = job.rtl && !flags.no_check;
  const std::int64_t mismatches = checked ? check(job, run) : 0;

  const bool good = mismatches == 0;
  if (good) out.write_npy(run.d, verif::result_dtype(job.acc, flags.raw));
  if (report) {
    report->write(make_report(job, run, mismatches, checked, run_seconds, seconds_since(started)).dump(2) + "\n");
  }
  if (good) out.commit();
  if (report) report->commit();
  if (wave) write_wave(job, *wave);
  if (!quiet) {
    const GemmProblem p = job.problem();
    fmt::print("{} x {} x {}{}, {} x {} -> {}, {}, {}: ", p.m(), p.n(), p.k(),
               p.batched() ? fmt::format(" x {} entries", p.batch()) : "", name(job.a_format), name(job.b_format),
               name(job.acc), job.sparse ? "sparse" : "dense", job.preset->name);
    const char* const verdict = !checked ? "not checked" : good ? "equal to the golden model" : "WRONG";
    fmt::print("{}\n", job.rtl ? fmt::format("{} cycles, {}", run.cycles, verdict) : "golden model");
  }
  return good ? 0 : 1;
}

}  // namespace spmma::cli
