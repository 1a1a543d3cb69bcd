# SPDX-License-Identifier: Apache-2.0
# Copies RTL, plants a bug in the copy, and runs the regression on it: `spmma regress --rtl` must build the copy, find
# the bug, group it, and shrink the case to one beat.
file(REMOVE_RECURSE "${WORK}")
file(COPY "${RTL}/" DESTINATION "${WORK}/rtl")
file(READ "${WORK}/rtl/spmma_ctrl.sv" source)
string(REPLACE "else bytes = {1'b0, len_i, 1'b0};" "else bytes = {1'b0, len_i, 1'b1};" bad "${source}")
if(bad STREQUAL source)
  message(FATAL_ERROR "the line that the bug is planted in is not there")
endif()
file(WRITE "${WORK}/rtl/spmma_ctrl.sv" "${bad}")

execute_process(COMMAND "${SPMMA}" regress --rtl "${WORK}/rtl" --preset tiny --filter core.tiny --folder "${WORK}/last"
  OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code)
foreach(expected "core: D, fp16 x fp16" "first step" "1 beat, stalls: input none, output none"
        "again: spmma regress --filter core.tiny" "FAILED: ")
  string(FIND "${out}" "${expected}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "'${expected}' is not in:\n${out}\n${err}")
  endif()
endforeach()
if(NOT code EQUAL 1)
  message(FATAL_ERROR "exit code ${code}:\n${out}\n${err}")
endif()
execute_process(COMMAND "${SPMMA}" regress --rtl "${WORK}" OUTPUT_QUIET ERROR_VARIABLE err RESULT_VARIABLE code)
if(NOT code EQUAL 2 OR NOT err MATCHES "there is no spmma.f in it")
  message(FATAL_ERROR "a folder without RTL: exit code ${code}, ${err}")
endif()
