#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That what a proof calls no fault is none that a test has found, and that proofs are found at all: on the few mutants of
# the core that the build has, after spmma_mutation_core has run them.
#
#   tests/faults/equivalence.sh SOURCE_DIR BUILD_DIR RESULTS
set -euo pipefail
source=$1 programs=$2/verif/faults results=$3
"$source/verif/faults/netlist_aig.sh" "$programs/core_mutants" spmma_core
cp "$results" "$results.proven"
mapfile -t alive < <("$programs/spmma_mutation_core" --results "$results" --ids)
killed=$("$programs/spmma_mutation_core" --results "$results" --killed | head -n 3 | paste -sd,)
"$programs/spmma_equivalent" --unit core --netlist "$programs/core_mutants" --results "$results.proven" --seconds 20 \
  --killed "$killed" "${alive[@]}"
grep -q '"equivalent":true' "$results.proven"
