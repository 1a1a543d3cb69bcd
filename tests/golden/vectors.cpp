// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

#include <fmt/format.h>

#include <fstream>
#include <regex>
#include <stdexcept>

namespace spmma::test {
namespace {

/// The parameter sets of numerics.md section 1 that a set was made for. Integers do not depend on F.
std::vector<Arith> ariths_of(const std::string& arch) {
  if (arch == "A100") return {{16, 24}};
  if (arch == "H100") return {{32, 25}};
  if (arch == "A100+H100") return {{16, 24}, {32, 25}};
  throw std::runtime_error("unknown architecture " + arch);
}

}  // namespace

nlohmann::json read_json(const std::string& path) {
  std::ifstream file(std::string(SPMMA_TEST_DATA "/") + path);
  if (!file) throw std::runtime_error("cannot open " + path);
  return nlohmann::json::parse(file);
}

std::vector<VectorSet> vector_sets() {
  std::vector<VectorSet> sets;
  for (const auto& entry : read_json("vectors/index.json"))
    sets.push_back({entry.at("name"), parse_format(entry.at("a").get<std::string>()).value(),
                    parse_format(entry.at("b").get<std::string>()).value(),
                    parse_acc(entry.at("acc").get<std::string>()).value(), entry.at("sparse"), entry.at("saturate"),
                    ariths_of(entry.at("arch"))});
  return sets;
}

Tensor read_vectors(const std::string& set, char array) {
  const std::string path = fmt::format("{}/vectors/{}/{}.npy", SPMMA_TEST_DATA, set, array);
  std::ifstream file(path, std::ios::binary);
  char magic[8] = {};
  std::uint8_t length[2] = {};
  file.read(magic, sizeof magic);
  file.read(reinterpret_cast<char*>(length), sizeof length);
  std::string header(static_cast<std::size_t>(length[0] | length[1] << 8), ' ');
  file.read(header.data(), static_cast<std::streamsize>(header.size()));
  static const std::regex kHeader(
      R"(\{'descr': '[|<]u([124])', 'fortran_order': False, 'shape': \((\d+), (\d+), (\d+)\), \}\s*)");
  std::smatch m;
  if (!file || std::string(magic, 8) != std::string("\x93NUMPY\x01\x00", 8) || !std::regex_match(header, m, kHeader))
    throw std::runtime_error(path + " is not a 3-D array of unsigned integers");
  Tensor t(std::stoll(m[3]), std::stoll(m[4]), std::stoi(m[1]), std::stoll(m[2]), true);
  file.read(reinterpret_cast<char*>(t.data.data()), static_cast<std::streamsize>(t.data.size()));
  if (!file || file.peek() != std::ifstream::traits_type::eof()) throw std::runtime_error(path + " has another size");
  return t;
}

}  // namespace spmma::test
