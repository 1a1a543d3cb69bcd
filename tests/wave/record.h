// SPDX-License-Identifier: Apache-2.0
// Recordings for the tests: small GEMMs on a preset's core or engine.
#pragma once

#include <random>
#include <string>

#include "core_gemm.h"
#include "core_model.h"
#include "engine_gemm.h"
#include "spmma/sparse.h"

namespace spmma::verif {

/// D = A*B of small whole numbers in fp16, sparse where the preset can.
struct SmallGemm {
  static constexpr std::int64_t kK = 512;  ///< tens of steps on the presets with the largest tiles, too

  explicit SmallGemm(const std::string& name) : preset(*find_preset(name)), a(5, kK, 2), b(kK, 5, 2) {
    std::mt19937_64 random(1);
    constexpr std::uint32_t kNumbers[] = {0x0000, 0x3C00, 0x4000, 0x4200, 0xBC00, 0xC000, 0xC200};
    for (Tensor* t : {&a, &b}) {
      for (std::int64_t row = 0; row < t->rows; ++row) {
        for (std::int64_t col = 0; col < t->cols; ++col) t->set(0, row, col, kNumbers[random() % 7]);
      }
    }
    problem.arith = preset.core.arith();
    problem.sparse = preset.core.sparse;
    if (problem.sparse) compressed = compress(Format::fp16, prune(Format::fp16, a));
    problem.a = problem.sparse ? &compressed.values : &a;
    problem.metadata = problem.sparse ? &compressed.metadata : nullptr;
    problem.b = &b;
  }
  SmallGemm(const SmallGemm&) = delete;
  SmallGemm& operator=(const SmallGemm&) = delete;

  void record(bool engine, const std::string& wave, WaveWindow window = {}) const {
    if (engine) {
      run_engine_gemm(problem, {.preset = preset.name, .latency = 10, .wave = wave, .window = window});
    } else {
      run_core_gemm(problem, {.preset = preset.name, .wave = wave, .window = window});
    }
  }

  const Preset& preset;
  Tensor a, b;
  Compressed compressed;
  GemmProblem problem;
};

}  // namespace spmma::verif
