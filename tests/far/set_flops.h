// SPDX-License-Identifier: Apache-2.0
// Flops of the model that was made last, by their names.
#pragma once

#include <cstdint>
#include <string_view>

namespace spmma::verif {

/// The low 64 bits, at most, of a register or of a word of a memory. Throws std::invalid_argument if the model has no
/// flop of that name in that instance.
std::uint64_t get_flop(std::string_view instance, std::string_view name, std::int64_t word = 0);
/// Sets the low `bits` of them; the others stay.
void set_flop(std::string_view instance, std::string_view name, int bits, std::uint64_t value, std::int64_t word = 0);
/// Adds to every register of that name below an instance, modulo its size.
void add_to_flops(std::string_view below, std::string_view name, std::uint64_t value);

}  // namespace spmma::verif
