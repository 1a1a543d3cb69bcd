// SPDX-License-Identifier: Apache-2.0
// What a failed comparison says: where, the operands in hex, expected and actual taken apart.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string>

#include "spmma/describe.h"
#include "spmma/gemm.h"
#include "spmma/tensor.h"

namespace spmma::test {

/// "[0x3c00, 0x0001]".
std::string hex_list(std::span<const std::uint32_t> bits, int bytes);

/// Operands of one step, for messages.
std::string show_step(const StepParams& p, std::span<const std::uint32_t> a, std::span<const std::uint32_t> b,
                      std::uint32_t c);

::testing::AssertionResult same_bits(Acc acc, std::uint32_t expected, std::uint32_t actual, const std::string& where);

/// Every element of D; the first difference is reported with its position and the operands of its whole chain.
::testing::AssertionResult same_matrix(const GemmProblem& p, const Tensor& expected, const Tensor& actual);

/// Position and operands of one element's chain.
std::string show_element(const GemmProblem& p, std::int64_t entry, std::int64_t row, std::int64_t col);

}  // namespace spmma::test
