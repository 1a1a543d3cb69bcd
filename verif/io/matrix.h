// SPDX-License-Identifier: Apache-2.0
// Which NumPy types hold which format (interfaces.md, "Files").
#pragma once

#include <string>

#include "io/npy.h"
#include "spmma/format.h"

namespace spmma::verif {

/// Reads an operand of format `f` / an accumulator matrix. Throws InputError("FILE: what is wrong") where the file
/// cannot be read or its element type is not one that holds the format.
Npy read_matrix(const std::string& path, Format f);
Npy read_matrix(const std::string& path, Acc acc);
/// Reads metadata, uint8. What its nibbles mean is not looked at.
Tensor read_metadata(const std::string& path);

/// The type that a result is written with: the accumulator's own, or unsigned bits where `raw`.
Dtype result_dtype(Acc acc, bool raw);

}  // namespace spmma::verif
