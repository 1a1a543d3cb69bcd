// SPDX-License-Identifier: Apache-2.0
// The command line: verbs, flags, exit codes.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <new>
#include <tuple>

#include "cli/build_info.h"
#include "cli/models.h"
#include "cli/verbs.h"
#include "harness/random_gemm.h"
#include "io/error.h"
#include "io/output_file.h"
#include "spmma/preset.h"
#include "sweep/axis.h"

namespace spmma::cli {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

/// One line on standard error, whatever a file's name holds.
void complain(std::string message) {
  std::replace_if(message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  fmt::print(stderr, "spmma: {}\n", message);
}

/// CLI11 alone takes -1 and what overflows for an unsigned number.
template <typename T>
const CLI::Validator kNumber(
    [](const std::string& text) {
      T value{};
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      const bool good = error == std::errc() && end == text.data() + text.size();
      return good ? std::string() : fmt::format("'{}' is not a number in range", text);
    },
    "");

/// Nothing is not a value: what an empty variable of a shell leaves.
const CLI::Validator kNotEmpty([](const std::string& text) { return text.empty() ? "has no value" : ""; }, "");

std::string preset_names() {
  std::string names;
  for (const Preset& p : presets()) names += (names.empty() ? "" : "|") + p.name;
  return names;
}

/// A flag that is given leaves these nothing to do.
void refuse_beside(const CLI::App& verb, const std::string& flag, std::initializer_list<const char*> others) {
  if (verb.count(flag) == 0) return;
  for (const char* const other : others) {
    if (verb.count(other) > 0) throw verif::InputError(fmt::format("{} does not go with {}", flag, other));
  }
}

constexpr const char* kRtlHelp = "Another folder of RTL than the one this command was built from";

/// The flags that say what is computed, and on what.
void add_problem_flags(CLI::App& verb, GemmFlags& f, bool required) {
  f.preset = presets().front().name;
  verb.add_option("--format", f.format, "Format of A: int8|uint8|fp16|bf16|tf32|e4m3|e5m2")->required(required);
  verb.add_option("--format-b", f.format_b, "Format of B where it differs (uint8 with int8, e4m3 with e5m2)");
  verb.add_option("--acc", f.acc, "Accumulator, C and D: s32|f32|f16 (default: s32 for integers, else f32)");
  verb.add_option("--a", f.a, "A, M x K; with --meta the values of a compressed A, M x K/2 (.npy)")->required(required);
  verb.add_option("--meta", f.meta, "Metadata of a compressed A: uint8, M x K/4 (tf32: K/2), a nibble a byte");
  verb.add_option("--b", f.b, "B, K x N")->required(required);
  verb.add_option("--c", f.c, "C, M x N (default: +0)");
  CLI::Option* dense = verb.add_flag("--dense", f.dense, "Every element of A takes part");
  CLI::Option* sparse = verb.add_flag("--sparse", f.sparse, "A is 2:4 (tf32: 1:2); the default where it is");
  dense->excludes(sparse);
  verb.add_flag("--prune", f.prune, "Prune a dense A to 2:4 first");
  verb.add_option("--metadata", f.metadata, "Legal nibbles: ordered (4 8 9 C D E) or any")->capture_default_str();
  verb.add_flag("--saturate", f.saturate, "Clamp integer results to s32 at each step instead of wrapping");
  verb.add_option("--preset", f.preset, preset_names())->capture_default_str();
  verb.add_option("--unit", f.unit, "What runs: engine, the whole GEMM from memory to memory, or core alone")
      ->capture_default_str();
  verb.add_option("--stall", f.stall, "Probability of holding each handshake back, 0 to below 1")
      ->check(kNumber<double>)
      ->capture_default_str();
  verb.add_option("--seed", f.seed, "Seed of the stalls")->check(kNumber<std::uint64_t>)->capture_default_str();
  verb.add_option("--memory-latency", f.memory_latency,
                  "Cycles from an address to its data, 1 to 10000 (default: 100); an error with --unit core")
      ->check(kNumber<std::int64_t>);
  verb.add_option("--memory-bandwidth", f.memory_bandwidth,
                  "Bytes a cycle, reads and writes each (default: the data width); an error with --unit core")
      ->check(kNumber<std::int64_t>);
}

/// Those that say what becomes of D. Verbs that write no D take them too, so that gemm's line can be theirs.
void add_result_flags(CLI::App& verb, GemmFlags& f, const std::string& ignored) {
  verb.add_option("--backend", f.backend, "rtl or golden")->capture_default_str();
  verb.add_flag("--no-check", f.no_check, "Do not compare the RTL with the golden model" + ignored);
  verb.add_flag("--raw", f.raw, "Write D as unsigned bits" + ignored);
  verb.add_option("--report", f.report, "Write a report (.json)" + ignored);
}

/// gemm's flags; `explain` writes no file, but takes gemm's whole line.
void add_gemm_flags(CLI::App& verb, GemmFlags& f, bool writes) {
  const std::string ignored = writes ? "" : " (accepted and ignored: nothing is written)";
  add_problem_flags(verb, f, true);
  CLI::Option* out = verb.add_option("--out", f.out, "D, M x N" + ignored);
  if (writes) out->required();
  add_result_flags(verb, f, ignored);
  verb.add_option("--wave", f.wave, "Write a waveform (.fst or .vcd)" + ignored);
  if (writes) verb.add_option("--rtl", f.rtl, kRtlHelp);
}

constexpr const char* kFormatHelp = "Format of A: int8|uint8|fp16|bf16|tf32|e4m3|e5m2";

void add_model_flags(CLI::App& verb, ModelFlags& f) {
  f.preset = presets().front().name;
  verb.add_option("--format", f.format, "Format of A and B: int8|uint8|fp16|bf16|tf32|e4m3|e5m2")->required();
  verb.add_option("--acc", f.acc, "Accumulator, C and D: s32|f32|f16 (default: s32 for integers, else f32)");
  for (const auto& [flag, size, what] : {std::tuple{"--m", &f.m, "Rows of A and D"},
                                         {"--n", &f.n, "Columns of B and D"},
                                         {"--k", &f.k, "Columns of A, rows of B"},
                                         {"--batch", &f.batch, "Entries of a batch (default: 1)"}}) {
    verb.add_option(flag, *size, what)->check(kNumber<std::int64_t>);
  }
  verb.add_option("--layers", f.layers, "A table instead: rows of name, M, N, K (.csv)");
  CLI::Option* dense = verb.add_flag("--dense", f.dense, "Dense only (default: both, where the preset is sparse)");
  CLI::Option* sparse = verb.add_flag("--sparse", f.sparse, "Sparse only: A is 2:4 (tf32: 1:2)");
  dense->excludes(sparse);
  verb.add_flag("--c", f.c, "There is a C");
  verb.add_option("--preset", f.preset, preset_names())->capture_default_str();
  verb.add_option("--memory-latency", f.memory_latency, "Cycles from an address to its data, 1 to 10000 (default: 100)")
      ->check(kNumber<std::int64_t>);
  verb.add_option("--memory-bandwidth", f.memory_bandwidth,
                  "Bytes a cycle, reads and writes each (default: the data width)")
      ->check(kNumber<std::int64_t>);
  verb.add_option("--report", f.report, "Write a report (.json)");
}

/// The models that a regression needs: with coverage others than without.
ModelsWanted regress_models(const RegressFlags& flags) {
  ModelsWanted wanted{
      .rtl = flags.rtl, .presets = regress_presets(flags), .waves = flags.no_waves ? Waves::none : Waves::few};
  if (!flags.coverage) return wanted;
  // Toggles make a large preset's model slow to build and run.
  const auto small = [](const std::string& name) { return !verif::large_blocks(*find_preset(name)); };
  if (wanted.presets.empty()) {
    for (const Preset& p : presets()) {
      if (small(p.name)) wanted.presets.push_back(p.name);
    }
  }
  wanted.waves = Waves::none;
  const bool toggles = std::ranges::all_of(wanted.presets, small);
  wanted.kind = toggles ? "coverage" : "line-coverage";
  wanted.options = {fmt::format("-DSPMMA_COVERAGE={}", toggles ? "ALL" : "LINE")};
  return wanted;
}

void add_regress_flags(CLI::App& verb, RegressFlags& f) {
  verb.add_option("--filter", f.filters, "Tests whose name is, contains or (with * ? [) matches this; may be repeated");
  verb.add_option("--preset", f.presets, "Presets, separated by commas (default: all of this build)");
  verb.add_option("--seeds", f.seeds, "Seeds of each test")->check(kNumber<std::int64_t>)->capture_default_str();
  verb.add_option("--seed", f.seed, "The first seed")->check(kNumber<std::uint64_t>)->capture_default_str();
  verb.add_option(
          "--time", f.minutes,
          "Go on with further seeds for so many minutes: of five runs one is the next test's, four are soak tests', "
          "which compare most dot products, the families of formats in turn")
      ->check(kNumber<double>);
  verb.add_option("-j,--jobs", f.threads, "Runs at a time (default: one for each core)")->check(CLI::Range(1, 1024));
  verb.add_flag("--failed", f.failed, "Only what failed last time, on the same RTL unless --rtl names another");
  verb.add_flag("--resume", f.resume, "Go on where the last regression was interrupted, as it was begun");
  verb.add_flag("--list", f.list, "Print the names of the tests and run nothing");
  verb.add_flag("--no-shrink", f.no_shrink, "Do not look for smaller failing cases");
  verb.add_flag("--no-waves", f.no_waves, "Record no waves of failures: with --rtl the models build in half the time");
  verb.add_option("--junit", f.junit, "Write a JUnit file (.xml)");
  verb.add_option("--html", f.html, "Write a report that opens in a browser (.html)");
  verb.add_flag(
      "--coverage", f.coverage,
      "Measure coverage, in a build of its own (default presets: the small ones; large ones without toggles)");
  verb.add_option("--folder", f.folder, "Where the last regression's state is kept")->capture_default_str();
  verb.add_option("--rtl", f.rtl, kRtlHelp);
}

void add_sweep_flags(CLI::App& verb, SweepFlags& f) {
  f.base = presets().front().name;
  for (const sweep::Axis& axis : sweep::axes()) f.axes.emplace_back(axis.name, "");
  for (auto& [name, values] : f.axes) {
    const sweep::Axis& axis = *sweep::find_axis(name);
    verb.add_option("--" + name, values, fmt::format("{}{}", axis.values, axis.engine ? " (with --unit engine)" : ""))
        ->delimiter('\0');
  }
  verb.add_option("--base", f.base, "Preset that everything else is taken from")->capture_default_str();
  verb.add_option("--space", f.space, "Axes, values and conditions of a JSON or YAML file");
  verb.add_option("--where", f.where, "Only points for which this holds: rows >= cols and step_bytes*rows < 256");
  verb.add_option("--unit", f.unit, "What is built: core, or the engine around it")->capture_default_str();
  verb.add_option("--workload", f.workload, "digits: the digit networks");
  verb.add_option("--digits", f.digits, "Only the first so many digits")->check(kNumber<std::int64_t>);
  verb.add_option("--gemm", f.gemms, "A GEMM of this size, MxNxK or NAME=MxNxK; may be repeated")->delimiter('\0');
  verb.add_option("--layers", f.layers, "GEMMs of a table: rows of name, M, N, K (.csv)");
  verb.add_flag("--dense-only", f.dense_only, "No sparse GEMMs");
  verb.add_flag("--sparse-only", f.sparse_only, "No dense GEMMs");
  CLI::Option* clock =
      verb.add_option("--clock", f.clock, "Clock targets of the mapping in ns; fmax is the median over them");
  CLI::Option* liberty =
      verb.add_option("--liberty", f.liberty, "Cell library (.lib), or none (default: osu018 where it is installed)");
  CLI::Option* paths = verb.add_flag("--paths", f.paths, "The slowest path into each register too");
  CLI::Option* no_synthesis = verb.add_flag("--no-synthesis", f.no_synthesis, "Simulate only");
  no_synthesis->excludes(clock)->excludes(liberty)->excludes(paths);
  verb.add_flag("--dry-run", f.dry_run, "Print the points and run nothing");
  verb.add_option("-j,--jobs", f.threads, "Points at a time (default: one for each core; of Slurm: no limit)")
      ->check(CLI::Range(1, 1024));
  CLI::Option* resume = verb.add_flag(
      "--resume", f.resume, "Go on with the folder's last sweep, as it was begun; no other flag goes with it");
  verb.add_option("--tags", f.tags, "Words for every record, separated by commas");
  verb.add_flag("--append", f.append, "Add to the results instead of replacing them");
  CLI::Option* folder =
      verb.add_option("--folder", f.folder, "For the cache and what --resume needs")->capture_default_str();
  verb.add_option("--out", f.out, "The results, JSON Lines (default: results.jsonl in the folder)");
  verb.add_option("--csv", f.csv, "Write them as a table too (.csv)");
  verb.add_option("--html", f.html, "Write them as a page that opens in a browser (.html)");
  CLI::Option* compare =
      verb.add_option("--compare", f.compare, "Compare with older results (.jsonl); what got worse or is lost fails");
  verb.add_option("--margin", f.margin, "Percent by which a figure may get worse")
      ->check(CLI::Range(0.0, 1000.0))
      ->needs(compare)
      ->capture_default_str();
  verb.add_option("--executor", f.executor, "Where points are evaluated: local, or slurm, as a job array")
      ->capture_default_str();
  verb.add_option("--partition", f.partition, "Slurm's, if not its default one");
  verb.add_option("--rtl", f.rtl, kRtlHelp);
  for (CLI::Option* option : verb.get_options()) {
    if (option == verb.get_help_ptr()) continue;
    if (option != resume && option != folder) resume->excludes(option);
    if (option->get_items_expected_max() > 0) option->check(kNotEmpty);
  }
  verb.add_option("--run-point", f.run_point)->group("");
}

}  // namespace

int run(int argc, char** argv) {
  verif::remove_uncommitted_on_signal();

  // GTKWave runs its filters without arguments: what this one is to do is in its name.
  constexpr std::string_view kFilterName = "spmma-wave-";
  const std::string_view name = std::string_view(argv[0]).substr(std::string_view(argv[0]).rfind('/') + 1);
  if (name.starts_with(kFilterName)) return wave_filter(std::string(name.substr(kFilterName.size())));

  CLI::App app("Open 2:4 sparse matrix-multiply-accumulate unit: runs its RTL and its golden model.", "spmma");
  app.set_version_flag("--version", fmt::format("spmma {} ({}, Verilator {})", kBuildInfo.version,
                                                kBuildInfo.git_revision, kBuildInfo.verilator_version));
  app.require_subcommand(1);
  app.footer("Exit 0: success. 1: a comparison or a test failed. 2: wrong usage or bad input.");

  std::function<int()> verb;
  GemmFlags gemm_flags;
  ExplainFlags explain_flags;
  ConvertFlags prune_flags, compress_flags, expand_flags;
  ModelFlags model_flags;
  RegressFlags regress_flags;
  WaveFlags wave_flags;
  SweepFlags sweep_flags;
  bool info_json = false;
  const std::vector<std::string> arguments(argv, argv + argc);

  CLI::App* sub = app.add_subcommand("gemm", "D = A*B + C on the RTL, checked against the golden model");
  add_gemm_flags(*sub, gemm_flags, true);
  sub->callback([&] {
    verb = [&] {
      if (gemm_flags.backend == "rtl") {
        use_current_rtl({.rtl = gemm_flags.rtl,
                         .presets = {gemm_flags.preset},
                         .waves = gemm_flags.wave.empty() ? Waves::none : Waves::all},
                        arguments);
      } else if (!gemm_flags.rtl.empty()) {
        throw verif::InputError("--rtl needs --backend rtl");
      }
      return gemm(gemm_flags);
    };
  });

  sub = app.add_subcommand("prune", "Keep the two of largest magnitude in each group of four (tf32: one of two)");
  sub->add_option("--format", prune_flags.format, kFormatHelp)->required();
  sub->add_option("--a", prune_flags.a, "Dense A, M x K (.npy)")->required();
  sub->add_option("--out", prune_flags.out, "Pruned A, M x K")->required();
  sub->callback([&] { verb = [&] { return prune(prune_flags); }; });

  sub = app.add_subcommand("compress", "Split a 2:4 matrix into values and metadata");
  sub->add_option("--format", compress_flags.format, kFormatHelp)->required();
  sub->add_option("--a", compress_flags.a, "2:4 A, M x K (.npy)")->required();
  sub->add_option("--values", compress_flags.values, "Values, M x K/2")->required();
  sub->add_option("--meta", compress_flags.meta, "Metadata: uint8, M x K/4 (tf32: K/2), a nibble a byte")->required();
  sub->callback([&] { verb = [&] { return compress(compress_flags); }; });

  sub = app.add_subcommand("expand", "Put values back to where their metadata says");
  sub->add_option("--format", expand_flags.format, kFormatHelp)->required();
  sub->add_option("--values", expand_flags.values, "Values, M x K/2 (.npy)")->required();
  sub->add_option("--meta", expand_flags.meta, "Metadata: uint8, M x K/4 (tf32: K/2), a nibble a byte")->required();
  sub->add_option("--metadata", expand_flags.metadata,
                  "Legal nibbles: ordered (4 8 9 C D E) or any (where both indices are equal the second value wins)")
      ->capture_default_str();
  sub->add_option("--out", expand_flags.out, "Dense A, M x K")->required();
  sub->callback([&] { verb = [&] { return expand(expand_flags); }; });

  sub = app.add_subcommand("explain", "One element of a GEMM, step by step, golden model and RTL side by side");
  add_gemm_flags(*sub, explain_flags.gemm, false);
  sub->add_option("--element", explain_flags.element, "Row and column of D: m,n")->required()->delimiter('\0');
  sub->add_option("--entry", explain_flags.entry, "Entry of the batch")
      ->check(kNumber<std::int64_t>)
      ->capture_default_str();
  sub->callback([&] { verb = [&] { return explain(explain_flags); }; });

  sub = app.add_subcommand("model", "Cycles of a GEMM, or of a table of layers, on the engine, without simulating");
  add_model_flags(*sub, model_flags);
  sub->callback([&] { verb = [&] { return model(model_flags); }; });

  sub = app.add_subcommand("regress", "The regression of the RTL: random and directed cases on every preset");
  add_regress_flags(*sub, regress_flags);
  sub->callback([&, sub] {
    verb = [&, sub] {
      // These run what the last regression ran.
      refuse_beside(*sub, "--failed",
                    {"--resume", "--filter", "--preset", "--seed", "--seeds", "--time", "--list", "--coverage"});
      refuse_beside(*sub, "--resume",
                    {"--filter", "--preset", "--seed", "--seeds", "--time", "--list", "--coverage", "--rtl"});
      take_last_regression(regress_flags);
      use_current_rtl(regress_models(regress_flags), arguments);
      return regress(regress_flags);
    };
  });

  sub = app.add_subcommand("wave", "A waveform of a GEMM or of a test, around what is wrong with it");
  add_problem_flags(*sub, wave_flags.gemm, false);
  add_result_flags(*sub, wave_flags.gemm, " (accepted and ignored)");
  sub->add_option("--test", wave_flags.test, "A test of the regression instead, with its --seed");
  sub->add_option("--from", wave_flags.from,
                  "First cycle (default: around the first wrong one, else all, at most 2000)");
  sub->add_option("--to", wave_flags.to, "Last cycle");
  sub->add_option("--around", wave_flags.around, "CYCLE[:RADIUS]: the cycles within a radius (32) of one");
  sub->add_option("--out,--wave", wave_flags.out,
                  "The waveform, .fst or .vcd; a .gtkw for GTKWave is written beside it")
      ->capture_default_str();
  sub->add_option("--picture", wave_flags.picture, "A picture of it too (.svg), of at most 40 cycles");
  sub->add_option("--rtl", wave_flags.gemm.rtl, kRtlHelp);
  sub->callback([&, sub] {
    verb = [&, sub] {
      if (sub->count("--test") > 0) {  // it brings its own operands
        for (const CLI::Option* const option : sub->get_options()) {
          const std::string flag = option->get_name();
          const auto goes = {"--test", "--seed", "--from", "--to", "--around", "--out", "--picture", "--rtl"};
          if (std::ranges::find(goes, flag) == goes.end()) refuse_beside(*sub, "--test", {flag.c_str()});
        }
      }
      use_current_rtl({.rtl = wave_flags.gemm.rtl, .presets = {wave_preset(wave_flags)}, .waves = Waves::all},
                      arguments);
      return wave(wave_flags);
    };
  });

  sub = app.add_subcommand("sweep", "Builds and measures many parameter sets: cycles, area, clock, energy, error");
  add_sweep_flags(*sub, sweep_flags);
  sub->callback([&] { verb = [&] { return sweep_verb(sweep_flags, arguments); }; });

  sub = app.add_subcommand("info", "Presets and parameters of this build");
  sub->add_flag("--json", info_json, "As JSON");
  sub->callback([&] { verb = [&] { return info(info_json); }; });

  try {
    app.parse(argc, argv);
    return verb();
  } catch (const CLI::RequiredError& e) {
    // CLI11 words the missing verb as "A subcommand is required".
    complain(app.get_subcommands().empty()
                 ? "a verb is required: gemm, prune, compress, expand, explain, model, regress, wave, sweep or info"
                 : e.what());
    return kExitUsage;
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(e);  // --help, --version
    complain(e.what());
    return kExitUsage;
  } catch (const verif::InputError& e) {
    complain(e.what());
    return kExitUsage;
  } catch (const std::bad_alloc&) {
    complain("not enough memory");
    return kExitUsage;
  } catch (const std::exception& e) {
    complain(e.what());
    return kExitFailed;
  }
}

}  // namespace spmma::cli
