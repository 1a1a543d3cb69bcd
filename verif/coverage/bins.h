// SPDX-License-Identifier: Apache-2.0
// Functional coverage: bins written from the test plan (docs/testplan.json), not from the RTL. A group of bins is a
// product of axes, less what cannot be; a bin's name is the group's and its value on each axis:
// "metadata/fp16/group1/code9/afterD".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "observer.h"
#include "points.h"

namespace spmma::verif {

class BinGroup {
 public:
  using Axis = std::vector<std::string>;

  BinGroup(std::string name, std::vector<Axis> axes) : name_(std::move(name)), axes_(std::move(axes)) { resize(); }

  const std::string& name() const { return name_; }
  std::size_t size() const { return hits_.size(); }
  std::string bin_name(std::size_t index) const;

  /// Counts the bin with these indices, one an axis; with an index that its axis does not have, none.
  void hit(std::initializer_list<int> at) { hit_index(index(at)); }

  /// Takes bins out that are none: combinations without a meaning, not those that no stimulus reaches (exclusions.json
  /// has these). Out go those whose values on all axes match, where "" matches all, "a|b" a and b.
  void exclude(std::initializer_list<std::string_view> pattern);

  std::uint64_t hits(std::size_t index) const { return hits_[index]; }
  bool possible(std::size_t index) const { return possible_[index]; }

 private:
  void resize();
  std::int64_t index(std::initializer_list<int> at) const;
  void hit_index(std::int64_t index) {
    if (index >= 0) ++hits_[static_cast<std::size_t>(index)];
  }

  std::string name_;
  std::vector<Axis> axes_;
  std::vector<std::uint64_t> hits_;
  std::vector<bool> possible_;
};

/// Observers with bins. They add their bins to the process's coverage when they are destroyed.
std::unique_ptr<CoreObserver> make_core_bins();
std::unique_ptr<GemmObserver> make_gemm_bins();

/// Every bin that there is, each hit 0 times.
CoverageData bin_catalogue();

/// What of a group was hit.
void add_hits(CoverageData& data, const BinGroup& group);

}  // namespace spmma::verif
