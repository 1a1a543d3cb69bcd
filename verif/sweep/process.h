// SPDX-License-Identifier: Apache-2.0
// Programs that a point needs, with their output kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace spmma::sweep {

struct ProcessResult {
  int code = -1;       ///< exit code; -1: it could not be started; 128 + N: signal N ended it
  std::string output;  ///< standard output and standard error as they came
};

/// Runs a program found on the PATH, in `folder` if that is not empty, and waits for it.
ProcessResult run_process(const std::vector<std::string>& arguments, const std::filesystem::path& folder = {});

/// The last lines of an output that say something, joined by " | ": what goes into one line of a message.
std::string last_words(const std::string& output, std::size_t lines = 3);

}  // namespace spmma::sweep
