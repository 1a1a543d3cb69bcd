#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building needs, configures build/ once and builds it.
#
#   scripts/build.sh [-v] [TARGET...]
#
# Without a target it builds everything. Says little unless something fails, it is told -v, or a terminal watches.
set -euo pipefail
cd "$(dirname "$0")/.."

watched=false
[ ! -t 1 ] || watched=true
if [ "${1:-}" = -v ]; then
  watched=true
  shift
fi

# step TEXT COMMAND...: runs it; its output is kept in build/build.log, and shown if it fails.
step() {
  local text=$1 start=$SECONDS
  shift
  if $watched; then
    "$@"
    return
  fi
  echo "$text"
  if ! "$@" >build/build.log 2>&1; then
    tail -n 60 build/build.log >&2
    echo "build.sh: failed after $((SECONDS - start)) s; all output is in build/build.log" >&2
    exit 1
  fi
}

scripts/deps.sh build
mkdir -p build
[ -f build/CMakeCache.txt ] || step "Configuring" cmake --preset default
step "Building ${*:-everything} (a first build takes some minutes)" \
  cmake --build build --parallel "$(nproc)" ${1:+--target "$@"}
