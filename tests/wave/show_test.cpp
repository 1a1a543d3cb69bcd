// SPDX-License-Identifier: Apache-2.0
// What is written beside a wave: the save file names only what the wave has, the picture is whole, and both show what
// the simulation did.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "record.h"
#include "temporary_folder.h"
#include "wave/failure_wave.h"
#include "wave/picture.h"
#include "wave/save_file.h"

namespace spmma::verif {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Top {
  std::string preset;
  bool engine;
};

class Show : public testing::TestWithParam<Top> {
 protected:
  Show() : gemm_(GetParam().preset), wave_(folder_.file("whole.fst")) {
    gemm_.record(engine(), wave_, {.from = 10, .to = 200});
  }
  static bool engine() { return GetParam().engine; }
  std::vector<WaveGroup> layout() const {
    return wave_layout(gemm_.preset, engine(), wave_formats(Format::fp16, Format::fp16, Acc::f32));
  }
  std::string core() const { return engine() ? "TOP.spmma_gemm.u_core." : "TOP.spmma_core."; }

  const test::TemporaryFolder folder_;
  SmallGemm gemm_;
  const std::string wave_;
};

std::vector<Top> tops() {
  std::vector<Top> all;
  for (const std::string& preset : core_model_presets()) {
    if (!has_waves(preset)) continue;
    all.push_back({preset, false});
    all.push_back({preset, true});
  }
  return all;
}
INSTANTIATE_TEST_SUITE_P(Models, Show, testing::ValuesIn(tops()), [](const auto& test) {
  return test.param.preset + (test.param.engine ? "_engine" : "_core");
});

TEST_P(Show, TheWaveHasEveryRow) {
  const WaveDump dump(wave_);
  for (const WaveGroup& group : layout()) {
    EXPECT_FALSE(group.rows.empty()) << group.title;
    for (const WaveRow& row : group.rows) {
      for (const WaveBits& bits : {row.bits, row.when}) {
        if (bits.path.empty()) continue;
        const WaveDump::Signal* const signal = dump.find(bits.path);
        ASSERT_NE(signal, nullptr) << bits.path;
        EXPECT_LT(bits.high, signal->width) << bits.path;
        EXPECT_GE(bits.high, bits.high < 0 ? -1 : bits.low) << bits.path;
      }
      if (row.radix == Radix::bit) {
        EXPECT_EQ(row.bits.high < 0 ? dump.find(row.bits.path)->width : row.bits.high - row.bits.low + 1, 1)
            << row.label;
      }
    }
  }
}

TEST_P(Show, EveryNameOfTheSaveFileIsInTheWave) {
  const WaveDump dump(wave_);
  std::set<std::string> names;
  for (const auto& [path, signal] : dump.signals()) names.insert(path + signal.range);
  const std::string text = save_file(dump, layout(), {.wave = wave_, .window = {.from = 20, .to = 60}, .mark = 40});

  std::size_t traces = 0, groups = 0;
  std::istringstream lines(text);
  const std::regex trace(R"(^[+#]\{[^}]*\}((?: (?:\(\d+\))?TOP\.\S+)+)$)"), part(R"((?:\((\d+)\))?(TOP\.\S+))");
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (line.starts_with("@800200") || line.starts_with("@c00200")) ++groups;
    if (line.starts_with("^>1 ")) {
      EXPECT_TRUE(parse_radix(line.substr(line.find("spmma-wave-") + 11))) << line;
    }
    if (line.find("TOP.") == std::string::npos) continue;
    ASSERT_TRUE(std::regex_match(line, match, trace)) << line;
    ++traces;
    const std::string parts = match[1];
    for (std::sregex_iterator at(parts.begin(), parts.end(), part), end; at != end; ++at) {
      const std::string name = (*at)[2];
      EXPECT_TRUE(names.contains(name)) << name;
      if ((*at)[1].matched) {
        EXPECT_LT(std::stoi((*at)[1]), dump.find(name.substr(0, name.rfind('[')))->width) << line;
      }
    }
  }
  std::size_t rows = 0;
  for (const WaveGroup& group : layout()) rows += group.rows.size();
  EXPECT_EQ(traces, rows);
  EXPECT_EQ(groups, layout().size());
  EXPECT_NE(text.find("[timestart] 40\n"), std::string::npos);
  EXPECT_NE(text.find(" 81 -1 -1"), std::string::npos);  // the marker
}

TEST_P(Show, ThePictureIsWholeAndMarked) {
  pugi::xml_document document;
  const std::string text = wave_picture(wave_, engine(), layout(), {.window = {.from = 12, .to = 40}, .mark = 30});
  const pugi::xml_parse_result parsed = document.load_string(text.c_str());
  ASSERT_TRUE(parsed) << parsed.description();
  const pugi::xml_node svg = document.child("svg");
  EXPECT_GT(svg.attribute("width").as_double(), 500);
  std::set<std::string> shown;
  std::string bold;
  for (const pugi::xml_node node : svg.children("text")) {
    shown.insert(node.text().get());
    if (!node.attribute("font-weight").empty()) bold += std::string(node.text().get()) + "\n";
  }
  for (const WaveGroup& group : layout()) {
    for (const WaveRow& row : group.rows) EXPECT_EQ(shown.contains(row.label), row.main || shown.contains(row.label));
    for (const WaveRow& row : group.rows) EXPECT_TRUE(!row.main || shown.contains(row.label)) << row.label;
  }
  EXPECT_NE(bold.find("30\n"), std::string::npos) << bold;
  for (const char* cycle : {"12", "40"}) EXPECT_TRUE(shown.contains(cycle)) << cycle;
}

TEST_P(Show, TheFormatsAreThoseOfTheSteps) {
  const WaveFormats formats = formats_in(wave_, engine(), {}, 100);
  EXPECT_EQ(formats.a, Radix::fp16);
  EXPECT_EQ(formats.b, Radix::fp16);
  EXPECT_EQ(formats.acc, Radix::f32);
}

TEST_P(Show, TheFirstWrongCycleIsFound) {
  Tensor expected = gemm_reference(gemm_.problem);
  std::optional<FirstWrong> wrong;
  const auto run = [&] {
    wrong = engine()
                ? run_engine_gemm(gemm_.problem, {.preset = gemm_.preset.name, .latency = 10, .expected = &expected})
                      .first_wrong
                : run_core_gemm(gemm_.problem, {.preset = gemm_.preset.name, .expected = &expected}).first_wrong;
  };
  run();
  EXPECT_FALSE(wrong);

  const std::uint32_t right = expected.get(0, 3, 2);
  expected.set(0, 3, 2, right ^ 1);
  run();
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->entry, 0);
  EXPECT_EQ(wrong->row, 3);
  EXPECT_EQ(wrong->col, 2);
  // In that cycle the element that is called wrong here stands at the port.
  const std::string wave = folder_.file("wrong.fst");
  gemm_.record(engine(), wave, window_around(wrong->cycle, 2));
  const std::string top = engine() ? "TOP.spmma_gemm." : "TOP.spmma_core.";
  const auto ports = engine() ? std::vector<std::string>{top + "m_axi_wvalid", top + "m_axi_wdata"}
                              : std::vector<std::string>{top + "out_valid_o", top + "out_d_o"};
  const auto samples = WaveDump(wave).sample(ports, wave_clock(engine()), {.from = wrong->cycle, .to = wrong->cycle});
  ASSERT_EQ(samples.values.size(), 1u);
  EXPECT_EQ(samples.first, wrong->cycle);
  EXPECT_EQ(samples.values[0][0], "1");
  EXPECT_NE(samples.values[0][1].find(fmt::format("{:032b}", right)), std::string::npos);
}

/// A case that "fails" in a chosen cycle.
class FailingCase final : public TestCase {
 public:
  FailingCase(const SmallGemm& gemm, bool engine) : gemm_(gemm), engine_(engine) {}
  bool on_engine() const override { return engine_; }
  const std::string& preset() const override { return gemm_.preset.name; }
  CaseResult run(const CaseOptions& options) const override {
    gemm_.record(engine_, options.wave, options.window);
    return {.failure = Failure{.group = "test", .message = "wrong", .cycle = 50}};
  }
  std::string describe() const override { return "a GEMM"; }
  std::shared_ptr<const TestCase> shrink(int /*budget*/) const override { return nullptr; }

 private:
  const SmallGemm& gemm_;
  bool engine_;
};

TEST_P(Show, AFailureLeavesThreeFiles) {
  const FailingCase failing(gemm_, engine());
  const CaseResult result{.failure = Failure{.group = "test", .message = "wrong", .cycle = 50}};
  const std::string base = folder_.file("failure"), fst = base + ".fst", gtkw = base + ".gtkw", svg = base + ".svg";
  const std::string picture = write_failure_wave(failing, result, base);
  EXPECT_EQ(contents(svg), picture);
  EXPECT_NE(contents(gtkw).find("[dumpfile] \"" + fst + "\""), std::string::npos);
  EXPECT_NE(contents(gtkw).find(" 101 -1"), std::string::npos);
  const auto samples = WaveDump(fst).sample({}, wave_clock(engine()), {});
  EXPECT_EQ(samples.first, 50 - kFailureRadius);
  EXPECT_LE(std::ssize(samples.values), 2 * kFailureRadius + 1);
}

TEST_P(Show, TheElementThatIsWrongIsShown) {
  const FailingCase failing(gemm_, engine());
  const CaseResult result{.failure = Failure{.group = "test", .message = "wrong", .cycle = 50, .element = {0, 1}}};
  const std::string base = folder_.file("element"), fst = base + ".fst", gtkw = base + ".gtkw", svg = base + ".svg";
  write_failure_wave(failing, result, base);
  const std::string saved = contents(gtkw);
  EXPECT_NE(saved.find("gen_col[1].u_dot"), std::string::npos);
  EXPECT_EQ(saved.find("gen_col[0].u_dot"), std::string::npos);
  EXPECT_NE(saved.find("element (0, 1)"), std::string::npos);
  EXPECT_NE(saved.find("D[0,1]"), std::string::npos);
}

TEST_P(Show, TheInstanceWhoseAssertionFailsComesFirst) {
  const FailingCase failing(gemm_, engine());
  CaseResult result{.failure = Failure{.group = "test", .message = "wrong", .cycle = 120}};
  const std::string instance = core() + "u_ctrl";
  for (const std::string& scope : {instance, instance + ".gen_without_signals"}) {
    result.failure->assertion = scope + ".CtrlOneClass";
    const std::string picture = write_failure_wave(failing, result, folder_.file("assertion"));
    const std::size_t title = picture.find("CtrlOneClass fails in " + instance + "<");
    const std::size_t next = picture.find(engine() ? ">registers<" : ">a step comes in<");
    ASSERT_NE(title, std::string::npos);
    ASSERT_LT(title, next);
    const std::string rows = picture.substr(title, next - title);
    EXPECT_TRUE(rows.find("<path") != std::string::npos || rows.find("<polygon") != std::string::npos)
        << "signals that changed";
    EXPECT_NE(contents(folder_.file("assertion.gtkw")).find(instance + ".len_i"), std::string::npos);
  }
  result.failure->assertion = "TOP.nothing.like.it";
  EXPECT_EQ(write_failure_wave(failing, result, folder_.file("none")).find("fails in"), std::string::npos);
}

TEST(WaveDump, RefusesWhatIsNoWave) {
  EXPECT_THROW(WaveDump("no such file.vcd"), std::runtime_error);
  const test::TemporaryFolder folder;
  const std::string file = folder.file("broken.vcd");
  for (const char* text : {"", "hello\n", "$scope module a $end\n", "$upscope $end\n$enddefinitions $end\n",
                           "$var wire 0 ! a $end\n$enddefinitions $end\n"}) {
    std::ofstream(file) << text;
    EXPECT_THROW(WaveDump{file}, std::runtime_error) << text;
  }
  std::ofstream(file) << "$enddefinitions $end\n#1\n";
  EXPECT_THROW(WaveDump(file).sample({}, "clk", {}), std::runtime_error);
  const std::string fst = folder.file("broken.fst");
  std::ofstream(fst) << "hello";
  EXPECT_THROW(WaveDump{fst}, std::runtime_error);
}

TEST(WaveDump, ReadsAnyVcd) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("hand.vcd");
  std::ofstream(file) << "$timescale 1ps $end\n$scope module t $end\n$var wire 1 ! c $end\n"
                         "$var reg 4 # v [3:0] $end\n$upscope $end\n$enddefinitions $end\n"
                         "#0\n0!\nbx #\n#2\n1!\n#3\n0!\nb101 #\n#4\n1!\n#5\n0!\nbz1 #\n#6\n1!\n";
  const auto samples = WaveDump(file).sample({"t.v", "t.no"}, "t.c", {});
  EXPECT_EQ(samples.first, 0);
  ASSERT_EQ(samples.values.size(), 3u);
  EXPECT_EQ(samples.values[0], (std::vector<std::string>{"xxxx", "x"}));
  EXPECT_EQ(samples.values[1][0], "0101");
  EXPECT_EQ(samples.values[2][0], "zzz1");
}

}  // namespace
}  // namespace spmma::verif
