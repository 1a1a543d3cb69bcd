#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# With a mutant awake in the netlist the views must part: of the first eight mutants, which no one has chosen and some of
# which are no faults, one must be seen.
#
#   views_part.sh VIEWS UNIT
set -euo pipefail

for fault in 1 2 3 4 5 6 7 8; do
  said=$("$1" "$2" --fault "$fault" 2>&1) || true
  if grep -q 'the netlist differs from -O3 in' <<<"$said"; then
    echo "mutant $fault is seen"
    exit 0
  fi
done
echo "none of the first eight mutants is seen; of the last it says:" >&2
echo "$said" >&2
exit 1
