// SPDX-License-Identifier: Apache-2.0
#include "wave/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "io/markup.h"

namespace spmma::verif {
namespace {

constexpr const char* kInk = "#24323f";
constexpr const char* kQuiet = "#6b7a88";
constexpr const char* kLine = "#2f5d8a";
constexpr const char* kFill = "#e8f0f9";
constexpr const char* kBand = "#f4f6f8";
constexpr const char* kWrong = "#c2402a";

// Pixels.
constexpr double kLabels = 150, kRight = 10, kTop = 26, kRow = 22, kHeading = 26;
constexpr double kPageWidth = 1000, kLeastColumn = 24;
constexpr double kCharacter = 6.1;  // of a value, in 10-pixel type

/// The numbers have one decimal.
std::string px(double v) { return fmt::format("{:.1f}", v); }

std::string text_at(double x, double y, double size, const char* colour, const char* anchor, std::string_view what,
                    bool bold = false) {
  return fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\" text-anchor=\"{}\"{}>{}</text>\n", px(x),
                     px(y), px(size), colour, anchor, bold ? " font-weight=\"bold\"" : "", escape_markup(what));
}

/// The first and last cycle to draw.
WaveWindow drawn(const WaveDump::Samples& samples, std::optional<std::int64_t> mark) {
  const std::int64_t last = samples.first + std::ssize(samples.values) - 1;
  std::int64_t from = samples.first;
  if (last - from >= kPictureCycles && mark) {
    // Most of what led to it, and some of what came of it.
    from = std::clamp(*mark - kPictureCycles * 2 / 3, from, last - kPictureCycles + 1);
  }
  return {from, std::min(last, from + kPictureCycles - 1)};
}

class Drawing {
 public:
  Drawing(std::int64_t first, std::int64_t cycles)
      : first_(first),
        cycles_(cycles),
        column_(std::max(kLeastColumn, (kPageWidth - kLabels - kRight) / static_cast<double>(cycles))) {}

  double left(std::int64_t column) const { return kLabels + column_ * static_cast<double>(column); }

  void heading(const std::string& title) {
    y_ += kHeading;
    body_ += text_at(8, y_ - 7, 11, kInk, "start", title, true);
  }

  void clock(const std::string& label) {
    begin_row(label);
    std::string path = fmt::format("M{} {}", px(left(0)), px(high()));
    for (std::int64_t i = 0; i < cycles_; ++i) {
      path += fmt::format("H{}V{}H{}V{}", px(left(i) + column_ / 2), px(low()), px(left(i + 1)), px(high()));
    }
    body_ += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1\"/>\n", path, kQuiet);
  }

  /// One character a cycle: '0', '1', 'x', or ' ' where it means nothing.
  void bits(const std::string& label, const std::string& values) {
    begin_row(label);
    std::string path;
    for (std::int64_t i = 0; i < cycles_; ++i) {
      const char v = values[static_cast<std::size_t>(i)];
      if (v == ' ') continue;
      const double y = v == '1' ? high() : v == '0' ? low() : middle();
      const bool joined = i > 0 && values[static_cast<std::size_t>(i - 1)] != ' ';
      path += joined ? fmt::format("V{}H{}", px(y), px(left(i + 1)))
                     : fmt::format("M{} {}H{}", px(left(i)), px(y), px(left(i + 1)));
    }
    if (path.empty()) return;
    body_ += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.4\"/>\n", path, kLine);
  }

  /// A text a cycle; an empty one means nothing. Equal neighbours are one cell, unless each is one of its own.
  void values(const std::string& label, const std::vector<std::string>& texts, bool each) {
    begin_row(label);
    for (std::int64_t begin = 0, end = 0; begin < cycles_; begin = end) {
      const std::string& text = texts[static_cast<std::size_t>(begin)];
      end = begin + 1;
      while (!each && end < cycles_ && texts[static_cast<std::size_t>(end)] == text) ++end;
      if (!text.empty()) cell(left(begin), left(end), text);
    }
  }

  std::string svg(std::optional<std::int64_t> mark) const {
    const double width = left(cycles_) + kRight, height = y_ + 12;
    std::string all = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "font-family=\"DejaVu Sans Mono, Consolas, monospace\">\n<rect width=\"100%\" height=\"100%\" "
        "fill=\"white\"/>\n",
        px(width), px(height));
    for (std::int64_t i = 0; i < cycles_; ++i) {
      const bool wrong = mark && *mark == first_ + i;
      if (i % 2 == 0 || wrong) {
        all += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"{}/>\n", px(left(i)),
                           px(kTop - 6), px(column_), px(height - kTop), wrong ? kWrong : kBand,
                           wrong ? " fill-opacity=\"0.18\"" : "");
      }
      all += text_at(left(i) + column_ / 2, 14, 9, wrong ? kWrong : kQuiet, "middle", fmt::format("{}", first_ + i),
                     wrong);
    }
    return all + body_ + "</svg>\n";
  }

 private:
  double high() const { return y_ - kRow + 5; }
  double low() const { return y_ - 5; }
  double middle() const { return y_ - kRow / 2; }

  void begin_row(const std::string& label) {
    y_ += kRow;
    body_ += text_at(16, middle() + 3.5, 10, kInk, "start", label);
  }

  void cell(double from, double to, const std::string& text) {
    const double slope = 2.5;
    body_ += fmt::format(
        "<polygon points=\"{0},{3} {1},{4} {2},{4} {5},{3} {2},{6} {1},{6}\" fill=\"{7}\" stroke=\"{8}\"/>", px(from),
        px(from + slope), px(to - slope), px(middle()), px(high()), px(to), px(low()), kFill, kLine);
    const double width = to - from - slope;
    const auto fits = [&](double character) { return static_cast<std::size_t>(std::max(1.0, width / character)); };
    if (text.size() <= fits(kCharacter)) {
      body_ += text_at((from + to) / 2, middle() + 3.5, 10, kInk, "middle", text);
      return;
    }
    // Smaller, as far as it can be read; then its beginning. The whole of it shows under the pointer.
    constexpr double kSmaller = 0.78;
    const std::size_t most = fits(kCharacter * kSmaller);
    const std::string shown = text.size() <= most ? text : text.substr(0, std::max<std::size_t>(1, most - 1));
    body_ += fmt::format(
        "<g><title>{}</title><text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\" "
        "text-anchor=\"middle\">{}{}</text></g>\n",
        escape_markup(text), px((from + to) / 2), px(middle() + 3), px(10 * kSmaller), kInk, escape_markup(shown),
        shown == text ? "" : "\u2026");
  }

  std::int64_t first_, cycles_;
  double column_;
  double y_ = kTop - 6;
  std::string body_;
};

}  // namespace

std::string wave_picture(const std::string& wave, bool engine, const std::vector<WaveGroup>& groups,
                         const PictureOptions& options) {
  WaveDump dump(wave);
  struct Chosen {
    const WaveRow* row;
    std::size_t value, when;  // columns of the samples
  };
  std::vector<std::string> paths;
  std::vector<std::pair<const WaveGroup*, std::vector<Chosen>>> chosen;
  for (const WaveGroup& group : groups) {
    std::vector<Chosen> rows;
    for (const WaveRow& row : group.rows) {
      if (!row.main || dump.find(row.bits.path) == nullptr) continue;
      rows.push_back({&row, paths.size(), paths.size() + 1});
      paths.push_back(row.bits.path);
      paths.push_back(row.when.path);
    }
    if (!rows.empty()) chosen.emplace_back(&group, std::move(rows));
  }
  const std::string clock = wave_clock(engine);
  const WaveDump::Samples samples = dump.sample(paths, clock, options.window);
  if (samples.values.empty()) throw std::runtime_error(wave + ": has none of the cycles to draw");

  const WaveWindow cycles = drawn(samples, options.mark);
  const auto begin = static_cast<std::size_t>(cycles.from - samples.first);
  const auto count = static_cast<std::size_t>(cycles.to - cycles.from + 1);
  Drawing drawing(cycles.from, static_cast<std::int64_t>(count));
  for (const auto& [group, rows] : chosen) {
    drawing.heading(group->title);
    for (const Chosen& c : rows) {
      if (c.row->bits.path == clock) {
        drawing.clock(c.row->label);
        continue;
      }
      std::string bits;
      std::vector<std::string> texts;
      for (std::size_t i = begin; i < begin + count; ++i) {
        const std::vector<std::string>& v = samples.values[i];
        const bool means = c.row->when.path.empty() || c.row->when.of(v[c.when]) == "1";
        const std::string value = c.row->bits.of(v[c.value]);
        if (c.row->radix == Radix::bit && value.size() == 1) {
          bits += means ? value[0] : ' ';
        } else {
          texts.push_back(means ? show(c.row->radix, value) : "");
        }
      }
      if (texts.empty()) {
        drawing.bits(c.row->label, bits);
      } else {
        drawing.values(c.row->label, texts, !c.row->when.path.empty());
      }
    }
  }
  return drawing.svg(options.mark);
}

}  // namespace spmma::verif
