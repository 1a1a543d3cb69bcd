// SPDX-License-Identifier: Apache-2.0
#include "sweep/page.h"

#include <stdexcept>

#include "io/text_file.h"
#include "sweep/hash.h"

namespace spmma::sweep {

std::string page(const std::vector<Record>& records, const std::filesystem::path& scripts) {
  constexpr std::string_view kPlace = "@RECORDS@";
  std::string text = verif::read_text(scripts / "page.html");
  const std::size_t at = text.find(kPlace);
  if (at == std::string::npos) throw std::logic_error("page.html has no place for the records");
  // Within a script element nothing ends it but "</": a user's word must not.
  std::string data;
  for (const char c : Record(records).dump()) {
    if (c == '<') {
      data += "\\u003c";
    } else {
      data += c;
    }
  }
  return text.replace(at, kPlace.size(), data);
}

}  // namespace spmma::sweep
