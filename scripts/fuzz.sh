#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets (tests/fuzz) with the address and undefined-behaviour sanitisers and runs them.
#
#   scripts/fuzz.sh [--minutes N] [-j N] [TARGET...]
#
# Each target runs N minutes (5), -j of them at a time (one a core); all of them by default. New inputs that reach new
# code gather in build-fuzz/corpus/, findings in build-fuzz/findings/, and each target's log in build-fuzz/logs/. Fails if
# there is a finding, or a target that does not run to its end. Needs clang-19 and libFuzzer (scripts/deps.sh fuzz).
set -euo pipefail
cd "$(dirname "$0")/.."
usage() { sed -n '3,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }

minutes=5 jobs=$(nproc)
while [[ ${1:-} == -* ]]; do
  [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage
  case $1 in
    --minutes) minutes=$2 ;;
    -j) jobs=$2 ;;
    *) usage ;;
  esac
  shift 2
done
targets=()
for source in tests/fuzz/corpus/*/; do targets+=("$(basename "$source")"); done
for target in "$@"; do
  [[ " ${targets[*]} " == *" $target "* ]] || { echo "fuzz.sh: no target '$target' (there are: ${targets[*]})" >&2; exit 2; }
done
[ $# -gt 0 ] || set -- "${targets[@]}"

scripts/deps.sh fuzz
build="build-fuzz"
mkdir -p $build/logs
[ -f $build/build.ninja ] || cmake --preset fuzz >$build/logs/configure 2>&1 || { tail -n 30 $build/logs/configure >&2; exit 1; }
if ! cmake --build $build --parallel "$(nproc)" --target "${@/#/spmma_fuzz_}" >$build/logs/build 2>&1; then
  tail -n 30 $build/logs/build >&2
  exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
broken=0
export build minutes scratch
fuzz() { # TARGET
  local corpus=$PWD/$build/corpus/$1 findings=$PWD/$build/findings/$1 log=$build/logs/$1 words=() status=0 runs
  mkdir -p "$corpus" "$findings"
  [ ! -f "tests/fuzz/$1.dict" ] || words=("-dict=tests/fuzz/$1.dict")
  # It takes the standard streams for itself: libFuzzer's log keeps a stream of its own.
  [ "$1" != command ] || words+=(-close_fd_mask=3)
  TMPDIR=$scratch "$(find "$build" -name "spmma_fuzz_$1" -type f)" -max_total_time=$((60 * minutes)) -timeout=60 -report_slow_units=60 \
    -rss_limit_mb=4096 -print_final_stats=1 -artifact_prefix="$findings/" "${words[@]}" \
    "$corpus" "$PWD/tests/fuzz/corpus/$1" 2>"$log" || status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
  echo "$1: ${runs:-no} runs in $minutes min," \
    "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1) edges, $(find "$findings" -type f | wc -l) findings"
  # A bad dictionary, or a process that something else ends, leaves no finding.
  if [ -z "$runs" ] || { [ "$status" != 0 ] && [ -z "$(find "$findings" -type f -print -quit)" ]; }; then
    echo "fuzz.sh: $1 ends with $status; its log ends:" >&2
    tail -n 5 "$log" >&2
    return 1
  fi
}
export -f fuzz
# shellcheck disable=SC2016 # the inner bash expands it
printf '%s\0' "$@" | xargs -0 -n 1 -P "$jobs" bash -c 'fuzz "$0"' || broken=1

if [ -n "$(find $build/findings -type f -print -quit)" ]; then
  echo "fuzz.sh: findings, each the input that makes it:" >&2
  find $build/findings -type f >&2
  exit 1
fi
[ "$broken" = 0 ]
