// SPDX-License-Identifier: Apache-2.0
// gemm's job from flags and matrices of every kind: refused with a message, or a problem on which the fast golden model
// and the readable one agree; and what is compressed expands to what it was.
#include "cli/job.h"

#include <list>
#include <string>

#include "fuzz.h"
#include "io/error.h"
#include "spmma/sparse.h"

namespace {

using namespace spmma;
using spmma::fuzz::Input;
using spmma::fuzz::require;
using spmma::fuzz::ScratchFile;

constexpr const char* kFormatNames[] = {"int8", "uint8", "fp16", "bf16", "tf32", "e4m3", "e5m2"};
constexpr verif::Dtype kDtypes[] = {verif::Dtype::i1, verif::Dtype::u1, verif::Dtype::f2, verif::Dtype::u2,
                                    verif::Dtype::f4, verif::Dtype::i4, verif::Dtype::u4};

struct Sizes {
  int batch, rows, cols;
};

/// A file of a matrix of these sizes, or of almost these.
std::string matrix_file(Input& in, std::list<ScratchFile>& files, Sizes size, bool metadata, int dtype) {
  if (in.number(15) == 0) size.rows = in.number(9);
  if (in.number(15) == 0) size.cols = in.number(9);
  if (in.number(15) == 0) dtype = in.number(6);
  Tensor t(size.rows, size.cols, bytes(kDtypes[dtype]), size.batch == 0 ? 1 : size.batch, size.batch != 0);
  in.fill(t.data);
  if (metadata && in.number(7) != 0) {
    constexpr std::uint8_t kOrdered[] = {0x4, 0x8, 0x9, 0xC, 0xD, 0xE};
    for (std::byte& b : t.data) b = std::byte{kOrdered[std::to_integer<unsigned>(b) % 6]};
  }
  std::string text = verif::npy_header(t, kDtypes[dtype]);
  text.append(reinterpret_cast<const char*>(t.data.data()), t.data.size());
  return files.emplace_back(std::string_view(text)).path();
}

void check_sparse_tools(Format f, const Tensor& values, const Tensor& metadata) {
  const Tensor dense = expand(f, values, metadata);
  if (first_not_sparse(f, dense)) return;  // never: `any` nibbles store two of four as well
  const Compressed c = compress(f, dense);
  require(!first_illegal_metadata(f, MetadataRule::ordered, c.metadata), "compressing makes illegal metadata");
  const Tensor again = expand(f, c.values, c.metadata);
  for (std::int64_t entry = 0; entry < dense.batch; ++entry) {
    for (std::int64_t row = 0; row < dense.rows; ++row) {
      for (std::int64_t col = 0; col < dense.cols; ++col) {
        const std::uint32_t before = dense.get(entry, row, col);
        require(again.get(entry, row, col) == (is_zero(f, before) ? 0 : before),
                "expanding what was compressed differs");
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input in(data, size);
  cli::GemmFlags flags;
  flags.backend = "golden";
  const int a_format = in.number(6), b_format = in.number(7) == 0 ? in.number(6) : a_format;
  flags.format = kFormatNames[a_format];
  if (b_format != a_format || in.flag()) flags.format_b = kFormatNames[b_format];
  flags.acc = in.one_of<std::string>({"", "", "s32", "f32", "f16"});
  flags.preset = in.one_of<std::string>({"hopper", "small", "tiny", "ampere", "turing", "volta"});
  flags.metadata = in.one_of<std::string>({"ordered", "any"});
  flags.unit = in.one_of<std::string>({"engine", "core"});
  flags.dense = in.number(7) == 0;
  flags.sparse = !flags.dense && in.number(3) == 0;
  flags.prune = in.number(3) == 0;
  flags.saturate = in.number(3) == 0;
  const bool compressed = in.number(2) == 0;

  std::list<ScratchFile> files;
  const Sizes sizes{in.number(9) == 0 ? in.number(3) : 0, in.number(6), 0};
  const int group = a_format == 4 ? 2 : 4;
  const int k = in.number(7) == 0 ? in.number(67) : group * in.number(16), n = in.number(6);
  constexpr int kDtypeOf[] = {0, 1, 3, 3, 6, 1, 1};  // raw bits
  const bool any_nibble = in.number(7) == 0;
  flags.a = matrix_file(in, files, {sizes.batch, sizes.rows, compressed ? k / 2 : k}, false, kDtypeOf[a_format]);
  if (compressed) flags.meta = matrix_file(in, files, {sizes.batch, sizes.rows, k / group}, true, 1);
  flags.b = matrix_file(in, files, {in.number(3) == 0 ? sizes.batch : 0, k, n}, false, kDtypeOf[b_format]);
  if (in.flag()) {
    const int dtype = flags.acc == "f16" ? 3 : 6;
    flags.c = matrix_file(in, files, {in.flag() ? sizes.batch : 0, sizes.rows, n}, false, dtype);
  }

  try {
    const cli::Job job = cli::load_job(flags, any_nibble);
    const GemmProblem problem = job.problem();
    require(problem.k() == problem.b->rows && problem.m() == job.a.rows, "sizes that do not fit");
    require(legal(job.a_format, job.b_format, job.acc), "an illegal combination of formats");
    require(!job.sparse || job.metadata.rows == job.a.rows, "metadata of another size");
    if (job.sparse && !job.a.data.empty()) check_sparse_tools(job.a_format, job.a, job.metadata);
    if (problem.m() == 0 || problem.n() == 0 || problem.batch() == 0) return 0;
    require(gemm_fast(problem).data == gemm_reference(problem).data, "the fast golden model differs");
  } catch (const verif::InputError& e) {
    require(*e.what() != '\0', "an error without a message");
  }
  return 0;
}
