// SPDX-License-Identifier: Apache-2.0
// A sweep on Slurm where Slurm does not answer: programs of its names that stand first on the PATH. The real one is
// tests/sweep/slurm.sh's.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "io/text_file.h"
#include "sweep/cache.h"
#include "sweep/executor.h"
#include "temporary_folder.h"

namespace spmma::sweep {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

class Slurm : public ::testing::Test {
 protected:
  Slurm() {
    program("sbatch", "for last; do :; done\ndirname \"$last\" >\"$0.folder\"\necho 7\n");
    program("scancel", "echo \"$@\" >\"$0.arguments\"\n");
    task_.workload = {.name = "8x8x8", .sizes = {{"8x8x8", 8, 8, 8}}};
    task_.cache = (folder_ / "cache").string();
    path_ = std::getenv("PATH");
    ::setenv("PATH", (folder_.string() + ":" + path_).c_str(), 1);
  }
  ~Slurm() override { ::setenv("PATH", path_.c_str(), 1); }

  void program(const std::string& name, const std::string& script) const {
    std::ofstream(folder_ / name) << "#!/bin/sh\n" << script;
    fs::permissions(folder_ / name, fs::perms::owner_all);
  }
  /// The record of one point that is sent to Slurm.
  Record run() const {
    Record record;
    run_on_slurm({point_}, task_,
                 {.folder = folder_.string(), .poll = 1ms, .patience = 5, .done = [&](std::size_t, const Record& r) {
                    record = r;
                  }});
    return record;
  }

  const test::TemporaryFolder temporary_;
  const fs::path& folder_ = temporary_.path();
  std::string path_;
  Point point_ = point_of(presets().front());
  Task task_;
};

TEST_F(Slurm, ThatDoesNotAnswerAtTimesLosesNothing) {
  // It fails, then has the task, fails more, and by then the task has left its record.
  const fs::path entry = Cache(task_.cache).path("record", record_key(point_, task_), ".json");
  fs::create_directories(entry.parent_path());
  verif::write_text(folder_ / "record", line_of(new_record(point_, task_, "ok")));
  program("squeue", fmt::format("echo >>{0}/asked\ncase $(wc -l <{0}/asked) in\n"
                                "2) echo 7_0;;\n"
                                "4) mv {0}/record {1}; echo 0 >$(cat {0}/sbatch.folder)/0.code; echo 7_0;;\n"
                                "*) echo 'slurm_load_jobs error: Socket timed out on send/recv operation' >&2; exit 1\n"
                                "esac\n",
                                folder_.string(), entry.string()));
  EXPECT_EQ(run().at("status"), "ok");
}

TEST_F(Slurm, ThatNoLongerAnswersEndsTheSweepAndItsArray) {
  program("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1\n");
  try {
    run();
    ADD_FAILURE() << "it goes on";
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(), HasSubstr("squeue fails 5 times in a row: slurm_load_jobs error: Unable to contact"));
  }
  EXPECT_EQ(verif::read_text(folder_ / "scancel.arguments"), "7\n");
}

TEST_F(Slurm, ATaskThatItEndedIsAFailedPointInItsWords) {
  program("squeue", fmt::format("echo 'CANCELLED: out of time' >$(cat {}/sbatch.folder)/0.log\n"
                                "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1\n",
                                folder_.string()));
  const Record record = run();
  EXPECT_EQ(record.at("status"), "failed");
  EXPECT_EQ(record.at("reason"), "Slurm ended it: CANCELLED: out of time");
}

}  // namespace
}  // namespace spmma::sweep
