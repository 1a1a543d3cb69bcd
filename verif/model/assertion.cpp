// SPDX-License-Identifier: Apache-2.0
#include "assertion.h"

#include <verilated.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model_print.h"

namespace spmma::verif {
namespace {

struct Place {
  std::string file;
  int line = 0;
  std::string message = {};
};
thread_local Place first_failure;
thread_local std::string announced;  ///< the model's message, which comes before the call of vl_stop()

/// The name in the assertion macro that ends at or begins shortly before a line; empty if there is none.
std::string assertion_name(const Place& place) {
  std::ifstream source(place.file);
  std::vector<std::string> lines;
  for (std::string line; static_cast<int>(lines.size()) < place.line && std::getline(source, line);)
    lines.push_back(line);
  if (static_cast<int>(lines.size()) < place.line) return {};
  constexpr int kLongest = 6;  // lines of one assertion
  for (int i = place.line - 1; i >= std::max(0, place.line - kLongest); --i) {
    const std::string& line = lines[static_cast<std::size_t>(i)];
    const std::size_t macro = line.find("`SPMMA_"), open = line.find('(', macro), comma = line.find(',', open);
    if (macro != std::string::npos && comma != std::string::npos) return line.substr(open + 1, comma - open - 1);
  }
  return {};
}

/// Of "file:line: Assertion failed in TOP.spmma_core.u_ctrl.CtrlOneClass: 'assert' failed."
std::string path_in(const std::string& message) {
  constexpr std::string_view kBefore = "Assertion failed in ";
  const std::size_t mark = message.find(kBefore);
  if (mark == std::string::npos) return {};
  const std::size_t begin = mark + kBefore.size();
  return message.substr(begin, message.find(": ", begin) - begin);
}

}  // namespace

std::optional<AssertionFailure> take_assertion_failure() {
  const Place place = std::exchange(first_failure, {});
  if (place.file.empty()) return std::nullopt;
  const std::string where = std::filesystem::path(place.file).filename().string() + ":" + std::to_string(place.line);
  const std::string name = assertion_name(place);
  return AssertionFailure{name.empty() ? where : name + " (" + where + ")", place.message, path_in(place.message)};
}

}  // namespace spmma::verif

int spmma_model_print(const char* format, ...) {
  std::va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  std::string text(static_cast<std::size_t>(std::max(0, std::vsnprintf(nullptr, 0, format, arguments))), '\0');
  va_end(arguments);
  std::vsnprintf(text.data(), text.size() + 1, format, again);
  va_end(again);
  // "[time] %Error: file:line: text": a report that is written at the same time would be torn by it.
  const std::string_view mark = "%Error: ";
  if (const std::size_t at = text.find(mark); at != std::string::npos) {
    const std::size_t end = text.find_last_not_of('\n') + 1;
    spmma::verif::announced = text.substr(at + mark.size(), end - at - mark.size());
  } else {
    std::fputs(text.c_str(), stdout);
  }
  return static_cast<int>(text.size());
}

/// In place of the run-time library's own (VL_USER_STOP): remembers, and never ends the program. The context counts.
void vl_stop(const char* filename, int linenum, const char* /*hier*/) {
  using namespace spmma::verif;
  if (first_failure.file.empty()) first_failure = {filename, linenum, std::exchange(announced, {})};
}
