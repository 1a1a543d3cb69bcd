// SPDX-License-Identifier: Apache-2.0
// Other programs.
#pragma once

#include <string>
#include <vector>

namespace spmma::verif {

/// Where the standard output and standard error of another program go.
enum class ProgramOutput { nowhere, standard_error };

/// Runs a program, found on the PATH, and waits for it. Its exit code; -1 if it could not be started or a signal ended
/// it.
int run_program(std::vector<std::string> arguments, ProgramOutput output);

/// Becomes another program. Throws std::runtime_error if it cannot.
[[noreturn]] void become_program(const std::string& path, std::vector<std::string> arguments);

}  // namespace spmma::verif
