// SPDX-License-Identifier: Apache-2.0
// A results file as one page that opens without a network.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sweep/record.h"

namespace spmma::sweep {

/// `scripts` has page.html, which draws the records that are put into it.
std::string page(const std::vector<Record>& records, const std::filesystem::path& scripts);

}  // namespace spmma::sweep
