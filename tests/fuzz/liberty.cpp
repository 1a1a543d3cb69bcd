// SPDX-License-Identifier: Apache-2.0
// Any bytes as a cell library: refused with a message that names the file, or cells with finite figures.
#include "sweep/liberty.h"

#include <cmath>
#include <stdexcept>

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using spmma::fuzz::require;
  const spmma::fuzz::ScratchFile file(std::as_bytes(std::span(data, size)));
  spmma::sweep::Liberty liberty;
  try {
    liberty = spmma::sweep::read_liberty(file.path());
  } catch (const std::runtime_error& e) {
    require(std::string_view(e.what()).starts_with(file.path() + ": "), "a message that does not name the file");
    return 0;
  }
  require(std::isfinite(liberty.capacitance_ff) && std::isfinite(liberty.time_ns), "a unit that is not finite");
  for (const auto& [name, cell] : liberty.cells) {
    require(std::isfinite(cell.area) && std::isfinite(cell.max_capacitance), "a figure that is not finite");
    for (const auto& [pin, capacitance] : cell.input) require(std::isfinite(capacitance), "a pin that is not finite");
  }
  const spmma::sweep::LibertyCell& buffer = liberty.cells.at(liberty.buffer);
  require(buffer.input.size() == 1 && !buffer.output.empty(), "a buffer that is none");
  return 0;
}
