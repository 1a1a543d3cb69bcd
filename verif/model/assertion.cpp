// SPDX-License-Identifier: Apache-2.0
#include "assertion.h"

#include <verilated.h>

#include <filesystem>
#include <utility>

namespace spmma::verif {
namespace {

thread_local std::string first_failure;

}  // namespace

std::string take_assertion_failure() { return std::exchange(first_failure, {}); }

}  // namespace spmma::verif

/// In place of the run-time library's own (VL_USER_STOP): remembers, and never ends the program. The context counts.
void vl_stop(const char* filename, int linenum, const char* /*hier*/) {
  std::string& first = spmma::verif::first_failure;
  if (first.empty()) {
    first = std::filesystem::path(filename).filename().string() + ":" + std::to_string(linenum);
  }
}
