// SPDX-License-Identifier: Apache-2.0
#include "sweep/buffers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

namespace spmma::sweep {
namespace {

/// A bit of a pin of a cell.
struct Sink {
  std::size_t cell;
  const std::string* pin;
  std::size_t bit;
  double load;
};

/// What a bit of an input port drives within its module.
using PortLoads = std::map<std::string, std::vector<double>>;

constexpr const char* kClock = "clk_i";

class Inserter {
 public:
  Inserter(Netlist& netlist, const Liberty& liberty, double most)
      : netlist_(netlist), liberty_(liberty), most_(most), type_(liberty.buffer) {
    buffer_pin_ = liberty.cells.at(type_).input.begin()->first;
    buffer_load_ = liberty.cells.at(type_).input.begin()->second;
  }

  std::map<std::string, std::int64_t> run() {
    std::map<std::string, std::int64_t> inserted;
    for (const std::string& name : netlist_.bottom_up()) {
      inserted[name] = buffer(netlist_.modules.at(name));
      loads_[name] = port_loads(netlist_.modules.at(name));
    }
    return inserted;
  }

 private:
  double load(const CellInstance& cell, const std::string& pin, std::size_t bit) const {
    if (const auto module = loads_.find(cell.type); module != loads_.end()) {
      const auto port = module->second.find(pin);
      return port == module->second.end() ? 0 : port->second.at(bit);
    }
    const auto& inputs = liberty_.cells.at(cell.type).input;
    const auto found = inputs.find(pin);
    return found == inputs.end() ? 0 : found->second;
  }

  bool drives(const CellInstance& cell, const std::string& pin) const {
    if (const auto module = netlist_.modules.find(cell.type); module != netlist_.modules.end()) {
      return !module->second.ports.at(pin).input;
    }
    return !liberty_.cells.at(cell.type).input.contains(pin);
  }

  std::map<Net, std::vector<Sink>> sinks(const Module& module) const {
    std::map<Net, std::vector<Sink>> all;
    for (std::size_t c = 0; c < module.cells.size(); ++c) {
      const CellInstance& cell = module.cells[c];
      for (const auto& [pin, bits] : cell.pins) {
        if (drives(cell, pin)) continue;
        for (std::size_t i = 0; i < bits.size(); ++i) {
          if (bits[i] >= 0) all[bits[i]].push_back({c, &pin, i, load(cell, pin, i)});
        }
      }
    }
    return all;
  }

  std::set<Net> clocks(const Module& module) const {
    std::set<Net> nets;
    if (const auto port = module.ports.find(kClock); port != module.ports.end()) {
      nets.insert(port->second.bits.begin(), port->second.bits.end());
    }
    return nets;
  }

  PortLoads port_loads(const Module& module) const {
    std::map<Net, double> total;
    for (const auto& [net, list] : sinks(module)) {
      for (const Sink& sink : list) total[net] += sink.load;
    }
    PortLoads loads;
    for (const auto& [name, port] : module.ports) {
      if (!port.input) continue;
      for (const Net net : port.bits) loads[name].push_back(name == kClock || net < 0 ? 0 : total[net]);
    }
    return loads;
  }

  std::int64_t buffer(Module& module) {
    const std::set<Net> ideal = clocks(module);
    std::int64_t inserted = 0;
    for (auto& [net, list] : sinks(module)) {
      if (ideal.contains(net)) continue;
      inserted += buffer(module, net, list);
    }
    return inserted;
  }

  /// The tree of one net: groups of sinks behind a buffer each, and so on until what is left is not too much.
  std::int64_t buffer(Module& module, Net net, std::vector<Sink> list) {
    static const std::string kInput = "input of a buffer";
    std::int64_t inserted = 0;
    for (;;) {
      double total = 0;
      for (const Sink& sink : list) total += sink.load;
      if (total <= most_ || list.size() < 2) return inserted;
      // The light ones first: what is near stays near, and a group fills up.
      std::ranges::stable_sort(list, {}, &Sink::load);
      std::vector<Sink> next;
      for (std::size_t begin = 0; begin < list.size();) {
        std::size_t end = begin;
        double group = 0;
        while (end < list.size() && (end == begin || group + list[end].load <= most_)) group += list[end++].load;
        const Net behind = module.nets++;
        const std::size_t cell = module.cells.size();
        module.cells.push_back({.name = fmt::format("buffer_{}", behind),
                                .type = type_,
                                .pins = {{buffer_pin_, {net}}, {liberty_.cells.at(type_).output, {behind}}}});
        for (; begin < end; ++begin) connect(module, list[begin], behind);
        next.push_back({cell, &kInput, 0, buffer_load_});
        ++inserted;
      }
      if (next.size() >= list.size()) return inserted;  // every sink alone is too much for a buffer
      list = std::move(next);
    }
  }

  void connect(Module& module, const Sink& sink, Net net) const {
    CellInstance& cell = module.cells[sink.cell];
    const auto pin = cell.pins.find(*sink.pin);
    (pin == cell.pins.end() ? cell.pins.at(buffer_pin_) : pin->second).at(sink.bit) = net;
  }

  Netlist& netlist_;
  const Liberty& liberty_;
  double most_;
  std::string type_, buffer_pin_;
  double buffer_load_ = 0;
  std::map<std::string, PortLoads> loads_;
};

}  // namespace

std::map<std::string, std::int64_t> insert_buffers(Netlist& netlist, const Liberty& liberty, double most) {
  return Inserter(netlist, liberty, most).run();
}

}  // namespace spmma::sweep
