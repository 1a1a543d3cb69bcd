# SPDX-License-Identifier: Apache-2.0
# Another tree of RTL under the same C++ code (spmma --rtl): the libraries are made of another build's objects, so that
# only models are compiled.
include_guard(GLOBAL)

set(SPMMA_OBJECTS_OF "" CACHE PATH "A build folder of the same code, whose objects are taken where they are current")

# spmma_objects_current(<out>): whether the objects of SPMMA_OBJECTS_OF are what compiling here would give: no file of
# the code is newer than the command that was linked of them, and compiler, options and presets are the same.
function(spmma_objects_current out)
  set(${out} NO PARENT_SCOPE)
  set(command "${SPMMA_OBJECTS_OF}/verif/cli/spmma")
  if(NOT EXISTS "${command}" OR NOT EXISTS "${SPMMA_OBJECTS_OF}/CMakeCache.txt")
    return()
  endif()
  set(decisive CMAKE_CXX_COMPILER CMAKE_CXX_FLAGS CMAKE_BUILD_TYPE SPMMA_COVERAGE)
  load_cache("${SPMMA_OBJECTS_OF}" READ_WITH_PREFIX other_ ${decisive} SPMMA_RTL_DIR)
  foreach(variable IN LISTS decisive)
    if(NOT "${${variable}}" STREQUAL "${other_${variable}}")
      return()
    endif()
  endforeach()
  set(presets "${other_SPMMA_RTL_DIR}/presets.json")  # embedded in the golden model
  if(NOT EXISTS "${presets}")
    return()
  endif()
  file(SHA256 "${presets}" theirs)
  file(SHA256 "${SPMMA_RTL_DIR}/presets.json" ours)
  if(NOT ours STREQUAL theirs)
    return()
  endif()
  file(GLOB_RECURSE code "${PROJECT_SOURCE_DIR}/golden/*" "${PROJECT_SOURCE_DIR}/verif/*")
  list(FILTER code EXCLUDE REGEX "/verif/(faults|bench)/")
  list(FILTER code INCLUDE REGEX "\\.(cpp|h|in)$")
  list(APPEND code "${presets}" "${PROJECT_SOURCE_DIR}/CMakeLists.txt" "${PROJECT_SOURCE_DIR}/cmake/SpmmaOptimisation.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/SpmmaWarnings.cmake")
  foreach(file IN LISTS code)
    if("${file}" IS_NEWER_THAN "${command}")
      return()
    endif()
  endforeach()
  set(${out} YES PARENT_SCOPE)
endfunction()

# spmma_take_objects(<library>...): makes these libraries of the other build's objects. A source of which there is none,
# and one that this build generates, is compiled here.
function(spmma_take_objects)
  foreach(library IN LISTS ARGN)
    get_target_property(folder ${library} SOURCE_DIR)
    file(RELATIVE_PATH place "${PROJECT_SOURCE_DIR}" "${folder}")
    get_target_property(sources ${library} SOURCES)
    set(objects "")
    foreach(source IN LISTS sources)
      # As CMake names objects: below the target's folder, or by the whole path.
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${folder}" OUTPUT_VARIABLE path)
      cmake_path(IS_PREFIX folder "${path}" inside)
      if(inside)
        file(RELATIVE_PATH path "${folder}" "${path}")
      endif()
      set(object "${SPMMA_OBJECTS_OF}/${place}/CMakeFiles/${library}.dir/${path}.o")
      if(EXISTS "${object}")
        set(source "${object}")
      endif()
      list(APPEND objects "${source}")
    endforeach()
    set_target_properties(${library} PROPERTIES SOURCES "${objects}" LINKER_LANGUAGE CXX)
  endforeach()
endfunction()
