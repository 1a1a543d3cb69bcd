// SPDX-License-Identifier: Apache-2.0
// Other programs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace spmma::verif {

/// Where the standard output and standard error of another program go.
enum class ProgramOutput { nowhere, standard_error };

/// Runs a program, found on the PATH, and waits for it. Its exit code; -1 if it could not be started or a signal ended
/// it.
int run_program(std::vector<std::string> arguments, ProgramOutput output);

/// What a program left behind.
struct ProgramResult {
  int code = -1;       ///< exit code; -1: it could not be started; 128 + N: signal N ended it
  std::string output;  ///< what was captured, as it came
};

/// Where both are not captured, standard error is this program's.
enum class Captured { standard_output, both };

/// Runs a program found on the PATH, without input, in `folder` if that is not empty, and waits for it.
ProgramResult run_captured(std::vector<std::string> arguments, const std::filesystem::path& folder = {},
                           Captured what = Captured::both);

/// What can still be read from a pipe or another descriptor.
std::string read_all(int descriptor);

/// The last lines of an output that say something, joined by " | ": what goes into one line of a message.
std::string last_words(const std::string& output, std::size_t lines = 3);

/// A line about a program that failed in `folder`: its exit code, its last words, and that the folder's disk is full
/// where it is, which many a program does not say.
std::string failure_text(const std::string& what, const ProgramResult& result, const std::filesystem::path& folder);

/// A word of a command line as a shell reads it: in quotes where it needs them.
std::string shell_word(const std::string& word);

/// The file of this program, read once: a build that puts a newer one in its place changes nothing.
const std::filesystem::path& this_program();

/// Becomes another program. Throws std::runtime_error if it cannot.
[[noreturn]] void become_program(const std::string& path, std::vector<std::string> arguments);

}  // namespace spmma::verif
