#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# That a proof refutes mutants of what it is about, and of nothing else.
#
#   tests/faults/refute.sh SOURCE_DIR BUILD_DIR RESULTS
#
# Which mutants the netlist of the build has depends on the version of Yosys: three are drawn of spmma_pointer, of which its
# proof leaves one at most, and one of spmma_gemm, which it is not about.
set -euo pipefail
source=$1 programs=$2/verif/faults results=$3
folder=$results.mutants
rm -rf "$folder" "$results" "$results.refuted"
mkdir -p "$folder"
cp "$programs/gemm_mutants/whole.il" "$folder"
cat >"$folder/draw.ys" <<YOSYS
read_rtlil $folder/whole.il
chformal -remove
opt_clean -purge
mutate -list 3 -seed 1 -ctrl mutsel 16 1 -o $folder/pointer.txt *spmma_pointer*
mutate -list 1 -seed 1 -ctrl mutsel 16 4 -o $folder/gemm.txt spmma_gemm
YOSYS
yosys -q "$folder/draw.ys"
cat "$folder/pointer.txt" "$folder/gemm.txt" >"$folder/mutants.txt"

"$programs/spmma_refute" --netlist "$folder" --results "$results" --prove "$source/tests/formal/prove.sh" --rtl "$source/rtl" \
  --proofs pointer 1 2 3 4
if [ "$(grep -c '"by":"proof pointer".*"killed":true' "$results")" -lt 2 ]; then
  echo "refute.sh: the proof refutes fewer than two of three mutants" >&2
  exit 1
fi
if grep -q '"id":4,' "$results"; then
  echo "refute.sh: a mutant of spmma_gemm is refuted by a proof that is not about it" >&2
  exit 1
fi
