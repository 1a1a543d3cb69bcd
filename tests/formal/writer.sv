// SPDX-License-Identifier: Apache-2.0
// spmma_writer: whatever a block holds and whatever the memory and the other modules do, no byte of a burst lies outside the write
// window, no burst crosses a 4 KiB line, a burst that was begun stays until it is taken and gets exactly its beats, and no strip is
// read before it is filled. The queue of beats is any queue that does what fifo.sv proves, given the credits that are proven here.
//
// mode: induction 2
// parameters: Rows=2
// parameters: Rows=8 DataBits=512 DStrips=4 MaxBytes=512
// free: */u_queue
// watch: watch_beats = u_writer.beats
// watch: watch_in_burst = u_writer.in_burst_q
// watch: watch_state = u_writer.state_q
// watch: watch_open = u_writer.open_q
// watch: watch_beat = u_writer.beat_q
// watch: watch_rows_left = u_writer.rows_left_q
// watch: watch_row = u_writer.row_q
// watch: watch_row_addr = u_writer.row_addr_q
// watch: watch_end = u_writer.burst_end
// watch: watch_queued = u_writer.queued_q
// watch: watch_pushed = u_writer.beat1_q
// watch: watch_rest = u_writer.check_rest_q
// watch: watch_written = u_writer.check_written_q
// bug: 6 spmma_writer.sv: burst_last[63:0] > win_limit_i ==> row_addr_q[63:0] > win_limit_i
// bug: 8 spmma_writer.sv: 4096 / DataBytes) - {1'b0, beat_addr[11:LogData]} ==> 4096 / DataBytes) - {1'b0, beat_addr[11:LogData+1], 1'b0}
// bug: 8 spmma_writer.sv: (!strip_start || filled_i != freed_q) ==> 1'b1
module formal_writer #(
    parameter int Rows     = 2,
    parameter int DataBits = 128,
    parameter int DStrips  = 2,
    parameter int MaxBytes = 64  // of a row of a block of D
) (
    input logic                              clk_i,
    input logic                              rst_ni,
    input logic                              halt_i,
    input logic                              block_valid_i,
    input logic [spmma_gemm_pkg::BlockW-1:0] block_i,
    input logic [63:0]                       win_base_i,
    input logic [63:0]                       win_limit_i,
    input logic                              fill_i,  // a strip is filled
    input logic [DataBits-1:0]               rd_data_i,
    input logic                              aw_ready_i,
    input logic                              w_ready_i,
    input logic                              b_valid_i,
    input logic [1:0]                        b_resp_i
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);

  logic                   block_pop, job_done, error, aw_valid, w_valid, w_last, b_ready, quiet, rd_en, beat;
  logic [TallyW-1:0]      filled_q, freed;
  logic [63:0]            aw_addr;
  logic [7:0]             aw_len, rd_ring;
  logic [DataBits/8-1:0]  w_strb;

  spmma_writer #(
      .Rows    (Rows),
      .DataBits(DataBits),
      .DStrips (DStrips)
  ) u_writer (
      .clk_i,
      .rst_ni,
      .halt_i,
      .block_valid_i,
      .block_i,
      .block_pop_o  (block_pop),
      .job_done_o   (job_done),
      .win_base_i,
      .win_limit_i,
      .error_valid_o(error),
      .error_slot_o (),
      .error_o      (),
      .filled_i     (filled_q),
      .freed_o      (freed),
      .rd_en_o      (rd_en),
      .rd_ring_o    (rd_ring),
      .rd_row_o     (),
      .rd_word_o    (),
      .rd_data_i,
      .aw_valid_o   (aw_valid),
      .aw_ready_i,
      .aw_addr_o    (aw_addr),
      .aw_len_o     (aw_len),
      .w_valid_o    (w_valid),
      .w_ready_i,
      .w_data_o     (),
      .w_strb_o     (w_strb),
      .w_last_o     (w_last),
      .b_valid_i,
      .b_ready_o    (b_ready),
      .b_resp_i,
      .quiet_o      (quiet),
      .beat_o       (beat),
      .bytes_o      ()
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- what the others keep to

  // A block stays until it is popped; its rows are as long as the reader makes them. The windows stay while a block is there or
  // anything is under way, and are made of whole beats.
  logic [spmma_gemm_pkg::BlockW-1:0] block_q;
  logic                              keep_q;
  logic [63:0]                       win_base_q, win_limit_q;
  logic [11:0]                       bytes;
  assign bytes = block_i[spmma_gemm_pkg::BlockBytesN+:12];
  always_ff @(posedge clk_i) begin
    block_q <= block_i;
    keep_q <= rst_ni && block_valid_i && !block_pop;
    win_base_q <= win_base_i;
    win_limit_q <= win_limit_i;
  end
  always_comb begin
    assume (!live || !keep_q || (block_valid_i && block_i == block_q));
    assume (!block_valid_i || block_i[spmma_gemm_pkg::BlockRowsN+:10] == '0 || (bytes != '0 && bytes <= 12'(MaxBytes)));
    // An empty job has no other block.
    assume (!block_valid_i || block_i[spmma_gemm_pkg::BlockRowsN+:10] != '0 || block_i[spmma_gemm_pkg::BlockJobEnd]);
    assume (!live || (!block_valid_i && quiet) || (win_base_i == win_base_q && win_limit_i == win_limit_q));
    assume (win_base_i[LogData-1:0] == '0);
    assume (win_limit_i[LogData-1:0] == {LogData{1'b1}});
  end

  // The memory answers bursts whose address and last beat it has taken; the ring holds DStrips.
  logic [6:0] open_q, taken_q, written_q;
  always_comb begin
    assume (!b_valid_i || (taken_q != '0 && written_q != '0));
    assume (!fill_i || filled_q - freed < TallyW'(DStrips));
  end

  // The queue of beats: how many it holds, and which of them end a burst, oldest first.
  logic       watch_pushed, pushed_last_q, w_pop;
  logic [3:0] words_q, words_left;
  logic [7:0] lasts_q;
  logic       waits_q;
  assign w_pop = w_valid && w_ready_i;
  assign words_left = words_q - 4'(w_pop);
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && w_valid && !w_ready_i;
    if (beat) pushed_last_q <= watch_end;
    if (!rst_ni) begin
      words_q <= '0;
      lasts_q <= '0;
    end else begin
      words_q <= words_left + 4'(watch_pushed);
      lasts_q <= (w_pop ? lasts_q >> 1 : lasts_q) | (8'(watch_pushed && pushed_last_q) << words_left);
    end
  end
  always_comb begin
    assume (!w_valid || (words_q != '0 && w_last == lasts_q[0]));
    assume (!waits_q || w_valid);
  end

  // ---------------------------------------------------------------- what is proven

  logic [64:0] first, last;  // bytes of the burst's first beat and of its last one
  assign first = {1'b0, aw_addr[63:LogData], {LogData{1'b0}}};
  assign last = first + 65'({1'b0, aw_len} + 9'd1) * 65'(DataBytes) - 65'd1;

  logic        watch_in_burst, watch_end;
  logic [1:0]  watch_state;
  logic [6:0]  watch_open;
  logic [4:0]  watch_beat, watch_beats;
  logic [9:0]  watch_rows_left;
  logic [7:0]  watch_row;
  logic [64:0] watch_row_addr;
  logic [8:0]  beats_q;  // made of the burst under way
  logic        held_q, began;
  logic [63:0] addr_q;
  logic [7:0]  len_q;

  assign began = beat && !watch_in_burst;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      filled_q <= '0;
      open_q <= '0;
      taken_q <= '0;
      written_q <= '0;
      beats_q <= '0;
    end else begin
      filled_q <= filled_q + TallyW'(fill_i);
      open_q <= open_q + 7'(began) - 7'(b_valid_i && b_ready);
      taken_q <= taken_q + 7'(aw_valid && aw_ready_i) - 7'(b_valid_i && b_ready);
      written_q <= written_q + 7'(w_valid && w_ready_i && w_last) - 7'(b_valid_i && b_ready);
      if (beat) beats_q <= watch_end ? '0 : beats_q + 9'd1;
    end
    held_q <= rst_ni && aw_valid && !aw_ready_i;
    addr_q <= aw_addr;
    len_q <= aw_len;
  end

  logic       end_q;
  logic [8:0] made_q;
  always_ff @(posedge clk_i) begin
    end_q <= rst_ni && beat && watch_end;
    made_q <= beats_q + 9'd1;
  end

  always_comb begin
    if (live) begin
      if (aw_valid) begin
        assert (first[63:0] >= win_base_i && !last[64] && last[63:0] <= win_limit_i);
        assert (first[63:12] == last[63:12]);
      end
      if (held_q) assert (aw_valid && aw_addr == addr_q && aw_len == len_q);
      if (end_q) assert (made_q == {1'b0, aw_len} + 9'd1);  // the last beat is the one that the burst's length says
      assert (open_q <= 7'd64);
      assert (!rd_en || filled_q != freed);
      assert (!rd_en || rd_ring == 8'(freed) % 8'(DStrips));
      assert (!began || !halt_i);
      assert (!(job_done && open_q != '0));
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  localparam logic [1:0] Take = 2'd0;
  localparam logic [1:0] Run  = 2'd1;
  localparam logic [1:0] Drain = 2'd2;
  localparam logic [1:0] Halt = 2'd3;

  logic [4:0] watch_rest;
  logic [6:0] watch_written;
  logic [3:0] watch_queued;

  logic [64:0] beat_addr;  // of the burst under way: its next beat
  assign beat_addr = {watch_row_addr[64:LogData], {LogData{1'b0}}} + (65'(watch_beat) << LogData);

  always_comb begin
    if (live) begin
      assert (watch_open == open_q && watch_written == written_q);
      assert (open_q == taken_q + 7'(aw_valid) && taken_q <= open_q);
      assert (watch_queued == words_q + 4'(watch_pushed) && watch_queued <= 4'd8 && words_q <= 4'd8);
      assert ((lasts_q >> words_q) == '0);
      assert (open_q == written_q + 7'(watch_in_burst) + 7'(watch_pushed && pushed_last_q) + 7'($countones(lasts_q)));
      if (watch_pushed) assert (watch_in_burst == !pushed_last_q);
      else if (words_q != '0) assert (watch_in_burst == ((lasts_q >> (words_q - 4'd1)) == '0));
      assert (filled_q - freed <= TallyW'(DStrips));
      assert (watch_in_burst == (beats_q != '0));
      assert (watch_state == Take || watch_state == Halt || block_valid_i);
      if (watch_state == Run) begin
        assert (block_i[spmma_gemm_pkg::BlockRowsN+:10] != '0);
        assert (watch_rows_left != '0);
        assert (watch_beat < watch_beats);
        assert (watch_row < 8'(Rows));
        if (watch_row != '0 || watch_beat != '0) assert (filled_q != freed);
      end else begin
        assert (!watch_in_burst);
      end
      // The burst's address and length go with the beats made so far.
      if (watch_in_burst) begin
        assert (watch_beat != '0 && beats_q <= {1'b0, aw_len});
        assert (9'(watch_rest) == 9'(aw_len) + 9'd1 - beats_q);
        assert (first[64:12] == last[64:12]);
        assert (beat_addr == first + 65'(beats_q) * 65'(DataBytes));
        assert (watch_beat + 5'(9'(aw_len) + 9'd1 - beats_q) == watch_beats || last[11:0] == 12'hFFF);
        assert (9'(watch_beat) + 9'(aw_len) + 9'd1 - beats_q <= 9'(watch_beats));
      end
    end
  end

endmodule
