// SPDX-License-Identifier: Apache-2.0
// Results files, their table and page; keys.
#include "sweep/record.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>

#include "io/error.h"
#include "sweep/hash.h"
#include "sweep/page.h"

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
  EXPECT_FALSE(another([](Point&, Task& t) { t.cache = "elsewhere"; })) << "where it lies is not what it is";
}

TEST(Records, TaskThereAndBack) {
  const Task t = task_from_json(to_json(task()));
  EXPECT_EQ(to_json(t), to_json(task()));
}

TEST(Records, FileThereAndBack) {
  const std::string path = ::testing::TempDir() + "/results.jsonl";
  const Record one = new_record(point_of(presets().front()), task(), "ok");
  const Record two = new_record(point_of(presets().back()), task(), "failed", "so it is");
  std::ofstream(path) << line_of(one) << line_of(two);
  const auto read = read_records(path);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0], one);
  EXPECT_EQ(read[1], two);
}

TEST(Records, OtherFilesAreRefusedWithTheLine) {
  const std::string path = ::testing::TempDir() + "/other.jsonl";
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

TEST(HashTest, NeighboursDoNotRunIntoOneAnother) {
  EXPECT_NE(Hash().add("ab").add("c").digest(), Hash().add("a").add("bc").digest());
  EXPECT_EQ(Hash().add("ab").digest(), Hash().add("ab").digest());
  EXPECT_EQ(Hash().add("").digest().size(), 64U);
}

}  // namespace
}  // namespace spmma::sweep
