// SPDX-License-Identifier: Apache-2.0
#include "wave_file.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

namespace spmma::verif {
namespace {

/// Runs fst2vcd (found on the PATH) and waits; true if it succeeded.
bool run_fst2vcd(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "fst2vcd");
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", 1, 0);
  pid_t child = 0;
  const bool started = posix_spawnp(&child, argv[0], &quiet, nullptr, argv.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&quiet);
  int status = 0;
  return started && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

bool have_fst2vcd() { return run_fst2vcd({"--help"}); }

void convert_to_vcd(const std::string& fst, const std::string& vcd) {
  if (!run_fst2vcd({"-f", fst, "-o", vcd})) throw std::runtime_error("wave file " + vcd + ": fst2vcd failed");
}

WaveFile::WaveFile(std::string path) : path_(std::move(path)), fst_path_(path_) {
  const bool vcd = path_.ends_with(".vcd");
  if (!vcd && !path_.ends_with(".fst")) {
    throw std::runtime_error("wave file " + path_ + ": the name must end in .fst or .vcd");
  }
  if (vcd) {
    fst_path_ += ".fst";
    if (!have_fst2vcd()) {
      throw std::runtime_error("wave file " + path_ + ": .vcd needs fst2vcd (Debian package gtkwave); .fst does not");
    }
  }
  for (const std::string& file : {path_, fst_path_}) {
    if (!std::ofstream(file)) throw std::runtime_error("wave file " + file + ": cannot be written");
  }
}

void WaveFile::finish() {
  if (!convert()) return;
  try {
    convert_to_vcd(fst_path_, path_);
  } catch (...) {
    std::filesystem::remove(fst_path_);
    throw;
  }
  std::filesystem::remove(fst_path_);
}

}  // namespace spmma::verif
