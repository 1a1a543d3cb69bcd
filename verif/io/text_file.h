// SPDX-License-Identifier: Apache-2.0
// Text files, read and written whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "io/error.h"

namespace spmma::verif {

/// The whole file. Throws InputError("FILE: what is wrong").
std::string read_text(const std::filesystem::path& path);

/// Writes the file, whole or not at all (OutputFile). Throws InputError("FILE: what is wrong").
void write_text(const std::filesystem::path& path, std::string_view text);

}  // namespace spmma::verif
