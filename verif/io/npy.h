// SPDX-License-Identifier: Apache-2.0
// NumPy's .npy files, format 1.0 and 2.0 (interfaces.md, "Files"). Version 3.0 differs only in field names, which a
// matrix has none of: it is refused, and so are big-endian elements and anything that is not a matrix.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/error.h"
#include "spmma/tensor.h"

namespace spmma::verif {

/// Element types of a matrix file, all little-endian.
enum class Dtype : std::uint8_t { i1, u1, f2, u2, f4, i4, u4 };

int bytes(Dtype t);
std::string_view name(Dtype t);  ///< NumPy's name: "int8", "float16", ...

/// A matrix (2-D) or a batch of them (3-D, leading batch axis) and the type its file gave it.
struct Npy {
  Dtype dtype = Dtype::u1;
  Tensor tensor;
};

/// Bytes of batch x rows x cols elements. Throws InputError if a product of the sizes overflows (empty axes counted as
/// one, so that no partial product can) or if there is no such memory in this machine.
std::size_t checked_bytes(std::int64_t batch, std::int64_t rows, std::int64_t cols, int elem_bytes);

/// Reads a whole .npy file's contents; C and Fortran order. Throws InputError, whose message does not name a file.
Npy parse_npy(std::vector<std::byte> file);

/// Reads a file, a pipe or a device. Throws InputError("FILE: what is wrong"). Never reads more than the header
/// promises.
Npy read_npy(const std::string& path);

/// The contents of a version 1.0 file up to the data: what numpy.save() writes for a C-ordered array.
std::string npy_header(const Tensor& tensor, Dtype dtype);

}  // namespace spmma::verif
