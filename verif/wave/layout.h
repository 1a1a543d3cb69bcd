// SPDX-License-Identifier: Apache-2.0
// Which signals a viewer of a wave sees first, in which order and how written: grouped as docs/core.md and docs/gemm.md
// present the unit and the engine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spmma/preset.h"
#include "wave/dump.h"
#include "wave/radix.h"

namespace spmma::verif {

/// A signal, or some bits of it.
struct WaveBits {
  std::string path = {};  ///< "TOP.spmma_core.in_slot_i"
  int high = -1;          ///< -1: all
  int low = 0;

  /// Of a value of the whole signal.
  std::string of(const std::string& value) const;
};

struct WaveRow {
  std::string label;
  WaveBits bits;
  Radix radix = Radix::bit;
  bool main = false;   ///< in the picture too
  WaveBits when = {};  ///< one bit: elsewhere the value means nothing; no path: it always does
};

struct WaveGroup {
  std::string title;
  std::vector<WaveRow> rows;
};

/// How the operands are written. A wave whose steps differ in their formats has no one answer.
struct WaveFormats {
  Radix a = Radix::hex;
  Radix b = Radix::hex;
  Radix acc = Radix::hex;
  Radix metadata = Radix::metadata;
};
WaveFormats wave_formats(Format a, Format b, Acc acc);

/// The clock's path.
std::string wave_clock(bool engine);

/// Of a wave of spmma_core / of spmma_gemm. Of the tile's elements and their operands one is shown.
std::vector<WaveGroup> core_layout(const CoreParams& p, const WaveFormats& formats, TileElement element = {});
std::vector<WaveGroup> engine_layout(const Preset& preset, const WaveFormats& formats, TileElement element = {});
std::vector<WaveGroup> wave_layout(const Preset& preset, bool engine, const WaveFormats& formats,
                                   TileElement element = {});

/// Puts the instance whose assertion failed at cycle `mark` in front of all but the clock: the signals that stand in
/// it; in the picture are those of them that changed last until then, in `window`. Does nothing without a path of an
/// assertion, or where the wave has no signals around it.
void add_failed_assertion(std::vector<WaveGroup>& groups, const std::string& wave, bool engine,
                          const std::string& assertion, WaveWindow window, std::int64_t mark);

/// The formats of the steps that a wave's core is given in the cycles of `window`: those of the step at the marked
/// cycle or the last one before it; of the first one, where there is none. Hexadecimal where there is no step at all.
WaveFormats formats_in(const std::string& wave, bool engine, WaveWindow window, std::int64_t mark);

}  // namespace spmma::verif
