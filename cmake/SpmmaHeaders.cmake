# SPDX-License-Identifier: Apache-2.0
# The headers that take a compiler seconds, read once for all targets that use {fmt} (and, in tests/, GoogleTest).
# A file still includes what it uses: scripts/tidy.sh reads it without.
function(spmma_headers target)
  cmake_parse_arguments(arg "" "" "HEADERS;LIBRARIES" ${ARGN})
  file(CONFIGURE OUTPUT ${target}.cpp CONTENT "")
  add_library(${target} STATIC "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp")
  target_link_libraries(${target} PRIVATE spmma_warnings ${arg_LIBRARIES})
  target_precompile_headers(${target} PRIVATE ${arg_HEADERS})
endfunction()

# spmma_use_headers(<headers> <folder> <library>...): every target of the folder and those below it that links all of
# these libraries reads the headers of the target <headers>, if both are compiled fast or neither is: GCC 14 refuses what
# was read at another -O.
function(spmma_use_headers headers folder)
  get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(inner IN LISTS folders)
    spmma_use_headers(${headers} "${inner}" ${ARGN})
  endforeach()
  get_target_property(headers_fast ${headers} LINK_LIBRARIES)
  list(FILTER headers_fast INCLUDE REGEX "^spmma_compiled_fast$")
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(libraries ${target} LINK_LIBRARIES)
    set(missing ${ARGN})
    if(libraries)
      list(REMOVE_ITEM missing ${libraries})
    endif()
    list(FILTER libraries INCLUDE REGEX "^spmma_compiled_fast$")
    if(NOT missing AND "${libraries}" STREQUAL "${headers_fast}")
      target_precompile_headers(${target} REUSE_FROM ${headers})
    endif()
  endforeach()
endfunction()
