// SPDX-License-Identifier: Apache-2.0
#include "assertion.h"

#include <verilated.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace spmma::verif {
namespace {

struct Place {
  std::string file;
  int line = 0;
};
thread_local Place first_failure;

/// The name in the assertion macro that ends at or begins shortly before a line; empty if there is none.
std::string assertion_name(const Place& place) {
  std::ifstream source(place.file);
  std::vector<std::string> lines;
  for (std::string line; static_cast<int>(lines.size()) < place.line && std::getline(source, line);)
    lines.push_back(line);
  if (static_cast<int>(lines.size()) < place.line) return {};
  constexpr int kLongest = 6;  // lines of one assertion
  for (int i = place.line - 1; i >= std::max(0, place.line - kLongest); --i) {
    const std::string& line = lines[static_cast<std::size_t>(i)];
    const std::size_t macro = line.find("`SPMMA_"), open = line.find('(', macro), comma = line.find(',', open);
    if (macro != std::string::npos && comma != std::string::npos) return line.substr(open + 1, comma - open - 1);
  }
  return {};
}

}  // namespace

std::string take_assertion_failure() {
  const Place place = std::exchange(first_failure, {});
  if (place.file.empty()) return {};
  const std::string where = std::filesystem::path(place.file).filename().string() + ":" + std::to_string(place.line);
  const std::string name = assertion_name(place);
  return name.empty() ? where : name + " (" + where + ")";
}

}  // namespace spmma::verif

/// In place of the run-time library's own (VL_USER_STOP): remembers, and never ends the program. The context counts.
void vl_stop(const char* filename, int linenum, const char* /*hier*/) {
  spmma::verif::Place& first = spmma::verif::first_failure;
  if (first.file.empty()) first = {filename, linenum};
}
