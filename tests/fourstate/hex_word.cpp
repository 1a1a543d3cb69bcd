// SPDX-License-Identifier: Apache-2.0
#include "hex_word.h"

#include <fstream>
#include <stdexcept>

namespace spmma::fourstate {

void HexWord::put(std::size_t first, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) {
    digits_[first + static_cast<std::size_t>(i)] = "0123456789abcdef"[value & 0xF];
    value >>= 4;
  }
}

void HexWord::append(std::uint64_t value, int count) {
  const std::size_t first = size();
  append_unknown(count);
  put(first, value, count);
}

std::string HexWord::text(std::size_t first, std::size_t count) const {
  const std::string digits = digits_.substr(first, count);
  return {digits.rbegin(), digits.rend()};
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

void write_words(const std::filesystem::path& path, const std::vector<HexWord>& words) {
  std::string text;
  for (const HexWord& word : words) text += word.text() + '\n';
  write_text(path, text);
}

}  // namespace spmma::fourstate
