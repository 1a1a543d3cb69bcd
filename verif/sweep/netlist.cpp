// SPDX-License-Identifier: Apache-2.0
#include "sweep/netlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace spmma::sweep {
namespace {

using Json = nlohmann::json;

std::vector<Net> bits_of(const Json& bits) {
  std::vector<Net> nets;
  for (const Json& bit : bits) {
    if (bit.is_string()) {
      nets.push_back(bit == "1" ? kOne : kZero);  // what is undefined was made 0 before
    } else {
      nets.push_back(bit.get<Net>());
    }
  }
  return nets;
}

std::string escaped(const std::string& name) { return '\\' + plain_name(name) + ' '; }

/// The scalar of a bit of a port.
std::string port_bit(const std::string& port, std::size_t bit, std::size_t width) {
  return width == 1 ? escaped(port) : escaped(fmt::format("{}[{}]", port, bit));
}

/// A constant is a net without a driver: with constants, OpenSTA 2.0.17 visits vertices of one level while it visits
/// that level, and ends in a memory error when it works out power. No path starts there, and nothing changes there.
std::string net_name(Net net) { return net < 0 ? "tie" : fmt::format("n{}", net); }

}  // namespace

std::string plain_name(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    if (c == '[') plain += '.';
    if (c != '[' && c != ']') plain += c == '/' || c == '\\' || c == ' ' || c == '$' || c == ':' ? '_' : c;
  }
  return plain;
}

std::string rtl_name(const std::string& plain) {
  std::string name;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    std::size_t end = i + 1;
    while (end < plain.size() && std::isdigit(static_cast<unsigned char>(plain[end])) != 0) ++end;
    const bool index =
        plain[i] == '.' && end > i + 1 && (end == plain.size() || plain[end] == '.' || plain[end] == '/');
    if (index) {
      name += '[' + plain.substr(i + 1, end - i - 1) + ']';
      i = end - 1;
    } else {
      name += plain[i] == '/' ? '.' : plain[i];
    }
  }
  return name;
}

std::vector<std::string> Netlist::bottom_up() const {
  std::vector<std::string> order;
  std::set<std::string> seen;
  const std::function<void(const std::string&)> visit = [&](const std::string& name) {
    if (!seen.insert(name).second) return;
    for (const CellInstance& cell : modules.at(name).cells) {
      if (modules.contains(cell.type)) visit(cell.type);
    }
    order.push_back(name);
  };
  visit(top);
  return order;
}

std::map<std::string, std::int64_t> Netlist::instances() const {
  std::map<std::string, std::int64_t> count = {{top, 1}};
  std::vector<std::string> order = bottom_up();
  for (auto name = order.rbegin(); name != order.rend(); ++name) {
    for (const CellInstance& cell : modules.at(*name).cells) {
      if (modules.contains(cell.type)) count[cell.type] += count[*name];
    }
  }
  return count;
}

Module read_module(const std::string& json, const std::string& name) {
  try {
    const Json all = Json::parse(json);
    const Json& from = all.at("modules").at(name);
    Module module;
    const auto count = [&](const std::vector<Net>& bits) {
      for (const Net bit : bits) module.nets = std::max(module.nets, bit + 1);
    };
    for (const auto& [port, what] : from.at("ports").items()) {
      Port& to = module.ports[port];
      to.input = what.at("direction") == "input";
      to.bits = bits_of(what.at("bits"));
      count(to.bits);
    }
    for (const auto& [cell, what] : from.at("cells").items()) {
      CellInstance& to = module.cells.emplace_back();
      to.name = cell;
      to.type = what.at("type");
      for (const auto& [pin, bits] : what.at("connections").items()) count(to.pins[pin] = bits_of(bits));
    }
    for (const auto& [net, what] : from.at("netnames").items()) {
      if (what.value("hide_name", 0) != 0) continue;
      const std::vector<Net> bits = bits_of(what.at("bits"));
      for (std::size_t i = 0; i < bits.size(); ++i) {
        if (bits[i] < 0) continue;
        std::string& known = module.names[bits[i]];
        // A register's own name before that of what it is assigned to.
        if (!known.empty() && !(net.ends_with("_q") && known.find("_q") == std::string::npos)) continue;
        known = bits.size() == 1 ? net : fmt::format("{}[{}]", net, i);
      }
    }
    return module;
  } catch (const Json::exception& e) {
    throw std::runtime_error(fmt::format("the netlist of {} cannot be read: {}", name, e.what()));
  }
}

void name_flops(Module& module, const Liberty& liberty) {
  std::set<std::string> taken;
  int gates = 0;
  for (CellInstance& cell : module.cells) {
    if (liberty.cells.contains(cell.type)) cell.name = fmt::format("g{}", gates++);
    taken.insert(plain_name(cell.name));
  }
  for (CellInstance& cell : module.cells) {
    const auto type = liberty.cells.find(cell.type);
    if (type == liberty.cells.end() || !type->second.flop) continue;
    for (const auto& [pin, bits] : cell.pins) {
      const auto name = type->second.input.contains(pin) ? module.names.end() : module.names.find(bits.front());
      if (name == module.names.end()) continue;
      if (taken.insert(plain_name(name->second)).second) cell.name = name->second;
      break;
    }
  }
}

std::string write_verilog(const Netlist& netlist, const Liberty& liberty) {
  std::string text;
  for (const std::string& name : netlist.bottom_up()) {
    const Module& module = netlist.modules.at(name);
    // A net that reaches a port has that port's name; where two ports share a net, only an assignment can say so.
    std::string ports, declarations, assigns;
    std::map<Net, std::string> net_of;
    for (const bool input : {true, false}) {
      for (const auto& [port, what] : module.ports) {
        if (what.input != input) continue;
        for (std::size_t i = 0; i < what.bits.size(); ++i) {
          const std::string bit = port_bit(port, i, what.bits.size());
          if (!ports.empty()) ports += ", ";
          ports += bit;
          declarations += fmt::format("  {} {};\n", input ? "input" : "output", bit);
          const Net net = what.bits[i];
          if (net >= 0 && net_of.emplace(net, bit).second) continue;
          if (net >= 0) assigns += fmt::format("  assign {} = {};\n", bit, net_of.at(net));
        }
      }
    }
    const auto net_text = [&](Net net) {
      const auto found = net_of.find(net);
      return found == net_of.end() ? net_name(net) : found->second;
    };
    text += fmt::format("module {} ({});\n{}", name, ports, declarations);
    std::set<Net> declared;
    std::string cells;
    for (const CellInstance& cell : module.cells) {
      cells += fmt::format("  {} {}(", cell.type, escaped(cell.name));
      const char* separator = "";
      const auto sub = netlist.modules.find(cell.type);
      for (const auto& [pin, bits] : cell.pins) {
        if (sub == netlist.modules.end() && !liberty.cells.contains(cell.type)) {
          throw std::runtime_error(fmt::format("{} has a cell {} that the library has not", name, cell.type));
        }
        const std::size_t width = sub == netlist.modules.end() ? 1 : sub->second.ports.at(pin).bits.size();
        for (std::size_t i = 0; i < bits.size() && i < width; ++i) {
          if (bits[i] >= 0 && !net_of.contains(bits[i])) declared.insert(bits[i]);
          cells += fmt::format("{}.{}({})", separator, sub == netlist.modules.end() ? pin : port_bit(pin, i, width),
                               net_text(bits[i]));
          separator = ", ";
        }
      }
      cells += ");\n";
    }
    text += "  wire tie;\n";
    for (const Net net : declared) text += fmt::format("  wire {};\n", net_name(net));
    text += assigns + cells + "endmodule\n";
  }
  return text;
}

}  // namespace spmma::sweep
