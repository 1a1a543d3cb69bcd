#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That the proofs refute mutants of what they are about and nothing else, on the few of the engine that the build has.
#
#   tests/faults/refute.sh SOURCE_DIR BUILD_DIR RESULTS
set -euo pipefail
source=$1 programs=$2/verif/faults results=$3
folder=$programs/gemm_mutants
# numbers MODULE: of the module's mutants.
numbers() { sed -n "s/.* mutsel 16 \([0-9]*\) .* -module [^ ]*\b$1\b.*/\1/p" "$folder/mutants.txt"; }
mapfile -t pointers < <(numbers spmma_pointer)
mapfile -t sequencers < <(numbers spmma_sequencer)
mapfile -t tops < <(numbers spmma_gemm)
if [ ${#pointers[@]} -eq 0 ] || [ ${#sequencers[@]} -eq 0 ] || [ ${#tops[@]} -eq 0 ]; then
  echo "refute.sh: the few mutants are of other modules" >&2
  exit 1
fi
rm -f "$results" "$results.refuted"
"$programs/spmma_refute" --netlist "$folder" --results "$results" --prove "$source/tests/formal/prove.sh" --rtl "$source/rtl" \
  --proofs pointer,sequencer_waits "${pointers[@]}" "${sequencers[@]}" "${tops[@]}"
refuted() { grep -q "\"by\":\"proof $2\",\"id\":$1,\"killed\":true" "$results"; }
refuted "${pointers[0]}" pointer
for id in "${sequencers[@]}"; do
  if refuted "$id" sequencer_waits; then found=$id; fi
done
[ -n "${found:-}" ]
for id in "${tops[@]}"; do
  if grep -q "\"id\":$id," "$results"; then
    echo "refute.sh: mutant $id of spmma_gemm is refuted by a proof that is not about it" >&2
    exit 1
  fi
done
