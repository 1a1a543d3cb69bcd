// SPDX-License-Identifier: Apache-2.0
// Runs the command in a folder of its own and reads and writes the matrices there.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "io/npy.h"
#include "spmma/format.h"
#include "spmma/gemm.h"
#include "temporary_folder.h"

namespace spmma::test {

struct Outcome {
  int code = -1;  ///< exit status, or minus the signal that ended it
  std::string out, err;
};

class CommandTest : public ::testing::Test {
 protected:
  CommandTest();

  /// Runs the command with the words of `arguments` in the scratch folder.
  Outcome run(const std::string& arguments) const { return run_program(SPMMA_COMMAND, arguments); }
  Outcome run_program(const std::string& program, const std::string& arguments) const;
  /// Starts it; the caller waits for it.
  pid_t start(const std::string& arguments) const;
  std::string said() const;  ///< by the last one on standard error

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const Tensor& t, verif::Dtype dtype) const;
  void write(const std::string& name, const std::string& bytes) const;
  verif::Npy read(const std::string& name) const { return verif::read_npy(path(name)); }
  std::string contents(const std::string& name) const;
  /// Names and contents of all there is in the folder.
  std::map<std::string, std::string> listing() const;
  std::size_t file_count() const;

 private:
  const TemporaryFolder temporary_;
  const std::string folder_ = temporary_.file("work");  ///< where it runs; what it says lies beside
};

/// The .npy type that a format or accumulator is kept in as raw bits (int8: as itself).
verif::Dtype raw_dtype(Format f);
verif::Dtype raw_dtype(Acc acc);

/// Any bits at all, NaNs, infinities and subnormals included.
Tensor random_bits(std::mt19937_64& random, std::int64_t rows, std::int64_t cols, int elem_bytes,
                   std::int64_t batch = 1, bool batched = false);

/// Makes floating-point elements finite and below 2, so that a sum of many is no NaN.
void clear_top_exponent_bit(Tensor& t);
/// Finite bits of a format: any integer, any float below 2.
Tensor random_operand(std::mt19937_64& random, std::int64_t rows, std::int64_t cols, Format f);

/// A matrix of the given bits.
Tensor matrix(int elem_bytes, const std::vector<std::vector<std::uint32_t>>& rows);

/// All legal combinations of formats.
struct Combination {
  Format a, b;
  Acc acc;
};
std::vector<Combination> combinations();

}  // namespace spmma::test
