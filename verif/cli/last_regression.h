// SPDX-License-Identifier: Apache-2.0
// What `spmma regress` leaves in its folder for --failed and --resume.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/output_file.h"
#include "regress/runner.h"

namespace spmma::cli {

struct LastRegression {
  std::string rtl;       ///< the other tree that ran; empty: the project's own
  std::string rtl_hash;  ///< of what was in it (BuildInfo)
  bool coverage = false;
  std::uint64_t seed = 1;
  std::int64_t seeds = 1;
  std::optional<double> minutes;  ///< that were left
  bool interrupted = false;       ///< and can be gone on with

  // What was found. Tests by name: the program that reads this need not have them.
  struct Test {
    std::string name;
    std::int64_t runs = 0, cycles = 0, dot_products = 0;
    double seconds = 0;
  };
  struct Failed {
    std::string test;
    std::uint64_t seed = 1;
    verif::Failure failure;
  };
  std::vector<Test> tests;
  std::vector<Failed> failed;
  double seconds = 0;

  std::string presets() const;  ///< of the tests, separated by commas
  void found(const verif::RegressResult& result);
  /// The same. Throws verif::InputError where this program lacks one of the tests.
  verif::RegressResult result() const;
};

/// last.json of the folder. Throws verif::InputError("FILE: what is wrong").
LastRegression read_last_regression(const std::filesystem::path& folder);
std::filesystem::path last_regression_file(const std::filesystem::path& folder);
/// To be opened before the work starts, so that a folder that cannot be written is found at once.
void write_last_regression(verif::OutputFile& file, const LastRegression& last);

}  // namespace spmma::cli
