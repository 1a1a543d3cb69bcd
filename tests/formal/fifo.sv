// SPDX-License-Identifier: Apache-2.0
// spmma_fifo, given its credits: words come out as they went in, each once and in order, and wait until they are taken.
// What went in and has not come out is written down here, oldest first; the queue holds exactly that.
//
// mode: induction 3
// memory: registers
// parameters: Width=2
// watch: watch_wr_ptr = u_fifo.wr_ptr_q
// watch: watch_rd_ptr = u_fifo.rd_ptr_q
// watch: watch_mem0 = u_fifo.u_ram.mem_q[0]
// watch: watch_mem1 = u_fifo.u_ram.mem_q[1]
// watch: watch_mem2 = u_fifo.u_ram.mem_q[2]
// watch: watch_mem3 = u_fifo.u_ram.mem_q[3]
// bug: 8 spmma_fifo.sv: (!valid_q || ready_i) ==> 1'b1
// bug: 8 spmma_fifo.sv: valid_q <= read || ==> valid_q <= (read && !push_i) ||
module formal_fifo #(
    parameter int Width = 2
) (
    input logic             clk_i,
    input logic             rst_ni,
    input logic             push_i,
    input logic [Width-1:0] data_i,
    input logic             ready_i
);

  localparam int Depth = 4;

  logic             valid;
  logic [Width-1:0] data;

  spmma_fifo #(
      .Width(Width),
      .Depth(Depth)
  ) u_fifo (
      .clk_i,
      .rst_ni,
      .push_i,
      .data_i,
      .valid_o(valid),
      .ready_i,
      .data_o (data)
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);

  // ---------------------------------------------------------------- what should be in the queue

  logic [2:0]             count_q;
  logic [Depth*Width-1:0] words_q;
  logic                   pop;
  logic [2:0]             left;  // after this cycle's pop

  assign pop = valid && ready_i;
  assign left = count_q - 3'(pop);

  always_comb assume (!push_i || count_q < 3'(Depth));  // a credit for each free word

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
    end else begin
      count_q <= left + 3'(push_i);
      for (int i = 0; i < Depth; i++) begin
        if (push_i && left == 3'(i)) words_q[Width*i+:Width] <= data_i;
        else if (pop && i + 1 < Depth) words_q[Width*i+:Width] <= words_q[Width*((i+1)%Depth)+:Width];
      end
    end
  end

  // ---------------------------------------------------------------- what is in it

  logic [2:0]             watch_wr_ptr, watch_rd_ptr;
  logic [Width-1:0]       watch_mem0, watch_mem1, watch_mem2, watch_mem3;
  logic [Depth*Width-1:0] words, rotated;
  logic [2:0]             stored;

  assign words = {watch_mem3, watch_mem2, watch_mem1, watch_mem0};
  assign rotated = ({words, words} >> {watch_rd_ptr[1:0], 1'b0});
  assign stored = watch_wr_ptr - watch_rd_ptr;

  always_comb begin
    if (begun_q && rst_ni) begin
      assert (count_q == stored + 3'(valid));
      assert (count_q <= 3'(Depth) && stored <= 3'(Depth));
      if (valid) assert (data == words_q[Width-1:0]);
      for (int i = 0; i < Depth; i++) begin
        if (3'(i) < stored) assert (rotated[Width*i+:Width] == (valid ? words_q[Width*((i+1)%Depth)+:Width] : words_q[Width*i+:Width]));
      end
    end
  end

  // A word reaches the output as soon as the one before it is taken, or in the second cycle after its push.
  always_ff @(posedge clk_i) if (begun_q && rst_ni && $past(begun_q && rst_ni && stored != '0)) assert (valid);

endmodule
