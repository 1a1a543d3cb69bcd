# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` installs beside the command: the golden library for find_package(spmma), the RTL, the documents.
include(CMakePackageConfigHelpers)
set(SPMMA_INSTALL_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/spmma")
set(SPMMA_INSTALL_RTLDIR "${CMAKE_INSTALL_DATADIR}/spmma/rtl")

set_target_properties(spmma_golden PROPERTIES EXPORT_NAME golden)
install(TARGETS spmma_golden EXPORT spmmaTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY golden/include/spmma DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT spmmaTargets NAMESPACE spmma:: DESTINATION "${SPMMA_INSTALL_CMAKEDIR}")

configure_package_config_file(cmake/spmmaConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/spmmaConfig.cmake"
  INSTALL_DESTINATION "${SPMMA_INSTALL_CMAKEDIR}" PATH_VARS SPMMA_INSTALL_RTLDIR)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/spmmaConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/spmmaConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/spmmaConfigVersion.cmake"
  DESTINATION "${SPMMA_INSTALL_CMAKEDIR}")

install(DIRECTORY rtl/ DESTINATION "${SPMMA_INSTALL_RTLDIR}"
  FILES_MATCHING PATTERN "*.sv" PATTERN "*.svh" PATTERN "*.f" PATTERN "*.json")
install(DIRECTORY docs/ DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
