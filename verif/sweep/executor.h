// SPDX-License-Identifier: Apache-2.0
// Who evaluates points: processes of this machine, or a Slurm cluster.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sweep/record.h"

namespace spmma::sweep {

struct ExecutorOptions {
  unsigned jobs = 1;                     ///< points at a time; of Slurm: tasks of the array at a time, 0: no limit
  const std::atomic<bool>* stop = {};    ///< set: nothing more is begun
  std::string folder = {};               ///< for what a cluster needs to see
  std::string partition = {};            ///< of Slurm; empty: its default
  std::chrono::milliseconds poll{2000};  ///< between two questions to Slurm
  int patience = 150;                    ///< so many of them in a row may fail
  /// Called after each point, one call at a time.
  std::function<void(std::size_t index, const Record& record)> done = {};
};

/// Evaluates every point in a process of its own, so that none can end another. What is finished is in the task's
/// cache before `done` is called; a point that an interrupt ended is not reported.
void run_locally(const std::vector<Point>& points, const Task& task, const ExecutorOptions& options);

/// The same as a job array; the folder and the task's cache must be on a file system that the nodes share.
/// Throws verif::InputError where Slurm is missing or refuses the job, std::runtime_error where it no longer answers;
/// the array is cancelled then, and what is finished is in the cache.
void run_on_slurm(const std::vector<Point>& points, const Task& task, const ExecutorOptions& options);

/// What such a process does: reads the job (a task and a point), evaluates it, puts the record into the cache.
/// Returns the exit code.
int run_point(const std::string& job_file);

/// What a point's process did: its record, or one that says how it ended (`end`; empty: well) and its last words.
Record finished_record(const Point& point, const Task& task, const std::string& end, const std::string& output);
/// What such a process is told, as a file.
std::string job_text(const Point& point, const Task& task);

/// The record of a finished point that the cache has, or nothing. One that failed is not kept: it is tried again.
std::optional<Record> cached_record(const Point& point, const Task& task);

}  // namespace spmma::sweep
