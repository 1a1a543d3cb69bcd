// SPDX-License-Identifier: Apache-2.0
#include "placed_gemm.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace spmma::verif {
namespace {

constexpr std::uint64_t kLine = 4096;

std::uint64_t round_up(std::uint64_t value, std::uint64_t to) { return (value + to - 1) / to * to; }

/// Bytes from the first to the last one of a matrix.
std::uint64_t extent(const GemmOperand& operand, std::int64_t entries, std::int64_t rows, std::int64_t row_bytes) {
  if (entries == 0 || rows == 0 || row_bytes == 0) return 0;
  return static_cast<std::uint64_t>(entries - 1) * operand.stride +
         static_cast<std::uint64_t>(rows - 1) * operand.pitch + static_cast<std::uint64_t>(row_bytes);
}

GemmTimingJob timing_job(const GemmProblem& p) {
  GemmTimingJob job;
  job.a_format = p.a_format;
  job.b_format = p.b_format;
  job.acc = p.acc;
  job.sparse = p.sparse;
  job.has_c = p.c != nullptr;
  job.m = p.m();
  job.n = p.n();
  job.k = p.k();
  job.batch = p.batch();
  return job;
}

void add_rows(ByteSet& set, const GemmTimingJob& job, const GemmOperand& operand, std::int64_t rows,
              std::int64_t row_bytes) {
  set.add(operand.address, operand.pitch, operand.stride, operand.stride == 0 ? 1 : job.batch, rows, row_bytes);
}

}  // namespace

GemmLayout random_layout(const GemmProblem& p, std::mt19937_64& random) {
  const auto pick = [&](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most + 1));
  };
  const GemmTimingJob job = timing_job(p);
  const GemmRowBytes bytes = gemm_row_bytes(job);
  const auto any = [&](std::int64_t rows, std::int64_t row_bytes, int element) {
    OperandLayout layout;
    layout.offset = pick(4095 / element) * element;
    layout.pitch = row_bytes + pick(pick(1) == 0 ? 3 : 100) * element;
    layout.stride = rows * layout.pitch + pick(50) * element;
    return layout;
  };
  GemmLayout layout;
  layout.base = (random() >> pick(40)) / 2 / kLine * kLine;
  layout.a = any(job.m, bytes.a, storage_bytes(job.a_format));
  layout.e = any(job.m, bytes.e, 1);
  layout.b = any(job.k, bytes.b, storage_bytes(job.b_format));
  layout.c = any(job.m, bytes.c, storage_bytes(job.acc));
  layout.d = any(job.m, bytes.d, storage_bytes(job.acc));
  layout.c_in_place = p.c != nullptr && p.c->batched == p.batched() && pick(2) == 0;
  layout.scattered = pick(2) == 0;
  return layout;
}

PlacedGemm::PlacedGemm(AxiMemory& memory, const GemmProblem& problem, const GemmLayout& layout, std::uint64_t seed)
    : memory_(memory),
      problem_(problem),
      job_(timing_job(problem)),
      bytes_(gemm_row_bytes(job_)),
      random_(seed),
      guard_(layout.guard),
      end_(layout.base),
      scattered_(layout.scattered) {
  const auto copy_rows = [&](const Tensor& from, const GemmOperand& operand, std::int64_t row_bytes) {
    for (std::int64_t e = 0; e < (from.batched ? from.batch : 1); ++e) {
      for (std::int64_t r = 0; r < from.rows && row_bytes > 0; ++r) {
        std::memcpy(row(operand, e, r), from.entry(e) + r * row_bytes, static_cast<std::size_t>(row_bytes));
      }
    }
  };
  const Tensor& a = *problem.a;
  place(job_.a, layout.a, job_.m, bytes_.a, a.batched);
  copy_rows(a, job_.a, bytes_.a);
  if (problem.sparse) {
    const Tensor& meta = *problem.metadata;
    place(job_.e, layout.e, job_.m, bytes_.e, meta.batched);
    for (std::int64_t e = 0; e < (meta.batched ? meta.batch : 1); ++e) {
      for (std::int64_t r = 0; r < meta.rows && bytes_.e > 0; ++r) {
        std::byte* const bytes = row(job_.e, e, r);
        // Two a byte; what is left of a row's last byte stays random.
        for (std::int64_t g = 0; g < meta.cols; ++g) {
          const auto nibble = static_cast<std::byte>(meta.get(e, r, g) & 0xF);
          bytes[g / 2] =
              g % 2 == 0 ? (bytes[g / 2] & std::byte{0xF0}) | nibble : (bytes[g / 2] & std::byte{0x0F}) | nibble << 4;
        }
      }
    }
  }
  place(job_.b, layout.b, job_.k, bytes_.b, problem.b->batched);
  copy_rows(*problem.b, job_.b, bytes_.b);
  place(job_.d, layout.d, job_.m, bytes_.d, problem.batched());
  if (problem.c != nullptr) {
    if (layout.c_in_place) {
      job_.c = job_.d;
    } else {
      place(job_.c, layout.c, job_.m, bytes_.c, problem.c->batched);
    }
    copy_rows(*problem.c, job_.c, bytes_.c);
  }
}

std::byte* PlacedGemm::row(const GemmOperand& operand, std::int64_t entry, std::int64_t row) const {
  return memory_.at(operand.row_address(entry, row));
}

/// A region of random bytes.
void PlacedGemm::add_noise(std::uint64_t base, std::uint64_t bytes) {
  const std::span<std::byte> region = memory_.add_region(base, bytes);
  for (std::size_t i = 0; i < region.size(); i += sizeof(std::uint64_t)) {
    const std::uint64_t noise = random_();
    std::memcpy(region.data() + i, &noise, sizeof noise);
  }
}

/// A region with a guard of a line or more on both sides of the operand; a gap without memory follows.
void PlacedGemm::place(GemmOperand& operand, const OperandLayout& layout, std::int64_t rows, std::int64_t row_bytes,
                       bool batched) {
  const auto width = static_cast<std::uint64_t>(memory_.data_bytes());
  const std::int64_t entries = batched ? job_.batch : 1;
  if (scattered_ && rows > 0 && row_bytes > 0 && entries * rows <= kScatteredRows &&
      scatter(operand, rows, row_bytes, batched)) {
    return;
  }
  const std::uint64_t before = kLine + static_cast<std::uint64_t>(layout.offset);
  operand.pitch = layout.pitch != 0 ? static_cast<std::uint64_t>(layout.pitch)
                                    : round_up(static_cast<std::uint64_t>(row_bytes), width);
  operand.stride = !batched             ? 0
                   : layout.stride >= 0 ? static_cast<std::uint64_t>(layout.stride)
                                        : static_cast<std::uint64_t>(rows) * operand.pitch;
  const std::uint64_t size = round_up(before + extent(operand, entries, rows, row_bytes), kLine) + guard_;
  while (!memory_.is_free(end_, size)) end_ += size;  // a scattered row lies there
  operand.address = end_ + before;
  add_noise(end_, size);
  end_ += size + kLine;
}

/// Every row in lines of its own, with a guard of a line on both sides. False if no place was found.
bool PlacedGemm::scatter(GemmOperand& operand, std::int64_t rows, std::int64_t row_bytes, bool batched) {
  constexpr std::uint64_t kUnit = 4;  // bytes, whole elements of every format
  const auto any = [&](int bits, std::uint64_t least) {
    const std::uint64_t value = random_() >> (64 - bits) >> (random_() % static_cast<std::uint64_t>(bits));
    return std::max(value / kUnit * kUnit, least);
  };
  const std::uint64_t row_size = round_up(static_cast<std::uint64_t>(row_bytes), kLine) + 3 * kLine;
  const std::int64_t entries = batched ? job_.batch : 1;
  for (int attempt = 0; attempt < 20; ++attempt) {
    const GemmOperand tried{
        .address = any(64, 16 * kLine), .pitch = any(32, row_size), .stride = batched ? any(64, row_size) : 0};
    // Near enough: far below the last address is as good.
    const double last = static_cast<double>(tried.address) +
                        static_cast<double>(tried.stride) * static_cast<double>(entries - 1) +
                        static_cast<double>(tried.pitch) * static_cast<double>(rows - 1);
    if (tried.pitch >= std::uint64_t{1} << 32 || last > 0x1p64 - 0x1p52) continue;
    const auto first_line = [&](std::int64_t e, std::int64_t r) {
      return tried.row_address(e, r) / kLine * kLine - kLine;
    };
    std::set<std::uint64_t> lines;
    bool free = true;
    for (std::int64_t e = 0; e < entries && free; ++e) {
      for (std::int64_t r = 0; r < rows && free; ++r) {
        const std::uint64_t line = first_line(e, r);
        const auto next = lines.lower_bound(line);
        free = memory_.is_free(line, row_size) && (next == lines.end() || *next - line >= row_size) &&
               (next == lines.begin() || line - *std::prev(next) >= row_size);
        lines.insert(line);
      }
    }
    if (!free) continue;
    for (const std::uint64_t line : lines) add_noise(line, row_size);
    operand = tried;
    return true;
  }
  return false;
}

void PlacedGemm::allow(AxiChecker& checker) const {
  add_rows(checker.readable(), job_, job_.a, job_.m, bytes_.a);
  add_rows(checker.readable(), job_, job_.e, job_.m, bytes_.e);
  add_rows(checker.readable(), job_, job_.b, job_.k, bytes_.b);
  add_rows(checker.readable(), job_, job_.c, job_.m, bytes_.c);
  add_rows(checker.writable(), job_, job_.d, job_.m, bytes_.d);
}

AxiWindow PlacedGemm::read_window() const {
  AxiWindow window{.base = ~std::uint64_t{0}, .limit = 0};
  const auto add = [&](const GemmOperand& operand, std::int64_t rows, std::int64_t row_bytes) {
    const std::uint64_t bytes = extent(operand, operand.stride == 0 ? 1 : job_.batch, rows, row_bytes);
    if (bytes == 0) return;
    window.base = std::min(window.base, operand.address);
    window.limit = std::max(window.limit, operand.address + (bytes - 1));
  };
  add(job_.a, job_.m, bytes_.a);
  add(job_.e, job_.m, bytes_.e);
  add(job_.b, job_.k, bytes_.b);
  add(job_.c, job_.m, bytes_.c);
  return window;
}

AxiWindow PlacedGemm::write_window() const {
  return {.base = job_.d.address, .limit = job_.d.address + (extent(job_.d, job_.batch, job_.m, bytes_.d) - 1)};
}

Tensor PlacedGemm::d() const {
  Tensor d(job_.m, job_.n, storage_bytes(job_.acc), job_.batch, problem_.batched());
  for (std::int64_t e = 0; e < job_.batch; ++e) {
    for (std::int64_t r = 0; r < job_.m && bytes_.d > 0; ++r) {
      std::memcpy(d.entry(e) + r * bytes_.d, row(job_.d, e, r), static_cast<std::size_t>(bytes_.d));
    }
  }
  return d;
}

void PlacedGemm::blank_d(std::byte with) {
  for (std::int64_t e = 0; e < job_.batch; ++e) {
    for (std::int64_t r = 0; r < job_.m && bytes_.d > 0; ++r) {
      std::memset(row(job_.d, e, r), std::to_integer<int>(with), static_cast<std::size_t>(bytes_.d));
    }
  }
}

std::uint64_t PlacedGemm::d_address(std::int64_t entry, std::int64_t row, std::int64_t col) const {
  return job_.d.row_address(entry, row) + static_cast<std::uint64_t>(col * storage_bytes(job_.acc));
}

}  // namespace spmma::verif
