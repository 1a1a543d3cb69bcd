// SPDX-License-Identifier: Apache-2.0
// A memory of Yosys's, all of whose ports are cut (netlist_aig.sh).
(* techmap_celltype = "$mem_v2" *)
module cut_memory (
    RD_CLK, RD_EN, RD_ARST, RD_SRST, RD_ADDR, RD_DATA, WR_CLK, WR_EN, WR_ADDR, WR_DATA
);
  parameter MEMID = "";
  parameter signed SIZE = 4;
  parameter signed OFFSET = 0;
  parameter signed ABITS = 2;
  parameter signed WIDTH = 8;
  parameter signed INIT = 1'bx;
  parameter signed RD_PORTS = 1;
  parameter RD_CLK_ENABLE = 1'b0;
  parameter RD_CLK_POLARITY = 1'b0;
  parameter RD_TRANSPARENCY_MASK = 1'b0;
  parameter RD_COLLISION_X_MASK = 1'b0;
  parameter RD_WIDE_CONTINUATION = 1'b0;
  parameter RD_CE_OVER_SRST = 1'b0;
  parameter RD_ARST_VALUE = 1'b0;
  parameter RD_SRST_VALUE = 1'b0;
  parameter RD_INIT_VALUE = 1'b0;
  parameter signed WR_PORTS = 1;
  parameter WR_CLK_ENABLE = 1'b0;
  parameter WR_CLK_POLARITY = 1'b0;
  parameter WR_PRIORITY_MASK = 1'b0;
  parameter WR_WIDE_CONTINUATION = 1'b0;
  input [RD_PORTS-1:0] RD_CLK, RD_EN, RD_ARST, RD_SRST;
  input [RD_PORTS*ABITS-1:0] RD_ADDR;
  output [RD_PORTS*WIDTH-1:0] RD_DATA;
  input [WR_PORTS-1:0] WR_CLK;
  input [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA;
  input [WR_PORTS*ABITS-1:0] WR_ADDR;

  genvar i;
  generate
    for (i = 0; i < RD_PORTS * WIDTH; i = i + 1) begin : read
      spmma_cut_source cut (.q(RD_DATA[i]));
    end
    for (i = 0; i < RD_PORTS * ABITS; i = i + 1) begin : read_address
      (* keep *) spmma_cut_sink cut (.d(RD_ADDR[i]));
    end
    for (i = 0; i < WR_PORTS * WIDTH; i = i + 1) begin : write_enable
      (* keep *) spmma_cut_sink cut (.d(WR_EN[i]));
    end
    for (i = 0; i < WR_PORTS * ABITS; i = i + 1) begin : write_address
      (* keep *) spmma_cut_sink cut (.d(WR_ADDR[i]));
    end
    for (i = 0; i < WR_PORTS * WIDTH; i = i + 1) begin : write_data
      (* keep *) spmma_cut_sink cut (.d(WR_DATA[i]));
    end
  endgenerate
endmodule
