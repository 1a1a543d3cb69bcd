// SPDX-License-Identifier: Apache-2.0
// Many random dot products of one format, each compared bit for bit, on all cores.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "spmma/format.h"

namespace spmma::verif {

struct SoakOptions {
  std::string preset = "ampere";
  Format format = Format::fp16;    ///< of A; B and the accumulator take every legal partner
  std::int64_t count = 1'000'000;  ///< dot products (one step of one element each) to check, at least
  std::uint64_t seed = 1;
  unsigned threads = 0;                             ///< 0: one for each core; the stimulus does not depend on it
  std::function<void(std::int64_t)> progress = {};  ///< called now and then with the dot products checked so far
};

struct SoakResult {
  std::int64_t dot_products = 0;
  std::int64_t cycles = 0;
  std::int64_t differences = 0;
  std::string first_difference;  ///< of the lowest part that has one; empty if there is none
};

/// Splits `count` into parts of fixed size, each with its own model, stimulus and stalls made from the seed and the
/// part's number. Throws what a part throws (a stuck model).
SoakResult run_soak(const SoakOptions& options);

}  // namespace spmma::verif
