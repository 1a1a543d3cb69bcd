// SPDX-License-Identifier: Apache-2.0
#include "cli/job.h"

#include <fmt/format.h>

#include <utility>

#include "cli/layers.h"

namespace spmma::cli {

using verif::InputError;

namespace {

std::string format_names(const CoreParams* built = nullptr) {
  std::string names;
  for (const Format f : kFormats) {
    if (built == nullptr || built->has(f)) names += fmt::format("{}{}", names.empty() ? "" : ", ", name(f));
  }
  return names;
}

/// Two choices of a flag: true for the first.
bool first_of(const char* flag, const std::string& value, const char* first, const char* second) {
  if (value == first) return true;
  if (value == second) return false;
  throw InputError(fmt::format("{}: '{}' is neither {} nor {}", flag, value, first, second));
}

/// Everything that can be said before a file is opened.
Job check_flags(const GemmFlags& flags) {
  Job job;
  job.a_format = format_flag("--format", flags.format);
  job.b_format = flags.format_b.empty() ? job.a_format : format_flag("--format-b", flags.format_b);
  job.preset = &preset_flag(flags.preset);
  job.acc = acc_flag(flags.acc, job.a_format, job.b_format, *job.preset);
  if (flags.saturate && !is_integer(job.a_format)) {
    throw InputError(fmt::format("--saturate is for int8 and uint8, not for {}", name(job.a_format)));
  }
  job.saturate = flags.saturate;
  job.rule = metadata_flag(flags.metadata);
  job.rtl = first_of("--backend", flags.backend, "rtl", "golden");

  if (!job.preset->core.sparse) {
    const char* const flag = flags.sparse ? "--sparse" : !flags.meta.empty() ? "--meta" : flags.prune ? "--prune" : "";
    if (*flag != '\0') throw InputError(fmt::format("preset {} has no sparse support: {}", job.preset->name, flag));
  }
  if (!flags.meta.empty() && flags.dense) throw InputError("--dense does not go with --meta, which makes A sparse");
  if (!flags.meta.empty() && flags.prune) throw InputError("--prune is for a dense A, but --meta makes A compressed");

  job.engine = first_of("--unit", flags.unit, "engine", "core");
  if (!job.engine && (flags.memory_latency || flags.memory_bandwidth)) {
    throw InputError(fmt::format("{} does not go with --unit core, which has no memory",
                                 flags.memory_latency ? "--memory-latency" : "--memory-bandwidth"));
  }
  job.memory = memory_flags(*job.preset, flags.memory_latency, flags.memory_bandwidth);
  if (!(flags.stall >= 0 && flags.stall < 1)) {  // so that NaN is out, too
    throw InputError(fmt::format("--stall: {} is not a probability from 0 to below 1", flags.stall));
  }
  if (!job.rtl && flags.stall > 0) throw InputError("--stall needs --backend rtl: the golden model has no handshakes");
  if (!job.rtl && !flags.wave.empty()) throw InputError("--wave needs --backend rtl: the golden model has no signals");
  job.stall = flags.stall;
  job.seed = flags.seed;
  return job;
}

/// Equal batch sizes, or 2-D. `batch` and `from` are those of the first operand that has the axis.
class BatchCheck {
 public:
  void add(const std::string& path, const Tensor& t) {
    if (!t.batched) return;
    if (from_.empty()) {
      from_ = path;
      batch_ = t.batch;
    } else if (t.batch != batch_) {
      throw InputError(fmt::format("{}: batch size is {}, but that of {} is {}", path, t.batch, from_, batch_));
    }
  }
  std::int64_t batch() const { return batch_; }

 private:
  std::string from_;
  std::int64_t batch_ = 1;
};

}  // namespace

Format format_flag(const std::string& flag, const std::string& value) {
  const std::optional<Format> f = parse_format(value);
  if (!f) throw InputError(fmt::format("{}: '{}' is not one of {}", flag, value, format_names()));
  return *f;
}

const Preset& preset_flag(const std::string& value) {
  if (const Preset* const preset = find_preset(value)) return *preset;
  std::string names;
  for (const Preset& p : presets()) names += (names.empty() ? "" : ", ") + p.name;
  throw InputError(fmt::format("--preset: '{}' is not one of {}", value, names));
}

Acc acc_flag(const std::string& value, Format a, Format b, const Preset& preset) {
  Acc acc = default_acc(a);
  if (!value.empty()) {
    const std::optional<Acc> parsed = parse_acc(value);
    if (!parsed) throw InputError(fmt::format("--acc: '{}' is not one of s32, f32, f16", value));
    acc = *parsed;
  }
  if (!legal(a, b, acc)) {
    throw InputError(fmt::format("{} x {} -> {} is not a combination of formats that the unit computes", name(a),
                                 name(b), name(acc)));
  }
  for (const Format f : {a, b}) {
    if (preset.core.has(f)) continue;
    throw InputError(fmt::format("preset {} has no {}; it has {}", preset.name, name(f), format_names(&preset.core)));
  }
  return acc;
}

MemoryTiming memory_flags(const Preset& preset, std::optional<std::int64_t> latency,
                          std::optional<std::int64_t> bandwidth) {
  constexpr std::int64_t kMaxLatency = 10000;  // interfaces.md, "Memory, cycles, layouts"
  const std::int64_t width = preset.gemm.data_bytes();
  MemoryTiming memory;
  memory.bandwidth = static_cast<int>(width);
  if (latency) {
    if (*latency < 1 || *latency > kMaxLatency) {
      throw InputError(fmt::format("--memory-latency: {} is not from 1 to {}", *latency, kMaxLatency));
    }
    memory.latency = static_cast<int>(*latency);
  }
  if (bandwidth) {
    if (*bandwidth < 1 || *bandwidth > width) {
      throw InputError(fmt::format("--memory-bandwidth: {} is not from 1 to {}, the data width of preset {} in bytes",
                                   *bandwidth, width, preset.name));
    }
    memory.bandwidth = static_cast<int>(*bandwidth);
  }
  return memory;
}

MetadataRule metadata_flag(const std::string& value) {
  return first_of("--metadata", value, "ordered", "any") ? MetadataRule::ordered : MetadataRule::any;
}

std::string position_text(const GroupPosition& at, bool batched) {
  const std::string entry = batched ? fmt::format("entry {}, ", at.batch) : "";
  return fmt::format("{}row {}, group {}", entry, at.row, at.group);
}

void check_groups(const std::string& path, Format f, const Tensor& a) {
  if (a.cols % group_size(f) == 0) return;
  throw InputError(
      fmt::format("{}: K = {} is not a multiple of {}, as a sparse {} A needs", path, a.cols, group_size(f), name(f)));
}

void check_sparse(const std::string& path, Format f, const Tensor& a) {
  check_groups(path, f, a);
  if (a.data.empty()) return;
  if (const auto at = first_not_sparse(f, a)) {
    throw InputError(fmt::format("{}: {} has more than {} non-zero of {}", path, position_text(*at, a.batched),
                                 group_stored(f), group_size(f)));
  }
}

void check_metadata(const std::string& path, Format f, MetadataRule rule, const Tensor& metadata) {
  if (metadata.data.empty()) return;
  const auto at = first_illegal_metadata(f, rule, metadata);
  if (!at) return;
  const std::string where = fmt::format("{}: {}", path, position_text(*at, metadata.batched));
  const std::uint32_t value = metadata.get(at->batch, at->row, at->group);
  if (value > 0xF) throw InputError(fmt::format("{}: 0x{:02X} has bits above the nibble", where, value));
  throw InputError(fmt::format("{}: nibble 0x{:X} is not legal ({})", where, value,
                               f == Format::tf32 ? "tf32: 4 E" : "ordered: 4 8 9 C D E"));
}

std::int64_t compressed_k(const std::string& values_path, const Tensor& values, const std::string& meta_path,
                          const Tensor& metadata, Format f) {
  if (metadata.rows != values.rows) {
    throw InputError(fmt::format("{}: has {} rows, but {} has {}", meta_path, metadata.rows, values_path, values.rows));
  }
  if (values.cols % group_stored(f) != 0 || values.cols / group_stored(f) != metadata.cols) {
    throw InputError(fmt::format("{}: {} groups a row do not fit the {} values a row of {} ({} values a group)",
                                 meta_path, metadata.cols, values.cols, values_path, group_stored(f)));
  }
  std::int64_t k = 0;
  if (__builtin_mul_overflow(metadata.cols, std::int64_t{group_size(f)}, &k)) {
    throw InputError(fmt::format("{}: {} groups a row are too many", meta_path, metadata.cols));
  }
  return k;
}

GemmProblem Job::problem() const {
  GemmProblem p;
  p.arith = preset->core.arith();
  p.a_format = a_format;
  p.b_format = b_format;
  p.acc = acc;
  p.saturate = saturate;
  p.sparse = sparse;
  p.a = &a;
  p.metadata = sparse ? &metadata : nullptr;
  p.b = &b;
  p.c = c ? &*c : nullptr;
  return p;
}

verif::CoreRunOptions Job::core_options() const {
  verif::CoreRunOptions options;
  options.preset = preset->name;
  options.rule = rule;
  options.stall = stall;
  options.seed = seed;
  return options;
}

verif::EngineRunOptions Job::engine_options() const {
  verif::EngineRunOptions options;
  options.preset = preset->name;
  options.rule = rule;
  options.latency = memory.latency;
  options.bandwidth = memory.bandwidth;
  options.stall = stall;
  options.seed = seed;
  return options;
}

GemmTimingJob Job::timing_job() const {
  const GemmProblem p = problem();
  GemmTimingJob t;
  t.a_format = a_format;
  t.b_format = b_format;
  t.acc = acc;
  t.sparse = sparse;
  t.has_c = c.has_value();
  t.m = p.m();
  t.n = p.n();
  t.k = p.k();
  t.batch = p.batch();
  gemm_default_layout(t, preset->gemm.data_bytes());
  for (const auto& [operand, batched] :
       {std::pair{&t.a, a.batched}, {&t.e, metadata.batched}, {&t.b, b.batched}, {&t.c, c && c->batched}}) {
    if (!batched) operand->stride = 0;  // it serves every entry
  }
  return t;
}

Job load_job(const GemmFlags& flags, bool any_nibble) {
  Job job = check_flags(flags);
  const Format f = job.a_format;

  job.a = verif::read_matrix(flags.a, f).tensor;
  std::int64_t k = job.a.cols;
  BatchCheck batch;
  batch.add(flags.a, job.a);
  if (!flags.meta.empty()) {
    job.sparse = true;
    job.metadata = verif::read_metadata(flags.meta);
    batch.add(flags.meta, job.metadata);
    k = compressed_k(flags.a, job.a, flags.meta, job.metadata, f);
    // Under `any`, every nibble of a 2:4 format is legal: only bits above one are left to find.
    check_metadata(flags.meta, any_nibble ? Format::fp16 : f, any_nibble ? MetadataRule::any : job.rule, job.metadata);
  }

  job.b = verif::read_matrix(flags.b, job.b_format).tensor;
  batch.add(flags.b, job.b);
  if (job.b.rows != k) throw InputError(fmt::format("{}: has {} rows, but K of A is {}", flags.b, job.b.rows, k));
  if (!flags.c.empty()) {
    job.c = verif::read_matrix(flags.c, job.acc).tensor;
    batch.add(flags.c, *job.c);
    if (job.c->rows != job.a.rows || job.c->cols != job.b.cols) {
      throw InputError(
          fmt::format("{}: is {} x {}, but D is {} x {}", flags.c, job.c->rows, job.c->cols, job.a.rows, job.b.cols));
    }
  }
  try {
    verif::checked_bytes(batch.batch(), job.a.rows, job.b.cols, storage_bytes(job.acc));
  } catch (const InputError& e) {
    throw InputError(fmt::format("D is too large: {}", e.what()));
  }
  const bool empty = job.a.rows == 0 || job.b.cols == 0 || batch.batch() == 0;  // nothing runs
  for (const auto& [what, size] :
       {std::pair{"M", job.a.rows}, {"N", job.b.cols}, {"K", k}, {"the batch size", batch.batch()}}) {
    if (!job.engine || !job.rtl || empty || size <= kMaxSize) continue;
    throw InputError(
        fmt::format("{} is {}, but the engine's largest is {}; --unit core takes any", what, size, kMaxSize));
  }

  if (!job.sparse) {
    if (flags.prune) {
      check_groups(flags.a, f, job.a);
      if (!job.a.data.empty()) job.a = spmma::prune(f, job.a);
    }
    if (flags.sparse) check_sparse(flags.a, f, job.a);
    const bool fits = k % group_size(f) == 0 && (job.a.data.empty() || !first_not_sparse(f, job.a));
    job.sparse = !flags.dense && job.preset->core.sparse && fits;
    if (job.sparse) {
      Compressed compressed = spmma::compress(f, job.a);
      job.a = std::move(compressed.values);
      job.metadata = std::move(compressed.metadata);
    }
  }
  return job;
}

}  // namespace spmma::cli
