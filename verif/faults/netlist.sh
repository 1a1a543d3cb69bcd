#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes one netlist of a block that holds many mutants: which of them is awake is what the extra input `mutsel` says, and
# 0 is none. CMake calls it; the command is scripts/mutation.sh.
#
#   verif/faults/netlist.sh RTL_DIR spmma_core|spmma_gemm OUT_DIR COUNT SEED Name=value...
#
# OUT_DIR gets netlist.v (with `mutsel_i`), the same as mutated.il, whole.il, without mutants, and mutants.txt, a line for each mutant as
# `mutate -list` writes it. COUNT mutants are drawn by SEED over all cells; of spmma_gemm, over all cells outside its core. The assertions of the RTL stay in the netlist, and
# nothing is drawn from the logic that only they use. Needs Yosys.
set -euo pipefail
[ $# -ge 5 ] || { sed -n '6,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
rtl=$(realpath "$1") top=$2 out=$(realpath -m "$3") count=$4 seed=$5
shift 5
parameters=()
for p in "$@"; do parameters+=(-set "${p%%=*}" "${p#*=}"); done
mkdir -p "$out"
cd "$rtl"
mapfile -t sources < <(sed 's,//.*,,; /^[[:space:]]*$/d' spmma.f)

# Nothing is merged, so that each cell has its own line of the source; but bits that are constant, unused or undefined by
# the way the RTL is read go first, as in any netlist.
outside_core=
[ "$top" = spmma_core ] || outside_core="delete $top/u_core; hierarchy -top $top"
cat >"$out/netlist.ys" <<YOSYS
read_verilog -sv -formal -I . ${sources[*]}
chparam ${parameters[*]} $top
hierarchy -check -top $top
proc
opt_expr -mux_undef -fine
opt_muxtree
opt_reduce
wreduce
opt_expr -mux_undef -fine
opt_clean
design -save asserted
chformal -remove
opt_clean -purge
$outside_core
mutate -list $count -seed $seed -ctrl mutsel 16 1 -o $out/mutants.ys
design -load asserted
write_rtlil $out/whole.il
script $out/mutants.ys
opt_clean
write_rtlil $out/mutated.il
write_verilog -noattr $out/netlist.v
YOSYS
yosys -q -e 'implicitly declared' -l "$out/netlist.log" "$out/netlist.ys" >/dev/null
# The input is read once, before the first cycle: what hangs on an input is evaluated with each change of any.
sed -i "/^module $top(/,/^endmodule/{s/ mutsel);$/ mutsel_i);/; s/^  input \\(.*\\)mutsel;/  input \\1mutsel_i;/
  s/^  wire \\(.*\\)mutsel;/  reg \\1mutsel;\\n  initial mutsel = mutsel_i;/}" "$out/netlist.v"
mv "$out/mutants.ys" "$out/mutants.txt"
