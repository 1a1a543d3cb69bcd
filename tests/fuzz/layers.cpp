// SPDX-License-Identifier: Apache-2.0
// Any bytes as a table of layers: refused with the line that is wrong, or layers that the engine can hold.
#include "cli/layers.h"

#include "fuzz.h"
#include "io/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using spmma::fuzz::require;
  const spmma::fuzz::ScratchFile file(std::as_bytes(std::span(data, size)));
  try {
    const auto layers = spmma::cli::read_layers(file.path());
    require(!layers.empty(), "a table without layers");
    int line = 0;
    for (const spmma::cli::Layer& layer : layers) {
      require(!layer.name.empty() && layer.line > line, "no name, or lines out of order");
      for (const std::int64_t n : {layer.m, layer.n, layer.k}) {
        require(n >= 0 && n <= spmma::cli::kMaxSize, "a size that the engine does not hold");
      }
      line = layer.line;
    }
  } catch (const spmma::verif::InputError& e) {
    require(std::string_view(e.what()).starts_with(file.path() + ": "), "a message that does not name the file");
  }
  return 0;
}
