// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of coverage, ours (as `regress --resume --coverage` reads it) or Verilator's, and as the test
// plan (JSON): refused with a message, which names the file where there is one, or read; ours is written again as it
// was read.
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "coverage/plan.h"
#include "coverage/points.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spmma::verif;
  using spmma::fuzz::require;
  spmma::fuzz::Input in(data, size);
  const int reader = in.number(2);
  const std::string text(in.rest().begin(), in.rest().end());
  const spmma::fuzz::ScratchFile file(text);
  try {
    if (reader == 0) {
      const CoverageData read = CoverageData::read(file.path());
      const spmma::fuzz::ScratchFile again("");
      read.write(again.path());
      require(CoverageData::read(again.path()).points() == read.points(), "written and read again it differs");
      CoverageData twice = read;
      twice.merge(read);
      require(twice.points().size() == read.points().size(), "merged with itself it has other points");
    } else if (reader == 1) {
      std::istringstream stream(text);
      const CoverageData read = read_verilator_coverage(stream);
      for (const auto& [point, hits] : read.points()) {
        require(!point.file.empty() && point.line != 0, "a point without a place");
      }
    } else {
      plan_page(read_plan(file.path()));
    }
  } catch (const std::runtime_error& e) {
    const bool named = std::string_view(e.what()).find(file.path()) != std::string_view::npos;
    require(reader == 1 || named, "a message that does not name the file");
  }
  return 0;
}
