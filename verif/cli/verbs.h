// SPDX-License-Identifier: Apache-2.0
// The verbs of the command. Each returns the exit code, 0 or 1; bad input is thrown as verif::InputError (exit 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace spmma::cli {

/// gemm's flags as the user gave them (interfaces.md, "The command spmma"); empty where not given.
struct GemmFlags {
  std::string format, format_b, acc;
  std::string preset, backend = "rtl", unit = "engine", metadata = "ordered";
  std::string a, meta, b, c, out, report, wave;
  bool dense = false, sparse = false, saturate = false, prune = false, no_check = false, raw = false;
  std::uint64_t seed = 1;
  double stall = 0;
  std::optional<std::int64_t> memory_latency, memory_bandwidth;
};
int gemm(const GemmFlags& flags);

struct ExplainFlags {
  GemmFlags gemm;
  std::string element;     ///< "m,n"
  std::int64_t entry = 0;  ///< of the batch
};
int explain(const ExplainFlags& flags);

struct ConvertFlags {
  std::string format, metadata = "ordered";
  std::string a, values, meta, out;
};
int prune(const ConvertFlags& flags);     ///< a -> out
int compress(const ConvertFlags& flags);  ///< a -> values, meta
int expand(const ConvertFlags& flags);    ///< values, meta -> out

struct ModelFlags {
  std::string format, acc, preset, layers, report;
  std::optional<std::int64_t> m, n, k, batch;
  bool dense = false, sparse = false, c = false;
  std::optional<std::int64_t> memory_latency, memory_bandwidth;
};
int model(const ModelFlags& flags);

int info(bool json);

/// Parses the command line and runs its verb. Returns the process's exit code.
int run(int argc, char** argv);

}  // namespace spmma::cli
