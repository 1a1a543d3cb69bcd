// SPDX-License-Identifier: Apache-2.0
#include "io/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace spmma::verif {
namespace {

/// What a child's descriptors become before it starts.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  [[nodiscard]] posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::vector<char*> pointers(std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  return argv;
}

std::optional<pid_t> start(std::vector<std::string>& arguments, FileActions& files) {
  const std::vector<char*> argv = pointers(arguments);
  pid_t child = 0;
  if (posix_spawnp(&child, argv[0], files.get(), nullptr, argv.data(), environ) != 0) return {};
  return child;
}

}  // namespace

int run_program(std::vector<std::string> arguments, ProgramOutput output) {
  FileActions files;
  if (output == ProgramOutput::nowhere) {
    posix_spawn_file_actions_addopen(files.get(), STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(files.get(), STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  } else {
    posix_spawn_file_actions_adddup2(files.get(), STDERR_FILENO, STDOUT_FILENO);
  }
  const std::optional<pid_t> child = start(arguments, files);
  int status = 0;
  if (!child || waitpid(*child, &status, 0) != *child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

ProgramResult run_captured(std::vector<std::string> arguments, const std::filesystem::path& folder, Captured what) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return {};
  FileActions files;
  posix_spawn_file_actions_addopen(files.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(files.get(), pipe[1], STDOUT_FILENO);
  if (what == Captured::both) posix_spawn_file_actions_adddup2(files.get(), pipe[1], STDERR_FILENO);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(files.get(), folder.c_str());
  const std::optional<pid_t> child = start(arguments, files);
  ::close(pipe[1]);

  ProgramResult result;
  result.output = read_all(pipe[0]);
  ::close(pipe[0]);
  int status = 0;
  if (!child || ::waitpid(*child, &status, 0) != *child) return result;
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 1 << 16> buffer{};
  for (ssize_t got = 0; (got = ::read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

const std::filesystem::path& this_program() {
  static const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  return program;
}

std::string failure_text(const std::string& what, const ProgramResult& result, const std::filesystem::path& folder) {
  constexpr std::uintmax_t kFull = 64 * 1024;  // bytes; less than the files of any such program
  std::error_code unknown;
  const std::filesystem::space_info space = std::filesystem::space(folder, unknown);
  const bool full = !unknown && space.capacity > 0 && space.available < kFull;
  return fmt::format("{} fails ({}): {}{}", what, result.code, full ? "the disk is full: " : "",
                     last_words(result.output));
}

std::string last_words(const std::string& output, std::size_t lines) {
  std::vector<std::string> kept;
  std::istringstream all(output);
  for (std::string line; std::getline(all, line);) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos) continue;
    kept.push_back(line.substr(begin));
    if (kept.size() > lines) kept.erase(kept.begin());
  }
  std::string text;
  for (const std::string& line : kept) {
    if (!text.empty()) text += " | ";
    text += line;
  }
  return text;
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain = "%+,-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') text += "'\\'";
    text += c;
  }
  text += '\'';
  return text;
}

void become_program(const std::string& path, std::vector<std::string> arguments) {
  ::execv(path.c_str(), pointers(arguments).data());
  throw std::runtime_error(path + ": cannot be started");
}

}  // namespace spmma::verif
