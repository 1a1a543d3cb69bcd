// SPDX-License-Identifier: Apache-2.0
#include "stimulus.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>

#include "spmma/step.h"

namespace spmma::verif {

std::string CoreMode::name() const {
  std::string text(spmma::name(a));
  if (b != a) text.append("_").append(spmma::name(b));
  text.append("_").append(spmma::name(acc)).append(sparse ? "_sparse" : "_dense");
  if (saturate) text.append("_saturate");
  return text;
}

std::vector<CoreMode> core_modes(const CoreParams& p) {
  std::vector<CoreMode> modes;
  for (const Format a : kFormats) {
    const auto of_a = core_modes(p, a);
    modes.insert(modes.end(), of_a.begin(), of_a.end());
  }
  return modes;
}

std::vector<CoreMode> core_modes(const CoreParams& p, Format a) {
  std::vector<CoreMode> modes;
  for (const Format b : kFormats) {
    for (const Acc acc : {Acc::s32, Acc::f32, Acc::f16}) {
      if (!p.has(a) || !p.has(b) || !legal(a, b, acc)) continue;
      for (const bool sparse : {false, true}) {
        for (const bool saturate : {false, true}) {
          if ((sparse && !p.sparse) || (saturate && !is_integer(a))) continue;
          modes.push_back({a, b, acc, sparse, saturate});
        }
      }
    }
  }
  return modes;
}

namespace {

/// Fields of a floating-point type as stored.
struct Layout {
  int exponent_bits;
  int fraction_bits;
  int low_bits;  ///< ignored bits below the fraction (TF32 in its FP32 container)

  int bias() const { return (1 << (exponent_bits - 1)) - 1; }
  int min_exponent() const { return 1 - bias(); }
  int max_exponent() const { return bias(); }
};

Layout layout(Format f) {
  switch (f) {
    case Format::bf16:
      return {8, 7, 0};
    case Format::tf32:
      return {8, 10, 13};
    case Format::e4m3:
      return {4, 3, 0};
    case Format::e5m2:
      return {5, 2, 0};
    default:
      return {5, 10, 0};
  }
}

Layout layout(Acc acc) { return acc == Acc::f16 ? Layout{5, 10, 0} : Layout{8, 23, 0}; }

/// Fills one beat. Exponents of A and B are chosen by lane so that every (row, column) pair has the product exponents
/// that the class wants; fractions and signs differ by row and column.
class Filler {
 public:
  Filler(const CoreParams& p, const CoreMode& mode, std::mt19937_64& random, CoreBeat& beat)
      : p_(p), mode_(mode), random_(random), beat_(beat) {}

  void fill(OperandClass cls) {
    if (cls == OperandClass::random_bits) {
      random_bytes(beat_.a);
      random_bytes(beat_.b);
      random_bytes(beat_.c);
    } else if (is_integer(mode_.a)) {
      fill_integers(cls);
    } else {
      fill_floats(cls);
    }
  }

 private:
  std::uint64_t bits() { return random_(); }
  int pick(int low, int high) { return low + static_cast<int>(bits() % static_cast<std::uint64_t>(high - low + 1)); }
  bool one_in(int n) { return bits() % static_cast<std::uint64_t>(n) == 0; }

  void random_bytes(std::span<std::byte> to) {
    for (std::size_t i = 0; i < to.size(); i += 8) {
      const std::uint64_t word = bits();
      std::memcpy(to.data() + i, &word, std::min<std::size_t>(8, to.size() - i));
    }
  }

  int a_bytes() const { return storage_bytes(mode_.a); }
  int b_bytes() const { return storage_bytes(mode_.b); }
  int stored() const { return p_.step_bytes / a_bytes(); }
  int logical() const { return stored() * (mode_.sparse ? 2 : 1); }
  /// Elements of B that one lane of A may meet share a group.
  int a_group(int lane) const { return mode_.sparse ? lane / group_stored(mode_.a) : lane; }
  int b_group(int element) const { return mode_.sparse ? element / group_size(mode_.a) : element; }

  template <class F>
  void each_a(F&& value) {  // value(row, lane)
    for (int row = 0; row < p_.rows; ++row)
      for (int i = 0; i < stored(); ++i) put_element(beat_.a.data() + row * p_.step_bytes, i, a_bytes(), value(row, i));
  }
  template <class F>
  void each_b(F&& value) {  // value(column, logical element)
    for (int col = 0; col < p_.cols; ++col)
      for (int i = 0; i < logical(); ++i)
        put_element(beat_.b.data() + col * column_bytes(p_), i, b_bytes(), value(col, i));
  }
  template <class F>
  void each_c(F&& value) {  // value(row, column)
    for (int row = 0; row < p_.rows; ++row)
      for (int col = 0; col < p_.cols; ++col) put_element(beat_.c.data(), row * p_.cols + col, 4, value(row, col));
  }

  // ---------------------------------------------------------------- integers

  std::uint32_t integer(OperandClass cls, bool is_signed) {
    static constexpr std::array<std::uint32_t, 6> kSigned = {0x80, 0x7F, 0x81, 0xFF, 0x01, 0x00};
    static constexpr std::array<std::uint32_t, 6> kUnsigned = {0xFF, 0x80, 0x7F, 0xFE, 0x01, 0x00};
    switch (cls) {
      case OperandClass::zeros:
        return one_in(8) ? static_cast<std::uint32_t>(bits() & 0xFF) : 0;
      case OperandClass::overflow:  // all products at the same end
        return is_signed ? 0x80 : 0xFF;
      case OperandClass::near_one:
      case OperandClass::cancellation:
        return static_cast<std::uint32_t>(pick(is_signed ? -3 : 0, 3)) & 0xFF;
      default:
        return (is_signed ? kSigned : kUnsigned)[bits() % 6];
    }
  }

  void fill_integers(OperandClass cls) {
    each_a([&](int, int) { return integer(cls, mode_.a == Format::int8); });
    each_b([&](int, int) { return integer(cls, mode_.b == Format::int8); });
    each_c([&](int, int) -> std::uint32_t {
      const auto drawn = static_cast<std::uint32_t>(bits());
      const std::uint32_t small = (drawn >> 16 & 0xF) == 0 ? 0 : drawn & 0xFFFF;  // the ends themselves, too
      switch (pick(0, 3)) {
        case 0:
          return 0x7FFFFFFF - small;
        case 1:
          return 0x80000000 + small;
        case 2:
          return small;
        default:
          return static_cast<std::uint32_t>(bits());
      }
    });
  }

  // ---------------------------------------------------------------- floating point

  /// A value with the given exponent (a subnormal, zero or the largest one where that is out of range) and the top
  /// `fraction_bits` bits of `fraction`.
  std::uint32_t make(const Layout& l, bool negative, int exponent, std::uint64_t fraction) {
    std::uint64_t field = 0;
    std::uint64_t stored = fraction & ((std::uint64_t{1} << l.fraction_bits) - 1);
    if (exponent > l.max_exponent()) {
      exponent = l.max_exponent();
    }
    if (exponent >= l.min_exponent()) {
      field = static_cast<std::uint64_t>(exponent + l.bias());
    } else {
      const int shift = l.min_exponent() - exponent;
      stored = shift > l.fraction_bits ? 0 : (stored | (std::uint64_t{1} << l.fraction_bits)) >> shift;
    }
    const std::uint64_t value = (static_cast<std::uint64_t>(negative) << (l.exponent_bits + l.fraction_bits)) |
                                (field << l.fraction_bits) | stored;
    return static_cast<std::uint32_t>((value << l.low_bits) |
                                      (l.low_bits != 0 ? bits() & ((1u << l.low_bits) - 1) : 0));
  }

  /// Fractions: any, none, one bit at either end, or all ones.
  std::uint64_t fraction(const Layout& l) {
    switch (pick(0, 7)) {
      case 0:
        return 0;
      case 1:
        return 1;
      case 2:
        return ~std::uint64_t{0};
      case 3:
        return std::uint64_t{1} << (l.fraction_bits - 1);
      default:
        return bits();
    }
  }
  std::uint32_t value(const Layout& l, int exponent) { return make(l, one_in(2), exponent, fraction(l)); }
  std::uint32_t power(const Layout& l, int exponent) { return make(l, one_in(2), exponent, 0); }

  /// A fraction of one bit, in half of them the lowest one.
  std::uint64_t one_bit(const Layout& l) { return std::uint64_t{1} << (one_in(2) ? 0 : pick(0, l.fraction_bits - 1)); }

  std::uint32_t special(const Layout& l) {
    const std::uint64_t top = (std::uint64_t{1} << l.exponent_bits) - 1;
    std::uint64_t field = top;
    std::uint64_t stored = 0;
    switch (pick(0, 7)) {
      case 0:  // NaN
        stored = bits() | 1;
        break;
      case 1:  // NaN with one bit
        stored = one_bit(l);
        break;
      case 2:  // Inf; E4M3's NaN and largest value lie beside it
      case 3:
        stored = l.exponent_bits == 4 ? (one_in(2) ? 7 : 6) : 0;
        break;
      case 4:  // zero
      case 5:
        field = 0;
        break;
      case 6:  // largest finite
        field = top - 1;
        stored = ~std::uint64_t{0};
        break;
      default:  // subnormal with one bit, the smallest among them
        field = 0;
        stored = one_bit(l);
        break;
    }
    stored &= (std::uint64_t{1} << l.fraction_bits) - 1;
    const std::uint64_t v = ((bits() & 1) << (l.exponent_bits + l.fraction_bits)) | (field << l.fraction_bits) | stored;
    // TF32: payloads in the ignored bits only, too.
    const bool ignored = l.low_bits != 0 && one_in(2);
    return static_cast<std::uint32_t>((v << l.low_bits) | (ignored ? bits() & ((1u << l.low_bits) - 1) : 0));
  }

  std::uint32_t from_double(const Layout& l, double v) {
    if (v == 0) return 0;
    int exponent = 0;
    const double m = std::frexp(std::fabs(v), &exponent);  // [0.5, 1)
    const auto fraction = static_cast<std::uint64_t>(std::ldexp(m, l.fraction_bits + 1));
    return make(l, std::signbit(v), exponent - 1, fraction);
  }

  void fill_floats(OperandClass cls) {
    const Layout la = layout(mode_.a);
    const Layout lb = layout(mode_.b);
    const Layout lc = layout(mode_.acc);
    const int frac = is_fp8(mode_.a) ? 13 : p_.frac_bits;
    switch (cls) {
      case OperandClass::near_one: {
        const int e = one_in(2) ? 0 : pick(-3, 8);
        each_a([&](int, int) { return value(la, pick(-2, 2)); });
        each_b([&](int, int) { return value(lb, pick(-2, 2)); });
        each_c([&](int, int) { return one_in(8) ? 0 : value(lc, e + pick(-3, 3)); });
        break;
      }
      case OperandClass::alignment:
        fill_aligned(la, lb, lc, frac, false);
        break;
      case OperandClass::rounding:
        fill_aligned(la, lb, lc, frac, true);
        break;
      case OperandClass::cancellation:
        fill_cancelling(la, lb, lc);
        break;
      case OperandClass::overflow:
        each_a([&](int, int) { return one_in(6) ? value(la, 0) : value(la, la.max_exponent() - pick(0, 1)); });
        each_b([&](int, int) {
          return one_in(6) ? value(lb, 0) : value(lb, one_in(2) ? lb.max_exponent() : pick(-1, 3));
        });
        each_c([&](int, int) { return value(lc, lc.max_exponent() - pick(0, 2)); });
        replace_specials(la, lb, lc, 64);
        break;
      case OperandClass::subnormal: {
        const int span = one_in(2) ? 2 : 12;
        each_a([&](int, int) { return value(la, la.min_exponent() + pick(-la.fraction_bits, span)); });
        each_b([&](int, int) {
          return value(lb, one_in(2) ? lb.min_exponent() + pick(-lb.fraction_bits, span) : pick(-2, 1));
        });
        const bool none = one_in(2);
        each_c([&](int, int) { return none ? 0 : value(lc, lc.min_exponent() + pick(-lc.fraction_bits, 4)); });
        break;
      }
      case OperandClass::floor:
        fill_floor(la, lb, lc);
        break;
      case OperandClass::largest:
        fill_largest(la, lb, lc);
        break;
      case OperandClass::zeros:
        each_a([&](int, int) { return one_in(6) ? value(la, pick(-2, 2)) : make(la, one_in(2), -1000, 0); });
        each_b([&](int, int) { return one_in(6) ? value(lb, pick(-2, 2)) : make(lb, one_in(2), -1000, 0); });
        each_c([&](int, int) {
          if (one_in(3)) return value(lc, pick(-2, 2));
          if (one_in(8)) return power(lc, lc.min_exponent());
          if (one_in(16)) return make(lc, one_in(2), lc.max_exponent(), ~std::uint64_t{0});
          return make(lc, one_in(2), -1000, 0);
        });
        break;
      default:
        each_a([&](int, int) { return value(la, pick(-2, 2)); });
        each_b([&](int, int) { return value(lb, pick(-2, 2)); });
        each_c([&](int, int) { return value(lc, pick(-3, 5)); });
        replace_specials(la, lb, lc, std::array{4, 16, 64}[bits() % 3]);
        break;
    }
  }

  /// Overwrites one value in `n` by a special one.
  void replace_specials(const Layout& la, const Layout& lb, const Layout& lc, int n) {
    const auto sprinkle = [&](const Layout& l, std::byte* at, int index, int bytes) {
      if (one_in(n)) put_element(at, index, bytes, special(l));
    };
    for (int row = 0; row < p_.rows; ++row)
      for (int i = 0; i < stored(); ++i) sprinkle(la, beat_.a.data() + row * p_.step_bytes, i, a_bytes());
    for (int col = 0; col < p_.cols; ++col)
      for (int i = 0; i < logical(); ++i) sprinkle(lb, beat_.b.data() + col * column_bytes(p_), i, b_bytes());
    for (int i = 0; i < p_.rows * p_.cols; ++i) sprinkle(lc, beat_.c.data(), i, 4);
  }

  /// Product exponents by lane group, split between A and B. A group without one is zero.
  struct Targets {
    std::array<int, 64> exponent{};
    std::array<int, 64> share{};  ///< A's part
    std::array<bool, 64> zero{};
  };

  /// An exponent for A that leaves B one in its range, where there is one.
  int pick_share(const Layout& la, const Layout& lb, int exponent) {
    const int low = std::max(la.min_exponent(), exponent - lb.max_exponent());
    const int high = std::min(la.max_exponent(), exponent - lb.min_exponent());
    return low <= high ? pick(low, high) : std::clamp(exponent / 2, la.min_exponent(), la.max_exponent());
  }

  /// Below the floor nothing raises e_max, so the unit of S is the floor's: bits at that unit decide the rounding of a
  /// result among the subnormals (numerics.md section 3).
  void fill_floor(const Layout& la, const Layout& lb, const Layout& lc) {
    const StepParams step = step_params(p_.arith(), mode_.a, mode_.b, mode_.acc);
    const int last_place = lc.min_exponent() - lc.fraction_bits;
    Targets targets;
    targets.zero.fill(true);
    const int groups = a_group(stored() - 1) + 1;
    for (const int exponent :
         {last_place - pick(0, 1), step.floor - step.frac_bits + pick(-2, 1), last_place + pick(-2, 2)}) {
      const auto g = static_cast<std::size_t>(pick(0, groups - 1));
      if (!targets.zero[g] || one_in(6)) continue;
      targets.zero[g] = false;
      targets.exponent[g] = exponent;
      // A subnormal factor keeps the exponent of the least normal one: both factors as small as they may be.
      targets.share[g] = one_in(2) ? pick_share(la, lb, exponent) : exponent / 2;
    }
    put_targets(la, lb, targets, true);
    const bool none = !one_in(4);
    each_c([&](int, int) { return none ? 0 : power(lc, last_place + pick(0, 1)); });
  }

  void put_targets(const Layout& la, const Layout& lb, const Targets& t, bool single_bits) {
    const auto pick_value = [&](const Layout& l, int e) {
      return single_bits && !one_in(6) ? power(l, e) : value(l, e);
    };
    each_a([&](int, int i) { return pick_value(la, t.share[static_cast<std::size_t>(a_group(i))]); });
    each_b([&](int, int i) {
      const auto g = static_cast<std::size_t>(b_group(i));
      return t.zero[g] || one_in(12) ? make(lb, one_in(2), -1000, 0) : pick_value(lb, t.exponent[g] - t.share[g]);
    });
  }

  /// Product exponents by group: mostly far below one large group, at the edges of what F keeps (`single_bits` false)
  /// or single bits about the last place of the result (true).
  void fill_aligned(const Layout& la, const Layout& lb, const Layout& lc, int frac, bool single_bits) {
    const int lowest = la.min_exponent() + lb.min_exponent();
    const int highest = std::min(la.max_exponent() + lb.max_exponent(), lc.max_exponent() + 1);
    const int top = one_in(2) ? pick(std::max(lowest, -2), std::min(highest, 6)) : pick(lowest, highest);
    const int place = lc.fraction_bits;
    Targets targets;
    const bool sparse_terms = single_bits && one_in(2);  // few terms, so that a tie is not blurred
    for (std::size_t g = 0; g < targets.exponent.size(); ++g) {
      const int below = single_bits ? place + pick(-2, 3) : frac + pick(-1, 3);
      const int exponent = top - (one_in(4) ? pick(0, 3) : one_in(8) ? pick(0, frac + 4) : below);
      targets.exponent[g] = exponent;
      targets.share[g] = pick_share(la, lb, exponent);
      targets.zero[g] = sparse_terms && !one_in(3);
    }
    put_targets(la, lb, targets, single_bits || one_in(4));
    const int c_exponent = one_in(3) ? top : top - (single_bits ? place : frac) + pick(-2, 4);
    each_c([&](int, int) { return one_in(6) ? 0 : value(lc, one_in(3) ? top + pick(0, 2) : c_exponent); });
  }

  /// Groups 2g and 2g+1 carry opposite products, C cancels group 0 of its element, and little is left over.
  void fill_cancelling(const Layout& la, const Layout& lb, const Layout& lc) {
    const int ea = pick(std::max(la.min_exponent(), -4), 4);
    const int eb = pick(std::max(lb.min_exponent(), -4), 4);
    const int per_group = mode_.sparse ? group_stored(mode_.a) : 1;
    std::array<std::uint32_t, 128> row{};  // each_a and each_b go up in the lane: the pair's first half comes before
    each_a([&](int, int i) {
      const int pair = per_group;
      const bool second = a_group(i) % 2 == 1;
      row[static_cast<std::size_t>(i)] = second ? row[static_cast<std::size_t>(i - pair)] : value(la, ea + pick(-1, 1));
      return row[static_cast<std::size_t>(i)];
    });
    const int b_per_group = mode_.sparse ? group_size(mode_.a) : 1;
    const std::uint32_t sign = std::uint32_t{1} << (lb.exponent_bits + lb.fraction_bits + lb.low_bits);
    each_b([&](int, int i) {
      const bool second = b_group(i) % 2 == 1;
      const bool head = i % b_per_group == 0;
      auto& v = row[static_cast<std::size_t>(i)];
      if (second)
        v = row[static_cast<std::size_t>(i - b_per_group)] ^ sign;
      else
        v = head ? value(lb, eb + pick(-1, 1)) : row[static_cast<std::size_t>(i - 1)];
      return one_in(24) ? v ^ (1u << lb.low_bits) : v;
    });
    each_c([&](int r, int c) {
      const double a0 = to_double(mode_.a, get_element(beat_.a.data() + r * p_.step_bytes, 0, a_bytes()));
      const double b0 = to_double(mode_.b, get_element(beat_.b.data() + c * column_bytes(p_), 0, b_bytes()));
      const double p0 = a0 * b0;
      if (one_in(3) || !std::isfinite(p0)) return value(lc, ea + eb - pick(0, lc.fraction_bits));
      return from_double(lc, one_in(2) ? -p0 : p0);
    });
  }

  /// A row's elements have one sign, and so have a column's: all products of an element of D add up (numerics.md
  /// section "Sizes for RTL" bounds the sum). C at e_max adds to them, or they are lost below a large C, all negative
  /// or all positive.
  void fill_largest(const Layout& la, const Layout& lb, const Layout& lc) {
    const int ea = pick(-2, 2), eb = pick(-2, 2);
    const auto large = [&](const Layout& l, bool negative, int exponent) {
      std::uint64_t fraction = ~std::uint64_t{0};
      if (one_in(3)) fraction ^= std::uint64_t{1} << pick(0, l.fraction_bits - 1);
      return make(l, negative, exponent, fraction);
    };
    const std::uint64_t row_signs = bits(), column_signs = bits();
    const auto sign = [](std::uint64_t signs, int i) { return (signs >> i & 1) != 0; };
    each_a([&](int row, int) { return large(la, sign(row_signs, row), ea); });
    each_b([&](int col, int) { return large(lb, sign(column_signs, col), eb); });
    const bool lost = one_in(6);
    each_c([&](int row, int col) {
      const bool negative = sign(row_signs, row) != sign(column_signs, col);
      const int above = lost ? lc.fraction_bits + pick(-2, 3) : one_in(4) ? pick(-1, 1) : 0;
      return large(lc, one_in(4) ? !negative : negative, ea + eb + above);
    });
  }

  const CoreParams& p_;
  const CoreMode& mode_;
  std::mt19937_64& random_;
  CoreBeat& beat_;
};

}  // namespace

void fill_operands(const CoreParams& p, const CoreMode& mode, OperandClass cls, std::mt19937_64& random,
                   CoreBeat& beat) {
  Filler(p, mode, random, beat).fill(cls);
}

CoreStimulus::CoreStimulus(const CoreParams& p, StimulusOptions options, std::uint64_t seed)
    : params_(p), options_(std::move(options)), random_(seed), chains_(static_cast<std::size_t>(p.acc_slots)) {
  if (options_.slots == 0) options_.slots = p.acc_slots;
  if (options_.classes.empty()) {
    for (int i = 0; i < kMixedClassCount; ++i) options_.classes.push_back(static_cast<OperandClass>(i));
  }
}

int CoreStimulus::pick_slot() {
  slot_ = options_.round_robin ? (slot_ + 1) % options_.slots : pick(0, options_.slots - 1);
  return slot_;
}

void CoreStimulus::fill_metadata(const CoreMode& mode, CoreBeat& beat) {
  static constexpr std::array<std::uint8_t, 6> kOrdered = {0x4, 0x8, 0x9, 0xC, 0xD, 0xE};
  const bool tf32 = mode.a == Format::tf32;
  // An illegal nibble is rare within a step, so that its position is worth finding.
  const bool with_illegal =
      options_.metadata == MetadataKind::illegal && beats_ > options_.illegal_after && chance(0.3);
  for (int row = 0; row < params_.rows; ++row) {
    for (int group = 0; group < params_.step_bytes / 2; ++group) {
      std::uint8_t nibble = tf32 ? (chance(0.5) ? 0x4 : 0xE) : kOrdered[random_() % kOrdered.size()];
      const bool free = options_.metadata == MetadataKind::any && !tf32;
      if (free || (with_illegal && chance(0.05))) nibble = static_cast<std::uint8_t>(random_() & 0xF);
      put_nibble(beat.meta.data() + row * params_.step_bytes / 4, group, nibble);
    }
  }
  beat.control.meta_any =
      options_.metadata == MetadataKind::any || (options_.metadata == MetadataKind::illegal && chance(0.5));
}

void CoreStimulus::next(CoreBeat& beat) {
  if (beat.a.empty()) beat = CoreBeat(params_);
  ++beats_;
  const int slot = pick_slot();
  Chain& chain = chains_[static_cast<std::size_t>(slot)];
  const bool first = chain.left == 0;
  if (first) {
    chain.left = pick(options_.min_chain, options_.max_chain);
    chain.mode = options_.modes[random_() % options_.modes.size()];
  }
  --chain.left;

  const CoreMode mode = chance(options_.switch_mode) ? options_.modes[random_() % options_.modes.size()] : chain.mode;
  const int products = products_per_step(params_.arith(), mode.a);
  fill_operands(params_, mode, options_.classes[random_() % options_.classes.size()], random_, beat);
  fill_metadata(mode, beat);
  CoreControl& control = beat.control;
  control.fmt_a = static_cast<std::uint8_t>(mode.a);
  control.fmt_b = static_cast<std::uint8_t>(mode.b);
  control.acc_f16 = mode.acc == Acc::f16;
  control.saturate = mode.saturate;
  control.sparse = mode.sparse;
  control.len = chance(options_.partial) ? pick(0, products) : products;
  control.slot = slot;
  control.first = first;
  control.last = chain.left == 0;
  if (chance(options_.illegal_mode)) {
    control.fmt_a = static_cast<std::uint8_t>(pick(0, 7));
    control.fmt_b = static_cast<std::uint8_t>(pick(0, 7));
    control.acc_f16 = chance(0.5);
    control.sparse = chance(0.5);
    if (control.fmt_a < kFormatCount) {  // a step that happens to be legal keeps to its own L
      control.len = std::min(control.len, products_per_step(params_.arith(), static_cast<Format>(control.fmt_a)));
    }
  }
}

}  // namespace spmma::verif
