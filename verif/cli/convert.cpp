// SPDX-License-Identifier: Apache-2.0
// prune, compress, expand: between dense, 2:4 and compressed files.
#include <fmt/format.h>

#include <filesystem>

#include "cli/job.h"
#include "cli/verbs.h"
#include "io/matrix.h"
#include "io/output_file.h"
#include "spmma/sparse.h"

namespace spmma::cli {

using verif::Dtype;
using verif::InputError;
using verif::Npy;
using verif::OutputFile;

// Matrices without elements are not handed to the model: a file may claim 2^60 rows of none.

int prune(const ConvertFlags& flags) {
  const Format f = format_flag("--format", flags.format);
  Npy a = verif::read_matrix(flags.a, f);
  check_groups(flags.a, f, a.tensor);
  OutputFile out(flags.out);
  if (!a.tensor.data.empty()) a.tensor = spmma::prune(f, a.tensor);
  out.write_npy(a.tensor, a.dtype);
  out.commit();
  return 0;
}

int compress(const ConvertFlags& flags) {
  const Format f = format_flag("--format", flags.format);
  const Npy a = verif::read_matrix(flags.a, f);
  check_sparse(flags.a, f, a.tensor);
  if (flags.values == flags.meta) throw InputError(flags.meta + ": is named for the values, too");
  OutputFile values(flags.values), metadata(flags.meta);
  const Tensor& t = a.tensor;
  const std::int64_t groups = t.cols / group_size(f);
  const Compressed parts = !t.data.empty()
                               ? spmma::compress(f, t)
                               : Compressed{Tensor(t.rows, groups * group_stored(f), t.elem_bytes, t.batch, t.batched),
                                            Tensor(t.rows, groups, 1, t.batch, t.batched)};
  values.write_npy(parts.values, a.dtype);
  metadata.write_npy(parts.metadata, Dtype::u1);
  values.commit();
  metadata.commit();
  return 0;
}

int expand(const ConvertFlags& flags) {
  const Format f = format_flag("--format", flags.format);
  const MetadataRule rule = metadata_flag(flags.metadata);
  const Npy values = verif::read_matrix(flags.values, f);
  const Tensor metadata = verif::read_metadata(flags.meta);
  const std::int64_t k = compressed_k(flags.values, values.tensor, flags.meta, metadata, f);
  check_metadata(flags.meta, f, rule, metadata);
  const Tensor& shape = values.tensor.batched ? values.tensor : metadata;
  if (metadata.batched && metadata.batch != shape.batch) {
    throw InputError(fmt::format("{}: batch size is {}, but that of {} is {}", flags.meta, metadata.batch, flags.values,
                                 shape.batch));
  }
  try {
    verif::checked_bytes(shape.batch, shape.rows, k, values.tensor.elem_bytes);
  } catch (const InputError& e) {
    throw InputError(fmt::format("A is too large: {}", e.what()));
  }
  OutputFile out(flags.out);
  Tensor a(shape.rows, k, values.tensor.elem_bytes, shape.batch, shape.batched);
  if (!a.data.empty()) a = spmma::expand(f, values.tensor, metadata);
  out.write_npy(a, values.dtype);
  out.commit();
  return 0;
}

}  // namespace spmma::cli
