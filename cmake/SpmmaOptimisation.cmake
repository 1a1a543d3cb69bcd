# SPDX-License-Identifier: Apache-2.0
# For code that waits for what it calls (programs' main functions, reports, files): to optimise it takes longer than it saves.
add_library(spmma_compiled_fast INTERFACE)
target_compile_options(spmma_compiled_fast INTERFACE $<$<CONFIG:Release>:-O1>)
