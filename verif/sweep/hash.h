// SPDX-License-Identifier: Apache-2.0
// SHA-256 over what a result depends on.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spmma::sweep {

class Hash {
 public:
  Hash();
  ~Hash();
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;

  /// Adds a text with its length, so that neighbours do not run into one another.
  Hash& add(std::string_view text);
  /// Adds a file's contents. Throws verif::InputError("FILE: what is wrong").
  Hash& add_file(const std::filesystem::path& path);
  /// 64 hexadecimal digits. Nothing can be added any more.
  std::string digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Over the names and contents of files, in the order given.
std::string hash_files(const std::vector<std::filesystem::path>& files);

/// Over the sources of this program that a record's figures depend on, as they were when it was built.
const char* sources_hash();

}  // namespace spmma::sweep
