// SPDX-License-Identifier: Apache-2.0
#include "set_flops.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "flops.h"

namespace spmma::verif {
namespace {

std::uint64_t ones(int bits) { return bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1; }

/// On a little-endian machine the words of a variable are its bytes in ascending order.
std::size_t bytes(const Flops& flops) { return std::min<std::size_t>(8, static_cast<std::size_t>(flops.stride)); }

std::uint64_t load(const Flops& flops, std::int64_t word) {
  std::uint64_t value = 0;
  std::memcpy(&value, flops.data + word * flops.stride, bytes(flops));
  return value & ones(flops.width);
}
void store(const Flops& flops, std::int64_t word, int bits, std::uint64_t value) {
  const std::uint64_t set = ones(std::min(bits, flops.width));
  std::uint64_t all = 0;
  std::memcpy(&all, flops.data + word * flops.stride, bytes(flops));
  all = (all & ~set) | (value & set);
  std::memcpy(flops.data + word * flops.stride, &all, bytes(flops));
}

const Flops& find(std::string_view instance, std::string_view name) {
  for (const Flops& flops : injector().flops) {
    if (flops.instance == instance && flops.name == name) return flops;
  }
  throw std::invalid_argument(fmt::format("no flops {}.{}", instance, name));
}

}  // namespace

std::uint64_t get_flop(std::string_view instance, std::string_view name, std::int64_t word) {
  return load(find(instance, name), word);
}

void set_flop(std::string_view instance, std::string_view name, int bits, std::uint64_t value, std::int64_t word) {
  store(find(instance, name), word, bits, value);
}

void add_to_flops(std::string_view below, std::string_view name, std::uint64_t value) {
  bool found = false;
  for (const Flops& flops : injector().flops) {
    if (!flops.instance.starts_with(below) || flops.name != name) continue;
    store(flops, 0, flops.width, load(flops, 0) + value);
    found = true;
  }
  if (!found) throw std::invalid_argument(fmt::format("no flops {} below {}", name, below));
}

}  // namespace spmma::verif
