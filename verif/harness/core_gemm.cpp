// SPDX-License-Identifier: Apache-2.0
#include "core_gemm.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "core_beat.h"
#include "core_checker.h"
#include "core_model.h"
#include "hardware_failure.h"
#include "spmma/core_timing.h"
#include "stall.h"

namespace spmma::verif {
namespace {

constexpr int kPatience = 10000;  ///< cycles without a handshake after which the core counts as stuck
constexpr std::byte kEmptyGroups{0x44};

/// Writes the beats of a GEMM straight into the core's ports. A's rows already lie as the core wants them; B is
/// transposed and the metadata packed once, so that a beat is a few memcpys.
class BeatWriter {
 public:
  BeatWriter(const GemmProblem& problem, const CoreParams& p, MetadataRule rule)
      : problem_(problem),
        p_(p),
        a_bytes_(storage_bytes(problem.a_format)),
        b_bytes_(storage_bytes(problem.b_format)),
        stored_k_(problem.a->cols),
        lanes_(products_per_step(problem.arith, problem.a_format)),
        b_step_(lanes_ * b_bytes_ * (problem.sparse ? 2 : 1)) {
    control_.fmt_a = static_cast<std::uint8_t>(problem.a_format);
    control_.fmt_b = static_cast<std::uint8_t>(problem.b_format);
    control_.acc_f16 = problem.acc == Acc::f16;
    control_.saturate = problem.saturate;
    control_.sparse = problem.sparse;
    control_.meta_any = rule == MetadataRule::any;
    transpose_b();
    if (problem.sparse) pack_metadata();
  }

  std::int64_t steps() const { return (stored_k_ + lanes_ - 1) / lanes_; }
  const CoreControl& control() const { return control_; }  ///< of the beat written last

  /// Elements of the tile at (row, col) that exist.
  int used_rows(std::int64_t row) const {
    return static_cast<int>(std::min<std::int64_t>(p_.rows, problem_.m() - row));
  }
  int used_cols(std::int64_t col) const {
    return static_cast<int>(std::min<std::int64_t>(p_.cols, problem_.n() - col));
  }

  /// Writes step `step` of the tile at (entry, row, col); returns the operand bytes in use.
  std::int64_t write(CoreModel& model, std::int64_t entry, std::int64_t row, std::int64_t col, std::int64_t step,
                     int slot) {
    const int rows = used_rows(row);
    const int cols = used_cols(col);
    const std::int64_t len = std::min<std::int64_t>(lanes_, stored_k_ - step * lanes_);
    control_.len = static_cast<int>(len);
    control_.slot = slot;
    control_.first = step == 0;
    control_.last = step == steps() - 1;
    model.set_control(control_);

    const auto step_bytes = static_cast<std::size_t>(p_.step_bytes);
    const auto a_used = static_cast<std::size_t>(len * a_bytes_);
    std::byte* a = model.a().data();
    for (int r = 0; r < p_.rows; ++r, a += step_bytes) {
      const std::size_t used = r < rows ? a_used : 0;
      if (used != 0)
        std::memcpy(a, problem_.a->entry(entry) + ((row + r) * stored_k_ + step * lanes_) * a_bytes_, used);
      std::memset(a + used, 0, step_bytes - used);
    }
    std::int64_t bytes = rows * static_cast<std::int64_t>(a_used);

    if (problem_.sparse) {
      const std::size_t meta_bytes = step_bytes / 4;
      std::byte* meta = model.meta().data();
      for (int r = 0; r < p_.rows; ++r, meta += meta_bytes) {
        if (r < rows)
          std::memcpy(meta, packed_row(entry, row + r) + step * static_cast<std::int64_t>(meta_bytes), meta_bytes);
        else
          std::memset(meta, std::to_integer<int>(kEmptyGroups), meta_bytes);
      }
      bytes += rows * ((len / group_stored(problem_.a_format) + 1) / 2);  // two nibbles a byte
    }

    const auto column = static_cast<std::size_t>(column_bytes(p_));
    const auto b_used = static_cast<std::size_t>(len * b_bytes_ * (problem_.sparse ? 2 : 1));
    std::byte* b = model.b().data();
    for (int c = 0; c < p_.cols; ++c, b += column) {
      const std::size_t used = c < cols ? b_used : 0;
      if (used != 0) std::memcpy(b, transposed_column(entry, col + c) + step * b_step_, used);
      std::memset(b + used, 0, column - used);
    }
    bytes += cols * static_cast<std::int64_t>(b_used);
    if (control_.first) bytes += write_c(model, entry, row, col, rows, cols);
    return bytes;
  }

 private:
  std::int64_t write_c(CoreModel& model, std::int64_t entry, std::int64_t row, std::int64_t col, int rows,
                       int cols) const {
    std::ranges::fill(model.c(), std::byte{0});
    if (problem_.c == nullptr) return 0;
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < cols; ++c)
        put_element(model.c().data(), r * p_.cols + c, 4, problem_.c->get(entry, row + r, col + c));
    return static_cast<std::int64_t>(rows) * cols * storage_bytes(problem_.acc);
  }

  void transpose_b() {
    const Tensor& b = *problem_.b;
    transposed_.resize(b.data.size());
    const std::int64_t entries = b.batched ? b.batch : 1;
    for (std::int64_t e = 0; e < entries; ++e) {
      const std::byte* from = b.entry(e);
      std::byte* to = transposed_.data() + e * b.rows * b.cols * b_bytes_;
      for (std::int64_t k = 0; k < b.rows; ++k)
        for (std::int64_t n = 0; n < b.cols; ++n, from += b_bytes_)
          std::memcpy(to + (n * b.rows + k) * b_bytes_, from, static_cast<std::size_t>(b_bytes_));
    }
  }
  const std::byte* transposed_column(std::int64_t entry, std::int64_t col) const {
    const Tensor& b = *problem_.b;
    return transposed_.data() + ((b.batched ? entry : 0) * b.cols + col) * b.rows * b_bytes_;
  }

  void pack_metadata() {
    const Tensor& meta = *problem_.metadata;
    const auto groups = lanes_ / group_stored(problem_.a_format);
    packed_.assign(static_cast<std::size_t>(meta.batch * meta.rows * packed_bytes()), kEmptyGroups);
    for (std::int64_t row = 0; row < meta.batch * meta.rows; ++row)
      for (std::int64_t g = 0; g < meta.cols; ++g)
        put_nibble(packed_.data() + row * packed_bytes() + g / groups * (p_.step_bytes / 4),
                   static_cast<int>(g % groups),
                   std::to_integer<std::uint8_t>(meta.data[static_cast<std::size_t>(row * meta.cols + g)]));
  }
  std::int64_t packed_bytes() const { return steps() * p_.step_bytes / 4; }
  const std::byte* packed_row(std::int64_t entry, std::int64_t row) const {
    const Tensor& meta = *problem_.metadata;
    return packed_.data() + ((meta.batched ? entry : 0) * meta.rows + row) * packed_bytes();
  }

  const GemmProblem& problem_;
  const CoreParams& p_;
  int a_bytes_;
  int b_bytes_;
  std::int64_t stored_k_;
  std::int64_t lanes_;
  std::int64_t b_step_;                ///< bytes of a column in a full step
  std::vector<std::byte> transposed_;  ///< B by column: entry, column, k
  std::vector<std::byte> packed_;      ///< metadata as the port takes it: entry, row, step
  CoreControl control_;
};

/// The order of the beats: groups of up to acc_slots tiles (entry by entry, row-major), and in a group all tiles' step
/// 0, then all tiles' step 1, and so on.
struct Schedule {
  std::int64_t tile_rows, tile_cols, tiles, steps, slots;

  struct Position {
    std::int64_t tile;
    std::int64_t step;
    int slot;
  };
  Position at(std::int64_t beat) const {
    const std::int64_t group = beat / (slots * steps);
    const std::int64_t width = std::min(slots, tiles - group * slots);
    const std::int64_t inside = beat - group * slots * steps;
    return {group * slots + inside % width, inside / width, static_cast<int>(inside % width)};
  }
};

/// Starts and, whatever happens, ends a recording.
class Recording {
 public:
  Recording(CoreModel& model, const std::string& path, WaveWindow window) : model_(model), open_(!path.empty()) {
    if (open_) model_.open_wave(path, window);
  }
  void finish() {
    if (std::exchange(open_, false)) model_.close_wave();
  }

 private:
  CoreModel& model_;
  bool open_;
};

}  // namespace

CoreRunResult run_core_gemm(const GemmProblem& problem, const CoreRunOptions& options) {
  CoreRunResult result;
  result.d = Tensor(problem.m(), problem.n(), storage_bytes(problem.acc), problem.batch(), problem.batched());
  const auto model =
      options.model ? options.model() : make_core_model(options.preset, !options.wave.empty(), options.seed);
  const CoreParams& p = model->params();
  Recording recording(*model, options.wave, options.window);
  BeatWriter writer(problem, p, options.rule);

  const std::int64_t steps = writer.steps();
  const std::int64_t tile_rows = (problem.m() + p.rows - 1) / p.rows;
  const std::int64_t tile_cols = (problem.n() + p.cols - 1) / p.cols;
  const std::int64_t tiles = problem.batch() * tile_rows * tile_cols;
  const Schedule schedule{tile_rows, tile_cols, tiles, steps, p.acc_slots};
  const auto tile_entry = [&](std::int64_t tile) { return tile / (tile_rows * tile_cols); };
  const auto tile_row = [&](std::int64_t tile) { return tile / tile_cols % tile_rows * p.rows; };
  const auto tile_col = [&](std::int64_t tile) { return tile % tile_cols * p.cols; };

  if (steps == 0 || tiles == 0) {  // no step is taken: D = C, or +0
    for (std::int64_t e = 0; problem.c != nullptr && e < result.d.batch; ++e) {
      std::copy_n(problem.c->entry(e), problem.m() * problem.n() * result.d.elem_bytes, result.d.entry(e));
    }
    recording.finish();
    return result;
  }
  result.cycles_model = core_cycles(p, tiles, steps);

  const StallPattern pattern{options.stall > 0 ? StallKind::random : StallKind::none, options.stall};
  Stall input(pattern, options.seed * 2);
  Stall output(pattern, options.seed * 2 + 1);
  std::int64_t cycle = 0;
  std::int64_t first_cycle = 0;
  std::int64_t done_tiles = 0;
  std::int64_t next_progress = 0;
  bool shown = false;  // a beat stands at the port and stays until it is accepted

  // A chain's D's leave in the order of their last steps, which is that of the tiles.
  const auto take = [&] {
    const std::int64_t entry = tile_entry(done_tiles);
    const std::int64_t row = tile_row(done_tiles);
    const std::int64_t col = tile_col(done_tiles);
    const int rows = writer.used_rows(row);
    const int cols = writer.used_cols(col);
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < cols; ++c) {
        result.d.set(entry, row + r, col + c, get_element(model->d().data(), r * p.cols + c, 4));
        const bool wrong = options.expected != nullptr &&
                           options.expected->get(entry, row + r, col + c) != result.d.get(entry, row + r, col + c);
        if (wrong && !result.first_wrong) result.first_wrong = {model->cycle(), entry, row + r, col + c};
      }
    }
    result.bytes_written += static_cast<std::int64_t>(rows) * cols * storage_bytes(problem.acc);
    const CoreFlags flags = model->flags();
    if (flags.meta_err && result.metadata_errors++ == 0) {
      const int groups = p.step_bytes / storage_bytes(problem.a_format) / group_stored(problem.a_format);
      result.first_metadata_error = GroupPosition{problem.metadata->batched ? entry : 0, row + flags.meta_row,
                                                  std::int64_t{flags.meta_step} * groups + flags.meta_group};
    }
    ++done_tiles;
  };

  std::int64_t idle = 0;
  while (done_tiles < tiles) {
    const bool more = result.steps < tiles * steps;
    if (more && !shown) {
      if (input.held(true)) {
        ++result.stall_input;
      } else {
        const Schedule::Position at = schedule.at(result.steps);
        result.bytes_read +=
            writer.write(*model, tile_entry(at.tile), tile_row(at.tile), tile_col(at.tile), at.step, at.slot);
        shown = true;
      }
    }
    const bool ready = !output.held(true);
    model->set_in_valid(shown);
    model->set_out_ready(ready);
    model->settle();
    ++idle;
    if (model->out_valid()) {
      if (ready) {
        take();
        idle = 0;
      } else {
        ++result.stall_output;
      }
    }
    if (shown) {
      if (model->in_ready()) {
        if (result.steps++ == 0) first_cycle = cycle;
        shown = false;
        idle = 0;
      } else {
        ++result.stall_core;
      }
    }
    model->rise();
    ++cycle;
    if (idle > kPatience) throw HardwareFailure("spmma_core stopped answering", model->cycle() - 1 - idle);
    if (model->assertion_failures() != 0) throw HardwareFailure("an assertion of the RTL failed", model->cycle() - 1);
    if (options.progress && result.steps >= next_progress) {
      options.progress(result.steps, tiles * steps);
      next_progress = result.steps + 4096;
    }
  }
  result.cycles = cycle - first_cycle;
  if (options.progress) options.progress(result.steps, tiles * steps);
  recording.finish();
  return result;
}

std::vector<std::uint32_t> core_chain(const GemmProblem& problem, const CoreRunOptions& options, std::int64_t entry,
                                      std::int64_t row, std::int64_t col) {
  const auto model = make_core_model(options.preset, false, options.seed);
  const CoreParams& p = model->params();
  BeatWriter writer(problem, p, options.rule);
  std::vector<CoreBeat> chain;
  for (std::int64_t step = 0; step < writer.steps(); ++step) {
    CoreBeat& beat = chain.emplace_back(p);
    writer.write(*model, entry, row / p.rows * p.rows, col / p.cols * p.cols, step, 0);
    beat.control = writer.control();
    std::ranges::copy(model->a(), beat.a.begin());
    std::ranges::copy(model->meta(), beat.meta.begin());
    std::ranges::copy(model->b(), beat.b.begin());
    std::ranges::copy(model->c(), beat.c.begin());
  }
  std::vector<std::uint32_t> values;
  for (const auto& d : chain_values(*model, chain)) {
    values.push_back(d[static_cast<std::size_t>(row % p.rows * p.cols + col % p.cols)]);
  }
  return values;
}

}  // namespace spmma::verif
