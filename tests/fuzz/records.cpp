// SPDX-License-Identifier: Apache-2.0
// Any bytes as a results file of a sweep (JSON Lines), as --compare and --append read it: refused with a message that
// names the file, or records that are written as they were read, make a table, and are no worse than themselves.
#include "sweep/record.h"

#include <algorithm>

#include "fuzz.h"
#include "io/error.h"
#include "sweep/difference.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spmma::sweep;
  using spmma::fuzz::require;
  using spmma::fuzz::ScratchFile;
  const ScratchFile file(std::as_bytes(std::span(data, size)));
  std::vector<Record> records;
  try {
    records = read_records(file.path());
  } catch (const spmma::verif::InputError& e) {
    require(std::string_view(e.what()).starts_with(file.path() + ": "), "a message that does not name the file");
    return 0;
  }
  std::string lines;
  for (const Record& record : records) lines += line_of(record);
  require(read_records(ScratchFile(lines).path()) == records, "written and read again they differ");
  const std::string table = csv(records);
  require(std::ranges::count(table, '\n') == std::ssize(records) + 1, "a table with other rows");
  for (const Record& record : records) {
    const Comparison same = compare({record}, {record}, 0);
    require(same.passed() && same.changes.empty() && same.compared == 1, "worse than itself");
  }
  text_of(compare(records, {records.rbegin(), records.rend()}, 0), 0);
  return 0;
}
