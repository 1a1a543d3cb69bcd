#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Soft errors: turns any flop or bit of a memory over at any cycle of short jobs on the core and on the engine, and says
# what became of them: masked, detected by the hardware, hung, silently wrong; by block. Makes the tables of
# docs/soft-errors.md. Fails if a job fails without a fault.
#
#   scripts/soft_errors.sh core|engine [--count N] [--seed S] [--preset P] [ARGUMENT...]
#
# --count 100000, --seed 1 and --preset tiny are the defaults. Builds in build/soft_errors; results are lines of JSON in
# build/soft_errors/UNIT-P-S-SOURCES.jsonl, and a run goes on where one was interrupted. Other arguments go to the program:
# --list names the flops, --report runs nothing. 100,000 faults take some two minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
usage() { sed -n '7,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }

unit=${1:-} count=100000 seed=1 preset=tiny arguments=()
case $unit in core | engine) shift ;; *) usage ;; esac
while [ $# -gt 0 ]; do
  case $1 in
    --count | --seed | --preset)
      [ $# -ge 2 ] || usage
      declare "${1#--}=$2"
      shift
      ;;
    *) arguments+=("$1") ;;
  esac
  shift
done

build=build/soft_errors
mkdir -p "$build"
{
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSPMMA_PRESETS="" -DSPMMA_WAVES=OFF -DSPMMA_BENCH=OFF \
    -DSPMMA_TESTS=OFF -DSPMMA_FAULTS=ON -DSPMMA_SOFT_PRESET="$preset" &&
    cmake --build "$build" --target spmma_soft_errors
} >"$build/build.log" 2>&1 || {
  tail -n 30 "$build/build.log" >&2
  exit 2
}
# Other RTL has other flops, and another program may judge otherwise.
of=$(cat rtl/*.sv rtl/*.svh rtl/presets.json "$build/verif/faults/spmma_soft_errors" | sha256sum | cut -c1-8)
exec "$build/verif/faults/spmma_soft_errors" "$unit" --count "$count" --seed "$seed" \
  --results "$build/$unit-$preset-$seed-$of.jsonl" "${arguments[@]}"
