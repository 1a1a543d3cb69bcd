#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures the points of docs/design-space.md again and makes its figures and tables from them.
#
#   scripts/design_space.sh [--draw] [FOLDER]
#
# FOLDER (default: build/design-space) is the sweeps' cache: an interrupted run goes on there. It prints the time of
# the sweep of the points, and of the same one again. --draw measures nothing and takes the records that are kept,
# docs/figures/design_space.jsonl. Runs the command (build it first: scripts/build.sh);
# SPMMA names another binary than build/verif/cli/spmma. Needs osu018's liberty file (Debian 12: qflow-tech-osu018),
# python3-matplotlib and, for the picture of the sweep's own page, chromium; without that the old picture stays.
set -euo pipefail
cd "$(dirname "$0")/.."
spmma=${SPMMA:-build/verif/cli/spmma}
python=/usr/bin/python3 # Debian's, whatever stands first on the PATH
export PYTHONDONTWRITEBYTECODE=1
before=01d54a3 # the last revision before the pipeline was cut anew

die() { echo "design_space.sh: $*" >&2; exit 2; }
draw=false
if [ "${1:-}" = --draw ]; then
  draw=true
  shift
fi
if [ $# -gt 1 ] || [[ ${1:-} == -* ]]; then
  sed -n '3,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
folder=$(realpath -m "${1:-build/design-space}")
$python -c 'import matplotlib' 2>/dev/null || die "matplotlib is missing: apt-get install python3-matplotlib"

if ! $draw; then
  [ -x "$spmma" ] || die "no $spmma: build it first (scripts/build.sh), or set SPMMA"
  git cat-file -e "$before^{commit}" 2>/dev/null || die "revision $before is not here: a clone with its history is needed"
  mkdir -p "$folder"
  cache=cold
  [ ! -e "$folder/cache" ] || cache="with what the cache had"
  points=(--space docs/design-space.yaml --workload digits --folder "$folder" --out "$folder/points.jsonl")
  TIMEFORMAT="the points, $cache: %0R s"
  time "$spmma" sweep "${points[@]}" --html "$folder/points.html"
  TIMEFORMAT="the points again, warm: %R s"
  time "$spmma" sweep "${points[@]}" >/dev/null
  clocks=(--base ampere --gemm 16x16x128 --clock "3,3.5,4,4.5,5" --folder "$folder")
  "$spmma" sweep "${clocks[@]}" --sparse "0,1" --out "$folder/cost.jsonl"
  "$spmma" sweep --base ampere --gemm 16x16x128 --paths --folder "$folder" --out "$folder/paths.jsonl"
  rm -rf "$folder/before"
  mkdir "$folder/before"
  git archive "$before" rtl | tar -x -C "$folder/before"
  "$spmma" sweep "${clocks[@]}" --rtl "$folder/before/rtl" --tags before --out "$folder/before.jsonl"
  $python docs/figures/design_space.py keep "$folder"/{points,cost,paths,before}.jsonl >"$folder/kept.jsonl"
  cp "$folder/kept.jsonl" docs/figures/design_space.jsonl
  echo docs/figures/design_space.jsonl
  if command -v chromium >/dev/null; then
    chromium --headless --no-sandbox --hide-scrollbars --window-size=1280,1500 --virtual-time-budget=5000 \
      --screenshot="$folder/page.png" "file://$folder/points.html" >/dev/null 2>&1
    cp "$folder/page.png" docs/figures/sweep-page.png
    echo docs/figures/sweep-page.png
  fi
fi
for figure in clock error; do
  $python docs/figures/design_space.py plot $figure "docs/figures/design-space-$figure.svg"
  echo "docs/figures/design-space-$figure.svg"
done
$python docs/figures/design_space.py tables docs/design-space.md
echo docs/design-space.md
