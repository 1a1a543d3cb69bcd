// SPDX-License-Identifier: Apache-2.0
// spmma_shifter's queue of bursts, in its place: any burst that is asked for, all 117 bits of it, is the one whose beats come when
// those before it have ended, and goes with its words, to the last one, with the place of an illegal nibble and with an error. A
// beat is taken from the second cycle after its burst was asked for, or the one after the burst before it, but for a left-over
// word. And the shifter's own assertions. The queue's memory is any that gives back what was written to a word, any one of
// them; ram.sv is about the real one.
//
// mode: induction 2
// parameters: DataBits=128 KBytes=16
// parameters: DataBits=256 KBytes=32
// free: */u_ram
// watch: watch_push = u_shifter.u_reads.push_i
// watch: watch_in = u_shifter.u_reads.data_i
// watch: watch_out = u_shifter.u_reads.data_o
// watch: watch_wr_ptr = u_shifter.u_reads.wr_ptr_q
// watch: watch_rd_ptr = u_shifter.u_reads.rd_ptr_q
// watch: watch_read_valid = u_shifter.read_valid
// watch: watch_read = u_shifter.read
// watch: watch_flush = u_shifter.flush_q
// watch: watch_flush_read = u_shifter.flush_read_q
// watch: watch_begun = u_shifter.begun_q
// watch: watch_index = u_shifter.index_q
// bug: 8 spmma_shifter.sv: .data_i (read_i) ==> .data_i (read_i ^ (ReadW'(read_i[76]) << 16))
// bug: 8 spmma_shifter.sv: .ready_i(last_o) ==> .ready_i(beat)
// bug: 8 spmma_shifter.sv: word_read_q <= flush_q ? flush_read_q : read ==> word_read_q <= read
// bug: 8 spmma_fifo.sv: (!valid_q || ready_i) ==> (!valid_q || ready_i || push_i)
module formal_shifter_queue #(
    parameter int DataBits = 128,
    parameter int KBytes   = 16
) (
    input logic                             clk_i,
    input logic                             rst_ni,
    input logic                             read_push_i,
    input logic [spmma_gemm_pkg::ReadW-1:0] read_i,
    input logic                             r_valid_i,
    input logic [DataBits-1:0]              r_data_i,
    input logic [1:0]                       r_resp_i,
    input logic                             r_last_i,
    input logic                             choose_i      // this burst, if none was chosen before
);

  localparam int ReadW = spmma_gemm_pkg::ReadW;
  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int Depth = 64;

  logic                              r_ready, last, word_valid, error, error_slot;
  logic [ReadW-1:0]                  word_read;
  logic [8:0]                        illegal_count;
  logic [3*SizeW-1:0]                illegal_first;
  logic [spmma_gemm_pkg::ShifterErrorW-1:0] error_info;

  spmma_shifter #(
      .DataBits(DataBits),
      .KBytes  (KBytes)
  ) u_shifter (
      .clk_i,
      .rst_ni,
      .read_push_i,
      .read_i,
      .r_valid_i,
      .r_ready_o      (r_ready),
      .r_data_i,
      .r_resp_i,
      .r_last_i,
      .last_o         (last),
      .word_valid_o   (word_valid),
      .word_read_o    (word_read),
      .word_index_o   (),
      .word_o         (),
      .a_loaded_o     (),
      .e_loaded_o     (),
      .b_loaded_o     (),
      .c_loaded_o     (),
      .illegal_count_o(illegal_count),
      .illegal_first_o(illegal_first),
      .error_valid_o  (error),
      .error_slot_o   (error_slot),
      .error_o        (error_info)
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- the bursts asked for

  logic       pushed_q;
  logic [6:0] open_q;    // not ended
  logic [6:0] ready_q;   // of them, those whose address can have been taken
  logic       beat;

  assign beat = r_valid_i && r_ready;

  // The reader asks for no more than there is room for, and for what has a buffer; beats come only for what was asked for.
  always_comb begin
    assume (!read_push_i || open_q < 7'(Depth));
    assume (!read_push_i || read_i[spmma_gemm_pkg::ReadOperand+:3] <= spmma_gemm_pkg::OperandC);
    assume (!r_valid_i || ready_q != '0);
  end

  // ---------------------------------------------------------------- the queue's memory

  // One word of it, any one; what the others give back names a buffer, as what is written to them does. A read moves the pointer.
  (* anyconst *) logic [5:0] slot;
  logic             watch_push;
  logic [ReadW-1:0] watch_in, watch_out, out_q, slot_q, slot_before_q;
  logic [6:0]       watch_wr_ptr, watch_rd_ptr, rd_ptr_q;
  logic             run_q;

  always_ff @(posedge clk_i) begin
    if (watch_push && watch_wr_ptr[5:0] == slot) slot_q <= watch_in;
    slot_before_q <= slot_q;
    out_q <= watch_out;
    rd_ptr_q <= watch_rd_ptr;
    run_q <= rst_ni;
  end
  always_comb begin
    if (live && run_q) begin
      if (watch_rd_ptr == rd_ptr_q) assume (watch_out == out_q);
      else if (rd_ptr_q[5:0] == slot) assume (watch_out == slot_before_q);
      else assume (watch_out[spmma_gemm_pkg::ReadOperand+:3] <= spmma_gemm_pkg::OperandC);
    end
  end

  // ---------------------------------------------------------------- one burst, any one that comes to that word

  logic             chosen_q, ended_q, here, latest_q;
  logic [6:0]       ahead_q;  // not ended before it
  logic [ReadW-1:0] read_q;

  assign here = chosen_q && !ended_q && ahead_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      pushed_q <= 1'b0;
      open_q <= '0;
      ready_q <= '0;
      chosen_q <= 1'b0;
      ended_q <= 1'b0;
      latest_q <= 1'b0;
    end else begin
      pushed_q <= read_push_i;
      open_q <= open_q + 7'(read_push_i) - 7'(last);
      ready_q <= ready_q + 7'(pushed_q) - 7'(last);
      if (!chosen_q && read_push_i && choose_i && watch_wr_ptr[5:0] == slot) begin
        chosen_q <= 1'b1;
        ahead_q <= open_q - 7'(last);
        read_q <= read_i;
      end else if (last) begin
        ahead_q <= ahead_q - 7'd1;
        ended_q <= ended_q || here;
      end
      if (beat) latest_q <= here;  // the latest beat is one of it
    end
  end

  // ---------------------------------------------------------------- what is proven

  logic             watch_read_valid, watch_flush;
  logic [ReadW-1:0] watch_read;

  always_comb begin
    if (live) begin
      assert (r_ready == (ready_q != '0 && !watch_flush));
      assert (last == (beat && r_last_i));
      if (here && watch_read_valid) assert (watch_read == read_q);
      if (latest_q && word_valid) assert (word_read == read_q);
      if (latest_q && illegal_count != '0) begin
        assert (illegal_first[2*SizeW+:SizeW] == read_q[spmma_gemm_pkg::ReadEntry+:SizeW]);
        assert (illegal_first[SizeW+:SizeW] == read_q[spmma_gemm_pkg::ReadLine+:SizeW]);
      end
      if (here && error) begin
        assert (error_slot == read_q[spmma_gemm_pkg::ReadSlot]);
        assert (error_info[2*SizeW+:3] == read_q[spmma_gemm_pkg::ReadOperand+:3]);
        assert (error_info[SizeW+:SizeW] == read_q[spmma_gemm_pkg::ReadEntry+:SizeW]);
        assert (error_info[SizeW-1:0] == read_q[spmma_gemm_pkg::ReadLine+:SizeW]);
      end
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  logic [6:0]       stored;
  logic [ReadW-1:0] watch_flush_read;
  logic             watch_begun;
  logic [4:0]       watch_index;

  assign stored = watch_wr_ptr - watch_rd_ptr;

  always_comb begin
    if (live) begin
      assert (stored <= 7'(Depth) && open_q == stored + 7'(watch_read_valid) && open_q <= 7'(Depth));
      assert (open_q == ready_q + 7'(pushed_q) && watch_read_valid == (ready_q != '0));
      assert (!chosen_q || ended_q || ahead_q < open_q);
      assert (!(chosen_q && latest_q) || ended_q || ahead_q == '0);
      assert (!latest_q || chosen_q);
      if (chosen_q && !ended_q && !(here && watch_read_valid)) begin
        assert (slot == watch_rd_ptr[5:0] + ahead_q[5:0] - 6'(watch_read_valid));
        assert (slot_q == read_q);
      end
      if (7'(6'(slot - watch_rd_ptr[5:0])) < stored) assert (slot_q[spmma_gemm_pkg::ReadOperand+:3] <= spmma_gemm_pkg::OperandC);
      if (latest_q && watch_flush) assert (watch_flush_read == read_q);
      assert (watch_begun ? !watch_flush : watch_flush || watch_index == '0);
      if (watch_read_valid) assert (watch_read[spmma_gemm_pkg::ReadOperand+:3] <= spmma_gemm_pkg::OperandC);
      if (watch_flush) assert (watch_flush_read[spmma_gemm_pkg::ReadOperand+:3] <= spmma_gemm_pkg::OperandC);
      if (word_valid) assert (word_read[spmma_gemm_pkg::ReadOperand+:3] <= spmma_gemm_pkg::OperandC);
    end
  end

endmodule
