// SPDX-License-Identifier: Apache-2.0
// The main job's data with one file replaced by any bytes: refused with a message that names the file, or digits.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "digits/network.h"
#include "fuzz.h"
#include "io/error.h"
#include "temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using spmma::fuzz::require;

/// A folder of links to the data that is checked in, with one name at a time leading elsewhere.
class Data {
 public:
  Data() {
    const fs::path original = SPMMA_DIGITS_DATA;
    for (const char* part : {".", "sparse"}) {
      fs::create_directories(folder_ / part);
      for (const fs::directory_entry& entry : fs::directory_iterator(original / part)) {
        if (entry.path().extension() != ".npy") continue;
        const fs::path name = fs::path(part) / entry.path().filename();
        fs::create_symlink(entry.path(), folder_ / name);
        names_.push_back(name.lexically_normal());
      }
    }
    std::sort(names_.begin(), names_.end());
  }

  std::string path() const { return folder_.string(); }
  std::size_t size() const { return names_.size(); }
  bool in_network(std::size_t name) const { return names_[name].has_parent_path(); }
  void lead(std::size_t name, const fs::path& to) {
    fs::remove(folder_ / names_[name]);
    fs::create_symlink(to, folder_ / names_[name]);
  }
  void restore(std::size_t name) { lead(name, fs::path(SPMMA_DIGITS_DATA) / names_[name]); }

 private:
  const spmma::test::TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
  std::vector<fs::path> names_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spmma::verif;
  static Data files;
  spmma::fuzz::Input in(data, size);
  const std::size_t name = in.byte() % files.size();
  const spmma::Format format = in.flag() ? spmma::Format::int8 : spmma::Format::fp16;
  const spmma::fuzz::ScratchFile file(std::as_bytes(in.rest()));
  files.lead(name, file.path());
  try {
    if (files.in_network(name)) {
      const Network network = load_network(files.path(), format, true);
      require(!network.layers.empty(), "a network without layers");
    } else {
      const Digits digits = load_digits(files.path());
      require(std::ssize(digits.labels) == digits.images.cols, "labels that do not fit the images");
    }
  } catch (const InputError& e) {
    require(std::string_view(e.what()).starts_with(files.path()), "a message that does not name the file");
  }
  files.restore(name);
  return 0;
}
