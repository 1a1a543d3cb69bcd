// SPDX-License-Identifier: Apache-2.0
// spmma_digits: held-out handwritten digits through a small network on the simulated matrix unit, dense and 2:4 sparse,
// in FP16 and INT8 (docs/digits.md). Exit 0: every result is the golden model's; 1: not; 2: wrong usage or bad input.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "digits/network.h"
#include "digits/report.h"
#include "digits/run.h"
#include "io/output_file.h"
#include "io/progress.h"
#include "spmma/preset.h"

namespace spmma::verif {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr std::int64_t kWaveDigits = 8;

struct Flags {
  std::string preset = presets().front().name;
  std::string data = SPMMA_DIGITS_DATA;
  std::string out = "out";
  std::optional<std::int64_t> digits;
  bool no_wave = false;
};

/// The networks that the preset can run.
std::vector<Network> load_networks(const std::string& data, const CoreParams& core) {
  std::vector<Network> networks;
  for (Format format : {Format::fp16, Format::int8})
    for (bool sparse : {false, true})
      if (core.has(format) && core.has(activation_format(format)) && (core.sparse || !sparse))
        networks.push_back(load_network(data, format, sparse));
  if (networks.empty()) throw InputError("the preset has neither fp16 nor int8 with uint8");
  return networks;
}

/// The last layer of the last network once more, on a few digits, with a waveform.
LayerRun run_wave(const Preset& preset, const Network& network, const Tensor& last_operand, const std::string& path) {
  const Tensor operand = first_columns(last_operand, std::min(kWaveDigits, last_operand.cols));
  return run_layer(preset, network.problem(preset.core.arith(), kLayers - 1, operand), path, nullptr).layer;
}

int run(const Flags& flags) {
  const auto start = std::chrono::steady_clock::now();
  Report report;
  report.preset = find_preset(flags.preset);
  if (report.preset == nullptr) throw InputError("--preset " + flags.preset + ": no such preset");

  const Digits digits = load_digits(flags.data, flags.digits);
  report.digits = digits.images.cols;
  const std::vector<Network> networks = load_networks(flags.data, report.preset->core);
  for (bool sparse : {false, true})
    report.fp32_correct[sparse] = count_correct(classify_fp32(flags.data, sparse, digits.images), digits);

  std::error_code error;
  std::filesystem::create_directories(flags.out, error);
  if (error) throw InputError(flags.out + ": " + error.message());
  report.json_path = flags.out + "/digits.json";
  OutputFile json(report.json_path);
  std::optional<OutputFile> wave;
  const std::string wave_path = flags.out + "/digits.fst";
  if (!flags.no_wave) wave.emplace(wave_path);

  {
    Progress progress;
    std::int64_t all = 0, before = 0;
    for (const Network& network : networks) all += network_steps(report.preset->core, network, report.digits);
    for (const Network& network : networks) {
      report.runs.push_back(run_network(*report.preset, network, digits,
                                        [&](std::int64_t steps) { progress.update(before + steps, all); }));
      before += network_steps(report.preset->core, network, report.digits);
    }
  }
  if (wave) {
    const Network& network = networks.back();
    report.wave = {wave_path, network.format, network.sparse,
                   run_wave(*report.preset, network, report.runs.back().last_operand, wave->staged_path())};
    wave->commit();
  }
  report.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  json.write(to_json(report).dump(2) + "\n");
  json.commit();
  fmt::print("{}", table(report));
  return report.passed() ? 0 : kExitFailed;
}

int main(int argc, char** argv) {
  remove_uncommitted_on_signal();
  Flags flags;
  CLI::App app("Handwritten digits on the simulated matrix unit: dense against 2:4 sparse, FP16 and INT8.",
               "spmma_digits");
  app.add_option("--preset", flags.preset, "Preset of the RTL")->capture_default_str();
  app.add_option("--data", flags.data, "Folder of the network and the digits")->capture_default_str();
  app.add_option("--out", flags.out, "Folder for digits.json and digits.fst")->capture_default_str();
  app.add_option("--digits", flags.digits, "Run only the first N held-out digits");
  app.add_flag("--no-wave", flags.no_wave, "Write no waveform");
  try {
    app.parse(argc, argv);
    return run(flags);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    fmt::print(stderr, "spmma_digits: {}\n", e.what());
    return kExitUsage;
  } catch (const InputError& e) {
    fmt::print(stderr, "spmma_digits: {}\n", e.what());
    return kExitUsage;
  } catch (const std::exception& e) {
    fmt::print(stderr, "spmma_digits: {}\n", e.what());
    return kExitFailed;
  }
}

}  // namespace
}  // namespace spmma::verif

int main(int argc, char** argv) { return spmma::verif::main(argc, argv); }
