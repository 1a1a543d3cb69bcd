// SPDX-License-Identifier: Apache-2.0
// [1 2; 3 4] * [5 6; 7 8] in INT8, on every preset that has it, through the installed headers and library.
#include <spmma/gemm.h>
#include <spmma/preset.h>

#include <cstdint>
#include <cstdio>

int main() {
  spmma::Tensor a(2, 2, 1);
  spmma::Tensor b(2, 2, 1);
  const std::uint32_t expected[] = {19, 22, 43, 50};
  for (std::uint32_t i = 0; i < 4; ++i) {
    a.set(0, i / 2, i % 2, 1 + i);
    b.set(0, i / 2, i % 2, 5 + i);
  }

  int used = 0;
  for (const spmma::Preset& preset : spmma::presets()) {
    if (!preset.core.has(spmma::Format::int8)) continue;
    ++used;
    spmma::GemmProblem problem;
    problem.arith = preset.core.arith();
    problem.a_format = problem.b_format = spmma::Format::int8;
    problem.acc = spmma::Acc::s32;
    problem.a = &a;
    problem.b = &b;
    const spmma::Tensor reference = spmma::gemm_reference(problem);
    const spmma::Tensor fast = spmma::gemm_fast(problem, 2);
    for (std::uint32_t i = 0; i < 4; ++i)
      if (reference.get(0, i / 2, i % 2) != expected[i] || fast.get(0, i / 2, i % 2) != expected[i]) {
        std::printf("%s: element %u is %u and %u, not %u\n", preset.name.c_str(), i, reference.get(0, i / 2, i % 2),
                    fast.get(0, i / 2, i % 2), expected[i]);
        return 1;
      }
  }
  std::printf("%d presets agree\n", used);
  return used > 0 ? 0 : 1;
}
