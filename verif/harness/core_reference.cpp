// SPDX-License-Identifier: Apache-2.0
#include "core_reference.h"

#include <algorithm>
#include <array>

#include "spmma/sparse.h"

namespace spmma::verif {
namespace {

constexpr int kMaxProducts = 32;
using Lanes = std::array<std::uint32_t, kMaxProducts>;

Format format_of(std::uint8_t code) { return static_cast<Format>(code); }

Acc acc_of(const CoreControl& control) {
  if (control.acc_f16) return Acc::f16;
  return is_integer(format_of(control.fmt_a)) ? Acc::s32 : Acc::f32;
}

StepParams params_of(const CoreParams& p, const CoreControl& control) {
  if (combination_legal(p, control)) {
    return step_params(p.arith(), format_of(control.fmt_a), format_of(control.fmt_b), acc_of(control),
                       control.saturate);
  }
  return step_params(p.arith(), Format::fp16, Format::fp16, control.acc_f16 ? Acc::f16 : Acc::f32);
}

/// Products in use: none if the combination is illegal.
int length_of(const CoreParams& p, const CoreControl& control) {
  return combination_legal(p, control) ? control.len : 0;
}

void gather_a(const CoreParams& p, const CoreBeat& beat, int row, int len, Lanes& out) {
  const int bytes = storage_bytes(format_of(beat.control.fmt_a));
  const std::byte* from = beat.a.data() + row * p.step_bytes;
  for (int i = 0; i < len; ++i) out[i] = get_element(from, i, bytes);
}

/// Logical position within the step's columns of each of a row's stored elements.
void gather_positions(const CoreParams& p, const CoreBeat& beat, int row, int len, Lanes& out) {
  const Format f = format_of(beat.control.fmt_a);
  const std::byte* row_meta = beat.meta.data() + row * p.step_bytes / 4;
  for (int i = 0; i < len; ++i) {
    const int group = i / group_stored(f);
    out[i] = !beat.control.sparse
                 ? i
                 : group * group_size(f) + selected(f, get_nibble(row_meta, group), i % group_stored(f));
  }
}

/// One step of every element of the tile: fused(a, b, c) of what read(format, bits) makes of the operands. Each operand
/// is read once, though every element of its row or column meets it.
template <class Operand, class Read, class Fused>
void step_all(const CoreParams& p, const CoreBeat& beat, const StepParams& step, int len,
              std::span<std::uint32_t> values, const Read& read, const Fused& fused) {
  const auto lanes = static_cast<std::size_t>(len);
  const auto rows = static_cast<std::size_t>(p.rows), cols = static_cast<std::size_t>(p.cols);
  std::vector<Operand> a(rows * lanes);
  std::vector<std::uint32_t> positions(rows * lanes);
  std::uint32_t used = 0;  // elements of a column
  for (std::size_t row = 0; row < rows; ++row) {
    Lanes bits, places;
    gather_a(p, beat, static_cast<int>(row), len, bits);
    gather_positions(p, beat, static_cast<int>(row), len, places);
    for (std::size_t i = 0; i < lanes; ++i) {
      a[row * lanes + i] = read(step.a, bits[i]);
      positions[row * lanes + i] = places[i];
      used = std::max(used, places[i] + 1);
    }
  }

  const int b_bytes = storage_bytes(step.b);
  std::vector<Operand> column(used), b(lanes);
  for (std::size_t col = 0; col < cols; ++col) {
    const std::byte* from = beat.b.data() + col * static_cast<std::size_t>(column_bytes(p));
    for (std::uint32_t i = 0; i < used; ++i) column[i] = read(step.b, get_element(from, static_cast<int>(i), b_bytes));
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < lanes; ++i) b[i] = column[positions[row * lanes + i]];
      std::uint32_t& value = values[row * cols + col];
      value = fused(std::span(a).subspan(row * lanes, lanes), b, step.acc == Acc::f16 ? value & 0xFFFF : value);
    }
  }
}

}  // namespace

bool combination_legal(const CoreParams& p, const CoreControl& control) {
  if (control.fmt_a >= kFormatCount || control.fmt_b >= kFormatCount) return false;
  const Format a = format_of(control.fmt_a);
  const Format b = format_of(control.fmt_b);
  return p.has(a) && p.has(b) && legal(a, b, acc_of(control)) && (p.sparse || !control.sparse);
}

BeatOperands beat_operands(const CoreParams& p, const CoreBeat& beat, int row, int col) {
  const int len = length_of(p, beat.control);
  Lanes a;
  Lanes positions;
  gather_a(p, beat, row, len, a);
  gather_positions(p, beat, row, len, positions);
  BeatOperands operands{params_of(p, beat.control), {a.begin(), a.begin() + len}, {}};
  const int bytes = storage_bytes(operands.params.b);
  for (int i = 0; i < len; ++i) {
    operands.b.push_back(get_element(beat.b.data() + col * column_bytes(p), static_cast<int>(positions[i]), bytes));
  }
  return operands;
}

CoreReference::CoreReference(const CoreParams& p) : params_(p) { reset(); }

void CoreReference::reset() { slots_.assign(static_cast<std::size_t>(params_.acc_slots), {}); }

void CoreReference::check_metadata(const CoreBeat& beat, Slot& slot) const {
  const Format f = format_of(beat.control.fmt_a);
  const MetadataRule rule = beat.control.meta_any ? MetadataRule::any : MetadataRule::ordered;
  const int groups = (beat.control.len + group_stored(f) - 1) / group_stored(f);
  for (int row = 0; row < params_.rows; ++row) {
    for (int group = 0; group < groups; ++group) {
      if (nibble_legal(f, rule, get_nibble(beat.meta.data() + row * params_.step_bytes / 4, group))) continue;
      slot.flags.meta_err = true;
      slot.flags.meta_row = row;
      slot.flags.meta_step = slot.steps;
      slot.flags.meta_group = group;
      return;
    }
  }
}

std::vector<std::uint32_t> CoreReference::start(const CoreBeat& beat) const {
  const Slot& slot = slots_[static_cast<std::size_t>(beat.control.slot)];
  if (!beat.control.first) return slot.value;
  std::vector<std::uint32_t> c(static_cast<std::size_t>(params_.rows * params_.cols));
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = get_element(beat.c.data(), static_cast<int>(i), 4);
  return c;
}

std::optional<CoreResult> CoreReference::step(const CoreBeat& beat) {
  const CoreControl& control = beat.control;
  Slot& slot = slots_[static_cast<std::size_t>(control.slot)];
  if (control.first) {
    slot = {.value = start(beat), .flags = {}};
    slot.flags.slot = control.slot;
  }

  const bool is_legal = combination_legal(params_, control);
  slot.flags.err |= !is_legal;
  if (is_legal && control.sparse && !slot.flags.meta_err) check_metadata(beat, slot);

  const StepParams step = params_of(params_, control);
  const int len = length_of(params_, control);
  if (is_integer(step.a)) {
    step_all<std::uint32_t>(
        params_, beat, step, len, slot.value, [](Format, std::uint32_t bits) { return bits; },
        [&](std::span<const std::uint32_t> a, std::span<const std::uint32_t> b, std::uint32_t c) {
          return fused_step(step, a, b, c);
        });
  } else {
    step_all<Decoded>(
        params_, beat, step, len, slot.value, [](Format f, std::uint32_t bits) { return decode(f, bits); },
        [&](std::span<const Decoded> a, std::span<const Decoded> b, std::uint32_t c) {
          return fused_step_decoded(step, a, b, c);
        });
  }
  ++slot.steps;
  if (!control.last) return std::nullopt;
  return CoreResult{slot.value, slot.flags};
}

}  // namespace spmma::verif
