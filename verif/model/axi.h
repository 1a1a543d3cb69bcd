// SPDX-License-Identifier: Apache-2.0
// The signals of an AXI4 and of an AXI4-Lite link in one clock cycle, by the side that drives them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace spmma::verif {

inline constexpr std::uint8_t kAxiOkay = 0;
inline constexpr std::uint8_t kAxiSlverr = 2;
inline constexpr std::uint8_t kAxiDecerr = 3;
inline constexpr std::uint8_t kAxiIncr = 1;

/// One beat of up to 512 bits; a narrower link uses the first bytes.
using AxiData = std::array<std::byte, 64>;

/// Payload of AR or AW.
struct AxiAddress {
  std::uint8_t id = 0;
  std::uint64_t address = 0;
  std::uint8_t len = 0;   ///< beats - 1
  std::uint8_t size = 0;  ///< log2 of the bytes of a beat
  std::uint8_t burst = 0;
  std::uint8_t lock = 0;
  std::uint8_t cache = 0;
  std::uint8_t prot = 0;
  std::uint8_t qos = 0;

  int beats() const { return len + 1; }
  friend bool operator==(const AxiAddress&, const AxiAddress&) = default;
};

/// What an AXI4 manager drives.
struct AxiManager {
  bool ar_valid = false;
  AxiAddress ar;
  bool r_ready = false;
  bool aw_valid = false;
  AxiAddress aw;
  bool w_valid = false;
  bool w_last = false;
  std::uint64_t w_strobe = 0;  ///< a bit each byte
  AxiData w_data = {};
  bool b_ready = false;
};

/// What an AXI4 subordinate (the memory) drives.
struct AxiSubordinate {
  bool ar_ready = false;
  bool r_valid = false;
  bool r_last = false;
  std::uint8_t r_id = 0;
  std::uint8_t r_resp = 0;
  AxiData r_data = {};
  bool aw_ready = false;
  bool w_ready = false;
  bool b_valid = false;
  std::uint8_t b_id = 0;
  std::uint8_t b_resp = 0;
};

/// What an AXI4-Lite manager (the software's side) drives.
struct AxiLiteManager {
  bool aw_valid = false;
  std::uint32_t aw_address = 0;
  std::uint8_t aw_prot = 0;
  bool w_valid = false;
  std::uint32_t w_data = 0;
  std::uint8_t w_strobe = 0;
  bool b_ready = false;
  bool ar_valid = false;
  std::uint32_t ar_address = 0;
  std::uint8_t ar_prot = 0;
  bool r_ready = false;
};

/// What an AXI4-Lite subordinate (the registers) drives.
struct AxiLiteSubordinate {
  bool aw_ready = false;
  bool w_ready = false;
  bool b_valid = false;
  std::uint8_t b_resp = 0;
  bool ar_ready = false;
  bool r_valid = false;
  std::uint8_t r_resp = 0;
  std::uint32_t r_data = 0;
};

}  // namespace spmma::verif
