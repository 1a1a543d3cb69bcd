// SPDX-License-Identifier: Apache-2.0
#include "io/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "io/interrupt.h"

namespace spmma::verif {
namespace {

namespace fs = std::filesystem;

// What the signal handler removes. It may touch nothing but this, so there is no allocation and no lock.
struct Uncommitted {
  std::atomic<bool> used = false;
  std::array<char, PATH_MAX> path{};
};
std::array<Uncommitted, 8> uncommitted;
static_assert(std::atomic<bool>::is_always_lock_free);

int remember(const std::string& path) {
  for (std::size_t i = 0; i < uncommitted.size(); ++i) {
    if (uncommitted[i].used || path.size() >= PATH_MAX) continue;
    std::memcpy(uncommitted[i].path.data(), path.c_str(), path.size() + 1);
    uncommitted[i].used = true;
    return static_cast<int>(i);
  }
  return -1;
}

void forget(int slot) {
  if (slot >= 0) uncommitted[static_cast<std::size_t>(slot)].used = false;
}

extern "C" void remove_uncommitted(int signal) {
  for (const Uncommitted& u : uncommitted) {
    if (u.used) ::unlink(u.path.data());
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

/// Devices and pipes are not replaced by a file, nor is what /dev/stdout or /dev/fd/N leads to.
bool written_directly(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) return true;
  const std::string text = path.lexically_normal().string();
  return text.starts_with("/proc/") || (text.starts_with("/dev/") && fs::is_symlink(fs::symlink_status(path, ignored)));
}

}  // namespace

TemporaryName::TemporaryName(std::string path) : path_(std::move(path)), slot_(remember(path_)) {}

TemporaryName::~TemporaryName() {
  ::unlink(path_.c_str());
  forget(slot_);
}

OutputFile::OutputFile(std::string path) : path_(std::move(path)), target_(path_) {
  std::error_code error;
  if (path_.empty()) throw InputError("an output file's name is empty");
  if (fs::is_directory(path_, error)) fail("is a directory");
  if (written_directly(path_)) {
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd_ < 0) fail(fmt::format("cannot be written: {}", std::strerror(errno)));
    return;
  }

  struct stat info{};
  const bool exists = ::stat(path_.c_str(), &info) == 0;
  if (exists) {
    if (::access(path_.c_str(), W_OK) != 0) fail(fmt::format("cannot be written: {}", std::strerror(errno)));
    target_ = fs::canonical(path_, error).string();
    if (error) fail(error.message());
  }
  const fs::path target(target_);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  static std::atomic<int> serial = 0;
  temporary_.emplace(
      (folder / fmt::format(".spmma-{}-{}{}", ::getpid(), serial++, target.extension().string())).string());
  fd_ = ::open(temporary_->path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) fail(fmt::format("cannot be written: {}", std::strerror(errno)));
  if (exists) ::fchmod(fd_, info.st_mode & 0777);
}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
}

void OutputFile::fail(const std::string& what) const { throw InputError(path_ + ": " + what); }

void OutputFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(fd_, bytes.data(), bytes.size());
    if (done < 0 && errno != EINTR) fail(fmt::format("cannot be written: {}", std::strerror(errno)));
    if (done > 0) bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void OutputFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

void OutputFile::write_npy(const Tensor& tensor, Dtype dtype) {
  write(npy_header(tensor, dtype));
  write(tensor.data);
}

void OutputFile::commit() {
  const int closed = ::close(fd_);
  fd_ = -1;
  if (closed != 0) fail(fmt::format("cannot be written: {}", std::strerror(errno)));
  if (!temporary_) return;
  if (::rename(temporary_->path().c_str(), target_.c_str()) != 0) {
    fail(fmt::format("cannot be written: {}", std::strerror(errno)));
  }
}

bool OutputFile::is_stdout() const {
  struct stat mine{}, standard{};
  return fd_ >= 0 && !temporary_ && ::fstat(fd_, &mine) == 0 && ::fstat(STDOUT_FILENO, &standard) == 0 &&
         mine.st_dev == standard.st_dev && mine.st_ino == standard.st_ino;
}

void remove_uncommitted_on_signal() {
  on_interrupt(remove_uncommitted);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace spmma::verif
