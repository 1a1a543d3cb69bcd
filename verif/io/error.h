// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace spmma::verif {

/// Wrong usage or bad input: one line that says what is wrong and where ("FILE: what is wrong"). The command exits
/// with 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace spmma::verif
