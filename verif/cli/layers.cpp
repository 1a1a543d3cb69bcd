// SPDX-License-Identifier: Apache-2.0
#include "cli/layers.h"

#include <fmt/format.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/tokenizer.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "io/error.h"

namespace spmma::cli {

using verif::InputError;

namespace {

constexpr std::size_t kColumns = 4;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  try {
    for (std::string field : boost::tokenizer<boost::escaped_list_separator<char>>(line)) {
      boost::trim(field);
      fields.push_back(std::move(field));
    }
  } catch (const boost::escaped_list_error&) {
    throw InputError("a backslash stands before something else than \\, \" or n");
  }
  return fields;
}

bool is_heading(const std::vector<std::string>& fields) {
  const std::vector<std::string> heading = {"name", "m", "n", "k"};
  std::vector<std::string> lower = fields;
  for (std::string& field : lower) boost::to_lower(field);
  return lower == heading;
}

std::int64_t size_field(const char* column, const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < 0 || value > kMaxSize) {
    throw InputError(fmt::format("{} = '{}' is not a number from 0 to {}", column, text, kMaxSize));
  }
  return value;
}

Layer parse(const std::vector<std::string>& fields) {
  if (fields.size() != kColumns) {
    throw InputError(fmt::format("{} fields, but a row has four: name, M, N, K", fields.size()));
  }
  if (fields[0].empty()) throw InputError("the name is empty");
  return {fields[0], size_field("M", fields[1]), size_field("N", fields[2]), size_field("K", fields[3])};
}

}  // namespace

std::vector<Layer> read_layers(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw InputError(path + ": is a directory");
  std::ifstream file(path);
  if (!file) throw InputError(fmt::format("{}: {}", path, std::strerror(errno)));

  std::vector<Layer> layers;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    boost::trim(line);
    if (line.empty()) continue;
    try {
      const std::vector<std::string> fields = split(line);
      if (number == 1 && is_heading(fields)) continue;
      layers.push_back(parse(fields));
      layers.back().line = number;
    } catch (const InputError& e) {
      throw InputError(fmt::format("{}: line {}: {}", path, number, e.what()));
    }
  }
  if (file.bad()) throw InputError(fmt::format("{}: {}", path, std::strerror(errno)));
  if (layers.empty()) throw InputError(path + ": has no layers");
  return layers;
}

}  // namespace spmma::cli
