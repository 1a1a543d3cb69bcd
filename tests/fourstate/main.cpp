// SPDX-License-Identifier: Apache-2.0
// spmma_fourstate_data core|gemm PRESET FOLDER: writes what tests/fourstate/core_tb.sv or gemm_tb.sv reads.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>

#include "data.h"

int main(int argc, char** argv) {
  const std::string_view top = argc > 1 ? argv[1] : "";
  const spmma::Preset* const preset = argc == 4 ? spmma::find_preset(argv[2]) : nullptr;
  if (preset == nullptr || (top != "core" && top != "gemm")) {
    fmt::print(stderr, "usage: spmma_fourstate_data core|gemm PRESET FOLDER\n");
    return 2;
  }
  try {
    if (top == "core") {
      spmma::fourstate::write_core_data(*preset, argv[3]);
    } else {
      spmma::fourstate::write_gemm_data(*preset, argv[3]);
    }
  } catch (const std::exception& e) {
    fmt::print(stderr, "spmma_fourstate_data: {}\n", e.what());
    return 1;
  }
  return 0;
}
