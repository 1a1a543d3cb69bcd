// SPDX-License-Identifier: Apache-2.0
#include "digits/network.h"

#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>

#include "io/error.h"
#include "io/matrix.h"
#include "spmma/sparse.h"

namespace spmma::verif {
namespace {

constexpr float kPixelMax = 16;

template <typename T>
using RowMajor = Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <typename T>
Eigen::Map<const RowMajor<T>> view(const Tensor& t) {
  return {reinterpret_cast<const T*>(t.entry(0)), t.rows, t.cols};
}

template <typename T>
Tensor to_tensor(const RowMajor<T>& values) {
  Tensor t(values.rows(), values.cols(), sizeof(T));
  std::memcpy(t.data.data(), values.data(), t.data.size());
  return t;
}

// In double the product of an integer sum and a scale is exact, so every machine rounds alike, with FMA or without.
RowMajor<double> outputs(const Layer& layer, const RowMajor<double>& d) {
  const auto rows = static_cast<Eigen::Index>(layer.bias.size());
  const Eigen::ArrayXd scale = Eigen::Map<const Eigen::ArrayXf>(layer.scale.data(), rows).cast<double>();
  const Eigen::ArrayXd bias = Eigen::Map<const Eigen::ArrayXf>(layer.bias.data(), rows).cast<double>();
  return (d.colwise() * scale).colwise() + bias;
}

std::vector<std::uint8_t> largest_rows(const RowMajor<double>& logits) {
  std::vector<std::uint8_t> digits;
  for (const auto& column : logits.colwise())
    digits.push_back(static_cast<std::uint8_t>(std::max_element(column.begin(), column.end()) - column.begin()));
  return digits;
}

void check_size(const std::string& path, const Tensor& t, std::int64_t rows, std::int64_t cols) {
  if (t.batched || t.rows != rows || t.cols != cols)
    throw InputError(fmt::format("{}: expected a {} x {} matrix, found {} x {}", path, rows, cols, t.rows, t.cols));
}

std::string network_folder(const std::string& data, bool sparse) { return data + (sparse ? "/sparse/" : "/dense/"); }

std::vector<float> read_column(const std::string& path, std::int64_t rows) {
  const Tensor t = read_matrix(path, Acc::f32).tensor;
  check_size(path, t, rows, 1);
  const auto column = view<float>(t);
  return {column.data(), column.data() + rows};
}

}  // namespace

Digits load_digits(const std::string& data, std::optional<std::int64_t> count) {
  const std::string labels_path = data + "/labels.npy";
  Digits digits;
  digits.images = read_matrix(data + "/images.npy", Format::uint8).tensor;
  const Tensor labels = read_matrix(labels_path, Format::uint8).tensor;
  check_size(labels_path, labels, 1, digits.images.cols);
  const auto row = view<std::uint8_t>(labels);
  digits.labels.assign(row.data(), row.data() + row.size());
  if (!count) return digits;
  if (*count < 1 || *count > digits.images.cols)
    throw InputError(fmt::format("--digits {}: 1 to {} are there", *count, digits.images.cols));
  digits.images = first_columns(digits.images, *count);
  digits.labels.resize(static_cast<std::size_t>(*count));
  return digits;
}

Tensor first_columns(const Tensor& t, std::int64_t count) {
  Tensor part(t.rows, count, t.elem_bytes);
  for (std::int64_t row = 0; row < t.rows; ++row)
    std::memcpy(part.entry(0) + row * count * t.elem_bytes, t.entry(0) + row * t.cols * t.elem_bytes,
                static_cast<std::size_t>(count * t.elem_bytes));
  return part;
}

Network load_network(const std::string& data, Format format, bool sparse) {
  const std::string folder = network_folder(data, sparse);
  const bool integer = is_integer(format);
  Network network{format, sparse, {}};
  for (int i = 1; i <= kLayers; ++i) {
    const std::string path = fmt::format("{}{}_weight{}.npy", folder, name(format), i);
    Layer layer;
    layer.weight = read_matrix(path, format).tensor;
    const std::int64_t m = layer.weight.rows;
    check_size(path, layer.weight, m, i == 1 ? layer.weight.cols : network.layers.back().weight.rows);
    if (sparse) {
      if (layer.weight.cols % group_size(format) != 0)
        throw InputError(path + ": the number of columns is not a multiple of 4");
      if (const auto bad = first_not_sparse(format, layer.weight))
        throw InputError(fmt::format("{}: row {}, group {} is not 2:4", path, bad->row, bad->group));
      Compressed compressed = compress(format, layer.weight);
      layer.values = std::move(compressed.values);
      layer.metadata = std::move(compressed.metadata);
    }
    layer.scale = integer ? read_column(fmt::format("{}int8_scale{}.npy", folder, i), m) : std::vector<float>(m, 1.0F);
    layer.bias = read_column(fmt::format("{}{}bias{}.npy", folder, integer ? "int8_" : "", i), m);
    network.layers.push_back(std::move(layer));
  }
  return network;
}

Tensor Network::input(const Tensor& images) const {
  if (format == Format::int8) return images;
  return to_tensor<Eigen::half>((view<std::uint8_t>(images).cast<float>() / kPixelMax).cast<Eigen::half>());
}

GemmProblem Network::problem(const Arith& arith, int layer, const Tensor& activations) const {
  const Layer& l = layers[static_cast<std::size_t>(layer)];
  return {.arith = arith,
          .a_format = format,
          .b_format = activation_format(format),
          .acc = default_acc(format),
          .sparse = sparse,
          .a = sparse ? &l.values : &l.weight,
          .metadata = sparse ? &l.metadata : nullptr,
          .b = &activations};
}

Tensor Network::activate(int layer, const Tensor& d) const {
  const Layer& l = layers[static_cast<std::size_t>(layer)];
  if (format == Format::int8) {
    const RowMajor<double> y = outputs(l, view<std::int32_t>(d).cast<double>());
    return to_tensor<std::uint8_t>(y.rint().cwiseMax(0).cwiseMin(255).cast<std::uint8_t>());
  }
  const RowMajor<double> y = outputs(l, view<float>(d).cast<double>());
  return to_tensor<Eigen::half>(y.cwiseMax(0).cast<float>().cast<Eigen::half>());
}

std::vector<std::uint8_t> Network::classify(const Tensor& d) const {
  const RowMajor<double> sums =
      format == Format::int8 ? RowMajor<double>(view<std::int32_t>(d).cast<double>()) : view<float>(d).cast<double>();
  return largest_rows(outputs(layers.back(), sums));
}

std::vector<std::uint8_t> classify_fp32(const std::string& data, bool sparse, const Tensor& images) {
  const std::string folder = network_folder(data, sparse);
  RowMajor<float> x = view<std::uint8_t>(images).cast<float>() / kPixelMax;
  for (int i = 1; i <= kLayers; ++i) {
    const std::string path = fmt::format("{}fp32_weight{}.npy", folder, i);
    const Tensor weight = read_matrix(path, Acc::f32).tensor;
    check_size(path, weight, weight.rows, x.rows());
    const std::vector<float> bias = read_column(fmt::format("{}bias{}.npy", folder, i), weight.rows);
    x = (view<float>(weight).matrix() * x.matrix()).array().colwise() +
        Eigen::Map<const Eigen::ArrayXf>(bias.data(), weight.rows);
    if (i < kLayers) x = x.cwiseMax(0);
  }
  return largest_rows(x.cast<double>());
}

}  // namespace spmma::verif
