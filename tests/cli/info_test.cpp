// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "command.h"
#include "spmma/preset.h"

namespace spmma::test {
namespace {

class InfoTest : public CommandTest {};

TEST_F(InfoTest, JsonHoldsEveryPreset) {
  const Outcome outcome = run("info --json");
  EXPECT_EQ(outcome.code, 0);
  const auto all = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(all.at("default_preset"), "ampere");
  ASSERT_EQ(all.at("presets").size(), presets().size());
  for (std::size_t i = 0; i < presets().size(); ++i) {
    const Preset& expected = presets()[i];
    const auto& preset = all.at("presets")[i];
    EXPECT_EQ(preset.at("name"), expected.name);
    EXPECT_EQ(preset.at("sparse"), expected.core.sparse);
    for (const Format f : kFormats) {
      const std::string format(name(f));
      EXPECT_EQ(preset.at("products_per_step").contains(format), expected.core.has(f));
      if (expected.core.has(f)) {
        EXPECT_EQ(preset.at("products_per_step").at(format), expected.core.step_bytes / storage_bytes(f));
      }
    }
    EXPECT_EQ(preset.at("formats").size(), preset.at("products_per_step").size());
    const auto& parameters = preset.at("parameters").at("spmma_core");
    EXPECT_EQ(parameters.size(), expected.core.rtl().size());
    for (const auto& [key, value] : expected.core.rtl()) EXPECT_EQ(parameters.at(key), value) << key;
    const auto& engine = preset.at("parameters").at("spmma_gemm");
    EXPECT_EQ(engine.size(), expected.gemm_rtl().size());
    for (const auto& [key, value] : expected.gemm_rtl()) EXPECT_EQ(engine.at(key), value) << key;
    const auto& memory = preset.at("memory_bytes");
    EXPECT_EQ(memory.at("spmma_core").at("accumulators"),
              expected.core.acc_slots * expected.core.rows * expected.core.cols * 4);
    EXPECT_EQ(memory.at("spmma_gemm").at("accumulators"), expected.gemm.block_rows * expected.gemm.block_bytes * 4);
    for (const char* const module : {"spmma_core", "spmma_gemm"}) {
      int total = 0;
      for (const auto& [part, bytes] : memory.at(module).items()) total += part == "total" ? 0 : bytes.get<int>();
      EXPECT_EQ(memory.at(module).at("total"), total);
    }
  }
}

TEST_F(InfoTest, TextNamesEveryPreset) {
  const Outcome outcome = run("info");
  EXPECT_EQ(outcome.code, 0);
  for (const Preset& p : presets()) EXPECT_NE(outcome.out.find("\n" + p.name + ": "), std::string::npos) << p.name;
  EXPECT_NE(outcome.out.find("StepBytes=32"), std::string::npos);
}

TEST_F(InfoTest, HelpAndVersion) {
  EXPECT_TRUE(run("--version").out.starts_with("spmma "));
  EXPECT_EQ(run("--version").code, 0);
  for (const char* const verb : {"", "gemm ", "prune ", "compress ", "expand ", "explain ", "model ", "info "}) {
    const Outcome outcome = run(std::string(verb) + "--help");
    EXPECT_EQ(outcome.code, 0) << verb;
    EXPECT_NE(outcome.out.find("--help"), std::string::npos) << verb;
    EXPECT_EQ(outcome.err, "") << verb;
  }
}

}  // namespace
}  // namespace spmma::test
