// SPDX-License-Identifier: Apache-2.0
#include "sweep/condition.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "io/error.h"
#include "sweep/axis.h"

namespace spmma::sweep {
namespace {

using verif::InputError;
using Value = std::function<std::int64_t(const Point&)>;

constexpr std::size_t kLongest = 10'000;  ///< characters: each operator is a call in a call

/// Throws std::domain_error where there is no result of 64 bits.
std::int64_t calculate(char op, std::int64_t a, std::int64_t b) {
  if ((op == '/' || op == '%') && b == 0) throw std::domain_error("divides by zero");
  std::int64_t result = 0;
  bool beyond = false;
  switch (op) {
    case '+':
      beyond = __builtin_add_overflow(a, b, &result);
      break;
    case '-':
      beyond = __builtin_sub_overflow(a, b, &result);
      break;
    case '*':
      beyond = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      beyond = a == std::numeric_limits<std::int64_t>::min() && b == -1;
      if (!beyond) result = op == '/' ? a / b : a % b;
  }
  if (beyond) throw std::domain_error("a number has more than 64 bits");
  return result;
}

/// Recursive descent: one function for each level of precedence.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Value parse() {
    Value value = disjunction();
    skip();
    if (at_ != text_.size()) fail("an operator is missing");
    return value;
  }

 private:
  static constexpr int kDeepest = 200;  ///< parentheses in one another

  [[noreturn]] void fail(const std::string& what) const {
    throw InputError(fmt::format("--where '{}': {} at character {}", text_, what, at_ + 1));
  }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  static bool of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

  /// Takes the first of `tokens` that comes next; a word only if it ends there. -1: none of them.
  int take(std::initializer_list<std::string_view> tokens) {
    skip();
    int index = 0;
    for (const std::string_view token : tokens) {
      const std::string_view rest = text_.substr(at_);
      const bool cut = of_word(token.back()) && rest.size() > token.size() && of_word(rest[token.size()]);
      if (rest.starts_with(token) && !cut) {
        at_ += token.size();
        return index;
      }
      ++index;
    }
    return -1;
  }

  Value disjunction() {
    Value left = conjunction();
    while (take({"or", "||"}) >= 0) {
      left = [l = std::move(left), r = conjunction()](const Point& p) { return l(p) != 0 || r(p) != 0 ? 1 : 0; };
    }
    return left;
  }
  Value conjunction() {
    Value left = negation();
    while (take({"and", "&&"}) >= 0) {
      left = [l = std::move(left), r = negation()](const Point& p) { return l(p) != 0 && r(p) != 0 ? 1 : 0; };
    }
    return left;
  }
  Value negation() {
    if (take({"not"}) < 0 && (text_.substr(at_).starts_with("!=") || take({"!"}) < 0)) return comparison();
    Deeper deeper(*this);
    return [v = negation()](const Point& p) { return v(p) == 0 ? 1 : 0; };
  }
  Value comparison() {
    Value l = sum();
    const int op = take({"==", "!=", "<=", ">=", "<", ">", "="});
    if (op < 0) return l;
    Value r = sum();
    return [op, l = std::move(l), r = std::move(r)](const Point& p) -> std::int64_t {
      const std::int64_t a = l(p), b = r(p);
      switch (op) {
        case 1:
          return a != b;
        case 2:
          return a <= b;
        case 3:
          return a >= b;
        case 4:
          return a < b;
        case 5:
          return a > b;
        default:
          return a == b;
      }
    };
  }
  Value sum() {
    Value left = product();
    for (int op = take({"+", "-"}); op >= 0; op = take({"+", "-"})) {
      left = [op, l = std::move(left), r = product()](const Point& p) { return calculate("+-"[op], l(p), r(p)); };
    }
    return left;
  }
  Value product() {
    Value left = primary();
    for (int op = take({"*", "/", "%"}); op >= 0; op = take({"*", "/", "%"})) {
      left = [op, l = std::move(left), r = primary()](const Point& p) { return calculate("*/%"[op], l(p), r(p)); };
    }
    return left;
  }
  Value primary() {
    if (take({"("}) >= 0) {
      Deeper deeper(*this);
      Value inner = disjunction();
      if (take({")"}) < 0) fail("a ) is missing");
      return inner;
    }
    skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() && of_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word.empty()) fail("a number or the name of an axis is missing");
    if (std::isdigit(static_cast<unsigned char>(word.front())) != 0) {
      int value = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
      if (error != std::errc() || end != word.data() + word.size()) {
        at_ = begin;
        fail(fmt::format("'{}' is not a number", word));
      }
      return [value](const Point&) { return std::int64_t{value}; };
    }
    const Axis* const axis = find_axis(word);
    if (axis == nullptr) {
      at_ = begin;
      fail(fmt::format("'{}' is not an axis", word));
    }
    return [field = axis->field](const Point& p) { return std::int64_t{p.*field}; };
  }

  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepest) parser_.fail("too deep");
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Parser& parser_;
  };

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::function<bool(const Point&)> parse_condition(const std::string& text) {
  if (text.size() > kLongest) throw InputError(fmt::format("--where: more than {} characters", kLongest));
  return [text, value = Parser(text).parse()](const Point& p) {
    try {
      return value(p) != 0;
    } catch (const std::domain_error& e) {
      throw InputError(fmt::format("--where '{}': {}", text, e.what()));
    }
  };
}

}  // namespace spmma::sweep
