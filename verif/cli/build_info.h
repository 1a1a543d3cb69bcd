// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace spmma::cli {

/// What this binary was built from.
struct BuildInfo {
  const char* version;
  const char* git_revision;       ///< "-dirty" where the tree had changes, "unknown" where there is no repository
  const char* rtl_hash;           ///< SHA-256 over the names and contents of the files in rtl/
  const char* verilator_version;  ///< "5.006"
  // Where it was built, to build it again when the RTL has changed.
  const char* source_dir;
  const char* build_dir;
  const char* rtl_dir;
  const char* generator;  ///< CMake's
};
extern const BuildInfo kBuildInfo;

}  // namespace spmma::cli
