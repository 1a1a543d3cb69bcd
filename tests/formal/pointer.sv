// SPDX-License-Identifier: Apache-2.0
// spmma_pointer, all 65 bits, whatever is asked of it in whatever order: the address of the block is its entry's, and so many
// blocks of rows down, and so many columns across; the row pointer is the address that was loaded, and so many rows on. Nothing
// is known before the first entry, and nothing of the row pointer before it is loaded.
//
// mode: induction 2
// parameters: BlockRows=8
// parameters: BlockRows=128
// watch: watch_entry = u_pointer.entry_q
// watch: watch_block = u_pointer.block_q
// watch: watch_column = u_pointer.column_q
// bug: 6 spmma_pointer.sv: {1'b0, stride_i} ==> {stride_i[63], stride_i}
// bug: 6 spmma_pointer.sv: start_i || entry_i || rows_i || rewind_i ==> start_i || entry_i || rewind_i
// bug: 6 spmma_pointer.sv: block_q + AddrW'(column_q) ==> block_q + AddrW'(column_q[30:0])
// bug: 6 spmma_pointer.sv: block_q <= next_entry ==> block_q <= block_q + {1'b0, stride_i}
module formal_pointer #(
    parameter int BlockRows = 8
) (
    input logic        clk_i,
    input logic [63:0] addr_i,
    input logic [31:0] pitch_i,
    input logic [63:0] stride_i,
    input logic        start_i,
    input logic        entry_i,
    input logic        rows_i,
    input logic        columns_i,
    input logic [10:0] column_bytes_i,
    input logic        rewind_i,
    input logic        load_i,
    input logic        row_i
);

  localparam int AddrW = spmma_gemm_pkg::AddrW;

  logic [AddrW-1:0] base, row;

  spmma_pointer #(
      .BlockRows(BlockRows)
  ) u_pointer (
      .clk_i,
      .addr_i,
      .pitch_i,
      .stride_i,
      .start_i,
      .entry_i,
      .rows_i,
      .columns_i,
      .column_bytes_i,
      .rewind_i,
      .load_i,
      .row_i,
      .base_o(base),
      .row_o (row)
  );

  // ---------------------------------------------------------------- where it should be

  // Each distance has a sum of its own: from the address to the entry, to the block of rows, to the column; and from the loaded
  // address to the row. Of what comes together a start counts before an entry, that before rows, what returns to the first column
  // before what leaves it, and a load before a row; it takes the address as it was before all these.
  logic             started_q = 1'b0;
  logic             loaded_q = 1'b0;
  logic [63:0]      addr_q;
  logic [AddrW-1:0] entries_q, down_q, from_q, walked_q;
  logic [31:0]      across_q;
  logic [AddrW-1:0] here;

  assign here = AddrW'(addr_q) + entries_q + down_q + AddrW'(across_q);

  always_ff @(posedge clk_i) begin
    if (columns_i) across_q <= across_q + 32'(column_bytes_i);
    if (rewind_i) across_q <= '0;
    if (rows_i) begin
      down_q <= down_q + AddrW'(pitch_i) * AddrW'(BlockRows);
      across_q <= '0;
    end
    if (entry_i) begin
      entries_q <= entries_q + AddrW'(stride_i);
      down_q <= '0;
      across_q <= '0;
    end
    if (start_i) begin
      started_q <= 1'b1;
      addr_q <= addr_i;
      entries_q <= '0;
      down_q <= '0;
      across_q <= '0;
    end
    if (load_i) begin
      loaded_q <= started_q;
      from_q <= here;
      walked_q <= '0;
    end else if (row_i) begin
      walked_q <= walked_q + AddrW'(pitch_i);
    end
  end

  // ---------------------------------------------------------------- what is proven

  logic [AddrW-1:0] watch_entry, watch_block;
  logic [31:0]      watch_column;

  always_comb begin
    if (started_q) assert (base == here);
    if (loaded_q) assert (row == from_q + walked_q);
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  always_comb begin
    if (started_q) begin
      assert (watch_entry == AddrW'(addr_q) + entries_q);
      assert (watch_block == AddrW'(addr_q) + entries_q + down_q);
      assert (watch_column == across_q);
    end
  end

endmodule
