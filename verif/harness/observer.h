// SPDX-License-Identifier: Apache-2.0
// Who wants to know what a run did: functional coverage, above all. A run without an observer pays one null check.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core_beat.h"
#include "core_reference.h"
#include "gemm_model.h"

namespace spmma::verif {

/// Sees the ports of one spmma_core, as the CoreChecker does.
class CoreObserver {
 public:
  virtual ~CoreObserver() = default;

  /// Before the first cycle, and after each reset.
  virtual void on_reset(const Preset& preset) = 0;
  /// An accepted beat, in order, and C or the accumulators that it starts from (rows * cols values).
  virtual void on_beat(const CoreBeat& beat, std::span<const std::uint32_t> c) = 0;
  /// A taken result, which is the expected one.
  virtual void on_result(const CoreResult& result) = 0;
  /// The handshakes of each cycle.
  virtual void on_cycle(bool in_valid, bool in_ready, bool out_valid, bool out_ready) = 0;
};

/// Sees the ports of one spmma_gemm, as the GemmDriver does.
class GemmObserver {
 public:
  virtual ~GemmObserver() = default;

  /// Before the first cycle, and after each reset.
  virtual void on_reset(const Preset& preset) = 0;
  /// The ports in each cycle, before its rising edge.
  virtual void on_cycle(const AxiSubordinate& memory, const AxiLiteManager& registers, const GemmOutputs& outputs) = 0;
};

/// Who makes the observers of runs that were given none: nobody, unless a whole program is watched.
struct ObserverMakers {
  std::unique_ptr<CoreObserver> (*core)() = nullptr;
  std::unique_ptr<GemmObserver> (*gemm)() = nullptr;
};
inline ObserverMakers& default_observers() {
  static ObserverMakers makers;
  return makers;
}

/// `given`, or the one that is made for a run without one; null for none.
template <class Observer>
class Watching {
 public:
  Watching(Observer* given, std::unique_ptr<Observer> (*make)())
      : made_(given == nullptr && make != nullptr ? make() : nullptr),
        observer_(given != nullptr ? given : made_.get()) {}
  Observer* operator->() const { return observer_; }
  explicit operator bool() const { return observer_ != nullptr; }

 private:
  std::unique_ptr<Observer> made_;
  Observer* observer_;
};

}  // namespace spmma::verif
