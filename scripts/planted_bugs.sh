#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plants three bugs, one at a time, in a copy of rtl/, runs the regression on it, and writes what its user sees to
# docs/planted-bugs.md and docs/figures/planted-bug-N.svg: the message, the smallest case, the picture.
#
#   scripts/planted_bugs.sh
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh --only tiny spmma >&2
spmma=$PWD/build/verif/cli/spmma
work=$(realpath -m build/planted)
page=docs/planted-bugs.md

files=(spmma_dot.sv spmma_meta.sv spmma_shifter.sv)
filters=(core.tiny core.tiny engine.tiny)
whats=(
  "rounding to FP16 forgets the bits below the half, so that whatever lies there counts as a tie"
  "the masks of two gathered bytes are exchanged between 8-bit formats and wider ones"
  "the words of a row are not counted anew after a row whose last word came late"
)
edits=(
  's/ || magnitude\[MagW-13:0\] != .0);/);/'
  's/{4{is8 ? mask\[1\] : mask\[2\]}}/{4{is8 ? mask[2] : mask[1]}}/'
  's/if (flush_q || (segment_end/if ((segment_end/'
)

{
  echo "# Three planted bugs"
  echo
  echo "Each was planted alone in a copy of \`rtl/\`, and the regression run on it: what it printed first, and the picture that it"
  echo "left beside its waveform. Made by \`scripts/planted_bugs.sh\`."
} >"$work.md"

for i in 0 1 2; do
  number=$((i + 1)) file=${files[i]} filter=${filters[i]} what=${whats[i]} edit=${edits[i]}
  rm -rf "$work"
  mkdir -p "$work"
  cp -r rtl "$work/rtl"
  sed -i "$edit" "$work/rtl/$file"
  if cmp -s "rtl/$file" "$work/rtl/$file"; then
    echo "planted_bugs.sh: $file no longer has the line of bug $number" >&2
    exit 1
  fi
  line=$(cmp "rtl/$file" "$work/rtl/$file" | sed 's/.* line //' || true)
  echo "planted_bugs.sh: bug $number, $file:$line" >&2
  status=0
  command="regress --rtl $work/rtl --preset tiny --filter $filter --seeds 3 --folder $work/last"
  # shellcheck disable=SC2086 # words of a command line
  "$spmma" $command >"$work/out" || status=$?
  if [ "$status" != 1 ]; then
    echo "planted_bugs.sh: the regression ended with $status on bug $number" >&2
    exit 1
  fi
  {
    echo
    echo "## \`$file\`, line $line: $what"
    echo
    echo '```diff'
    diff -U0 "rtl/$file" "$work/rtl/$file" | tail -n +4 || true
    echo '```'
    echo
    echo "    spmma $command" | sed "s|$work/||g; s|--rtl rtl|--rtl my/rtl|"
    echo
    echo '```'
    # The tables, the first group, the verdict.
    awk '/^[0-9]+ failures?:/ { group++ } group == 1 || /^(FAILED|dot products)/' "$work/out" | grep -v '^dot products' | sed "s|$work/rtl|my/rtl|g; s|$work/||g"
    echo '```'
    echo
    echo "![the cycles around the first wrong one](figures/planted-bug-$number.svg)"
  } >>"$work.md"
  cp "$work"/last/failure-1.svg "docs/figures/planted-bug-$number.svg"
done
mv "$work.md" "$page"
