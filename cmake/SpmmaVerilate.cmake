# SPDX-License-Identifier: Apache-2.0
# Verilated models as static libraries, built by ordinary build rules (Verilator runs at build time, in parallel and
# only when the RTL changed). Works with Verilator 5.006 and later.
include_guard(GLOBAL)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_program(SPMMA_VERILATOR verilator REQUIRED)
find_program(SPMMA_MAKE NAMES gmake make REQUIRED)
find_program(SPMMA_CCACHE ccache)
find_program(SPMMA_CLANGXX clang++)

execute_process(COMMAND "${SPMMA_VERILATOR}" --version OUTPUT_VARIABLE SPMMA_VERILATOR_VERSION
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${SPMMA_VERILATOR}" --getenv VERILATOR_ROOT OUTPUT_VARIABLE SPMMA_VERILATOR_ROOT
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
if(NOT SPMMA_VERILATOR_VERSION MATCHES "^Verilator ([0-9.]+)" OR CMAKE_MATCH_1 VERSION_LESS 5.006)
  message(FATAL_ERROR "Verilator 5.006 or later is needed, ${SPMMA_VERILATOR} says '${SPMMA_VERILATOR_VERSION}'")
endif()

# clang++ was measured to give faster models than g++; either works.
set(default_model_cxx "${CMAKE_CXX_COMPILER}")
if(SPMMA_CLANGXX)
  set(default_model_cxx "${SPMMA_CLANGXX}")
endif()
set(SPMMA_MODEL_CXX "${default_model_cxx}" CACHE STRING "C++ compiler of the verilated models")
set(SPMMA_MODEL_OPT "-O2" CACHE STRING "Optimisation of the models without waves")
set(SPMMA_TRACE_OPT "-O1" CACHE STRING "Optimisation of the models with waves, and of those that run little")

# LINE: lines, branches and cover properties are counted in the models without waves. ALL: toggles too, which makes them
# 60 times slower. ENGINE: as ALL, of the engine without the core in it. For a build folder of its own (scripts/coverage.sh).
set(SPMMA_COVERAGE OFF CACHE STRING "Coverage in the models without waves: OFF, LINE, ALL or ENGINE")
set_property(CACHE SPMMA_COVERAGE PROPERTY STRINGS OFF LINE ALL ENGINE)
if(NOT SPMMA_COVERAGE MATCHES "^(OFF|LINE|ALL|ENGINE)$")
  message(FATAL_ERROR "SPMMA_COVERAGE is OFF, LINE, ALL or ENGINE, not '${SPMMA_COVERAGE}'")
endif()

# One model at a time, each compiled on all cores: many compilers at once would need too much memory.
cmake_host_system_information(RESULT SPMMA_MODEL_JOBS QUERY NUMBER_OF_LOGICAL_CORES)
set_property(GLOBAL APPEND PROPERTY JOB_POOLS spmma_models=1)

set(SPMMA_RTL_DIR "${PROJECT_SOURCE_DIR}/rtl" CACHE PATH "RTL sources, with spmma.f and presets.json")
file(GLOB_RECURSE SPMMA_RTL_FILES CONFIGURE_DEPENDS
  "${SPMMA_RTL_DIR}/*.sv" "${SPMMA_RTL_DIR}/*.svh" "${SPMMA_RTL_DIR}/spmma.f")

# The run-time library of all models, compiled once. Waves are compiled in; a model without them does not use it.
add_library(spmma_verilated STATIC
  "${PROJECT_SOURCE_DIR}/verif/model/assertion.cpp"
  "${SPMMA_VERILATOR_ROOT}/include/verilated.cpp"
  "${SPMMA_VERILATOR_ROOT}/include/verilated_cov.cpp"
  "${SPMMA_VERILATOR_ROOT}/include/verilated_dpi.cpp"
  "${SPMMA_VERILATOR_ROOT}/include/verilated_fst_c.cpp"
  "${SPMMA_VERILATOR_ROOT}/include/verilated_threads.cpp")
target_include_directories(spmma_verilated SYSTEM PUBLIC "${SPMMA_VERILATOR_ROOT}/include" "${SPMMA_VERILATOR_ROOT}/include/vltstd")
target_compile_definitions(spmma_verilated PUBLIC VM_TRACE=1 VM_TRACE_FST=1 VM_COVERAGE=$<NOT:$<STREQUAL:${SPMMA_COVERAGE},OFF>> VM_SC=0)
target_compile_definitions(spmma_verilated PRIVATE VL_USER_STOP)  # verif/model/assertion.cpp has its own
target_compile_options(spmma_verilated PRIVATE -w "SHELL:-include ${PROJECT_SOURCE_DIR}/verif/model/model_print.h")
target_link_libraries(spmma_verilated PUBLIC Threads::Threads ZLIB::ZLIB)

# spmma_preset_names(<out>): the names of rtl/presets.json in file order.
function(spmma_preset_names out)
  file(READ "${SPMMA_RTL_DIR}/presets.json" json)
  string(JSON count LENGTH "${json}" presets)
  math(EXPR last "${count} - 1")
  set(names "")
  foreach(i RANGE ${last})
    string(JSON name GET "${json}" presets ${i} name)
    list(APPEND names "${name}")
  endforeach()
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

# spmma_preset_parameters(<preset> <block> <out>): "Name=value" for each parameter of `block` ("core", ...).
function(spmma_preset_parameters preset block out)
  file(READ "${SPMMA_RTL_DIR}/presets.json" json)
  spmma_preset_names(names)
  list(FIND names "${preset}" index)
  if(index EQUAL -1)
    message(FATAL_ERROR "rtl/presets.json has no preset '${preset}'")
  endif()
  string(JSON count LENGTH "${json}" presets ${index} ${block})
  math(EXPR last "${count} - 1")
  set(parameters "")
  foreach(i RANGE ${last})
    string(JSON key MEMBER "${json}" presets ${index} ${block} ${i})
    string(JSON value GET "${json}" presets ${index} ${block} ${key})
    list(APPEND parameters "${key}=${value}")
  endforeach()
  set(${out} "${parameters}" PARENT_SCOPE)
endfunction()

# spmma_block_parameters(<preset> <core|gemm> <out>): "Name=value" for each parameter of spmma_core, spmma_gemm.
function(spmma_block_parameters preset block out)
  spmma_preset_parameters(${preset} core parameters)
  if("${block}" STREQUAL "gemm")
    list(FILTER parameters EXCLUDE REGEX "^(AccSlots|OutDepth)=")  # the engine chooses these two of its core itself
    spmma_preset_parameters(${preset} gemm gemm_parameters)
    list(PREPEND parameters ${gemm_parameters})
  endif()
  set(${out} "${parameters}" PARENT_SCOPE)
endfunction()

# spmma_verilate(<target> TOP <module> [TRACE] [BRIEF] [PARAMETERS <Name=value>...] [SOURCES <file.sv>...] [NETLIST <file.v>]
#   [FLAGS <flag>...])
# An imported library <target> whose class is V<target>: one RTL module with one set of parameters, with or without
# waves (FST). Concurrent assertions are live. SOURCES are files of rtl/ for a module alone, instead of all in spmma.f;
# NETLIST is a Yosys netlist instead of any. FLAGS come after Verilator's own. A model that runs little is BRIEF: compiled
# in less time.
function(spmma_verilate target)
  cmake_parse_arguments(arg "TRACE;BRIEF" "TOP;NETLIST" "PARAMETERS;SOURCES;FLAGS" ${ARGN})
  set(prefix "V${target}")
  set(dir "${CMAKE_CURRENT_BINARY_DIR}/${target}")
  set(archive "${dir}/${prefix}__ALL.a")
  file(MAKE_DIRECTORY "${dir}")

  # Small C++ files: they compile in parallel, but for models of many small functions, which as one file take half the
  # processor time (a netlist) to a tenth of it (Verilator's -O0).
  set(flags --cc --prefix ${prefix} --top-module ${arg_TOP} --Mdir "${dir}" -Wall --assert -O3
    --x-assign fast --x-initial unique --output-split 12000)
  set(opt "${SPMMA_MODEL_OPT}")
  set(parallel 1)
  if(arg_BRIEF OR arg_NETLIST)
    set(parallel 0)
  endif()
  if(arg_BRIEF)
    set(opt "${SPMMA_TRACE_OPT}")
  endif()
  if(arg_TRACE)
    list(APPEND flags --trace-fst --trace-structs)
    set(opt "${SPMMA_TRACE_OPT}")
  elseif(NOT SPMMA_COVERAGE STREQUAL OFF)
    # A block that is split counts a branch by what its variables were before; a model whose flops can be set has functions of
    # parameters that elsewhere are folded.
    list(APPEND flags --coverage-user -fno-split -fno-reorder)
    if(NOT arg_FLAGS MATCHES "public")
      list(APPEND flags --coverage-line)
    endif()
    if(NOT SPMMA_COVERAGE STREQUAL LINE)
      list(APPEND flags --coverage-toggle)
      set(opt "${SPMMA_TRACE_OPT}")
    endif()
    if(SPMMA_COVERAGE STREQUAL ENGINE)
      list(APPEND flags "${PROJECT_SOURCE_DIR}/verif/coverage/engine_only.vlt")
    endif()
  endif()
  list(TRANSFORM arg_PARAMETERS PREPEND "-G")
  set(sources -F "${SPMMA_RTL_DIR}/spmma.f")
  if(arg_SOURCES)
    list(TRANSFORM arg_SOURCES PREPEND "${SPMMA_RTL_DIR}/" OUTPUT_VARIABLE sources)
  endif()
  set(depends ${SPMMA_RTL_FILES})
  if(arg_NETLIST)
    # What Verilator says of the style of a netlist does not matter; its DFG pass miscompiles one in 5.006.
    list(APPEND flags -Wno-fatal -Wno-lint -Wno-style -Wno-UNOPTFLAT -fno-dfg)
    set(sources "${arg_NETLIST}")
    set(depends "${arg_NETLIST}")
  endif()

  add_custom_command(OUTPUT "${dir}/${prefix}.mk" "${dir}/${prefix}.h"
    COMMAND "${CMAKE_COMMAND}" -E rm -rf "${dir}"
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${dir}"
    COMMAND "${SPMMA_VERILATOR}" ${flags} ${arg_FLAGS} ${arg_PARAMETERS} "-I${SPMMA_RTL_DIR}" ${sources}
    COMMAND "${CMAKE_COMMAND}" -E touch "${dir}/${prefix}.mk" "${dir}/${prefix}.h"
    DEPENDS ${depends}
    COMMENT "Verilating ${target}" VERBATIM)
  add_custom_command(OUTPUT "${archive}"
    COMMAND "${SPMMA_MAKE}" -s -C "${dir}" -f ${prefix}.mk -j ${SPMMA_MODEL_JOBS} ${prefix}__ALL.a
      "VERILATOR_ROOT=${SPMMA_VERILATOR_ROOT}" "CXX=${SPMMA_MODEL_CXX}" "OBJCACHE=$<$<BOOL:${SPMMA_CCACHE}>:${SPMMA_CCACHE}>"
      "OPT_FAST=${opt}" OPT_SLOW=-O0 VM_PARALLEL_BUILDS=${parallel}
    COMMAND "${CMAKE_COMMAND}" -E touch "${archive}"
    DEPENDS "${dir}/${prefix}.mk"
    JOB_POOL spmma_models
    COMMENT "Compiling ${target}" VERBATIM)

  add_custom_target(${target}_build DEPENDS "${archive}" "${dir}/${prefix}.h")
  add_library(${target} STATIC IMPORTED GLOBAL)
  add_dependencies(${target} ${target}_build)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION "${archive}"
    INTERFACE_INCLUDE_DIRECTORIES "${dir}"
    INTERFACE_LINK_LIBRARIES spmma_verilated)
endfunction()
