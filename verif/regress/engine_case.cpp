// SPDX-License-Identifier: Apache-2.0
#include "engine_case.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <stdexcept>

#include "assertion.h"
#include "core_gemm.h"
#include "difference.h"
#include "gemm_driver.h"
#include "hardware_failure.h"
#include "placed_gemm.h"
#include "registers.h"
#include "spmma/describe.h"
#include "spmma/gemm.h"
#include "strobes.h"

namespace spmma::verif {
namespace {

/// Ends a run: what is not as it should be.
struct Broken {
  Failure failure;
  std::optional<std::uint64_t> address = {};  ///< of the byte that is wrong
};

/// A message without its numbers: what failures of one cause share.
std::string without_numbers(const std::string& message) {
  std::string text;
  bool number = false;
  for (const char c : message.substr(0, message.find('\n'))) {
    const bool digit = (c >= '0' && c <= '9') || (number && ((c >= 'a' && c <= 'f') || c == 'x'));
    if (digit && !number) text += '#';
    if (!digit) text += c;
    number = digit;
  }
  return text;
}

MetadataRule metadata_rule(std::uint32_t format) {
  return reg::kFormatMetaAny.get(format) != 0 ? MetadataRule::any : MetadataRule::ordered;
}

struct Job {
  std::unique_ptr<RandomGemm> gemm;
  std::unique_ptr<PlacedGemm> placed;
  Tensor golden;
  Tensor before;
  GemmRegisters registers;
  std::uint64_t illegal = 0;
};

/// One run of a plan. Every check that fails throws Broken; the driver throws what it finds itself.
class EngineRun {
 public:
  EngineRun(const EnginePlan& plan, const CaseOptions& options, std::optional<std::uint64_t> watch)
      : plan_(plan), random_(plan.seed * 7919 + 17), driver_(driver_options(plan, options)) {
    std::mt19937_64 random(plan.seed * 31 + 7);
    std::vector<std::uint64_t> bases;
    for (const EngineJob& job : plan.jobs) {
      std::uint64_t& base = bases.emplace_back(any_base(random, bases));
      if (is_huge(plan.wrong)) base = base / 4 & ~std::uint64_t{0xFFF};  // what is far behind it does not wrap
      place(jobs_, job, base);
    }
    if (plan.lead) place(lead_, *plan.lead, any_base(random, bases));
    if (watch) driver_.memory().watch(*watch);
  }

  void run();
  GemmDriver& driver() { return driver_; }
  std::int64_t dot_products() const { return dot_products_; }

 private:
  static GemmDriverOptions driver_options(const EnginePlan& plan, const CaseOptions& options) {
    GemmDriverOptions d{.preset = plan.preset,
                        .latency = plan.latency,
                        .bandwidth = plan.bandwidth,
                        .register_stall = plan.register_stall,
                        .seed = plan.seed,
                        .wave = options.wave,
                        .window = options.window,
                        .observer = options.gemm,
                        .model = plan.model};
    d.stalls.fill(plan.stall);
    return d;
  }
  bool disturbed() const { return plan_.event != EngineEvent::none || plan_.wrong != EngineWrong::nothing; }
  bool unstalled() const { return plan_.stall.kind == StallKind::none; }
  void place(std::vector<Job>& jobs, const EngineJob& spec, std::uint64_t base);
  static std::uint64_t any_base(std::mt19937_64& random, const std::vector<std::uint64_t>& others);
  GemmRegisters spoilt(const Job& job);
  void spoil_alignment(GemmRegisters& r, const GemmTimingJob& job);
  void make_huge(GemmRegisters& r, const Job& job);
  int expected_code() const;
  void expect_position_of_huge();
  void expect_position(const GemmRegisters& r, int code);
  void set_windows(const AxiWindow& read, const AxiWindow& write);

  [[noreturn]] void broken(const std::string& group, const std::string& message,
                           std::optional<std::uint64_t> address = {}, TileElement element = {}) {
    throw Broken{
        {"engine: " + group, fmt::format("{}, preset {}, seed {}: {}", plan_.test, plan_.preset, plan_.seed, message),
         driver_.now() - 1, element},
        address};
  }
  void check(bool good, const char* group, const std::string& message) {
    if (!good) broken(group, message);
  }
  std::vector<std::uint32_t> core_values(const Job& job, std::int64_t entry, std::int64_t row, std::int64_t col) const;
  void expect_exact(const Job& job, const char* when);
  void expect_partial(const Job& job);
  void expect_no_error();
  GemmCycles modelled(const Job& job);
  void expect_count(const char* name, std::int64_t counted, std::int64_t model);
  /// What a job does whenever it does it: also of one that begins again because the one before it failed.
  void expect_work(const GemmCycles& counted, const GemmCycles& model);
  void expect_counters(const Job& job);
  std::array<std::int64_t, 3> waits();
  void expect_metadata(const Job& job);
  AxiWindow whole_beats(AxiWindow window);
  AxiWindow window_without_a_row(const GemmTimingJob& job, bool read);
  void check_register_file();
  void touch_registers();
  void start_lead();
  /// Waits until nothing runs; the codes of the jobs that ended in an error.
  std::vector<int> finish_all();
  /// The same for two jobs of which only the second one may fail.
  std::vector<int> finish_both();

  const EnginePlan& plan_;
  std::mt19937_64 random_;
  GemmDriver driver_;
  std::vector<Job> jobs_;
  std::vector<Job> lead_;  ///< one or none
  std::int64_t dot_products_ = 0;
  std::array<std::int64_t, 3> waits_before_ = {};  ///< the job that runs
  bool wraps_ = true;                              ///< an address of the first job as it was spoilt
  int spoilt_operand_ = 0;                         ///< that is out of alignment
  AxiWindow read_window_, write_window_;
};

/// A 4 KiB line anywhere in the address space, far from the other jobs'.
std::uint64_t EngineRun::any_base(std::mt19937_64& random, const std::vector<std::uint64_t>& others) {
  constexpr std::uint64_t kFar = std::uint64_t{1} << 30, kLine = 4096;
  while (true) {
    const std::uint64_t base = (random() >> random() % 32) / kLine * kLine;
    const auto near = [&](std::uint64_t other) { return base < other + kFar && other < base + kFar; };
    if (base + kFar > base && std::ranges::none_of(others, near)) return base;
  }
}

void EngineRun::place(std::vector<Job>& jobs, const EngineJob& spec, std::uint64_t base) {
  Job& job = jobs.emplace_back();
  job.gemm = std::make_unique<RandomGemm>(driver_.preset().core, spec.mode, spec.shape, spec.with_c, spec.rule,
                                          spec.seed, spec.batched);
  std::mt19937_64 random(spec.seed * 31 + 5);
  Tensor& meta = job.gemm->metadata();
  if (spec.mode.sparse) {
    for (int i = 0; i < spec.illegal_nibbles && meta.size() > 0; ++i) {
      meta.set(0, 0, static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(meta.size())), random() & 0xF);
    }
    for (const std::byte nibble : meta.data) {
      job.illegal += nibble_legal(spec.mode.a, spec.rule, std::to_integer<std::uint8_t>(nibble)) ? 0 : 1;
    }
    if (!meta.batched) job.illegal *= static_cast<std::uint64_t>(job.gemm->problem().batch());  // each entry reads it
  }
  GemmLayout layout;
  if (spec.odd_layout) layout = random_layout(job.gemm->problem(), random);
  if (spec.scattered) layout.scattered = *spec.scattered;
  layout.base = base;
  if (disturbed()) layout.c_in_place = false;  // the job runs again
  job.placed = std::make_unique<PlacedGemm>(driver_.memory(), job.gemm->problem(), layout, spec.seed);
  job.placed->allow(driver_.checker());
  job.before = job.placed->d();
  job.golden = gemm_fast(job.gemm->problem());
  job.registers =
      gemm_registers(job.placed->job(), {.saturate = spec.mode.saturate, .meta_any = spec.rule == MetadataRule::any});
  // What an earlier job left in the registers of an operand that this one has not.
  const auto leave_anything = [&](std::size_t operand) {
    job.registers.operands[operand] = {random(), random(), static_cast<std::uint32_t>(random())};
  };
  if (!spec.mode.sparse) leave_anything(1);
  if (!job.placed->job().has_c) leave_anything(3);
}

GemmRegisters EngineRun::spoilt(const Job& job) {
  GemmRegisters r = job.registers;
  const auto any = [&](std::uint64_t below) { return static_cast<std::uint32_t>(random_() % below); };
  const GemmTimingJob& t = job.placed->job();
  switch (plan_.wrong) {
    case EngineWrong::nothing:
    case EngineWrong::read_window:
    case EngineWrong::write_window:
      break;
    case EngineWrong::size: {
      std::uint32_t* const sizes[] = {&r.m, &r.n, &r.k, &r.batch};
      if (t.sparse && any(3) == 0)  // a part of a group
        r.k += 1 + any(static_cast<std::uint64_t>(group_size(t.a_format)) - 1);
      else
        *sizes[any(4)] |= (1 + any(255)) << 24;
      // Of several errors the first in the order of their codes counts.
      if (any(2) == 0) spoil_alignment(r, t);
      if (r.k % 4 == 0 && any(2) == 0) r.format |= reg::kFormatFmtA.mask();
      break;
    }
    case EngineWrong::format: {
      r.k &= ~3U;  // whole groups of any format
      CoreControl control{.sparse = t.sparse};
      do {
        control.fmt_a = static_cast<std::uint8_t>(any(8));
        control.fmt_b = static_cast<std::uint8_t>(any(8));
        control.acc_f16 = any(2) != 0;
      } while (combination_legal(driver_.preset().core, control));
      r.format = (r.format & ~(reg::kFormatFmtA.mask() | reg::kFormatFmtB.mask() | reg::kFormatAccF16.mask())) |
                 reg::kFormatFmtA.put(control.fmt_a) | reg::kFormatFmtB.put(control.fmt_b) |
                 reg::kFormatAccF16.put(control.acc_f16 ? 1 : 0);
      if (any(2) == 0) spoil_alignment(r, t);
      break;
    }
    case EngineWrong::align:
      spoil_alignment(r, t);
      break;
    case EngineWrong::wrap: {
      const GemmRowBytes bytes = gemm_row_bytes(t);
      const std::int64_t c_bytes = storage_bytes(t.acc), a_bytes = storage_bytes(t.a_format);
      if (any(2) == 0 && t.has_c && bytes.c > c_bytes) {  // the very first row reaches beyond the end
        r.operands[3].address = 0 - static_cast<std::uint64_t>(c_bytes);
      } else if (any(2) == 0 && !t.has_c && !t.sparse && bytes.a > a_bytes) {
        r.operands[0].address = 0 - static_cast<std::uint64_t>(a_bytes);
      } else {  // entry 1 begins where the addresses end
        GemmRegisters::Operand& operand = r.operands[any(2) == 0 ? 0 : 4];
        operand.stride = 0 - operand.address;
        wraps_ = t.batch > 1;
      }
      break;
    }
    case EngineWrong::metadata:
      r.format |= reg::kFormatStop.put(1);
      break;
    case EngineWrong::huge_m:
    case EngineWrong::huge_batch:
    case EngineWrong::huge_k:
    case EngineWrong::huge_n:
      make_huge(r, job);
      break;
  }
  return r;
}

/// One operand or more of elements of several bytes; the first of them is what the error names.
void EngineRun::spoil_alignment(GemmRegisters& r, const GemmTimingJob& job) {
  const auto any = [&](int below) { return static_cast<unsigned>(random_() % static_cast<unsigned>(below)); };
  std::vector<std::pair<int, int>> operands = {{4, storage_bytes(job.acc)}};  // and the bytes of an element
  if (job.has_c) operands.emplace_back(3, storage_bytes(job.acc));
  if (storage_bytes(job.a_format) > 1)
    operands.insert(operands.end(), {{0, storage_bytes(job.a_format)}, {2, storage_bytes(job.b_format)}});
  std::ranges::shuffle(operands, random_);
  operands.resize(1 + any(static_cast<int>(operands.size())));
  spoilt_operand_ = std::ranges::min(operands).first;
  for (const auto& [index, bytes] : operands) {
    GemmRegisters::Operand& operand = r.operands[static_cast<std::size_t>(index)];
    const unsigned off = 1 + any(bytes - 1);
    switch (any(3)) {
      case 0:
        operand.address += off;
        break;
      case 1:
        operand.pitch += off;
        break;
      default:
        operand.stride += off;
    }
  }
}

/// One size is anything, and what comes behind the operands' first row (or entry) lies behind the read window.
void EngineRun::make_huge(GemmRegisters& r, const Job& job) {
  constexpr int kSizeBits = 24;
  constexpr std::uint64_t kUnit = 16;  // bytes, whole elements of every format
  const AxiWindow window = whole_beats(job.placed->read_window());
  const auto behind = [&](std::size_t operand, int bits) {
    const std::uint64_t least = window.limit - r.operands[operand].address + kUnit;
    const std::uint64_t any = random_() >> (64 - bits) >> (random_() % 16);
    return std::max(least, any) / kUnit * kUnit;
  };
  const auto size = [&](std::uint32_t least) {
    return std::max(least, static_cast<std::uint32_t>(random_() >> (64 - kSizeBits) >> (random_() % kSizeBits)));
  };
  switch (plan_.wrong) {
    case EngineWrong::huge_m:
      r.m = size(2);
      for (const std::size_t operand : {0U, 1U, 3U}) {
        r.operands[operand].pitch = static_cast<std::uint32_t>(behind(operand, 32));
      }
      break;
    case EngineWrong::huge_batch:
      r.batch = size(2);
      for (std::size_t operand = 0; operand < r.operands.size(); ++operand) {
        r.operands[operand].stride = behind(operand, 62);
      }
      break;
    case EngineWrong::huge_k:
      r.k = size(2);
      r.operands[2].pitch = static_cast<std::uint32_t>(behind(2, 32));
      break;
    default: {
      const auto block =
          static_cast<std::uint32_t>(driver_.preset().gemm.block_bytes / storage_bytes(job.placed->job().b_format));
      // A beat or more of another block: the window's end is rounded up to whole beats.
      r.n = size((r.n + block - 1) / block * block + static_cast<std::uint32_t>(driver_.memory().data_bytes()));
    }
  }
  set_windows(window, {});
  driver_.checker().readable().clear();  // of a longer row of A, whatever follows it is read
}

/// The first row behind the window, in the order of the reads.
void EngineRun::expect_position_of_huge() {
  const GemmTimingJob& job = jobs_.front().placed->job();
  const bool of_strip = plan_.wrong == EngineWrong::huge_m || plan_.wrong == EngineWrong::huge_batch;
  const int operand = !of_strip ? 2 : job.has_c ? 3 : job.sparse ? 1 : 0;
  const std::uint32_t entry = plan_.wrong == EngineWrong::huge_batch ? 1 : 0;
  const std::uint32_t row = plan_.wrong == EngineWrong::huge_m || plan_.wrong == EngineWrong::huge_k ? 1 : 0;
  const GemmError error = driver_.error();
  check(error.operand == operand && error.entry == entry && error.row == row && error.group == 0,
        "position of an error",
        fmt::format("operand {}, entry {}, row {}, group {}; expected operand {}, entry {}, row {}, group 0",
                    error.operand, error.entry, error.row, error.group, operand, entry, row));
}

/// Whether the row that the last error names has what the error says; all zeros where it names none.
void EngineRun::expect_position(const GemmRegisters& r, int code) {
  const GemmError error = driver_.error();
  const GemmTimingJob& job = jobs_.front().placed->job();
  const GemmRowBytes bytes = gemm_row_bytes(job);
  const std::pair<std::int64_t, std::int64_t> sizes[] = {
      {job.m, bytes.a}, {job.m, bytes.e}, {job.k, bytes.b}, {job.m, bytes.c}, {job.m, bytes.d}};
  const auto expect = [&](bool good, const char* what) {
    check(good, "position of an error",
          fmt::format("{}: code {}, operand {}, entry {}, row {}, group {}", what, error.code, error.operand,
                      error.entry, error.row, error.group));
  };
  expect(error.code == code, "another code than a moment ago");
  if (code == reg::kErrorCodeSize || code == reg::kErrorCodeFormat || code == reg::kErrorCodeAlign ||
      code == reg::kErrorCodeAbort || code == reg::kErrorCodeWrite) {
    const int operand = code == reg::kErrorCodeAlign ? spoilt_operand_ : code == reg::kErrorCodeWrite ? 4 : 0;
    expect(error.operand == operand && error.entry == 0 && error.row == 0 && error.group == 0, "no row to name");
    return;
  }
  expect(error.operand < 5 && error.entry < job.batch, "outside of the job");
  const auto [rows, row_bytes] = sizes[error.operand];
  expect(error.row < rows && row_bytes > 0, "outside of the operand");
  if (code == reg::kErrorCodeMeta) {
    const GemmProblem& p = jobs_.front().gemm->problem();
    const MetadataRule rule = metadata_rule(r.format);
    expect(error.operand == 1 && error.group < p.metadata->cols, "no metadata");
    const std::uint32_t nibble = p.metadata->get(p.metadata->batched ? error.entry : 0, error.row, error.group);
    expect(!nibble_legal(p.a_format, rule, static_cast<std::uint8_t>(nibble)), "legal metadata");
    return;
  }
  expect(error.group == 0, "a group");
  const GemmRegisters::Operand& operand = r.operands[static_cast<std::size_t>(error.operand)];
  std::uint64_t offset = 0, begin = 0, last = 0;
  bool wraps = __builtin_mul_overflow(operand.stride, std::uint64_t{error.entry}, &offset);
  wraps |= __builtin_add_overflow(operand.address, offset, &begin);
  wraps |= __builtin_add_overflow(begin, std::uint64_t{operand.pitch} * error.row, &begin);
  wraps |= __builtin_add_overflow(begin, static_cast<std::uint64_t>(row_bytes - 1), &last);
  if (code == reg::kErrorCodeWrap) return expect(wraps, "a row that does not wrap");
  expect(!wraps, "a row that wraps");
  if (code == reg::kErrorCodeRead) {
    const AxiWindow beats = whole_beats({begin, last});
    const std::uint64_t beat = driver_.memory().first_read_error().value_or(0);
    expect(error.operand != 4 && beats.base <= beat && beat <= beats.limit, "not the row of the beat that failed");
  } else {
    const AxiWindow& window = error.operand == 4 ? write_window_ : read_window_;
    expect(begin < window.base || last > window.limit, "a row within its window");
  }
}

void EngineRun::set_windows(const AxiWindow& read, const AxiWindow& write) {
  check(driver_.set_windows(read, write), "windows are refused at rest", "");
  read_window_ = read;
  write_window_ = write;
}

int EngineRun::expected_code() const {
  switch (plan_.wrong) {
    case EngineWrong::nothing:
      return 0;
    case EngineWrong::size:
      return reg::kErrorCodeSize;
    case EngineWrong::format:
      return reg::kErrorCodeFormat;
    case EngineWrong::align:
      return reg::kErrorCodeAlign;
    case EngineWrong::wrap:
      return wraps_ ? reg::kErrorCodeWrap : 0;
    case EngineWrong::read_window:
    case EngineWrong::write_window:
    case EngineWrong::huge_m:
    case EngineWrong::huge_batch:
    case EngineWrong::huge_k:
    case EngineWrong::huge_n:
      return reg::kErrorCodeWindow;
    case EngineWrong::metadata:
      return jobs_.front().illegal != 0 ? reg::kErrorCodeMeta : 0;
  }
  return 0;
}

/// The element's chain on spmma_core alone; none where that stops answering.
std::vector<std::uint32_t> EngineRun::core_values(const Job& job, std::int64_t entry, std::int64_t row,
                                                  std::int64_t col) const {
  try {
    return core_chain(job.gemm->problem(), {.preset = plan_.preset, .rule = metadata_rule(job.registers.format)}, entry,
                      row, col);
  } catch (const std::exception&) {  // a build may have no model of the core
    return {};
  }
}

void EngineRun::expect_exact(const Job& job, const char* when) {
  const Tensor d = job.placed->d();
  dot_products_ += d.size() * std::max<std::int64_t>(gemm_steps(job.gemm->problem()), 1);
  const GemmProblem& p = job.gemm->problem();
  for (std::int64_t e = 0; e < d.batch; ++e) {
    for (std::int64_t r = 0; r < d.rows; ++r) {
      for (std::int64_t c = 0; c < d.cols; ++c) {
        const std::uint32_t expected = job.golden.get(e, r, c), actual = d.get(e, r, c);
        if (expected == actual) continue;
        const CoreParams& core = driver_.preset().core;
        const bool edge = r >= d.rows / core.rows * core.rows || c >= d.cols / core.cols * core.cols;
        const bool untouched = actual == job.before.get(e, r, c);
        CoreControl control{.fmt_a = static_cast<std::uint8_t>(p.a_format),
                            .fmt_b = static_cast<std::uint8_t>(p.b_format),
                            .acc_f16 = p.acc == Acc::f16,
                            .saturate = p.saturate,
                            .sparse = p.sparse};
        const ElementDifference inside = untouched
                                             ? ElementDifference{"results or write side (spmma_results, spmma_writer)",
                                                                 "  as it was before the job\n"}
                                             : element_difference(p, e, r, c, core_values(job, e, r, c), actual);
        broken(fmt::format("D{}, {}, {}, {} tile, {}", when, step_name(control),
                           untouched ? "not written" : difference_kind(p.acc, expected, actual),
                           edge ? "edge" : "inner", inside.where),
               fmt::format("D[{},{}] of entry {}{}\n  expected {}\n  actual   {}\n{}", r, c, e, when,
                           spmma::describe(p.acc, expected), spmma::describe(p.acc, actual), inside.text),
               job.placed->d_address(e, r, c),
               {.row = static_cast<int>(r % core.rows), .col = static_cast<int>(c % core.cols)});
      }
    }
  }
}

void EngineRun::expect_partial(const Job& job) {
  const Tensor now = job.placed->d();
  for (std::int64_t i = 0; i < now.size(); ++i) {
    const std::uint32_t bits = now.get(0, 0, i);
    check(bits == job.before.get(0, 0, i) || bits == job.golden.get(0, 0, i), "D after an error is neither old nor new",
          fmt::format("element {} of D is {:#x}, was {:#x}, should become {:#x}", i, bits, job.before.get(0, 0, i),
                      job.golden.get(0, 0, i)));
  }
}

/// Cycles in which the memory did not take what was offered, so far: AR, AW, W.
std::array<std::int64_t, 3> EngineRun::waits() {
  const AxiMemory& memory = driver_.memory();
  return {memory.count(AxiChannel::ar).waited, memory.count(AxiChannel::aw).waited, memory.count(AxiChannel::w).waited};
}

void EngineRun::expect_no_error() {
  const GemmError error = driver_.error();
  check(error.code == 0 && error.operand == 0 && error.entry == 0 && error.row == 0 && error.group == 0,
        "ERROR after a job without one",
        fmt::format("code {}, operand {}, entry {}, row {}, group {}", error.code, error.operand, error.entry,
                    error.row, error.group));
}

GemmCycles EngineRun::modelled(const Job& job) {
  const int bandwidth = plan_.bandwidth == 0 ? driver_.memory().data_bytes() : plan_.bandwidth;
  return gemm_cycles(driver_.preset(), job.placed->job(), {.latency = plan_.latency, .bandwidth = bandwidth});
}

void EngineRun::expect_count(const char* name, std::int64_t counted, std::int64_t model) {
  check(counted == model, fmt::format("counter of {}", name).c_str(),
        fmt::format("the counter of {} says {}, not {}", name, counted, model));
}

void EngineRun::expect_work(const GemmCycles& counted, const GemmCycles& model) {
  expect_count("steps", counted.steps, model.steps);
  expect_count("lanes", counted.lanes, model.lanes);
  expect_count("bytes read", counted.bytes_read, model.bytes_read);
  expect_count("bytes written", counted.bytes_written, model.bytes_written);
  expect_count("beats read", counted.beats_read, model.beats_read);
  expect_count("beats written", counted.beats_written, model.beats_written);
}

void EngineRun::expect_counters(const Job& job) {
  const GemmCycles model = modelled(job);
  const GemmCounters counters = driver_.counters();
  const GemmCycles& counted = counters.cycles;
  expect_work(counted, model);
  const auto& s = counted.stalls;
  const std::array<std::int64_t, 3> held = waits();
  expect_count("AR held", counters.held_ar, held[0] - waits_before_[0]);
  expect_count("AW held", counters.held_aw, held[1] - waits_before_[1]);
  expect_count("W held", counted.held_w, held[2] - waits_before_[2]);
  if (unstalled()) {
    expect_count("cycles", counted.cycles, model.cycles);
    expect_count("start", s.start, model.stalls.start);
    expect_count("A", s.a, model.stalls.a);
    expect_count("metadata", s.metadata, model.stalls.metadata);
    expect_count("B", s.b, model.stalls.b);
    expect_count("C", s.c, model.stalls.c);
    expect_count("D", s.d, model.stalls.d);
    expect_count("chain", s.chain, model.stalls.chain);
    expect_count("drain", s.drain, model.stalls.drain);
  }
  check(counted.cycles >= model.cycles, "fewer cycles than the model",
        fmt::format("{} cycles, model {}", counted.cycles, model.cycles));
  check(counted.cycles == counted.steps + s.start + s.a + s.metadata + s.b + s.c + s.d + s.chain + s.drain,
        "stalls and steps are not the cycles", fmt::format("{} cycles", counted.cycles));
}

void EngineRun::expect_metadata(const Job& job) {
  const GemmMetadata seen = driver_.metadata();
  check(seen.count == job.illegal, "count of illegal metadata",
        fmt::format("{} counted, {} there", seen.count, job.illegal));
  if (job.illegal == 0) {
    check(seen.entry == 0 && seen.row == 0 && seen.group == 0, "position of no illegal metadata",
          fmt::format("entry {}, row {}, group {}", seen.entry, seen.row, seen.group));
    return;
  }
  const GemmProblem& p = job.gemm->problem();
  const MetadataRule rule = metadata_rule(job.registers.format);
  const GroupPosition first = *first_illegal_metadata(p.a_format, rule, *p.metadata);
  check(seen.entry == first.batch && seen.row == first.row && seen.group == first.group, "position of illegal metadata",
        fmt::format("entry {}, row {}, group {}; the first is entry {}, row {}, group {}", seen.entry, seen.row,
                    seen.group, first.batch, first.row, first.group));
}

/// Windows are made of whole beats.
AxiWindow EngineRun::whole_beats(AxiWindow window) {
  const auto beat = static_cast<std::uint64_t>(driver_.memory().data_bytes());
  return window.base > window.limit ? AxiWindow{} : AxiWindow{window.base / beat * beat, window.limit | (beat - 1)};
}

/// A window that ends before some row that the job reads or writes, or begins behind it.
AxiWindow EngineRun::window_without_a_row(const GemmTimingJob& job, bool read) {
  struct Rows {
    const GemmOperand* operand;
    std::int64_t rows, bytes;
  };
  const GemmRowBytes bytes = gemm_row_bytes(job);
  std::vector<Rows> all;
  if (read) {
    all = {{&job.a, job.m, bytes.a}, {&job.b, job.k, bytes.b}};
    if (job.sparse) all.push_back({&job.e, job.m, bytes.e});
    if (job.has_c) all.push_back({&job.c, job.m, bytes.c});
  } else {
    all = {{&job.d, job.m, bytes.d}};
  }
  const Rows& hit = all[random_() % all.size()];
  const auto any = [&](std::int64_t below) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(below));
  };
  const std::int64_t entry = any(hit.operand->stride == 0 ? 1 : job.batch);
  const std::uint64_t row = hit.operand->row_address(entry, any(hit.rows));
  const AxiWindow beats = whole_beats({row, row + static_cast<std::uint64_t>(hit.bytes - 1)});
  // Right beside it, or some way off.
  const auto beat = static_cast<std::uint64_t>(driver_.memory().data_bytes());
  const std::uint64_t gap = random_() % 2 == 0 ? 0 : (random_() >> random_() % 64) / beat * beat;
  if (random_() % 2 == 0) return {0, beats.base - 1 - std::min(gap, beats.base - beat)};
  const std::uint64_t behind = ~beats.limit;
  return {beats.limit + 1 + std::min(gap, behind - std::min(behind, beat)), ~std::uint64_t{0}};
}

/// Writes what can be written, with any bytes, and reads all of it back.
void EngineRun::check_register_file() {
  const auto parameters = driver_.preset().gemm_rtl();
  for (const reg::Register& r : reg::kRegisters) {
    if (r.access != reg::Access::ro || r.offset >= reg::kCtrl) continue;  // identity and capabilities
    const auto parameter =
        std::ranges::find(parameters, r.parameter, [](const auto& p) { return std::string_view(p.first); });
    const std::uint32_t expected =
        parameter == parameters.end() ? r.reset : static_cast<std::uint32_t>(parameter->second);
    std::uint32_t read = 0;
    check(driver_.read(r.offset, read), "read is refused", std::string(r.name));
    check(read == expected, "register does not hold what the build has",
          fmt::format("{} reads {:#x}, not {:#x}", r.name, read, expected));
  }
  for (int i = 0; i < 40; ++i) {
    const auto offset = static_cast<std::uint32_t>(random_() % 0x1000);
    if (std::ranges::find(reg::kRegisters, offset, &reg::Register::offset) != reg::kRegisters.end()) continue;
    std::uint32_t read = 0;
    check(!driver_.write(offset, static_cast<std::uint32_t>(random_())), "write to no register is taken",
          fmt::format("{:#x}", offset));
    check(!driver_.read(offset, read) && read == 0, "read of no register is taken", fmt::format("{:#x}", offset));
  }
  std::vector<std::pair<const reg::Register*, std::uint32_t>> before;
  std::vector<std::uint32_t> expected;
  for (const reg::Register& r : reg::kRegisters) {
    if (r.access != reg::Access::rw || r.offset == reg::kIrqEn) continue;
    std::uint32_t old = 0;
    check(driver_.read(r.offset, old), "read is refused", std::string(r.name));
    const auto value = static_cast<std::uint32_t>(random_());
    const unsigned strobe = 1 + static_cast<unsigned>(random_() % 15);
    const std::uint32_t bytes = strobed_bits(strobe);
    check(driver_.write(r.offset, value, strobe), "write is refused", std::string(r.name));
    before.emplace_back(&r, old);
    std::uint32_t now = ((old & ~bytes) | (value & bytes)) & r.mask;
    const auto within_beat = static_cast<std::uint32_t>(driver_.memory().data_bytes() - 1);  // windows are whole beats
    if (r.name.ends_with("_BASE_LO")) now &= ~within_beat;
    if (r.name.ends_with("_LIMIT_LO")) now |= within_beat;
    expected.push_back(now);
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto [r, old] = before[i];
    std::uint32_t read = 0;
    check(driver_.read(r->offset, read), "read is refused", std::string(r->name));
    check(read == expected[i], "register does not hold what was written",
          fmt::format("{} reads {:#x}, not {:#x}", r->name, read, expected[i]));
  }
  for (const auto& [r, old] : before) check(driver_.write(r->offset, old), "write is refused", std::string(r->name));
}

/// Writes that must be refused, writes that must change nothing of the job that runs, and reads.
void EngineRun::touch_registers() {
  const std::int64_t end = driver_.now() + plan_.at;
  while (driver_.now() < end) {
    driver_.run(static_cast<std::int64_t>(random_() % 40));
    const reg::Register& r = reg::kRegisters[random_() % reg::kRegisters.size()];
    const auto value = static_cast<std::uint32_t>(random_());
    const bool busy = driver_.status().busy;
    if (random_() % 8 == 0) {
      const std::uint32_t nowhere = 0xF00 + 4 * static_cast<std::uint32_t>(random_() % 64);
      check(!driver_.write(nowhere, value), "write to no register is taken", fmt::format("{:#x}", nowhere));
    } else if (r.access == reg::Access::ro) {
      check(!driver_.write(r.offset, value), "write to a read-only register is taken", std::string(r.name));
    } else if (r.locked && busy) {
      // The job may end between the two.
      const bool taken = driver_.write(r.offset, value);
      check(!taken || !driver_.status().busy, "write to a locked register is taken", std::string(r.name));
      if (taken) driver_.set_windows({}, {});
    } else if (r.access == reg::Access::rw && !r.locked && r.offset != reg::kIrqEn) {
      check(driver_.write(r.offset, value, 1 + static_cast<unsigned>(random_() % 15)), "write is refused",
            std::string(r.name));
    } else {
      std::uint32_t read = 0;
      check(driver_.read(r.offset, read), "read is refused", std::string(r.name));
      check((read & ~r.mask) == 0 || !r.parameter.empty(), "bits that are not there read 1", std::string(r.name));
    }
  }
}

std::vector<int> EngineRun::finish_all() {
  std::vector<int> codes;
  bool cleared = false;  // and with it the done, but not the error, of a job that ended between the look and the write
  do {
    driver_.wait(4'000'000);
    const GemmStatus status = driver_.status();
    check(status.done || cleared, "error without done", "");
    if (status.error) codes.push_back(driver_.error().code);
    driver_.clear_status(status);
    cleared = true;
  } while (driver_.status().busy);
  if (driver_.status().error) codes.push_back(driver_.error().code);  // it ended in between
  driver_.clear_status();
  return codes;
}

/// An error that comes between a look at STATUS and its being cleared is seen here, too.
std::vector<int> EngineRun::finish_both() {
  for (const std::int64_t begin = driver_.now(); driver_.status().busy; driver_.run(50)) {
    check(driver_.now() - begin < 8'000'000, "never idle", "");
  }
  std::vector<int> codes;
  if (driver_.status().error) codes.push_back(driver_.error().code);
  driver_.clear_status();
  return codes;
}

void EngineRun::start_lead() {
  for (const Job& job : lead_) {
    driver_.write_job(job.registers);
    waits_before_ = waits();
    check(driver_.start(), "start is refused", "of the job before");
    if (plan_.behind) return;
    check(finish_all().empty(), "error code", "of the job before");
    expect_exact(job, " of the job before");
    expect_no_error();
    expect_counters(job);
  }
}

void EngineRun::run() {
  const bool wrong = plan_.wrong != EngineWrong::nothing;
  const GemmTimingJob& first = jobs_.front().placed->job();
  start_lead();
  if (plan_.wrong == EngineWrong::wrap) {  // rows at other addresses than the job's
    driver_.checker().readable().clear();
    driver_.checker().writable().clear();
  }
  if (plan_.wrong == EngineWrong::read_window) set_windows(window_without_a_row(first, true), {});
  if (plan_.wrong == EngineWrong::write_window) set_windows({}, window_without_a_row(first, false));
  if (!wrong && jobs_.size() == 1 && plan_.event != EngineEvent::registers && random_() % 2 == 0) {
    const PlacedGemm& placed = *jobs_.front().placed;
    set_windows(whole_beats(placed.read_window()), whole_beats(placed.write_window()));
  }
  if (plan_.read_back) check_register_file();
  const auto so_far = [&](AxiChannel channel) { return driver_.memory().count(channel).handshakes; };
  const auto resp = plan_.seed % 2 == 0 ? kAxiSlverr : kAxiDecerr;
  if (plan_.event == EngineEvent::read_fault)
    driver_.memory().add_fault({.resp = resp, .index = so_far(AxiChannel::r) + plan_.at});
  if (plan_.event == EngineEvent::write_fault)
    driver_.memory().add_fault({.write = true, .resp = resp, .index = so_far(AxiChannel::aw) + plan_.at});

  std::vector<int> codes;
  const auto add = [&](const std::vector<int>& more) { codes.insert(codes.end(), more.begin(), more.end()); };
  bool alive = true;
  const std::int64_t writes_before = so_far(AxiChannel::aw);
  const GemmRegisters first_registers = spoilt(jobs_.front());
  for (std::size_t j = 0; j < jobs_.size() && alive; ++j) {
    driver_.write_job(j == 0 ? first_registers : jobs_[j].registers);
    waits_before_ = waits();
    for (const std::int64_t begin = driver_.now(); !driver_.start(); driver_.run(50)) {  // one is queued already
      check(plan_.queued && driver_.now() - begin < 4'000'000, "start is refused", fmt::format("of job {}", j));
    }
    if (j == (plan_.event == EngineEvent::late_abort ? 1U : 0U)) {
      switch (plan_.event) {
        case EngineEvent::late_abort:
          while (so_far(AxiChannel::aw) == writes_before && driver_.status().busy) driver_.run(1);
          [[fallthrough]];
        case EngineEvent::abort:
          driver_.run(plan_.at);
          check(driver_.abort(), "abort is refused", "");
          break;
        case EngineEvent::reset: {
          driver_.run(plan_.at);
          driver_.reset();
          alive = false;
          std::uint32_t word = 0;
          check(driver_.read(reg::kStatus, word) && word == 0, "STATUS after reset", fmt::format("{:#x}", word));
          check(!driver_.irq(), "interrupt after reset", "");
          break;
        }
        case EngineEvent::registers:
          touch_registers();
          break;
        default:
          break;
      }
    }
    if (!plan_.queued && alive) {
      add(j == 0 && plan_.behind ? finish_both() : finish_all());
      if (!disturbed() && codes.empty()) {
        expect_no_error();
        expect_counters(jobs_[j]);
        expect_metadata(jobs_[j]);
      }
    }
  }
  if (plan_.queued && alive) add(finish_all());

  const auto list = [&] {
    std::string text = "codes:";
    for (const int code : codes) text += fmt::format(" {}", code);
    return text;
  };
  // ERROR tells of the last job that ended: of a good one, if that ended after the one that failed and before the look.
  const auto all_are = [&](int expected) {
    return std::ranges::all_of(codes, [&](int c) { return c == expected || (c == 0 && plan_.queued); });
  };
  if (!alive) {
    // D is anything in the rows that were reached.
  } else if (wrong) {
    if (plan_.behind) expect_exact(lead_.front(), " of the job before");
    // Of two errors that are seen together one hides the other only if both jobs are wrong, and one is.
    const int expected = expected_code();
    check(codes.size() == (expected == 0 ? 0U : 1U) && all_are(expected), "error code",
          fmt::format("{}, expected {}", list(), expected));
    if (is_huge(plan_.wrong))
      expect_position_of_huge();
    else if (jobs_.size() == 1 && expected != 0)
      expect_position(first_registers, expected);
    if (expected == 0)
      expect_exact(jobs_.front(), "");
    else
      expect_partial(jobs_.front());
    for (std::size_t j = 1; j < jobs_.size(); ++j) {
      if (plan_.wrong != EngineWrong::read_window && plan_.wrong != EngineWrong::write_window)
        expect_exact(jobs_[j], "");
    }
  } else {
    const bool aborted = plan_.event == EngineEvent::abort || plan_.event == EngineEvent::late_abort;
    const int allowed = aborted                                   ? reg::kErrorCodeAbort
                        : plan_.event == EngineEvent::read_fault  ? reg::kErrorCodeRead
                        : plan_.event == EngineEvent::write_fault ? reg::kErrorCodeWrite
                                                                  : 0;
    check(codes.size() <= (allowed == 0 ? 0U : 1U) && all_are(allowed), "error code", list());
    if (jobs_.size() == 1 && !codes.empty()) expect_position(first_registers, allowed);
    // One error is of one job, and all others are whole. An abort that comes before a second start is of the first job.
    const Job* failed = nullptr;
    for (std::size_t j = 0; j < jobs_.size(); ++j) {
      const bool may_fail = !codes.empty() && (j == 0 || plan_.event != EngineEvent::abort);
      if (may_fail && failed == nullptr && jobs_[j].placed->d().data != jobs_[j].golden.data) {
        failed = &jobs_[j];
        expect_partial(*failed);
      } else {
        expect_exact(jobs_[j], "");
      }
    }
    if (jobs_.size() == 1 && codes.empty() && plan_.event != EngineEvent::registers) expect_counters(jobs_.front());
    if (codes.empty() && plan_.event != EngineEvent::registers) expect_metadata(jobs_.back());
  }
  if (alive && jobs_.size() > 1 && plan_.event != EngineEvent::registers && driver_.error().code == 0)
    expect_work(driver_.counters().cycles, modelled(jobs_.back()));

  if (disturbed()) {
    driver_.memory().clear_faults();
    set_windows({}, {});
    for (Job& job : jobs_) {
      job.placed->blank_d(std::byte{0x5A});
      job.before = job.placed->d();
      driver_.write_job(job.registers);
      waits_before_ = waits();
      check(driver_.start(), "start is refused", "at rest");
      codes = finish_all();
      check(codes.empty(), "error code afterwards", list());
      expect_exact(job, " afterwards");
      expect_no_error();
      expect_counters(job);
      expect_metadata(job);
    }
  }
  driver_.finish();
}

const char* event_name(EngineEvent event) {
  static constexpr const char* kNames[] = {"none",
                                           "abort at cycle",
                                           "abort at cycle of its writes",
                                           "reset at cycle",
                                           "fault of read beat",
                                           "fault of write burst",
                                           "register traffic for cycles"};
  return kNames[static_cast<std::size_t>(event)];
}
const char* wrong_name(EngineWrong wrong) {
  static constexpr const char* kNames[] = {"nothing", "size",        "format",       "alignment",
                                           "wrap",    "read window", "write window", "illegal metadata with stop",
                                           "huge M",  "huge batch",  "huge K",       "huge N"};
  return kNames[static_cast<std::size_t>(wrong)];
}

}  // namespace

CaseResult EngineCase::run(const CaseOptions& options) const {
  CaseResult result;
  const auto once = [&](const CaseOptions& how,
                        std::optional<std::uint64_t> watch) -> std::pair<std::optional<Broken>, std::int64_t> {
    take_assertion_failure();
    std::optional<EngineRun> run;  // none if the engine breaks a rule in its very reset
    std::optional<Broken> broken;
    try {
      run.emplace(plan_, how, watch);
      run->run();
    } catch (const Broken& b) {
      broken = b;
    } catch (const std::runtime_error& e) {
      const std::optional<AssertionFailure> assertion = take_assertion_failure();
      const std::string what = assertion ? "assertion " + assertion->name : without_numbers(e.what());
      const auto* const failure = dynamic_cast<const HardwareFailure*>(&e);
      broken = Broken{{"engine: " + what,
                       fmt::format("{}, preset {}, seed {}: {}{}", plan_.test, plan_.preset, plan_.seed, e.what(),
                                   assertion ? ": " + assertion->name + "\n  " + assertion->message : ""),
                       failure != nullptr ? failure->cycle()
                       : run              ? run->driver().now() - 1
                                          : 0,
                       {},
                       assertion ? assertion->path : ""}};
    }
    if (!run) return {broken, -1};
    result.cycles = run->driver().now();
    result.dot_products = run->dot_products();
    return {broken, run->driver().watched_cycle()};
  };
  auto [broken, unused] = once(options, {});
  if (!broken) return result;
  if (broken->address) {  // the same again, to see when that byte was written
    const auto [again, written] = once({}, broken->address);
    if (again && written >= 0) broken->failure.cycle = written;
  }
  result.failure = broken->failure;
  return result;
}

std::string EngineCase::describe() const {
  std::string text = fmt::format("spmma_gemm, preset {}, latency {}, bandwidth {}", plan_.preset, plan_.latency,
                                 plan_.bandwidth == 0 ? "full" : std::to_string(plan_.bandwidth));
  if (plan_.stall.kind != StallKind::none)
    text += fmt::format(", memory stalls {}",
                        plan_.stall.kind == StallKind::random ? fmt::format("{:.2f}", plan_.stall.p) : "in bursts");
  if (plan_.register_stall > 0) text += ", slow register bus";
  if (plan_.event != EngineEvent::none) text += fmt::format(", {} {}", event_name(plan_.event), plan_.at);
  if (plan_.wrong != EngineWrong::nothing) text += fmt::format(", wrong: {}", wrong_name(plan_.wrong));
  if (plan_.queued) text += ", queued";
  if (plan_.behind) text += ", the job before still runs";
  text += "\n";
  std::vector<EngineJob> jobs = plan_.jobs;
  if (plan_.lead) jobs.insert(jobs.begin(), *plan_.lead);
  for (const EngineJob& j : jobs) {
    text += fmt::format(
        "  {} {}: batch {}, M {}, N {}, K {}{}{}{}{}{}, seed {}\n", plan_.lead && &j == jobs.data() ? "before:" : "job",
        j.mode.name(), j.shape.batch, j.shape.m, j.shape.n, j.shape.k, j.with_c ? ", with C" : "",
        j.odd_layout ? ", odd layout" : "", j.scattered.value_or(false) ? ", scattered rows" : "",
        j.rule == MetadataRule::any ? ", any metadata" : "",
        j.illegal_nibbles > 0 ? fmt::format(", up to {} illegal nibbles", j.illegal_nibbles) : "", j.seed);
  }
  return text;
}

std::shared_ptr<const TestCase> EngineCase::shrink(int budget) const {
  const CaseResult first = run({});
  if (!first.failure) return std::make_shared<EngineCase>(*this);
  // What kind of failure, up to the first detail.
  const auto kind = [](const CaseResult& r) {
    return r.failure ? r.failure->group.substr(0, r.failure->group.find(',')) : std::string();
  };
  const std::string wanted = kind(first);
  const auto fails = [&](const EnginePlan& p) { return budget-- > 0 && kind(EngineCase(p).run({})) == wanted; };

  const auto simpler = [](const EnginePlan& p) {
    std::vector<EnginePlan> all;
    const auto with = [&](auto&& change) {
      EnginePlan next = p;
      change(next);
      all.push_back(std::move(next));
    };
    for (std::size_t j = 0; j < p.jobs.size() && p.jobs.size() > 1; ++j) {
      with([&](EnginePlan& n) { n.jobs.erase(n.jobs.begin() + static_cast<std::ptrdiff_t>(j)); });
    }
    if (p.queued) with([](EnginePlan& n) { n.queued = false; });
    if (p.behind) with([](EnginePlan& n) { n.behind = false; });
    if (p.lead && !p.behind) with([](EnginePlan& n) { n.lead.reset(); });
    if (p.read_back) with([](EnginePlan& n) { n.read_back = false; });
    if (p.event != EngineEvent::none) with([](EnginePlan& n) { n.event = EngineEvent::none; });
    if (p.wrong != EngineWrong::nothing) with([](EnginePlan& n) { n.wrong = EngineWrong::nothing; });
    if (p.stall.kind != StallKind::none) with([](EnginePlan& n) { n.stall = {}; });
    if (p.register_stall > 0) with([](EnginePlan& n) { n.register_stall = 0; });
    if (p.bandwidth != 0) with([](EnginePlan& n) { n.bandwidth = 0; });
    for (std::size_t j = 0; j < p.jobs.size(); ++j) {
      const EngineJob& job = p.jobs[j];
      for (std::int64_t GemmShape::* const field : {&GemmShape::batch, &GemmShape::m, &GemmShape::n, &GemmShape::k}) {
        if (p.wrong == EngineWrong::huge_n && field == &GemmShape::n) continue;  // whole blocks
        rc::seq::forEach(rc::shrink::towards<std::int64_t>(job.shape.*field, 1),
                         [&](std::int64_t size) { with([&](EnginePlan& n) { n.jobs[j].shape.*field = size; }); });
      }
      if (job.with_c) with([&](EnginePlan& n) { n.jobs[j].with_c = false; });
      if (job.odd_layout) with([&](EnginePlan& n) { n.jobs[j].odd_layout = false; });
      if (job.scattered.value_or(false)) with([&](EnginePlan& n) { n.jobs[j].scattered.reset(); });
      if (job.illegal_nibbles > 0) with([&](EnginePlan& n) { n.jobs[j].illegal_nibbles = 0; });
      if (job.mode.saturate) with([&](EnginePlan& n) { n.jobs[j].mode.saturate = false; });
      if (job.rule == MetadataRule::any) with([&](EnginePlan& n) { n.jobs[j].rule = MetadataRule::ordered; });
    }
    rc::seq::forEach(rc::shrink::towards(p.latency, 1),
                     [&](int latency) { with([&](EnginePlan& n) { n.latency = latency; }); });
    rc::seq::forEach(rc::shrink::towards<std::int64_t>(p.at, 0),
                     [&](std::int64_t at) { with([&](EnginePlan& n) { n.at = at; }); });
    return rc::seq::fromContainer(std::move(all));
  };
  const auto found = rc::shrinkable::findLocalMin(rc::shrinkable::shrinkRecur(plan_, simpler), fails);
  return std::make_shared<EngineCase>(found.first);
}

}  // namespace spmma::verif
