# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT from TEMPLATE: VERSION, the git revision of SOURCE, a hash over RTL and Verilator's version.
set(GIT_REVISION unknown)
find_program(GIT git)
if(GIT)
  execute_process(
    COMMAND "${GIT}" -c "safe.directory=${SOURCE}" -C "${SOURCE}" describe --always --dirty --abbrev=40 --exclude=*
    OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(GIT_REVISION "${revision}")
  endif()
endif()

include("${CMAKE_CURRENT_LIST_DIR}/rtl_hash.cmake")
rtl_hash("${RTL}" RTL_HASH)

set(VERILATOR_VERSION unknown)
if(VERILATOR)
  execute_process(COMMAND "${VERILATOR}" --version OUTPUT_VARIABLE answer ERROR_QUIET)
  if(answer MATCHES "Verilator ([0-9.]+)")
    set(VERILATOR_VERSION "${CMAKE_MATCH_1}")
  endif()
endif()

configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
