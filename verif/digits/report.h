// SPDX-License-Identifier: Apache-2.0
// What spmma_digits found, as a table for people and as JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "digits/run.h"
#include "spmma/preset.h"

namespace spmma::verif {

/// A small GEMM of its own, written as a waveform.
struct WaveRun {
  std::string path;
  Format format = Format::fp16;
  bool sparse = false;
  LayerRun layer;  ///< of the last layer
};

struct Report {
  const Preset* preset = nullptr;
  std::int64_t digits = 0;
  std::int64_t fp32_correct[2] = {0, 0};  ///< on the host: dense, sparse
  std::vector<NetworkRun> runs;           ///< not empty when printed
  std::optional<WaveRun> wave;
  std::string json_path;
  double wall_seconds = 0;

  const NetworkRun* find(Format format, bool sparse) const;  ///< null if the preset cannot run it
  std::int64_t results() const;                              ///< compared with the golden model
  std::int64_t mismatches() const;
  std::int64_t cycle_mismatches() const;  ///< GEMMs whose cycle count is not the model's
  bool passed() const { return mismatches() == 0 && cycle_mismatches() == 0; }
};

std::string table(const Report& report);
nlohmann::ordered_json to_json(const Report& report);

}  // namespace spmma::verif
