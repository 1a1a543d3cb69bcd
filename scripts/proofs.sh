#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the proofs and all their planted bugs, as many at a time as there are cores, and prints a table of their times.
#
#   scripts/proofs.sh [-j JOBS] [NAME...]
#
# NAME is a proof of tests/formal; the default is all of them. Exit 1 if one fails.
set -euo pipefail
cd "$(dirname "$0")/../tests/formal"
jobs=$(nproc)
if [ "${1:-}" = -j ]; then
  jobs=${2:?-j wants a number}
  shift 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export work

one() { # KIND NAME INDEX
  local options=() result=0 log="$work/$1.$2.$3.log" start=$EPOCHREALTIME
  [ "$1" = proof ] || options=(--bug)
  ./prove.sh "${options[@]}" "$2" "$3" >"$log" 2>&1 || result=$?
  # yosys-smtbmc does not wait for z3, whose processor time is nobody's: time on the clock.
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }' >"$work/$1.$2.$3"
  echo "$2 $1 $3: $(<"$work/$1.$2.$3") s" >&2
  if [ "$result" -ne 0 ]; then
    cat "$log" >&2
    touch "$work/failed"
  fi
}
export -f one

seconds_of() { # KIND NAME: of each, in their order
  local index list=
  for ((index = 0; ; ++index)); do
    [ -f "$work/$1.$2.$index" ] || break
    list+="${list:+, }$(<"$work/$1.$2.$index")"
  done
  echo "$list"
}

./prove.sh --list "$@" >"$work/list"
# shellcheck disable=SC2016 # for the shell that xargs calls
xargs -P "$jobs" -L 1 bash -c 'one "$@"' one <"$work/list"
echo "| proof | proofs | planted bugs |"
echo "|---|---|---|"
while read -r name; do
  echo "| \`$name\` | $(seconds_of proof "$name") | $(seconds_of bug "$name") |"
done < <(cut -d' ' -f2 "$work/list" | uniq)
[ ! -e "$work/failed" ]
