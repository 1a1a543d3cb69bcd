// SPDX-License-Identifier: Apache-2.0
// Output files that are whole or absent: written beside their name, then renamed.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/error.h"
#include "io/npy.h"

namespace spmma::verif {

/// Promises to remove the file of this name, whether or not it comes to be: on destruction, and also where a signal
/// ends the program (remove_uncommitted_on_signal()).
class TemporaryName {
 public:
  explicit TemporaryName(std::string path);
  ~TemporaryName();
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int slot_;  ///< of the signal handler's table
};

/// Opened before the work starts, so that an unwritable name is found at once. What was not committed is removed, also
/// where a signal ends the program. Devices, pipes and the standard streams are written directly.
/// Every member that can fail throws InputError("FILE: what is wrong").
class OutputFile {
 public:
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  void write_npy(const Tensor& tensor, Dtype dtype);
  /// Closes the file and gives it its name.
  void commit();

  /// What to open for another writer of the file, such as a waveform's; it has the name's own extension.
  const std::string& staged_path() const { return temporary_ ? temporary_->path() : target_; }
  /// True if it is written directly: a device, a pipe, a standard stream.
  bool is_direct() const { return !temporary_; }
  /// True if it is what standard output is: then nothing else belongs there.
  bool is_stdout() const;

 private:
  [[noreturn]] void fail(const std::string& what) const;

  std::string path_;                        ///< as the user wrote it
  std::string target_;                      ///< with symbolic links resolved
  std::optional<TemporaryName> temporary_;  ///< none: written directly
  int fd_ = -1;
};

/// Has SIGINT, SIGTERM and SIGHUP remove what is not committed before they end the program; a full disk or a closed
/// pipe becomes an error of write(). Call it once, early in main().
void remove_uncommitted_on_signal();

}  // namespace spmma::verif
