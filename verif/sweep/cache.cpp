// SPDX-License-Identifier: Apache-2.0
#include "sweep/cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "io/error.h"
#include "io/text_file.h"
#include "sweep/hash.h"

namespace spmma::sweep {

using verif::InputError;
namespace fs = std::filesystem;

fs::path Cache::path(const std::string& kind, const std::string& key, const std::string& extension) const {
  return folder_ / kind / (key + extension);
}

std::optional<std::string> Cache::read(const std::string& kind, const std::string& key,
                                       const std::string& extension) const {
  const fs::path file = path(kind, key, extension);
  if (!fs::exists(file)) return std::nullopt;
  return verif::read_text(file);
}

void Cache::write(const std::string& kind, const std::string& key, const std::string& extension,
                  const std::string& contents) const {
  const WorkFolder work(*this);
  const fs::path temporary = work.path() / "entry";
  std::ofstream file(temporary, std::ios::binary);
  file << contents;
  file.close();
  if (!file) throw InputError(fmt::format("{}: {}", temporary.string(), std::strerror(errno)));
  adopt(temporary, path(kind, key, extension));
}

void Cache::adopt(const fs::path& file, const fs::path& entry) const {
  std::error_code error;
  fs::create_directories(entry.parent_path(), error);
  if (!error) fs::rename(file, entry, error);
  if (error) throw InputError(fmt::format("{}: {}", entry.string(), error.message()));
}

WorkFolder::WorkFolder(const Cache& cache) {
  const fs::path parent = fs::absolute(cache.folder()) / "work";
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) throw InputError(fmt::format("{}: {}", parent.string(), error.message()));
  std::string name = (parent / "XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw InputError(fmt::format("{}: {}", parent.string(), std::strerror(errno)));
  path_ = name;
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace spmma::sweep
