// SPDX-License-Identifier: Apache-2.0
#include "mutant.h"

#include <fmt/format.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "io/error.h"

namespace spmma::verif {
namespace {

/// A cell's name often has its place; otherwise its last src attribute does (those before it are of its wire).
std::string source_of(const std::string& cell, const std::string& last_src) {
  static const std::regex place(R"((\w+\.sv):(\d+))");
  std::smatch match;
  if (std::regex_search(cell, match, place) || std::regex_search(last_src, match, place)) return match[0];
  return "?";
}

/// `$paramod$1a88...\spmma_ram` and `$paramod\spmma_operand\Signed=...` without what is around the name.
std::string module_name(const std::string& module) {
  static const std::regex name(R"(spmma_\w+)");
  std::smatch match;
  return std::regex_search(module, match, name) ? match[0].str() : module;
}

}  // namespace

std::vector<Mutant> read_mutants(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw InputError(path + ": cannot be read");
  std::vector<Mutant> mutants;
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    std::istringstream words(line);
    std::string word, cell, port, bit, control, src;
    Mutant mutant;
    mutant.line = line;
    words >> word;
    bool good = word == "mutate";
    while (good && words >> word) {
      std::string value;
      if (word == "-ctrl") {
        good = static_cast<bool>(words >> value >> value >> mutant.id);
        continue;
      }
      good = static_cast<bool>(words >> value);
      if (word == "-mode") mutant.kind = value;
      if (word == "-module") mutant.module = module_name(value);
      if (word == "-cell") cell = value;
      if (word == "-port") port = value;
      if (word == "-portbit") bit = value;
      if (word == "-ctrlbit") control = value;
      if (word == "-src") src = value;
    }
    if (!good || mutant.id == 0 || mutant.kind.empty()) {
      throw InputError(fmt::format("{}: line {} is no mutant: {}", path, mutants.size() + 1, line));
    }
    mutant.place = fmt::format("{} {}[{}]{}", cell, port, bit, control.empty() ? "" : " by [" + control + "]");
    mutant.source = source_of(cell, src);
    mutants.push_back(std::move(mutant));
  }
  return mutants;
}

}  // namespace spmma::verif
