#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the proofs and their planted bugs, as the tests do, and prints a table of each one's time.
#
#   scripts/proofs.sh [NAME...]
#
# NAME is a proof of tests/formal; the default is all of them. Exit 1 if one fails.
set -euo pipefail
cd "$(dirname "$0")/../tests/formal"
failed=0
TIMEFORMAT=%R # yosys-smtbmc does not wait for z3, whose processor time is nobody's
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "| run | result | seconds |"
echo "|---|---|---|"
while read -r kind name index; do
  options=()
  [ "$kind" = proof ] || options=(--bug)
  result=0
  { time ./prove.sh "${options[@]}" "$name" "$index" >"$log" 2>&1 || result=$?; } 2>"$log.time"
  read -r seconds <"$log.time"
  rm -f "$log.time"
  text=$(tail -n 1 "$log")
  if [ "$result" -ne 0 ]; then
    failed=1
    cat "$log" >&2
  fi
  printf '| %s %s %s | %s | %.1f |\n' "$name" "$kind" "$index" "${text%%:*}" "$seconds"
done < <(./prove.sh --list "$@")
exit $failed
