// SPDX-License-Identifier: Apache-2.0
#include "sweep/liberty.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "io/error.h"
#include "io/text_file.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

/// Groups `name (arguments) { ... }` and attributes `name : value ;` or `name (arguments) ;`.
class Reader {
 public:
  Reader(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {}

  Liberty read() {
    if (word() != "library") fail("is not a liberty file");
    arguments();
    take('{');
    for (std::string name = word(); !name.empty(); name = word()) {
      if (name == "cell") {
        read_cell(arguments());
      } else {
        const std::string value = skip_value();
        if (name == "capacitive_load_unit") liberty_.capacitance_ff = capacitance_unit(value);
        if (name == "time_unit") liberty_.time_ns = time_unit(value);
      }
    }
    take('}');
    return std::move(liberty_);
  }

 private:
  static constexpr int kDeepest = 100;  ///< groups in one another

  [[noreturn]] void fail(const std::string& what) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size()));
    throw verif::InputError(fmt::format("{}: line {}: {}", path_, 1 + std::count(text_.begin(), end, '\n'), what));
  }
  void skip() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '/' && text_.compare(at_, 2, "/*") == 0) {
        at_ = text_.find("*/", at_ + 2);
        if (at_ == std::string::npos) fail("a comment does not end");
        ++at_;
      } else if (std::isspace(static_cast<unsigned char>(c)) == 0 && c != ';' && c != '\\') {
        return;
      }
    }
  }
  char next() {
    skip();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void take(char c) {
    if (next() != c) fail(fmt::format("'{}' is missing", c));
    ++at_;
  }
  /// A name, or "" at the end of a group.
  std::string word() {
    if (next() == '}' || next() == '\0') return "";
    const std::size_t begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_'))
      ++at_;
    if (at_ == begin) fail(fmt::format("'{}' is not the beginning of a name", text_[at_]));
    return text_.substr(begin, at_ - begin);
  }
  static std::string trimmed(std::string text) {
    std::erase_if(text, [](char c) { return c == '"'; });
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? "" : text.substr(begin);
  }
  std::string arguments() {
    take('(');
    const std::size_t begin = at_;
    for (bool quoted = false; at_ < text_.size() && (quoted || text_[at_] != ')'); ++at_) quoted ^= text_[at_] == '"';
    if (at_ >= text_.size()) fail("a ) is missing");
    return trimmed(text_.substr(begin, at_++ - begin));
  }
  /// What stands behind a name: a value, arguments, or a group, which is passed over.
  std::string skip_value(int depth = 0) {
    if (next() == ':') {
      ++at_;
      const std::size_t begin = at_;
      for (bool quoted = false; at_ < text_.size() && (quoted || (text_[at_] != ';' && text_[at_] != '\n')); ++at_) {
        quoted ^= text_[at_] == '"';
      }
      return trimmed(text_.substr(begin, at_ - begin));
    }
    const std::string value = arguments();
    if (next() == '{') {
      ++at_;
      if (depth == kDeepest) fail("groups are too deep");
      while (!word().empty()) skip_value(depth + 1);
      take('}');
    }
    return value;
  }
  double number(const std::string& text) const {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    // What is computed with it must be finite as well.
    if (end == text.c_str() || !(std::abs(value) < 1e30)) fail(fmt::format("'{}' is not a number", text));
    return value;
  }
  double capacitance_unit(const std::string& text) const {
    const double scale = number(text);
    return text.find("ff") != std::string::npos || text.find("fF") != std::string::npos ? scale : 1000 * scale;
  }
  double time_unit(const std::string& text) const {
    return number(text) * (text.find("ps") != std::string::npos ? 0.001 : 1);
  }

  void read_cell(const std::string& name) {
    LibertyCell cell;
    int outputs = 0;
    take('{');
    for (std::string item = word(); !item.empty(); item = word()) {
      if (item == "pin") {
        read_pin(arguments(), cell, outputs);
      } else {
        if (item == "ff") cell.flop = true;
        const std::string value = skip_value();
        if (item == "area") cell.area = number(value);
      }
    }
    take('}');
    if (outputs != 1) cell.output.clear();
    liberty_.cells[name] = std::move(cell);
  }

  void read_pin(const std::string& name, LibertyCell& cell, int& outputs) {
    std::string direction, function;
    double capacitance = 0, most = 0;
    take('{');
    for (std::string item = word(); !item.empty(); item = word()) {
      const std::string value = skip_value();
      if (item == "direction") direction = value;
      if (item == "capacitance") capacitance = number(value);
      if (item == "max_capacitance") most = number(value);
      if (item == "function") function = value;
    }
    take('}');
    if (direction == "input") {
      cell.input[name] = capacitance;
    } else if (direction == "output") {
      ++outputs;
      cell.output = name;
      cell.function = function;
      cell.max_capacitance = most;
    }
  }

  std::string path_, text_;
  std::size_t at_ = 0;
  Liberty liberty_;
};

/// The buffer that drives most, none of the clock's; empty if there is none.
std::string strongest_buffer(const std::map<std::string, LibertyCell>& cells) {
  std::string best;
  double drives = -1;
  for (const auto& [name, cell] : cells) {
    if (cell.flop || cell.input.size() != 1 || cell.output.empty()) continue;
    std::string function = cell.function;
    std::erase_if(function, [](char c) { return c == '(' || c == ')' || c == ' '; });
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (function != cell.input.begin()->first || upper.find("CLK") != std::string::npos) continue;
    if (cell.max_capacitance > drives) {
      drives = cell.max_capacitance;
      best = name;
    }
  }
  return best;
}

}  // namespace

Liberty read_liberty(const std::string& path) {
  Liberty liberty = Reader(path, verif::read_text(path)).read();
  liberty.buffer = strongest_buffer(liberty.cells);
  if (liberty.buffer.empty()) throw verif::InputError(path + ": has no buffer");
  const auto flop = [](const auto& cell) { return cell.second.flop; };
  if (std::ranges::none_of(liberty.cells, flop)) throw verif::InputError(path + ": has no flip-flop");
  return liberty;
}

}  // namespace spmma::sweep
