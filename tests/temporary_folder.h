// SPDX-License-Identifier: Apache-2.0
// A folder for a test's files. ctest runs each case in a process of its own and several at once: a fixed name in the
// folder for temporary files would belong to all of them.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace spmma::test {

/// A new, empty folder that nobody else has; it goes with the object, and all that is in it.
class TemporaryFolder {
 public:
  /// Throws std::runtime_error if there is no place for it.
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "spmma_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Where the file of that name is, or would be.
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace spmma::test
