// SPDX-License-Identifier: Apache-2.0
// The legal combinations of formats as test parameters.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "spmma/format.h"

namespace spmma::test {

struct Types {
  Format a, b;
  Acc acc;
};

inline std::ostream& operator<<(std::ostream& out, const Types& t) {
  return out << name(t.a) << '_' << name(t.b) << '_' << name(t.acc);
}

inline std::string type_name(const ::testing::TestParamInfo<Types>& info) {
  return ::testing::PrintToString(info.param);
}

/// Every legal combination whose A format satisfies `wanted`.
template <typename Predicate>
std::vector<Types> legal_types(Predicate&& wanted) {
  std::vector<Types> all;
  for (const Format a : kFormats)
    for (const Format b : kFormats)
      for (const Acc acc : {Acc::s32, Acc::f32, Acc::f16})
        if (legal(a, b, acc) && wanted(a)) all.push_back({a, b, acc});
  return all;
}

inline std::vector<Types> legal_types() {
  return legal_types([](Format) { return true; });
}

}  // namespace spmma::test
