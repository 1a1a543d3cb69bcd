// SPDX-License-Identifier: Apache-2.0
#include "model_flops.h"

#include <verilated.h>
#include <verilated_syms.h>

#include <algorithm>
#include <regex>

namespace spmma::verif {
namespace {

/// "TOP.spmma_core.gen_row__BRA__0__KET__.u_row" as "gen_row[0].u_row".
std::string instance_of(const std::string& scope, const std::string& top) {
  std::string path = scope == top ? "" : scope.substr(top.size() + 1);
  path = std::regex_replace(path, std::regex("__BRA__"), "[");
  return std::regex_replace(path, std::regex("__KET__"), "]");
}

}  // namespace

std::vector<Flops> find_flops(const VerilatedContext& context) {
  // The run-time library's own tables; it has no constant way to them.
  const VerilatedScopeNameMap& scopes = *const_cast<VerilatedContext&>(context).scopeNameMap();
  std::string top;  // "TOP.spmma_core": the shortest scope below TOP that is no package
  for (const auto& [name, scope] : scopes) {
    const std::string text = name;
    if (!text.starts_with("TOP.") || text.ends_with("_pkg") || text == "TOP.TOP") continue;
    if (top.empty() || text.size() < top.size()) top = text;
  }
  std::vector<Flops> found;
  for (const auto& [name, scope] : scopes) {
    if (scope->varsp() == nullptr || !std::string(name).starts_with(top)) continue;
    for (const auto& [variable, var] : *scope->varsp()) {
      const std::string_view flop = variable;
      if (!flop.ends_with("_q") || var.isParam()) continue;
      if ((flop.front() >= 'A' && flop.front() <= 'Z') || flop.starts_with("check_")) continue;
      Flops flops{.instance = instance_of(name, top), .name = variable, .data = static_cast<std::byte*>(var.datap())};
      flops.width = var.packed().elements();
      if (var.udims() > 0) flops.words = var.unpacked().elements();
      flops.stride = static_cast<int>(static_cast<std::int64_t>(var.totalSize()) / flops.words);
      found.push_back(std::move(flops));
    }
  }
  std::ranges::sort(found, {}, [](const Flops& f) { return f.instance + '.' + f.name; });
  return found;
}

}  // namespace spmma::verif
