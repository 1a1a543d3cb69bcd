// SPDX-License-Identifier: Apache-2.0
// The digit network (docs/digits.md): its files, and what the host does around the matrix unit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spmma/format.h"
#include "spmma/gemm.h"
#include "spmma/tensor.h"

namespace spmma::verif {

inline constexpr int kLayers = 3;

/// The held-out digits.
struct Digits {
  Tensor images;                     ///< uint8, 64 x digits, pixels 0 to 16
  std::vector<std::uint8_t> labels;  ///< one for each digit
};

/// Reads images.npy and labels.npy of folder `data`, with `count` only the first so many digits. Throws
/// InputError("FILE: what is wrong"), or InputError("--digits N: ...") where there are not so many.
Digits load_digits(const std::string& data, std::optional<std::int64_t> count = {});

/// Keeps the first `count` columns. Precondition: 0 <= count <= t.cols.
Tensor first_columns(const Tensor& t, std::int64_t count);

/// y = D * scale + bias, each row with its own; the next layer's operand is y after ReLU.
struct Layer {
  Tensor weight;    ///< outputs x inputs, dense even where it is 2:4
  Tensor values;    ///< sparse network only: `weight` compressed
  Tensor metadata;  ///< sparse network only
  std::vector<float> scale;
  std::vector<float> bias;
};

/// B's format for weights of `format`: after ReLU nothing is negative, so int8 weights meet uint8 activations.
constexpr Format activation_format(Format format) { return format == Format::int8 ? Format::uint8 : format; }

/// One network in one kind of arithmetic: int8 (sums s32) or fp16 (sums f32).
struct Network {
  Format format = Format::fp16;
  bool sparse = false;
  std::vector<Layer> layers;

  /// The first layer's operand: pixels as they are (int8), or divided by 16.
  Tensor input(const Tensor& images) const;
  /// The GEMM of one layer, referring to this network and to `activations`.
  GemmProblem problem(const Arith& arith, int layer, const Tensor& activations) const;
  /// The next layer's operand from a layer's D: scale, bias, ReLU, and one rounding (int8: clamped to 0..255).
  Tensor activate(int layer, const Tensor& d) const;
  /// The digit that each column of the last layer's D stands for; of equal logits the lower digit's counts.
  std::vector<std::uint8_t> classify(const Tensor& d) const;
};

/// Reads a network of folder `data`. Throws InputError("FILE: what is wrong") where a file cannot be read, sizes do not
/// fit together or a sparse network's weights are not 2:4.
Network load_network(const std::string& data, Format format, bool sparse);

/// What the network says in FP32 on the host, without the matrix unit.
std::vector<std::uint8_t> classify_fp32(const std::string& data, bool sparse, const Tensor& images);

}  // namespace spmma::verif
