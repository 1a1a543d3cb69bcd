// SPDX-License-Identifier: Apache-2.0
// The one memory of the design: one write port, one synchronous read port. A read in the cycle of a write to the same
// word returns the old word. Synthesis may leave it as a black box.
module spmma_ram #(
    parameter int Width = 32,  // bits of a word
    parameter int Depth = 16,  // words, a power of two
    parameter int Lanes = 1    // parts of a word that can be written alone
) (
    input  logic                     clk_i,
    input  logic [        Lanes-1:0] wr_en_i,
    input  logic [$clog2(Depth)-1:0] wr_addr_i,
    input  logic [        Width-1:0] wr_data_i,
    input  logic                     rd_en_i,
    input  logic [$clog2(Depth)-1:0] rd_addr_i,
    output logic [        Width-1:0] rd_data_o   // registered; keeps its value until the next read
);

  localparam int LaneW = Width / Lanes;

  // A wave shows what goes in and out; the words themselves would be most of its size.
  /* verilator tracing_off */
  logic [Width-1:0] mem_q[Depth];
  /* verilator tracing_on */
  logic [Width-1:0] rd_data_q;

  if (Lanes == 1) begin : gen_whole
    always_ff @(posedge clk_i) begin
      if (wr_en_i[0]) mem_q[wr_addr_i] <= wr_data_i;
    end
  end else begin : gen_lanes
    always_ff @(posedge clk_i) begin
      for (int i = 0; i < Lanes; i++) begin
        if (wr_en_i[i]) mem_q[wr_addr_i][LaneW*i+:LaneW] <= wr_data_i[LaneW*i+:LaneW];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rd_en_i) rd_data_q <= mem_q[rd_addr_i];
  end

  assign rd_data_o = rd_data_q;

endmodule
