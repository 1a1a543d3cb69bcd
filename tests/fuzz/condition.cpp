// SPDX-License-Identifier: Apache-2.0
// Any text as a condition on points (--where): refused with the character at which it is wrong, or true or false of a
// point, or refused for its numbers.
#include "sweep/condition.h"

#include "fuzz.h"
#include "io/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using spmma::fuzz::require;
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const auto holds = spmma::sweep::parse_condition(text);
    for (const spmma::Preset& preset : spmma::presets()) holds(spmma::sweep::point_of(preset));
  } catch (const spmma::verif::InputError& e) {
    require(std::string_view(e.what()).starts_with("--where"), "a message that does not name the flag");
  }
  return 0;
}
