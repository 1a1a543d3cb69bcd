// SPDX-License-Identifier: Apache-2.0
// Random operands of a whole GEMM.
#pragma once

#include <cstdint>
#include <random>

#include "core_reference.h"
#include "spmma/gemm.h"
#include "spmma/preset.h"
#include "stimulus.h"

namespace spmma::verif {

struct GemmShape {
  std::int64_t batch, m, n, k;
};

/// Whether a GEMM of some blocks takes seconds: all presets but small and tiny.
inline bool large_blocks(const Preset& preset) { return preset.gemm.block_rows > 16; }

/// A size around what an engine cuts at: 1 to `units` times `unit`, often at its edges.
std::int64_t random_size(std::mt19937_64& random, std::int64_t unit, std::int64_t units);

/// Columns of a block, and elements of the GEMM's K in a K block (twice the stored ones if sparse).
std::int64_t block_columns(const Preset& preset, const CoreMode& mode);
std::int64_t k_block(const Preset& preset, const CoreMode& mode);

/// Mostly values near 1, now and then any bits; the nibbles of a sparse A are legal under the rule.
class RandomGemm {
 public:
  /// Which operands have an entry for each of the batch; the others serve all of it.
  struct Batched {
    bool a = true, b = false, c = true;
  };

  /// K of a sparse A is rounded up to whole groups. A batch of 1 makes plain matrices.
  RandomGemm(const CoreParams& p, const CoreMode& mode, GemmShape shape, bool with_c, MetadataRule rule,
             std::uint64_t seed, Batched batched);
  RandomGemm(const CoreParams& p, const CoreMode& mode, GemmShape shape, bool with_c, MetadataRule rule,
             std::uint64_t seed)
      : RandomGemm(p, mode, shape, with_c, rule, seed, Batched{}) {}
  RandomGemm(const RandomGemm&) = delete;
  RandomGemm& operator=(const RandomGemm&) = delete;

  const GemmProblem& problem() const { return problem_; }
  Tensor& metadata() { return meta_; }

 private:
  void fill(Tensor& t, Format f);

  std::mt19937_64 random_;
  Tensor a_, b_, c_, meta_;
  GemmProblem problem_;
};

}  // namespace spmma::verif
