// SPDX-License-Identifier: Apache-2.0
// A sweep against an older one of the same points: `--compare OLD`.
#pragma once

#include <string>
#include <vector>

#include "sweep/record.h"

namespace spmma::sweep {

/// A figure that changed.
struct Change {
  std::string point;   ///< its parameters
  std::string figure;  ///< "area"
  double before = 0, after = 0;
  bool worse = false;  ///< by more than the margin

  double percent() const;  ///< of the change; of one from 0, infinite
};

struct Comparison {
  std::vector<Change> changes;
  std::vector<std::string> lost;       ///< figures that the older record has and the newer one has not
  std::vector<std::string> broken;     ///< points that were good before, and are not now
  std::vector<std::string> recovered;  ///< points that were not, and are now
  std::vector<std::string> gone;       ///< points only in the older results
  std::vector<std::string> added;      ///< points only in the newer ones
  std::size_t compared = 0;            ///< points in both

  bool passed() const;  ///< nothing is worse, lost or broken
};

/// All figures() of the points that are in both: the same unit, workload and parameters. A figure is worse if it has a
/// wrong direction and changed in it by more than `margin` percent.
Comparison compare(const std::vector<Record>& before, const std::vector<Record>& after, double margin);

std::string text_of(const Comparison& comparison, double margin);

}  // namespace spmma::sweep
