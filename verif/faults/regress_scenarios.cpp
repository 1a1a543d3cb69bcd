// SPDX-License-Identifier: Apache-2.0
// The regression's own tests (verif/regress) as scenarios: what they kill, `spmma regress` would have failed on.
#include "regress/test_case.h"
#include "scenario.h"

namespace spmma::verif {

std::vector<Scenario> regress_scenarios(bool engine) {
  std::vector<Scenario> scenarios;
  for (const RegressTest& test : regress_tests()) {
    if (test.name.starts_with("engine.") != engine) continue;
    if (test.soak) continue;  // what other tests do, for longer
    const std::string name = test.name.substr(test.name.find('.', test.name.find('.') + 1) + 1);
    scenarios.push_back({name, [&test](std::uint64_t seed) {
                           const CaseResult result = test.make(seed)->run({});
                           Verdict verdict;
                           verdict.cycles = result.cycles;
                           if (!result.failure) return verdict;
                           verdict.assertion = result.failure->group.find("assertion") != std::string::npos;
                           verdict.wrong = !verdict.assertion;
                           verdict.what = result.failure->group;
                           return verdict;
                         }});
  }
  return scenarios;
}

}  // namespace spmma::verif
