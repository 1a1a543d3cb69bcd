// SPDX-License-Identifier: Apache-2.0
// spmma_writer's control: in every cycle each output that means something is what the walk written down here says, bit for bit. A
// block's rows are taken in order, each from base + i * pitch in 65 bits, each by the beats that its bytes touch, each beat in the
// first cycle in which nothing that it waits for is missing. A burst reaches from its first byte to the end of the row or of the
// 4 KiB line, whichever comes first, and is refused exactly when a byte of it is beyond the address space or the window; then
// nothing follows. The errors, the strip's place in the ring, the strips freed, the counters' beats and bytes, the end of blocks
// and of jobs come from the same walk. Nothing is assumed of the windows, the strips filled, the memory's answers or a row's
// length. What the beats carry is proven in writer_data.sv, the writer's own assertions in writer.sv, whose environment keeps to
// more.
//
// mode: induction 1
// parameters: Rows=2
// parameters: Rows=8 DataBits=512 DStrips=4
// long: 1
// free: */u_queue
// without: assertions
// watch: watch_state = u_writer.state_q
// watch: watch_row_addr = u_writer.row_addr_q
// watch: watch_rows_left = u_writer.rows_left_q
// watch: watch_row = u_writer.row_q
// watch: watch_line = u_writer.line_q
// watch: watch_beat = u_writer.beat_q
// watch: watch_in_burst = u_writer.in_burst_q
// watch: watch_open = u_writer.open_q
// watch: watch_queued = u_writer.queued_q
// bug: 8 spmma_writer.sv: AddrW'(block_i[spmma_gemm_pkg::BlockPitch+:32]) ==> AddrW'(block_i[spmma_gemm_pkg::BlockPitch+:31])
// bug: 6 spmma_writer.sv: burst_last[63:0] > win_limit_i ==> burst_last[63:0] >= win_limit_i
// bug: 8 spmma_writer.sv: line_q <= line_q + SizeW'(1) ==> line_q <= line_q + SizeW'(1) + {line_q[22] && line_q[21], 23'd0}
// bug: 6 spmma_writer.sv: (!aw_valid_q || aw_ready_i) && ==> !aw_valid_q &&
// bug: 6 spmma_writer.sv: SizeW], line_q} ==> SizeW], SizeW'(rows_left_q)}
// bug: 8 spmma_writer.sv: b_pop && b_resp_i[1] ==> b_pop && b_resp_i == 2'b10
module formal_writer_rows #(
    parameter int Rows     = 2,
    parameter int DataBits = 128,
    parameter int DStrips  = 2
) (
    input logic                              clk_i,
    input logic                              rst_ni,
    input logic                              halt_i,
    input logic                              block_valid_i,
    input logic [spmma_gemm_pkg::BlockW-1:0] block_i,
    input logic [63:0]                       win_base_i,
    input logic [63:0]                       win_limit_i,
    input logic [spmma_gemm_pkg::TallyW-1:0] filled_i,
    input logic [DataBits-1:0]               rd_data_i,
    input logic                              aw_ready_i,
    input logic                              w_ready_i,
    input logic                              b_valid_i,
    input logic [1:0]                        b_resp_i
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);
  localparam int MaxBytes = 30 * DataBytes + 1;  // of a row: 31 beats, wherever it begins. The reader makes at most 16 * DataBytes.

  logic                              block_pop, job_done, error, error_slot, rd_en, aw_valid, w_valid, b_ready, quiet, beat_seen;
  logic [spmma_gemm_pkg::WriterErrorW-1:0] error_info;
  logic [TallyW-1:0]                 freed;
  logic [7:0]                        rd_ring, rd_row, aw_len;
  logic [4:0]                        rd_word;
  logic [63:0]                       aw_addr;
  logic [11:0]                       bytes_seen;

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
      .error_slot_o (error_slot),
      .error_o      (error_info),
      .filled_i,
      .freed_o      (freed),
      .rd_en_o      (rd_en),
      .rd_ring_o    (rd_ring),
      .rd_row_o     (rd_row),
      .rd_word_o    (rd_word),
      .rd_data_i,
      .aw_valid_o   (aw_valid),
      .aw_ready_i,
      .aw_addr_o    (aw_addr),
      .aw_len_o     (aw_len),
      .w_valid_o    (w_valid),
      .w_ready_i,
      .w_data_o     (),
      .w_strb_o     (),
      .w_last_o     (),
      .b_valid_i,
      .b_ready_o    (b_ready),
      .b_resp_i,
      .quiet_o      (quiet),
      .beat_o       (beat_seen),
      .bytes_o      (bytes_seen)
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- the block

  logic        slot, job_end;
  logic [9:0]  rows;
  logic [11:0] bytes;
  logic [23:0] line, entry;
  logic [31:0] pitch;
  logic [64:0] base;
  assign {base, pitch, entry, line, bytes, rows, job_end, slot} = block_i;

  // ---------------------------------------------------------------- the walk

  logic              walks_q;     // through a block's rows
  logic              drains_q;    // waits for the job's last response
  logic              dead_q;      // a burst was refused
  logic              lost_q;      // a row was longer than any: nothing is said of what follows
  logic              slot_q;      // of the last block's job
  logic [9:0]        index_q;     // of the row in the block
  logic [64:0]       row_at_q;    // the row's first byte
  logic [64:0]       at_q;        // the first byte that no beat has yet
  logic [11:0]       todo_q;      // bytes of the row from there
  logic [4:0]        rest_q;      // beats that the burst under way still has
  logic [TallyW-1:0] freed_q;
  logic [6:0]        open_q;      // bursts begun and not answered
  logic [3:0]        on_way_q;    // beats made and not handed over
  logic              offers_q;    // a burst's address
  logic [63:0]       offer_at_q;
  logic [7:0]        offer_len_q;

  logic        odd;         // a length that no row has
  logic [12:0] to_line;     // bytes from here to the 4 KiB line
  logic [12:0] span;        // bytes of the burst that begins, or goes on, here
  logic [64:0] end_at;      // its last byte
  logic [4:0]  span_beats;
  logic [6:0]  here;        // bytes of this beat
  logic        row_begins, row_ends, block_ends, strip_begins, strip_ends, begins, go, bad, beat, told;

  assign odd = bytes == '0 || bytes > 12'(MaxBytes);
  assign to_line = 13'd4096 - {1'b0, at_q[11:0]};
  assign span = (13'(todo_q) < to_line) ? 13'(todo_q) : to_line;
  assign end_at = at_q + 65'(span) - 65'd1;
  assign span_beats = 5'(end_at[11:LogData] - at_q[11:LogData] + 1'b1);
  assign here = 7'(DataBytes) - 7'(at_q[LogData-1:0]);

  assign row_begins = at_q == row_at_q;
  assign row_ends = todo_q <= 12'(here);
  assign block_ends = row_ends && index_q + 10'd1 == rows;
  assign strip_begins = row_begins && (index_q & 10'(Rows - 1)) == '0;
  assign strip_ends = row_ends && (block_ends || ((index_q + 10'd1) & 10'(Rows - 1)) == '0);

  // What a beat waits for, and nothing else.
  assign begins = rest_q == '0;
  assign go = walks_q && on_way_q < 4'd8 &&
              (!begins || (!halt_i && !(offers_q && !aw_ready_i) && open_q < 7'd64 && !(strip_begins && filled_i == freed_q)));
  assign bad = begins && (at_q[64] || end_at[64] || at_q[63:0] < win_base_i || end_at[63:0] > win_limit_i);
  assign beat = go && !bad;

  // A row of a length that none has says where its first burst ends only if it does not reach the line.
  assign told = !odd || (bytes != '0 && 13'(bytes) <= to_line);

  logic answered;
  assign answered = b_valid_i && open_q != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      walks_q <= 1'b0;
      drains_q <= 1'b0;
      dead_q <= 1'b0;
      lost_q <= 1'b0;
      rest_q <= '0;
      freed_q <= '0;
      open_q <= '0;
      on_way_q <= '0;
      offers_q <= 1'b0;
    end else begin
      if (!walks_q && !drains_q && !dead_q && block_valid_i) begin
        // A block without rows is all of an empty job.
        walks_q <= rows != '0;
        drains_q <= rows == '0;
        slot_q <= slot;
        index_q <= '0;
        row_at_q <= base;
        at_q <= base;
        todo_q <= bytes;
      end
      if (odd && (beat || (go && !told))) lost_q <= 1'b1;
      if (go && bad) begin
        walks_q <= 1'b0;
        dead_q <= 1'b1;
      end
      if (beat) begin
        rest_q <= (begins ? span_beats : rest_q) - 5'd1;
        at_q <= at_q + 65'(here);
        todo_q <= todo_q - 12'(here);
        if (row_ends) begin
          index_q <= index_q + 10'd1;
          row_at_q <= row_at_q + 65'(pitch);
          at_q <= row_at_q + 65'(pitch);
          todo_q <= bytes;
        end
        if (block_ends) walks_q <= 1'b0;
        if (block_ends && job_end) drains_q <= 1'b1;
        if (strip_ends) freed_q <= freed_q + TallyW'(1);
      end
      if (drains_q && open_q == '0) drains_q <= 1'b0;
      open_q <= open_q + 7'(beat && begins) - 7'(answered);
      on_way_q <= on_way_q + 4'(beat) - 4'(w_valid && w_ready_i);
      if (aw_ready_i) offers_q <= 1'b0;
      if (beat && begins) begin
        offers_q <= 1'b1;
        offer_at_q <= at_q[63:0];
        offer_len_q <= 8'(span_beats) - 8'd1;
      end
    end
  end

  // ---------------------------------------------------------------- what the others keep to

  // A block stays until it is popped. Blocks of one job follow each other, and between two of them the queue shows the former:
  // while a burst is open, the slot is its job's. What the queue of beats hands over was put there.
  logic [spmma_gemm_pkg::BlockW-1:0] block_q;
  logic                              keep_q;
  always_ff @(posedge clk_i) begin
    block_q <= block_i;
    keep_q <= rst_ni && block_valid_i && !block_pop;
  end
  always_comb begin
    assume (!live || !keep_q || (block_valid_i && block_i == block_q));
    assume (!live || open_q == '0 || slot == slot_q);
    assume (!w_valid || on_way_q != '0);
  end

  // ---------------------------------------------------------------- what is proven

  logic drained;
  assign drained = drains_q && open_q == '0;

  always_comb begin
    if (live && !lost_q) begin
      if (!go || told) begin
        assert (rd_en == beat && beat_seen == beat);
        assert (bytes_seen == ((beat && row_begins) ? bytes : 12'd0));
        assert (error == ((go && bad) || (answered && b_resp_i[1])));
        if (go && bad) assert (error_info == {at_q[64] || end_at[64] ? 4'd4 : 4'd5, entry, line + 24'(index_q)});
        else if (error) assert (error_info == {4'd7, 48'd0});
        if (error) assert (error_slot == slot_q);
      end
      if (beat) begin
        assert (rd_ring == 8'(freed_q & TallyW'(DStrips - 1)));
        assert (rd_row == 8'(index_q & 10'(Rows - 1)));
        assert (rd_word == 5'(at_q[LogData+:5] - row_at_q[LogData+:5]));
      end
      assert (freed == freed_q);
      assert (job_done == drained);
      if (!(go && odd)) assert (block_pop == ((beat && block_ends && !job_end) || drained));
      assert (aw_valid == offers_q);
      if (offers_q) assert (aw_addr == offer_at_q && aw_len == offer_len_q);
      assert (b_ready == (open_q != '0));
      assert (quiet == (rest_q == '0 && !offers_q && open_q == '0 && on_way_q == '0));
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  localparam logic [1:0] Take = 2'd0;
  localparam logic [1:0] Run = 2'd1;
  localparam logic [1:0] Drain = 2'd2;
  localparam logic [1:0] Halt = 2'd3;

  logic [1:0]  watch_state;
  logic [64:0] watch_row_addr, beat_at;
  logic [9:0]  watch_rows_left;
  logic [7:0]  watch_row;
  logic [23:0] watch_line;
  logic [4:0]  watch_beat;
  logic        watch_in_burst;
  logic [6:0]  watch_open;
  logic [3:0]  watch_queued;

  assign beat_at = {row_at_q[64:LogData], {LogData{1'b0}}} + (65'(watch_beat) << LogData);

  always_comb begin
    if (live && !lost_q) begin
      assert (!(walks_q && drains_q) && !(walks_q && dead_q) && !(drains_q && dead_q));
      assert (watch_state == (walks_q ? Run : drains_q ? Drain : dead_q ? Halt : Take));
      assert (watch_open == open_q && open_q <= 7'd64);
      assert (watch_queued == on_way_q && on_way_q <= 4'd8);
      assert (watch_in_burst == (rest_q != '0));
      if (walks_q || drains_q) assert (block_valid_i && slot == slot_q);
      if (walks_q) begin
        assert (index_q < rows);
        assert (watch_row_addr == row_at_q);
        assert (watch_rows_left == rows - index_q);
        assert (watch_row == 8'(index_q & 10'(Rows - 1)));
        assert (watch_line == line + 24'(index_q));
        assert (at_q == ((watch_beat == '0) ? row_at_q : beat_at));
        assert (todo_q == bytes - 12'(at_q[11:0] - row_at_q[11:0]));
        if (odd) assert (index_q == '0 && watch_beat == '0 && rest_q == '0);
        else assert (todo_q != '0 && todo_q <= bytes);
        assert (rest_q == '0 || rest_q == span_beats);
        assert (rest_q == '0 || !row_begins);
      end else begin
        assert (rest_q == '0);
      end
    end
  end

endmodule
