// SPDX-License-Identifier: Apache-2.0
// Where netlist_aig.sh cuts the netlist, bit by bit.
(* blackbox *)
module spmma_cut_source (
    output q
);
endmodule

(* blackbox *)
module spmma_cut_sink (
    input d
);
endmodule
