// SPDX-License-Identifier: Apache-2.0
#include "io/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace spmma::verif {

using namespace std::chrono_literals;

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1), next_(started_ + (terminal_ ? 1s : 10s)) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::update(std::int64_t done, std::int64_t all) {
  if (all > 0) show(static_cast<double>(done) / static_cast<double>(all), fmt::format(" of {} steps", all));
}

void Progress::show(double part, const std::string& what) {
  const Clock::time_point now = Clock::now();
  if (now < next_ || part <= 0) return;
  next_ = now + (terminal_ ? 200ms : 10s);
  part = std::min(1.0, part);
  const double left = std::chrono::duration<double>(now - started_).count() * (1 - part) / part;
  const std::string text = fmt::format("{:3.0f} %{}, {:.0f} s left", 100 * part, what, left);
  if (!terminal_) {
    fmt::print(stderr, "{}\n", text);
    return;
  }
  constexpr std::size_t kWidth = 30;
  const auto filled = static_cast<std::size_t>(part * kWidth);
  fmt::print(stderr, "\r[{}{}] {}\x1b[K", std::string(filled, '#'), std::string(kWidth - filled, ' '), text);
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace spmma::verif
