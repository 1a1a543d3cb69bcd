#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That --survivors lists the mutants that are alive, and --assertions those that assertions alone saw.
#
#   mutation_lists.sh MUTATION RESULTS
set -euo pipefail
program=$1 results=$2
cat >"$results" <<'END'
{"id":1,"killed":true,"assertion":true,"wrong":false,"rounds":1}
{"id":2,"killed":true,"assertion":true,"wrong":true,"rounds":1}
{"id":3,"killed":true,"assertion":false,"wrong":true,"rounds":1}
{"id":4,"killed":false,"rounds":1}
{"id":5,"killed":false,"rounds":1}
{"id":5,"equivalent":true}
{"id":6,"ended":"out of time"}
END
expect() { # FLAG IDS
  local found
  found=$("$program" --results "$results" --report "$1" | sed -n 's/^| \([0-9]*\) | spmma_.*/\1/p' | paste -sd' ')
  [ "$found" = "$2" ] || { echo "mutation_lists.sh: $1 lists '$found' instead of '$2'" >&2; exit 1; }
}
expect --survivors 4
expect --assertions 1
