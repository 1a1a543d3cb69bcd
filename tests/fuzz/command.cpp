// SPDX-License-Identifier: Apache-2.0
// Any words as a command line, in a folder with some matrices. Whatever it says, the exit code is 0, 1 or 2; with 2
// there is one line on standard error, nothing on standard output, and no file was made or changed; and no file is left
// half-written. A slash becomes an underscore, so that nothing outside the folder is touched. What stands behind the
// first line of the input is the folder's last.json, which `regress --failed --folder .` reads.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verbs.h"
#include "fuzz.h"
#include "io/npy.h"
#include "spmma/sparse.h"
#include "temporary_folder.h"

namespace {

namespace fs = std::filesystem;
using namespace spmma;
using spmma::fuzz::require;
using Listing = std::map<std::string, std::string>;

std::string npy(const Tensor& t, verif::Dtype dtype) {
  std::string text = verif::npy_header(t, dtype);
  return text.append(reinterpret_cast<const char*>(t.data.data()), t.data.size());
}

Tensor pattern(std::int64_t rows, std::int64_t cols, int elem_bytes) {
  Tensor t(rows, cols, elem_bytes);
  for (std::size_t i = 0; i < t.data.size(); ++i) t.data[i] = static_cast<std::byte>(i * 37 % 120);
  return t;
}

/// The files that every run finds.
Listing make_inputs() {
  using enum verif::Dtype;
  const Tensor sparse = prune(Format::fp16, pattern(3, 8, 2));
  const Compressed c = compress(Format::fp16, sparse);
  return {{"a.npy", npy(sparse, f2)},
          {"d.npy", npy(pattern(3, 8, 2), f2)},
          {"v.npy", npy(c.values, f2)},
          {"e.npy", npy(c.metadata, u1)},
          {"b.npy", npy(pattern(8, 5, 2), f2)},
          {"c.npy", npy(pattern(3, 5, 4), f4)},
          {"i.npy", npy(pattern(3, 8, 1), i1)},
          {"j.npy", npy(pattern(8, 5, 1), i1)},
          {"l.csv", "name,M,N,K\none,3,5,8\n\"two, too\",300,200,100\n"},
          {"x.npy", "not a matrix"}};
}

/// A folder of its own, which is the working directory while it lives.
class Folder {
 public:
  Folder() : before_(fs::current_path()), inputs_(make_inputs()) {
    ::setenv("SPMMA_RTL_IS_CURRENT", "1", 1);  // verif/cli/models.cpp
    fs::current_path(folder_.path());
    for (const auto& [name, contents] : inputs_) write(name, contents);
  }
  ~Folder() { fs::current_path(before_); }

  /// Those, and last.json.
  Listing inputs(std::string_view last) const {
    Listing all = inputs_;
    if (last.empty()) return all;
    write("last.json", std::string(last));
    all.emplace("last.json", last);
    return all;
  }
  static Listing listing() {
    Listing all;
    for (const fs::directory_entry& entry : fs::directory_iterator(".")) {
      std::ifstream in(entry.path(), std::ios::binary);
      all[entry.path().filename().string()] = std::string(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }
  void restore(const Listing& found) const {
    for (const auto& [name, contents] : found) {
      if (!inputs_.contains(name)) fs::remove_all(name);
    }
    for (const auto& [name, contents] : inputs_) {
      const auto at = found.find(name);
      if (at == found.end() || at->second != contents) write(name, contents);
    }
  }

 private:
  static void write(const std::string& name, const std::string& contents) {
    std::ofstream(name, std::ios::binary) << contents;
  }

  const spmma::test::TemporaryFolder folder_;
  fs::path before_;
  Listing inputs_;
};

/// Standard output or error in memory, for as long as it lives. libFuzzer and the sanitizers keep their own.
class Captured {
 public:
  explicit Captured(int fd) : fd_(fd), kept_(::dup(fd)), memory_(::memfd_create("spmma-fuzz", MFD_CLOEXEC)) {
    std::fflush(nullptr);
    ::dup2(memory_, fd_);
  }
  ~Captured() { release(); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  std::string release() {
    if (kept_ < 0) return {};
    std::fflush(nullptr);
    ::dup2(kept_, fd_);
    ::close(kept_);
    kept_ = -1;
    std::string text(static_cast<std::size_t>(::lseek(memory_, 0, SEEK_END)), '\0');
    const ssize_t got = ::pread(memory_, text.data(), text.size(), 0);
    ::close(memory_);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
  }

 private:
  int fd_, kept_, memory_;
};

/// Whether a word would have the command build models, become another process or run what is a task's own.
bool leads_elsewhere(const std::vector<std::string>& before, std::string_view word) {
  const bool sweep = std::ranges::find(before, "sweep") != before.end();
  return word.starts_with("--rtl") || word.starts_with("--cov") || word.starts_with("--run-point") ||
         (sweep && word.starts_with("--resume"));
}

std::vector<std::string> words(std::string_view line) {
  constexpr std::size_t kMost = 64;
  std::vector<std::string> all = {"spmma"};
  std::string word;
  for (std::size_t i = 0; i <= line.size() && all.size() < kMost; ++i) {
    const char c = i < line.size() ? line[i] : ' ';
    if (c == ' ' || c == '\0') {
      if (!word.empty() && !leads_elsewhere(all, word)) all.push_back(word);
      if (word == "sweep") all.emplace_back("--dry-run");
      word.clear();
    } else {
      word += c == '/' ? '_' : c;
    }
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view line = text.substr(0, text.find('\n'));
  const Listing before = folder.inputs(text.substr(std::min(size, line.size() + 1)));
  std::vector<std::string> arguments = words(line);
  std::vector<char*> argv;
  for (std::string& word : arguments) argv.push_back(word.data());
  argv.push_back(nullptr);

  Captured out(STDOUT_FILENO), err(STDERR_FILENO);
  const int code = cli::run(static_cast<int>(arguments.size()), argv.data());
  const std::string said = out.release(), complained = err.release();
  const Listing after = Folder::listing();
  folder.restore(after);

  require(code == 0 || code == 1 || code == 2, "an exit code that is not 0, 1 or 2");
  for (const auto& [name, contents] : after) require(!name.starts_with(".spmma-"), "a file is left half-written");
  if (code == 2) {
    const bool one_line = complained.starts_with("spmma: ") && complained.find('\n') == complained.size() - 1;
    require(one_line, "bad input is not one line: " + complained);
    require(said.empty(), "bad input, and something on standard output");
    require(after == before, "bad input, and a file was made or changed");
  }
  return 0;
}
