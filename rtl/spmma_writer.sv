// SPDX-License-Identifier: Apache-2.0
// Writes finished strips of D to memory, row by row, shifted to each row's alignment, with strobes at its edges. No address
// leaves it that is not in the write window, and every burst that it begins it completes.
`include "spmma_assert.svh"

module spmma_writer #(
    parameter int Rows      = 8,
    parameter int DataBits  = 512,
    parameter int DStrips   = 4
) (
    input  logic                               clk_i,
    input  logic                               rst_ni,
    input  logic                               halt_i,        // begin no burst; what is left of one has strobes 0
    // the block of D
    input  logic                               block_valid_i,
    input  logic [spmma_gemm_pkg::BlockW-1:0]  block_i,
    output logic                               block_pop_o,
    output logic                               job_done_o,    // the job's last write was answered
    input  logic [63:0]                        win_base_i,
    input  logic [63:0]                        win_limit_i,
    output logic                               error_valid_o,
    output logic                               error_slot_o,
    output logic [spmma_gemm_pkg::WriterErrorW-1:0] error_o,
    // the ring of strips
    input  logic [spmma_gemm_pkg::TallyW-1:0]  filled_i,
    output logic [spmma_gemm_pkg::TallyW-1:0]  freed_o,
    output logic                               rd_en_o,
    output logic [7:0]                         rd_ring_o,
    output logic [7:0]                         rd_row_o,
    output logic [4:0]                         rd_word_o,
    input  logic [DataBits-1:0]                rd_data_i,
    // bursts
    output logic                               aw_valid_o,
    input  logic                               aw_ready_i,
    output logic [63:0]                        aw_addr_o,
    output logic [7:0]                         aw_len_o,
    output logic                               w_valid_o,
    input  logic                               w_ready_i,
    output logic [DataBits-1:0]                w_data_o,
    output logic [DataBits/8-1:0]              w_strb_o,
    output logic                               w_last_o,
    input  logic                               b_valid_i,
    output logic                               b_ready_o,
    input  logic [1:0]                         b_resp_i,
    output logic                               quiet_o,       // no burst is open
    // for the counters
    output logic                               beat_o,
    output logic [11:0]                        bytes_o
);

  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int AddrW = spmma_gemm_pkg::AddrW;
  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);
  localparam int Open = 64;       // bursts
  localparam int QueueDepth = 8;  // beats under way to the write channel

  // ---------------------------------------------------------------- state

  localparam logic [1:0] Take  = 2'd0;  // waits for a block
  localparam logic [1:0] Run   = 2'd1;
  localparam logic [1:0] Drain = 2'd2;  // waits for the job's last response
  localparam logic [1:0] Halt  = 2'd3;  // after an error

  logic [1:0]        state_q;
  logic [AddrW-1:0]  row_addr_q;
  logic [9:0]        rows_left_q;    // of the block, this one included
  logic [7:0]        row_q;          // in its strip
  logic [SizeW-1:0]  line_q;         // in D
  logic [4:0]        beat_q;         // of the row
  logic              in_burst_q;     // beats of a burst are still to come
  logic [TallyW-1:0] freed_q;
  logic [6:0]        open_q;
  logic [3:0]        queued_q;

  logic        job_end;
  logic [11:0] bytes;
  assign job_end = block_i[spmma_gemm_pkg::BlockJobEnd];
  assign bytes = block_i[spmma_gemm_pkg::BlockBytesN+:12];

  // ---------------------------------------------------------------- the beat

  logic [LogData-1:0] offset, last_lane;
  logic [12:0]        row_end;            // bytes from the first beat's start to the row's end
  logic [4:0]         beats;              // of the row
  logic [AddrW-1:0]   beat_addr, burst_first, burst_last, row_last;
  logic [12-LogData:0] to_line;           // beats to the 4 KiB line
  logic [4:0]         left, burst_beats;
  logic               last_beat, burst_end, strip_start, strip_end, last_row, outside;

  assign offset = row_addr_q[LogData-1:0];
  assign row_end = 13'(offset) + 13'(bytes);
  assign beats = 5'((row_end + 13'(DataBytes - 1)) >> LogData);
  assign last_lane = LogData'(row_end - 13'd1);
  assign last_beat = beat_q == beats - 5'd1;
  assign left = beats - beat_q;
  assign beat_addr = {row_addr_q[AddrW-1:LogData], {LogData{1'b0}}} + (AddrW'(beat_q) << LogData);
  assign to_line = (13 - LogData)'(4096 / DataBytes) - {1'b0, beat_addr[11:LogData]};
  assign burst_beats = (13'(left) > 13'(to_line)) ? 5'(to_line) : left;
  assign row_last = row_addr_q + AddrW'(bytes) - AddrW'(1);
  assign burst_first = (beat_q == '0) ? row_addr_q : beat_addr;
  assign burst_last = (13'(left) > 13'(to_line)) ? {burst_first[AddrW-1:12], 12'hFFF} : row_last;
  assign burst_end = last_beat || to_line == (13 - LogData)'(1);
  assign last_row = rows_left_q == 10'd1;
  assign strip_start = row_q == '0 && beat_q == '0;
  assign strip_end = last_beat && (last_row || row_q == 8'(Rows - 1));
  assign outside = burst_first[63:0] < win_base_i || burst_last[63:0] > win_limit_i;

  logic aw_valid_q;
  logic can_beat, may_begin, bad_burst, beat;

  assign may_begin = !halt_i && (!aw_valid_q || aw_ready_i) && open_q < 7'(Open) &&
                     (!strip_start || filled_i != freed_q);
  assign can_beat = state_q == Run && queued_q < 4'(QueueDepth) && (in_burst_q || may_begin);
  assign bad_burst = !in_burst_q && (burst_first[AddrW-1] || burst_last[AddrW-1] || outside);
  assign beat = can_beat && !bad_burst;

  // ---------------------------------------------------------------- the walk

  logic block_end, w_pop, b_pop;

  assign block_end = beat && last_beat && last_row;
  assign w_pop = w_valid_o && w_ready_i;
  assign b_pop = b_valid_i && b_ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Take;
      in_burst_q <= 1'b0;
      freed_q <= '0;
      open_q <= '0;
      queued_q <= '0;
      aw_valid_q <= 1'b0;
    end else begin
      case (state_q)
        Take: if (block_valid_i) state_q <= (block_i[spmma_gemm_pkg::BlockRowsN+:10] == '0) ? Drain : Run;
        Run: begin
          if (can_beat && bad_burst) state_q <= Halt;
          else if (block_end) state_q <= job_end ? Drain : Take;
        end
        Drain: if (job_done_o) state_q <= Take;
        default: state_q <= Halt;
      endcase
      if (beat) in_burst_q <= !burst_end;
      if (beat && strip_end) freed_q <= freed_q + TallyW'(1);
      open_q <= open_q + 7'(beat && !in_burst_q) - 7'(b_pop);
      queued_q <= queued_q + 4'(beat) - 4'(w_pop);
      aw_valid_q <= (beat && !in_burst_q) || (aw_valid_q && !aw_ready_i);
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == Take) begin
      row_addr_q <= block_i[spmma_gemm_pkg::BlockBase+:AddrW];
      rows_left_q <= block_i[spmma_gemm_pkg::BlockRowsN+:10];
      line_q <= block_i[spmma_gemm_pkg::BlockLine+:SizeW];
      row_q <= '0;
      beat_q <= '0;
    end else if (beat) begin
      beat_q <= last_beat ? '0 : beat_q + 5'd1;
      if (last_beat) begin
        row_addr_q <= row_addr_q + AddrW'(block_i[spmma_gemm_pkg::BlockPitch+:32]);
        rows_left_q <= rows_left_q - 10'd1;
        line_q <= line_q + SizeW'(1);
        row_q <= (row_q == 8'(Rows - 1)) ? '0 : row_q + 8'd1;
      end
    end
  end

  assign job_done_o = state_q == Drain && open_q == '0;
  assign block_pop_o = (block_end && !job_end) || job_done_o;
  assign freed_o = freed_q;

  // ---------------------------------------------------------------- addresses

  logic [63:0] aw_addr_q;
  logic [7:0]  aw_len_q;

  always_ff @(posedge clk_i) begin
    if (beat && !in_burst_q) begin
      aw_addr_q <= burst_first[63:0];
      aw_len_q <= 8'(burst_beats) - 8'd1;
    end
  end

  assign aw_valid_o = aw_valid_q;
  assign aw_addr_o = aw_addr_q;
  assign aw_len_o = aw_len_q;
  assign b_ready_o = open_q != '0;

  // ---------------------------------------------------------------- data: read, shift, queue

  logic                 beat1_q, last1_q;
  logic [LogData-1:0]   offset1_q, first_lane1_q, last_lane1_q;
  logic                 void1_q;
  logic [DataBits-1:0]  before_q, data1;
  logic [DataBytes-1:0] strb1;

  assign rd_en_o = beat;
  assign rd_ring_o = 8'(freed_q & TallyW'(DStrips - 1));
  assign rd_row_o = row_q;
  assign rd_word_o = beat_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) beat1_q <= 1'b0;
    else beat1_q <= beat;
    if (beat) begin
      offset1_q <= offset;
      first_lane1_q <= (beat_q == '0) ? offset : '0;
      last_lane1_q <= last_beat ? last_lane : '1;
      last1_q <= burst_end;
      void1_q <= halt_i;
    end
    if (beat1_q) before_q <= rd_data_i;
  end

  // The row's word of this beat, moved up by the offset, and what the word before left over.
  assign data1 = (offset1_q == '0) ? rd_data_i
                                   : DataBits'({rd_data_i, before_q} >> {(LogData + 1)'(DataBytes) - {1'b0, offset1_q}, 3'b000});

  // Lanes from the first to the last.
  assign strb1 = void1_q ? '0 : ({DataBytes{1'b1}} << first_lane1_q) & ({DataBytes{1'b1}} >> ~last_lane1_q);

  spmma_fifo #(
      .Width(DataBits + DataBytes + 1),
      .Depth(QueueDepth)
  ) u_queue (
      .clk_i,
      .rst_ni,
      .push_i (beat1_q),
      .data_i ({data1, strb1, last1_q}),
      .valid_o(w_valid_o),
      .ready_i(w_ready_i),
      .data_o ({w_data_o, w_strb_o, w_last_o})
  );

  assign quiet_o = !in_burst_q && !aw_valid_q && open_q == '0 && queued_q == '0;

  assign beat_o = beat;
  assign bytes_o = (beat && beat_q == '0) ? bytes : '0;

  // ---------------------------------------------------------------- errors

  logic [spmma_gemm_pkg::CodeW-1:0] burst_code;
  assign burst_code = (burst_first[AddrW-1] || burst_last[AddrW-1]) ? spmma_gemm_pkg::ErrWrap : spmma_gemm_pkg::ErrWindow;
  assign error_valid_o = (can_beat && bad_burst) || (b_pop && b_resp_i[1]);
  assign error_slot_o = block_i[spmma_gemm_pkg::BlockSlot];
  assign error_o = (can_beat && bad_burst)
      ? {burst_code, block_i[spmma_gemm_pkg::BlockEntry+:SizeW], line_q}
      : {spmma_gemm_pkg::ErrWrite, {2 * SizeW{1'b0}}};

  logic unused;
  assign unused = ^{b_resp_i[0], beat_addr, row_last};

  `SPMMA_ASSERT(WriterInWindow, !aw_valid_q || (aw_addr_q >= win_base_i && aw_addr_q <= win_limit_i))
  `SPMMA_ASSERT(WriterOpenInRange, open_q <= 7'(Open))
  `SPMMA_ASSERT(WriterExpectsResponse, !b_valid_i || open_q != '0)
  `SPMMA_ASSERT(WriterWithin4K, !(beat && !in_burst_q) || burst_first[63:12] == burst_last[63:12])

`ifdef SPMMA_CHECKS
  /* verilator coverage_off */
  // Beats that the burst under way still has, by its own length; bursts whose last beat was taken and that were not
  // answered.
  logic [4:0] check_rest_q, rest;
  logic [6:0] check_written_q;
  assign rest = in_burst_q ? check_rest_q : burst_beats;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) check_written_q <= '0;
    else check_written_q <= check_written_q + 7'(w_pop && w_last_o) - 7'(b_pop);
    if (beat) check_rest_q <= rest - 5'd1;
  end
  /* verilator coverage_on */
`endif

  `SPMMA_ASSERT_IF(WriterLastOnTime, beat, burst_end == (rest == 5'd1))
  `SPMMA_ASSERT_IF(WriterBeatWasPlanned, w_valid_o, queued_q != '0)
  `SPMMA_ASSERT_IF(WriterAnswersWritten, b_valid_i, check_written_q != '0)
  `SPMMA_ASSERT(WriterWrittenWasOpen, check_written_q <= open_q)
  `SPMMA_ASSERT_NEXT(WriterVoidAfterError, beat && halt_i, strb1 == '0)
  `SPMMA_ASSERT_NEXT(WriterBeatHasBytes, beat && !halt_i, strb1 != '0)
  `SPMMA_ASSERT_IF(WriterStrobesInOneRun, beat1_q, (((strb1 | (strb1 - DataBytes'(1))) + DataBytes'(1)) & strb1) == '0)
  `SPMMA_ASSERT_IF(WriterBeginsNothing, halt_i, !beat || in_burst_q)
  `SPMMA_ASSERT_IF(WriterReadsWhatIsFilled, beat, filled_i != freed_q)
  `SPMMA_ASSERT_IF(WriterBeatInRow, beat, beat_q < beats && row_q < 8'(Rows) && rows_left_q != '0)
  `SPMMA_ASSERT(WriterQueueInRange, queued_q <= 4'(QueueDepth))
  `SPMMA_ASSERT_IF(WriterQuietIsEmpty, quiet_o, !w_valid_o && !beat1_q)
  `SPMMA_ASSERT_IF(WriterDoneIsWritten, job_done_o, queued_q == '0 && !in_burst_q && !aw_valid_q)
  `SPMMA_COVER(WriterCrossesLine, beat && burst_end && !last_beat)
  `SPMMA_COVER(WriterQueueFull, queued_q == 4'(QueueDepth))
  `SPMMA_COVER(WriterAllOpen, open_q == 7'(Open))

endmodule
