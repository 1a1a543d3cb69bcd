// SPDX-License-Identifier: Apache-2.0
// Included before everything else of Verilator's run-time library, which prints through it (cmake/SpmmaVerilate.cmake).
#pragma once

#define VL_PRINTF spmma_model_print

/// printf() for a model: the text of a failed assertion is kept for take_assertion_failure(), all else goes to standard
/// output. See assertion.cpp.
__attribute__((format(printf, 1, 2))) int spmma_model_print(const char* format, ...);
