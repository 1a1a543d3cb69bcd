// SPDX-License-Identifier: Apache-2.0
#include "cli/last_regression.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "io/error.h"

namespace spmma::cli {
namespace {

using nlohmann::json;
using verif::InputError;

constexpr std::int64_t kMost = 1'000'000'000'000'000;  ///< of any count: a million of them can be added

std::uint64_t whole(const json& object, const char* key, std::uint64_t least, std::uint64_t most) {
  const json& value = object.at(key);
  if (value.is_number_unsigned() && value.get<std::uint64_t>() >= least && value.get<std::uint64_t>() <= most)
    return value;
  throw InputError(fmt::format("'{}' is {}, not a number from {} to {}", key, value.dump(), least, most));
}

std::int64_t count(const json& object, const char* key, std::int64_t least = 0, std::int64_t most = kMost) {
  return static_cast<std::int64_t>(
      whole(object, key, static_cast<std::uint64_t>(least), static_cast<std::uint64_t>(most)));
}

double duration(const json& object, const char* key) {
  const json& value = object.at(key);
  if (value.is_number() && value.get<double>() >= 0) return value;
  throw InputError(fmt::format("'{}' is {}, not a time", key, value.dump()));
}

LastRegression parse(const json& j) {
  constexpr std::uint64_t kAnySeed = std::numeric_limits<std::uint64_t>::max();
  LastRegression last{.rtl = j.at("rtl"),
                      .rtl_hash = j.at("rtl_hash"),
                      .coverage = j.at("coverage"),
                      .seed = whole(j, "seed", 0, kAnySeed),
                      .seeds = count(j, "seeds", 1, verif::kMostSeeds),
                      .minutes = {},
                      .interrupted = j.at("interrupted"),
                      .tests = {},
                      .failed = {},
                      .seconds = duration(j, "seconds")};
  if (!j.at("minutes").is_null()) last.minutes = duration(j, "minutes");
  std::int64_t runs = 0;
  for (const json& t : j.at("tests")) {
    last.tests.push_back(
        {t.at("name"), count(t, "runs"), count(t, "cycles"), count(t, "dot_products"), duration(t, "seconds")});
    runs += last.tests.back().runs;
  }
  for (const json& f : j.at("failed")) {
    last.failed.push_back(
        {f.at("test"), whole(f, "seed", 0, kAnySeed), {f.at("group"), f.at("message"), count(f, "cycle")}});
    if (std::ranges::find(last.tests, last.failed.back().test, &LastRegression::Test::name) == last.tests.end())
      throw InputError(fmt::format("{} failed, but is none of the tests", last.failed.back().test));
  }
  const std::int64_t all = last.seeds * std::ssize(last.tests);
  if (last.interrupted && (all == 0 || (runs > all && !last.minutes)))
    throw InputError(fmt::format("{} runs are done of {}", runs, all));
  return last;
}

}  // namespace

std::string LastRegression::presets() const {
  std::set<std::string> names;
  for (const Test& test : tests) {  // unit.preset.test
    const std::size_t begin = test.name.find('.') + 1;
    names.insert(test.name.substr(begin, test.name.find('.', begin) - begin));
  }
  return fmt::format("{}", fmt::join(names, ","));
}

void LastRegression::found(const verif::RegressResult& result) {
  for (const verif::TestOutcome& o : result.outcomes)
    tests.push_back({o.test->name, o.runs, o.cycles, o.dot_products, o.seconds});
  for (const auto& [run, failure] : result.failed) failed.push_back({run.first->name, run.second, failure});
  seconds = result.seconds;
}

verif::RegressResult LastRegression::result() const {
  const auto find = [](const std::string& name) {
    const verif::RegressTest* const test = verif::find_regress_test(name);
    if (test == nullptr) throw InputError(fmt::format("the last regression ran {}, which this build has not", name));
    return test;
  };
  verif::RegressResult result;
  for (const Test& t : tests) {
    const auto failures = std::ranges::count(failed, t.name, &Failed::test);
    result.outcomes.push_back({find(t.name), t.runs, failures, t.cycles, t.dot_products, t.seconds});
    result.runs += t.runs;
  }
  for (const Failed& f : failed) result.failed.push_back({{find(f.test), f.seed}, f.failure});
  result.seconds = seconds;
  return result;
}

std::filesystem::path last_regression_file(const std::filesystem::path& folder) { return folder / "last.json"; }

LastRegression read_last_regression(const std::filesystem::path& folder) {
  const std::filesystem::path path = last_regression_file(folder);
  std::ifstream file(path);
  if (!file) throw InputError(fmt::format("{}: there is no regression to go on from", path.string()));
  try {
    return parse(json::parse(file));
  } catch (const std::exception& e) {
    throw InputError(fmt::format("{}: {}", path.string(), e.what()));
  }
}

void write_last_regression(verif::OutputFile& file, const LastRegression& last) {
  json tests = json::array(), failed = json::array();
  for (const auto& t : last.tests) {
    tests.push_back({{"name", t.name},
                     {"runs", t.runs},
                     {"cycles", t.cycles},
                     {"dot_products", t.dot_products},
                     {"seconds", t.seconds}});
  }
  for (const auto& [test, seed, failure] : last.failed) {
    failed.push_back({{"test", test},
                      {"seed", seed},
                      {"group", failure.group},
                      {"message", failure.message},
                      {"cycle", std::max<std::int64_t>(failure.cycle, 0)}});
  }
  const json text = {{"rtl", last.rtl},
                     {"rtl_hash", last.rtl_hash},
                     {"coverage", last.coverage},
                     {"seed", last.seed},
                     {"seeds", last.seeds},
                     {"minutes", last.minutes ? json(*last.minutes) : json()},
                     {"interrupted", last.interrupted},
                     {"tests", tests},
                     {"failed", failed},
                     {"seconds", last.seconds}};
  // A message of the RTL may hold any bytes.
  file.write(text.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
  file.commit();
}

}  // namespace spmma::cli
