// SPDX-License-Identifier: Apache-2.0
// spmma_fifo in sizes that the engine and the core have, its RAM included, given its credits: a word, any one, comes out in all
// its bits as it went in, when as many words have come out as were in the queue before it. fifo.sv is about all words of a small one.
//
// mode: induction 2
// memory: registers
// parameters: Width=67 Depth=4
// parameters: Width=145 Depth=8
// parameters: Width=169 Depth=16
// parameters: Width=10 Depth=32
// long: 2
// watch: watch_wr_ptr = u_fifo.wr_ptr_q
// watch: watch_rd_ptr = u_fifo.rd_ptr_q
// watch: gen_word[#].watch_mem = u_fifo.u_ram.mem_q[#]
// count: Depth
// bug: 8 spmma_fifo.sv: rd_ptr_q <= rd_ptr_q + 1'b1 ==> rd_ptr_q <= rd_ptr_q + (AddrW + 1)'(valid_q || !push_i)
// bug: 8 spmma_fifo.sv: .wr_data_i(data_i) ==> .wr_data_i(data_i ^ (Width'(data_i[9]) << 6))
// bug: 8 spmma_fifo.sv: .rd_en_i  (read) ==> .rd_en_i  (wr_ptr_q != rd_ptr_q)
module formal_fifo_word #(
    parameter int Width = 117,
    parameter int Depth = 64
) (
    input logic             clk_i,
    input logic             rst_ni,
    input logic             push_i,
    input logic [Width-1:0] data_i,
    input logic             ready_i,
    input logic             choose_i  // the word that is pushed is the one to follow, if none is
);

  localparam int CountW = $clog2(Depth) + 1;
  localparam int AddrW = $clog2(Depth);

  logic             valid, pop;
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

  // ---------------------------------------------------------------- how many there are, and the one that is followed

  logic [CountW-1:0] count_q, left, ahead_q;
  logic              follow_q;
  logic [Width-1:0]  word_q;
  assign pop = valid && ready_i;
  assign left = count_q - CountW'(pop);

  always_comb assume (!push_i || count_q < CountW'(Depth));  // a credit for each free word

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
      follow_q <= 1'b0;
    end else begin
      count_q <= left + CountW'(push_i);
      if (push_i && choose_i && !follow_q) begin
        follow_q <= 1'b1;
        ahead_q <= left;
        word_q <= data_i;
      end else if (follow_q && pop) begin
        follow_q <= ahead_q != '0;
        ahead_q <= ahead_q - CountW'(1);
      end
    end
  end

  always_comb begin
    if (begun_q && rst_ni) begin
      if (follow_q && ahead_q == '0 && valid) assert (data == word_q);
      if (valid) assert (count_q != '0);
      if (follow_q) assert (ahead_q < count_q);
    end
  end

  // A word reaches the output as soon as the one before it is taken, or in the second cycle after its push.
  logic waits_q;
  always_ff @(posedge clk_i) waits_q <= rst_ni && watch_wr_ptr != watch_rd_ptr;
  always_comb if (begun_q && rst_ni && waits_q) assert (valid);

  // ---------------------------------------------------------------- where it is, for the induction

  logic [CountW-1:0] watch_wr_ptr, watch_rd_ptr;
  logic [AddrW-1:0]  place;
  assign place = watch_rd_ptr[AddrW-1:0] + ahead_q[AddrW-1:0] - AddrW'(valid);

  always_comb begin
    if (begun_q && rst_ni) begin
      assert (count_q == CountW'(watch_wr_ptr - watch_rd_ptr) + CountW'(valid));
      assert (count_q <= CountW'(Depth));
      assert (CountW'(watch_wr_ptr - watch_rd_ptr) <= CountW'(Depth));
    end
  end

  for (genvar i = 0; i < Depth; i++) begin : gen_word
    logic [Width-1:0] watch_mem;
    always_comb begin
      if (begun_q && rst_ni && follow_q && !(valid && ahead_q == '0) && place == AddrW'(i)) assert (watch_mem == word_q);
    end
  end

endmodule
