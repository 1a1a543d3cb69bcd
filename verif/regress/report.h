// SPDX-License-Identifier: Apache-2.0
// What a regression found, as text, JUnit XML and one self-contained HTML page.
#pragma once

#include <string>
#include <vector>

#include "runner.h"

namespace spmma::verif {

/// Tables and failures for a terminal.
std::string text_report(const RegressResult& result);

/// A test is a testcase; for each group in which it failed it has a failure, with the message of its own first one and
/// how to run that again.
std::string junit_report(const RegressResult& result);

/// More of the page than the runs themselves.
struct HtmlExtras {
  std::string title;                       ///< what ran, on what
  std::vector<std::string> sections = {};  ///< well-formed fragments, each with its own heading
};
std::string html_report(const RegressResult& result, const HtmlExtras& extras);

}  // namespace spmma::verif
