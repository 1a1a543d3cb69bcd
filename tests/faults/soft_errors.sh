#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That a campaign counts whole jobs alone: with one in the results that failed without a fault, and one of fewer faults,
# the program fails; run again, it runs those two, and has each fault once.
#
#   soft_errors.sh SOFT_ERRORS RESULTS
set -euo pipefail
program=$1 results=$2
faults() { "$program" core --results "$results" "$@" | sed -n 's/^| all | \([0-9]*\) .*/\1/p'; }
expect() { # WHAT WANTED FOUND
  [ "$2" = "$3" ] || { echo "soft_errors.sh: $1: '$3' instead of '$2'" >&2; exit 1; }
}

printf '{"ended":"exit 1","id":0}\n' >"$results"
"$program" core --count 10 --results "$results.short" --fresh >/dev/null
sed 's/"id":0/"id":1/' "$results.short" >>"$results"
code=0
found=$(faults --count 520 --report) || code=$?
expect "exit code of two jobs that are not whole" 1 "$code"
expect "their faults" 0 "$found"
expect "faults when they have run again" 520 "$(faults --count 520)"
