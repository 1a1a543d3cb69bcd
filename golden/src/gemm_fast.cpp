// SPDX-License-Identifier: Apache-2.0
// gemm_fast(): packs the operands, hands tiles to the kernels of fast_kernels.h, and takes the elements that those do
// not cover (specials, overflow) through fused_step().
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cfenv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <span>
#include <thread>
#include <vector>

#include <hwy/aligned_allocator.h>

#include "fast_kernels.h"
#include "spmma/gemm.h"

namespace spmma {
namespace {

using fast::kPanel;
using fast::kTileRows;

template <typename T>
using Buffer = hwy::AlignedFreeUniquePtr<T[]>;

template <typename T>
Buffer<T> allocate(std::int64_t count) {
  auto buffer = hwy::AllocateAligned<T>(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)));
  if (buffer == nullptr) throw std::bad_alloc();
  return buffer;
}

/// Calls `task(i)` for i in [0, count) on `threads` threads.
void parallel_for(std::int64_t count, unsigned threads, const std::function<void(std::int64_t)>& task) {
  if (threads == 1 || count <= 1) {
    for (std::int64_t i = 0; i < count; ++i) task(i);
    return;
  }
  boost::asio::thread_pool pool(threads);
  for (std::int64_t i = 0; i < count; ++i) boost::asio::post(pool, [&task, i] { task(i); });
  pool.join();
}

/// Elements of one row of a matrix.
template <typename T>
class Row {
 public:
  Row(const Tensor& t, std::int64_t entry, std::int64_t row)
      : data_(t.entry(entry) + row * t.cols * static_cast<std::int64_t>(sizeof(T))) {}
  T operator[](std::int64_t i) const {
    T value;
    std::memcpy(&value, data_ + i * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
  }

 private:
  const std::byte* data_;
};

/// What the element chain of numerics.md gives: the path for whatever the kernels do not cover.
std::uint32_t element(const GemmProblem& p, const StepParams& params, std::int64_t entry, std::int64_t row,
                      std::int64_t col) {
  std::uint32_t acc = p.c != nullptr ? p.c->get(entry, row, col) : 0;
  const std::int64_t steps = gemm_steps(p);
  for (std::int64_t step = 0; step < steps; ++step) {
    const StepOperands operands = gemm_step_operands(p, entry, row, col, step);
    acc = fused_step(params, operands.a, operands.b, acc);
  }
  return acc;
}

/// What both kinds of GEMM share: sizes in steps, and how work is cut into tasks.
struct Plan {
  const GemmProblem& p;
  StepParams params;
  unsigned threads;
  int step;                                                ///< L
  int window;                                              ///< logical k that a step spans
  std::int64_t steps;                                      ///< per element
  std::int64_t stored() const { return steps * step; }     ///< elements of a row of A, padded
  std::int64_t logical() const { return steps * window; }  ///< rows of B, padded
  std::int64_t a_entries() const { return p.a->batched || (p.sparse && p.metadata->batched) ? p.batch() : 1; }

  /// Which row of its step's window each stored element of a row of A selects (padding: row 0).
  void select(std::int64_t entry, std::int64_t row, std::vector<std::uint8_t>& out) const {
    out.resize(static_cast<std::size_t>(stored()));
    if (!p.sparse) {
      for (std::int64_t first = 0; first < stored(); first += step)
        for (int i = 0; i < step; ++i) out[static_cast<std::size_t>(first + i)] = static_cast<std::uint8_t>(i);
      return;
    }
    const int size = group_size(p.a_format);
    const int kept = group_stored(p.a_format);
    const std::int64_t groups = p.a->cols / kept;
    const Row<std::uint8_t> nibbles(*p.metadata, entry, row);
    int base = 0;  // of the group within its window
    for (std::int64_t group = 0; group < groups; ++group) {
      for (int i = 0; i < kept; ++i)
        out[static_cast<std::size_t>(group * kept + i)] =
            static_cast<std::uint8_t>(base + selected(p.a_format, nibbles[group], i));
      base = base + size == window ? 0 : base + size;
    }
    std::fill(out.begin() + groups * kept, out.end(), std::uint8_t{0});
  }

  /// Calls `task(entry, panel, first row, end row)` so that all of D is covered.
  void for_tiles(int panel_cols, int row_unit,
                 const std::function<void(std::int64_t, std::int64_t, std::int64_t, std::int64_t)>& task) const {
    const std::int64_t panels = (p.n() + panel_cols - 1) / panel_cols;
    const std::int64_t columns = panels * p.batch();
    // Each task packs its panel of B, so rows are split only as far as the threads need.
    const std::int64_t wanted = threads == 1 ? 1 : std::max<std::int64_t>(1, 4 * threads / columns);
    const std::int64_t units = (p.m() + row_unit - 1) / row_unit;
    const std::int64_t rows = (units + wanted - 1) / wanted * row_unit;
    const std::int64_t splits = (p.m() + rows - 1) / rows;
    parallel_for(columns * splits, threads, [&](std::int64_t i) {
      const std::int64_t first = i % splits * rows;
      task(i / splits / panels, i / splits % panels, first, std::min(first + rows, p.m()));
    });
  }
};

// ---------------------------------------------------------------------------------------------------------------------
// Floating point

/// A finite element as the kernels take it.
struct Unpacked {
  float value = 0;  ///< exact
  int exponent = fast::kZeroExponent;
  bool special = false;

  bool narrow() const {
    return exponent == fast::kZeroExponent || (exponent >= fast::kNarrowMin && exponent <= fast::kNarrowMax);
  }
};

/// A format's bits as a type, so that packing loops are compiled for each.
template <typename StoredType, int kExponentBits, int kFractionBits, bool kInf = true>
struct Layout {
  using Stored = StoredType;
  static constexpr int kBias = (1 << (kExponentBits - 1)) - 1;
  static constexpr int kMinExponent = 1 - kBias;

  static Unpacked unpack(Stored stored) {
    constexpr int kWidth = kExponentBits + kFractionBits;
    constexpr int kDropped = 8 * sizeof(Stored) - 1 - kWidth;  // TF32's low bits
    constexpr std::uint32_t kMagnitude = (1u << kWidth) - 1;
    constexpr std::uint32_t kFirstSpecial = kInf ? kMagnitude & ~((1u << kFractionBits) - 1) : kMagnitude;
    const std::uint32_t bits = static_cast<std::uint32_t>(stored) >> kDropped;
    const std::uint32_t magnitude = bits & kMagnitude;
    if (magnitude >= kFirstSpecial) return {.special = true};
    const float rebias = std::bit_cast<float>(static_cast<std::uint32_t>(2 * 127 - kBias) << 23);
    const float value = std::bit_cast<float>(magnitude << (23 - kFractionBits)) * rebias;
    const int exponent = std::max(static_cast<int>(magnitude >> kFractionBits), 1) - kBias;
    return {.value = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) | bits >> kWidth << 31),
            .exponent = magnitude == 0 ? fast::kZeroExponent : exponent};
  }
};
using Fp16 = Layout<std::uint16_t, 5, 10>;

/// Calls `visit` with the Layout of a floating-point format.
auto with_layout(Format f, auto&& visit) {
  switch (f) {
    case Format::fp16:
      return visit(Fp16{});
    case Format::bf16:
      return visit(Layout<std::uint16_t, 8, 7>{});
    case Format::tf32:
      return visit(Layout<std::uint32_t, 8, 10>{});
    case Format::e4m3:
      return visit(Layout<std::uint8_t, 4, 3, false>{});
    default:
      return visit(Layout<std::uint8_t, 5, 2>{});
  }
}

int min_exponent(Format f) {
  return with_layout(f, [](auto layout) { return layout.kMinExponent; });
}

/// Which kernel a row of A or a panel of B may go to.
enum class Kind : std::uint8_t { narrow, wide, special };

/// One row tile of A.
struct FloatA {
  Buffer<float> value;
  Buffer<std::uint32_t> exponent;
  Buffer<std::uint16_t> select;
  std::array<Kind, kTileRows> kind = {};  ///< per row
};

struct FloatB {
  Buffer<float> value;
  Buffer<std::int8_t> exponent;
  Kind kind = Kind::narrow;  ///< never special
  std::array<bool, kPanel> special = {};
};

class FloatGemm {
 public:
  FloatGemm(const Plan& plan, Tensor& d) : plan_(plan), p_(plan.p), d_(d) {}

  void run() {
    a_.resize(static_cast<std::size_t>(plan_.a_entries() * tiles()));
    parallel_for(std::ssize(a_), plan_.threads, [&](std::int64_t i) {
      with_layout(p_.a_format,
                  [&](auto layout) { a_[static_cast<std::size_t>(i)] = pack_a(layout, i / tiles(), i % tiles()); });
    });
    plan_.for_tiles(
        kPanel, kTileRows, [&](std::int64_t entry, std::int64_t panel, std::int64_t first, std::int64_t end) {
          const FloatB b = with_layout(p_.b_format, [&](auto layout) { return pack_b(layout, entry, panel * kPanel); });
          for (std::int64_t row = first; row < end; row += kTileRows)
            p_.acc == Acc::f32 ? tile<std::uint32_t>(entry, b, row, panel * kPanel)
                               : tile<std::uint16_t>(entry, b, row, panel * kPanel);
        });
  }

 private:
  std::int64_t tiles() const { return (p_.m() + kTileRows - 1) / kTileRows; }

  template <typename L>
  FloatA pack_a(L, std::int64_t entry, std::int64_t tile) const {
    const std::int64_t size = plan_.stored() * kTileRows;
    FloatA a{allocate<float>(size), allocate<std::uint32_t>(size), allocate<std::uint16_t>(size)};
    std::fill_n(a.value.get(), size, 0.0f);  // rows past the end
    std::vector<std::uint8_t> select;
    for (int r = 0; r < std::min<std::int64_t>(kTileRows, p_.m() - tile * kTileRows); ++r) {
      const Row<typename L::Stored> row(*p_.a, entry, tile * kTileRows + r);
      plan_.select(entry, tile * kTileRows + r, select);
      Kind& kind = a.kind[static_cast<std::size_t>(r)];
      for (std::int64_t first = 0; first < plan_.stored(); first += plan_.step) {
        for (std::int64_t i = first; i < first + plan_.step; ++i) {
          const Unpacked x = i < p_.a->cols ? L::unpack(row[i]) : Unpacked{};
          if (!x.narrow()) kind = std::max(kind, Kind::wide);
          if (x.special) kind = Kind::special;
          const std::int64_t at = first * kTileRows + r * plan_.step + i - first;
          a.value[at] = x.value;
          a.exponent[at] = 0x01010101u * static_cast<std::uint8_t>(x.exponent);
          a.select[at] = static_cast<std::uint16_t>(select[static_cast<std::size_t>(i)] * kPanel);
        }
      }
    }
    return a;
  }

  template <typename L>
  FloatB pack_b(L, std::int64_t entry, std::int64_t first_col) const {
    const std::int64_t size = plan_.logical() * kPanel;
    FloatB b{allocate<float>(size), allocate<std::int8_t>(size)};
    const std::int64_t cols = std::min<std::int64_t>(kPanel, p_.n() - first_col);
    for (std::int64_t k = 0; k < plan_.logical(); ++k) {
      const Row<typename L::Stored> row(*p_.b, entry, std::min(k, p_.k() - 1));
      float* const value = b.value.get() + k * kPanel;
      std::int8_t* const exponent = b.exponent.get() + k * kPanel;
      const std::int64_t end = k < p_.k() ? cols : 0;
      for (std::int64_t n = 0; n < end; ++n) {
        const Unpacked x = L::unpack(row[first_col + n]);
        if (x.special) b.special[static_cast<std::size_t>(n)] = true;
        if (!x.narrow()) b.kind = Kind::wide;
        value[n] = x.value;
        exponent[n] = static_cast<std::int8_t>(x.exponent);
      }
      std::fill(value + end, value + kPanel, 0.0f);
      std::fill(exponent + end, exponent + kPanel, static_cast<std::int8_t>(fast::kZeroExponent));
    }
    return b;
  }

  /// C as the kernels take it, and what it allows.
  static std::pair<float, Kind> unpack_c(std::uint16_t bits) {
    const Unpacked x = Fp16::unpack(bits);
    return {x.value, x.special ? Kind::special : Kind::narrow};
  }
  static std::pair<float, Kind> unpack_c(std::uint32_t bits) {
    constexpr std::uint32_t kLow = (127 - 90) << 23, kInf = 0x7F800000;
    const std::uint32_t magnitude = bits & ~(1u << 31);
    if (magnitude >= kInf) return {0.0f, Kind::special};
    const bool in_range = magnitude == 0 || magnitude >= kLow;
    return {std::bit_cast<float>(bits), in_range ? Kind::narrow : Kind::wide};
  }

  /// The accumulator's bits.
  template <typename Stored>
  static Stored pack_d(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if constexpr (sizeof(Stored) == 4) return bits;
    // An FP16 value: with the exponent's bias less by 112, its subnormals are FP32 subnormals.
    const auto magnitude = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits & ~(1u << 31)) * 0x1p-112f);
    return static_cast<Stored>((bits >> 31 << 15) | (magnitude >> 13));
  }

  void compute(const FloatA& a, const FloatB& b, Kind kind, std::span<const int> rows, float* acc) const {
    if (rows.empty()) return;
    const fast::FloatTile t{.step = plan_.step,
                            .window = plan_.window,
                            .steps = plan_.steps,
                            .frac_bits = plan_.params.frac_bits,
                            .floor = plan_.params.floor,
                            .e8m13 = plan_.params.rounding == Rounding::rz_e8m13,
                            .a_min_exponent = min_exponent(p_.a_format),
                            .b_min_exponent = min_exponent(p_.b_format),
                            .a = a.value.get(),
                            .a_exp = a.exponent.get(),
                            .select = a.select.get(),
                            .shared_select = !p_.sparse,
                            .b = b.value.get(),
                            .b_exp = b.exponent.get(),
                            .acc = acc,
                            .rows = rows.data(),
                            .row_count = static_cast<int>(rows.size())};
    if (p_.acc == Acc::f16) return fast::narrow_f16(t);
    const int rounding = std::fegetround();
    std::fesetround(FE_TOWARDZERO);
    kind == Kind::narrow ? fast::narrow_f32(t) : fast::wide_f32(t);
    std::fesetround(rounding);
  }

  template <typename Stored>
  void tile(std::int64_t entry, const FloatB& b, std::int64_t first_row, std::int64_t first_col) {
    const std::int64_t a_entry = plan_.a_entries() == 1 ? 0 : entry;
    const FloatA& a = a_[static_cast<std::size_t>(a_entry * tiles() + first_row / kTileRows)];
    const std::int64_t cols = std::min<std::int64_t>(kPanel, p_.n() - first_col);
    const int height = static_cast<int>(std::min<std::int64_t>(kTileRows, p_.m() - first_row));
    alignas(64) std::array<float, kTileRows * kPanel> acc = {};
    std::array<bool, kTileRows * kPanel> redo = {};
    std::vector<int> rows[2];  // by Kind: those of each kernel
    for (int r = 0; r < height; ++r) {
      Kind kind = std::max(a.kind[static_cast<std::size_t>(r)], b.kind);
      const bool special_row = kind == Kind::special;
      const Row<Stored> c_row(p_.c != nullptr ? *p_.c : d_, entry, first_row + r);
      for (std::int64_t n = 0; n < cols; ++n) {
        const auto at = static_cast<std::size_t>(r * kPanel + n);
        redo[at] = special_row || b.special[static_cast<std::size_t>(n)];
        if (p_.c == nullptr) continue;
        const auto [c, c_kind] = unpack_c(c_row[first_col + n]);
        acc[at] = c;
        if (c_kind == Kind::special)
          redo[at] = true;
        else
          kind = std::max(kind, c_kind);
      }
      if (kind != Kind::special) rows[static_cast<std::size_t>(kind)].push_back(r);
    }
    for (const Kind kind : {Kind::narrow, Kind::wide})
      compute(a, b, kind, rows[static_cast<std::size_t>(kind)], acc.data());

    for (int r = 0; r < height; ++r) {
      std::byte* const d = d_.entry(entry) + ((first_row + r) * p_.n() + first_col) * std::int64_t{sizeof(Stored)};
      for (std::int64_t n = 0; n < cols; ++n) {
        const auto at = static_cast<std::size_t>(r * kPanel + n);
        const Stored bits = redo[at] || std::isnan(acc[at])
                                ? static_cast<Stored>(element(p_, plan_.params, entry, first_row + r, first_col + n))
                                : pack_d<Stored>(acc[at]);
        std::memcpy(d + n * std::int64_t{sizeof(Stored)}, &bits, sizeof(Stored));
      }
    }
  }

  const Plan& plan_;
  const GemmProblem& p_;
  Tensor& d_;
  std::vector<FloatA> a_;
};

// ---------------------------------------------------------------------------------------------------------------------
// Integers: a sparse A is expanded to 16 bits, which exact sums allow; a step's products stay in the step's window.

struct IntA {
  Buffer<std::int16_t> value;           ///< groups of kIntRows rows; in each, pairs of k x kIntRows x 2
  std::vector<std::int64_t> magnitude;  ///< per row, sum of |a|
};

/// One panel of B.
struct IntB {
  std::int64_t first_col = 0;
  Buffer<std::int16_t> value;  ///< pairs of k x int_panel() x 2
  int largest = 0;             ///< |b|
};

class IntGemm {
 public:
  IntGemm(const Plan& plan, Tensor& d) : plan_(plan), p_(plan.p), d_(d), panel_(fast::int_panel()) {}

  void run() {
    a_.resize(static_cast<std::size_t>(plan_.a_entries()));
    for (std::int64_t e = 0; e < d_.batch && p_.c != nullptr; ++e)  // the kernel works in place
      std::memcpy(d_.entry(e), p_.c->entry(e), static_cast<std::size_t>(p_.m() * p_.n()) * sizeof(std::int32_t));
    const bool a_signed = p_.a_format == Format::int8;
    const bool b_signed = p_.b_format == Format::int8;
    parallel_for(std::ssize(a_), plan_.threads, [&](std::int64_t e) {
      a_[static_cast<std::size_t>(e)] = a_signed ? pack_a<std::int8_t>(e) : pack_a<std::uint8_t>(e);
    });
    // Stripes of a few panels: rows of C and D are then touched in longer runs.
    plan_.for_tiles(kStripe * panel_, fast::kIntRows,
                    [&](std::int64_t entry, std::int64_t stripe, std::int64_t first, std::int64_t end) {
                      std::vector<IntB> panels;
                      for (std::int64_t col = stripe * kStripe * panel_; col < p_.n() && panels.size() < kStripe;
                           col += panel_)
                        panels.push_back(b_signed ? pack_b<std::int8_t>(entry, col) : pack_b<std::uint8_t>(entry, col));
                      for (std::int64_t row = first; row < end; row += fast::kIntRows)
                        for (const IntB& b : panels) tile(entry, b, row, std::min(row + fast::kIntRows, end));
                    });
  }

 private:
  static constexpr int kStripe = 4;

  template <typename T>
  IntA pack_a(std::int64_t entry) const {
    const std::int64_t rows = (p_.m() + fast::kIntRows - 1) / fast::kIntRows * fast::kIntRows;
    IntA a{allocate<std::int16_t>(rows * plan_.logical()), std::vector<std::int64_t>(static_cast<std::size_t>(rows))};
    std::fill_n(a.value.get(), rows * plan_.logical(), std::int16_t{0});
    std::vector<std::uint8_t> select;
    for (std::int64_t r = 0; r < p_.m(); ++r) {
      const Row<T> row(*p_.a, entry, r);
      plan_.select(entry, r, select);
      std::int16_t* const pairs =
          a.value.get() + r / fast::kIntRows * fast::kIntRows * plan_.logical() + r % fast::kIntRows * 2;
      std::int64_t magnitude = 0;
      for (std::int64_t step = 0; step < plan_.steps; ++step) {
        const std::int64_t first = step * plan_.step;
        for (std::int64_t i = first; i < std::min(first + plan_.step, p_.a->cols); ++i) {
          const std::int64_t k = step * plan_.window + select[static_cast<std::size_t>(i)];
          std::int16_t& place = pairs[k / 2 * 2 * fast::kIntRows + k % 2];
          place = static_cast<std::int16_t>(place + row[i]);  // equal indices select one element of B twice
          magnitude += std::abs(int{row[i]});
        }
      }
      a.magnitude[static_cast<std::size_t>(r)] = magnitude;
    }
    return a;
  }

  template <typename T>
  IntB pack_b(std::int64_t entry, std::int64_t first_col) const {
    IntB b{.first_col = first_col, .value = allocate<std::int16_t>(plan_.logical() * panel_)};
    std::fill_n(b.value.get(), plan_.logical() * panel_, std::int16_t{0});
    const std::int64_t cols = std::min<std::int64_t>(panel_, p_.n() - first_col);
    for (std::int64_t k = 0; k < p_.k(); ++k) {
      const Row<T> row(*p_.b, entry, k);
      std::int16_t* const pairs = b.value.get() + k / 2 * panel_ * 2 + k % 2;
      for (std::int64_t n = 0; n < cols; ++n) {
        pairs[2 * n] = row[first_col + n];
        b.largest = std::max(b.largest, std::abs(int{row[first_col + n]}));
      }
    }
    return b;
  }

  void tile(std::int64_t entry, const IntB& b, std::int64_t first_row, std::int64_t end_row) {
    const IntA& a = a_[a_.size() == 1 ? 0 : static_cast<std::size_t>(entry)];
    const std::int64_t cols = std::min<std::int64_t>(panel_, p_.n() - b.first_col);
    fast::IntTile t{.pairs = plan_.logical() / 2, .a = a.value.get() + first_row * plan_.logical(), .b = b.value.get()};
    std::int64_t bound = 0;  // of every partial sum's magnitude
    for (std::int64_t row = first_row; row < end_row && p_.saturate; ++row) {
      const Row<std::int32_t> c(d_, entry, row);
      std::int32_t low = 0;
      std::int32_t high = 0;
      for (std::int64_t n = b.first_col; n < b.first_col + cols; ++n) {
        low = std::min(low, c[n]);
        high = std::max(high, c[n]);
      }
      const std::int64_t largest_c = std::max(-std::int64_t{low}, std::int64_t{high});
      bound = std::max(bound, largest_c + a.magnitude[static_cast<std::size_t>(row)] * b.largest);
    }
    if (bound > std::numeric_limits<std::int32_t>::max()) t.clamp_pairs = plan_.window / 2;

    const auto place = [&](std::int64_t row) {
      return d_.entry(entry) + (row * p_.n() + b.first_col) * std::int64_t{sizeof(std::int32_t)};
    };
    if (cols == panel_ && end_row - first_row == fast::kIntRows) {
      t.acc = reinterpret_cast<std::int32_t*>(place(first_row));
      t.acc_stride = p_.n();
      fast::int_rows(t);
      return;
    }
    std::array<std::int32_t, fast::kIntRows * fast::kMaxIntPanel> edge = {};
    t.acc = edge.data();
    t.acc_stride = panel_;
    const auto bytes = static_cast<std::size_t>(cols) * sizeof(std::int32_t);
    for (std::int64_t row = first_row; row < end_row; ++row)
      std::memcpy(t.acc + (row - first_row) * panel_, place(row), bytes);
    fast::int_rows(t);
    for (std::int64_t row = first_row; row < end_row; ++row)
      std::memcpy(place(row), t.acc + (row - first_row) * panel_, bytes);
  }

  const Plan& plan_;
  const GemmProblem& p_;
  Tensor& d_;
  int panel_;
  std::vector<IntA> a_;
};

}  // namespace

Tensor gemm_fast(const GemmProblem& p, unsigned threads) {
  const std::int64_t steps = gemm_steps(p);
  if (steps == 0) return gemm_reference(p, threads);
  Tensor d(p.m(), p.n(), storage_bytes(p.acc), p.batch(), p.batched());
  if (d.size() == 0) return d;
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  const int step = products_per_step(p.arith, p.a_format);
  const Plan plan{.p = p,
                  .params = step_params(p.arith, p.a_format, p.b_format, p.acc, p.saturate),
                  .threads = threads,
                  .step = step,
                  .window = p.sparse ? step * group_size(p.a_format) / group_stored(p.a_format) : step,
                  .steps = steps};
  if (is_integer(p.a_format))
    IntGemm(plan, d).run();
  else
    FloatGemm(plan, d).run();
  return d;
}

}  // namespace spmma
