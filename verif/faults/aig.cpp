// SPDX-License-Identifier: Apache-2.0
#include "aig.h"

#include <fmt/format.h>

#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "io/error.h"

namespace spmma::verif {
namespace {

constexpr Lit kUnknown = ~Lit{0};

std::uint32_t read_delta(std::istream& in) {
  std::uint32_t value = 0;
  for (int shift = 0; shift < 32; shift += 7) {
    const int byte = in.get();
    if (byte < 0) throw InputError("AIGER file ends too soon");
    value |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

void write_delta(std::ostream& out, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7) out.put(static_cast<char>(0x80 | (value & 0x7F)));
  out.put(static_cast<char>(value));
}

Lit read_literal(std::istream& in) {
  std::string line;
  std::getline(in, line);
  return static_cast<Lit>(std::stoul(line));  // what follows in a flop's line is its reset value
}

}  // namespace

SequentialAig read_aig(const std::string& aig, const std::string& names) {
  std::ifstream in(aig, std::ios::binary);
  std::string magic, line;
  std::uint32_t most = 0, outputs = 0, gates = 0, bad = 0, constraints = 0;
  SequentialAig netlist;
  in >> magic >> most >> netlist.inputs >> netlist.flops >> outputs >> gates;
  std::getline(in, line);
  std::istringstream(line) >> bad >> constraints;
  if (!in || magic != "aig" || most != netlist.inputs + netlist.flops + gates) {
    throw InputError(aig + ": not a binary AIGER file");
  }
  for (std::uint32_t i = 0; i < netlist.flops; ++i) netlist.next.push_back(read_literal(in));
  for (std::uint32_t i = 0; i < outputs; ++i) netlist.outputs.push_back(read_literal(in));
  for (std::uint32_t i = 0; i < bad; ++i) read_literal(in);
  for (std::uint32_t i = 0; i < constraints; ++i) netlist.constraints.push_back(read_literal(in));
  for (std::uint32_t i = 0; i < gates; ++i) {
    const Lit self = 2 * (netlist.first_gate() + i);
    const Lit high = self - read_delta(in);
    netlist.gates.emplace_back(high, high - read_delta(in));
  }

  std::ifstream map(names);
  if (!map) throw InputError(names + ": cannot be read");
  while (std::getline(map, line)) {
    std::istringstream fields(line);
    std::string kind, name;
    std::uint32_t number = 0;
    int bit = 0;
    if (!(fields >> kind >> number >> bit >> name)) continue;
    const std::string full = fmt::format("{}[{}]", name, bit);
    if (kind == "input") netlist.input_of[full] = number;
    if (kind == "output") netlist.output_of[full] = number;
    if (kind == "latch") netlist.names.emplace_back(full, 2 * (netlist.first_flop() + number));
    if (kind == "wire" && name[0] != '$') netlist.names.emplace_back(full, number);
  }
  return netlist;
}

Lit Aig::input() {
  nodes_.push_back({kFalse, kFalse});
  return 2 * static_cast<Lit>(nodes_.size() - 1);
}

Lit Aig::land(Lit a, Lit b) {
  if (a < b) std::swap(a, b);
  if (b == kFalse || a == (b ^ 1)) return kFalse;
  if (b == kTrue || a == b) return a;
  std::size_t at = place(a, b);
  if (table_[at] == 0) {
    if (nodes_.size() * 2 > table_.size()) {
      table_.assign(table_.size() * 4, 0);
      for (std::uint32_t v = 1; v < nodes_.size(); ++v) {
        if (nodes_[v].a != kFalse) table_[place(nodes_[v].a, nodes_[v].b)] = v;
      }
      at = place(a, b);
    }
    nodes_.push_back({a, b});
    table_[at] = static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  return 2 * table_[at];
}

std::size_t Aig::place(Lit a, Lit b) const {
  std::uint64_t key = (std::uint64_t{a} << 32) | b;
  key *= 0x9E3779B97F4A7C15U;  // the golden ratio, whose products spread over the high bits
  std::size_t at = (key >> 32) & (table_.size() - 1);
  while (table_[at] != 0 && (nodes_[table_[at]].a != a || nodes_[table_[at]].b != b))
    at = (at + 1) & (table_.size() - 1);
  return at;
}

std::vector<std::uint64_t> Aig::simulate(std::uint64_t seed) const {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> values(nodes_.size(), 0);
  for (std::size_t v = 1; v < nodes_.size(); ++v) {
    values[v] = nodes_[v].a == kFalse ? random() : value_in(values, nodes_[v].a) & value_in(values, nodes_[v].b);
  }
  return values;
}

void Aig::write(const std::string& path, Lit output) const {
  std::vector<bool> needed(nodes_.size(), false);
  needed[output >> 1] = true;
  for (std::size_t v = nodes_.size(); v-- > 1;) {
    if (!needed[v]) continue;
    needed[nodes_[v].a >> 1] = true;
    needed[nodes_[v].b >> 1] = true;
  }
  // AIGER wants inputs first, then gates, each above what it reads: the order of their making within either.
  std::vector<Lit> number(nodes_.size(), 0);
  std::uint32_t inputs = 0, gates = 0;
  for (std::size_t v = 1; v < nodes_.size(); ++v) {
    if (needed[v] && nodes_[v].a == kFalse) number[v] = 2 * ++inputs;
  }
  for (std::size_t v = 1; v < nodes_.size(); ++v) {
    if (needed[v] && nodes_[v].a != kFalse) number[v] = 2 * (inputs + ++gates);
  }
  std::ofstream out(path, std::ios::binary);
  out << fmt::format("aig {} {} 0 1 {}\n{}\n", inputs + gates, inputs, gates, number[output >> 1] ^ (output & 1));
  for (std::size_t v = 1; v < nodes_.size(); ++v) {
    if (!needed[v] || nodes_[v].a == kFalse) continue;
    Lit high = number[nodes_[v].a >> 1] ^ (nodes_[v].a & 1), low = number[nodes_[v].b >> 1] ^ (nodes_[v].b & 1);
    if (high < low) std::swap(high, low);
    write_delta(out, number[v] - high);
    write_delta(out, high - low);
  }
  out.close();
  if (!out) throw InputError(path + ": cannot be written");
}

Unrolled::Memory::Memory(const SequentialAig& netlist, int cycles)
    : known_(static_cast<std::size_t>(cycles), std::vector<Lit>(netlist.variables(), kUnknown)) {}

Unrolled::Unrolled(const SequentialAig& netlist, Aig& graph, Memory& memory, Source input, Source flop)
    : netlist_(netlist), graph_(graph), memory_(memory), input_(std::move(input)), flop_(std::move(flop)) {}

Unrolled::~Unrolled() {
  for (Lit* const known : memory_.used_) *known = kUnknown;
  memory_.used_.clear();
}

void Unrolled::force(Lit literal, bool value) {
  if (literal <= kTrue) {
    if (literal != static_cast<Lit>(value)) throw std::logic_error("a constant cannot be forced to its inverse");
    return;
  }
  forced_.emplace_back(literal & ~Lit{1}, (value ? kTrue : kFalse) ^ (literal & 1));
}

Lit Unrolled::settled(Lit literal) const {
  for (const auto& [what, value] : forced_) {
    if ((literal & ~Lit{1}) == what) return value ^ (literal & 1);
  }
  return literal;
}

Lit Unrolled::value(Lit literal, int cycle) {
  const std::uint32_t v = literal >> 1;
  Lit& known = memory_.known_[static_cast<std::size_t>(cycle)][v];
  if (known == kUnknown) {
    Lit result = kFalse;
    if (v >= netlist_.first_gate()) {
      const auto [a, b] = netlist_.gates[v - netlist_.first_gate()];
      const Lit left = value(a, cycle);
      result = left == kFalse ? kFalse : graph_.land(left, value(b, cycle));
    } else if (v >= netlist_.first_flop()) {
      result = flop_(v - netlist_.first_flop(), cycle);
      if (result == kNext) result = value(netlist_.next[v - netlist_.first_flop()], cycle - 1);
    } else if (v > 0) {
      result = input_(v - 1, cycle);
    }
    known = result;
    memory_.used_.push_back(&known);
  }
  return settled(known) ^ (literal & 1);
}

}  // namespace spmma::verif
