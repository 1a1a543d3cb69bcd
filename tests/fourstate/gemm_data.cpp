// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <random>
#include <tuple>

#include "data.h"
#include "gemm_driver.h"
#include "hex_word.h"
#include "random_gemm.h"
#include "registers.h"
#include "spmma/gemm.h"
#include "spmma/gemm_timing.h"

namespace spmma::fourstate {
namespace {

using verif::CoreMode;
using verif::GemmRegisters;
using verif::GemmShape;
using verif::RandomGemm;
namespace reg = verif::reg;

constexpr std::uint64_t kBase = 0x0123'4567'89AB'0000;  ///< of the memory
constexpr std::uint32_t kAll = ~std::uint32_t{0};

/// A job in memory.
struct Job {
  std::unique_ptr<RandomGemm> gemm;
  GemmTimingJob timing;
  GemmRegisters registers;
};

/// What software does and what memory holds.
class Session {
 public:
  explicit Session(const Preset& preset) : preset_(preset), random_(17) {}

  std::mt19937_64& random() { return random_; }

  /// Puts operands and D into memory, any gap apart; what belongs to no operand stays X. D is expected at the end if
  /// `completes`.
  Job make(const CoreMode& mode, const GemmShape& shape, bool with_c, bool completes = true, int illegal_nibbles = 0) {
    Job job;
    const RandomGemm::Batched batched{.a = one_in(2), .b = one_in(2), .c = one_in(2)};
    job.gemm =
        std::make_unique<RandomGemm>(preset_.core, mode, shape, with_c, MetadataRule::ordered, random_(), batched);
    for (int i = 0; i < illegal_nibbles; ++i) {
      Tensor& meta = job.gemm->metadata();
      const auto at = i == 0 ? 0 : static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(meta.size()));
      meta.set(0, 0, at, mode.a == Format::tf32 ? 0x9 : 0x3);
    }
    const GemmProblem& p = job.gemm->problem();
    GemmTimingJob& t = job.timing;
    t.a_format = p.a_format;
    t.b_format = p.b_format;
    t.acc = p.acc;
    t.sparse = p.sparse;
    t.has_c = with_c;
    t.m = p.m();
    t.n = p.n();
    t.k = p.k();
    t.batch = p.batch();
    const GemmRowBytes row = gemm_row_bytes(t);
    t.a = place(p.a->rows, row.a, p.a->elem_bytes, p.a->batched);
    store(before_, t.a, *p.a);
    if (p.sparse) {
      t.e = place(p.metadata->rows, row.e, 1, p.metadata->batched);
      store_nibbles(t.e, *p.metadata);
    }
    t.b = place(p.b->rows, row.b, p.b->elem_bytes, p.b->batched);
    store(before_, t.b, *p.b);
    if (with_c) {
      t.c = place(p.c->rows, row.c, p.c->elem_bytes, p.c->batched);
      store(before_, t.c, *p.c);
    }
    t.d = place(t.m, row.d, storage_bytes(t.acc), true);
    if (completes) results_.emplace_back(t.d, gemm_reference(p));
    job.registers = verif::gemm_registers(t, {.saturate = p.saturate});
    return job;
  }

  void write(std::uint32_t offset, std::uint32_t value) { access(kWrite, offset, value, 0xF); }
  void write64(std::uint32_t offset, std::uint64_t value) {
    write(offset, static_cast<std::uint32_t>(value));
    write(offset + 4, static_cast<std::uint32_t>(value >> 32));
  }
  /// Strobes only the lowest byte; the others are X.
  void write_byte(std::uint32_t offset, std::uint32_t value) {
    HexWord word(8);
    word.put(0, value, 2);
    word.append(0x1, 8);
    word.append(offset, 3);
    word.append(kWrite, 1);
    program_.push_back(word);
  }
  void write_refused(std::uint32_t offset, std::uint32_t value) { access(kWriteRefused, offset, value, 0xF); }
  void read(std::uint32_t offset, std::uint32_t value, std::uint32_t mask = kAll) {
    access(kRead, offset, value & mask, mask);
  }
  void read64(std::uint32_t offset, std::uint64_t value) {
    read(offset, static_cast<std::uint32_t>(value));
    read(offset + 4, static_cast<std::uint32_t>(value >> 32));
  }
  void poll(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) { access(kPoll, offset, value, mask); }
  void wait_irq() { access(kWaitIrq, 0, 0, 0); }
  void expect_irq(bool value) { access(kIrq, 0, value, 0); }

  /// Every register as it is after reset, and nothing but known bits in it.
  void expect_reset_values() {
    for (const reg::Register& r : reg::kRegisters) {
      std::uint32_t value = r.reset;
      for (const auto& [name, parameter] : preset_.gemm_rtl()) {
        if (name == r.parameter) value = static_cast<std::uint32_t>(parameter);
      }
      read(r.offset, value);
    }
  }
  /// Reads every register: whatever it holds, no bit of it may be X.
  void read_all() {
    for (const reg::Register& r : reg::kRegisters) read(r.offset, 0, 0);
  }

  void start(const GemmRegisters& job) {
    write(reg::kFormat, job.format);
    write(reg::kM, job.m);
    write(reg::kN, job.n);
    write(reg::kK, job.k);
    write(reg::kBatch, job.batch);
    for (std::uint32_t i = 0; i < job.operands.size(); ++i) {
      const std::uint32_t step = i * (reg::kEAddr - reg::kAAddr);
      // What a job has no use for keeps the value of an earlier one.
      if ((i == reg::kErrorOperandE && reg::kFormatSparse.get(job.format) == 0) ||
          (i == reg::kErrorOperandC && reg::kFormatHasC.get(job.format) == 0)) {
        continue;
      }
      write64(reg::kAAddr + step, job.operands[i].address);
      write64(reg::kAStride + step, job.operands[i].stride);
      write(reg::kAPitch + step, job.operands[i].pitch);
    }
    write(reg::kCtrl, reg::kCtrlStart.put(1));
  }
  /// Waits for the end of every job, checks STATUS and the interrupt, and clears both.
  void expect_end(bool error) {
    wait_irq();
    poll(reg::kStatus, 0, reg::kStatusBusy.mask() | reg::kStatusQueued.mask());
    expect_irq(true);
    read(reg::kStatus, reg::kStatusDone.put(1) | reg::kStatusError.put(error));
    write_byte(reg::kStatus, reg::kStatusDone.put(1) | reg::kStatusError.put(1));
    read(reg::kStatus, 0);
    expect_irq(false);
  }
  void expect_error(std::uint32_t code, std::uint32_t operand) {
    read(reg::kError, reg::kErrorCode.put(code) | reg::kErrorOperand.put(operand));
    for (const std::uint32_t offset : {reg::kErrorEntry, reg::kErrorRow, reg::kErrorGroup}) read(offset, 0);
  }
  /// Of the job that ended last, well: what does not depend on the memory's pace.
  void expect_counts(const Job& job) {
    expect_error(reg::kErrorCodeNone, 0);
    const GemmProblem& p = job.gemm->problem();
    std::uint64_t illegal = 0;
    GroupPosition first;
    if (p.sparse) {
      for (const std::byte nibble : p.metadata->data) {
        illegal += nibble_legal(p.a_format, MetadataRule::ordered, std::to_integer<std::uint8_t>(nibble)) ? 0 : 1;
      }
      first = first_illegal_metadata(p.a_format, MetadataRule::ordered, *p.metadata).value_or(GroupPosition{});
    }
    read64(reg::kMetaCount, illegal);
    read(reg::kMetaEntry, static_cast<std::uint32_t>(first.batch));
    read(reg::kMetaRow, static_cast<std::uint32_t>(first.row));
    read(reg::kMetaGroup, static_cast<std::uint32_t>(first.group));
    const GemmCycles c = gemm_cycles(preset_, job.timing, {.latency = 1, .bandwidth = preset_.gemm.data_bytes()});
    const std::pair<std::uint32_t, std::int64_t> counts[] = {
        {reg::kCountSteps, c.steps},        {reg::kCountLanes, c.lanes},
        {reg::kCountBytesRd, c.bytes_read}, {reg::kCountBytesWr, c.bytes_written},
        {reg::kCountBeatsRd, c.beats_read}, {reg::kCountBeatsWr, c.beats_written}};
    for (const auto& [offset, value] : counts) read64(offset, static_cast<std::uint64_t>(value));
  }

  /// First byte behind the memory, once all jobs are made.
  std::uint64_t end() {
    const std::size_t beat = 2 * static_cast<std::size_t>(preset_.gemm.data_bytes());
    before_.append_unknown(static_cast<int>((beat - before_.size() % beat) % beat));
    return kBase + before_.size() / 2;
  }

  void save(const std::filesystem::path& folder) {
    end();
    HexWord after = before_;
    for (const auto& [operand, d] : results_) store(after, operand, d);
    write_words(folder / "program.hex", program_);
    write_memory(folder / "before.hex", before_);
    write_memory(folder / "after.hex", after);
    const std::size_t words = before_.size() / 2 / static_cast<std::size_t>(preset_.gemm.data_bytes());
    write_text(folder / "case.svh",
               case_text(preset_.gemm_rtl(), {{"int Accesses", fmt::format("{}", program_.size())},
                                              {"int Words", fmt::format("{}", words)},
                                              {"logic [63:0] Base", fmt::format("64'h{:x}", kBase)}}));
  }

 private:
  /// As gemm_tb.sv has them.
  enum Access : std::uint8_t { kWrite, kWriteRefused, kRead, kPoll, kWaitIrq, kIrq };

  bool one_in(std::uint64_t n) { return random_() % n == 0; }

  void access(Access kind, std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
    HexWord word(0);
    word.append(value, 8);
    word.append(mask, 8);
    word.append(offset, 3);
    word.append(kind, 1);
    program_.push_back(word);
  }

  GemmOperand place(std::int64_t rows, std::int64_t row_bytes, int element, bool batched) {
    const auto any = [&](std::uint64_t most) { return random_() % (most + 1); };
    const auto size = static_cast<std::uint64_t>(element);
    const std::uint64_t end = before_.size() / 2;
    GemmOperand operand;
    operand.address = kBase + (end + any(20) + size - 1) / size * size;
    operand.pitch = static_cast<std::uint64_t>(row_bytes) + any(3) * size;
    const std::uint64_t stride = static_cast<std::uint64_t>(rows) * operand.pitch + any(3) * size;
    operand.stride = batched ? stride : 0;
    constexpr std::uint64_t kEntries = 2;  // at most
    before_.append_unknown(static_cast<int>(2 * (operand.address + kEntries * stride - kBase - end)));
    return operand;
  }

  static std::size_t digit(const GemmOperand& operand, std::int64_t entry, std::int64_t row) {
    return 2 * (operand.address - kBase + static_cast<std::uint64_t>(entry) * operand.stride +
                static_cast<std::uint64_t>(row) * operand.pitch);
  }
  static void store(HexWord& image, const GemmOperand& operand, const Tensor& t) {
    for (std::int64_t e = 0; e < t.batch; ++e) {
      for (std::int64_t r = 0; r < t.rows; ++r) {
        for (std::int64_t c = 0; c < t.cols; ++c) {
          image.put(digit(operand, e, r) + static_cast<std::size_t>(2 * c * t.elem_bytes), t.get(e, r, c),
                    2 * t.elem_bytes);
        }
      }
    }
  }
  void store_nibbles(const GemmOperand& operand, const Tensor& meta) {
    for (std::int64_t e = 0; e < meta.batch; ++e) {
      for (std::int64_t r = 0; r < meta.rows; ++r) {
        for (std::int64_t g = 0; g < meta.cols; ++g) {
          before_.put(digit(operand, e, r) + static_cast<std::size_t>(g), meta.get(e, r, g), 1);
        }
      }
    }
  }
  void write_memory(const std::filesystem::path& path, const HexWord& image) const {
    const std::size_t beat = 2 * static_cast<std::size_t>(preset_.gemm.data_bytes());
    std::string text;
    for (std::size_t i = 0; i < image.size(); i += beat) text += image.text(i, beat) + '\n';
    write_text(path, text);
  }

  const Preset& preset_;
  std::mt19937_64 random_;
  HexWord before_{0};
  std::vector<std::pair<GemmOperand, Tensor>> results_;
  std::vector<HexWord> program_;
};

}  // namespace

void write_gemm_data(const Preset& preset, const std::filesystem::path& folder) {
  Session s(preset);
  const auto pick = [&](std::int64_t most) {
    return 1 + static_cast<std::int64_t>(s.random()() % static_cast<std::uint64_t>(most));
  };
  const std::vector<CoreMode> modes = verif::core_modes(preset.core);
  const auto mode = [&](Format f, bool sparse) {
    for (const CoreMode& m : modes) {
      if (m.a == f && m.sparse == sparse) return m;
    }
    return modes.front();
  };
  // More than a block each way, and odd.
  const auto large = [&](const CoreMode& m) {
    return GemmShape{2, preset.gemm.block_rows + 3, preset.gemm.block_bytes / storage_bytes(m.b) + 3,
                     preset.gemm.k_bytes / storage_bytes(m.a) * (m.sparse ? 2 : 1) + 4};
  };

  std::vector<Job> all;
  for (std::size_t i = 0; i < modes.size(); ++i) {
    const CoreMode& m = modes[i];
    const GemmShape most = large(m);
    const GemmShape any{pick(2), pick(most.m), pick(most.n), pick(most.k)};
    all.push_back(s.make(m, any, i % 2 == 0));
  }
  const CoreMode m = mode(Format::fp16, preset.core.sparse);
  const Job big = s.make(m, large(m), true);
  const Job small = s.make(mode(Format::int8, false), {1, 1, 1, 1}, false);
  const Job without_k = s.make(m, {2, 3, 5, 0}, true);
  const Job zeros = s.make(mode(Format::bf16, false), {1, 3, 3, 0}, false);
  const Job empty = s.make(m, {1, 0, 3, 8}, true);
  const Job flagged = s.make(mode(Format::e4m3, preset.core.sparse), large(m), false, true, 5);
  Job aborted = s.make(m, large(m), true, false);
  Job stopped = s.make(m, large(m), true, false, 1);
  stopped.registers.format |= reg::kFormatStop.put(1);
  const Job after = s.make(mode(Format::tf32, preset.core.sparse), {1, 3, 5, 12}, true);
  // Two that are refused at once, and three with an operand in the half of the windows that has no memory, or beyond.
  const GemmShape few{1, 2, 2, 8};
  Job too_large = s.make(m, few, false, false), unknown = s.make(m, few, false, false);
  too_large.registers.m = kAll;
  unknown.registers.format |= reg::kFormatFmtA.put(7);
  Job unread = s.make(m, large(m), true, false), unwritten = s.make(m, few, false, false);
  Job outside = s.make(m, large(m), true, false);
  const std::uint64_t end = s.end();
  const std::uint64_t window = end + (end - kBase);
  unread.registers.operands[reg::kErrorOperandA].address = window - (end - kBase) / 2;
  unwritten.registers.operands[reg::kErrorOperandD].address = window - (end - kBase) / 2;
  outside.registers.operands[reg::kErrorOperandB].address = window;

  s.expect_reset_values();
  s.expect_irq(false);
  s.write64(reg::kWinRdBase, kBase);
  s.write64(reg::kWinRdLimit, window - 1);
  s.write64(reg::kWinWrBase, kBase);
  s.write64(reg::kWinWrLimit, window - 1);
  s.write_byte(reg::kIrqEn, reg::kIrqEnDone.put(1));
  s.write_refused(reg::kId, 0);

  // Alone, and one right behind the other.
  s.start(big.registers);
  s.expect_end(false);
  s.expect_counts(big);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0 && i % 8 == 0) {
      s.expect_end(false);
      s.expect_counts(all[i - 1]);
    }
    s.poll(reg::kStatus, 0, reg::kStatusQueued.mask());
    s.start(all[i].registers);
  }
  s.expect_end(false);
  s.expect_counts(all.back());

  for (const Job* const job : {&flagged, &without_k, &zeros, &empty}) {
    s.start(job->registers);
    s.expect_end(false);
    s.expect_counts(*job);
  }

  // Errors, with whatever they leave behind; the next job is not to see it.
  const std::tuple<const Job*, std::uint32_t, std::uint32_t> errors[] = {
      {&too_large, reg::kErrorCodeSize, 0},
      {&unknown, reg::kErrorCodeFormat, 0},
      {&outside, reg::kErrorCodeWindow, reg::kErrorOperandB},
      {&unread, reg::kErrorCodeRead, reg::kErrorOperandA},
      {&unwritten, reg::kErrorCodeWrite, reg::kErrorOperandD},
      {&stopped, reg::kErrorCodeMeta, reg::kErrorOperandE},
  };
  for (const auto& [job, code, operand] : errors) {
    if (job == &stopped && !preset.core.sparse) continue;
    s.start(job->registers);
    s.expect_end(true);
    s.expect_error(code, operand);
    s.start(job->registers);
    s.start(small.registers);
    s.expect_end(true);
    s.expect_counts(small);
  }
  s.start(aborted.registers);
  s.write(reg::kCtrl, reg::kCtrlAbort.put(1));
  s.expect_end(true);
  s.expect_error(reg::kErrorCodeAbort, 0);
  s.start(after.registers);
  s.expect_end(false);
  s.expect_counts(after);
  s.read_all();

  s.save(folder);
}

}  // namespace spmma::fourstate
