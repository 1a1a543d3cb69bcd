// SPDX-License-Identifier: Apache-2.0
// Designed input beats: operand classes that reach the corners of numerics.md, metadata, lengths, chains and their
// interleaving. Knows nothing of results.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core_beat.h"
#include "spmma/format.h"
#include "spmma/preset.h"

namespace spmma::verif {

/// One way to use the core.
struct CoreMode {
  Format a = Format::fp16;
  Format b = Format::fp16;
  Acc acc = Acc::f32;
  bool sparse = false;
  bool saturate = false;

  std::string name() const;  ///< "int8_uint8_s32_sparse_saturate"
};

/// Every legal mode of the preset; with `only_a`, those whose A has that format.
std::vector<CoreMode> core_modes(const CoreParams& p);
std::vector<CoreMode> core_modes(const CoreParams& p, Format only_a);

/// Where the operands of a step are drawn from. A class shapes A, B and C together.
enum class OperandClass : std::uint8_t {
  random_bits,   ///< any pattern, so all exponents and some specials
  near_one,      ///< like scaled data: exponents close together
  alignment,     ///< product exponents at e_max - {0, F-1 .. F+3}, C anywhere among them
  cancellation,  ///< pairs of products and C that cancel down to a small rest
  rounding,      ///< one large term and single bits just at, above and below its last place
  overflow,      ///< largest finite values and their neighbours
  subnormal,     ///< smallest values, C zero or tiny: gradual underflow
  floor,         ///< two or three single bits below the floor of e_max, at half the last place and at the unit of S
  specials,      ///< NaN, Inf, zeros and extremes sprinkled over near_one
  zeros,         ///< mostly +0 and -0
  largest,       ///< all products of one sign, exponent and nearly the largest fraction: |S| up to its bound
};
inline constexpr int kMixedClassCount = 10;  ///< the classes before `largest`, which has tests of its own

enum class MetadataKind : std::uint8_t {
  ordered,  ///< the six ordered nibbles under the rule `ordered`
  any,      ///< all sixteen under the rule `any`
  illegal,  ///< all sixteen under either rule
};

struct StimulusOptions {
  std::vector<CoreMode> modes = {};        ///< drawn from for each chain
  std::vector<OperandClass> classes = {};  ///< drawn from for each beat; empty for the mixed ones
  int slots = 0;                           ///< chains that are interleaved; 0 for acc_slots
  bool round_robin = true;                 ///< slots in turn, or in random order
  int min_chain = 1;                       ///< steps in a chain
  int max_chain = 24;
  double partial = 0.1;  ///< probability of a step with fewer than L products
  MetadataKind metadata = MetadataKind::ordered;
  std::int64_t illegal_after = 0;  ///< beats before the first illegal nibble, under `illegal`
  double illegal_mode = 0.0;       ///< probability of a step with any format codes at all
  double switch_mode = 0.0;        ///< probability that a step's mode is another than its chain's
};

/// An endless stream of beats.
class CoreStimulus {
 public:
  CoreStimulus(const CoreParams& p, StimulusOptions options, std::uint64_t seed);
  void next(CoreBeat& beat);

 private:
  struct Chain {
    int left = 0;
    CoreMode mode;
  };
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(double p) { return p > 0 && std::bernoulli_distribution(p)(random_); }
  int pick_slot();
  void fill_metadata(const CoreMode& mode, CoreBeat& beat);

  CoreParams params_;
  StimulusOptions options_;
  std::mt19937_64 random_;
  std::int64_t beats_ = 0;  ///< so far
  std::vector<Chain> chains_;
  int slot_ = 0;
};

/// Fills A, B and C of a beat with operands of one class, for a step of the given mode.
void fill_operands(const CoreParams& p, const CoreMode& mode, OperandClass cls, std::mt19937_64& random,
                   CoreBeat& beat);

}  // namespace spmma::verif
