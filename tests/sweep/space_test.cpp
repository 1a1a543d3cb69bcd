// SPDX-License-Identifier: Apache-2.0
// Spaces: values, files, conditions, and what is refused.
#include "sweep/space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "io/error.h"
#include "sweep/axis.h"
#include "temporary_folder.h"

namespace spmma::sweep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using verif::InputError;

std::vector<int> values(const char* axis, const std::string& text) { return parse_values(*find_axis(axis), text); }

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& e) {
    return e.what();
  }
  return "nothing is refused";
}

TEST(SpaceValues, NumbersRangesAndFactors) {
  EXPECT_EQ(values("rows", "4, 8"), values("rows", "4,8"));
  EXPECT_THAT(values("rows", "4,8,16"), ElementsAre(4, 8, 16));
  EXPECT_THAT(values("frac-bits", "18:21"), ElementsAre(18, 19, 20, 21));
  EXPECT_THAT(values("frac-bits", "18:23:2"), ElementsAre(18, 20, 22));
  EXPECT_THAT(values("step-bytes", "8:32:x2"), ElementsAre(8, 16, 32));
  EXPECT_THAT(values("rows", "1:10:x3"), ElementsAre(1, 3, 9));
  EXPECT_THAT(values("rows", "4,1:4,2"), ElementsAre(4, 1, 2, 3)) << "each once, in the order of writing";
}

TEST(SpaceValues, Formats) {
  EXPECT_THAT(values("formats", "int8,fp16+bf16"), ElementsAre(1, 12));
  EXPECT_EQ(value_text(*find_axis("formats"), 12), "fp16+bf16");
  EXPECT_EQ(value_text(*find_axis("rows"), 12), "12");
}

TEST(SpaceValues, Refused) {
  for (const char* text : {"", "4,", "x", "4:2", "1:8:x1", "0:8:x2", "1:8:0", "1:2:3:4", "-1", "1.5", "99999999999"}) {
    EXPECT_THAT(refusal([&] { values("rows", text); }), HasSubstr("--rows")) << text;
  }
  EXPECT_THAT(refusal([&] { values("formats", "int8+fp99"); }), HasSubstr("'fp99' is not a format"));
  EXPECT_THAT(refusal([&] { values("rows", "0:1000000"); }), HasSubstr("more than"));
  EXPECT_THAT(refusal([&] { values("rows", "0:4000,4001:8000"); }), HasSubstr("--rows: more than 4096 values"));
}

TEST(SpacePoints, AllCombinationsThatTheConditionsLetThrough) {
  const Space space{.values = {{"rows", "1,2,4"}, {"cols", "2,4"}}, .where = {"rows <= cols", "rows * cols > 2"}};
  std::vector<std::pair<int, int>> found;
  for (const Point& p : points_of(space, point_of(presets().front()), Unit::core)) found.emplace_back(p.rows, p.cols);
  EXPECT_THAT(found, ElementsAre(std::pair(1, 4), std::pair(2, 2), std::pair(2, 4), std::pair(4, 4)));
}

TEST(SpacePoints, WhatIsNoAxisIsTheBases) {
  const Point base = point_of(presets().front());
  const auto points = points_of({.values = {{"pipe", "3"}}}, base, Unit::core);
  ASSERT_EQ(points.size(), 1U);
  Point expected = base;
  expected.pipe = 3;
  EXPECT_EQ(points.front(), expected);
}

TEST(SpacePoints, Refused) {
  const Point base = point_of(presets().front());
  const auto points = [&](const Space& space, Unit unit) { return refusal([&] { points_of(space, base, unit); }); };
  EXPECT_THAT(points({.values = {{"rows", "4"}}, .where = {"rows > 4"}}, Unit::core), HasSubstr("the space is empty"));
  EXPECT_THAT(points({.values = {{"k-bytes", "64"}}}, Unit::core), HasSubstr("--k-bytes needs --unit engine"));
  EXPECT_THAT(points({.values = {{"acc-slots", "64"}}}, Unit::engine), HasSubstr("the engine chooses it itself"));
  EXPECT_THAT(
      points({.values = {{"rows", "1:64"}, {"cols", "1:64"}, {"pipe", "0:15"}, {"frac-bits", "18:25"}}}, Unit::core),
      HasSubstr("more than"));
}

TEST(SpacePoints, WhatTheRtlWouldRefuse) {
  Point point = point_of(presets().front());
  EXPECT_EQ(not_buildable(point, Unit::core), std::nullopt);
  point.step_bytes = 12;
  EXPECT_THAT(not_buildable(point, Unit::core).value_or(""), HasSubstr("StepBytes = 12"));
  point.step_bytes = 16;
  point.acc_slots = 3;
  EXPECT_THAT(not_buildable(point, Unit::core).value_or(""), HasSubstr("AccSlots = 3"));
  EXPECT_EQ(not_buildable(point, Unit::engine), std::nullopt) << "the engine chooses it itself";
}

TEST(SpacePoints, JsonAndBack) {
  Point point = point_of(presets().front());
  point.memory_bandwidth = 16;
  EXPECT_EQ(point_from_json(to_json(point, Unit::engine), Unit::engine).memory_bandwidth, 16);
  Point core = point_from_json(to_json(point, Unit::core), Unit::core);
  EXPECT_EQ(to_json(core, Unit::core), to_json(point, Unit::core));
}

class SpaceFile : public ::testing::Test {
 protected:
  std::string write(const std::string& text) {
    const std::string path = folder_.file("space.yaml");
    std::ofstream(path) << text;
    return path;
  }

 private:
  const test::TemporaryFolder folder_;
};

TEST_F(SpaceFile, YamlAndJsonSayTheSame) {
  const Space yaml =
      read_space(write("rows: [4, 8]\nstep_bytes: 8:32:x2\nformats: [int8, fp16+bf16]\nwhere: rows > 4\n"));
  const Space json = read_space(
      write(R"({"rows": [4, 8], "step-bytes": "8:32:x2", "formats": ["int8", "fp16+bf16"], "where": ["rows > 4"]})"));
  EXPECT_EQ(yaml.values, json.values);
  EXPECT_EQ(yaml.where, json.where);
  EXPECT_EQ(yaml.values.at("formats"), "int8,fp16+bf16");
  EXPECT_EQ(yaml.values.at("step-bytes"), "8:32:x2");
}

TEST_F(SpaceFile, RefusedWithTheLine) {
  const auto read = [&](const std::string& text) { return refusal([&] { read_space(write(text)); }); };
  EXPECT_THAT(read("rows: 4\ncolumns: 8\n"), HasSubstr("line 2: 'columns' is not an axis"));
  EXPECT_THAT(read("rows: 4\nrows: 8\n"), HasSubstr("line 2: rows stands here twice"));
  EXPECT_THAT(read("rows:\n  - 4\n  - [8]\n"), HasSubstr("line 3"));
  EXPECT_THAT(read("rows: []\n"), HasSubstr("rows has no values"));
  EXPECT_THAT(read("rows: 8:4\n"), HasSubstr("runs backwards"));
  EXPECT_THAT(read("[1, 2]\n"), HasSubstr("is not a map"));
  EXPECT_THAT(read("rows: [4\n"), HasSubstr("line"));
  EXPECT_THAT(read("rows: 4\nwhere: rows >\n"), HasSubstr("line 2: --where 'rows >': a number"));
  EXPECT_THAT(read("where: rows\nwhere: cols\n"), HasSubstr("line 2: where stands here twice"));
  EXPECT_THAT(refusal([] { read_space("no/such/file"); }), HasSubstr("no/such/file: No such file"));
}

}  // namespace
}  // namespace spmma::sweep
