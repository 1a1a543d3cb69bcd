// SPDX-License-Identifier: Apache-2.0
// From gemm's flags to a checked problem.
#pragma once

#include <optional>
#include <string>

#include "cli/verbs.h"
#include "harness/core_gemm.h"
#include "harness/engine_gemm.h"
#include "io/matrix.h"
#include "spmma/gemm.h"
#include "spmma/gemm_timing.h"
#include "spmma/preset.h"

namespace spmma::cli {

/// Flags' values. They throw InputError, naming `flag`, for what is not one of the choices.
Format format_flag(const std::string& flag, const std::string& value);
const Preset& preset_flag(const std::string& value);
/// The accumulator; the default of format `a` if `value` is empty. Throws unless a x b -> acc is legal and built in.
Acc acc_flag(const std::string& value, Format a, Format b, const Preset& preset);
/// The engine's memory; latency 100 and the whole data width where not given.
MemoryTiming memory_flags(const Preset& preset, std::optional<std::int64_t> latency,
                          std::optional<std::int64_t> bandwidth);
MetadataRule metadata_flag(const std::string& value);

/// "row 3, group 5", with the batch entry in front where there is one.
std::string position_text(const GroupPosition& at, bool batched);

/// Throws InputError unless K of a sparse A is a multiple of its group.
void check_groups(const std::string& path, Format f, const Tensor& a);
/// Throws InputError, naming the first offending row and group, unless `a` is 2:4 (tf32: 1:2).
void check_sparse(const std::string& path, Format f, const Tensor& a);
/// Throws InputError for the first nibble that is not legal under `rule`, and for bits above a nibble.
void check_metadata(const std::string& path, Format f, MetadataRule rule, const Tensor& metadata);
/// K of a compressed A. Throws InputError unless values and metadata fit each other.
std::int64_t compressed_k(const std::string& values_path, const Tensor& values, const std::string& meta_path,
                          const Tensor& metadata, Format f);

/// A GEMM whose flags and files are in order: the problem is legal on the preset and every size agrees.
struct Job {
  const Preset* preset = nullptr;
  bool rtl = true;
  bool engine = true;   ///< else the core alone
  MemoryTiming memory;  ///< behind the engine
  Format a_format = Format::fp16, b_format = Format::fp16;
  Acc acc = Acc::f32;
  bool saturate = false, sparse = false;
  MetadataRule rule = MetadataRule::ordered;
  double stall = 0;
  std::uint64_t seed = 1;
  Tensor a, metadata, b;
  std::optional<Tensor> c;

  /// Points into this job.
  GemmProblem problem() const;
  verif::CoreRunOptions core_options() const;
  verif::EngineRunOptions engine_options() const;
  /// The engine's job with the default layout.
  GemmTimingJob timing_job() const;
  /// Products of A's format in one step of the preset.
  int products() const { return products_per_step(preset->core.arith(), a_format); }
};

/// Reads and checks. Throws InputError. With `any_nibble`, nibbles that are not legal pass (bits above them do not).
Job load_job(const GemmFlags& flags, bool any_nibble = false);

}  // namespace spmma::cli
