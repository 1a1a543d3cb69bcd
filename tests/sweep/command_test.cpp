// SPDX-License-Identifier: Apache-2.0
// `spmma sweep` itself: bad input, and small points from RTL to results. The cache is shared by the tests, so that a
// model is built once.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "command.h"

namespace spmma::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class SweepCommand : public CommandTest {
 protected:
  /// The smallest points there are, in seconds.
  static std::string small(const std::string& more) {
    return "sweep --base tiny --formats int8 --gemm 6x5x32 --no-synthesis -j 1 " + more;
  }
  static std::string shared() { return std::string(" --folder ") + SPMMA_SWEEP_WORK; }

  static std::vector<Json> records(const std::string& text) {
    std::vector<Json> all;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) all.push_back(Json::parse(line));
    return all;
  }
  /// A copy of the RTL with one text replaced in one file.
  std::string changed_rtl(const std::string& file, const std::string& from, const std::string& to) const {
    const std::string folder = path("rtl");
    fs::copy(SPMMA_RTL_DIR, folder, fs::copy_options::recursive);
    std::ifstream in(folder + "/" + file);
    std::ostringstream text;
    text << in.rdbuf();
    std::string contents = text.str();
    const std::size_t at = contents.find(from);
    EXPECT_NE(at, std::string::npos);
    if (at != std::string::npos) contents.replace(at, from.size(), to);
    std::ofstream(folder + "/" + file) << contents;
    return folder;
  }
};

/// The least that a cell library has.
constexpr const char* kCells =
    "library (l) {\n"
    "  cell (BUF) { area : 1; pin (A) { direction : input; capacitance : 1; }\n"
    "    pin (Y) { direction : output; function : \"A\"; max_capacitance : 1; } }\n"
    "  cell (DFF) { area : 1; ff (IQ, IQN) { clocked_on : \"C\"; next_state : \"D\"; } }\n"
    "}\n";

struct Bad {
  const char* arguments;
  const char* says;
};

TEST_F(SweepCommand, BadInputIsOneLineAndNoFile) {
  write("broken.yaml", "rows: [4\n");
  write("garbage.lib", "garbage\n");
  write("other.jsonl",
        "{\"version\": 99, \"key\": 1, \"status\": \"ok\", \"parameters\": {}, \"unit\": \"core\", "
        "\"workload\": {}}\n");
  const auto before = listing();
  for (const Bad& bad : std::vector<Bad>{
           {"sweep --rows 4", "a workload is required"},
           {"sweep --rows 4:2 --workload digits", "--rows: '4:2' runs backwards"},
           {"sweep --rows 4 --where 'rows>4' --workload digits", "the space is empty"},
           {"sweep --rows 65 --workload digits", "no point of the space can be measured: Rows = 65"},
           {"sweep --formats int8 --workload digits",
            "no point of the space can be measured: it runs none of the digit"},
           {"sweep --sparse 0 --sparse-only --gemm 8x8x8", "it runs none of the GEMMs in its formats, as 2:4"},
           {"sweep --sparse-only --formats int8 --gemm 8x8x6", "it runs none of the GEMMs in its formats, as 2:4"},
           {"sweep --gemm 8x8x8 --liberty garbage.lib", "garbage.lib: line 1: is not a liberty file"},
           {"sweep --formats fp17 --workload digits", "'fp17' is not a format"},
           {"sweep --where colour --workload digits", "'colour' is not an axis"},
           {"sweep --base kepler --workload digits", "--base kepler: no such preset"},
           {"sweep --unit chip --workload digits", "--unit chip"},
           {"sweep --k-bytes 64 --workload digits", "--k-bytes needs --unit engine"},
           {"sweep --workload letters", "--workload letters"},
           {"sweep --gemm 8x8", "'8x8' is not MxNxK"},
           {"sweep --gemm 8x8x0", "0 is not a size"},
           {"sweep --gemm 8x8x8 --workload digits", "does not go with"},
           {"sweep --gemm 8x8x8 --digits 4", "--digits needs"},
           {"sweep --workload digits --digits 361 --no-synthesis", "--digits 361: 1 to 360 are there"},
           {"sweep --workload digits --digits 0 --no-synthesis", "--digits 0: 1 to 360 are there"},
           {"sweep --gemm 8x8x8 --clock 0", "'0' is not a period"},
           {"sweep --gemm 8x8x8 --liberty no.lib", "--liberty no.lib: there is no such file"},
           {"sweep --gemm 8x8x8 --rtl no/rtl", "--rtl no/rtl"},
           {"sweep --gemm 8x8x8 --dense-only --sparse-only", "--dense-only does not go with --sparse-only"},
           {"sweep --gemm 8x8x8 --executor pigeon --no-synthesis", "--executor pigeon"},
           {"sweep --gemm 8x8x8 --compare other.jsonl --no-synthesis", "line 1: is of version 99"},
           {"sweep --space broken.yaml --gemm 8x8x8", "broken.yaml: line"},
           {"sweep --space missing.json --gemm 8x8x8", "missing.json: No such file"},
           {"sweep --resume", "there is no sweep to go on with"},
           {"sweep --resume --dry-run", "--dry-run excludes --resume"},
           {"sweep --rows 2 --resume", "--rows excludes --resume"},
           {"sweep --gemm 8x8x8 --no-synthesis --liberty none", "--liberty excludes --no-synthesis"},
           {"sweep --gemm 8x8x8 --no-synthesis --clock 4", "--clock excludes --no-synthesis"},
           {"sweep --gemm 8x8x8 --no-synthesis --paths", "--paths excludes --no-synthesis"},
           {"sweep --gemm 8x8x8 --no-synthesis --partition p", "--partition needs --executor slurm"},
           {"sweep --gemm 8x8x8 --no-synthesis --margin 2", "--margin requires --compare"},
           {"sweep --rows", "--rows"}}) {
    std::string arguments = bad.arguments;
    std::erase(arguments, '\'');
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(bad.says)) << arguments;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_EQ(listing(), before) << arguments;
  }
}

TEST_F(SweepCommand, AMissingToolIsNamedWithItsPackage) {
  struct Missing {
    const char* tool;
    const char* says;
  };
  for (const Missing& missing : {Missing{"verilator", "verilator is missing (Debian package verilator)"},
                                 {"make", "make is missing (Debian package make)"},
                                 {"g++", "g++ is missing (Debian package g++)"},
                                 {"yosys", "yosys is missing (Debian package yosys)"},
                                 {"sta", "sta is missing (Debian package opensta)"}}) {
    const std::string folder = std::string("without ") + missing.tool;
    fs::create_directories(path(folder));
    for (const char* tool : {"verilator", "make", "g++", "yosys", "sta"}) {
      if (std::string_view(tool) == missing.tool) continue;
      write(folder + "/" + tool, "#!/bin/sh\necho version 1\n");
      fs::permissions(path(folder + "/" + tool), fs::perms::owner_all);
    }
    write("cells.lib", kCells);
    write("run.sh",
          fmt::format("PATH='{}' '{}' sweep --gemm 8x8x8 --liberty cells.lib\n", path(folder), SPMMA_COMMAND));
    const Outcome outcome = run_program("/bin/sh", "run.sh");
    EXPECT_EQ(outcome.code, 2) << missing.tool;
    EXPECT_EQ(outcome.err, fmt::format("spmma: {}\n", missing.says));
    EXPECT_FALSE(fs::exists(path("spmma-sweep")));
  }
}

TEST_F(SweepCommand, AnEmptyValueIsNone) {
  for (const char* option : {"--rows", "--where", "--tags", "--clock", "--liberty", "--folder", "--gemm"}) {
    write("run.sh", fmt::format("'{}' sweep --gemm 8x8x8 --dry-run {} ''\n", SPMMA_COMMAND, option));
    const Outcome outcome = run_program("/bin/sh", "run.sh");
    EXPECT_EQ(outcome.code, 2) << option;
    EXPECT_EQ(outcome.err, fmt::format("spmma: {}: has no value\n", option));
  }
}

TEST_F(SweepCommand, DryRunPrintsThePointsAndWhichCannotBeBuilt) {
  const Outcome outcome = run("sweep --rows 1,2 --step-bytes 8,12 --dry-run");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("--rows 1 --step-bytes 8\n"));
  EXPECT_THAT(outcome.out, HasSubstr("--rows 2 --step-bytes 12  cannot be measured: StepBytes = 12"));
  EXPECT_THAT(outcome.out, HasSubstr("4 points, 2 of which cannot be measured"));
  EXPECT_EQ(file_count(), 0U);
}

TEST_F(SweepCommand, PointsAreMeasuredCheckedAndRemembered) {
  const std::string arguments =
      small("--step-bytes 8,12 --tags a,b --out r.jsonl --csv r.csv --html r.html" + shared());
  const Outcome first = run(arguments);
  ASSERT_EQ(first.code, 0) << first.err;
  const auto all = records(contents("r.jsonl"));
  ASSERT_EQ(all.size(), 2U);
  const Json& ok = all[0];
  EXPECT_EQ(ok["status"], "ok");
  EXPECT_EQ(ok["parameters"]["StepBytes"], 8);
  EXPECT_EQ(ok["tags"], Json({"a", "b"}));
  ASSERT_EQ(ok["simulation"]["cases"].size(), 2U) << "dense and sparse";
  EXPECT_EQ(ok["simulation"]["mismatches"], 0);
  EXPECT_GT(ok["simulation"]["cycles"], 0);
  EXPECT_EQ(ok["simulation"]["cycles"], ok["simulation"]["cycles_model"]);
  EXPECT_EQ(ok["simulation"]["macs"], 2 * 6 * 5 * 32);
  EXPECT_GT(ok["simulation"]["speed_up"], 1.5);
  EXPECT_LE(ok["simulation"]["speed_up"], 2.0);
  EXPECT_EQ(ok["simulation"]["cycles_quickest"], ok["simulation"]["cases"][1]["cycles"]) << "the sparse one of two";
  EXPECT_EQ(ok["simulation"]["latency"], 7) << "docs/core.md: stages 1 to 11 without the four optional ones";
  EXPECT_EQ(ok["error"]["max_ulp"], 0) << "integers are exact";
  EXPECT_EQ(ok["error"]["results"], 2 * 6 * 5);
  EXPECT_EQ(all[1]["status"], "unbuildable");
  EXPECT_THAT(all[1]["reason"].get<std::string>(), HasSubstr("StepBytes = 12"));
  EXPECT_THAT(contents("r.csv"), HasSubstr("\nok,core,6x5x32,a b,1,2,8,"));
  EXPECT_THAT(contents("r.html"), HasSubstr(ok["key"].get<std::string>()));

  const Outcome second = run(arguments);
  EXPECT_THAT(second.out, HasSubstr("2 points, 2 from the cache, 0 failed"));
  EXPECT_EQ(records(contents("r.jsonl")), all);
}

TEST_F(SweepCommand, APointThatRunsNothingOfTheWorkloadIsMarkedAndTheOthersGoOn) {
  ASSERT_EQ(run(small("--step-bytes 8 --sparse 0,1 --sparse-only --out r.jsonl" + shared())).code, 0);
  const auto all = records(contents("r.jsonl"));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["status"], "unbuildable");
  EXPECT_EQ(all[0]["reason"], "it runs none of the GEMMs in its formats, as 2:4");
  EXPECT_EQ(all[1]["status"], "ok");
  EXPECT_EQ(all[1]["simulation"]["cases"].size(), 1U);
}

TEST_F(SweepCommand, CompareFailsOnlyBeyondTheMargin) {
  ASSERT_EQ(run(small("--step-bytes 8 --out r.jsonl" + shared())).code, 0);
  Json record = records(contents("r.jsonl")).at(0);
  const double cycles = record["simulation"]["cycles"];
  record["simulation"]["cycles"] = cycles * 0.97;
  write("old.jsonl", record.dump() + "\n");
  const std::string again = small("--step-bytes 8 --out r.jsonl --compare old.jsonl" + shared());
  const Outcome worse = run(again + " --margin 1");
  EXPECT_EQ(worse.code, 1);
  EXPECT_THAT(worse.out, HasSubstr("WORSE"));
  EXPECT_EQ(run(again + " --margin 5").code, 0);
}

TEST_F(SweepCommand, AppendKeepsWhatIsThere) {
  ASSERT_EQ(run(small("--step-bytes 8 --tags one --out r.jsonl" + shared())).code, 0);
  ASSERT_EQ(run(small("--step-bytes 8 --tags two --append --out r.jsonl" + shared())).code, 0);
  EXPECT_EQ(records(contents("r.jsonl")).size(), 2U);
  ASSERT_EQ(run(small("--step-bytes 8 --tags two --append --out r.jsonl" + shared())).code, 0);
  EXPECT_EQ(records(contents("r.jsonl")).size(), 2U) << "the same point with the same tags is replaced";
}

TEST_F(SweepCommand, AFullDiskLosesNothingThatWasFinished) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  const std::string arguments = small("--step-bytes 8 --acc-slots 8" + shared());
  const Outcome full = run(arguments + " --out /dev/full");
  EXPECT_EQ(full.code, 2);
  EXPECT_THAT(full.err, HasSubstr("/dev/full: cannot be written: No space left on device"));
  EXPECT_THAT(run(arguments + " --out r.jsonl").out, HasSubstr("1 points, 1 from the cache, 0 failed"));
}

TEST_F(SweepCommand, AWrongResultIsAFailedPointAndTheOthersGoOn) {
  // The sum of a step loses its lowest bit, on points of FracBits 18 alone.
  const std::string rtl =
      changed_rtl("spmma_core.sv", ".data_i ({d11,", ".data_i ({(FracBits == 18) ? d11 & ~(Rows*Cols*32)'(1) : d11,");
  const Outcome outcome = run(small("--frac-bits 18,19 --out r.jsonl --rtl " + rtl + shared()));
  EXPECT_EQ(outcome.code, 1);
  const auto all = records(contents("r.jsonl"));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["status"], "failed");
  EXPECT_THAT(all[0]["reason"].get<std::string>(), HasSubstr("differ from the golden model"));
  EXPECT_EQ(all[1]["status"], "ok");
  EXPECT_THAT(all[1]["command"].get<std::string>(), HasSubstr("spmma sweep --rows 1"));
}

TEST_F(SweepCommand, ACommandThatIsPrintedMakesTheSameRecordInAShellAndAnywhere) {
  fs::create_directories(path("a b"));
  write("a b/it's.csv", "first layer,6,5,32\n");
  write("first.sh", fmt::format("'{}' sweep --base tiny --formats int8 --no-synthesis -j 1 --layers \"a b/it's.csv\" "
                                "--out r.jsonl --folder '{}'\n",
                                SPMMA_COMMAND, SPMMA_SWEEP_WORK));
  ASSERT_EQ(run_program("/bin/sh", "first.sh").code, 0);
  const Json first = records(contents("r.jsonl")).at(0);
  write("again.sh", fmt::format("spmma() {{ '{}' \"$@\"; }}\ncd /\n{} --folder '{}' --out '{}'\n", SPMMA_COMMAND,
                                first["command"].get<std::string>(), SPMMA_SWEEP_WORK, path("again.jsonl")));
  const Outcome again = run_program("/bin/sh", "again.sh");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(records(contents("again.jsonl")).at(0), first);
}

TEST_F(SweepCommand, ARuleThatOnlyTheRtlKnowsMarksThePoint) {
  const std::string rtl = changed_rtl("spmma_core.sv", "  if (Rows < 1 ||",
                                      "  if (FracBits == 20) begin : gen_bad_mood\n"
                                      "    spmma_error_this_rtl_has_no_twenty u_error ();\n  end\n  if (Rows < 1 ||");
  const Outcome outcome = run(small("--frac-bits 20 --out r.jsonl --rtl " + rtl + shared()));
  EXPECT_EQ(outcome.code, 0);
  const auto all = records(contents("r.jsonl"));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["status"], "unbuildable");
  EXPECT_THAT(all[0]["reason"].get<std::string>(), HasSubstr("this rtl has no twenty"));
}

TEST_F(SweepCommand, AnInterruptedSweepGoesOn) {
  // The first point is in the cache; the second takes seconds to build, and meanwhile comes the interrupt.
  ASSERT_EQ(run(small("--frac-bits 18 --out r.jsonl" + shared())).code, 0);
  const std::string folder = path("own");
  fs::create_directories(folder);
  fs::copy(std::string(SPMMA_SWEEP_WORK) + "/cache", folder + "/cache", fs::copy_options::recursive);
  const pid_t child = start(small("--frac-bits 18,21,22 --out r.jsonl --folder own"));
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  ::kill(child, SIGHUP);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(records(contents("r.jsonl")).size(), 2U) << "what was finished and what was under way";
  // From another folder: the sweep's own names are those of the folder that it was begun in.
  write("elsewhere.sh", fmt::format("cd / && '{}' sweep --resume --folder '{}'\n", SPMMA_COMMAND, folder));
  const Outcome outcome = run_program("/bin/sh", "elsewhere.sh");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("3 points, 2 from the cache, 0 failed"));
  EXPECT_EQ(records(contents("r.jsonl")).size(), 3U);
}

bool there(const std::string& program) {
  for (std::string_view folder : {"/usr/bin/", "/usr/local/bin/", "/bin/"}) {
    if (fs::exists(std::string(folder) + program)) return true;
  }
  return false;
}

TEST_F(SweepCommand, SynthesisWithoutALibraryHasThePlainFigures) {
  if (!there("yosys")) GTEST_SKIP() << "yosys is not installed";
  const Outcome outcome =
      run("sweep --base tiny --formats int8 --gemm 6x5x32 -j 1 --sparse 0,1 --liberty none --out r.jsonl" + shared());
  ASSERT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("technology-free figures alone"));
  const auto all = records(contents("r.jsonl"));
  ASSERT_EQ(all.size(), 2U);
  for (const Json& record : all) {
    ASSERT_EQ(record["status"], "ok") << record["reason"];
    EXPECT_GT(record["synthesis"]["gate_equivalents"], 1000);
    EXPECT_GT(record["synthesis"]["logic_depth"], 5);
    EXPECT_LT(record["synthesis"]["logic_depth"], 120) << "a path through an instance is not one of gates";
    EXPECT_FALSE(record.contains("timing"));
    // Accumulators: 4 tiles of 2 words; flags: 4; the queue: 4 tiles with slot, flags and position.
    EXPECT_GT(record["synthesis"]["memory_bits"], 4 * 2 * 32 * 2);
  }
  EXPECT_LT(all[0]["synthesis"]["gate_equivalents"], all[1]["synthesis"]["gate_equivalents"]) << "2:4 costs something";
  EXPECT_GT(all[1]["sparsity"]["gate_equivalents_percent"], 0);
  EXPECT_THAT(outcome.out, HasSubstr("2:4 support costs"));
  EXPECT_EQ(all[0]["simulation"]["cases"].size(), 1U);
}

TEST_F(SweepCommand, ClockAreaAndPower) {
  constexpr const char* kLiberty = "/usr/share/qflow/tech/osu018/osu018_stdcells.lib";
  if (!there("yosys") || !there("sta") || !fs::exists(kLiberty)) {
    GTEST_SKIP() << "yosys, sta or the cell library of qflow-tech-osu018 is not installed";
  }
  const Outcome outcome = run("sweep --base tiny --formats int8 --gemm 6x5x32 -j 1 --paths --out r.jsonl" + shared());
  ASSERT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  const Json record = records(contents("r.jsonl")).at(0);
  const Json& synthesis = record["synthesis"];
  double area = 0;
  for (const auto& [block, part] : synthesis["area_by_block"].items()) area += part.get<double>();
  EXPECT_NEAR(area, synthesis["area"], 1e-6 * area);
  EXPECT_FALSE(synthesis["area_by_block"].contains("spmma_ram"));
  EXPECT_GT(synthesis["cells"], synthesis["flops"]);
  EXPECT_NEAR(record["timing"]["fmax_mhz"].get<double>() * record["timing"]["period_ns"].get<double>(), 1000, 0.001);
  EXPECT_NEAR(record["timing"]["of_multiplier_fmax"].get<double>() * record["timing"]["period_ns"].get<double>(),
              record["timing"]["multiplier_period_ns"], 1e-6);
  EXPECT_GT(record["timing"]["multiplier_period_ns"], 1);
  double slowest = 0;
  for (const auto& [name, period] : record["timing"]["registers"].items())
    slowest = std::max(slowest, period.get<double>());
  EXPECT_NEAR(slowest, record["timing"]["period_ns"], 1e-3);
  EXPECT_GT(record["timing"]["registers"]["u_quad.b2_q"], 0) << record["timing"]["registers"].dump(1);
  EXPECT_LT(record["timing"]["of_multiplier_fmax"], 1.1);
  EXPECT_GT(record["timing"]["multiplier_period_ns"], 3.8) << "12 x 11 bits, as in the RTL, not the 9 x 8 of integers";
  EXPECT_THAT(record["timing"]["critical_path"].at(0).get<std::string>(), HasSubstr("_q["));
  EXPECT_GT(record["power"]["total_mw"], 0);
  EXPECT_GT(record["power"]["total_mw"], record["power"]["clock_mw"]);
  EXPECT_GT(record["power"]["activity"], 0.01);
  EXPECT_LT(record["power"]["activity"], 0.5);
  EXPECT_LT(record["power"]["sparse_energy_per_mac_pj"], record["power"]["dense_energy_per_mac_pj"]);
  // The same again, from power, clock and cycles.
  const double cycles = record["simulation"]["cycles"];
  const double macs = record["simulation"]["macs"];
  const double mw = record["power"]["total_mw"];
  const double ns = record["timing"]["period_ns"];
  EXPECT_NEAR(record["power"]["energy_per_mac_pj"], mw * ns * cycles / macs, 1e-6 * mw);
}

}  // namespace
}  // namespace spmma::test
