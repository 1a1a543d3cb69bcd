#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs clang-tidy (.clang-tidy) on the library and the harness as build/ compiles them. A file that passed
# is not looked at again until it, a header or the settings change.
#
#   scripts/tidy.sh [FILE...]
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/tidy

# Each source once, without the flags that only the compiler of the build may know (its warnings are its own business) and
# without the headers that a build reads beforehand: a file includes what it uses.
python3 - >build/tidy/files <<'END'
import json, os, re
units = {}
for unit in json.load(open("build/compile_commands.json")):
    path = os.path.relpath(unit["file"])
    if path.startswith(("golden/src/", "verif/")) and path not in units:
        units[path] = dict(unit, command=re.sub(r" -[fW]\S+| -include \S+/cmake_pch\S+", "", unit["command"]))
json.dump(list(units.values()), open("build/tidy/compile_commands.json", "w"))
print(*sorted(units), sep="\n")
END
if [ $# -gt 0 ]; then
  files=("$@")
else
  mapfile -t files <build/tidy/files
fi

# What every source depends on: the tool, its settings, all headers.
common=$({
  clang-tidy-19 --version
  cat .clang-tidy
  find golden verif tests -name '*.h' -print0 | sort -z | xargs -0 cat
} | sha256sum)
check() { # COMMON FILE
  local stamp
  stamp=build/tidy/$({ echo "$1 $2" && cat "$2"; } | sha256sum | cut -c 1-32)
  [ ! -f "$stamp" ] || return 0
  clang-tidy-19 -p build/tidy --quiet "$2" 2> >(grep -v 'generated.$' >&2) || return 1
  touch "$stamp"
}
export -f check
# shellcheck disable=SC2016 # the inner bash expands it
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$0" "$1"' "$common"
