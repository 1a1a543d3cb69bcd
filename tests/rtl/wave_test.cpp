// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "core_model.h"
#include "temporary_folder.h"

namespace spmma::verif {
namespace {

class Wave : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.file(name); }
  static std::string preset() { return core_model_presets().back(); }

  static void record(const std::string& file) {
    const auto model = make_core_model(preset(), true);
    model->open_wave(file);
    model->set_in_valid(true);
    for (int i = 0; i < 20; ++i) {
      model->settle();
      model->rise();
    }
    model->close_wave();
  }

 private:
  const test::TemporaryFolder folder_;
};

TEST_F(Wave, Fst) {
  const std::string file = path("a.fst");
  record(file);
  EXPECT_GT(std::filesystem::file_size(file), 1000u);
}

TEST_F(Wave, VcdNamesThePorts) {
  const std::string file = path("a.vcd");
  record(file);
  std::ifstream in(file);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  EXPECT_THAT(text, testing::HasSubstr("in_valid_i"));
  EXPECT_THAT(text, testing::HasSubstr("$enddefinitions"));
  EXPECT_FALSE(std::filesystem::exists(file + ".fst"));
}

TEST_F(Wave, RefusesWhatItCannotWrite) {
  const auto model = make_core_model(preset(), true);
  EXPECT_THROW(model->open_wave(path("a.txt")), std::runtime_error);
  EXPECT_THROW(model->open_wave(path("no/such/folder/a.fst")), std::runtime_error);
  EXPECT_THROW(make_core_model(preset())->open_wave(path("b.fst")), std::runtime_error);
}

TEST_F(Wave, UnknownPreset) { EXPECT_THROW(make_core_model("kepler"), std::invalid_argument); }

}  // namespace
}  // namespace spmma::verif
