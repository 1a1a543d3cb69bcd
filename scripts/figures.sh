#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Draws the pictures of the documentation again (docs/figures/*.svg).
#
#   scripts/figures.sh [unit|engine|architecture|wave ...]
#
# All of them by default. `wave` runs the command (build it first: scripts/build.sh) and draws what the RTL did;
# SPMMA names another binary than build/verif/cli/spmma. Needs python3-matplotlib, python3-numpy and gtkwave.
set -euo pipefail
cd "$(dirname "$0")/.."
spmma=${SPMMA:-build/verif/cli/spmma}
python=/usr/bin/python3 # Debian's, whatever stands first on the PATH
figures=docs/figures
export PYTHONDONTWRITEBYTECODE=1

die() { echo "figures.sh: $*" >&2; exit 2; }

[ $# -gt 0 ] || set -- unit engine architecture wave
for figure in "$@"; do
  case $figure in
    unit | engine | architecture) ;;
    wave)
      [ -x "$spmma" ] || die "no $spmma: build it first (scripts/build.sh), or set SPMMA"
      command -v fst2vcd >/dev/null || die "fst2vcd is missing: apt-get install gtkwave"
      ;;
    *) sed -n '3,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
$python -c 'import matplotlib, numpy' 2>/dev/null ||
  die "matplotlib or NumPy is missing: apt-get install python3-matplotlib python3-numpy"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# D is four tiles of the core, K two of its steps: small whole numbers, so that D can be checked by hand.
draw_wave() {
  $python - "$work" <<'PYTHON'
import sys
import numpy as np
rng = np.random.default_rng(1)
for name, shape in (("a", (16, 32)), ("b", (32, 8))):
    np.save(f"{sys.argv[1]}/{name}.npy", rng.integers(-4, 5, shape).astype(np.float16))
PYTHON
  "$spmma" prune --format fp16 --a "$work/a.npy" --out "$work/pruned.npy"
  "$spmma" wave --format fp16 --sparse --unit core --a "$work/pruned.npy" --b "$work/b.npy" --out "$work/wave.fst" \
    --from 4 --to 30 --picture "$1" >/dev/null # after the reset
}

for figure in "$@"; do
  drawn=$work/$figure.svg
  case $figure in
    wave) draw_wave "$drawn" ;;
    *) $python "$figures/$figure.py" "$drawn" ;;
  esac
  cp "$drawn" "$figures/$figure.svg"
  echo "$figures/$figure.svg"
done
