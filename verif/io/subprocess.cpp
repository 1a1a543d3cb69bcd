// SPDX-License-Identifier: Apache-2.0
#include "io/subprocess.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace spmma::verif {
namespace {

std::vector<char*> pointers(std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  return argv;
}

}  // namespace

int run_program(std::vector<std::string> arguments, ProgramOutput output) {
  const std::vector<char*> argv = pointers(arguments);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (output == ProgramOutput::nowhere) {
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", 1, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", 1, 0);
  } else {
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  }
  pid_t child = 0;
  const bool started = posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  if (!started || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

void become_program(const std::string& path, std::vector<std::string> arguments) {
  ::execv(path.c_str(), pointers(arguments).data());
  throw std::runtime_error(path + ": cannot be started");
}

}  // namespace spmma::verif
