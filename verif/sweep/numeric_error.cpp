// SPDX-License-Identifier: Apache-2.0
#include "sweep/numeric_error.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace spmma::sweep {
namespace {

/// An unevaluated sum of two doubles.
struct DoubleDouble {
  double high = 0, low = 0;

  /// Knuth's two-sum: what the first addition rounds off is kept.
  void add(double x) {
    const double sum = high + x;
    const double part = sum - high;
    low += (high - (sum - part)) + (x - part);
    high = sum;
  }
};

struct Shape {
  int precision;  ///< bits of the significand
  int min_exponent;
};

double unit_of(const Shape& shape, double value) {
  const int exponent = value == 0 ? shape.min_exponent : std::max(std::ilogb(value), shape.min_exponent);
  return std::ldexp(1.0, exponent - shape.precision + 1);
}

double value_of(Format format, std::uint32_t bits) {
  return is_integer(format) ? static_cast<double>(to_int(format, bits)) : to_double(format, bits);
}

/// The elements of a row of A as they stand in the sum, with the column of A or row of B that each belongs to.
struct Term {
  std::int64_t k;
  double value;
};
std::vector<Term> row_terms(const GemmProblem& p, std::int64_t row) {
  std::vector<Term> terms;
  const int stored = group_stored(p.a_format);
  for (std::int64_t i = 0; i < p.a->cols; ++i) {
    std::int64_t k = i;
    if (p.sparse) {
      const std::int64_t group = i / stored;
      const auto nibble = static_cast<std::uint8_t>(p.metadata->get(0, row, group));
      k = group * group_size(p.a_format) + selected(p.a_format, nibble, static_cast<int>(i % stored));
    }
    const double value = value_of(p.a_format, p.a->get(0, row, i));
    if (value != 0) terms.push_back({k, value});
  }
  return terms;
}

}  // namespace

double NumericError::rms_ulp() const {
  return results == 0 ? 0 : std::sqrt(sum_of_squares / static_cast<double>(results));
}

void NumericError::add(const NumericError& other) {
  max_ulp = std::max(max_ulp, other.max_ulp);
  sum_of_squares += other.sum_of_squares;
  results += other.results;
  not_finite += other.not_finite;
}

NumericError numeric_error(const GemmProblem& p, const Tensor& d) {
  NumericError error;
  const bool integer = p.acc == Acc::s32;
  const Shape shape = p.acc == Acc::f16 ? Shape{11, -14} : Shape{24, -126};
  std::vector<double> b(static_cast<std::size_t>(p.k() * p.n()));
  for (std::int64_t k = 0; k < p.k(); ++k)
    for (std::int64_t n = 0; n < p.n(); ++n)
      b[static_cast<std::size_t>(k * p.n() + n)] = value_of(p.b_format, p.b->get(0, k, n));

  std::vector<DoubleDouble> sums(static_cast<std::size_t>(p.n()));
  for (std::int64_t m = 0; m < p.m(); ++m) {
    std::ranges::fill(sums, DoubleDouble{});
    for (const Term& term : row_terms(p, m)) {
      const double* const row = b.data() + term.k * p.n();
      // A product of two elements has at most 22 bits: it is exact.
      for (std::size_t n = 0; n < sums.size(); ++n) sums[n].add(term.value * row[n]);
    }
    for (std::int64_t n = 0; n < p.n(); ++n) {
      DoubleDouble exact = sums[static_cast<std::size_t>(n)];
      if (p.c != nullptr) {
        const std::uint32_t bits = p.c->get(0, m, n);
        exact.add(integer ? static_cast<double>(static_cast<std::int32_t>(bits)) : to_double(p.acc, bits));
      }
      const std::uint32_t bits = d.get(0, m, n);
      const double got = integer ? static_cast<double>(static_cast<std::int32_t>(bits)) : to_double(p.acc, bits);
      const double value = exact.high + exact.low;
      if (!std::isfinite(got) || !std::isfinite(value)) {
        ++error.not_finite;
        continue;
      }
      const double ulp = std::abs((got - exact.high) - exact.low) / (integer ? 1.0 : unit_of(shape, value));
      error.max_ulp = std::max(error.max_ulp, ulp);
      error.sum_of_squares += ulp * ulp;
      ++error.results;
    }
  }
  return error;
}

}  // namespace spmma::sweep
