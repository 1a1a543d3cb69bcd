// SPDX-License-Identifier: Apache-2.0
#include "io/markup.h"

namespace spmma::verif {

std::string escape_markup(std::string_view text) {
  std::string all;
  for (const char c : text) {
    switch (c) {
      case '&':
        all += "&amp;";
        break;
      case '<':
        all += "&lt;";
        break;
      case '>':
        all += "&gt;";
        break;
      case '"':
        all += "&quot;";
        break;
      default:
        all += c;
    }
  }
  return all;
}

}  // namespace spmma::verif
