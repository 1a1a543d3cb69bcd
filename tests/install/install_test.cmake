# SPDX-License-Identifier: Apache-2.0
# Run by CTest (CMakeLists.txt): any step that fails stops it with an error.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/built")
# An installed tree may be moved.
file(RENAME "${WORK}/built" "${WORK}/prefix")

run("${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${WORK}/consumer" -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${CXX}"
  "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DSPMMA_VERSION=${VERSION}")
run("${CMAKE_COMMAND}" --build "${WORK}/consumer")
run("${WORK}/consumer/consumer")
if(COMMAND)
  run("${WORK}/prefix/bin/spmma" --version)
endif()
