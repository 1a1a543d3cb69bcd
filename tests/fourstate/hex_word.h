// SPDX-License-Identifier: Apache-2.0
// Words for $readmemh whose digits are unknown until they are set, and the files that hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace spmma::fourstate {

/// Hexadecimal digits, X at first. Digit 0 is the word's lowest.
class HexWord {
 public:
  explicit HexWord(std::size_t digits) : digits_(digits, 'x') {}

  std::size_t size() const { return digits_.size(); }
  /// Sets `count` digits from `first` on, the lowest first. Precondition: they lie in the word.
  void put(std::size_t first, std::uint64_t value, int count);
  /// The same behind the digits so far: the word grows.
  void append(std::uint64_t value, int count);
  void append_unknown(int count) { digits_.append(static_cast<std::size_t>(count), 'x'); }
  void append(const HexWord& word) { digits_ += word.digits_; }

  /// `count` digits from `first` on as Verilog writes them, the highest first.
  std::string text(std::size_t first, std::size_t count) const;
  std::string text() const { return text(0, size()); }

 private:
  std::string digits_;  ///< lowest first
};

/// Writes a text file. Throws std::runtime_error if that fails.
void write_text(const std::filesystem::path& path, const std::string& text);
/// One word a line. Throws as write_text().
void write_words(const std::filesystem::path& path, const std::vector<HexWord>& words);

}  // namespace spmma::fourstate
