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

# SHA-256 over every source's name and contents, in the order of their names.
file(GLOB_RECURSE sources RELATIVE "${RTL}" "${RTL}/*")
list(SORT sources)
set(contents "")
foreach(source IN LISTS sources)
  file(SHA256 "${RTL}/${source}" hash)
  string(APPEND contents "${hash}  ${source}\n")
endforeach()
string(SHA256 RTL_HASH "${contents}")

set(VERILATOR_VERSION unknown)
if(VERILATOR)
  execute_process(COMMAND "${VERILATOR}" --version OUTPUT_VARIABLE answer ERROR_QUIET)
  if(answer MATCHES "Verilator ([0-9.]+)")
    set(VERILATOR_VERSION "${CMAKE_MATCH_1}")
  endif()
endif()

configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
