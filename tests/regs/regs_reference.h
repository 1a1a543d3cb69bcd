// SPDX-License-Identifier: Apache-2.0
// docs/registers.md as software: what every output of spmma_regs must be in every cycle.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "regs_model.h"

namespace spmma::verif {

inline constexpr std::uint32_t kOkay = 0;
inline constexpr std::uint32_t kSlverr = 2;

class RegsReference {
 public:
  explicit RegsReference(int data_bits);

  /// The outputs in a cycle with these inputs.
  RegsOutputs outputs(const RegsInputs& in) const;
  /// The edge that ends the cycle.
  void rise(const RegsInputs& in);

  /// What a read of this offset answers, and its response code.
  std::uint32_t value(std::uint32_t offset, const RegsInputs& in) const;
  std::uint32_t read_response(std::uint32_t offset) const;

 private:
  struct Write {
    std::uint32_t address;
    std::uint32_t data;
    std::uint32_t bits;  ///< the strobes, a bit for each bit of data
  };
  /// The write that takes effect in this cycle, if any.
  std::optional<Write> write(const RegsInputs& in) const;
  std::uint32_t write_response(const Write& write, const RegsInputs& in) const;
  std::uint64_t wide(std::uint32_t offset) const;
  void store(std::uint32_t offset, std::uint32_t value);
  void store_wide(std::uint32_t offset, std::uint64_t value);
  void reset();

  std::uint32_t data_bits_;
  std::map<std::uint32_t, std::uint32_t> words_;  ///< every register but CTRL and STATUS by its offset
  bool done_ = false;
  bool error_ = false;
  std::optional<std::uint32_t> aw_;
  std::optional<Write> w_;  ///< without its address
  std::optional<std::uint32_t> b_;
  struct Read {
    std::uint32_t data;
    std::uint32_t response;
  };
  std::optional<Read> r_;
};

}  // namespace spmma::verif
