#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That scripts/fuzz.sh fails where a target does not run to its end, with a finding or without: on targets that are none.
#
#   script.sh SOURCE_DIR
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"/{bin,build-fuzz,scripts}
cp "$1/scripts/fuzz.sh" "$folder/scripts"
touch "$folder/build-fuzz/build.ninja"
for tool in scripts/deps.sh bin/cmake; do
  printf '#!/bin/sh\n' >"$folder/$tool"
  chmod +x "$folder/$tool"
done

target() { # NAME WHAT-IT-DOES
  mkdir -p "$folder/tests/fuzz/corpus/$1"
  printf '#!/bin/bash\n%s\n' "$2" >"$folder/build-fuzz/spmma_fuzz_$1"
  chmod +x "$folder/build-fuzz/spmma_fuzz_$1"
}
runs='echo "stat::number_of_executed_units: 7" >&2'
target good "$runs"
target starts_not 'echo "ParseDictionaryFile: error in line 3" >&2; exit 1'
target ends_early "$runs; kill -9 \$\$"
target says_nothing :
# shellcheck disable=SC2016 # the target expands it
target finds "$runs"'; for a; do case $a in -artifact_prefix=*) touch "${a#*=}crash-1" ;; esac; done; exit 77'

for case in good:0 starts_not:1 ends_early:1 says_nothing:1 "good starts_not:1" finds:1; do
  code=0
  # shellcheck disable=SC2086 # names are words
  said=$(PATH="$folder/bin:$PATH" "$folder/scripts/fuzz.sh" --minutes 1 ${case%:*} 2>&1) || code=$?
  [ "$code" = "${case#*:}" ] || { printf '%s: exit code %s; it says:\n%s\n' "$case" "$code" "$said" >&2; exit 1; }
done
