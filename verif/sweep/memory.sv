// SPDX-License-Identifier: Apache-2.0
// The outside of a memory, in place of rtl/spmma_ram.sv in synthesis: what goes in meets a register and what comes out
// is one's output, as with a memory macro. Its cells do not count; a memory's bits are reported apart.
module spmma_ram #(
    parameter int Width = 32,
    parameter int Depth = 16,
    parameter int Lanes = 1
) (
    input  logic                     clk_i,
    input  logic [        Lanes-1:0] wr_en_i,
    input  logic [$clog2(Depth)-1:0] wr_addr_i,
    input  logic [        Width-1:0] wr_data_i,
    input  logic                     rd_en_i,
    input  logic [$clog2(Depth)-1:0] rd_addr_i,
    output logic [        Width-1:0] rd_data_o
);

  (* keep *) logic [Lanes+2*$clog2(Depth):0] control_q;
  (* keep *) logic [Width-1:0]               rd_data_q;

  always_ff @(posedge clk_i) begin
    control_q <= {wr_en_i, wr_addr_i, rd_en_i, rd_addr_i};
    rd_data_q <= wr_data_i;
  end
  assign rd_data_o = rd_data_q;

endmodule
