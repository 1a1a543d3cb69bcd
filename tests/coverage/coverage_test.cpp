// SPDX-License-Identifier: Apache-2.0
// The reader of Verilator's file, merging, the report and its complaints, groups of bins.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "coverage/bins.h"
#include "coverage/points.h"
#include "coverage/report.h"
#include "temporary_folder.h"

namespace spmma::verif {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const char* const kFile =
    "# SystemC::Coverage-3\n"
    "C '\1f\2/x/rtl/spmma_row.sv\1l\2"
    "16\1n\2"
    "62\1page\2v_toggle/spmma_row__pi2\1o\2"
    "a0_i[13]\1h\2TOP.u_row' 885\n"
    "C '\1f\2/x/rtl/spmma_row.sv\1l\2"
    "20\1n\2"
    "3\1page\2v_branch/spmma_row\1o\2"
    "else\1S\2"
    "20-22\1h\2TOP' 0\n"
    "C '\1f\2/x/rtl/spmma_row.sv\1l\2"
    "30\1n\2"
    "3\1page\2v_line/spmma_row\1o\2"
    "block\1h\2TOP' 7\n"
    "C '\1f\2/x/rtl/spmma_fifo.sv\1l\2"
    "9\1n\2"
    "5\1page\2v_user/spmma_fifo\1o\2"
    "cover%25\1h\2TOP' 2\n";

CoverageData parse(const std::string& text) {
  std::istringstream in(text);
  return read_verilator_coverage(in);
}

class Folder : public testing::Test {
 protected:
  fs::path file(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  const test::TemporaryFolder folder_;
  const fs::path& path_ = folder_.path();
};

TEST(VerilatorFile, IsRead) {
  const CoverageData data = parse(kFile);
  ASSERT_THAT(data.points(), SizeIs(4));
  EXPECT_EQ(data.points().at({PointKind::toggle, "spmma_row.sv", 16, 62, "a0_i[13]"}), 885u);
  EXPECT_EQ(data.points().at({PointKind::branch, "spmma_row.sv", 20, 3, "else"}), 0u);
  EXPECT_EQ(data.points().at({PointKind::line, "spmma_row.sv", 30, 3, "block"}), 7u);
  EXPECT_EQ(data.points().at({PointKind::assertion, "spmma_fifo.sv", 9, 5, "cover%"}), 2u);
}

TEST(VerilatorFile, TheSamePlaceUnderOtherParametersIsTheSamePoint) {
  const std::string other =
      "# SystemC::Coverage-3\n"
      "C '\1f\2/x/rtl/spmma_row.sv\1l\2"
      "20\1n\2"
      "3\1page\2v_branch/spmma_row__pi9\1o\2"
      "else\1h\2TOP' 3\n";
  CoverageData data = parse(kFile);
  data.merge(parse(other));
  ASSERT_THAT(data.points(), SizeIs(4));
  EXPECT_EQ(data.points().at({PointKind::branch, "spmma_row.sv", 20, 3, "else"}), 3u);
}

TEST(VerilatorFile, AnythingElseIsRefused) {
  EXPECT_THROW(parse(""), std::runtime_error);
  EXPECT_THROW(parse("hello\n"), std::runtime_error);
  for (const char* const line : {"C 'x' 1",
                                 "C '\1f\2"
                                 "a\1l\2"
                                 "1\1page\2v_line/x' ",
                                 "C '\1f' 3", "D", "",
                                 "C '\1f\2"
                                 "a\1l\2"
                                 "1\1page\2v_other/x' 3",
                                 "C '\1l\2"
                                 "1\1page\2v_line/x' 3",
                                 "C '"}) {
    EXPECT_THROW(parse(std::string("# SystemC::Coverage-3\n") + line + "\n"), std::runtime_error) << line;
  }
}

TEST_F(Folder, OwnFileIsWrittenAndRead) {
  CoverageData data = parse(kFile);
  data.add({.kind = PointKind::functional, .name = "a bin/with <signs> & more"}, 5);
  data.write(path_ / "x.coverage");
  EXPECT_EQ(CoverageData::read(path_ / "x.coverage").points(), data.points());
  EXPECT_THROW(data.write(path_ / "none" / "x"), std::runtime_error);
  EXPECT_THROW(CoverageData::read(path_ / "none"), std::runtime_error);
  for (const char* const line : {"x", "1\tline\tf\t1", "1\tother\tf\t1\t2\tname", "-1\tline\tf\t1\t2\tname"}) {
    EXPECT_THROW(CoverageData::read(file("bad", std::string("# spmma coverage 1\n") + line + "\n")),
                 std::runtime_error);
  }
}

/// All bins, so that what is looked at alone counts.
CoverageData all_bins() {
  CoverageData data;
  const CoverageData bins = bin_catalogue();
  for (const auto& [point, hits] : bins.points()) data.add(point, 1);
  return data;
}

TEST_F(Folder, ReportCountsAndShowsHoles) {
  file("spmma_row.sv", std::string(19, '\n') + "  if (en_i) q <= d;\n");
  CoverageData data = all_bins();
  data.merge(parse(kFile));
  const CoverageReport report = make_report(data, {}, path_);
  EXPECT_EQ(report.kinds.at(PointKind::line).percent(), 100);
  EXPECT_EQ(report.kinds.at(PointKind::branch).percent(), 0);
  EXPECT_EQ(report.kinds.at(PointKind::toggle).points, 1);
  ASSERT_THAT(report.holes, SizeIs(1));
  EXPECT_EQ(report.holes[0].source, "if (en_i) q <= d;");
  EXPECT_THAT(report.complaints, IsEmpty());
  EXPECT_THAT(report.shortfalls, ElementsAre("branch coverage is 0.00 %, below 100 %"));
  EXPECT_THAT(make_report(all_bins(), {}, path_).shortfalls, Contains("nothing counts branch coverage"));
  EXPECT_THAT(json_text(report), HasSubstr("\"point\": \"branch spmma_row.sv:20 else\""));
  EXPECT_THAT(html_fragment(report), HasSubstr("if (en_i) q &lt;= d;"));
  EXPECT_THAT(text_table(report), HasSubstr("branch"));
  EXPECT_THAT(markdown_table(report), HasSubstr("| branch | 1 | 0 | 0 | 1 | 0.00 % |"));
}

TEST_F(Folder, ExclusionsAreHeldToWhatIsReached) {
  file("spmma_row.sv", std::string(19, '\n') + "  if (en_i) q <= d;\n");
  CoverageData data = all_bins();
  data.merge(parse(kFile));
  for (int i = 0; i < 99; ++i) data.add({PointKind::branch, "spmma_row.sv", 100 + i, 1, "if"}, 1);
  const auto excluding = [&](const std::string& json) {
    return make_report(data, read_exclusions(file("e.json", json)), path_);
  };
  const CoverageReport good =
      excluding(R"([{"kind": "branch", "points": "spmma_row.sv else: if \\(en_i\\).*", "reason": "it is so"}])");
  EXPECT_THAT(good.complaints, IsEmpty());
  EXPECT_THAT(good.shortfalls, IsEmpty());
  EXPECT_EQ(good.kinds.at(PointKind::branch).excluded, 1);
  EXPECT_THAT(excluding(R"([{"kind": "toggle", "points": "spmma_row.sv a0_i.*", "reason": "r"}])").complaints,
              Contains(HasSubstr("became reachable: toggle spmma_row.sv:16 a0_i[13]")));
  EXPECT_THAT(excluding(R"([{"kind": "line", "points": "nothing", "reason": "r"}])").shortfalls,
              Contains(HasSubstr("matches no hole")));
  for (int i = 0; i < 3; ++i) data.add({PointKind::branch, "spmma_dot.sv", 100 + i, 1, "if"}, 0);
  EXPECT_THAT(excluding(R"([{"kind": "branch", "points": ".*(else|_dot).*", "reason": "r"}])").shortfalls,
              Contains(HasSubstr("more than 2 %")));
}

TEST_F(Folder, BadExclusionsAreRefused) {
  for (const char* const json :
       {"", "{", "[{}]", R"([{"kind": "x", "points": "a", "reason": "r"}])", R"([{"kind": "line", "points": "a"}])",
        R"([{"kind": "line", "points": "(", "reason": "r"}])", R"([{"kind": "line", "points": "a", "reason": ""}])"}) {
    EXPECT_THROW(read_exclusions(file("e.json", json)), std::runtime_error) << json;
  }
  EXPECT_THROW(read_exclusions(path_ / "none"), std::runtime_error);
}

TEST(Exclusions, TheProjectsOwnCanBeRead) { EXPECT_FALSE(read_exclusions(SPMMA_EXCLUSIONS).empty()); }

TEST(Bins, NamesAreProductsOfAxes) {
  BinGroup group("g", {{"a", "b"}, {"x", "y", "z"}});
  group.exclude({"b", "x|z"});
  group.hit({0, 2});
  group.hit({0, 2});
  group.hit({1, 0});   // nobody asks for it
  group.hit({0, -1});  // no such bins
  group.hit({2, 0});
  CoverageData data;
  add_hits(data, group);
  ASSERT_THAT(data.points(), SizeIs(1));
  EXPECT_EQ(data.points().begin()->first.name, "g/a/z");
  EXPECT_EQ(data.points().begin()->second, 2u);
  EXPECT_EQ(group.bin_name(4), "g/b/y");
  EXPECT_TRUE(group.possible(4));
  EXPECT_FALSE(group.possible(3));
}

TEST(Bins, CatalogueHoldsThePlansFirst) {
  const CoverageData bins = bin_catalogue();
  const auto has = [&](const std::string& name) {
    return bins.points().contains({.kind = PointKind::functional, .name = name});
  };
  EXPECT_TRUE(has("metadata/fp16/group1/code9/afterD"));
  EXPECT_TRUE(has("metadata_tf32/group0/codeE/first"));
  EXPECT_TRUE(has("error/WINDOW/writing/queued"));
  EXPECT_FALSE(has("metadata/fp16/group0/code9/afterD")) << "the first group has no neighbour before it";
}

}  // namespace
}  // namespace spmma::verif
