// SPDX-License-Identifier: Apache-2.0
// Raw bits as people read them: value and fields. For `spmma explain` and for messages about mismatches.
#pragma once

#include <cstdint>
#include <string>

#include "spmma/format.h"

namespace spmma {

/// "0x3f800000 = 1 (sign 0, exponent 127-127=0, fraction 0x000000)": bits, value, then the stored exponent field less
/// the bias and the stored fraction. Subnormals show field 0 with the smallest normal exponent; a TF32 value shows
/// its ten fraction bits after the bits of the container. Integers: "0x80 = -128".
std::string describe(Format f, std::uint32_t bits);
std::string describe(Acc a, std::uint32_t bits);

}  // namespace spmma
