# SPDX-License-Identifier: Apache-2.0
# Copies RTL, plants a bug in the copy, and runs the regression on it: `spmma regress --rtl` must build the copy, find
# the bug, group it, and shrink the case to one beat.
file(REMOVE_RECURSE "${WORK}")
file(COPY "${RTL}/" DESTINATION "${WORK}/rtl")
file(READ "${WORK}/rtl/spmma_dot.sv" source)
string(REPLACE " || magnitude[MagW-13:0] != '0)" ")" bad "${source}")
if(bad STREQUAL source)
  message(FATAL_ERROR "the line that the bug is planted in is not there")
endif()
file(WRITE "${WORK}/rtl/spmma_dot.sv" "${bad}")

execute_process(COMMAND "${SPMMA}" regress --rtl "${WORK}/rtl" --preset tiny --filter core.tiny --html "${WORK}/report.html" --folder "${WORK}/last"
  OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code)
foreach(expected "core: D, " "-> f16" "cut or rounding, stages 6 to 11" "1 beat, stalls: input none, output none"
        "again: spmma regress --filter core.tiny" " --rtl ${WORK}/rtl" "FAILED: ")
  string(FIND "${out}" "${expected}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "'${expected}' is not in:\n${out}\n${err}")
  endif()
endforeach()
file(READ "${WORK}/report.html" page)
if(NOT page MATCHES "<svg" OR NOT EXISTS "${WORK}/last/failure-1.fst" OR NOT EXISTS "${WORK}/last/failure-1.gtkw")
  message(FATAL_ERROR "the report shows no wave of the failure:\n${out}\n${err}")
endif()
if(NOT code EQUAL 1)
  message(FATAL_ERROR "exit code ${code}:\n${out}\n${err}")
endif()
# What failed is run again on the RTL that it failed on.
execute_process(COMMAND "${SPMMA}" regress --failed --no-shrink --no-waves --folder "${WORK}/last"
  OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code)
if(NOT code EQUAL 1 OR NOT out MATCHES "FAILED: [1-9]")
  message(FATAL_ERROR "--failed: exit code ${code}:\n${out}\n${err}")
endif()
execute_process(COMMAND "${SPMMA}" regress --rtl "${WORK}" OUTPUT_QUIET ERROR_VARIABLE err RESULT_VARIABLE code)
if(NOT code EQUAL 2 OR NOT err MATCHES "there is no spmma.f in it")
  message(FATAL_ERROR "a folder without RTL: exit code ${code}, ${err}")
endif()
