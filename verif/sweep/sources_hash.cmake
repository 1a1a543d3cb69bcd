# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT, which defines sources_hash(): SHA-256 over the names and contents of FILES.
set(contents "")
foreach(file IN LISTS FILES)
  file(SHA256 "${file}" hash)
  cmake_path(GET file FILENAME name)
  string(APPEND contents "${hash} ${name}\n")
endforeach()
string(SHA256 hash "${contents}")
file(WRITE "${OUTPUT}" "#include \"sweep/hash.h\"\n\n"
     "const char* spmma::sweep::sources_hash() { return \"${hash}\"; }\n")
