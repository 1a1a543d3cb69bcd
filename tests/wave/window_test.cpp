// SPDX-License-Identifier: Apache-2.0
// A wave holds the cycles of its window, and no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <vector>

#include "core_model.h"
#include "gemm_model.h"
#include "temporary_folder.h"

namespace spmma::verif {
namespace {

struct Recorded {
  std::vector<std::int64_t> times;
  std::size_t variables = 0;
  std::size_t first_values = 0;  ///< given at the first time
};

Recorded read(const std::string& path) {
  Recorded recorded;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("$var")) ++recorded.variables;
    if (line.starts_with('#')) recorded.times.push_back(std::stoll(line.substr(1)));
    if (!line.empty() && std::string_view("01b").find(line[0]) != std::string_view::npos &&
        recorded.times.size() == 1) {
      ++recorded.first_values;
    }
  }
  return recorded;
}

template <class Model>
Recorded record(Model& model, WaveWindow window) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("window.vcd");
  model.open_wave(path, window);
  while (model.cycle() < 50) {
    model.settle();
    model.rise();
  }
  model.close_wave();
  return read(path);
}

template <class Model>
void expect_window(Model& model) {
  const Recorded recorded = record(model, {.from = 20, .to = 23});
  ASSERT_FALSE(recorded.times.empty());
  EXPECT_EQ(recorded.times.front(), 41);
  EXPECT_EQ(recorded.times.back(), 48);
  EXPECT_GT(recorded.variables, 100u);
  // Every signal has a value from the first moment on; several names share one.
  EXPECT_GT(recorded.first_values, 50u);
}

TEST(WaveWindow, Core) { expect_window(*make_core_model(core_model_presets().back(), true)); }
TEST(WaveWindow, Engine) { expect_window(*make_gemm_model(gemm_model_presets().back(), true)); }

TEST(WaveWindow, HoldsBothEnds) {
  const WaveWindow window{.from = 3, .to = 5};
  EXPECT_FALSE(window.holds(2));
  EXPECT_TRUE(window.holds(3));
  EXPECT_TRUE(window.holds(5));
  EXPECT_FALSE(window.holds(6));
  EXPECT_TRUE(WaveWindow{}.holds(0));
}

}  // namespace
}  // namespace spmma::verif
