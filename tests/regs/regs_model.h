// SPDX-License-Identifier: Apache-2.0
// The verilated spmma_regs behind one interface, whatever its data width.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace spmma::verif {

inline constexpr int kJobBits = 940;
inline constexpr int kCounts = 18;

struct RegsInputs {
  bool reset = false;
  bool awvalid = false;
  std::uint32_t awaddr = 0;
  bool wvalid = false;
  std::uint32_t wdata = 0;
  std::uint32_t wstrb = 0;
  bool bready = false;
  bool arvalid = false;
  std::uint32_t araddr = 0;
  bool rready = false;
  bool busy = false;
  bool queued = false;
  bool done = false;
  bool error = false;
  std::uint32_t error_code = 0;
  std::uint32_t error_operand = 0;
  std::uint32_t error_entry = 0;
  std::uint32_t error_row = 0;
  std::uint32_t error_group = 0;
  std::uint64_t meta_count = 0;
  std::uint32_t meta_entry = 0;
  std::uint32_t meta_row = 0;
  std::uint32_t meta_group = 0;
  std::array<std::uint64_t, kCounts> counts{};
};

/// Payloads count only while their channel is valid.
struct RegsOutputs {
  bool awready = false;
  bool wready = false;
  bool bvalid = false;
  std::uint32_t bresp = 0;
  bool arready = false;
  bool rvalid = false;
  std::uint32_t rdata = 0;
  std::uint32_t rresp = 0;
  bool start = false;
  bool abort = false;
  bool irq = false;
  std::uint64_t win_rd_base = 0;
  std::uint64_t win_rd_limit = 0;
  std::uint64_t win_wr_base = 0;
  std::uint64_t win_wr_limit = 0;
  std::bitset<kJobBits> job;
};

class RegsModel {
 public:
  virtual ~RegsModel() = default;

  /// One clock cycle with these inputs: the outputs in it, before the edge that ends it.
  virtual RegsOutputs cycle(const RegsInputs& in) = 0;
  /// Assertions of the RTL that failed so far.
  virtual int assertion_failures() const = 0;
};

/// A model with a data bus of 128 or 512 bits; its registers start with random bits.
std::unique_ptr<RegsModel> make_regs_model(int data_bits);

struct RegsParameter {
  std::string_view name;
  std::uint32_t value;
};
/// The parameters that the models are built with, but for DataBits.
std::span<const RegsParameter> regs_parameters();

}  // namespace spmma::verif
