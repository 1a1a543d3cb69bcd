#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Simulates the RTL in Icarus Verilog, 4-state, with X wherever it may not look.
#
#   run.sh [--rtl DIR] GENERATOR FOLDER core|gemm PRESET [FILE LINE]
#
# GENERATOR is spmma_fourstate_data; FOLDER is made afresh. With FILE and LINE the one line of the RTL's FILE that reads "LINE;",
# but for its indentation, is taken out of a copy, and the simulation must stop at an X.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$here/../../rtl
if [ "${1:-}" = --rtl ]; then
  rtl=$2
  shift 2
fi
if [ $# != 4 ] && [ $# != 6 ]; then
  echo "usage: run.sh [--rtl DIR] GENERATOR FOLDER core|gemm PRESET [FILE LINE]" >&2
  exit 2
fi
generator=$1 folder=$2 top=$3 preset=$4 file=${5:-} line="${6:-};"

rm -rf "$folder"
mkdir -p "$folder"
if [ -n "$file" ]; then
  cp -r "$rtl" "$folder/rtl"
  rtl=$folder/rtl
  if [ "$(sed 's/^ *//' "$rtl/$file" | grep -cxF -- "$line")" != 1 ]; then
    echo "run.sh: $file has not exactly one line '$line'" >&2
    exit 2
  fi
  at=$(sed 's/^ *//' "$rtl/$file" | grep -nxF -- "$line" | cut -d: -f1)
  sed -i "${at}d" "$rtl/$file"
fi
"$generator" "$top" "$preset" "$folder"

mapfile -t sources < <(sed -n "s,^[^/ ][^ ]*,$rtl/&,p" "$rtl/spmma.f")
# "sorry" says that a construct is read in full and simulated less efficiently.
iverilog -g2012 -Wall -Wno-timescale -o "$folder/${top}_tb" -s "${top}_tb" -I "$rtl" -I "$folder" \
  "${sources[@]}" "$here/${top}_tb.sv" 2>&1 | grep -v 'sorry:' || [ "${PIPESTATUS[0]}" = 0 ]

status=0
(cd "$folder" && vvp -n "${top}_tb") >"$folder/log" 2>&1 || status=$?
cat "$folder/log"
if [ -n "$file" ]; then
  if [ $status = 0 ] || ! grep -qE '(is|are) X' "$folder/log"; then
    echo "run.sh: nothing became X without '$line' in $file" >&2
    exit 1
  fi
elif [ $status != 0 ] || ! grep -q '^passed' "$folder/log"; then
  exit 1
fi
