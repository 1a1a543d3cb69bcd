// SPDX-License-Identifier: Apache-2.0
// What every point of a sweep computes: GEMMs of given sizes, or the digit networks.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "spmma/gemm.h"
#include "spmma/preset.h"

namespace spmma::sweep {

struct GemmSize {
  std::string name = {};
  std::int64_t m = 0, n = 0, k = 0;

  friend bool operator==(const GemmSize&, const GemmSize&) = default;
};

/// The largest M, N and K, and the most multiply-accumulates of a GEMM: a slip of the pen shall not run for days.
inline constexpr std::int64_t kMostSize = 65536;
inline constexpr std::int64_t kMostMacs = std::int64_t{1} << 36;

struct Workload {
  std::string name = {};             ///< "digits", or the sizes
  std::vector<GemmSize> sizes = {};  ///< empty: the digit networks
  std::int64_t digits = 0;           ///< of the digit networks; 0: all held-out ones
  std::string data = {};             ///< their folder
  std::string data_hash = {};        ///< SHA-256 over its files
  bool dense = true, sparse = true;  ///< which modes run, where the point has them
};

/// "64x128x256", or "NAME=64x128x256". Throws verif::InputError.
GemmSize parse_size(const std::string& text);
/// Throws verif::InputError("WHERE: what is wrong") unless it is one to be run.
void check_size(const GemmSize& size, const std::string& where);

nlohmann::ordered_json to_json(const Workload& workload);
Workload workload_from_json(const nlohmann::ordered_json& json);

/// One GEMM with its operands. The problem lives as long as the call.
struct WorkloadCase {
  std::string name = {};
  const GemmProblem* problem = nullptr;
};

/// Why the core can compute none of the GEMMs, or nothing.
std::optional<std::string> not_runnable(const Workload& workload, const CoreParams& core);

/// Calls `run` for each GEMM that the core can compute, in the same order for every one of the same formats; `run`
/// returns D, which the digit networks go on with.
void run_workload(const Workload& workload, const CoreParams& core,
                  const std::function<Tensor(const WorkloadCase&)>& run);

}  // namespace spmma::sweep
