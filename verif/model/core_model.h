// SPDX-License-Identifier: Apache-2.0
// One interface to the verilated spmma_core of every preset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spmma/preset.h"
#include "wave_window.h"

namespace spmma::verif {

/// The narrow input ports of one beat (rtl/spmma_core.sv): everything but the operands. Format codes are raw, so that
/// illegal ones can be driven.
struct CoreControl {
  std::uint8_t fmt_a = 0;
  std::uint8_t fmt_b = 0;
  bool acc_f16 = false;
  bool saturate = false;
  bool sparse = false;
  bool meta_any = false;
  int len = 0;   ///< stored elements in use in this step, 0 to L
  int slot = 0;  ///< accumulator slot
  bool first = true;
  bool last = true;

  friend bool operator==(const CoreControl&, const CoreControl&) = default;
};

/// The narrow output ports of one result.
struct CoreFlags {
  int slot = 0;
  bool err = false;       ///< a step had an illegal format combination
  bool meta_err = false;  ///< a step had an illegal nibble; the position of the first one follows
  int meta_row = 0;
  std::uint32_t meta_step = 0;
  int meta_group = 0;

  friend bool operator==(const CoreFlags&, const CoreFlags&) = default;
};

/// A clocked spmma_core. One cycle is: write the inputs, settle(), read the outputs, rise(). Outputs depend on
/// registers only, so they may also be read before the inputs are written.
class CoreModel {
 public:
  CoreModel() = default;
  CoreModel(const CoreModel&) = delete;
  CoreModel& operator=(const CoreModel&) = delete;
  virtual ~CoreModel() = default;

  const CoreParams& params() const { return params_; }
  const std::string& preset() const { return preset_; }

  /// The operand ports' own storage, laid out as rtl/spmma_core.sv says: written in place, nothing is copied.
  std::span<std::byte> a() { return a_; }
  std::span<std::byte> meta() { return meta_; }
  std::span<std::byte> b() { return b_; }
  std::span<std::byte> c() { return c_; }
  /// The result port's storage: rows * cols little-endian 32-bit words.
  std::span<const std::byte> d() const { return d_; }

  virtual void set_control(const CoreControl& control) = 0;
  virtual void set_in_valid(bool valid) = 0;
  virtual void set_out_ready(bool ready) = 0;
  virtual bool in_ready() const = 0;
  virtual bool out_valid() const = 0;
  virtual CoreFlags flags() const = 0;

  virtual void settle() = 0;  ///< clock low: inputs reach the logic
  virtual void rise() = 0;    ///< clock edge
  /// Holds reset for four cycles with both handshakes idle.
  void reset();

  std::int64_t cycle() const { return cycle_; }  ///< rising edges so far, reset included
  /// Assertions of the RTL that failed so far; assertion.h says which was the first.
  virtual int assertion_failures() const = 0;

  /// Starts recording the cycles of `window` that are still to come: .fst, or .vcd (converted by gtkwave's fst2vcd when
  /// the wave is closed).
  /// Throws std::runtime_error if the model was built without waves, the file cannot be written or fst2vcd is missing.
  virtual void open_wave(const std::string& path, WaveWindow window = {}) = 0;
  virtual void close_wave() = 0;

 protected:
  virtual void set_reset(bool active) = 0;

  std::string preset_;
  CoreParams params_;
  std::span<std::byte> a_, meta_, b_, c_;
  std::span<const std::byte> d_;
  std::int64_t cycle_ = 0;
};

/// A new model of the preset, in reset-unknown state: every register starts with random bits drawn from `seed`.
/// Throws std::invalid_argument if this build has no model of that preset.
std::unique_ptr<CoreModel> make_core_model(std::string_view preset, bool trace = false, std::uint64_t seed = 1);

/// The presets that this build has models of.
std::vector<std::string> core_model_presets();

/// Whether this build has models of the preset, core and engine, that record waves.
bool has_waves(std::string_view preset);

}  // namespace spmma::verif
