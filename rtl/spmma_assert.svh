// SPDX-License-Identifier: Apache-2.0
// Assertions for all three tools: concurrent and live under Verilator, immediate in a proof (FORMAL), empty in Icarus.
`ifndef SPMMA_ASSERT_SVH
`define SPMMA_ASSERT_SVH

`ifdef VERILATOR
  `define SPMMA_ASSERT(NAME, EXPR) \
    NAME : assert property (@(posedge clk_i) disable iff (!rst_ni) (EXPR));
  `define SPMMA_ASSERT_NEXT(NAME, BEFORE, AFTER) \
    NAME : assert property (@(posedge clk_i) disable iff (!rst_ni) (BEFORE) |=> (AFTER));
`elsif FORMAL
  `define SPMMA_ASSERT(NAME, EXPR) \
    always @(posedge clk_i) if (rst_ni) assert (EXPR);
  `define SPMMA_ASSERT_NEXT(NAME, BEFORE, AFTER) \
    always @(posedge clk_i) if (rst_ni && $past(rst_ni) && $past(BEFORE)) assert (AFTER);
`else
  `define SPMMA_ASSERT(NAME, EXPR)
  `define SPMMA_ASSERT_NEXT(NAME, BEFORE, AFTER)
`endif

`endif
