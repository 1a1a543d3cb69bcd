// SPDX-License-Identifier: Apache-2.0
#include "bins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

#include "core_bins.h"
#include "gemm_bins.h"

namespace spmma::verif {
namespace {

/// True if `value` is one of the alternatives of `pattern`: "a|b"; an empty pattern matches all.
bool matches(std::string_view pattern, std::string_view value) {
  if (pattern.empty()) return true;
  while (true) {
    const std::size_t end = pattern.find('|');
    if (pattern.substr(0, end) == value) return true;
    if (end == std::string_view::npos) return false;
    pattern.remove_prefix(end + 1);
  }
}

}  // namespace

void BinGroup::resize() {
  std::size_t size = 1;
  for (const Axis& axis : axes_) size *= axis.size();
  hits_.assign(size, 0);
  possible_.assign(size, true);
}

std::string BinGroup::bin_name(std::size_t index) const {
  std::vector<std::string_view> values;
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    values.push_back((*axis)[index % axis->size()]);
    index /= axis->size();
  }
  std::ranges::reverse(values);
  return fmt::format("{}/{}", name_, fmt::join(values, "/"));
}

std::int64_t BinGroup::index(std::initializer_list<int> at) const {
  std::size_t index = 0;
  auto axis = axes_.begin();
  for (const int i : at) {
    if (i < 0 || i >= static_cast<int>(axis->size())) return -1;
    index = index * axis->size() + static_cast<std::size_t>(i);
    ++axis;
  }
  return static_cast<std::int64_t>(index);
}

void BinGroup::exclude(std::initializer_list<std::string_view> pattern) {
  for (std::size_t i = 0; i < size(); ++i) {
    std::size_t rest = i;
    bool all = true;
    auto axis = axes_.rbegin();
    for (auto p = std::rbegin(pattern); p != std::rend(pattern); ++p, ++axis) {
      all = all && matches(*p, (*axis)[rest % axis->size()]);
      rest /= axis->size();
    }
    if (all) possible_[i] = false;
  }
}

void add_hits(CoverageData& data, const BinGroup& group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group.possible(i) && group.hits(i) != 0) {
      data.add({.kind = PointKind::functional, .name = group.bin_name(i)}, group.hits(i));
    }
  }
}

CoverageData bin_catalogue() {
  CoverageData data;
  const CoreBins core;
  const GemmBins gemm;
  for (const auto& groups : {core.groups(), gemm.groups()}) {
    for (const BinGroup* group : groups) {
      for (std::size_t i = 0; i < group->size(); ++i) {
        if (group->possible(i)) data.add({.kind = PointKind::functional, .name = group->bin_name(i)}, 0);
      }
    }
  }
  return data;
}

}  // namespace spmma::verif
