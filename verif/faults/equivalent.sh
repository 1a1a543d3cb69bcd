#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which mutants change nothing, whatever the inputs and the state of their module are: its outputs and the next value of
# each of its flops and memories are the same with and without the mutant, proven by SAT. Such a mutant is no fault.
#
#   verif/faults/equivalent.sh OUT_DIR RESULTS.jsonl ID...
#
# OUT_DIR is netlist.sh's. Appends {"id", "equivalent": true} to the results for each that is proven. Needs Yosys.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '6,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
out=$(realpath "$1") results=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for id in "$@"; do
  line=$(grep -F -- "-ctrl mutsel 16 $id -" "$out/mutants.txt")
  module=${line#* -module }
  module=${module%% *}
  # Every flop becomes an output (its next value) and an input that both sides share (its value); none may be left.
  cut="flatten; memory_dff; memory_collect; memory_map; opt_clean; dffunmap; expose -evert-dff; opt_clean
select -assert-none t:\$dff* t:\$sdff* t:\$adff* t:\$mem*"
  cat >"$work/prove.ys" <<YOSYS
read_ilang $out/design.il
hierarchy -top $module
chformal -remove
design -save start
$cut
rename $module gold
design -stash gold
design -load start
${line/-ctrl mutsel 16 $id /}
$cut
rename $module gate
design -stash gate
design -copy-from gold -as gold gold
design -copy-from gate -as gate gate
miter -equiv -flatten gold gate miter
hierarchy -top miter
opt_expr -mux_undef
opt_merge
opt_clean
sat -verify -timeout 60 -prove trigger 0 miter
YOSYS
  if yosys -q -l "$work/log" "$work/prove.ys" >/dev/null 2>&1; then
    printf '{"id":%d,"equivalent":true,"by":"SAT"}\n' "$id" >>"$results"
    echo "$id is equivalent" >&2
  else
    echo "$id: $(tail -n 3 "$work/log" | grep -m 1 . || true)" >&2
  fi
done
