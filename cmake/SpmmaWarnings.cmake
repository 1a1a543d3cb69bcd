# SPDX-License-Identifier: Apache-2.0
# One interface target with the warnings that every C++ file of the project is built with.
# Not -Wsign-conversion: sizes and indices mix std::size_t and std::int64_t everywhere, at no risk that -Wconversion misses.
add_library(spmma_warnings INTERFACE)
target_compile_options(spmma_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
