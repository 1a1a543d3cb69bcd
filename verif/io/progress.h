// SPDX-License-Identifier: Apache-2.0
// How far long work has come.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace spmma::verif {

/// Progress of long work on standard error: a bar on a terminal, a plain line now and then elsewhere, nothing for what
/// is done within a second or two.
class Progress {
 public:
  Progress();
  ~Progress();  ///< wipes the bar
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::int64_t done, std::int64_t all);
  /// The same for work that counts something else: `part` of it is done, 0 to 1; `what` stands behind the percentage.
  void show(double part, const std::string& what);

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point started_ = Clock::now();
  Clock::time_point next_;
};

}  // namespace spmma::verif
