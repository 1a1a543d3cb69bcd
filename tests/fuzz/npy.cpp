// SPDX-License-Identifier: Apache-2.0
// Any bytes as an .npy file: refused with a message, or a matrix that is written back as it was read; from memory and
// from a file alike.
#include "io/npy.h"

#include <optional>
#include <string>

#include "fuzz.h"

namespace {

using namespace spmma::verif;
using spmma::fuzz::require;

bool same(const Npy& a, const Npy& b) {
  const spmma::Tensor &s = a.tensor, &t = b.tensor;
  return a.dtype == b.dtype && s.batch == t.batch && s.rows == t.rows && s.cols == t.cols && s.batched == t.batched &&
         s.elem_bytes == t.elem_bytes && s.data == t.data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  std::optional<Npy> npy;
  std::string complaint;
  try {
    npy = parse_npy({bytes.begin(), bytes.end()});
  } catch (const InputError& e) {
    complaint = e.what();
    require(!complaint.empty(), "an error without a message");
  }

  const spmma::fuzz::ScratchFile file(bytes);
  try {
    const Npy read = read_npy(file.path());
    require(npy && same(*npy, read), "a file and its bytes differ");
  } catch (const InputError& e) {
    require(!npy, "a file is refused, its bytes are not");
    require(e.what() == file.path() + ": " + complaint, "a file and its bytes are refused for different reasons");
  }
  if (!npy) return 0;

  const spmma::Tensor& t = npy->tensor;
  require(t.data.size() == checked_bytes(t.batch, t.rows, t.cols, t.elem_bytes), "wrong size");
  const std::string header = npy_header(t, npy->dtype);
  const auto head = std::as_bytes(std::span(header));
  std::vector<std::byte> again(head.begin(), head.end());
  again.insert(again.end(), t.data.begin(), t.data.end());
  require(same(*npy, parse_npy(again)), "written and read again it differs");
  return 0;
}
