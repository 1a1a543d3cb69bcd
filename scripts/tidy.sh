#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs clang-tidy (.clang-tidy) on the C++ sources that build/ compiles. A file that passed is not looked at again
# until it, a header or the settings change.
#
#   scripts/tidy.sh [FILE...]
set -euo pipefail
cd "$(dirname "$0")/.."
stamps=build/tidy
mkdir -p $stamps

if [ $# -eq 0 ]; then
  mapfile -t files < <(python3 -c '
import json, os
for path in sorted({entry["file"] for entry in json.load(open("build/compile_commands.json"))}):
    path = os.path.relpath(path)
    if path.startswith(("golden/", "verif/", "tests/")):
        print(path)')
else
  files=("$@")
fi

common=$({ clang-tidy-19 --version && cat .clang-tidy && find golden verif tests -name '*.h' -print0 | sort -z | xargs -0 cat; } | sha256sum)
check() { # COMMON FILE
  local stamp
  stamp=build/tidy/$({ echo "$1 $2" && cat "$2"; } | sha256sum | cut -c 1-32)
  [ ! -f "$stamp" ] || return 0
  clang-tidy-19 -p build --quiet "$2" 2> >(grep -v 'warnings generated' >&2) || return 1
  touch "$stamp"
}
export -f check
# shellcheck disable=SC2016 # the inner bash expands it
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$0" "$1"' "$common"
