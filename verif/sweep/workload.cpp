// SPDX-License-Identifier: Apache-2.0
#include "sweep/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>

#include "digits/network.h"
#include "io/error.h"
#include "spmma/sparse.h"

namespace spmma::sweep {
namespace {

using verif::InputError;

std::int64_t size_number(const std::string& whole, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw InputError(fmt::format("--gemm: '{}' is not MxNxK or NAME=MxNxK", whole));
  }
  return value;
}

/// Bits of a value near 1 (of integers any): a sign, an exponent of the eight below 1, any significand. The low bits
/// that TF32 does not have are left 0.
std::uint32_t near_one(Format format, std::mt19937_64& random) {
  const auto bits = static_cast<std::uint32_t>(random());
  const std::uint32_t below = bits >> 28 & 7;
  const std::uint32_t sign = bits >> 31;
  switch (format) {
    case Format::int8:
    case Format::uint8:
      return bits & 0xFF;
    case Format::fp16:
      return sign << 15 | (15 - below) << 10 | (bits & 0x3FF);
    case Format::bf16:
      return sign << 15 | (127 - below) << 7 | (bits & 0x7F);
    case Format::tf32:
      return sign << 31 | (127 - below) << 23 | (bits & 0x3FF) << 13;
    case Format::e4m3:
      return sign << 7 | (7 - std::min(below, 6U)) << 3 | (bits & 7);
    case Format::e5m2:
      return sign << 7 | (15 - below) << 2 | (bits & 3);
  }
  throw std::logic_error("no such format");
}

Tensor random_matrix(Format format, std::int64_t rows, std::int64_t cols, std::mt19937_64& random) {
  Tensor t(rows, cols, storage_bytes(format));
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < cols; ++c) t.set(0, r, c, near_one(format, random));
  return t;
}

/// Whether a workload's GEMM of K = k runs on the core in a format and a way.
bool runs(const Workload& workload, const CoreParams& core, Format format, bool sparse, std::int64_t k) {
  if (!core.has(format)) return false;
  return sparse ? workload.sparse && core.sparse && k % group_size(format) == 0 : workload.dense;
}

/// The same of a digit network: its K are multiples of every group's size.
bool runs(const Workload& workload, const CoreParams& core, Format weights, bool sparse) {
  return core.has(verif::activation_format(weights)) && runs(workload, core, weights, sparse, 0);
}

constexpr std::array kNetworks = {Format::fp16, Format::int8};

void run_sizes(const Workload& workload, const CoreParams& core,
               const std::function<Tensor(const WorkloadCase&)>& run) {
  for (const GemmSize& size : workload.sizes) {
    for (const Format format : kFormats) {
      if (!core.has(format)) continue;
      // The same operands on every point, whatever else it computes.
      std::mt19937_64 random(1 + static_cast<std::uint64_t>(format));
      const Tensor a = random_matrix(format, size.m, size.k, random);
      const Tensor b = random_matrix(format, size.k, size.n, random);
      GemmProblem problem{.arith = core.arith(), .a_format = format, .b_format = format, .acc = default_acc(format)};
      problem.b = &b;
      if (runs(workload, core, format, false, size.k)) {
        problem.a = &a;
        run({size.name, &problem});
      }
      if (runs(workload, core, format, true, size.k)) {
        const Compressed compressed = compress(format, prune(format, a));
        problem.sparse = true;
        problem.a = &compressed.values;
        problem.metadata = &compressed.metadata;
        run({size.name, &problem});
      }
    }
  }
}

void run_digits(const Workload& workload, const CoreParams& core,
                const std::function<Tensor(const WorkloadCase&)>& run) {
  const std::optional<std::int64_t> count = workload.digits > 0 ? std::optional(workload.digits) : std::nullopt;
  const verif::Digits digits = verif::load_digits(workload.data, count);
  for (const Format format : kNetworks) {
    for (const bool sparse : {false, true}) {
      if (!runs(workload, core, format, sparse)) continue;
      const verif::Network network = verif::load_network(workload.data, format, sparse);
      Tensor operand = network.input(digits.images);
      for (int layer = 0; layer < verif::kLayers; ++layer) {
        const GemmProblem problem = network.problem(core.arith(), layer, operand);
        const Tensor d = run({fmt::format("layer {}", layer + 1), &problem});
        if (layer + 1 < verif::kLayers) operand = network.activate(layer, d);
      }
    }
  }
}

}  // namespace

GemmSize parse_size(const std::string& text) {
  GemmSize size;
  std::string_view rest = text;
  if (const std::size_t equals = rest.find('='); equals != std::string_view::npos) {
    size.name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
  }
  for (std::int64_t GemmSize::* field : {&GemmSize::m, &GemmSize::n, &GemmSize::k}) {
    const std::size_t end = rest.find('x');
    const bool last = field == &GemmSize::k;
    if ((end == std::string_view::npos) != last) {
      throw InputError(fmt::format("--gemm: '{}' is not MxNxK or NAME=MxNxK", text));
    }
    size.*field = size_number(text, rest.substr(0, end));
    if (!last) rest.remove_prefix(end + 1);
  }
  if (size.name.empty()) size.name = fmt::format("{}x{}x{}", size.m, size.n, size.k);
  check_size(size, "--gemm " + text);
  return size;
}

void check_size(const GemmSize& size, const std::string& where) {
  for (const std::int64_t value : {size.m, size.n, size.k}) {
    if (value < 1 || value > kMostSize) {
      throw InputError(fmt::format("{}: {} is not a size from 1 to {}", where, value, kMostSize));
    }
  }
  if (size.m * size.n > kMostMacs / size.k) {
    throw InputError(fmt::format("{}: more than {} multiply-accumulates", where, kMostMacs));
  }
}

nlohmann::ordered_json to_json(const Workload& w) {
  nlohmann::ordered_json json = {{"name", w.name}, {"dense", w.dense}, {"sparse", w.sparse}};
  if (w.sizes.empty()) {
    json["digits"] = w.digits;
    json["data"] = w.data;
    json["data_hash"] = w.data_hash;
    return json;
  }
  json["sizes"] = nlohmann::ordered_json::array();
  for (const GemmSize& s : w.sizes) json["sizes"].push_back({{"name", s.name}, {"m", s.m}, {"n", s.n}, {"k", s.k}});
  return json;
}

Workload workload_from_json(const nlohmann::ordered_json& json) {
  Workload w{.name = json.at("name"), .dense = json.at("dense"), .sparse = json.at("sparse")};
  if (json.contains("sizes")) {
    for (const auto& s : json.at("sizes")) {
      w.sizes.push_back({.name = s.at("name"), .m = s.at("m"), .n = s.at("n"), .k = s.at("k")});
    }
    return w;
  }
  w.digits = json.at("digits");
  w.data = json.at("data");
  w.data_hash = json.at("data_hash");
  return w;
}

std::optional<std::string> not_runnable(const Workload& workload, const CoreParams& core) {
  for (const bool sparse : {false, true}) {
    if (workload.sizes.empty()) {
      if (std::ranges::any_of(kNetworks, [&](Format f) { return runs(workload, core, f, sparse); }))
        return std::nullopt;
    }
    for (const GemmSize& size : workload.sizes) {
      if (std::ranges::any_of(kFormats, [&](Format f) { return runs(workload, core, f, sparse, size.k); })) {
        return std::nullopt;
      }
    }
  }
  const char* const ways = !workload.dense ? ", as 2:4" : !workload.sparse ? ", as dense ones" : "";
  return workload.sizes.empty() ? fmt::format("it runs none of the digit networks (fp16, or int8 and uint8{})", ways)
                                : fmt::format("it runs none of the GEMMs in its formats{}", ways);
}

void run_workload(const Workload& workload, const CoreParams& core,
                  const std::function<Tensor(const WorkloadCase&)>& run) {
  if (workload.sizes.empty()) {
    run_digits(workload, core, run);
  } else {
    run_sizes(workload, core, run);
  }
}

}  // namespace spmma::sweep
