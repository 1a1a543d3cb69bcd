// SPDX-License-Identifier: Apache-2.0
// Many independent pieces of work in processes of their own, with results that outlive an interruption: a file of JSON
// lines, one for each piece.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace spmma::verif {

struct CampaignOptions {
  std::string results;  ///< the file; lines are added to it
  unsigned jobs = 0;    ///< processes at a time, 0: one for each core
  int patience = 600;   ///< seconds of CPU time of one piece after which its process is ended
};

/// Runs `work(id)` for each id in a process of its own (a fault may crash or hang the model) and appends what it
/// returns, with "id", to the results. A piece that crashes or takes too long gives {"id", "ended": reason}. `progress`
/// is called after each. Standard output of the processes is lost: assertions that fail write there. Throws InputError
/// if the results cannot be written.
void run_campaign(const CampaignOptions& options, const std::vector<int>& ids,
                  const std::function<nlohmann::json(int id)>& work,
                  const std::function<void(const nlohmann::json& result)>& progress);

/// The lines of a results file, in order; none if there is no file. A last line that is cut short is dropped.
std::vector<nlohmann::json> read_results(const std::string& path);

/// What a campaign's main() does: runs `run` and says on standard error what it throws. Exit code 2 for an InputError,
/// 1 for another exception, else that of `run`.
int guarded_main(int (*run)(int argc, char** argv), int argc, char** argv);

}  // namespace spmma::verif
