// SPDX-License-Identifier: Apache-2.0
#include "io/matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace spmma::verif {
namespace {

/// The format's own NumPy type first, where there is one.
std::vector<Dtype> types_of(Format f) {
  switch (f) {
    case Format::int8:
      return {Dtype::i1};
    case Format::uint8:
    case Format::e4m3:
    case Format::e5m2:
      return {Dtype::u1};
    case Format::fp16:
      return {Dtype::f2, Dtype::u2};
    case Format::bf16:
      return {Dtype::u2};
    case Format::tf32:
      return {Dtype::f4, Dtype::u4};
  }
  return {};
}

std::vector<Dtype> types_of(Acc acc) {
  switch (acc) {
    case Acc::s32:
      return {Dtype::i4, Dtype::u4};
    case Acc::f32:
      return {Dtype::f4, Dtype::u4};
    case Acc::f16:
      return {Dtype::f2, Dtype::u2};
  }
  return {};
}

Npy read_as(const std::string& path, std::string_view what, const std::vector<Dtype>& types) {
  Npy npy = read_npy(path);
  if (std::find(types.begin(), types.end(), npy.dtype) != types.end()) return npy;
  std::string expected(name(types[0]));
  if (types.size() > 1) expected += fmt::format(" or {}", name(types[1]));
  throw InputError(fmt::format("{}: elements are {}, but {} is given as {}", path, name(npy.dtype), what, expected));
}

}  // namespace

Npy read_matrix(const std::string& path, Format f) { return read_as(path, name(f), types_of(f)); }
Npy read_matrix(const std::string& path, Acc acc) { return read_as(path, name(acc), types_of(acc)); }
Tensor read_metadata(const std::string& path) { return read_as(path, "metadata", {Dtype::u1}).tensor; }

Dtype result_dtype(Acc acc, bool raw) {
  const std::vector<Dtype> types = types_of(acc);
  return raw ? types[1] : types[0];
}

}  // namespace spmma::verif
