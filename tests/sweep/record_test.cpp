// SPDX-License-Identifier: Apache-2.0
// Results files, their table and page; keys.
#include "sweep/record.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "io/error.h"
#include "sweep/hash.h"
#include "sweep/page.h"
#include "temporary_folder.h"

namespace spmma::sweep {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Task task() {
  Task t;
  t.workload = {.name = "8x8x8", .sizes = {{"8x8x8", 8, 8, 8}}};
  t.tools.rtl_hash.assign(3, 'a');
  return t;
}

TEST(Records, KeyIsOverAllThatAResultDependsOn) {
  const Point point = point_of(presets().front());
  std::set<std::string> keys = {record_key(point, task())};
  EXPECT_EQ(record_key(point, task()), *keys.begin()) << "the same twice";
  const auto another = [&](const std::function<void(Point&, Task&)>& change) {
    Point p = point;
    Task t = task();
    change(p, t);
    return keys.insert(record_key(p, t)).second;
  };
  EXPECT_TRUE(another([](Point& p, Task&) { p.rows = 3; }));
  EXPECT_TRUE(another([](Point& p, Task&) { p.pipe = 3; }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.unit = Unit::engine; }));
  EXPECT_TRUE(another([](Point& p, Task& t) {
    t.unit = Unit::engine;
    p.memory_latency = 7;
  }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.workload.sizes[0].k = 9; }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.workload.dense = false; }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.clock_targets = {4.5}; }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.tools.rtl_hash.assign(3, 'b'); }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.tools.liberty_hash.assign(3, 'c'); }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.tools.yosys_version.assign(3, 'c'); }));
  EXPECT_TRUE(another([](Point&, Task& t) { t.tools.flow_hash.assign(3, 'd'); }));
  EXPECT_FALSE(another([](Point&, Task& t) { t.cache = "elsewhere"; })) << "where it lies is not what it is";
}

TEST(Records, KeyIsOverTheFlowsFiles) {
  namespace fs = std::filesystem;
  const test::TemporaryFolder folder;
  const fs::path& scripts = folder.path();
  const std::vector<std::string> files = {"flops.vlt",      "memory.sv",      "multiplier.sv",
                                          "point_core.cpp", "point_gemm.cpp", "timing.tcl"};
  const auto hash = [&] {
    return find_tools({.rtl = SPMMA_RTL_DIR, .scripts = scripts, .synthesis = false}).flow_hash;
  };
  for (const std::string& file : files) {
    fs::copy_file(fs::path(SPMMA_SWEEP_FILES) / file, scripts / file, fs::copy_options::overwrite_existing);
  }
  std::set<std::string> hashes = {hash()};
  EXPECT_EQ(hash(), *hashes.begin()) << "the same twice";
  for (const std::string& file : files) {
    std::ofstream(scripts / file, std::ios::app) << ' ';
    EXPECT_TRUE(hashes.insert(hash()).second) << file;
  }
}

TEST(Records, TaskThereAndBack) {
  const Task t = task_from_json(to_json(task()));
  EXPECT_EQ(to_json(t), to_json(task()));
}

TEST(Records, FileThereAndBack) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("results.jsonl");
  const Record one = new_record(point_of(presets().front()), task(), "ok");
  const Record two = new_record(point_of(presets().back()), task(), "failed", "so it is");
  std::ofstream(path) << line_of(one) << line_of(two);
  const auto read = read_records(path);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0], one);
  EXPECT_EQ(read[1], two);
}

TEST(Records, OtherFilesAreRefusedWithTheLine) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("other.jsonl");
  const auto refusal = [&](const std::string& text) -> std::string {
    std::ofstream(path) << text;
    try {
      read_records(path);
    } catch (const verif::InputError& e) {
      return e.what();
    }
    return {"nothing is refused"};
  };
  Record record = new_record(point_of(presets().front()), task(), "ok");
  const std::string good = line_of(record);
  record["version"] = kRecordVersion + 1;
  EXPECT_THAT(refusal(fmt::format("{}{}", good, line_of(record))), HasSubstr("line 2: is of version 2 of the records"));
  EXPECT_THAT(refusal("{}\n"), HasSubstr("line 1: is not a record"));
  for (const char* member : {"/status", "/parameters", "/workload/name", "/reason", "/tags"}) {
    Record wrong = Record::parse(good);
    wrong[Record::json_pointer(member)] = 7;
    EXPECT_THAT(refusal(line_of(wrong)), HasSubstr("line 1: is not a record")) << member;
  }
  record["version"] = 1e300;
  EXPECT_THAT(refusal(line_of(record)), HasSubstr("line 1: is of version 1e+300 of the records"));
  EXPECT_THAT(refusal(fmt::format("{}cut", good)), HasSubstr("line 2: is not a record"));
}

TEST(Records, Table) {
  Record record = new_record(point_of(presets().front()), task(), "ok");
  record["workload"]["name"] = "a,\"b\"";
  record["simulation"] = {{"cycles", 12}, {"speed_up", nullptr}};
  record["tags"] = {"x", "y"};
  const std::string text = csv({record});
  EXPECT_THAT(text, HasSubstr("status,unit,workload,tags,Rows,Cols,"));
  EXPECT_THAT(text, HasSubstr("\nok,core,\"a,\"\"b\"\"\",x y,8,4,"));
  const auto commas = [](const std::string& line) { return std::count(line.begin(), line.end(), ','); };
  const std::size_t end = text.find('\n');
  EXPECT_EQ(commas(text.substr(0, end)) + 1, commas(text.substr(end + 1))) << "one stands in quotes";
}

TEST(Records, PageHoldsThemWhateverTheirWordsAre) {
  Record record = new_record(point_of(presets().front()), task(), "failed", "</script><b>");
  const std::string text = page({record}, SPMMA_SWEEP_FILES);
  EXPECT_THAT(text, HasSubstr(record.at("key").get<std::string>()));
  EXPECT_THAT(text, HasSubstr("\\u003c/script>"));
  EXPECT_THAT(text, Not(HasSubstr("</script><b>")));
  EXPECT_THAT(text, Not(HasSubstr("@RECORDS@")));
  EXPECT_THAT(text, Not(HasSubstr("https://"))) << "it opens without a network";
}

/// The records that a page holds.
Record shown(const std::vector<Record>& records) {
  const std::string text = page(records, SPMMA_SWEEP_FILES);
  const std::string begin = R"(type="application/json">)";
  const std::size_t at = text.find(begin) + begin.size();
  return Record::parse(text.substr(at, text.find("</script>", at) - at));
}

Record ran(const std::string& workload, std::vector<std::pair<const char*, const char*>> formats_and_ways) {
  Record record = new_record(point_of(presets().front()), task(), "ok");
  record["workload"]["name"] = workload;
  record["simulation"] = {{"cycles_quickest", 0}, {"cases", Record::array()}};
  for (const auto& [format, way] : formats_and_ways) {
    record["simulation"]["cases"].push_back(
        {{"name", "g"}, {"format", format}, {"acc", "s32"}, {"mode", way}, {"m", 10}, {"n", 10}, {"k", 10}});
  }
  return record;
}

TEST(Records, PageComparesPointsByTheWorkThatTheyDid) {
  Record both = ran("a", {{"int8", "dense"}, {"int8", "sparse"}, {"fp16", "dense"}, {"fp16", "sparse"}});
  both["simulation"]["cycles_quickest"] = 30;
  Record dense = ran("a", {{"int8", "dense"}, {"fp16", "dense"}});
  dense["simulation"]["cycles_quickest"] = 60;
  Record one = ran("a", {{"int8", "dense"}, {"int8", "sparse"}});
  one["simulation"]["cycles_quickest"] = 15;
  const Record all = shown({both, dense, one, ran("b", {{"int8", "dense"}})});
  EXPECT_EQ(all[0]["work"], all[1]["work"]) << "of the same GEMMs";
  EXPECT_NE(all[0]["work"], all[2]["work"]) << "of other formats";
  EXPECT_NE(all[2]["work"], all[3]["work"]) << "of another workload";
  EXPECT_DOUBLE_EQ(all[0]["simulation"]["cycles_per_1000_macs"], 15);
  EXPECT_DOUBLE_EQ(all[1]["simulation"]["cycles_per_1000_macs"], 30);
  EXPECT_DOUBLE_EQ(all[2]["simulation"]["cycles_per_1000_macs"], 15) << "half the work in half the cycles";
  EXPECT_EQ(all[3]["workload_name"], "b");
}

TEST(Records, PageHasNoFiguresOfAFailedPoint) {
  Record failed = ran("a", {{"int8", "dense"}});
  failed["status"] = "failed";
  failed["reason"] = "wrong";
  const Record all = shown({failed});
  EXPECT_EQ(all[0]["reason"], "wrong");
  EXPECT_FALSE(all[0].contains("simulation"));
}

TEST(Records, PageTakesRecordsThatWereKeptWithoutTheirGemms) {
  const Record kept = {{"status", "ok"},
                       {"parameters", {{"Formats", 5}}},
                       {"simulation", {{"cycles_quickest", 50}, {"macs", 4000}, {"speed_up", 2.0}}}};
  const Record all = shown({kept});
  EXPECT_DOUBLE_EQ(all[0]["simulation"]["cycles_per_1000_macs"], 25) << "the half of them is 2:4";
  EXPECT_EQ(all[0]["work"], " : int8+fp16");
}

TEST(HashTest, NeighboursDoNotRunIntoOneAnother) {
  EXPECT_NE(Hash().add("ab").add("c").digest(), Hash().add("a").add("bc").digest());
  EXPECT_EQ(Hash().add("ab").digest(), Hash().add("ab").digest());
  EXPECT_EQ(Hash().add("").digest().size(), 64U);
}

}  // namespace
}  // namespace spmma::sweep
