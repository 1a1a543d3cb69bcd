// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <optional>
#include <random>

#include "core_reference.h"
#include "data.h"
#include "hex_word.h"
#include "spmma/sparse.h"
#include "stimulus.h"

namespace spmma::fourstate {
namespace {

using verif::CoreBeat;
using verif::CoreControl;

constexpr int kSteps = 600;  // of each part

/// How long each side waits before it offers or takes the next one, in cycles.
enum class Pace : std::uint8_t { full, uneven, patient };
constexpr Pace kPaces[] = {Pace::full, Pace::uneven, Pace::patient};

int wait(Pace pace, std::mt19937_64& random) {
  switch (pace) {
    case Pace::uneven:
      return random() % 3 == 0 ? static_cast<int>(random() % 4) : 0;
    case Pace::patient:  // long enough for the other side to run into a full, or an empty, pipeline
      return random() % 24 == 0 ? 40 + static_cast<int>(random() % 40) : 0;
    default:
      return 0;
  }
}

/// Two digits for each byte, those that the step uses known.
HexWord operand(const std::vector<std::byte>& bytes, const std::vector<bool>& used) {
  HexWord word(2 * bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (used[i]) word.put(2 * i, std::to_integer<std::uint64_t>(bytes[i]), 2);
  }
  return word;
}

/// A step in the order of core_tb.sv. What the contract says takes no part in it is X: masked lanes of A, elements of B
/// that no row selects, metadata of a dense step, C of a later step, modes of other formats.
HexWord step_word(const CoreParams& p, const CoreBeat& beat, int gap) {
  const CoreControl& control = beat.control;
  const bool legal = verif::combination_legal(p, control);
  const auto f = static_cast<Format>(control.fmt_a);
  const int len = legal ? control.len : 0;
  const bool sparse = legal && control.sparse;
  std::vector<bool> a(beat.a.size()), b(beat.b.size());
  HexWord meta(2 * beat.meta.size());
  for (int r = 0; r < p.rows; ++r) {
    const std::byte* const row_meta = beat.meta.data() + r * p.step_bytes / 4;
    for (int i = 0; i < len; ++i) {
      const int bytes = storage_bytes(f), group = i / group_stored(f);
      const int from =
          sparse ? group * group_size(f) + selected(f, verif::get_nibble(row_meta, group), i % group_stored(f)) : i;
      for (int byte = 0; byte < bytes; ++byte) {
        a[r * p.step_bytes + i * bytes + byte] = true;
        for (int c = 0; c < p.cols; ++c) b[c * verif::column_bytes(p) + from * bytes + byte] = true;
      }
      if (sparse) meta.put(r * p.step_bytes / 2 + group, verif::get_nibble(row_meta, group), 1);
    }
  }
  HexWord c(2 * beat.c.size());
  for (std::size_t i = 0; control.first && i < beat.c.size() / 4; ++i) {
    c.put(8 * i, verif::get_element(beat.c.data(), static_cast<int>(i), 4), control.acc_f16 ? 4 : 8);
  }

  HexWord word(0);
  word.append(operand(beat.a, a));
  word.append(meta);
  word.append(operand(beat.b, b));
  word.append(c);
  word.append(control.fmt_a, 1);
  word.append(control.fmt_b, 1);
  word.append(control.acc_f16, 1);
  if (legal && is_integer(f)) {
    word.append(control.saturate, 1);
  } else {
    word.append_unknown(1);
  }
  word.append(control.sparse, 1);
  if (sparse) {
    word.append(control.meta_any, 1);
  } else {
    word.append_unknown(1);
  }
  word.append(static_cast<std::uint64_t>(control.len), 2);
  word.append(static_cast<std::uint64_t>(control.slot), 3);
  word.append(control.first, 1);
  word.append(control.last, 1);
  word.append(static_cast<std::uint64_t>(gap), 2);
  return word;
}

HexWord result_word(const verif::CoreResult& result, int gap) {
  HexWord word(0);
  for (const std::uint32_t d : result.d) word.append(d, 8);
  word.append(static_cast<std::uint64_t>(result.flags.slot), 3);
  word.append(result.flags.err, 1);
  word.append(result.flags.meta_err, 1);
  word.append(static_cast<std::uint64_t>(result.flags.meta_row), 2);
  word.append(result.flags.meta_step, 8);
  word.append(static_cast<std::uint64_t>(result.flags.meta_group), 2);
  word.append(static_cast<std::uint64_t>(gap), 2);
  return word;
}

}  // namespace

std::string case_text(const std::vector<std::pair<std::string, int>>& parameters,
                      const std::vector<std::pair<std::string, std::string>>& constants) {
  std::string text = "// Made by spmma_fourstate_data.\n", list;
  for (const auto& [name, value] : parameters) {
    text += fmt::format("localparam int {} = {};\n", name, value);
    list += fmt::format("{}.{}({})", list.empty() ? "" : ", ", name, value);
  }
  for (const auto& [name, value] : constants) text += fmt::format("localparam {} = {};\n", name, value);
  return text + fmt::format("`define SPMMA_PARAMETERS {}\n", list);
}

void write_core_data(const Preset& preset, const std::filesystem::path& folder) {
  const CoreParams& p = preset.core;
  std::mt19937_64 random(11);
  verif::CoreReference reference(p);
  std::vector<HexWord> steps, results;
  // A part begins while chains of the one before are unfinished: their slots start afresh.
  for (const Pace pace : kPaces) {
    for (const auto metadata : {verif::MetadataKind::ordered, verif::MetadataKind::any, verif::MetadataKind::illegal}) {
      verif::StimulusOptions options{.modes = verif::core_modes(p)};
      options.round_robin = metadata != verif::MetadataKind::any;
      options.max_chain = 5;
      options.partial = 0.3;
      options.metadata = metadata;
      options.illegal_mode = 0.05;
      options.switch_mode = 0.3;
      verif::CoreStimulus stimulus(p, options, random());
      CoreBeat beat;
      for (int i = 0; i < kSteps / static_cast<int>(std::size(kPaces)); ++i) {
        stimulus.next(beat);
        steps.push_back(step_word(p, beat, wait(pace, random)));
        if (const auto result = reference.step(beat)) results.push_back(result_word(*result, wait(pace, random)));
      }
    }
  }
  write_words(folder / "steps.hex", steps);
  write_words(folder / "results.hex", results);
  write_text(folder / "case.svh", case_text(p.rtl(), {{"int Steps", fmt::format("{}", steps.size())},
                                                      {"int Results", fmt::format("{}", results.size())}}));
}

}  // namespace spmma::fourstate
