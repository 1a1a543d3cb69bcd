#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job: installs what is missing, builds, and runs the digit network dense and sparse on the simulated unit.
#
#   scripts/run.sh [-v] [ARGUMENT...]
#
# -v shows the build. The arguments go to spmma_digits (see --help); its files go to out/ unless --out says otherwise.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

verbose=()
if [ "${1:-}" = -v ]; then
  verbose=(-v)
  shift
fi
only=(--only ampere) # the default preset: the models of all take much longer
out=(--out "$root/out")
for argument in "$@"; do
  case $argument in
    --preset | --preset=*) only=() ;;
    --out | --out=*) out=() ;;
  esac
done
"$root/scripts/build.sh" "${verbose[@]}" "${only[@]}" spmma_digits spmma
exec "$root/build/verif/digits/spmma_digits" "${out[@]}" "$@"
