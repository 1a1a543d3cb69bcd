// SPDX-License-Identifier: Apache-2.0
// Text within XML and HTML that is written piece by piece.
#pragma once

#include <string>
#include <string_view>

namespace spmma::verif {

/// The text with what means something to XML spelt out: fit for an element's content and for a quoted attribute.
std::string escape_markup(std::string_view text);

}  // namespace spmma::verif
