#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what building needs, configures build/ once and builds it.
#
#   scripts/build.sh [-v] [--only PRESET | --few-waves] [TARGET...]
#
# Without a target it builds everything. With --only a build/ that is not there yet gets the models of one preset, with
# --few-waves models with waves of the default and the small presets alone: minutes less. The next run without adds the
# others. Says little unless something fails, it is told -v, or a terminal watches.
set -euo pipefail
cd "$(dirname "$0")/.."

watched=false
[ ! -t 1 ] || watched=true
if [ "${1:-}" = -v ]; then
  watched=true
  shift
fi

wanted=2 limits=() # how much of the models: 0 one preset, 1 few with waves, 2 all
case ${1:-} in
  --only)
    wanted=0 limits=("-DSPMMA_PRESETS=$2")
    shift 2
    ;;
  --few-waves)
    wanted=1 limits=(-DSPMMA_WAVE_PRESETS=few)
    shift
    ;;
esac

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

# Which tools the tests have is found out when it configures: packages that came since then are looked for again.
tools=$(for tool in yosys z3 iverilog fst2vcd sta sbatch; do command -v "$tool" || true; done)
scripts/deps.sh build
mkdir -p build
if [ -f build/CMakeCache.txt ] && [ "$tools" != "$(cat build/tools 2>/dev/null)" ]; then
  step "Configuring" cmake --preset default
fi
echo "$tools" >build/tools
if [ ! -f build/CMakeCache.txt ]; then
  echo $wanted >build/models
  step "Configuring" cmake --preset default "${limits[@]}"
elif [ -f build/models ] && [ "$wanted" -gt "$(<build/models)" ]; then
  step "Configuring" cmake --preset default -USPMMA_PRESETS -USPMMA_WAVE_PRESETS "${limits[@]}"
  echo $wanted >build/models
fi
step "Building ${*:-everything} (a first build takes some minutes)" \
  cmake --build build --parallel "$(nproc)" ${1:+--target "$@"}
