// SPDX-License-Identifier: Apache-2.0
// The verbs of the command. Each returns the exit code, 0 or 1; bad input is thrown as verif::InputError (exit 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spmma::cli {

/// gemm's flags as the user gave them (interfaces.md, "The command spmma"); empty where not given.
struct GemmFlags {
  std::string format, format_b, acc;
  std::string preset, backend = "rtl", unit = "engine", metadata = "ordered";
  std::string a, meta, b, c, out, report, wave;
  std::string rtl;  ///< another tree of RTL
  bool dense = false, sparse = false, saturate = false, prune = false, no_check = false, raw = false;
  std::uint64_t seed = 1;
  double stall = 0;
  std::optional<std::int64_t> memory_latency, memory_bandwidth;
};
int gemm(const GemmFlags& flags);

struct ExplainFlags {
  GemmFlags gemm;
  std::string element;     ///< "m,n"
  std::int64_t entry = 0;  ///< of the batch
};
int explain(const ExplainFlags& flags);

struct ConvertFlags {
  std::string format, metadata = "ordered";
  std::string a, values, meta, out;
};
int prune(const ConvertFlags& flags);     ///< a -> out
int compress(const ConvertFlags& flags);  ///< a -> values, meta
int expand(const ConvertFlags& flags);    ///< values, meta -> out

struct ModelFlags {
  std::string format, acc, preset, layers, report;
  std::optional<std::int64_t> m, n, k, batch;
  bool dense = false, sparse = false, c = false;
  std::optional<std::int64_t> memory_latency, memory_bandwidth;
};
int model(const ModelFlags& flags);

struct WaveFlags {
  GemmFlags gemm;  ///< nothing but the seed with `test`
  std::string test;
  std::optional<std::string> from, to;
  std::string around;  ///< "CYCLE" or "CYCLE:RADIUS"
  std::string out = "spmma.fst", picture;
};
int wave(const WaveFlags& flags);
std::string wave_preset(const WaveFlags& flags);  ///< which it simulates; a name that may not exist
/// What GTKWave runs beside a wave, as spmma-wave-RADIX: answers lines of hexadecimal digits on standard input.
int wave_filter(const std::string& radix);

int info(bool json);

struct RegressFlags {
  std::vector<std::string> filters;
  std::string presets;  ///< separated by commas; empty: all of the build
  std::uint64_t seed = 1;
  std::int64_t seeds = 1;
  std::optional<double> minutes;
  int threads = 0;  ///< 0: one for each core
  bool failed = false, resume = false, list = false, no_shrink = false, no_waves = false, coverage = false;
  std::string junit, html, rtl;
  std::string folder = "spmma-regress";  ///< holds what --failed and --resume need, and the failures' waves
};
/// With `failed` or `resume`: fills in what the last regression ran, and on what. Throws verif::InputError where there
/// is none to go on from.
void take_last_regression(RegressFlags& flags);
int regress(const RegressFlags& flags);
/// The names of --preset. Throws verif::InputError if one is none.
std::vector<std::string> regress_presets(const RegressFlags& flags);

struct SweepFlags {
  std::vector<std::pair<std::string, std::string>> axes;  ///< of every axis its name and values; empty where not given
  std::string base, space, unit = "core";
  std::vector<std::string> where;
  std::string workload, layers;
  std::vector<std::string> gemms;
  std::optional<std::int64_t> digits;
  bool dense_only = false, sparse_only = false;
  std::string clock;    ///< periods in ns, separated by commas
  std::string liberty;  ///< path, "none", or empty: osu018 where it is installed
  bool no_synthesis = false, paths = false, dry_run = false, resume = false, append = false;
  std::string tags;  ///< separated by commas
  int threads = 0;   ///< 0: one for each core
  std::string folder = "spmma-sweep", out, csv, html, rtl;
  std::string compare;  ///< an older results file
  double margin = 1;    ///< percent
  std::string executor = "local", partition;
  std::string run_point;  ///< what a point's own process is told
};
/// `arguments` of main(), for --resume.
int sweep_verb(const SweepFlags& flags, const std::vector<std::string>& arguments);

/// Parses the command line and runs its verb. Returns the process's exit code.
int run(int argc, char** argv);

}  // namespace spmma::cli
