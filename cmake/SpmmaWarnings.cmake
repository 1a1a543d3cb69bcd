# SPDX-License-Identifier: Apache-2.0
# One interface target with the warnings that every C++ file of the project is built with.
add_library(spmma_warnings INTERFACE)
target_compile_options(spmma_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
