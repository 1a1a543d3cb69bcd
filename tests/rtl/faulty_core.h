// SPDX-License-Identifier: Apache-2.0
// A core with a fault, to see that the checker sees it.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core_model.h"

namespace spmma::verif {

/// Passes everything to a true model; `fault` may change what comes out.
class FaultyCore final : public CoreModel {
 public:
  struct Outputs {
    bool in_ready;
    bool out_valid;
    CoreFlags flags;
    std::span<std::byte> d;
  };
  using Fault = std::function<void(std::int64_t cycle, Outputs&)>;

  FaultyCore(const std::string& preset, Fault fault) : core_(make_core_model(preset)), fault_(std::move(fault)) {
    preset_ = preset;
    params_ = core_->params();
    a_ = core_->a();
    meta_ = core_->meta();
    b_ = core_->b();
    c_ = core_->c();
    data_.resize(core_->d().size());
    d_ = data_;
    look();
  }

  void set_control(const CoreControl& control) override { core_->set_control(control); }
  void set_in_valid(bool valid) override { core_->set_in_valid(valid); }
  void set_out_ready(bool ready) override { core_->set_out_ready(ready); }
  bool in_ready() const override { return out_.in_ready; }
  bool out_valid() const override { return out_.out_valid; }
  CoreFlags flags() const override { return out_.flags; }
  void settle() override {
    core_->settle();
    look();
  }
  void rise() override {
    core_->rise();
    ++cycle_;
    look();
  }
  int assertion_failures() const override { return core_->assertion_failures(); }
  void open_wave(const std::string& path, WaveWindow window) override { core_->open_wave(path, window); }
  void close_wave() override { core_->close_wave(); }

 private:
  void set_reset(bool active) override {
    if (active) core_->reset();
  }
  void look() {
    std::ranges::copy(core_->d(), data_.begin());
    out_ = {core_->in_ready(), core_->out_valid(), core_->flags(), data_};
    fault_(cycle_, out_);
  }

  std::unique_ptr<CoreModel> core_;
  Fault fault_;
  std::vector<std::byte> data_;
  Outputs out_{};
};

}  // namespace spmma::verif
