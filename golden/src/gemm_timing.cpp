// SPDX-License-Identifier: Apache-2.0
#include "spmma/gemm_timing.h"

#include <algorithm>

#include "gemm_walk.h"
#include "spmma/core_timing.h"
#include "spmma/step.h"

namespace spmma {
namespace detail {
namespace {

// The constants of docs/gemm.md, "Cycles", each with its sentence.

constexpr int kLine = 4096;  // "one burst, or two where it crosses a 4 KiB line"

// "plan of a job's first K block: s + 2"
constexpr int kPlanAfterStart = 2;
// "fewer than 4 K blocks planned and not finished by the sequencer"
constexpr int kPlannedKBlocks = 4;
// "fewer than 8 blocks planned and not finished by the writer"
constexpr int kPlannedBlocks = 8;
// "B: the half that the K block before the last one used"
constexpr int kBHalves = 2;
// "Its AR handshake is the cycle after its ask."
constexpr int kAddressAfterAsk = 1;
// "fewer than 64 bursts may be open", "fewer than 64 open bursts"
constexpr int kOpenBursts = 64;
// "the channel rests for one cycle (flush)"
constexpr int kFlush = 1;
// "What arrives with the last beat in cycle r can be used by a run in cycle r + 2, r + 3 with a flush."
constexpr int kUsableAfterBeat = 2;
// "the K block: planned 2 or more cycles before"
constexpr int kRunAfterPlan = 2;
// "A strip is filled 17 - (4 - P) cycles after its last step": the core's output latency and this.
constexpr int kFilledAfterOutput = 4;
// "(3 with K = 0)"
constexpr int kFilledWithoutSteps = 3;
// "A block's first beat comes 2 or more cycles after its predecessor's last one."
constexpr int kNextBlock = 2;
// "fewer than 8 beats under way"
constexpr int kBeatsUnderWay = 8;
// "Its W handshake comes 3 or more cycles later."
constexpr int kHandshakeAfterBeat = 3;
// "An empty job takes 4 cycles."
constexpr int kEmptyJob = 4;

/// "room freed in cycle t is seen in cycle t + 1"
constexpr Cycle seen(Cycle freed) { return freed + 1; }

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return a > 0 ? (a + b - 1) / b : a / b; }

/// Metadata of `stored` elements: a nibble a group, two a byte.
std::int64_t metadata_bytes(Format f, std::int64_t stored) { return ceil_div(stored / group_stored(f), 2); }

/// What is left from `begin` on, `whole` at most.
int part(std::int64_t all, std::int64_t begin, int whole) {
  return static_cast<int>(std::min<std::int64_t>(all - begin, whole));
}

}  // namespace

GemmBlocks::GemmBlocks(const Preset& preset, const GemmTimingJob& j) : job(j), row_bytes(gemm_row_bytes(j)) {
  const int b_elem = storage_bytes(j.b_format), stored = preset.gemm.k_bytes / storage_bytes(j.a_format);
  rows = preset.gemm.block_rows;
  cols = preset.gemm.block_bytes / b_elem;
  a_bytes = preset.gemm.k_bytes;
  e_bytes = j.sparse ? static_cast<int>(metadata_bytes(j.a_format, stored)) : 0;
  b_rows = j.sparse ? 2 * stored : stored;
  b_bytes = preset.gemm.block_bytes;
  d_bytes = cols * storage_bytes(j.acc);
  const bool empty = j.m == 0 || j.n == 0 || j.batch == 0;
  entries = empty ? 0 : j.batch;
  block_rows = empty ? 0 : ceil_div(j.m, rows);
  block_cols = empty ? 0 : ceil_div(j.n, cols);
  k_blocks = std::max<std::int64_t>(1, ceil_div(j.k, b_rows));
}

KBlock GemmBlocks::k_block(std::int64_t entry, std::int64_t block_row, std::int64_t block_col, std::int64_t k) const {
  const std::int64_t row = block_row * rows;
  // Addresses are modulo 2^64, as the engine's registers are: no job that passes its checks wraps.
  const auto at = [&](const GemmOperand& o, std::int64_t r, std::int64_t byte) {
    return o.row_address(entry, r) + static_cast<std::uint64_t>(byte);
  };
  KBlock b;
  b.rows = part(job.m, row, rows);
  b.cols = part(job.n, block_col * cols, cols);
  b.a_bytes = part(row_bytes.a, k * a_bytes, a_bytes);
  b.e_bytes = part(row_bytes.e, k * e_bytes, e_bytes);
  b.b_rows = part(job.k, k * b_rows, b_rows);
  b.first_of_k = k == 0;
  b.last_of_k = k + 1 == k_blocks;
  b.at = {at(job.a, row, k * a_bytes), at(job.e, row, k * e_bytes), at(job.b, k * b_rows, block_col * b_bytes),
          at(job.c, row, block_col * d_bytes), at(job.d, row, block_col * d_bytes)};
  return b;
}

/// Contiguous bytes: one or two bursts, a number of beats.
struct GemmWalk::Segment {
  Segment(std::uint64_t address, int bytes, int data_bytes) {
    const int offset = static_cast<int>(address % static_cast<unsigned>(data_bytes));
    const int line = kLine - static_cast<int>(address % kLine);
    beats = static_cast<int>(ceil_div(offset + bytes, data_bytes));
    first_burst = bytes > line ? (offset + line) / data_bytes : beats;
    flush = offset > 0 && beats > 1 && ceil_div(bytes, data_bytes) == beats;
  }
  /// Whether a burst begins, or ends, with this beat.
  bool begins(int beat) const { return beat == 0 || beat == first_burst; }
  bool ends(int beat) const { return beat + 1 == first_burst || beat + 1 == beats; }

  int beats, first_burst;
  bool flush;  ///< the shifter has a word to give after the last beat
};

GemmWalk::GemmWalk(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory)
    : blocks_(preset, job),
      memory_(memory),
      data_bytes_(preset.gemm.data_bytes()),
      strip_rows_(preset.core.rows),
      tile_cols_(preset.core.cols),
      strips_(preset.gemm.block_rows / preset.core.rows),
      step_bytes_(preset.core.step_bytes),
      step_b_rows_(preset.core.step_bytes / storage_bytes(job.a_format) * (job.sparse ? 2 : 1)),
      chain_(core_latency(preset.core).chain),
      fill_(job.k == 0 ? kFilledWithoutSteps : core_latency(preset.core).output + kFilledAfterOutput),
      reader_(kPlanAfterStart),
      k_blocks_(kPlannedKBlocks),
      blocks_under_way_(kPlannedBlocks),
      a_ring_(2 * strips_),
      c_ring_(preset.gemm.c_strips),
      b_halves_(kBHalves),
      open_reads_(kOpenBursts),
      d_ring_(preset.gemm.d_strips),
      beats_under_way_(kBeatsUnderWay),
      open_writes_(kOpenBursts) {
  b_ready_.resize(static_cast<std::size_t>(ceil_div(preset.gemm.k_bytes, step_bytes_)));
}

/// The reader's next event, which waits for room. Returns its cycle.
Cycle GemmWalk::event(Cycle room) {
  const Cycle at = std::max(reader_, room);
  reader_ = at + 1;
  return at;
}

/// The cycle in which a beat passes that is there from cycle `from` on.
Cycle GemmWalk::pass_beat(Channel& channel, Cycle from) const {
  const std::int64_t bandwidth = memory_.bandwidth;
  const Cycle at = std::max({from, channel.free, ceil_div(channel.credit, bandwidth)});
  channel.credit = std::max(channel.credit, (at - 1) * bandwidth) + data_bytes_;
  channel.free = at + 1;
  return at;
}

/// Asks for a segment. Returns the first cycle in which a run can use it.
Cycle GemmWalk::read_row(std::uint64_t address, int bytes) {
  const Segment segment(address, bytes, data_bytes_);
  Cycle offered = 0, beat = 0;
  for (int i = 0; i < segment.beats; ++i) {
    if (segment.begins(i)) offered = event(open_reads_.take()) + kAddressAfterAsk + memory_.latency;
    beat = pass_beat(r_, offered);
    if (segment.ends(i)) open_reads_.give(seen(beat));
  }
  const int flush = segment.flush ? kFlush : 0;
  r_.free += flush;
  counts_.bytes_read += bytes;
  counts_.beats_read += segment.beats;
  return beat + kUsableAfterBeat + flush;
}

/// Asks for the rows of a unit, the set before. Returns when a run can use the last one.
Cycle GemmWalk::read_rows(std::uint64_t address, std::uint64_t pitch, int rows, int bytes) {
  Cycle usable = 0;
  for (int row = 0; row < rows; ++row) {
    usable = read_row(address + static_cast<std::uint64_t>(row) * pitch, bytes);
  }
  return usable;
}

/// A strip is C's rows (first K block only, if there is a C), E's rows (sparse), A's rows.
GemmWalk::Strip GemmWalk::read_strip(const KBlock& block, int strip) {
  const GemmTimingJob& job = blocks_.job;
  const int row = strip * strip_rows_, rows = std::min(strip_rows_, block.rows - row);
  const auto at = [&](std::uint64_t address, const GemmOperand& o) {
    return address + static_cast<std::uint64_t>(row) * o.pitch;
  };
  Strip usable;
  if (job.has_c && block.first_of_k) {
    event(c_ring_.take());
    usable.c = read_rows(at(block.at.c, job.c), job.c.pitch, rows, block.cols * storage_bytes(job.acc));
  }
  if (block.a_bytes == 0) return usable;
  Cycle room = a_ring_.take();
  if (job.sparse) {
    event(room);
    room = reader_;
    usable.e = read_rows(at(block.at.e, job.e), job.e.pitch, rows, block.e_bytes);
  }
  event(room);
  usable.a = read_rows(at(block.at.a, job.a), job.a.pitch, rows, block.a_bytes);
  return usable;
}

void GemmWalk::read_b(const KBlock& block) {
  const GemmTimingJob& job = blocks_.job;
  const Cycle room = b_halves_.take();
  if (block.b_rows == 0) return;
  event(room);
  for (int row = 0; row < block.b_rows; ++row) {
    b_ready_[static_cast<std::size_t>(row / step_b_rows_)] =
        read_row(block.at.b + static_cast<std::uint64_t>(row) * job.b.pitch, block.cols * storage_bytes(job.b_format));
  }
}

/// The writer turns a strip into beats, and gives its place back.
void GemmWalk::write_strip(const KBlock& block, int strip, Cycle filled) {
  const GemmTimingJob& job = blocks_.job;
  const int end = std::min((strip + 1) * strip_rows_, block.rows);
  for (int row = strip * strip_rows_; row < end; ++row) {
    write_row(block.at.d + static_cast<std::uint64_t>(row) * job.d.pitch, block.cols * storage_bytes(job.acc), filled);
  }
  d_ring_.give(seen(writer_ - 1));
}

void GemmWalk::write_row(std::uint64_t address, int bytes, Cycle filled) {
  const Segment segment(address, bytes, data_bytes_);
  for (int i = 0; i < segment.beats; ++i) {
    Cycle beat = std::max({writer_, filled, beats_under_way_.take()});
    if (segment.begins(i)) beat = std::max(beat, open_writes_.take());
    writer_ = beat + 1;
    const Cycle offered = std::max(beat + kHandshakeAfterBeat, w_.free);
    const Cycle handshake = pass_beat(w_, offered);
    counts_.held_w += handshake - offered;
    beats_under_way_.give(seen(handshake));
    if (segment.ends(i)) {
      const Cycle answer = std::max(handshake + memory_.latency, response_);
      response_ = answer + 1;
      open_writes_.give(seen(answer));
    }
  }
  counts_.bytes_written += bytes;
  counts_.beats_written += segment.beats;
}

/// The sequencer issues nothing before `until`, for one reason.
void GemmWalk::wait(std::int64_t& cause, Cycle until) {
  if (until <= now_) return;
  (begun_ == 0 ? counts_.stalls.start : cause) += until - now_;
  now_ = until;
}

void GemmWalk::walk(const KBlock& block) {
  const GemmTimingJob& job = blocks_.job;
  GemmStalls& stalls = counts_.stalls;
  const int strips = static_cast<int>(ceil_div(block.rows, strip_rows_));
  const int tiles = static_cast<int>(ceil_div(block.cols, tile_cols_));
  const bool copy = block.a_bytes == 0;  // K = 0: a tile is passed on in one step
  const int steps = copy ? 1 : static_cast<int>(ceil_div(block.a_bytes, step_bytes_));
  int group = 1;
  while (group < strips_ && group * tiles < chain_) group *= 2;

  // All that the first run waits for.
  Cycle room = k_blocks_.take();
  if (block.first_of_k) room = std::max(room, blocks_under_way_.next());
  const Cycle plan = event(room);
  Strip strip_ready = read_strip(block, 0);
  read_b(block);
  wait(stalls.a, plan + kRunAfterPlan);
  if (block.first_of_k && tiles_before_ != 0 && tiles != tiles_before_) {
    chain_from_ = std::max(chain_from_, last_step_ + chain_);
  }
  tiles_before_ = tiles;

  for (int first = 0; first < strips; first += group) {
    const int end = std::min(first + group, strips);
    for (int step = 0; step < steps; ++step) {
      Cycle since_pass = 0;  // its start, later by the cycles waited inside
      for (int strip = first; strip < end; ++strip) {
        const bool pass_start = strip == first, last = block.last_of_k && step + 1 == steps;
        const Cycle earliest = now_;
        if (step == 0) {
          if (strip > 0) strip_ready = read_strip(block, strip);
          wait(stalls.c, strip_ready.c);
          wait(stalls.metadata, strip_ready.e);
          wait(stalls.a, strip_ready.a);
        }
        if (pass_start && first == 0 && !copy) wait(stalls.b, b_ready_[static_cast<std::size_t>(step)]);
        if (pass_start && !copy && (step > 0 || first == 0)) wait(stalls.chain, chain_from_);
        if (last) wait(stalls.d, d_ring_.take());
        since_pass = pass_start ? now_ : since_pass + (now_ - earliest);
        begun_ = 1;
        now_ += tiles;
        last_step_ = now_ - 1;
        if (step == 0 && block.first_of_k && job.has_c) c_ring_.give(seen(last_step_));
        if (step + 1 == steps && !copy) a_ring_.give(seen(last_step_));
        if (last) write_strip(block, strip, last_step_ + fill_);
      }
      chain_from_ = since_pass + chain_;
    }
  }
  counts_.steps += static_cast<std::int64_t>(steps) * strips * tiles;
  counts_.lanes += static_cast<std::int64_t>(block.rows) * block.cols * (block.a_bytes / storage_bytes(job.a_format));
  k_blocks_.give(seen(last_step_));
  b_halves_.give(seen(last_step_));
  if (block.last_of_k) {
    blocks_under_way_.take();  // only now, so that no place is out between two K blocks
    blocks_under_way_.give(seen(writer_ - 1));
    writer_ += kNextBlock - 1;
  }
  counts_.cycles = now_;
}

GemmCycles GemmWalk::finish() {
  if (blocks_.entries == 0) {
    counts_.stalls.start = counts_.cycles = kEmptyJob;
    return counts_;
  }
  counts_.stalls.drain += response_ - now_;
  counts_.cycles += response_ - now_;
  return counts_;
}

template <typename Visit>
void GemmWalk::visit(Visit&& visit) {
  const Cycle reader = reader_, now = now_;
  const Cycle beat = reader + kAddressAfterAsk + memory_.latency;
  const auto read_room = [&](Cycle& from) { visit(from, reader, 1); };
  const auto write_room = [&](Cycle& from) { visit(from, now, 1); };
  visit(reader_, reader, 1);
  for (Room* room : {&k_blocks_, &blocks_under_way_, &a_ring_, &c_ring_, &b_halves_, &open_reads_}) {
    room->visit(read_room);
  }
  visit(r_.free, beat, 1);
  visit(r_.credit, (beat - 1) * memory_.bandwidth, memory_.bandwidth);
  visit(chain_from_, now, 1);
  visit(last_step_, now - chain_, 1);
  visit(tiles_before_, 0, 0);
  visit(begun_, 0, 0);
  // A beat of D follows a run that is still to come.
  for (Room* room : {&d_ring_, &beats_under_way_, &open_writes_}) room->visit(write_room);
  visit(writer_, now, 1);
  visit(w_.free, now, 1);
  visit(w_.credit, (now - 1) * memory_.bandwidth, memory_.bandwidth);
  visit(response_, now, 1);
}

GemmWalk::State GemmWalk::state() {
  State state;
  visit([&](std::int64_t& value, std::int64_t least, std::int64_t scale) {
    state.push_back(static_cast<std::int32_t>(std::max(value, least) - now_ * scale));
  });
  return state;
}

void GemmWalk::resume(const State& state) {
  auto next = state.begin();
  now_ = 0;
  counts_ = {};
  visit([&](std::int64_t& value, std::int64_t, std::int64_t) { value = *next++; });
}

}  // namespace detail

GemmRowBytes gemm_row_bytes(const GemmTimingJob& job) {
  const std::int64_t stored = job.sparse ? job.k / 2 : job.k;
  GemmRowBytes bytes;
  bytes.a = stored * storage_bytes(job.a_format);
  bytes.e = job.sparse ? detail::metadata_bytes(job.a_format, stored) : 0;
  bytes.b = job.n * storage_bytes(job.b_format);
  bytes.d = job.n * storage_bytes(job.acc);
  bytes.c = job.has_c ? bytes.d : 0;
  return bytes;
}

std::optional<std::uint64_t> gemm_default_layout(GemmTimingJob& job, int data_bytes, std::uint64_t first) {
  const GemmRowBytes bytes = gemm_row_bytes(job);
  const auto width = static_cast<std::uint64_t>(data_bytes);
  std::uint64_t end = first;
  bool fits = true;
  const auto place = [&](GemmOperand& o, std::int64_t rows, std::int64_t row_bytes) {
    constexpr std::uint64_t kLine = detail::kLine;
    const std::uint64_t begin = (end + kLine - 1) / kLine * kLine;
    fits = fits && begin >= end;
    o.address = begin;
    o.pitch = (static_cast<std::uint64_t>(row_bytes) + width - 1) / width * width;
    std::uint64_t size = 0;
    fits = !__builtin_mul_overflow(static_cast<std::uint64_t>(rows), o.pitch, &o.stride) && fits;
    fits = !__builtin_mul_overflow(static_cast<std::uint64_t>(job.batch), o.stride, &size) && fits;
    fits = !__builtin_add_overflow(begin, size, &end) && fits;
  };
  place(job.a, job.m, bytes.a);
  place(job.e, job.m, bytes.e);
  place(job.b, job.k, bytes.b);
  place(job.c, job.m, bytes.c);
  place(job.d, job.m, bytes.d);
  return fits ? std::optional(end) : std::nullopt;
}

GemmCycles gemm_cycles_reference(const Preset& preset, const GemmTimingJob& job, const MemoryTiming& memory) {
  const detail::GemmBlocks blocks(preset, job);
  detail::GemmWalk walk(preset, job, memory);
  for (std::int64_t entry = 0; entry < blocks.entries; ++entry) {
    for (std::int64_t row = 0; row < blocks.block_rows; ++row) {
      for (std::int64_t col = 0; col < blocks.block_cols; ++col) {
        for (std::int64_t k = 0; k < blocks.k_blocks; ++k) walk.walk(blocks.k_block(entry, row, col, k));
      }
    }
  }
  return walk.finish();
}

}  // namespace spmma
