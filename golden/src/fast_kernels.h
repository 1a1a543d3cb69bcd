// SPDX-License-Identifier: Apache-2.0
// The vector kernels of gemm_fast(): what they are given and what they assume. One row of A against a panel of columns
// of B at a time; see fast_kernels.cpp for how a step is done.
#pragma once

#include <cstdint>

namespace spmma::fast {

inline constexpr int kPanel = 64;        ///< columns of B in a panel of the floating-point kernels
inline constexpr int kTileRows = 32;     ///< rows of A in a tile of the floating-point kernels
inline constexpr int kMaxStep = 32;      ///< L at most
inline constexpr int kIntRows = 4;       ///< rows of A that the integer kernel takes at once
inline constexpr int kMaxIntPanel = 64;  ///< upper bound of int_panel()

/// Exponents (numerics.md section 2, step 1) that the narrow kernels keep in 8 bits. A product's is then in
/// [-64, 62], and with a zero factor (kZeroExponent, saturating addition) at most -97.
inline constexpr int kNarrowMin = -32;
inline constexpr int kNarrowMax = 31;
inline constexpr int kZeroExponent = -128;
inline constexpr int kNarrowFloor = kZeroExponent + kNarrowMax;

/// Rows of a tile of A against one panel of B, all steps. Elements are finite: specials were replaced by zeros.
struct FloatTile {
  int step = 0;    ///< L, stored elements of A a step
  int window = 0;  ///< rows of B a step (2L for a sparse A)
  std::int64_t steps = 0;
  int frac_bits = 0;  ///< F
  int floor = 0;
  bool e8m13 = false;      ///< D keeps 13 fraction bits
  int a_min_exponent = 0;  ///< the formats' smallest normal exponents
  int b_min_exponent = 0;

  const float* a = nullptr;               ///< steps x kTileRows x L: what one step needs lies together
  const std::uint32_t* a_exp = nullptr;   ///< likewise; the exponent as int8, in each of the four bytes
  const std::uint16_t* select = nullptr;  ///< per element of A: (row of B within the step's window) * kPanel
  bool shared_select = false;             ///< the first L elements of `select` serve every row and step
  const float* b = nullptr;               ///< (steps * window) x kPanel
  const std::int8_t* b_exp = nullptr;     ///< likewise
  float* acc = nullptr;                   ///< kTileRows x kPanel: C on entry, D on return
  const int* rows = nullptr;              ///< the rows of the tile to compute
  int row_count = 0;
};

/// FP32 accumulator; exponents of A and B in [kNarrowMin, kNarrowMax]; C finite, zero or of magnitude 2^-90 at least,
/// which then holds for every step's result. Products below 2^65 cannot make the largest C overflow.
/// Must run with rounding towards zero in force.
void narrow_f32(const FloatTile& t);

/// FP32 accumulator, any finite operands. Elements whose sum may have overflowed come back as NaN. Must run with
/// rounding towards zero in force.
void wide_f32(const FloatTile& t);

/// FP16 accumulator (values held as FP32), exponents as in narrow_f32(). Elements that overflowed come back as NaN.
/// Must run with rounding to nearest in force.
void narrow_f16(const FloatTile& t);

/// kIntRows rows of A against int_panel() columns of B.
struct IntTile {
  std::int64_t pairs = 0;           ///< pairs of consecutive k
  std::int64_t clamp_pairs = 0;     ///< pairs between two clamps to s32; 0: wrap
  const std::int16_t* a = nullptr;  ///< pairs x kIntRows x 2
  const std::int16_t* b = nullptr;  ///< pairs x int_panel() x 2
  std::int32_t* acc = nullptr;      ///< kIntRows x int_panel(): C on entry, D on return; any alignment
  std::int64_t acc_stride = 0;      ///< elements between its rows
};
int int_panel();
void int_rows(const IntTile& t);

}  // namespace spmma::fast
