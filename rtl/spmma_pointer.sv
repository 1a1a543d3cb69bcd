// SPDX-License-Identifier: Apache-2.0
// The addresses of one operand: of the batch entry, of the block of rows in it, of the columns in that, and of the row
// being asked for. One step a cycle; addresses keep a carry bit, so that one beyond 2^64 is seen where it is used.
module spmma_pointer #(
    parameter int BlockRows = 128  // rows of a block, a power of two
) (
    input  logic                              clk_i,
    input  logic [63:0]                       addr_i,
    input  logic [31:0]                       pitch_i,
    input  logic [63:0]                       stride_i,
    input  logic                              start_i,    // the first entry
    input  logic                              entry_i,    // the next entry, its first block
    input  logic                              rows_i,     // the next block of rows
    input  logic                              columns_i,  // columns_bytes_i further in the same rows
    input  logic [10:0]                       column_bytes_i,  // at most 256 columns of 4 bytes
    input  logic                              rewind_i,   // the first column again
    input  logic                              load_i,     // the row pointer: first row of the block
    input  logic                              row_i,      // the row pointer: the next row
    output logic [spmma_gemm_pkg::AddrW-1:0]  base_o,     // first row of the block, at the current column
    output logic [spmma_gemm_pkg::AddrW-1:0]  row_o       // the row pointer
);

  localparam int AddrW = spmma_gemm_pkg::AddrW;

  logic [AddrW-1:0] entry_q, block_q, row_q, next_entry;
  logic [31:0]      column_q;

  assign next_entry = entry_q + {1'b0, stride_i};
  assign base_o = block_q + AddrW'(column_q);
  assign row_o = row_q;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      entry_q <= {1'b0, addr_i};
      block_q <= {1'b0, addr_i};
    end else if (entry_i) begin
      entry_q <= next_entry;
      block_q <= next_entry;
    end else if (rows_i) begin
      block_q <= block_q + (AddrW'(pitch_i) << $clog2(BlockRows));
    end
    if (start_i || entry_i || rows_i || rewind_i) column_q <= '0;
    else if (columns_i) column_q <= column_q + 32'(column_bytes_i);
    if (load_i) row_q <= base_o;
    else if (row_i) row_q <= row_q + AddrW'(pitch_i);
  end

endmodule
