#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building needs, configures build/ once and builds it.
#
#   scripts/build.sh [-v] [--only PRESET] [TARGET...]
#
# Without a target it builds everything. With --only a build/ that is not there yet gets the models of one preset, which
# takes minutes less; the next run without it adds the others. Says little unless something fails, it is told -v, or a
# terminal watches.
set -euo pipefail
cd "$(dirname "$0")/.."

watched=false
[ ! -t 1 ] || watched=true
if [ "${1:-}" = -v ]; then
  watched=true
  shift
fi

only=()
if [ "${1:-}" = --only ]; then
  only=("-DSPMMA_PRESETS=$2")
  shift 2
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
if [ ! -f build/CMakeCache.txt ]; then
  [ ${#only[@]} -eq 0 ] || touch build/one-preset
  step "Configuring" cmake --preset default "${only[@]}"
elif [ -f build/one-preset ] && [ ${#only[@]} -eq 0 ]; then
  step "Configuring" cmake --preset default -USPMMA_PRESETS
  rm build/one-preset
fi
step "Building ${*:-everything} (a first build takes some minutes)" \
  cmake --build build --parallel "$(nproc)" ${1:+--target "$@"}
