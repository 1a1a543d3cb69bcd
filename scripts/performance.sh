#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the figures and tables of docs/performance.md again, from the cycle model.
#
#   scripts/performance.sh [--rtl]
#
# Runs the command (build it first: scripts/build.sh); SPMMA names another binary than build/verif/cli/spmma. Needs
# python3-matplotlib. Takes seconds. --rtl first simulates the RTL for the points that the figures mark
# (docs/figures/performance_rtl.csv), every D and cycle count checked; that takes minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
spmma=${SPMMA:-build/verif/cli/spmma}
python=/usr/bin/python3 # Debian's, whatever stands first on the PATH
export PYTHONDONTWRITEBYTECODE=1

die() { echo "performance.sh: $*" >&2; exit 2; }
if [ $# -gt 1 ] || [ "${1:---rtl}" != --rtl ]; then
  sed -n '3,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
[ -x "$spmma" ] || die "no $spmma: build it first (scripts/build.sh), or set SPMMA"
$python -c 'import matplotlib' 2>/dev/null || die "matplotlib is missing: apt-get install python3-matplotlib"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Cycles of the RTL, dense and sparse, of squares on the default preset.
simulate() { # FORMAT NUMPY_TYPE SIZE...
  local format=$1 type=$2 size mode cycles
  for size in "${@:3}"; do
    $python -c '
import sys, numpy as np
rng, size, kind = np.random.default_rng(1), int(sys.argv[2]), np.dtype(sys.argv[3])
for name in "ab":
    np.save(f"{sys.argv[1]}/{name}.npy", rng.integers(-128, 128, (size, size)).astype(kind))' "$work" "$size" "$type"
    "$spmma" prune --format "$format" --a "$work/a.npy" --out "$work/a.npy"
    cycles=()
    for mode in dense sparse; do
      "$spmma" gemm --format "$format" --$mode --a "$work/a.npy" --b "$work/b.npy" --out "$work/d.npy" \
        --report "$work/rtl.json" >/dev/null
      cycles+=("$($python -c 'import json, sys; print(json.load(open(sys.argv[1]))["cycles"])' "$work/rtl.json")")
    done
    echo "$format,ampere,$size,$size,$size,${cycles[0]},${cycles[1]}"
  done
}
if [ $# -gt 0 ]; then
  {
    echo format,preset,m,n,k,dense,sparse
    simulate int8 int8 256 384 512 768 1024
    simulate fp16 float16 256 384 512 768
  } >"$work/rtl.csv"
  cp "$work/rtl.csv" docs/figures/performance_rtl.csv
  echo docs/figures/performance_rtl.csv
fi

model() { # name of the report, flags
  "$spmma" model "${@:2}" --report "$work/$1.json" >/dev/null
}

sizes="256 384 512 768 1024 1536 2048 3072 4096 6144 8192 12288 16384"
for k in $sizes; do
  echo "$k,$k,$k,$k" >>"$work/squares.csv"
  echo "$k,$k,10240,$k" >>"$work/wide.csv"
done
model squares-int8 --format int8 --layers "$work/squares.csv"
model wide-int8 --format int8 --layers "$work/wide.csv"
model squares-fp16 --format fp16 --layers "$work/squares.csv"
model squares-fp16-hopper --format fp16 --preset hopper --layers "$work/squares.csv"
model squares-fp16-far --format fp16 --memory-latency 500 --layers "$work/squares.csv"
model bert-large-int8 --format int8 --layers docs/layers/bert-large.csv
model gpt3-int8 --format int8 --layers docs/layers/gpt3.csv

number=0
while read -r preset format size; do
  number=$((number + 1))
  model "target-$number" --preset "$preset" --format "$format" --m "$size" --n "$size" --k "$size"
done <<'TARGETS'
ampere int8 256
ampere int8 512
ampere fp16 512
ampere bf16 512
ampere tf32 512
hopper fp16 512
hopper e4m3 512
hopper e5m2 512
TARGETS

for memory in "100 64" "200 64" "300 64" "500 64" "100 32" "100 16" "100 8"; do
  read -r latency bandwidth <<<"$memory"
  for kind in "ampere int8" "ampere fp16" "ampere tf32" "hopper fp16" "hopper e4m3"; do
    read -r preset format <<<"$kind"
    model "memory-$latency-$bandwidth-$preset-$format" --preset "$preset" --format "$format" --m 1024 --n 1024 --k 1024 \
      --memory-latency "$latency" --memory-bandwidth "$bandwidth"
  done
done

for figure in int8 fp16; do
  $python docs/figures/performance.py plot $figure "docs/figures/performance-$figure.svg" "$work"
  echo "docs/figures/performance-$figure.svg"
done
$python docs/figures/performance.py tables docs/performance.md "$work"
echo docs/performance.md
