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
# these libraries reads the headers of the target <headers>.
function(spmma_use_headers headers folder)
  get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(inner IN LISTS folders)
    spmma_use_headers(${headers} "${inner}" ${ARGN})
  endforeach()
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(libraries ${target} LINK_LIBRARIES)
    set(missing ${ARGN})
    if(libraries)
      list(REMOVE_ITEM missing ${libraries})
    endif()
    if(NOT missing)
      target_precompile_headers(${target} REUSE_FROM ${headers})
    endif()
  endforeach()
endfunction()
