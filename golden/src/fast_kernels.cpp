// SPDX-License-Identifier: Apache-2.0
// One fused step (numerics.md section 2) on vectors of columns. With e_max known, a term is
//   T = trunc(a * b * 2^(F - e_max)):
// the product of two significands of at most 11 bits is exact in FP32, scaling by a power of two is exact unless it
// underflows (then T = 0), and conversion to int32 cuts off the magnitude, as paragraph 5 wants. The sum is an int32
// (|S| < 2^31; 16 products with F = 25 need one bit more and are summed in two halves). With rounding towards zero
// in force, the conversion of S to FP32 and its scaling by 2^(e_max - F) are paragraph 7's truncation.
#include "fast_kernels.h"

#include <algorithm>

#include "spmma/step.h"

#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fast_kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target.h comes first
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
#undef SPMMA_DPWSSD
#if HWY_TARGET == HWY_AVX3_DL && HWY_COMPILER_GCC_ACTUAL
#define SPMMA_DPWSSD  // Highway 1.0 neither has it nor tells the compiler that this target does
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR ",avx512vnni")
#endif
namespace spmma::fast {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using DF = hn::CappedTag<float, 16>;
using DI = hn::RebindToSigned<DF>;
using DU = hn::RebindToUnsigned<DF>;
using VF = hn::Vec<DF>;
using VI = hn::Vec<DI>;

constexpr std::int32_t kExponentMask = 0x7F800000;
constexpr std::int32_t kMagnitudeMask = 0x7FFFFFFF;
constexpr std::int32_t kMaxFinite = 0x7F7FFFFF;
constexpr std::int32_t kE8M13Mask = ~0x3FF;
constexpr std::int32_t kBias = 127;
constexpr int kHalfStep = 8;  // products that are certain to fit int32 together with C

/// Truncation to int32. The values are in range, so the fix-up of Highway's ConvertTo is left out where it costs.
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
template <size_t N>
HWY_INLINE hn::Vec128<std::int32_t, N> Truncate(hn::Vec128<float, N> v) {
  return hn::Vec128<std::int32_t, N>{_mm_cvttps_epi32(v.raw)};
}
#if HWY_TARGET <= HWY_AVX2
HWY_INLINE hn::Vec256<std::int32_t> Truncate(hn::Vec256<float> v) {
  return hn::Vec256<std::int32_t>{_mm256_cvttps_epi32(v.raw)};
}
#endif
#if HWY_TARGET <= HWY_AVX3
HWY_INLINE hn::Vec512<std::int32_t> Truncate(hn::Vec512<float> v) {
  return hn::Vec512<std::int32_t>{_mm512_cvttps_epi32(v.raw)};
}
#endif
#else
HWY_INLINE VI Truncate(VF v) { return hn::ConvertTo(DI(), v); }
#endif

HWY_INLINE VF AsFloat(VI v) { return hn::BitCast(DF(), v); }
HWY_INLINE VI AsInt(VF v) { return hn::BitCast(DI(), v); }
HWY_INLINE VI SetInt(std::int32_t v) { return hn::Set(DI(), v); }
HWY_INLINE VF Exp2(VI e) { return AsFloat(hn::ShiftLeft<23>(hn::Add(e, SetInt(kBias)))); }

/// s1 + s2 in FP32, rounded once. The sum may need 33 bits: it is taken apart as 2 * half + low, half towards zero.
/// If `half` does not fit FP32, `low` lies below the last place and rounding towards zero drops it.
HWY_INLINE VF SumToFloat(VI s1, VI s2) {
  const VI one = SetInt(1);
  const VI low = hn::And(hn::Xor(s1, s2), one);
  const VI carry = hn::And(hn::And(s1, s2), one);
  const VI half_down = hn::Add(hn::Add(hn::ShiftRight<1>(s1), hn::ShiftRight<1>(s2)), carry);
  const VI negative = hn::ShiftRight<31>(half_down);  // all ones
  const VI half = hn::Add(half_down, hn::And(negative, low));
  const VI signed_low = hn::Sub(hn::Xor(low, negative), negative);
  const VF high = hn::ConvertTo(DF(), half);
  return hn::Add(hn::Add(high, high), hn::ConvertTo(DF(), signed_low));
}

/// The operands of one step of one row.
struct RowStep {
  const float* a;
  const std::uint32_t* a_exp;
  const std::uint16_t* select;
  const float* b;
  const std::int8_t* b_exp;
  float* acc;

  /// Where element i's row of B starts; kStep > 0: A is dense.
  template <int kStep = 0>
  HWY_INLINE size_t row(int i) const {
    return kStep > 0 ? static_cast<size_t>(i) * kPanel : select[i];
  }
};

HWY_INLINE RowStep row_step(const FloatTile& t, int row, std::int64_t step) {
  const std::int64_t a = (step * kTileRows + row) * t.step;
  const std::int64_t b = step * t.window * kPanel;
  return {t.a + a, t.a_exp + a, t.select + (t.shared_select ? 0 : a), t.b + b, t.b_exp + b, t.acc + row * kPanel};
}

/// Biased maxima (e + 127) of the products' exponents and `floor`, for all columns of the panel.
template <int kStep = 0>
HWY_INLINE void max_exponents(const RowStep& s, int step, int floor, std::uint8_t* HWY_RESTRICT e_max) {
  const hn::CappedTag<std::int8_t, kPanel / 2> d;
  const hn::RebindToUnsigned<decltype(d)> du;
  const size_t lanes = hn::Lanes(d);
  for (size_t n = 0; n < kPanel; n += 2 * lanes) {
    auto m0 = hn::Set(d, static_cast<std::int8_t>(floor));
    auto m1 = m0;
    for (int i = 0; i < (kStep > 0 ? kStep : step); ++i) {
#if HWY_TARGET == HWY_SCALAR
      const auto a = hn::Set(d, static_cast<std::int8_t>(s.a_exp[i] & 0xFF));
#else
      const auto a = hn::BitCast(d, hn::Set(hn::Repartition<std::uint32_t, decltype(d)>(), s.a_exp[i]));
#endif
      const std::int8_t* b = s.b_exp + n + s.row<kStep>(i);
      m0 = hn::Max(m0, hn::SaturatedAdd(a, hn::Load(d, b)));
      m1 = hn::Max(m1, hn::SaturatedAdd(a, hn::Load(d, b + lanes)));
    }
    const auto bias = hn::Set(du, kBias);
    hn::Store(hn::Add(hn::BitCast(du, m0), bias), du, e_max + n);
    hn::Store(hn::Add(hn::BitCast(du, m1), bias), du, e_max + n + lanes);
  }
}

/// (e_max + 127) << 23 of the products alone.
HWY_INLINE VI load_exponents(const std::uint8_t* e_max) {
  const hn::Rebind<std::uint8_t, DU> du8;
  return hn::BitCast(DI(), hn::ShiftLeft<23>(hn::PromoteTo(DU(), hn::Load(du8, e_max))));
}

/// 2^(F - e_max) and its inverse from (e_max + 127) << 23.
HWY_INLINE VF scale_down(VI e_max, int frac_bits) {
  const auto bias = static_cast<std::int32_t>(static_cast<std::uint32_t>(2 * kBias + frac_bits) << 23);
  return AsFloat(hn::Sub(SetInt(bias), e_max));
}
HWY_INLINE VF scale_up(VI e_max, int frac_bits) { return AsFloat(hn::Sub(e_max, SetInt(frac_bits << 23))); }

/// kStep is L of a dense A, or 0 for any L and A. With kSplit, the second half of a step's products is summed by
/// itself.
template <int kStep, bool kE8M13, bool kSplit>
void narrow_f32_steps(const FloatTile& tile) {
  const FloatTile t = tile;  // no store can change the copy
  const DF df;
  const size_t lanes = hn::Lanes(df);
  const int frac_bits = t.frac_bits;
  HWY_ALIGN std::uint8_t e_products[kTileRows * kPanel];
  for (std::int64_t step = 0; step < t.steps; ++step) {
    // All maxima first: a row's sums would wait for its own.
    for (int r = 0; r < t.row_count; ++r)
      max_exponents<kStep>(row_step(t, t.rows[r], step), t.step, kNarrowFloor, e_products + r * kPanel);
    for (int r = 0; r < t.row_count; ++r) {
      const RowStep s = row_step(t, t.rows[r], step);
      const std::uint8_t* e_max = e_products + r * kPanel;
      for (size_t n = 0; n < kPanel; n += 4 * lanes) {
        const auto maximum = [&](size_t at) HWY_ATTR {
          const VI c = hn::And(AsInt(hn::Load(df, s.acc + at)), SetInt(kExponentMask));
          return hn::Max(load_exponents(e_max + at), c);
        };
        const VI e0 = maximum(n), e1 = maximum(n + lanes), e2 = maximum(n + 2 * lanes), e3 = maximum(n + 3 * lanes);
        const VF scale0 = scale_down(e0, frac_bits), scale1 = scale_down(e1, frac_bits);
        const VF scale2 = scale_down(e2, frac_bits), scale3 = scale_down(e3, frac_bits);
        VI s0 = Truncate(hn::Mul(hn::Load(df, s.acc + n), scale0));
        VI s1 = Truncate(hn::Mul(hn::Load(df, s.acc + n + lanes), scale1));
        VI s2 = Truncate(hn::Mul(hn::Load(df, s.acc + n + 2 * lanes), scale2));
        VI s3 = Truncate(hn::Mul(hn::Load(df, s.acc + n + 3 * lanes), scale3));
        const auto add_product = [&](int i) HWY_ATTR {
          const VF a = hn::Set(df, s.a[i]);
          const float* b = s.b + n + s.row<kStep>(i);
          s0 = hn::Add(s0, Truncate(hn::Mul(hn::Mul(a, hn::Load(df, b)), scale0)));
          s1 = hn::Add(s1, Truncate(hn::Mul(hn::Mul(a, hn::Load(df, b + lanes)), scale1)));
          s2 = hn::Add(s2, Truncate(hn::Mul(hn::Mul(a, hn::Load(df, b + 2 * lanes)), scale2)));
          s3 = hn::Add(s3, Truncate(hn::Mul(hn::Mul(a, hn::Load(df, b + 3 * lanes)), scale3)));
        };
        const auto add_products = [&](int first, int end) HWY_ATTR {
          for (int i = first; i < end; i += 2) {  // L is even
            add_product(i);
            add_product(i + 1);
          }
        };
        VI h0 = hn::Zero(DI()), h1 = h0, h2 = h0, h3 = h0;
        if constexpr (kSplit) {
          add_products(0, kHalfStep);
          std::swap(h0, s0), std::swap(h1, s1), std::swap(h2, s2), std::swap(h3, s3);
          add_products(kHalfStep, t.step);
        } else {
          add_products(0, t.step);
        }
        const auto finish = [&](VI sum, VI half, VI e, size_t at) HWY_ATTR {
          const VF rounded = kSplit ? SumToFloat(sum, half) : hn::ConvertTo(df, sum);
          VF d = hn::Mul(rounded, scale_up(e, frac_bits));
          if constexpr (kE8M13) d = AsFloat(hn::And(AsInt(d), SetInt(kE8M13Mask)));
          hn::Store(d, df, s.acc + at);
        };
        finish(s0, h0, e0, n);
        finish(s1, h1, e1, n + lanes);
        finish(s2, h2, e2, n + 2 * lanes);
        finish(s3, h3, e3, n + 3 * lanes);
      }
    }
  }
}

void NarrowF32(const FloatTile& t) {
  if (t.e8m13) return narrow_f32_steps<0, true, false>(t);
  if (t.step > kHalfStep && t.frac_bits > 24) return narrow_f32_steps<0, false, true>(t);
  if (t.shared_select && t.step == 8) return narrow_f32_steps<8, false, false>(t);
  if (t.shared_select && t.step == 4) return narrow_f32_steps<4, false, false>(t);
  return narrow_f32_steps<0, false, false>(t);
}

constexpr std::int32_t kWideZero = -4096;  // exponent of a zero, below every sum of two real ones

/// Significand in [0, 2) and exponent of finite FP32 values, subnormals of the source format not normalised.
HWY_INLINE void take_apart(VF x, int min_exponent, VF& significand, VI& exponent) {
  const VI field = hn::And(AsInt(x), SetInt(kExponentMask));
  const auto normal = hn::Gt(field, SetInt((min_exponent + kBias - 1) << 23));
  const VF whole = AsFloat(hn::Or(hn::AndNot(SetInt(kExponentMask), AsInt(x)), SetInt(kBias << 23)));
  significand = hn::IfThenElse(hn::RebindMask(DF(), normal), whole, hn::Mul(x, Exp2(SetInt(-min_exponent))));
  exponent = hn::IfThenElse(normal, hn::Sub(hn::ShiftRight<23>(field), SetInt(kBias)), SetInt(min_exponent));
  const auto zero = hn::Eq(hn::And(AsInt(x), SetInt(kMagnitudeMask)), hn::Zero(DI()));
  exponent = hn::IfThenElse(zero, SetInt(kWideZero), exponent);
}

/// `count` values, a multiple of the vector length, taken apart.
HWY_INLINE void take_apart(const float* x, size_t count, int min_exponent, float* significand, std::int32_t* exponent) {
  const DF df;
  for (size_t i = 0; i < count; i += hn::Lanes(df)) {
    VF g;
    VI e;
    take_apart(hn::Load(df, x + i), min_exponent, g, e);
    hn::Store(g, df, significand + i);
    hn::Store(e, DI(), exponent + i);
  }
}

void WideF32(const FloatTile& tile) {
  const FloatTile t = tile;  // no store can change the copy
  const DF df;
  const DI di;
  const size_t lanes = hn::Lanes(df);
  const VI f = SetInt(t.frac_bits);
  const VI kept = SetInt(t.e8m13 ? kE8M13Mask : -1);
  HWY_ALIGN float b_sig[2 * kMaxStep * kPanel];
  HWY_ALIGN std::int32_t b_exp[2 * kMaxStep * kPanel];
  HWY_ALIGN float a_sig[kTileRows * kMaxStep];
  HWY_ALIGN std::int32_t a_exp[kTileRows * kMaxStep];
  for (std::int64_t step = 0; step < t.steps; ++step) {
    const int tile_step = kTileRows * t.step;
    take_apart(t.a + step * tile_step, static_cast<size_t>(tile_step), t.a_min_exponent, a_sig, a_exp);
    take_apart(t.b + step * t.window * kPanel, static_cast<size_t>(t.window) * kPanel, t.b_min_exponent, b_sig, b_exp);
    for (int r = 0; r < t.row_count; ++r) {
      const RowStep s = row_step(t, t.rows[r], step);
      const float* sig = a_sig + t.rows[r] * t.step;
      const std::int32_t* exp = a_exp + t.rows[r] * t.step;
      for (size_t n = 0; n < kPanel; n += lanes) {
        const VF c = hn::Load(df, s.acc + n);
        VF c_sig;
        VI e_max;
        take_apart(c, -126, c_sig, e_max);
        e_max = hn::Max(e_max, SetInt(t.floor));
        for (int i = 0; i < t.step; ++i)
          e_max = hn::Max(e_max, hn::Add(SetInt(exp[i]), hn::Load(di, b_exp + s.row(i) + n)));

        // 2^(F - e_max) may be out of FP32's range: scale C and the sum by two factors.
        const VI shift = hn::Sub(f, e_max);
        const VI shift1 = hn::ShiftRight<1>(shift);
        const VI shift2 = hn::Sub(shift, shift1);
        VI first = Truncate(hn::Mul(hn::Mul(c, Exp2(shift1)), Exp2(shift2)));
        VI rest = hn::Zero(di);
        const VI biased = hn::Add(shift, SetInt(kBias));
        const auto term = [&](int i) HWY_ATTR {
          const VI e = hn::Add(hn::Add(SetInt(exp[i]), biased), hn::Load(di, b_exp + s.row(i) + n));
          const VF scale = AsFloat(hn::ShiftLeft<23>(hn::Max(e, SetInt(1))));
          return Truncate(hn::Mul(hn::Mul(hn::Set(df, sig[i]), hn::Load(df, b_sig + s.row(i) + n)), scale));
        };
        const int half = std::min(t.step, kHalfStep);
        for (int i = 0; i < half; ++i) first = hn::Add(first, term(i));
        for (int i = half; i < t.step; ++i) rest = hn::Add(rest, term(i));

        const VI zero = hn::Zero(di);
        VF d = SumToFloat(first, rest);
        d = hn::Mul(hn::Mul(d, Exp2(hn::Sub(zero, shift1))), Exp2(hn::Sub(zero, shift2)));
        // Overflow stops at the largest finite value when rounding towards zero.
        const auto overflow = hn::Eq(hn::And(AsInt(d), SetInt(kMagnitudeMask)), SetInt(kMaxFinite));
        const auto was_nan = hn::Gt(hn::And(AsInt(c), SetInt(kMagnitudeMask)), SetInt(kExponentMask));
        d = AsFloat(hn::And(AsInt(d), kept));
        if constexpr (!kKeepSignOfRoundedZero) d = hn::Add(d, hn::Zero(df));
        d = AsFloat(hn::IfThenElse(hn::Or(overflow, was_nan), SetInt(kMagnitudeMask), AsInt(d)));
        hn::Store(d, df, s.acc + n);
      }
    }
  }
}

/// Rounds S * 2^(e_max - F) to FP16's grid; `unit` is 2^(e_max - F).
HWY_INLINE void round_fp16(const std::int32_t* s1, const std::int32_t* s2, const float* unit, float* d) {
  const hn::CappedTag<double, 8> dd;
  const hn::Rebind<std::int32_t, decltype(dd)> di;
  const hn::Rebind<float, decltype(dd)> df;
  const hn::RebindToUnsigned<decltype(dd)> du;
  const auto exponent_mask = hn::BitCast(dd, hn::Set(du, std::uint64_t{0x7FF} << 52));
  for (size_t i = 0; i < hn::Lanes(DF()); i += hn::Lanes(dd)) {
    const auto sum = hn::Add(hn::PromoteTo(dd, hn::Load(di, s1 + i)), hn::PromoteTo(dd, hn::Load(di, s2 + i)));
    const auto v = hn::Mul(sum, hn::PromoteTo(dd, hn::Load(df, unit + i)));
    const auto magnitude = hn::Abs(v);
    // Adding 2^(e + 42) leaves 10 fraction bits below 2^e, e >= -14, rounded to nearest even.
    const auto leading = hn::Max(hn::And(magnitude, exponent_mask), hn::Set(dd, 0x1p-14));
    const auto magic = hn::Mul(leading, hn::Set(dd, 0x1p42));
    const auto rounded = hn::Sub(hn::Add(magnitude, magic), magic);
    const auto nan = hn::BitCast(dd, hn::Set(du, ~std::uint64_t{0} >> 1));
    const auto checked = hn::IfThenElse(hn::Ge(rounded, hn::Set(dd, 0x1p16)), nan, rounded);
    hn::Store(hn::DemoteTo(df, hn::CopySign(checked, v)), df, d + i);
  }
}

void NarrowF16(const FloatTile& t) {
  const DF df;
  const DI di;
  const size_t lanes = hn::Lanes(df);
  const int floor = std::max(kNarrowFloor, t.floor);
  const VI min_normal = SetInt((kBias - 14) << 23);
  HWY_ALIGN std::uint8_t e_products[kPanel];
  HWY_ALIGN std::int32_t s1[16], s2[16];
  HWY_ALIGN float unit[16], rounded[16];
  for (std::int64_t step = 0; step < t.steps; ++step) {
    for (int r = 0; r < t.row_count; ++r) {
      const RowStep s = row_step(t, t.rows[r], step);
      max_exponents(s, t.step, floor, e_products);
      for (size_t n = 0; n < kPanel; n += lanes) {
        const VF c = hn::Load(df, s.acc + n);
        const VI c_magnitude = hn::And(AsInt(c), SetInt(kMagnitudeMask));
        const auto c_zero = hn::Eq(c_magnitude, hn::Zero(di));
        const VI c_exp = hn::Max(hn::And(c_magnitude, SetInt(kExponentMask)), min_normal);
        const VI e_max = hn::Max(load_exponents(e_products + n), hn::IfThenZeroElse(c_zero, c_exp));
        const VF scale = scale_down(e_max, t.frac_bits);
        VI first = Truncate(hn::Mul(c, scale));
        VI rest = hn::Zero(di);
        const auto term = [&](int i) HWY_ATTR {
          return Truncate(hn::Mul(hn::Mul(hn::Set(df, s.a[i]), hn::Load(df, s.b + s.row(i) + n)), scale));
        };
        const int half = std::min(t.step, kHalfStep);
        for (int i = 0; i < half; ++i) first = hn::Add(first, term(i));
        for (int i = half; i < t.step; ++i) rest = hn::Add(rest, term(i));
        hn::Store(first, di, s1);
        hn::Store(rest, di, s2);
        hn::Store(scale_up(e_max, t.frac_bits), df, unit);
        round_fp16(s1, s2, unit, rounded);
        VF d = hn::Load(df, rounded);
        if constexpr (!kKeepSignOfRoundedZero) d = hn::Add(d, hn::Zero(df));
        const auto was_nan = hn::Gt(c_magnitude, SetInt(kExponentMask));
        hn::Store(AsFloat(hn::IfThenElse(was_nan, AsInt(c), AsInt(d))), df, s.acc + n);
      }
    }
  }
}

#if HWY_TARGET == HWY_SCALAR

int IntPanel() { return 8; }

void IntRows(const IntTile& t) {
  const std::int64_t chunk = t.clamp_pairs == 0 ? t.pairs : t.clamp_pairs;
  const int panel = IntPanel();
  for (int r = 0; r < kIntRows; ++r) {
    for (int n = 0; n < panel; ++n) {
      std::int32_t& acc = t.acc[r * t.acc_stride + n];
      for (std::int64_t first = 0; first < t.pairs; first += chunk) {
        std::int64_t sum = acc;
        for (std::int64_t p = first; p < std::min(first + chunk, t.pairs); ++p)
          for (int i = 0; i < 2; ++i) sum += t.a[2 * (p * kIntRows + r) + i] * t.b[(p * panel + n) * 2 + i];
        if (t.clamp_pairs != 0) sum = std::clamp<std::int64_t>(sum, INT32_MIN, INT32_MAX);
        acc = static_cast<std::int32_t>(sum);
      }
    }
  }
}

#else

using DI32 = hn::CappedTag<std::int32_t, kMaxIntPanel / 2>;
using DI16 = hn::Repartition<std::int16_t, DI32>;
using VI32 = hn::Vec<DI32>;
using VI16 = hn::Vec<DI16>;

int IntPanel() { return static_cast<int>(2 * hn::Lanes(DI32())); }

/// Pairs of products added to `even` or, where the target has no such instruction, to `even` and `odd`.
HWY_INLINE void multiply_add(VI16 a, VI16 b, VI32& even, VI32& odd) {
#ifdef SPMMA_DPWSSD
  (void)odd;
  even = VI32{_mm512_dpwssd_epi32(even.raw, a.raw, b.raw)};
#else
  even = hn::ReorderWidenMulAccumulate(DI32(), a, b, even, odd);
#endif
}

HWY_INLINE VI32 saturated_add(VI32 c, VI32 s) {
  const VI32 sum = hn::Add(c, s);
  const auto overflow = hn::Lt(hn::And(hn::Xor(sum, c), hn::Xor(sum, s)), hn::Zero(DI32()));
  const VI32 limit = hn::Xor(hn::BroadcastSignBit(c), hn::Set(DI32(), INT32_MAX));
  return hn::IfThenElse(overflow, limit, sum);
}

template <bool kClamp>
void int_rows_chunks(const IntTile& t, std::int64_t chunk) {
  const DI32 d32;
  const DI16 d16;
  const size_t lanes = hn::Lanes(d32);
  const size_t panel = 2 * lanes;
  const auto pair = [&](int row, std::int64_t p) HWY_ATTR {
    std::int32_t both;
    hwy::CopyBytes<sizeof(both)>(t.a + 2 * (p * kIntRows + row), &both);
    return hn::BitCast(d16, hn::Set(d32, both));
  };
  const auto update = [&](int row, size_t at, VI32 even, VI32 odd) HWY_ATTR {
    std::int32_t* acc = t.acc + row * t.acc_stride + at;
    const VI32 sum = hn::RearrangeToOddPlusEven(even, odd);
    const VI32 c = hn::LoadU(d32, acc);
    hn::StoreU(kClamp ? saturated_add(c, sum) : hn::Add(c, sum), d32, acc);
  };
  for (std::int64_t first = 0; first < t.pairs; first += chunk) {
    const std::int64_t end = std::min(first + chunk, t.pairs);
    const VI32 zero = hn::Zero(d32);
    VI32 s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    VI32 o00 = zero, o01 = zero, o10 = zero, o11 = zero, o20 = zero, o21 = zero, o30 = zero, o31 = zero;
    const auto add_pair = [&](std::int64_t p) HWY_ATTR {
      const std::int16_t* b = t.b + static_cast<size_t>(p) * 2 * panel;
      const VI16 b0 = hn::Load(d16, b);
      const VI16 b1 = hn::Load(d16, b + panel);
      const VI16 a0 = pair(0, p);
      multiply_add(a0, b0, s00, o00);
      multiply_add(a0, b1, s01, o01);
      const VI16 a1 = pair(1, p);
      multiply_add(a1, b0, s10, o10);
      multiply_add(a1, b1, s11, o11);
      const VI16 a2 = pair(2, p);
      multiply_add(a2, b0, s20, o20);
      multiply_add(a2, b1, s21, o21);
      const VI16 a3 = pair(3, p);
      multiply_add(a3, b0, s30, o30);
      multiply_add(a3, b1, s31, o31);
    };
    for (std::int64_t p = first; p < end; p += 2) {  // a step has an even number of pairs
      add_pair(p);
      add_pair(p + 1);
    }
    update(0, 0, s00, o00);
    update(0, lanes, s01, o01);
    update(1, 0, s10, o10);
    update(1, lanes, s11, o11);
    update(2, 0, s20, o20);
    update(2, lanes, s21, o21);
    update(3, 0, s30, o30);
    update(3, lanes, s31, o31);
  }
}

void IntRows(const IntTile& t) {
  if (t.clamp_pairs == 0)
    int_rows_chunks<false>(t, t.pairs);
  else
    int_rows_chunks<true>(t, t.clamp_pairs);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace spmma::fast
#ifdef SPMMA_DPWSSD
HWY_POP_ATTRIBUTES
#endif
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spmma::fast {

HWY_EXPORT(NarrowF32);
HWY_EXPORT(WideF32);
HWY_EXPORT(NarrowF16);
HWY_EXPORT(IntPanel);
HWY_EXPORT(IntRows);

void narrow_f32(const FloatTile& t) { HWY_DYNAMIC_DISPATCH(NarrowF32)(t); }
void wide_f32(const FloatTile& t) { HWY_DYNAMIC_DISPATCH(WideF32)(t); }
void narrow_f16(const FloatTile& t) { HWY_DYNAMIC_DISPATCH(NarrowF16)(t); }
int int_panel() { return HWY_DYNAMIC_DISPATCH(IntPanel)(); }
void int_rows(const IntTile& t) { HWY_DYNAMIC_DISPATCH(IntRows)(t); }

}  // namespace spmma::fast
#endif
