// SPDX-License-Identifier: Apache-2.0
// The fused step: one dot-product-add of up to L products and C (numerics.md sections 2 to 5).
// This is the readable, executable form of the contract; nothing here is optimised.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spmma/format.h"

namespace spmma {

/// What a preset fixes about the arithmetic.
struct Arith {
  int step_bytes = 16;  ///< bytes of a stored A row that one step takes: 8, 16 or 32
  int frac_bits = 24;   ///< F, fraction bits kept below e_max: 18 to 25 (FP8 always keeps 13)
};

/// Products in one step of format `f` (L = bytes per step / bytes per element).
int products_per_step(const Arith& arith, Format f);

/// Final conversion of a step's sum (numerics.md section 2, step 7).
enum class Rounding : std::uint8_t { rz_fp32, rz_e8m13, rne_fp16, wrap_s32, saturate_s32 };

/// Everything that one step's arithmetic depends on.
struct StepParams {
  Format a = Format::fp16;
  Format b = Format::fp16;
  Acc acc = Acc::f32;
  Rounding rounding = Rounding::rz_fp32;
  int frac_bits = 24;  ///< F in force (13 for FP8)
  int floor = -132;    ///< lower bound of e_max
};

/// Precondition: legal(a, b, acc). `saturate` matters for integers only.
StepParams step_params(const Arith& arith, Format a, Format b, Acc acc, bool saturate = false);

/// Constants that numerics.md marks [HYP] or [?], each in one place.
inline constexpr int kFp16FloorBase = 4;              ///< FP16 floor is 4-F (section 3; the other reading is 3-F)
inline constexpr bool kKeepSignOfRoundedZero = true;  ///< negative non-zero S that rounds to zero is -0 (section 4)

/// One aligned term: what a product or C contributes to S.
struct Term {
  bool special = false;  ///< NaN or Inf (no magnitude then)
  bool zero = true;      ///< contributes nothing
  bool negative = false;
  std::uint64_t significand = 0;  ///< before alignment
  int fraction_bits = 0;          ///< of `significand`
  int exponent = 0;
  std::int64_t aligned = 0;  ///< signed T, in units of 2^(e_max - F)
};

/// The inside of one step, for `spmma explain`, mismatch messages and tests.
struct StepTrace {
  std::vector<Term> products;
  Term c;
  bool special = false;  ///< decided by section 4; e_max and sum are then meaningless
  int e_max = 0;
  std::int64_t sum = 0;  ///< S, exact, in units of 2^(e_max - F); for integers the exact sum before wrap or clamp
  std::uint32_t result = 0;
};

/// One fused step. `a` and `b` hold the raw bits of the step's products (same length, 0 to L <= 32; masked lanes are
/// simply absent), `c` the raw accumulator. Returns the raw result in the accumulator's format.
std::uint32_t fused_step(const StepParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                         std::uint32_t c, StepTrace* trace = nullptr);

/// The same step of floating-point operands that are decoded already, for callers who meet each of them in many steps.
/// Precondition: p.a is no integer format.
std::uint32_t fused_step_decoded(const StepParams& p, std::span<const Decoded> a, std::span<const Decoded> b,
                                 std::uint32_t c, StepTrace* trace = nullptr);

}  // namespace spmma
