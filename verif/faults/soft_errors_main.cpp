// SPDX-License-Identifier: Apache-2.0
// spmma_soft_errors: turns any flop over at any cycle of short jobs, and says what became of them, by block.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "campaign.h"
#include "flops.h"
#include "io/error.h"
#include "soft_jobs.h"
#include "soft_model.h"

namespace spmma::verif {
namespace {

using nlohmann::json;

/// How the process of an injection ends: kExit + outcome + 8 if an assertion failed. Anything else is a crash.
constexpr int kExit = 16, kAsserted = 8;

/// What became of the injections in one block: by outcome, and how many of each an assertion saw; then crashes.
struct Tally {
  std::array<std::int64_t, kSoftOutcomes> outcomes = {}, asserted = {};
  std::int64_t crashed = 0;  ///< of the harness, which no longer understands the unit

  std::int64_t all() const {
    std::int64_t sum = crashed;
    for (const std::int64_t n : outcomes) sum += n;
    return sum;
  }
  void add(const Tally& other) {
    for (std::size_t i = 0; i < kSoftOutcomes; ++i) {
      outcomes[i] += other.outcomes[i];
      asserted[i] += other.asserted[i];
    }
    crashed += other.crashed;
  }
};

json to_json(const Tally& t) { return {{"outcomes", t.outcomes}, {"asserted", t.asserted}, {"crashed", t.crashed}}; }
Tally from_json(const json& j) {
  return {j.at("outcomes").get<std::array<std::int64_t, kSoftOutcomes>>(),
          j.at("asserted").get<std::array<std::int64_t, kSoftOutcomes>>(), j.at("crashed").get<std::int64_t>()};
}

void run_job(bool engine, std::uint64_t seed, const SoftDone& done) {
  engine ? run_soft_gemm(seed, done) : run_soft_core(seed, done);
}

/// Job `seed` with `count` injections: bits and cycles are drawn evenly over all flops, memories and cycles. The job
/// runs without a fault to its end; where a fault is due, a process splits off that has it.
json run_batch(bool engine, std::uint64_t seed, int count) {
  std::int64_t cycles = 0, bits = 0;
  injector().before_cycle = [&](Injector& in) {
    cycles = in.cycle + 1;
    if (bits == 0) {
      for (const Flops& f : in.flops) bits += f.bits();
    }
  };
  run_job(engine, seed, [&](const SoftResult& result) {
    if (result.outcome == SoftOutcome::masked && !result.asserted) return;
    throw std::runtime_error(fmt::format("job {} fails without a fault", seed));
  });

  constexpr std::int64_t kAfterReset = 8;
  std::mt19937_64 random(seed);
  std::multimap<std::int64_t, std::int64_t> plan;  // cycle, bit
  for (int i = 0; i < count; ++i) {
    const auto cycle = std::uniform_int_distribution<std::int64_t>(kAfterReset, cycles - 1)(random);
    plan.emplace(cycle, std::uniform_int_distribution<std::int64_t>(0, bits - 1)(random));
  }
  bool faulty = false;
  std::map<std::string, Tally> blocks;
  injector().before_cycle = [&](Injector& in) {
    if (faulty) return;
    const auto [first, last] = plan.equal_range(in.cycle);
    for (auto due = first; due != last; ++due) {
      std::int64_t bit = due->second;
      auto flops = in.flops.begin();
      for (; bit >= flops->bits(); ++flops) bit -= flops->bits();
      const pid_t pid = fork();
      if (pid < 0) throw std::runtime_error("no process");
      if (pid == 0) {
        alarm(60);
        faulty = true;
        flip(*flops, bit);
        return;
      }
      int status = 0;
      waitpid(pid, &status, 0);
      Tally& tally = blocks[flops->instance];
      const int code = WIFEXITED(status) ? WEXITSTATUS(status) - kExit : -1;
      if (code < 0 || code >= 2 * kAsserted) {
        ++tally.crashed;
      } else {
        ++tally.outcomes[static_cast<std::size_t>(code % kAsserted)];
        tally.asserted[static_cast<std::size_t>(code % kAsserted)] += code >= kAsserted;
      }
    }
  };
  run_job(engine, seed, [&](const SoftResult& result) {
    if (faulty) _exit(kExit + static_cast<int>(result.outcome) + (result.asserted ? kAsserted : 0));
  });
  json line{{"cycles", cycles}, {"bits", bits}};
  for (const auto& [block, tally] : blocks) line["blocks"][block] = to_json(tally);
  return line;
}

/// Copies of a block are one, and generate blocks are none: "u_core.gen_row[1].u_row.gen_col[0].u_dot" is
/// "u_core.u_row.u_dot".
std::string block_of(const std::string& instance) {
  std::string block;
  std::istringstream parts(instance);
  for (std::string part; std::getline(parts, part, '.');) {
    if (part.starts_with("u_")) block += (block.empty() ? "" : ".") + part;
  }
  return block.empty() ? "(top)" : block;
}

std::string percent(std::int64_t part, std::int64_t all) {
  return all == 0 ? "-" : fmt::format("{:.2f} %", 100.0 * static_cast<double>(part) / static_cast<double>(all));
}

void print_row(const std::string& name, const Tally& t) {
  const std::int64_t all = t.all();
  const std::size_t wrong = static_cast<std::size_t>(SoftOutcome::wrong),
                    hung = static_cast<std::size_t>(SoftOutcome::hung);
  fmt::print("| {} | {} | {} | {} | {} | {} | {} | {} |\n", name, all, percent(t.outcomes[0], all),
             percent(t.outcomes[1], all), percent(t.outcomes[hung] + t.crashed, all), percent(t.outcomes[wrong], all),
             percent(t.asserted[wrong], t.outcomes[wrong]), percent(t.asserted[hung], t.outcomes[hung]));
}

constexpr std::int64_t kBatch = 500;  ///< faults of a job

std::int64_t jobs_of(std::int64_t count) { return (count + kBatch - 1) / kBatch; }
std::int64_t faults_of(std::int64_t count, std::int64_t job) { return std::min(kBatch, count - job * kBatch); }

/// The last line of each job of `count` faults that has them all. A job that ended otherwise, as one that fails without
/// a fault does, has none.
std::map<std::int64_t, json> whole_jobs(const std::vector<json>& results, std::int64_t count) {
  std::map<std::int64_t, json> jobs;
  for (const json& line : results) {
    const std::int64_t id = line.at("id");
    std::int64_t faults = 0;
    for (const json& tally : line.value("blocks", json::object())) faults += from_json(tally).all();
    if (id < jobs_of(count) && faults == faults_of(count, id)) jobs[id] = line;
  }
  return jobs;
}

/// Prints the table; the number of faults in it.
std::int64_t report(const std::map<std::int64_t, json>& jobs) {
  std::map<std::string, Tally> blocks;
  Tally all;
  for (const auto& [id, line] : jobs) {
    for (const auto& [instance, tally] : line["blocks"].items()) {
      blocks[block_of(instance)].add(from_json(tally));
      all.add(from_json(tally));
    }
  }
  fmt::print(
      "| block | faults | masked | detected | hung | silently wrong | of these seen by assertions | hung: seen |\n");
  fmt::print("|---|---|---|---|---|---|---|---|\n");
  for (const auto& [block, tally] : blocks) print_row("`" + block + "`", tally);
  print_row("all", all);
  return all.all();
}

int run(int argc, char** argv) {
  CLI::App app("Turns any flop over at any cycle of short jobs, and says what became of them, by block.");
  std::string unit;
  std::int64_t count = 100000;
  std::uint64_t seed = 1;
  bool only_report = false, list = false, fresh = false;
  CampaignOptions campaign;
  campaign.patience = 3000;
  app.add_option("unit", unit, "core or engine")->required()->check(CLI::IsMember({"core", "engine"}));
  app.add_option("--results", campaign.results, "file of JSON lines; jobs that it holds whole are not run again")
      ->required();
  app.add_option("--count", count, "faults")->check(CLI::Range(1, 100000000))->capture_default_str();
  app.add_option("--seed", seed, "of the jobs and of what is turned over")->capture_default_str();
  app.add_option("--jobs", campaign.jobs, "processes at a time, 0: one for each core")->capture_default_str();
  app.add_flag("--report", only_report, "run nothing, print the table; exit with 1 if it has not all faults");
  app.add_flag("--fresh", fresh, "forget what the file holds");
  app.add_flag("--list", list, "run nothing, list the flops: instance, name, words x bits");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }

  if (list) {
    std::unique_ptr<CoreModel> core;
    std::unique_ptr<GemmModel> engine;
    if (unit == "engine")
      engine = make_soft_gemm(1);
    else
      core = make_soft_core(1);
    for (const Flops& f : injector().flops)
      fmt::print("{} {} {} x {}\n", f.instance.empty() ? "(top)" : f.instance, f.name, f.words, f.width);
    return 0;
  }

  if (fresh) std::filesystem::remove(campaign.results);
  if (!only_report) {
    const std::map<std::int64_t, json> known = whole_jobs(read_results(campaign.results), count);
    std::vector<int> ids;
    for (std::int64_t job = 0; job < jobs_of(count); ++job) {
      if (!known.contains(job)) ids.push_back(static_cast<int>(job));
    }
    std::size_t done = 0;
    run_campaign(
        campaign, ids,
        [&](int id) {
          return run_batch(unit == "engine", seed * 1'000'000 + static_cast<std::uint64_t>(id),
                           static_cast<int>(faults_of(count, id)));
        },
        [&](const json& line) {
          ++done;
          if (line.contains("ended"))
            fmt::print(stderr, "job {} ended: {}\n", line["id"].get<int>(), line["ended"].get<std::string>());
          if (done % 10 == 0 || done == ids.size())
            fmt::print(stderr, "{} of {} jobs of {} faults each\n", done, ids.size(), kBatch);
        });
  }
  const std::map<std::int64_t, json> jobs = whole_jobs(read_results(campaign.results), count);
  if (!jobs.empty()) {
    fmt::print(stderr, "preset {}, {} bits of flops and memories\n", soft_preset().name,
               jobs.begin()->second["bits"].get<std::int64_t>());
  }
  const std::int64_t faults = report(jobs);
  if (faults == count) return 0;
  fmt::print(stderr, "{}: {} has {} of the {} faults\n", argv[0], campaign.results, faults, count);
  return 1;
}

}  // namespace
}  // namespace spmma::verif

int main(int argc, char** argv) { return spmma::verif::guarded_main(spmma::verif::run, argc, argv); }
