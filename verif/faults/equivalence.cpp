// SPDX-License-Identifier: Apache-2.0
#include "equivalence.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace spmma::verif {

Unrolled::Source shared_inputs(const SequentialAig& netlist, Free& free, int mutant, bool in_reset_too) {
  std::vector<Lit> fixed(netlist.inputs, Unrolled::kNext);
  for (int bit = 0; bit < 16; ++bit) {
    fixed[netlist.input_of.at(fmt::format("mutsel[{}]", bit))] = (mutant >> bit & 1) != 0 ? kTrue : kFalse;
  }
  if (!in_reset_too) fixed[netlist.input_of.at("rst_ni[0]")] = kTrue;
  return [&free, fixed](std::uint32_t index, int cycle) {
    return fixed[index] != Unrolled::kNext ? fixed[index] : free.input(index, cycle);
  };
}

std::unordered_map<std::string, std::uint32_t> flops_by_name(const SequentialAig& netlist) {
  Aig graph;
  Free free(graph);
  std::unordered_map<Lit, std::uint32_t> flop_of;
  for (std::uint32_t flop = 0; flop < netlist.flops; ++flop) flop_of[free.flop(0, flop)] = flop;
  Unrolled::Memory memory(netlist, 1);
  Unrolled copy(netlist, graph, memory, shared_inputs(netlist, free, 0, true),
                [&](std::uint32_t flop, int) { return free.flop(0, flop); });
  std::unordered_map<std::string, std::uint32_t> flops;
  for (const auto& [name, literal] : netlist.names) {
    const auto found = flop_of.find(copy.value(literal, 0));
    if (found != flop_of.end()) flops[name] = found->second;
  }
  return flops;
}

Lit matters(const SequentialAig& netlist, Aig& graph, Unrolled& copy, const std::string& output, int cycle) {
  const auto value = [&](const std::string& name) { return copy.output(netlist.output_of.at(name), cycle); };
  const auto begins = [&](const char* with) { return output.starts_with(with); };
  if (const std::size_t at = output.find(".write_data["); at != std::string::npos)
    return value(output.substr(0, at) + ".write_enable" + output.substr(at + 11));
  if (const std::size_t at = output.find(".write_address["); at != std::string::npos) {
    Lit any = kFalse;
    for (int bit = 0;; ++bit) {
      const auto enable =
          netlist.output_of.find(fmt::format("{}.write_enable[{}].cut.d[0]", output.substr(0, at), bit));
      if (enable == netlist.output_of.end()) return any;
      any = graph.lor(any, copy.output(enable->second, cycle));
    }
  }
  if (begins("u_core.in_") && !begins("u_core.in_valid_i")) return value("u_core.in_valid_i[0]");
  if (begins("m_axi_wdata[")) {
    const int bit = std::stoi(output.substr(12));
    return graph.land(value("m_axi_wvalid[0]"), value(fmt::format("m_axi_wstrb[{}]", bit / 8)));
  }
  static constexpr std::pair<const char*, const char*> kPayload[] = {
      {"m_axi_araddr", "m_axi_arvalid[0]"}, {"m_axi_arlen", "m_axi_arvalid[0]"},  {"m_axi_awaddr", "m_axi_awvalid[0]"},
      {"m_axi_awlen", "m_axi_awvalid[0]"},  {"m_axi_wstrb", "m_axi_wvalid[0]"},   {"m_axi_wlast", "m_axi_wvalid[0]"},
      {"s_axil_rdata", "s_axil_rvalid[0]"}, {"s_axil_rresp", "s_axil_rvalid[0]"}, {"s_axil_bresp", "s_axil_bvalid[0]"}};
  for (const auto& [payload, valid] : kPayload) {
    if (begins(payload)) return value(valid);
  }
  return kTrue;
}

}  // namespace spmma::verif
