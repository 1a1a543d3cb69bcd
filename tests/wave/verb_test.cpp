// SPDX-License-Identifier: Apache-2.0
// The verb `wave`, from outside.
#include <filesystem>
#include <pugixml.hpp>

#include "../cli/command.h"
#include "core_model.h"

namespace spmma::test {
namespace {

using verif::Dtype;

class WaveVerb : public CommandTest {
 protected:
  void SetUp() override {
    Tensor a(3, 8, 2), b(8, 5, 2);
    for (Tensor* t : {&a, &b}) {
      for (std::int64_t i = 0; i < t->size(); ++i) t->set(0, i / t->cols, i % t->cols, i % 3 == 0 ? 0x3C00 : 0);
    }
    write("a.npy", a, Dtype::f2);
    write("b.npy", b, Dtype::f2);
  }
  /// A preset that this build has; the last one is the smallest.
  static std::string preset() { return verif::core_model_presets().back(); }
  static std::string gemm(const std::string& more) {
    return "wave --format fp16 --a a.npy --b b.npy --preset " + preset() + " " + more;
  }
  void expect_refused(const std::string& line, const std::string& says) const {
    const auto before = listing();
    const Outcome outcome = run(line);
    EXPECT_EQ(outcome.code, 2) << line;
    EXPECT_NE(outcome.err.find(says), std::string::npos) << line << "\n" << outcome.err;
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
    EXPECT_EQ(listing(), before) << line;
  }
};

TEST_F(WaveVerb, OfAGemm) {
  // Long enough for the window on the core with the largest tiles.
  write("a.npy", Tensor(24, 64, 2), Dtype::f2);
  write("b.npy", Tensor(64, 24, 2), Dtype::f2);
  for (const char* unit : {"core", "engine"}) {
    const std::size_t before = file_count();
    const Outcome outcome = run(gemm(std::string("--unit ") + unit + " --out w.fst --picture p.svg --around 20:8"));
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("w.fst: cycles 12 to 28"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("gtkwave w.fst w.gtkw\n"), std::string::npos) << outcome.out;
    EXPECT_EQ(file_count(), std::max<std::size_t>(before, 5));  // a, b, w.fst, w.gtkw, p.svg
    pugi::xml_document svg;
    EXPECT_TRUE(svg.load_file(path("p.svg").c_str()));
  }
}

TEST_F(WaveVerb, TakesGemmsFlags) {
  const Outcome outcome = run(gemm("--raw --no-check --backend rtl --report r.json --wave w.fst --from 5 --to 9"));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("w.fst: cycles 5 to 9"), std::string::npos) << outcome.out;
  EXPECT_EQ(file_count(), 4u);  // a, b, w.fst, w.gtkw
}

TEST_F(WaveVerb, AsVcd) {
  const Outcome outcome = run(gemm("--out w.vcd --from 5 --to 9"));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(contents("w.vcd").find("$enddefinitions"), std::string::npos);
  EXPECT_NE(contents("w.vcd").find("\n#20\n"), std::string::npos);  // the last edge
  EXPECT_EQ(contents("w.vcd").find("\n#21\n"), std::string::npos);
  EXPECT_NE(contents("w.gtkw").find("w.vcd\""), std::string::npos);
  EXPECT_EQ(file_count(), 4u);
}

TEST_F(WaveVerb, OfATest) {
  const Outcome outcome = run("wave --test core." + preset() + ".fp16_f32_dense --seed 3 --from 10 --to 20");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("spmma.fst: cycles 10 to 20 of core."), std::string::npos) << outcome.out;
  EXPECT_EQ(file_count(), 4u);  // a, b, spmma.fst, spmma.gtkw
}

TEST_F(WaveVerb, GemmWritesTheSaveFileToo) {
  const Outcome outcome = run("gemm --format fp16 --a a.npy --b b.npy --out d.npy --wave w.fst --preset " + preset());
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(contents("w.gtkw").find("TOP.spmma_gemm.m_axi_arvalid"), std::string::npos);
}

TEST_F(WaveVerb, OfNothing) {
  write("none.npy", Tensor(0, 8, 2), Dtype::f2);
  for (const char* wave : {"w.fst", "w.vcd"}) {
    const Outcome outcome = run(std::string("gemm --format fp16 --a none.npy --b b.npy --out d.npy --wave ") + wave);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
  }
  expect_refused("wave --format fp16 --a none.npy --b b.npy --preset " + preset(), "D has no elements");
}

TEST_F(WaveVerb, TheFilterIsTheCommandByAnotherName) {
  const std::string folder = std::filesystem::path(SPMMA_COMMAND).parent_path().string();
  const Outcome outcome = run_program(folder + "/spmma-wave-fp16", "");
  EXPECT_EQ(outcome.code, 0) << outcome.err;  // its standard input is empty
}

TEST_F(WaveVerb, RefusesBadInput) {
  expect_refused("wave", "--format is required, or --test");
  expect_refused("wave --format fp16 --a a.npy", "--b is required");
  expect_refused(gemm("--out w.png"), "w.png: a waveform's name ends in .fst or .vcd");
  expect_refused(gemm("--picture w.png"), "w.png: a picture's name ends in .svg");
  expect_refused(gemm("--from 5 --to 4"), "--to: 4 is before --from, 5");
  expect_refused(gemm("--from x"), "--from: 'x' is not a number of cycles");
  expect_refused(gemm("--around 5:x"), "--around: 'x' is not a number of cycles");
  expect_refused(gemm("--around -1"), "--around: '-1' is not a number of cycles");
  expect_refused(gemm("--around 5 --to 9"), "--around does not go with --from and --to");
  expect_refused(gemm("--from 10000000"), "the run ends before cycle 10000000");
  expect_refused(gemm("--out none/w.fst"), "none/w.fst: cannot be written");
  expect_refused(gemm("--picture none/p.svg"), "none/p.svg: cannot be written");
  expect_refused("wave --test core.nothing", "no test 'core.nothing'; near it: core.");
  for (const char* flag : {"--format fp16",
                           "--format-b fp16",
                           "--acc f16",
                           "--a a.npy",
                           "--meta e.npy",
                           "--b b.npy",
                           "--c c.npy",
                           "--dense",
                           "--sparse",
                           "--prune",
                           "--metadata any",
                           "--saturate",
                           "--preset tiny",
                           "--unit core",
                           "--stall 0.1",
                           "--memory-latency 5",
                           "--memory-bandwidth 5",
                           "--backend rtl",
                           "--no-check",
                           "--raw",
                           "--report r.json"}) {
    const std::string name = std::string(flag).substr(0, std::string(flag).find(' '));
    expect_refused("wave --test core." + preset() + ".fp16_f32_dense " + flag,
                   "--test does not go with " + name + "\n");
  }
  expect_refused(gemm("--backend golden"), "--backend golden: the golden model has no signals");
  expect_refused("wave --format fp16 --a none.npy --b b.npy --preset " + preset(), "none.npy: No such file");
}

}  // namespace
}  // namespace spmma::test
