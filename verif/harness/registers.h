// SPDX-License-Identifier: Apache-2.0
// Made by scripts/registers.py from rtl/registers.json.
// Registers of the engine (docs/registers.md) for C++: offsets, fields, and all of them as a table.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace spmma::verif::reg {

/// What a write does: nothing (and SLVERR), store, clear the bits written 1, act on the bits written 1.
enum class Access : std::uint8_t { ro, rw, w1c, w1 };

/// Some bits of a register.
struct Field {
  std::string_view name;
  int lsb;
  int width;  ///< bits
  Access access;

  constexpr std::uint32_t mask() const { return (~std::uint32_t{0} >> (32 - width)) << lsb; }
  /// The field's value in the register's value, and the other way round.
  constexpr std::uint32_t get(std::uint32_t word) const { return (word & mask()) >> lsb; }
  constexpr std::uint32_t put(std::uint32_t value) const { return (value << lsb) & mask(); }
};

/// One 32-bit register; of a 64-bit one, the half _LO or _HI.
struct Register {
  std::string_view name;
  std::uint32_t offset;  ///< bytes
  Access access;
  std::uint32_t mask;  ///< bits that are there; the others read 0
  std::uint32_t reset;
  bool locked;                 ///< a write is refused while a job runs
  std::string_view parameter;  ///< the RTL parameter that it shows (and reset is 0), or empty
};

// Byte offsets; a register of 64 bits has its upper half 4 bytes further.
inline constexpr std::uint32_t kId = 0x000;
inline constexpr std::uint32_t kVersion = 0x004;
inline constexpr std::uint32_t kCapsRows = 0x010;
inline constexpr std::uint32_t kCapsCols = 0x014;
inline constexpr std::uint32_t kCapsStepBytes = 0x018;
inline constexpr std::uint32_t kCapsFracBits = 0x01C;
inline constexpr std::uint32_t kCapsFormats = 0x020;
inline constexpr std::uint32_t kCapsSparse = 0x024;
inline constexpr std::uint32_t kCapsPipe = 0x028;
inline constexpr std::uint32_t kCapsDataBits = 0x02C;
inline constexpr std::uint32_t kCapsBlockRows = 0x030;
inline constexpr std::uint32_t kCapsBlockBytes = 0x034;
inline constexpr std::uint32_t kCapsKBytes = 0x038;
inline constexpr std::uint32_t kCapsCStrips = 0x03C;
inline constexpr std::uint32_t kCapsDStrips = 0x040;
inline constexpr std::uint32_t kCtrl = 0x080;
inline constexpr std::uint32_t kStatus = 0x084;
inline constexpr std::uint32_t kIrqEn = 0x088;
inline constexpr std::uint32_t kError = 0x090;
inline constexpr std::uint32_t kErrorEntry = 0x094;
inline constexpr std::uint32_t kErrorRow = 0x098;
inline constexpr std::uint32_t kErrorGroup = 0x09C;
inline constexpr std::uint32_t kMetaCount = 0x0A0;
inline constexpr std::uint32_t kMetaEntry = 0x0A8;
inline constexpr std::uint32_t kMetaRow = 0x0AC;
inline constexpr std::uint32_t kMetaGroup = 0x0B0;
inline constexpr std::uint32_t kWinRdBase = 0x0C0;
inline constexpr std::uint32_t kWinRdLimit = 0x0C8;
inline constexpr std::uint32_t kWinWrBase = 0x0D0;
inline constexpr std::uint32_t kWinWrLimit = 0x0D8;
inline constexpr std::uint32_t kFormat = 0x100;
inline constexpr std::uint32_t kM = 0x104;
inline constexpr std::uint32_t kN = 0x108;
inline constexpr std::uint32_t kK = 0x10C;
inline constexpr std::uint32_t kBatch = 0x110;
inline constexpr std::uint32_t kAAddr = 0x120;
inline constexpr std::uint32_t kAStride = 0x128;
inline constexpr std::uint32_t kAPitch = 0x130;
inline constexpr std::uint32_t kEAddr = 0x140;
inline constexpr std::uint32_t kEStride = 0x148;
inline constexpr std::uint32_t kEPitch = 0x150;
inline constexpr std::uint32_t kBAddr = 0x160;
inline constexpr std::uint32_t kBStride = 0x168;
inline constexpr std::uint32_t kBPitch = 0x170;
inline constexpr std::uint32_t kCAddr = 0x180;
inline constexpr std::uint32_t kCStride = 0x188;
inline constexpr std::uint32_t kCPitch = 0x190;
inline constexpr std::uint32_t kDAddr = 0x1A0;
inline constexpr std::uint32_t kDStride = 0x1A8;
inline constexpr std::uint32_t kDPitch = 0x1B0;
inline constexpr std::uint32_t kCountCycles = 0x200;
inline constexpr std::uint32_t kCountSteps = 0x208;
inline constexpr std::uint32_t kCountLanes = 0x210;
inline constexpr std::uint32_t kCountStallStart = 0x218;
inline constexpr std::uint32_t kCountStallA = 0x220;
inline constexpr std::uint32_t kCountStallMeta = 0x228;
inline constexpr std::uint32_t kCountStallB = 0x230;
inline constexpr std::uint32_t kCountStallC = 0x238;
inline constexpr std::uint32_t kCountStallD = 0x240;
inline constexpr std::uint32_t kCountStallChain = 0x248;
inline constexpr std::uint32_t kCountStallDrain = 0x250;
inline constexpr std::uint32_t kCountHeldAr = 0x258;
inline constexpr std::uint32_t kCountHeldAw = 0x260;
inline constexpr std::uint32_t kCountHeldW = 0x268;
inline constexpr std::uint32_t kCountBytesRd = 0x270;
inline constexpr std::uint32_t kCountBytesWr = 0x278;
inline constexpr std::uint32_t kCountBeatsRd = 0x280;
inline constexpr std::uint32_t kCountBeatsWr = 0x288;

// Fields, and the codes of what a job reports.
inline constexpr Field kVersionMinor{"minor", 0, 16, Access::ro};
inline constexpr Field kVersionMajor{"major", 16, 16, Access::ro};
inline constexpr Field kCtrlStart{"start", 0, 1, Access::w1};
inline constexpr Field kCtrlAbort{"abort", 1, 1, Access::w1};
inline constexpr Field kStatusBusy{"busy", 0, 1, Access::ro};
inline constexpr Field kStatusQueued{"queued", 1, 1, Access::ro};
inline constexpr Field kStatusDone{"done", 2, 1, Access::w1c};
inline constexpr Field kStatusError{"error", 3, 1, Access::w1c};
inline constexpr Field kIrqEnDone{"done", 0, 1, Access::rw};
inline constexpr Field kIrqEnError{"error", 1, 1, Access::rw};
inline constexpr Field kErrorCode{"code", 0, 8, Access::ro};
inline constexpr std::uint32_t kErrorCodeNone = 0;
inline constexpr std::uint32_t kErrorCodeSize = 1;
inline constexpr std::uint32_t kErrorCodeFormat = 2;
inline constexpr std::uint32_t kErrorCodeAlign = 3;
inline constexpr std::uint32_t kErrorCodeWrap = 4;
inline constexpr std::uint32_t kErrorCodeWindow = 5;
inline constexpr std::uint32_t kErrorCodeRead = 6;
inline constexpr std::uint32_t kErrorCodeWrite = 7;
inline constexpr std::uint32_t kErrorCodeMeta = 8;
inline constexpr std::uint32_t kErrorCodeAbort = 9;
inline constexpr Field kErrorOperand{"operand", 8, 3, Access::ro};
inline constexpr std::uint32_t kErrorOperandA = 0;
inline constexpr std::uint32_t kErrorOperandE = 1;
inline constexpr std::uint32_t kErrorOperandB = 2;
inline constexpr std::uint32_t kErrorOperandC = 3;
inline constexpr std::uint32_t kErrorOperandD = 4;
inline constexpr Field kFormatFmtA{"fmt_a", 0, 3, Access::rw};
inline constexpr Field kFormatFmtB{"fmt_b", 4, 3, Access::rw};
inline constexpr Field kFormatAccF16{"acc_f16", 8, 1, Access::rw};
inline constexpr Field kFormatSaturate{"saturate", 9, 1, Access::rw};
inline constexpr Field kFormatSparse{"sparse", 10, 1, Access::rw};
inline constexpr Field kFormatMetaAny{"meta_any", 11, 1, Access::rw};
inline constexpr Field kFormatStop{"stop", 12, 1, Access::rw};
inline constexpr Field kFormatHasC{"has_c", 13, 1, Access::rw};

/// Every register in ascending order of offsets.
inline constexpr std::array<Register, 101> kRegisters{{
    {"ID", 0x000, Access::ro, 0xFFFFFFFF, 0x53504D4D, false, ""},
    {"VERSION", 0x004, Access::ro, 0xFFFFFFFF, 0x00010000, false, ""},
    {"CAPS_ROWS", 0x010, Access::ro, 0xFFFFFFFF, 0x00000000, false, "Rows"},
    {"CAPS_COLS", 0x014, Access::ro, 0xFFFFFFFF, 0x00000000, false, "Cols"},
    {"CAPS_STEP_BYTES", 0x018, Access::ro, 0xFFFFFFFF, 0x00000000, false, "StepBytes"},
    {"CAPS_FRAC_BITS", 0x01C, Access::ro, 0xFFFFFFFF, 0x00000000, false, "FracBits"},
    {"CAPS_FORMATS", 0x020, Access::ro, 0xFFFFFFFF, 0x00000000, false, "Formats"},
    {"CAPS_SPARSE", 0x024, Access::ro, 0xFFFFFFFF, 0x00000000, false, "Sparse"},
    {"CAPS_PIPE", 0x028, Access::ro, 0xFFFFFFFF, 0x00000000, false, "Pipe"},
    {"CAPS_DATA_BITS", 0x02C, Access::ro, 0xFFFFFFFF, 0x00000000, false, "DataBits"},
    {"CAPS_BLOCK_ROWS", 0x030, Access::ro, 0xFFFFFFFF, 0x00000000, false, "BlockRows"},
    {"CAPS_BLOCK_BYTES", 0x034, Access::ro, 0xFFFFFFFF, 0x00000000, false, "BlockBytes"},
    {"CAPS_K_BYTES", 0x038, Access::ro, 0xFFFFFFFF, 0x00000000, false, "KBytes"},
    {"CAPS_C_STRIPS", 0x03C, Access::ro, 0xFFFFFFFF, 0x00000000, false, "CStrips"},
    {"CAPS_D_STRIPS", 0x040, Access::ro, 0xFFFFFFFF, 0x00000000, false, "DStrips"},
    {"CTRL", 0x080, Access::w1, 0x00000003, 0x00000000, false, ""},
    {"STATUS", 0x084, Access::w1c, 0x0000000F, 0x00000000, false, ""},
    {"IRQ_EN", 0x088, Access::rw, 0x00000003, 0x00000000, false, ""},
    {"ERROR", 0x090, Access::ro, 0x000007FF, 0x00000000, false, ""},
    {"ERROR_ENTRY", 0x094, Access::ro, 0x00FFFFFF, 0x00000000, false, ""},
    {"ERROR_ROW", 0x098, Access::ro, 0x00FFFFFF, 0x00000000, false, ""},
    {"ERROR_GROUP", 0x09C, Access::ro, 0x00FFFFFF, 0x00000000, false, ""},
    {"META_COUNT_LO", 0x0A0, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"META_COUNT_HI", 0x0A4, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"META_ENTRY", 0x0A8, Access::ro, 0x00FFFFFF, 0x00000000, false, ""},
    {"META_ROW", 0x0AC, Access::ro, 0x00FFFFFF, 0x00000000, false, ""},
    {"META_GROUP", 0x0B0, Access::ro, 0x00FFFFFF, 0x00000000, false, ""},
    {"WIN_RD_BASE_LO", 0x0C0, Access::rw, 0xFFFFFFFF, 0x00000000, true, ""},
    {"WIN_RD_BASE_HI", 0x0C4, Access::rw, 0xFFFFFFFF, 0x00000000, true, ""},
    {"WIN_RD_LIMIT_LO", 0x0C8, Access::rw, 0xFFFFFFFF, 0xFFFFFFFF, true, ""},
    {"WIN_RD_LIMIT_HI", 0x0CC, Access::rw, 0xFFFFFFFF, 0xFFFFFFFF, true, ""},
    {"WIN_WR_BASE_LO", 0x0D0, Access::rw, 0xFFFFFFFF, 0x00000000, true, ""},
    {"WIN_WR_BASE_HI", 0x0D4, Access::rw, 0xFFFFFFFF, 0x00000000, true, ""},
    {"WIN_WR_LIMIT_LO", 0x0D8, Access::rw, 0xFFFFFFFF, 0xFFFFFFFF, true, ""},
    {"WIN_WR_LIMIT_HI", 0x0DC, Access::rw, 0xFFFFFFFF, 0xFFFFFFFF, true, ""},
    {"FORMAT", 0x100, Access::rw, 0x00003F77, 0x00000000, false, ""},
    {"M", 0x104, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"N", 0x108, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"K", 0x10C, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"BATCH", 0x110, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"A_ADDR_LO", 0x120, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"A_ADDR_HI", 0x124, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"A_STRIDE_LO", 0x128, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"A_STRIDE_HI", 0x12C, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"A_PITCH", 0x130, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"E_ADDR_LO", 0x140, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"E_ADDR_HI", 0x144, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"E_STRIDE_LO", 0x148, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"E_STRIDE_HI", 0x14C, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"E_PITCH", 0x150, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"B_ADDR_LO", 0x160, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"B_ADDR_HI", 0x164, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"B_STRIDE_LO", 0x168, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"B_STRIDE_HI", 0x16C, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"B_PITCH", 0x170, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"C_ADDR_LO", 0x180, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"C_ADDR_HI", 0x184, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"C_STRIDE_LO", 0x188, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"C_STRIDE_HI", 0x18C, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"C_PITCH", 0x190, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"D_ADDR_LO", 0x1A0, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"D_ADDR_HI", 0x1A4, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"D_STRIDE_LO", 0x1A8, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"D_STRIDE_HI", 0x1AC, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"D_PITCH", 0x1B0, Access::rw, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_CYCLES_LO", 0x200, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_CYCLES_HI", 0x204, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STEPS_LO", 0x208, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STEPS_HI", 0x20C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_LANES_LO", 0x210, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_LANES_HI", 0x214, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_START_LO", 0x218, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_START_HI", 0x21C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_A_LO", 0x220, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_A_HI", 0x224, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_META_LO", 0x228, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_META_HI", 0x22C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_B_LO", 0x230, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_B_HI", 0x234, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_C_LO", 0x238, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_C_HI", 0x23C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_D_LO", 0x240, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_D_HI", 0x244, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_CHAIN_LO", 0x248, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_CHAIN_HI", 0x24C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_DRAIN_LO", 0x250, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_STALL_DRAIN_HI", 0x254, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_HELD_AR_LO", 0x258, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_HELD_AR_HI", 0x25C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_HELD_AW_LO", 0x260, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_HELD_AW_HI", 0x264, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_HELD_W_LO", 0x268, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_HELD_W_HI", 0x26C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BYTES_RD_LO", 0x270, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BYTES_RD_HI", 0x274, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BYTES_WR_LO", 0x278, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BYTES_WR_HI", 0x27C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BEATS_RD_LO", 0x280, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BEATS_RD_HI", 0x284, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BEATS_WR_LO", 0x288, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
    {"COUNT_BEATS_WR_HI", 0x28C, Access::ro, 0xFFFFFFFF, 0x00000000, false, ""},
}};

}  // namespace spmma::verif::reg
