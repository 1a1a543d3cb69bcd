// SPDX-License-Identifier: Apache-2.0
// Cycles of the engine's RTL against those that were recorded (tests/data/cycles.json): slower and faster both fail,
// until scripts/record_cycles.sh records the new ones.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "built_presets.h"
#include "command.h"
#include "spmma/sparse.h"

namespace spmma::test {
namespace {

using json = nlohmann::ordered_json;

class CyclesTest : public CommandTest {
 protected:
  /// The report of a case on random operands.
  json measure(const json& c) const {
    std::mt19937_64 random(1);
    const Format format = *parse_format(c["format"].get<std::string>());
    const std::int64_t m = c["m"], n = c["n"], k = c["k"];
    const bool sparse = c["mode"] == "sparse";
    const Tensor a = random_operand(random, m, k, format);
    write("a.npy", sparse ? prune(format, a) : a, raw_dtype(format));
    write("b.npy", random_operand(random, k, n, format), raw_dtype(format));
    std::string with_c;
    if (c["c"]) {
      write("c.npy", random_bits(random, m, n, 4), is_integer(format) ? raw_dtype(Acc::s32) : raw_dtype(Acc::f32));
      with_c = "--c c.npy ";
    }
    const std::string arguments = fmt::format(
        "gemm --preset {} --format {} --{} --a a.npy --b b.npy {}--out d.npy --report r.json --memory-latency {} "
        "--memory-bandwidth {}",
        c["preset"].get<std::string>(), name(format), sparse ? "sparse" : "dense", with_c, c["latency"].get<int>(),
        c["bandwidth"].get<int>());
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << arguments << "\n" << outcome.err;
    return outcome.code == 0 ? json::parse(contents("r.json")) : json();
  }
};

TEST_F(CyclesTest, AreThoseRecorded) {
  const std::string file = SPMMA_TEST_DATA "/cycles.json";
  std::ifstream in(file);
  json recorded = json::parse(in);
  const bool record = std::getenv("SPMMA_RECORD_CYCLES") != nullptr;
  for (const json& c : recorded["cases"]) SPMMA_NEEDS_PRESET(c["preset"].get<std::string>());
  for (json& c : recorded["cases"]) {
    const json report = measure(c);
    if (HasFailure()) return;
    const json& parameters = recorded["parameters"][c["preset"].get<std::string>()];
    if (record) {
      recorded["rtl_hash"] = report["rtl_hash"];
      recorded["parameters"][c["preset"].get<std::string>()] = report["parameters"];
      c["cycles"] = report["cycles"];
      continue;
    }
    EXPECT_EQ(report["parameters"], parameters) << "preset " << c["preset"];
    EXPECT_EQ(report["cycles"], c["cycles"])
        << c.dump() << "\nrecorded from RTL " << recorded["rtl_hash"] << ", this is " << report["rtl_hash"]
        << "; if the change is meant, scripts/record_cycles.sh records it";
  }
  if (!record) return;
  // A case a line, so that a change is seen where it is.
  std::ofstream out(file);
  out << "{\n  \"rtl_hash\": " << recorded["rtl_hash"] << ",\n  \"parameters\": {";
  const char* between = "\n";
  for (const auto& [preset, parameters] : recorded["parameters"].items()) {
    out << between << "    \"" << preset << "\": " << parameters;
    between = ",\n";
  }
  out << "\n  },\n  \"cases\": [";
  between = "\n";
  for (const json& c : recorded["cases"]) {
    out << between << "    " << c;
    between = ",\n";
  }
  out << "\n  ]\n}\n";
  EXPECT_TRUE(out.flush());
}

}  // namespace
}  // namespace spmma::test
