// SPDX-License-Identifier: Apache-2.0
// gemm through files, on both backends and both units, against the reference GEMM.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "built_presets.h"
#include "command.h"
#include "spmma/preset.h"
#include "spmma/sparse.h"

namespace spmma::test {
namespace {

using nlohmann::json;
using verif::Dtype;

class GemmTest : public CommandTest {
 protected:
  void SetUp() override { SPMMA_NEEDS_PRESET("ampere"); }  // the default
  void expect_success(const std::string& arguments) const {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << arguments << "\n" << outcome.err;
    EXPECT_EQ(outcome.err, "") << arguments;
  }
  json report(const std::string& arguments) const {
    expect_success(arguments + " --report r.json");
    return json::parse(contents("r.json"));
  }
  /// a.npy and b.npy in fp16; A is 2:4 where `sparse`.
  void write_operands(std::int64_t m, std::int64_t n, std::int64_t k, bool sparse = false) {
    Tensor a = random_operand(random_, m, k, Format::fp16), b = random_operand(random_, k, n, Format::fp16);
    if (sparse) a = prune(Format::fp16, a);
    write("a.npy", a, Dtype::u2);
    write("b.npy", b, Dtype::u2);
  }

  std::mt19937_64 random_{4};
};

class GemmOnBackend : public GemmTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    if (rtl()) GemmTest::SetUp();
  }
  static bool rtl() { return GetParam() != std::string("golden"); }
  std::string gemm(const std::string& arguments) const {
    const std::string what = GetParam();
    return fmt::format("gemm {} {}", what == "golden" ? "--backend golden" : "--unit " + what, arguments);
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, GemmOnBackend, ::testing::Values("engine", "core", "golden"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(GemmOnBackend, EveryCombinationDenseAndSparse) {
  if (rtl()) SPMMA_NEEDS_PRESET("hopper");
  const std::int64_t m = 9, n = 5, k = 44;  // no multiple of a tile or a step
  for (const auto& [fa, fb, acc] : combinations()) {
    const Tensor dense = random_operand(random_, m, k, fa);
    const Compressed parts = compress(fa, prune(fa, dense));
    const Tensor b = random_operand(random_, k, n, fb);
    Tensor c = random_bits(random_, m, n, storage_bytes(acc));
    if (acc != Acc::s32) clear_top_exponent_bit(c);
    write("a.npy", dense, raw_dtype(fa));
    write("v.npy", parts.values, raw_dtype(fa));
    write("e.npy", parts.metadata, Dtype::u1);
    write("b.npy", b, raw_dtype(fb));
    write("c.npy", c, raw_dtype(acc));
    for (const bool sparse : {false, true}) {
      GemmProblem p{.arith = find_preset("hopper")->core.arith(), .a_format = fa, .b_format = fb, .acc = acc};
      p.sparse = sparse;
      p.a = sparse ? &parts.values : &dense;
      p.metadata = sparse ? &parts.metadata : nullptr;
      p.b = &b;
      p.c = &c;
      expect_success(
          gemm(fmt::format("--preset hopper --format {} --format-b {} --acc {} --b b.npy --c c.npy "
                           "--out d.npy --raw {}",
                           name(fa), name(fb), name(acc), sparse ? "--a v.npy --meta e.npy" : "--a a.npy --dense")));
      EXPECT_EQ(read("d.npy").tensor.data, gemm_reference(p).data)
          << name(fa) << " x " << name(fb) << " -> " << name(acc) << (sparse ? " sparse" : " dense");
    }
  }
}

TEST_P(GemmOnBackend, EveryPreset) {
  write_operands(9, 5, 20);
  const Tensor a = read("a.npy").tensor, b = read("b.npy").tensor;
  for (const Preset& preset : presets()) {
    if (rtl() && !preset_built(preset.name)) continue;
    GemmProblem p{.arith = preset.core.arith()};
    p.a = &a;
    p.b = &b;
    expect_success(gemm(fmt::format("--preset {} --format fp16 --a a.npy --b b.npy --out d.npy --raw", preset.name)));
    EXPECT_EQ(read("d.npy").tensor.data, gemm_reference(p).data) << preset.name;
  }
}

TEST_P(GemmOnBackend, ResultTypes) {
  write("i.npy", Tensor(2, 4, 1), Dtype::i1);
  write("h.npy", Tensor(2, 4, 2), Dtype::f2);
  write("ib.npy", Tensor(4, 3, 1), Dtype::i1);
  write("hb.npy", Tensor(4, 3, 2), Dtype::f2);
  const auto type = [&](const std::string& arguments) {
    expect_success(gemm(arguments + " --out d.npy"));
    return read("d.npy").dtype;
  };
  EXPECT_EQ(type("--format int8 --a i.npy --b ib.npy"), Dtype::i4);
  EXPECT_EQ(type("--format fp16 --a h.npy --b hb.npy"), Dtype::f4);
  EXPECT_EQ(type("--format fp16 --a h.npy --b hb.npy --acc f16"), Dtype::f2);
  EXPECT_EQ(type("--format int8 --a i.npy --b ib.npy --raw"), Dtype::u4);
  EXPECT_EQ(type("--format fp16 --a h.npy --b hb.npy --acc f16 --raw"), Dtype::u2);
}

TEST_P(GemmOnBackend, BatchesAndSharedOperands) {
  const Tensor a = random_bits(random_, 3, 8, 1, 2, true), b = random_bits(random_, 8, 4, 1);
  const Tensor c = random_bits(random_, 3, 4, 4, 2, true);
  write("a.npy", a, Dtype::i1);
  write("b.npy", b, Dtype::i1);
  write("c.npy", c, Dtype::i4);
  GemmProblem p{.arith = {}, .a_format = Format::int8, .b_format = Format::int8, .acc = Acc::s32};
  p.a = &a;
  p.b = &b;
  p.c = &c;
  expect_success(gemm("--format int8 --a a.npy --b b.npy --c c.npy --out d.npy"));
  EXPECT_TRUE(read("d.npy").tensor.batched);
  EXPECT_EQ(read("d.npy").tensor.batch, 2);
  EXPECT_EQ(read("d.npy").tensor.data, gemm_reference(p).data);

  // Only C has the axis.
  Tensor a0(3, 8, 1);
  a0.data.assign(a.entry(1), a.entry(1) + 24);
  write("a.npy", a0, Dtype::i1);
  p.a = &a0;
  expect_success(gemm("--format int8 --a a.npy --b b.npy --c c.npy --out d.npy"));
  EXPECT_EQ(read("d.npy").tensor.data, gemm_reference(p).data);
}

TEST_P(GemmOnBackend, NothingToAdd) {
  const Tensor c = random_bits(random_, 3, 4, 4);
  write("a.npy", Tensor(3, 0, 2), Dtype::f2);
  write("b.npy", Tensor(0, 4, 2), Dtype::f2);
  write("c.npy", c, Dtype::u4);
  expect_success(gemm("--format fp16 --a a.npy --b b.npy --c c.npy --out d.npy"));
  EXPECT_EQ(read("d.npy").tensor.data, c.data);  // bit for bit, NaNs included
  expect_success(gemm("--format fp16 --a a.npy --b b.npy --out d.npy"));
  EXPECT_EQ(read("d.npy").tensor.data, Tensor(3, 4, 4).data);
}

TEST_P(GemmOnBackend, EmptyResults) {
  struct Case {
    std::int64_t batch, m, n, k;
  };
  for (const auto& [batch, m, n, k] : {Case{1, 0, 3, 4}, Case{1, 3, 0, 4}, Case{0, 3, 3, 4}, Case{1, 0, 0, 0}}) {
    write("a.npy", Tensor(m, k, 2, batch, batch == 0), Dtype::f2);
    write("b.npy", Tensor(k, n, 2), Dtype::f2);
    expect_success(gemm("--format fp16 --a a.npy --b b.npy --out d.npy --report r.json"));
    const Tensor d = read("d.npy").tensor;
    EXPECT_EQ(d.batch, batch);
    EXPECT_EQ(d.rows, m);
    EXPECT_EQ(d.cols, n);
    EXPECT_EQ(json::parse(contents("r.json"))["macs"], 0);
  }
}

TEST_P(GemmOnBackend, SaturatesIfAsked) {
  write("a.npy", matrix(1, {{1}}), Dtype::i1);
  write("b.npy", matrix(1, {{1}}), Dtype::i1);
  write("c.npy", matrix(4, {{0x7FFFFFFF}}), Dtype::i4);
  expect_success(gemm("--format int8 --a a.npy --b b.npy --c c.npy --out d.npy"));
  EXPECT_EQ(read("d.npy").tensor.get(0, 0, 0), 0x80000000u);
  expect_success(gemm("--format int8 --a a.npy --b b.npy --c c.npy --out d.npy --saturate"));
  EXPECT_EQ(read("d.npy").tensor.get(0, 0, 0), 0x7FFFFFFFu);
}

TEST_P(GemmOnBackend, AnyMetadata) {
  Compressed parts = compress(Format::fp16, prune(Format::fp16, random_operand(random_, 5, 32, Format::fp16)));
  for (std::byte& nibble : parts.metadata.data) nibble = static_cast<std::byte>(random_() & 0xF);
  const Tensor b = random_operand(random_, 32, 3, Format::fp16);
  write("v.npy", parts.values, Dtype::u2);
  write("e.npy", parts.metadata, Dtype::u1);
  write("b.npy", b, Dtype::u2);
  GemmProblem p;
  p.sparse = true;
  p.a = &parts.values;
  p.metadata = &parts.metadata;
  p.b = &b;
  expect_success(gemm("--format fp16 --a v.npy --meta e.npy --b b.npy --out d.npy --metadata any"));
  EXPECT_EQ(read("d.npy").tensor.data, gemm_reference(p).data);
}

TEST_F(GemmTest, FormatsOfFilesDoNotMatter) {
  write_operands(3, 4, 8);
  expect_success("gemm --format fp16 --a a.npy --b b.npy --out d.npy");
  const Tensor a = read("a.npy").tensor;
  Tensor turned(8, 3, 2);
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 8; ++c) turned.set(0, c, r, a.get(0, r, c));
  }
  write("af.npy", turned, Dtype::f2);
  std::string fortran = contents("af.npy");
  fortran.replace(fortran.find("False, 'shape': (8, 3), }"), 25, "True , 'shape': (3, 8), }");
  write("af.npy", fortran);
  expect_success("gemm --format fp16 --a af.npy --b b.npy --out df.npy");
  EXPECT_EQ(contents("d.npy"), contents("df.npy"));
}

TEST_F(GemmTest, SparseIsTheDefaultWhereItFits) {
  for (const char* const preset : {"turing", "volta"}) SPMMA_NEEDS_PRESET(preset);
  const std::string line = "gemm --format fp16 --a a.npy --b b.npy --out d.npy";
  write_operands(4, 4, 8, true);
  EXPECT_EQ(report(line)["mode"], "sparse");
  EXPECT_EQ(report(line + " --dense")["mode"], "dense");
  EXPECT_EQ(report(line + " --preset volta")["mode"], "dense");
  EXPECT_EQ(report(line + " --preset turing")["mode"], "dense");
  write_operands(4, 4, 6, true);  // no whole groups
  EXPECT_EQ(report(line)["mode"], "dense");
  write_operands(4, 4, 8);
  EXPECT_EQ(report(line)["mode"], "dense");
  EXPECT_EQ(report(line + " --prune")["mode"], "sparse");
  EXPECT_EQ(report(line + " --prune --dense")["mode"], "dense");
}

TEST_F(GemmTest, PruneFlagIsThePruneVerb) {
  write_operands(5, 3, 16);
  expect_success("gemm --format fp16 --a a.npy --b b.npy --out d.npy --prune");
  expect_success("prune --format fp16 --a a.npy --out p.npy");
  expect_success("compress --format fp16 --a p.npy --values v.npy --meta e.npy");
  expect_success("gemm --format fp16 --a p.npy --b b.npy --out dp.npy");
  expect_success("gemm --format fp16 --a v.npy --meta e.npy --b b.npy --out dv.npy");
  EXPECT_EQ(contents("d.npy"), contents("dp.npy"));
  EXPECT_EQ(contents("d.npy"), contents("dv.npy"));
}

TEST_F(GemmTest, Report) {
  write_operands(20, 10, 64, true);
  for (const std::string unit : {"engine", "core"}) {
    const std::string line =
        "gemm --format fp16 --a a.npy --b b.npy --out d.npy" + (unit == "engine" ? std::string() : " --unit " + unit);
    const json r = report(line);
    const json expected = {
        {"format", "fp16"}, {"format_b", "fp16"},   {"acc", "f32"},   {"mode", "sparse"}, {"preset", "ampere"},
        {"unit", unit},     {"backend", "rtl"},     {"m", 20},        {"n", 10},          {"k", 64},
        {"batch", 1},       {"macs", 20 * 10 * 64}, {"mismatches", 0}};
    for (const auto& [key, value] : expected.items()) EXPECT_EQ(r.at(key), value) << key;
    const Preset& ampere = *find_preset("ampere");
    EXPECT_EQ(r.at("parameters").size(), (unit == "engine" ? ampere.gemm_rtl() : ampere.core.rtl()).size());
    EXPECT_EQ(r.at("parameters").at("Rows"), 8);
    const double cycles = r.at("cycles");
    EXPECT_GE(cycles, 3 * 3 * 4);  // tiles x steps
    EXPECT_EQ(r.at("cycles"), r.at("cycles_model"));
    EXPECT_DOUBLE_EQ(r.at("macs_per_cycle"), 12800 / cycles);
    EXPECT_DOUBLE_EQ(r.at("utilisation"), 12800 / (cycles * 8 * 4 * 8 * 2));
    // At least every operand once.
    EXPECT_GE(r.at("bytes_read"), 20 * 32 * 2 + 64 * 10 * 2);
    EXPECT_EQ(r.at("bytes_written"), 20 * 10 * 4);
    const std::vector<const char*> causes = unit == "engine"
                                                ? std::vector{"start", "a", "metadata", "b", "c", "d", "chain", "drain"}
                                                : std::vector{"input", "output", "core"};
    EXPECT_EQ(r.at("stall_cycles").size(), causes.size());
    for (const char* const cause : causes) EXPECT_TRUE(r.at("stall_cycles").at(cause).is_number()) << cause;
    if (unit == "engine") {
      std::int64_t sum = r.at("steps");
      for (const auto& [cause, stalled] : r.at("stall_cycles").items()) sum += stalled.get<std::int64_t>();
      EXPECT_EQ(r.at("cycles"), sum);
      EXPECT_EQ(r.at("memory").at("latency"), 100);
      EXPECT_EQ(r.at("memory").at("bandwidth"), 64);
    }
    EXPECT_GT(r.at("wall_seconds"), 0);
    EXPECT_GT(r.at("simulated_macs_per_second"), 0);
    EXPECT_EQ(r.at("rtl_hash").get<std::string>().size(), 64u);
    EXPECT_NE(r.at("verilator_version"), "unknown");
    EXPECT_TRUE(r.at("git_revision").is_string());

    const json golden = report(line + " --backend golden");
    EXPECT_TRUE(golden.at("cycles").is_null());
    EXPECT_TRUE(golden.at("utilisation").is_null());
    EXPECT_EQ(golden.at("cycles_model"), r.at("cycles"));
    for (const auto& [key, value] : r.items()) EXPECT_TRUE(golden.contains(key)) << key;
  }
}

TEST_F(GemmTest, StallsCostCyclesAndChangeNothing) {
  write_operands(20, 10, 40);
  for (const std::string unit : {"engine", "core"}) {
    const std::string line = "gemm --format fp16 --a a.npy --b b.npy --unit " + unit;
    const json plain = report(line + " --out d.npy");
    const json stalled = report(line + " --out ds.npy --stall 0.5 --seed 7");
    EXPECT_EQ(contents("d.npy"), contents("ds.npy"));
    EXPECT_GT(stalled["cycles"], plain["cycles"]);
    EXPECT_EQ(stalled["cycles_model"], plain["cycles"]);
    if (unit == "core") {
      EXPECT_GT(stalled["stall_cycles"]["input"], 0);
      EXPECT_GT(stalled["stall_cycles"]["output"], 0);
    } else {
      for (const char* const channel : {"ar", "aw", "w"}) {
        EXPECT_EQ(plain["held_cycles"][channel], 0) << channel;
        EXPECT_GT(stalled["held_cycles"][channel], 0) << channel;
      }
    }
    EXPECT_EQ(report(line + " --out ds.npy --stall 0.5 --seed 7")["cycles"], stalled["cycles"]);
    EXPECT_NE(report(line + " --out ds.npy --stall 0.5 --seed 8")["cycles"], stalled["cycles"]);
  }
}

TEST_F(GemmTest, TheMemoryCostsCyclesAndChangesNothing) {
  write_operands(20, 10, 40);
  const std::string line = "gemm --format fp16 --a a.npy --b b.npy";
  const json plain = report(line + " --out d.npy");
  const json far = report(line + " --out df.npy --memory-latency 1000");
  const json narrow = report(line + " --out dn.npy --memory-bandwidth 2");
  for (const json& r : {far, narrow}) {
    EXPECT_GT(r["cycles"], plain["cycles"]);
    EXPECT_EQ(r["cycles"], r["cycles_model"]);
    EXPECT_EQ(r["bytes_read"], plain["bytes_read"]);
  }
  EXPECT_EQ(far["memory"]["latency"], 1000);
  EXPECT_EQ(narrow["memory"]["bandwidth"], 2);
  EXPECT_EQ(contents("d.npy"), contents("df.npy"));
  EXPECT_EQ(contents("d.npy"), contents("dn.npy"));
}

TEST_F(GemmTest, UncheckedRunSaysSo) {
  write_operands(3, 3, 3);
  EXPECT_EQ(report("gemm --format fp16 --a a.npy --b b.npy --out d.npy --no-check")["checked"], false);
  EXPECT_NE(run("gemm --format fp16 --a a.npy --b b.npy --out d.npy --no-check").out.find("not checked"),
            std::string::npos);
  EXPECT_NE(run("gemm --format fp16 --a a.npy --b b.npy --out d.npy").out.find("equal to the golden model"),
            std::string::npos);
}

TEST_F(GemmTest, Waves) {
  write_operands(9, 5, 8);
  expect_success("gemm --format fp16 --a a.npy --b b.npy --out d.npy --wave w.fst");
  expect_success("gemm --format fp16 --a a.npy --b b.npy --out d.npy --wave w.vcd");
  EXPECT_NE(contents("w.vcd").find("$enddefinitions"), std::string::npos);
  EXPECT_NE(contents("w.vcd").find("m_axi_arvalid"), std::string::npos);
  EXPECT_NE(contents("w.vcd").find("in_valid_i"), std::string::npos);
  EXPECT_GT(contents("w.fst").size(), 1000u);
  EXPECT_EQ(listing().size(), 6u);  // w.gtkw beside both
}

TEST_F(GemmTest, InputMayBeOutput) {
  const Tensor c = random_bits(random_, 4, 3, 4);
  write("a.npy", Tensor(4, 0, 2), Dtype::f2);
  write("b.npy", Tensor(0, 3, 2), Dtype::f2);
  write("c.npy", c, Dtype::u4);
  expect_success("gemm --format fp16 --a a.npy --b b.npy --c c.npy --out c.npy");
  EXPECT_EQ(read("c.npy").tensor.data, c.data);
  EXPECT_EQ(listing().size(), 3u);
}

TEST_F(GemmTest, NothingElseOnStandardOutput) {
  write_operands(3, 4, 8);
  expect_success("gemm --format fp16 --a a.npy --b b.npy --out d.npy");
  EXPECT_EQ(run("gemm --format fp16 --a a.npy --b b.npy --out /dev/stdout").out, contents("d.npy"));
  EXPECT_TRUE(json::accept(run("gemm --format fp16 --a a.npy --b b.npy --out d.npy --report /dev/stdout").out));
}

TEST_F(GemmTest, InterruptLeavesNothing) {
  // A simulation of minutes, so that the signal meets it at work.
  write("a.npy", Tensor(2048, 2048, 2), Dtype::f2);
  write("b.npy", Tensor(2048, 2048, 2), Dtype::f2);
  const pid_t child = start("gemm --format fp16 --a a.npy --b b.npy --out d.npy --report r.json --wave w.fst");
  for (int i = 0; i < 600 && file_count() < 5; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_GE(file_count(), 5u);  // the outputs are being made
  ASSERT_EQ(::kill(child, SIGINT), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
  EXPECT_EQ(file_count(), 2u);
}

}  // namespace
}  // namespace spmma::test
