// SPDX-License-Identifier: Apache-2.0
// One interface to the verilated spmma_gemm of every preset.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "axi.h"
#include "spmma/preset.h"
#include "wave_window.h"

namespace spmma::verif {

/// What spmma_gemm drives in one cycle.
struct GemmOutputs {
  AxiManager memory;
  AxiLiteSubordinate registers;
  bool irq = false;
};

/// A clocked spmma_gemm. One cycle is: drive() the inputs, settle(), read outputs(), rise().
class GemmModel {
 public:
  GemmModel() = default;
  GemmModel(const GemmModel&) = delete;
  GemmModel& operator=(const GemmModel&) = delete;
  virtual ~GemmModel() = default;

  const Preset& preset() const { return preset_; }

  virtual void set_reset(bool active) = 0;
  virtual void drive(const AxiSubordinate& memory, const AxiLiteManager& registers) = 0;
  virtual void settle() = 0;  ///< clock low: inputs reach the logic
  virtual void rise() = 0;    ///< clock edge
  /// What it drives since the last settle().
  virtual const GemmOutputs& outputs() = 0;

  /// Assertions of the RTL that failed so far; assertion.h says which was the first.
  virtual int assertion_failures() const = 0;

  virtual std::int64_t cycle() const = 0;  ///< rising edges so far, reset included

  /// As CoreModel's.
  virtual void open_wave(const std::string& path, WaveWindow window = {}) = 0;
  virtual void close_wave() = 0;

 protected:
  Preset preset_;
};

/// A new model of the preset with reset active, in reset-unknown state: every register starts with random bits drawn
/// from `seed`. Throws std::invalid_argument if this build has no model of that preset.
std::unique_ptr<GemmModel> make_gemm_model(std::string_view preset, bool trace = false, std::uint64_t seed = 1);

/// The presets that this build has models of.
std::vector<std::string> gemm_model_presets();

}  // namespace spmma::verif
