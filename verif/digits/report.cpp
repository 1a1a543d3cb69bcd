// SPDX-License-Identifier: Apache-2.0
#include "digits/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace spmma::verif {
namespace {

constexpr Format kRtlFormats[] = {Format::fp16, Format::int8};

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::string_view mode(bool sparse) { return sparse ? "sparse" : "dense"; }

double percent(std::int64_t correct, std::int64_t digits) {
  return 100.0 * static_cast<double>(correct) / static_cast<double>(digits);
}

/// Inputs, then every layer's outputs.
std::vector<std::int64_t> network_sizes(const Report& report) {
  const std::vector<LayerRun>& layers = report.runs.front().layers;
  std::vector<std::int64_t> sizes = {layers.front().k};
  for (const LayerRun& layer : layers) sizes.push_back(layer.m);
  return sizes;
}

std::string accuracy_cell(std::int64_t correct, std::int64_t digits) {
  return fmt::format("{}/{}  {:.2f} %", correct, digits, percent(correct, digits));
}

double ratio(std::int64_t a, std::int64_t b) { return static_cast<double>(a) / static_cast<double>(b); }

std::string cycles_row(std::string_view label, std::int64_t dense, const std::int64_t* sparse) {
  if (sparse == nullptr) return fmt::format("{:<14}{:>10}{:>10}{:>11}\n", label, dense, "-", "-");
  return fmt::format("{:<14}{:>10}{:>10}{:>10.2f}x\n", label, dense, *sparse, ratio(dense, *sparse));
}

template <typename Figure>
std::int64_t sum(const Report& report, Figure figure) {
  std::int64_t total = report.wave ? figure(report.wave->layer) : 0;
  for (const NetworkRun& run : report.runs)
    for (const LayerRun& layer : run.layers) total += figure(layer);
  return total;
}

nlohmann::ordered_json accuracy_json(std::int64_t correct, std::int64_t digits) {
  return {{"correct", correct}, {"total", digits}, {"percent", percent(correct, digits)}};
}

nlohmann::ordered_json layer_json(const LayerRun& layer, const Preset& preset, Format format, bool sparse) {
  const double macs_per_cycle = ratio(layer.macs(), layer.cycles);
  const int peak =
      preset.core.rows * preset.core.cols * products_per_step(preset.core.arith(), format) * (sparse ? 2 : 1);
  return {{"m", layer.m},
          {"n", layer.n},
          {"k", layer.k},
          {"macs", layer.macs()},
          {"steps", layer.steps},
          {"cycles", layer.cycles},
          {"cycles_model", layer.cycles_model},
          {"macs_per_cycle", macs_per_cycle},
          {"utilisation", macs_per_cycle / peak},
          {"results", layer.results()},
          {"mismatches", layer.mismatches}};
}

}  // namespace

const NetworkRun* Report::find(Format format, bool sparse) const {
  const auto found = std::find_if(runs.begin(), runs.end(),
                                  [&](const NetworkRun& run) { return run.format == format && run.sparse == sparse; });
  return found == runs.end() ? nullptr : &*found;
}

std::int64_t Report::results() const {
  return sum(*this, [](const LayerRun& layer) { return layer.results(); });
}

std::int64_t Report::mismatches() const {
  return sum(*this, [](const LayerRun& layer) { return layer.mismatches; });
}

std::int64_t Report::cycle_mismatches() const {
  return sum(*this, [](const LayerRun& layer) -> std::int64_t { return layer.cycles != layer.cycles_model; });
}

std::string table(const Report& report) {
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "{} held-out digits, network {}, preset {}\n\n", report.digits,
                 fmt::join(network_sizes(report), "-"), report.preset->name);

  fmt::format_to(out, "{:<14}{:<20}{}\n", "correct", "dense", "2:4 sparse");
  fmt::format_to(out, "{:<14}{:<20}{}\n", "FP32 (host)", accuracy_cell(report.fp32_correct[0], report.digits),
                 accuracy_cell(report.fp32_correct[1], report.digits));
  for (Format format : kRtlFormats) {
    const auto cell = [&](bool sparse) -> std::string {
      const NetworkRun* run = report.find(format, sparse);
      return run == nullptr ? "-" : accuracy_cell(run->correct, report.digits);
    };
    if (report.find(format, false) != nullptr)
      fmt::format_to(out, "{:<14}{:<20}{}\n", upper(name(format)) + " (RTL)", cell(false), cell(true));
  }

  fmt::format_to(out, "\n{:<14}{:>10}{:>10}{:>11}\n", "cycles", "dense", "sparse", "speed-up");
  for (Format format : kRtlFormats) {
    const NetworkRun* dense = report.find(format, false);
    const NetworkRun* sparse = report.find(format, true);
    if (dense == nullptr) continue;
    for (std::size_t i = 0; i < dense->layers.size(); ++i)
      text += cycles_row(fmt::format("{} layer {}", upper(name(format)), i + 1), dense->layers[i].cycles,
                         sparse == nullptr ? nullptr : &sparse->layers[i].cycles);
    // The steps are the cycles in which the unit works; the rest of a layer this small is loading its first operands
    // and storing its last results.
    for (const auto& [what, figure] : {std::pair{" total", &LayerRun::cycles}, std::pair{" unit", &LayerRun::steps}}) {
      const std::int64_t sparse_total = sparse == nullptr ? 0 : sparse->total(figure);
      text += cycles_row(upper(name(format)) + what, dense->total(figure), sparse == nullptr ? nullptr : &sparse_total);
    }
  }

  if (report.mismatches() == 0)
    fmt::format_to(out, "\nall {} results bit-exact with the golden model\n", report.results());
  else
    fmt::format_to(out, "\n{} of {} results differ from the golden model\n", report.mismatches(), report.results());
  if (report.cycle_mismatches() != 0)
    fmt::format_to(out, "{} cycle counts differ from the cycle model\n", report.cycle_mismatches());
  if (report.wave)
    fmt::format_to(out, "waveform  {}  ({}, layer {}, {} digits)\n", report.wave->path,
                   upper(name(report.wave->format)) + ' ' + std::string(mode(report.wave->sparse)), kLayers,
                   report.wave->layer.n);
  fmt::format_to(out, "report    {}\n", report.json_path);
  return text;
}

nlohmann::ordered_json to_json(const Report& report) {
  nlohmann::ordered_json runs = nlohmann::json::array();
  for (const NetworkRun& run : report.runs) {
    nlohmann::ordered_json layers = nlohmann::json::array();
    for (const LayerRun& layer : run.layers)
      layers.push_back(layer_json(layer, *report.preset, run.format, run.sparse));
    runs.push_back({{"format", name(run.format)},
                    {"format_b", name(activation_format(run.format))},
                    {"acc", name(default_acc(run.format))},
                    {"mode", mode(run.sparse)},
                    {"accuracy", accuracy_json(run.correct, report.digits)},
                    {"cycles", run.total(&LayerRun::cycles)},
                    {"cycles_model", run.total(&LayerRun::cycles_model)},
                    {"mismatches", run.total(&LayerRun::mismatches)},
                    {"layers", layers}});
  }

  nlohmann::ordered_json speedup = nlohmann::json::object();
  for (Format format : kRtlFormats) {
    const NetworkRun* dense = report.find(format, false);
    const NetworkRun* sparse = report.find(format, true);
    if (dense == nullptr || sparse == nullptr) continue;
    nlohmann::ordered_json layers = nlohmann::json::array();
    for (std::size_t i = 0; i < dense->layers.size(); ++i)
      layers.push_back(ratio(dense->layers[i].cycles, sparse->layers[i].cycles));
    speedup[std::string(name(format))] = {
        {"layers", layers}, {"total", ratio(dense->total(&LayerRun::cycles), sparse->total(&LayerRun::cycles))}};
  }

  nlohmann::ordered_json json = {{"preset", report.preset->name},
                                 {"unit", "engine"},
                                 {"parameters", nlohmann::ordered_json::object()},
                                 {"network", network_sizes(report)},
                                 {"digits", report.digits},
                                 {"fp32",
                                  {{"dense", accuracy_json(report.fp32_correct[0], report.digits)},
                                   {"sparse", accuracy_json(report.fp32_correct[1], report.digits)}}},
                                 {"runs", runs},
                                 {"speedup", speedup},
                                 {"results", report.results()},
                                 {"mismatches", report.mismatches()},
                                 {"cycle_mismatches", report.cycle_mismatches()},
                                 {"waveform", nullptr},
                                 {"wall_seconds", report.wall_seconds}};
  for (const auto& [parameter, value] : report.preset->gemm_rtl()) json["parameters"][parameter] = value;
  if (report.wave) {
    const WaveRun& wave = *report.wave;
    json["waveform"] = {{"file", wave.path},
                        {"format", name(wave.format)},
                        {"mode", mode(wave.sparse)},
                        {"layer", layer_json(wave.layer, *report.preset, wave.format, wave.sparse)}};
  }
  return json;
}

}  // namespace spmma::verif
