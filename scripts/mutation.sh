#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Mutation score: plants faults in the netlist of the core or of the engine, drawn by a seed over all of its cells, and
# counts how many of them the harness sees.
#
#   scripts/mutation.sh core|engine [--count N] [--seed S] [--preset P] [--stimulus S] [ARGUMENT...]
#
# --count 1000, --seed 1 (of the draw) and --preset small are the defaults; --stimulus is the seed of what the mutants are
# given. Builds in build/mutation; results are lines of JSON in build/mutation/UNIT-P-S-N-SOURCES.jsonl, and a run goes on
# where one was interrupted. Other arguments go to the program:
# --quick for the core's short streams alone, --rounds N for more stimulus, --again to run survivors again with new
# stimulus, --survivors to list them, --assertions to list those that assertions alone killed, --report to run nothing;
# --prove runs nothing but proofs that survivors are no faults; --refute nothing but the proofs of tests/formal, with each
# survivor's module in place of the RTL's. Prints the table of docs/verification.md. Quick first, then proofs, then rounds
# for what is left is the shortest way: some 25 minutes of processor time for the core.
set -euo pipefail
cd "$(dirname "$0")/.."
usage() { sed -n '6,15s/^# \{0,1\}//p' "$0" >&2; exit 2; }

unit=${1:-} count=1000 seed=1 preset=small prove=false refute=false arguments=()
case $unit in core | engine) shift ;; *) usage ;; esac
targets=("spmma_mutation_$unit")
while [ $# -gt 0 ]; do
  case $1 in
    --count | --seed | --preset)
      [ $# -ge 2 ] || usage
      declare "${1#--}=$2"
      shift
      ;;
    --stimulus)
      [ $# -ge 2 ] || usage
      arguments+=(--seed "$2")
      shift
      ;;
    --quick)
      [ "$unit" = core ] || {
        echo "mutation.sh: --quick is for the core: the engine has no short streams" >&2
        exit 2
      }
      arguments+=("$1")
      ;;
    --prove) prove=true targets+=(spmma_equivalent) ;;
    --refute) refute=true targets+=(spmma_refute) ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

build=build/mutation
mkdir -p "$build"
{
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSPMMA_PRESETS="" -DSPMMA_WAVES=OFF -DSPMMA_BENCH=OFF -DSPMMA_TESTS=OFF \
    -DSPMMA_FAULTS=ON -DSPMMA_NETLIST_PRESET="$preset" -DSPMMA_MUTANTS="$count" -DSPMMA_MUTATION_SEED="$seed" &&
    cmake --build "$build" --target "${targets[@]}"
} >"$build/build.log" 2>&1 || {
  tail -n 30 "$build/build.log" >&2
  exit 2
}
# Another RTL, or another Yosys, has other mutants: results are those of these.
of=$({ cat rtl/*.sv rtl/*.svh rtl/presets.json verif/faults/netlist.sh && yosys -V; } | sha256sum | cut -c1-8)
results=$build/$unit-$preset-$seed-$count-$of.jsonl
echo "$count mutants of the $unit, preset $preset, drawn by seed $seed" >&2
program=$build/verif/faults/spmma_mutation_$unit
block=${unit/engine/gemm}
folder=$build/verif/faults/${block}_mutants
if $refute; then
  mapfile -t alive < <("$program" --results "$results" --ids)
  "$build/verif/faults/spmma_refute" --netlist "$folder" --results "$results" --prove tests/formal/prove.sh --rtl rtl "${alive[@]}"
  arguments+=(--report)
fi
if $prove; then
  [ "$folder/netlist.aig" -nt "$folder/mutated.il" ] || verif/faults/netlist_aig.sh "$folder" "spmma_$block"
  mapfile -t alive < <("$program" --results "$results" --ids)
  killed=$("$program" --results "$results" --killed | awk 'NR % 20 == 1' | paste -sd,)  # the proofs' own check
  "$build/verif/faults/spmma_equivalent" --unit "$unit" --netlist "$folder" --results "$results" ${killed:+--killed "$killed"} \
    "${alive[@]}"
  arguments+=(--report)
fi
exec "$program" --results "$results" "${arguments[@]}"
