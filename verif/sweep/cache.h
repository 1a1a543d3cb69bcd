// SPDX-License-Identifier: Apache-2.0
// Files by the content that they were made of.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace spmma::sweep {

/// A folder of files, each written beside its name and renamed when it is whole: many processes may share it, and what
/// is there is complete.
class Cache {
 public:
  explicit Cache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Where the entry `key` of a kind lies ("model", ".so"), whether or not it is there.
  std::filesystem::path path(const std::string& kind, const std::string& key, const std::string& extension) const;

  std::optional<std::string> read(const std::string& kind, const std::string& key, const std::string& extension) const;
  /// Throws verif::InputError("FILE: what is wrong"), as where the disk is full; then there is no such entry.
  void write(const std::string& kind, const std::string& key, const std::string& extension,
             const std::string& contents) const;
  /// Moves a file of work_folder() into the cache. Throws as write() does.
  void adopt(const std::filesystem::path& file, const std::filesystem::path& entry) const;

  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

/// A new folder within the cache's, removed with all that is in it on destruction.
class WorkFolder {
 public:
  /// Throws verif::InputError("FOLDER: what is wrong").
  explicit WorkFolder(const Cache& cache);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace spmma::sweep
