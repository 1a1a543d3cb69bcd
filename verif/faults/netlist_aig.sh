#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The netlist of netlist.sh, mutants and all, as an and-inverter graph with its flops, for spmma_equivalent.
#
#   verif/faults/netlist_aig.sh OUT_DIR spmma_core|spmma_gemm
#
# OUT_DIR is netlist.sh's and gets netlist.aig and netlist.map, the names of its inputs, outputs and flops. Memories are
# left out: what they would read comes in as MEMORY.read[i].cut.q, what goes to them goes out as MEMORY.NAME[i].cut.d,
# NAME being read_address, write_enable (one for each bit), write_address, write_data. Of spmma_gemm the core is left out
# in the same way, and the RTL's assertions become constraints. Needs Yosys.
set -euo pipefail
[ $# -eq 2 ] || { sed -n '5,5s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
top=$2
leave_out="" cut="" assertions="chformal -remove"
[ "$top" = spmma_core ] || {
  leave_out="blackbox *spmma_core" cut="expose -evert t:*spmma_core*"
  assertions="chformal -cover -remove; chformal -assert2assume"
}
cd "$1"
cat >aig.ys <<YOSYS
read_rtlil mutated.il
read_verilog -lib $here/cut.v
hierarchy -top $top
$assertions
opt_clean
$leave_out
memory_collect
techmap -map $here/cut_memory.v t:\$mem_v2
flatten
opt_clean
expose w:issue w:u_ctrl.legal
expose -evert t:spmma_cut_*
$cut
techmap
simplemap
opt_clean
aigmap
opt_clean
write_aiger -symbols -vmap netlist.map netlist.aig
YOSYS
yosys -q -l aig.log aig.ys >/dev/null 2>aig.err || {
  cat aig.err >&2
  exit 1
}
