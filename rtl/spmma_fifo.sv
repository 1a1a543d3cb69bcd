// SPDX-License-Identifier: Apache-2.0
// A queue in a RAM with a valid/ready output. It never refuses a push: who pushes holds a credit for each free word.
`include "spmma_assert.svh"

module spmma_fifo #(
    parameter int Width = 32,  // bits of a word
    parameter int Depth = 16   // words, a power of two
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             push_i,
    input  logic [Width-1:0] data_i,
    output logic             valid_o,
    input  logic             ready_i,
    output logic [Width-1:0] data_o
);

  localparam int AddrW = $clog2(Depth);

  // One bit more than an address tells a full queue from an empty one.
  logic [AddrW:0] wr_ptr_q, rd_ptr_q;
  logic valid_q;
  logic read;

  // The word read from the RAM waits in the RAM's own output register until it is taken.
  assign read = (wr_ptr_q != rd_ptr_q) && (!valid_q || ready_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wr_ptr_q <= '0;
      rd_ptr_q <= '0;
      valid_q  <= 1'b0;
    end else begin
      if (push_i) wr_ptr_q <= wr_ptr_q + 1'b1;
      if (read) rd_ptr_q <= rd_ptr_q + 1'b1;
      valid_q <= read || (valid_q && !ready_i);
    end
  end

  spmma_ram #(
      .Width(Width),
      .Depth(Depth)
  ) u_ram (
      .clk_i,
      .wr_en_i  (push_i),
      .wr_addr_i(wr_ptr_q[AddrW-1:0]),
      .wr_data_i(data_i),
      .rd_en_i  (read),
      .rd_addr_i(rd_ptr_q[AddrW-1:0]),
      .rd_data_o(data_o)
  );

  assign valid_o = valid_q;

  `SPMMA_ASSERT(FifoNoOverflow, !(push_i && wr_ptr_q == {~rd_ptr_q[AddrW], rd_ptr_q[AddrW-1:0]}))
  `SPMMA_ASSERT_HOLDS(FifoHolds, valid_o && !ready_i, valid_o, data_o)
  `SPMMA_ASSERT(FifoFillInRange, (AddrW + 1)'(wr_ptr_q - rd_ptr_q) <= (AddrW + 1)'(Depth))
  `SPMMA_ASSERT_NEXT(FifoOffersWhatItHas, wr_ptr_q != rd_ptr_q, valid_o)
  `SPMMA_ASSERT_NEXT(FifoInventsNothing, wr_ptr_q == rd_ptr_q && ready_i, !valid_o)

endmodule
