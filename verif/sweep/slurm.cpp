// SPDX-License-Identifier: Apache-2.0
// Points as a job array of Slurm.
#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <stdexcept>
#include <thread>

#include "io/error.h"
#include "io/subprocess.h"
#include "io/text_file.h"
#include "sweep/cache.h"
#include "sweep/executor.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

using verif::InputError;
namespace fs = std::filesystem;

constexpr std::size_t kArray = 1000;  ///< tasks of an array: Slurm's default limit is 1001

verif::ProgramResult slurm(const std::vector<std::string>& arguments) {
  verif::ProgramResult result = verif::run_captured(arguments);
  if (result.code == -1) {
    throw InputError(fmt::format("--executor slurm: {} is missing (Debian package slurm-client)", arguments.front()));
  }
  return result;
}

/// One array: its jobs' files lie in `folder`, N.json, and each leaves N.code and N.log.
class Array {
 public:
  Array(const fs::path& folder, std::size_t tasks, const ExecutorOptions& options) : patience_(options.patience) {
    const std::string program = verif::this_program().string();
    const std::string at = verif::shell_word(folder.string());
    verif::write_text(folder / "array.sh",
                      fmt::format("#!/bin/sh\n{} sweep --run-point {}/\"$SLURM_ARRAY_TASK_ID\".json"
                                  " >{}/\"$SLURM_ARRAY_TASK_ID\".log 2>&1\necho $? >{}/\"$SLURM_ARRAY_TASK_ID\".part\n"
                                  "mv {}/\"$SLURM_ARRAY_TASK_ID\".part {}/\"$SLURM_ARRAY_TASK_ID\".code\n",
                                  verif::shell_word(program), at, at, at, at, at));
    const std::string limit = options.jobs == 0 ? "" : fmt::format("%{}", options.jobs);
    std::vector<std::string> submit = {"sbatch", "--parsable", "--job-name=spmma-sweep", "--output=/dev/null",
                                       fmt::format("--array=0-{}{}", tasks - 1, limit)};
    if (!options.partition.empty()) submit.push_back("--partition=" + options.partition);
    submit.push_back((folder / "array.sh").string());
    const verif::ProgramResult result = slurm(submit);
    id_ = result.output.substr(0, result.output.find_first_of(";\n"));
    if (result.code != 0 || id_.empty() || id_.find_first_not_of("0123456789") != std::string::npos) {
      throw InputError(fmt::format("--executor slurm: sbatch refuses the job: {}", verif::last_words(result.output)));
    }
  }
  ~Array() {
    if (!ended_) verif::run_captured({"scancel", id_});
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  /// Whether Slurm still has any of its tasks. Where it does not answer, it is taken to have them, for as long as the
  /// patience lasts. Throws std::runtime_error after that.
  bool there() {
    const verif::ProgramResult result = slurm({"squeue", "--noheader", "--jobs", id_});
    const bool forgotten = result.output.find("Invalid job id") != std::string::npos;
    if (result.code != 0 && !forgotten) {
      if (++failures_ < patience_) return true;
      throw std::runtime_error(fmt::format("--executor slurm: squeue fails {} times in a row: {}", failures_,
                                           verif::last_words(result.output)));
    }
    failures_ = 0;
    ended_ = forgotten || result.output.find_first_not_of(" \n") == std::string::npos;
    return !ended_;
  }
  /// All of its tasks are known to have ended: there is nothing to be cancelled.
  void end() { ended_ = true; }

 private:
  std::string id_;
  int patience_, failures_ = 0;
  bool ended_ = false;
};

}  // namespace

void run_on_slurm(const std::vector<Point>& points, const Task& task, const ExecutorOptions& options) {
  const Cache shared{fs::path(options.folder)};
  for (std::size_t first = 0; first < points.size(); first += kArray) {
    const std::size_t count = std::min(kArray, points.size() - first);
    const WorkFolder folder(shared);
    std::set<std::size_t> open;
    for (std::size_t i = 0; i < count; ++i) {
      verif::write_text(folder.path() / fmt::format("{}.json", i), job_text(points[first + i], task));
      open.insert(i);
    }
    const auto text = [&](std::size_t i, const char* extension) {
      const fs::path file = folder.path() / fmt::format("{}.{}", i, extension);
      return fs::exists(file) ? verif::read_text(file) : std::string();
    };
    Array array(folder.path(), count, options);
    for (bool there = true; !open.empty(); there = array.there()) {
      if (options.stop != nullptr && options.stop->load()) return;
      for (auto i = open.begin(); i != open.end();) {
        const std::string code = text(*i, "code");
        if (code.empty() && there) {
          ++i;
          continue;
        }
        // A task that left no code was ended from outside: its time, its memory, its node.
        const std::string end = code.empty() ? "Slurm ended it" : "its process ends with " + verif::last_words(code);
        const bool well = code == "0\n";
        options.done(first + *i, finished_record(points[first + *i], task, well ? "" : end, text(*i, "log")));
        i = open.erase(i);
      }
      if (!open.empty()) std::this_thread::sleep_for(options.poll);
    }
    array.end();
  }
}

}  // namespace spmma::sweep
