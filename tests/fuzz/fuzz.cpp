// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

namespace spmma::fuzz {

ScratchFile::ScratchFile(std::span<const std::byte> contents)
    : fd_(::memfd_create("spmma-fuzz", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(fd_)) {
  const ssize_t size = static_cast<ssize_t>(contents.size());
  if (fd_ < 0 || ::write(fd_, contents.data(), contents.size()) != size) {
    std::perror("spmma-fuzz");
    std::exit(1);  // no finding
  }
}

ScratchFile::ScratchFile(std::string_view contents) : ScratchFile(std::as_bytes(std::span(contents))) {}

ScratchFile::~ScratchFile() { ::close(fd_); }

}  // namespace spmma::fuzz
