// SPDX-License-Identifier: Apache-2.0
#include "campaign.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <thread>

#include "io/error.h"
#include "io/subprocess.h"

namespace spmma::verif {
namespace {

struct Process {
  int id;
  int pipe;  ///< what it writes
};

/// The child's side: writes its result and ends without running anything of the parent's.
[[noreturn]] void child(int pipe, int id, int patience, const std::function<nlohmann::json(int)>& work) {
  const int null = open("/dev/null", O_WRONLY);
  if (null >= 0) dup2(null, STDOUT_FILENO);
  const rlimit limit{static_cast<rlim_t>(patience), static_cast<rlim_t>(patience) + 1};
  setrlimit(RLIMIT_CPU, &limit);
  const std::string text = work(id).dump();
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t n = write(pipe, text.data() + done, text.size() - done);
    if (n <= 0) _exit(1);
    done += static_cast<std::size_t>(n);
  }
  _exit(0);
}

Process spawn(int id, int patience, const std::function<nlohmann::json(int)>& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("no process");
  if (pid == 0) {
    close(ends[0]);
    child(ends[1], id, patience, work);
  }
  close(ends[1]);
  return {static_cast<int>(pid), ends[0]};
}

std::string reason(int status) {
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGXCPU ? "out of time" : fmt::format("signal {}", WTERMSIG(status));
  }
  return fmt::format("exit {}", WEXITSTATUS(status));
}

}  // namespace

void run_campaign(const CampaignOptions& options, const std::vector<int>& ids,
                  const std::function<nlohmann::json(int)>& work,
                  const std::function<void(const nlohmann::json&)>& progress) {
  // A line that an interruption cut short is ended, so that it spoils no other.
  const std::vector<nlohmann::json> before = read_results(options.results);
  std::ofstream out(options.results, std::ios::trunc);
  for (const nlohmann::json& line : before) out << line.dump() << '\n';
  out.flush();
  if (!out) throw InputError(options.results + ": cannot be written");

  const unsigned jobs = options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  std::map<pid_t, Process> running;
  std::size_t next = 0;
  while (next < ids.size() || !running.empty()) {
    while (next < ids.size() && running.size() < jobs) {
      Process process = spawn(ids[next], options.patience, work);
      const pid_t pid = process.id;
      process.id = ids[next++];
      running.emplace(pid, process);
    }
    // A result is smaller than a pipe's buffer, so no child waits to be read.
    int status = 0;
    const pid_t pid = wait(&status);
    const auto found = running.find(pid);
    if (found == running.end()) continue;
    const Process process = found->second;
    running.erase(found);
    const std::string text = read_all(process.pipe);
    close(process.pipe);
    nlohmann::json result = nlohmann::json::parse(text, nullptr, false);
    if (status != 0 || !result.is_object()) result = {{"ended", reason(status)}};
    result["id"] = process.id;
    out << result.dump() << std::endl;
    progress(result);
  }
}

std::vector<nlohmann::json> read_results(const std::string& path) {
  std::vector<nlohmann::json> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    nlohmann::json result = nlohmann::json::parse(line, nullptr, false);
    if (result.is_object()) lines.push_back(std::move(result));
  }
  return lines;
}

int guarded_main(int (*run)(int argc, char** argv), int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const InputError& e) {
    fmt::print(stderr, "{}: {}\n", argv[0], e.what());
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}: {}\n", argv[0], e.what());
    return 1;
  }
}

}  // namespace spmma::verif
