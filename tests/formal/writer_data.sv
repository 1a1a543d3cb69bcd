// SPDX-License-Identifier: Apache-2.0
// spmma_writer's data, its queue of beats in place: every beat that the writer makes is offered once, in order, three cycles later
// or as soon as its predecessor is taken, and holds what it should. A row's bytes lie in memory from the row's first byte on, so
// each strobed lane has the byte of the row that belongs at its address; the strobes are set on exactly the lanes that the row has
// bytes for, none in a beat made under halt; the last beat of a burst, at the row's end or before the 4 KiB line, is marked as
// such. When a beat is made is proven in writer_rows.sv. Here any one beat is followed through the queue, whichever it is.
//
// mode: induction 1
// memory: registers
// parameters: Rows=2
// without: assertions
// count: 8
// watch: watch_state = u_writer.state_q
// watch: watch_row_addr = u_writer.row_addr_q
// watch: watch_beat = u_writer.beat_q
// watch: watch_queued = u_writer.queued_q
// watch: watch_push = u_writer.beat1_q
// watch: watch_data = u_writer.u_queue.data_i
// watch: watch_before = u_writer.before_q
// watch: watch_wr_ptr = u_writer.u_queue.wr_ptr_q
// watch: watch_rd_ptr = u_writer.u_queue.rd_ptr_q
// watch: watch_mem# = u_writer.u_queue.u_ram.mem_q[#]
// bug: 7 spmma_writer.sv: if (beat1_q) before_q <= rd_data_i ==> if (beat) before_q <= rd_data_i
// bug: 7 spmma_writer.sv: last_lane1_q <= last_beat ? last_lane : '1 ==> last_lane1_q <= burst_end ? last_lane : '1
// bug: 7 spmma_writer.sv: void1_q <= halt_i ==> void1_q <= halt_i && !in_burst_q
// bug: 7 spmma_writer.sv: ({data1, strb1, last1_q}) ==> ({data1 ^ (DataBits'(data1[3]) << 97), strb1, last1_q})
module formal_writer_data #(
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
    input logic [1:0]                        b_resp_i,
    input logic                              follow_i   // the beat that reaches the queue now, unless one is followed
);

  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);
  localparam int MaxBytes = 30 * DataBytes + 1;  // of a row: 31 beats, wherever it begins. The reader makes at most 16 * DataBytes.

  logic                 block_pop, beat, w_valid, w_last;
  logic [DataBits-1:0]  w_data;
  logic [DataBytes-1:0] w_strb;

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
      .job_done_o   (),
      .win_base_i,
      .win_limit_i,
      .error_valid_o(),
      .error_slot_o (),
      .error_o      (),
      .filled_i,
      .freed_o      (),
      .rd_en_o      (beat),
      .rd_ring_o    (),
      .rd_row_o     (),
      .rd_word_o    (),
      .rd_data_i,
      .aw_valid_o   (),
      .aw_ready_i,
      .aw_addr_o    (),
      .aw_len_o     (),
      .w_valid_o    (w_valid),
      .w_ready_i,
      .w_data_o     (w_data),
      .w_strb_o     (w_strb),
      .w_last_o     (w_last),
      .b_valid_i,
      .b_ready_o    (),
      .b_resp_i,
      .quiet_o      (),
      .beat_o       (),
      .bytes_o      ()
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // A block stays until it is popped.
  logic [spmma_gemm_pkg::BlockW-1:0] block_q;
  logic                              keep_q;
  always_ff @(posedge clk_i) begin
    block_q <= block_i;
    keep_q <= rst_ni && block_valid_i && !block_pop;
  end
  always_comb assume (!live || !keep_q || (block_valid_i && block_i == block_q));

  // ---------------------------------------------------------------- the walk, in the 4 KiB that hold the address

  logic [11:0] base, pitch, bytes;
  assign base = block_i[spmma_gemm_pkg::BlockBase+:12];
  assign pitch = block_i[spmma_gemm_pkg::BlockPitch+:12];
  assign bytes = block_i[spmma_gemm_pkg::BlockBytesN+:12];

  logic        busy_q;    // a block is taken
  logic        lost_q;    // a row was longer than any: nothing is said of what follows
  logic [11:0] row_at_q;  // the row's first byte
  logic [11:0] at_q;      // the first byte that no beat has yet
  logic [11:0] todo_q;    // bytes of the row from there

  logic        odd, row_ends;
  logic [6:0]  here;      // bytes that this beat has room for
  assign odd = bytes == '0 || bytes > 12'(MaxBytes);
  assign here = 7'(DataBytes) - 7'(at_q[LogData-1:0]);
  assign row_ends = todo_q <= 12'(here);

  always_ff @(posedge clk_i) begin
    if (!busy_q) begin
      row_at_q <= base;
      at_q <= base;
      todo_q <= bytes;
    end else if (beat) begin
      at_q <= at_q + 12'(here);
      todo_q <= todo_q - 12'(here);
      if (row_ends) begin
        row_at_q <= row_at_q + pitch;
        at_q <= row_at_q + pitch;
        todo_q <= bytes;
      end
    end
    if (!rst_ni) begin
      busy_q <= 1'b0;
      lost_q <= 1'b0;
    end else begin
      busy_q <= (busy_q || block_valid_i) && !block_pop;
      if (beat && odd) lost_q <= 1'b1;
    end
  end

  // ---------------------------------------------------------------- what a beat holds

  // Lanes with a byte of the row; then, with the words read, the bytes.
  logic                 push_q, end_q;
  logic [LogData-1:0]   shift_q;
  logic [DataBytes-1:0] lanes_q;
  logic [DataBits-1:0]  before_q, data;

  always_ff @(posedge clk_i) begin
    push_q <= rst_ni && beat;
    shift_q <= row_at_q[LogData-1:0];
    end_q <= row_ends || (&at_q[11:LogData]);
    for (int i = 0; i < DataBytes; i++) begin
      lanes_q[i] <= !halt_i && 12'(i) >= 12'(at_q[LogData-1:0]) && 12'(i) < 12'(at_q[LogData-1:0]) + todo_q;
    end
    if (push_q) before_q <= rd_data_i;
  end

  always_comb begin
    data = rd_data_i;
    for (int i = 1; i < DataBytes; i++) begin
      if (shift_q == LogData'(i)) data = DataBits'({rd_data_i, before_q} >> (DataBits - 8 * i));
    end
  end

  // What was there before the first word of all belongs to no row.
  logic                watch_push;
  logic [DataBits-1:0] watch_before;
  always_comb assume (begun_q || (push_q == watch_push && before_q == watch_before));

  // ---------------------------------------------------------------- the queue

  logic                 pop, found;
  logic [3:0]           count_q;   // beats in it
  logic                 pushed_q;  // the youngest of them came in the last cycle
  logic                 follow_q;  // one of them is followed
  logic [2:0]           ahead_q;   // of it
  logic [DataBits-1:0]  data_q, mask;
  logic [DataBytes-1:0] strb_q;
  logic                 last_q;

  assign pop = w_valid && w_ready_i;
  assign found = follow_q && ahead_q == '0 && w_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      count_q <= '0;
      pushed_q <= 1'b0;
      follow_q <= 1'b0;
    end else begin
      count_q <= count_q + 4'(push_q) - 4'(pop);
      pushed_q <= push_q;
      if (follow_q) begin
        if (pop) ahead_q <= ahead_q - 3'd1;
        if (pop && ahead_q == '0) follow_q <= 1'b0;
      end else if (push_q && follow_i) begin
        follow_q <= 1'b1;
        ahead_q <= 3'(count_q - 4'(pop));
        data_q <= data;
        strb_q <= lanes_q;
        last_q <= end_q;
      end
    end
  end

  for (genvar i = 0; i < DataBytes; i++) begin : gen_mask
    assign mask[8*i+:8] = {8{strb_q[i]}};
  end

  always_comb begin
    if (live && !lost_q) begin
      assert (w_valid == (count_q != 4'(pushed_q)));
      if (found) assert ({w_data & mask, w_strb, w_last} == {data_q & mask, strb_q, last_q});
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  localparam logic [1:0] Take = 2'd0;
  localparam logic [1:0] Run = 2'd1;

  logic [1:0]                  watch_state;
  logic [64:0]                 watch_row_addr;
  logic [4:0]                  watch_beat;
  logic [3:0]                  watch_queued, watch_wr_ptr, watch_rd_ptr, stored;
  logic [DataBits+DataBytes:0] watch_mem0, watch_mem1, watch_mem2, watch_mem3, watch_mem4, watch_mem5, watch_mem6, watch_mem7;
  logic [DataBits+DataBytes:0] watch_data;
  logic [DataBits+DataBytes:0] held;  // the word that is followed, before it is read
  logic [2:0]                  place;
  logic [DataBits-1:0]         lanes;

  assign stored = watch_wr_ptr - watch_rd_ptr;
  assign place = watch_rd_ptr[2:0] + ahead_q - 3'(w_valid);

  always_comb begin
    case (place)
      3'd0: held = watch_mem0;
      3'd1: held = watch_mem1;
      3'd2: held = watch_mem2;
      3'd3: held = watch_mem3;
      3'd4: held = watch_mem4;
      3'd5: held = watch_mem5;
      3'd6: held = watch_mem6;
      default: held = watch_mem7;
    endcase
  end

  for (genvar i = 0; i < DataBytes; i++) begin : gen_lane
    assign lanes[8*i+:8] = {8{lanes_q[i]}};
  end

  always_comb begin
    assert (push_q == watch_push && before_q == watch_before);
    if (live && !lost_q) begin
      assert (busy_q == (watch_state != Take));
      if (watch_state == Run) begin
        assert (block_valid_i);
        assert (watch_row_addr[11:0] == row_at_q);
        assert (at_q == ((watch_beat == '0) ? row_at_q
                                            : {row_at_q[11:LogData], {LogData{1'b0}}} + (12'(watch_beat) << LogData)));
        assert (todo_q == bytes - (at_q - row_at_q));
        if (odd) assert (watch_beat == '0);
        else assert (todo_q != '0 && todo_q <= bytes);
      end
      // A beat's lanes, end and words are right when it goes into the queue.
      if (push_q) assert ((watch_data[DataBits+DataBytes:DataBytes+1] & lanes) == (data & lanes));
      if (push_q) assert (watch_data[DataBytes:0] == {lanes_q, end_q});
      assert (watch_queued == count_q + 4'(push_q) && watch_queued <= 4'd8);
      assert (count_q == stored + 4'(w_valid) && stored <= 4'd8);
      assert (!pushed_q || stored != '0);
      if (follow_q) begin
        assert (4'(ahead_q) < count_q);
        if (!found) assert ({held[DataBits+DataBytes:DataBytes+1] & mask, held[DataBytes:0]} == {data_q & mask, strb_q, last_q});
      end
    end
  end

endmodule
