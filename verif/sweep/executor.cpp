// SPDX-License-Identifier: Apache-2.0
#include "sweep/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <mutex>

#include "io/error.h"
#include "io/subprocess.h"
#include "io/text_file.h"
#include "sweep/cache.h"
#include "sweep/evaluate.h"
#include "sweep/hash.h"

namespace spmma::sweep {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

bool stopped(const ExecutorOptions& options) { return options.stop != nullptr && options.stop->load(); }

}  // namespace

std::optional<Record> cached_record(const Point& point, const Task& task) {
  const Cache cache(task.cache);
  const auto text = cache.read("record", record_key(point, task), ".json");
  if (!text) return std::nullopt;
  try {
    return Record::parse(*text);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

int run_point(const std::string& job_file) {
  const Json job = Json::parse(verif::read_text(job_file));
  const Task task = task_from_json(job.at("task"));
  const Point point = point_from_json(job.at("point"), task.unit);
  const Record record = evaluate(point, task);
  const bool failed = record.at("status") == "failed";
  const Cache cache(task.cache);
  cache.write(failed ? "failed" : "record", record_key(point, task), ".json", line_of(record));
  return 0;
}

std::string job_text(const Point& point, const Task& task) {
  return Json{{"task", to_json(task)}, {"point", to_json(point, task.unit)}}.dump();
}

Record finished_record(const Point& point, const Task& task, const std::string& end, const std::string& output) {
  if (auto record = cached_record(point, task)) return *record;
  const Cache cache(task.cache);
  const std::string key = record_key(point, task);
  if (end.empty()) {
    const auto text = cache.read("failed", key, ".json");
    std::error_code ignored;
    fs::remove(cache.path("failed", key, ".json"), ignored);
    if (text) return Record::parse(*text);
  }
  const std::string words = verif::last_words(output);
  return new_record(
      point, task, "failed",
      fmt::format("{}{}{}", end.empty() ? "its process leaves no record" : end, words.empty() ? "" : ": ", words));
}

void run_locally(const std::vector<Point>& points, const Task& task, const ExecutorOptions& options) {
  const std::string program = verif::this_program().string();
  std::mutex one_at_a_time;
  std::exception_ptr error;
  boost::asio::thread_pool pool(std::max(1U, options.jobs));
  for (std::size_t i = 0; i < points.size(); ++i) {
    boost::asio::post(pool, [&, i] {
      if (stopped(options)) return;
      try {
        const WorkFolder work{Cache(task.cache)};
        const std::string job = (work.path() / "job.json").string();
        verif::write_text(job, job_text(points[i], task));
        const verif::ProgramResult process = verif::run_captured({program, "sweep", "--run-point", job});
        // An interrupt from a terminal ends the processes too: those points are neither good nor bad.
        if (stopped(options) && !cached_record(points[i], task)) return;
        const std::string end = process.code == 0    ? ""
                                : process.code == -1 ? "its process cannot be started"
                                                     : fmt::format("its process ends with {}", process.code);
        const Record record = finished_record(points[i], task, end, process.output);
        const std::scoped_lock lock(one_at_a_time);
        if (options.done) options.done(i, record);
      } catch (...) {
        const std::scoped_lock lock(one_at_a_time);
        if (!error) error = std::current_exception();
      }
    });
  }
  pool.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace spmma::sweep
