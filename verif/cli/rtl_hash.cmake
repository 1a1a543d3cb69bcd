# SPDX-License-Identifier: Apache-2.0
# rtl_hash(DIR OUT): SHA-256 over every source's name and contents, in the order of their names. As a script, fails if
# that of RTL is not EXPECTED.
function(rtl_hash dir out)
  file(GLOB_RECURSE sources RELATIVE "${dir}" "${dir}/*")
  list(SORT sources)
  set(contents "")
  foreach(source IN LISTS sources)
    file(SHA256 "${dir}/${source}" hash)
    string(APPEND contents "${hash}  ${source}\n")
  endforeach()
  string(SHA256 hash "${contents}")
  set(${out} "${hash}" PARENT_SCOPE)
endfunction()

if(DEFINED EXPECTED)
  rtl_hash("${RTL}" actual)
  if(NOT actual STREQUAL EXPECTED)
    message(FATAL_ERROR "${RTL} has changed")
  endif()
endif()
