// SPDX-License-Identifier: Apache-2.0
// What spmma_jobs counts: when a job ends, well or not, every bit of its cycles, steps, lanes, stalls, held cycles, bytes, beats,
// and of the number and the first position of its illegal codes, is what came since its start, or since the job before it failed.
// Which jobs there are, and when one ends, is what the outputs say, as jobs.sv proves.
//
// mode: induction 1
// without: assertions
// watch: watch_head = u_jobs.head_q
// watch: watch_jobs = u_jobs.jobs_q
// watch: watch_ended = u_jobs.ended_q
// watch: watch_meta_count[47:0] = u_jobs.meta_count0_q
// watch: watch_meta_count[95:48] = u_jobs.meta_count1_q
// watch: watch_meta_first[71:0] = u_jobs.meta_first0_q
// watch: watch_meta_first[143:72] = u_jobs.meta_first1_q
// watch: watch_step = u_jobs.step_q
// watch: watch_step_slot = u_jobs.step_slot_q
// watch: watch_lanes = u_jobs.lanes_q
// watch: watch_cycles = u_jobs.cycles_q
// watch: watch_counts0[95:48] = u_jobs.gen_count[1].gen_other.count0_q
// watch: watch_counts0[143:96] = u_jobs.gen_count[2].gen_other.count0_q
// watch: watch_counts0[191:144] = u_jobs.gen_count[3].gen_other.count0_q
// watch: watch_counts0[239:192] = u_jobs.gen_count[4].gen_other.count0_q
// watch: watch_counts0[287:240] = u_jobs.gen_count[5].gen_other.count0_q
// watch: watch_counts0[335:288] = u_jobs.gen_count[6].gen_other.count0_q
// watch: watch_counts0[383:336] = u_jobs.gen_count[7].gen_other.count0_q
// watch: watch_counts0[431:384] = u_jobs.gen_count[8].gen_other.count0_q
// watch: watch_counts0[479:432] = u_jobs.gen_count[9].gen_other.count0_q
// watch: watch_counts0[527:480] = u_jobs.gen_count[10].gen_other.count0_q
// watch: watch_counts0[575:528] = u_jobs.gen_count[11].gen_other.count0_q
// watch: watch_counts0[623:576] = u_jobs.gen_count[12].gen_other.count0_q
// watch: watch_counts0[671:624] = u_jobs.gen_count[13].gen_other.count0_q
// watch: watch_counts0[719:672] = u_jobs.gen_count[14].gen_other.count0_q
// watch: watch_counts0[767:720] = u_jobs.gen_count[15].gen_other.count0_q
// watch: watch_counts0[815:768] = u_jobs.gen_count[16].gen_other.count0_q
// watch: watch_counts0[863:816] = u_jobs.gen_count[17].gen_other.count0_q
// watch: watch_counts1[95:48] = u_jobs.gen_count[1].gen_other.count1_q
// watch: watch_counts1[143:96] = u_jobs.gen_count[2].gen_other.count1_q
// watch: watch_counts1[191:144] = u_jobs.gen_count[3].gen_other.count1_q
// watch: watch_counts1[239:192] = u_jobs.gen_count[4].gen_other.count1_q
// watch: watch_counts1[287:240] = u_jobs.gen_count[5].gen_other.count1_q
// watch: watch_counts1[335:288] = u_jobs.gen_count[6].gen_other.count1_q
// watch: watch_counts1[383:336] = u_jobs.gen_count[7].gen_other.count1_q
// watch: watch_counts1[431:384] = u_jobs.gen_count[8].gen_other.count1_q
// watch: watch_counts1[479:432] = u_jobs.gen_count[9].gen_other.count1_q
// watch: watch_counts1[527:480] = u_jobs.gen_count[10].gen_other.count1_q
// watch: watch_counts1[575:528] = u_jobs.gen_count[11].gen_other.count1_q
// watch: watch_counts1[623:576] = u_jobs.gen_count[12].gen_other.count1_q
// watch: watch_counts1[671:624] = u_jobs.gen_count[13].gen_other.count1_q
// watch: watch_counts1[719:672] = u_jobs.gen_count[14].gen_other.count1_q
// watch: watch_counts1[767:720] = u_jobs.gen_count[15].gen_other.count1_q
// watch: watch_counts1[815:768] = u_jobs.gen_count[16].gen_other.count1_q
// watch: watch_counts1[863:816] = u_jobs.gen_count[17].gen_other.count1_q
// bug: 4:6 spmma_jobs.sv: count1_q <= count1_q + CountW'(grow[24*i+:24]) ==> count1_q <= count1_q + CountW'(grow[24*i+:12])
// bug: 4:6 spmma_jobs.sv: if (ended_q != '0) grow ==> if (ended_q == 2'd2) grow
// bug: 5:7 spmma_jobs.sv: illegal_first_i < meta_first1_q ==> illegal_first_i[23:0] < meta_first1_q[23:0]
// bug: 4:6 spmma_jobs.sv: step_q <= step_i && !clear_o ==> step_q <= step_i
// bug: 4:6 spmma_jobs.sv: slot[spmma_regs_pkg::CountLanes] = step_slot_q ==> slot[spmma_regs_pkg::CountLanes] = steps_slot
module formal_jobs_counts (
    input logic                                     clk_i,
    input logic                                     rst_ni,
    input logic                                     start_i,
    input logic                                     abort_i,
    input logic [spmma_regs_pkg::JobW-1:0]          job_i,
    input logic                                     job_taken_i,
    input logic                                     reader_idle_i,
    input logic                                     job_done_i,
    input logic                                     reader_quiet_i,
    input logic                                     writer_quiet_i,
    input logic                                     reader_error_i,
    input logic                                     reader_error_slot_i,
    input logic [spmma_gemm_pkg::ReaderErrorW-1:0]  reader_error_info_i,
    input logic                                     shifter_error_i,
    input logic                                     shifter_error_slot_i,
    input logic [spmma_gemm_pkg::ShifterErrorW-1:0] shifter_error_info_i,
    input logic                                     writer_error_i,
    input logic                                     writer_error_slot_i,
    input logic [spmma_gemm_pkg::WriterErrorW-1:0]  writer_error_info_i,
    input logic [8:0]                               illegal_count_i,
    input logic                                     illegal_slot_i,
    input logic [3*spmma_gemm_pkg::SizeW-1:0]       illegal_first_i,
    input logic                                     read_i,
    input logic                                     read_slot_i,
    input logic [12:0]                              read_bytes_i,
    input logic [8:0]                               read_beats_i,
    input logic                                     step_i,
    input logic [7:0]                               step_rows_i,
    input logic [7:0]                               step_cols_i,
    input logic [7:0]                               step_len_i,
    input logic [spmma_gemm_pkg::Stalls-1:0]        stall_i,
    input logic                                     steps_end_i,
    input logic                                     write_beat_i,
    input logic [11:0]                              write_bytes_i,
    input logic                                     held_ar_i,
    input logic                                     held_aw_i,
    input logic                                     held_w_i
);

  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int PlaceW = 3 * SizeW;  // {batch entry, row, group}
  localparam int CountW = 48;
  localparam int Counts = spmma_regs_pkg::NumCounts;

  logic                 busy, queued, clear, done;
  logic [47:0]          meta_count;
  logic [PlaceW-1:0]    meta_first;
  logic [64*Counts-1:0] counts;

  spmma_jobs u_jobs (
      .clk_i,
      .rst_ni,
      .start_i,
      .abort_i,
      .job_i,
      .busy_o      (busy),
      .queued_o    (queued),
      .job_valid_o (),
      .job_slot_o  (),
      .job_o       (),
      .job_taken_i,
      .reader_idle_i,
      .job_done_i,
      .reader_quiet_i,
      .writer_quiet_i,
      .halt_o      (),
      .clear_o     (clear),
      .reader_error_i,
      .reader_error_slot_i,
      .reader_error_info_i,
      .shifter_error_i,
      .shifter_error_slot_i,
      .shifter_error_info_i,
      .writer_error_i,
      .writer_error_slot_i,
      .writer_error_info_i,
      .illegal_count_i,
      .illegal_slot_i,
      .illegal_first_i,
      .read_i,
      .read_slot_i,
      .read_bytes_i,
      .read_beats_i,
      .step_i,
      .step_rows_i,
      .step_cols_i,
      .step_len_i,
      .stall_i,
      .steps_end_i,
      .write_beat_i,
      .write_bytes_i,
      .held_ar_i,
      .held_aw_i,
      .held_w_i,
      .done_o      (done),
      .error_o     (),
      .error_info_o(),
      .meta_count_o(meta_count),
      .meta_first_o(meta_first),
      .counts_o    (counts)
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- which jobs there are

  logic       slot_q;   // the head's
  logic [1:0] ended_q;  // of the head, and of the queued job: its last step has been issued
  logic [1:0] ended;
  logic [1:0] full;     // by slot: a job is there

  assign ended = steps_end_i ? {ended_q[0], 1'b1} : ended_q;
  assign full = slot_q ? {busy, queued} : {queued, busy};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ended_q <= '0;
      slot_q <= 1'b0;
    end else begin
      ended_q <= clear ? '0 : ended >> done;
      slot_q <= slot_q ^ done;
    end
  end

  // The head's cycles: the first is that of its start, or of the end before.
  logic [CountW-1:0] cycles_q;
  always_ff @(posedge clk_i) begin
    if (done || !busy) cycles_q <= CountW'(1);
    else cycles_q <= cycles_q + CountW'(1);
  end

  // The lanes of a step are counted a cycle after it. Where the head ends with an error in the cycle of a step of the queued job,
  // that job begins again, and this step is as if it had not been.
  logic [1:0]  late_q;  // by slot
  logic [23:0] lanes_q;
  always_ff @(posedge clk_i) begin
    late_q <= 2'(step_i && !clear) << (slot_q ^ ended_q[0]);
    if (step_i) lanes_q <= 24'(step_rows_i) * 24'(step_cols_i) * 24'(step_len_i);
  end

  // ---------------------------------------------------------------- what is counted, by slot

  logic [2*CountW-1:0]        illegal_q; // codes of metadata
  logic [2*PlaceW-1:0]        place_q;   // the least place of one
  logic [2*CountW*Counts-1:0] counts_q;

  for (genvar s = 0; s < 2; s++) begin : gen_slot
    localparam logic Slot = (s != 0);
    logic              head, begins, bad, before, steps;
    logic [PlaceW-1:0] least;

    assign head = slot_q == Slot;
    assign begins = clear || (start_i && busy != head);
    assign steps = head != ended_q[0];  // the sequencer works on this job, or will do so next
    assign bad = illegal_count_i != '0 && illegal_slot_i == Slot;

    // Entry by entry, row by row, group by group.
    assign least = place_q[PlaceW*s+:PlaceW];
    assign before = illegal_first_i[2*SizeW+:SizeW] < least[2*SizeW+:SizeW] ||
                    (illegal_first_i[2*SizeW+:SizeW] == least[2*SizeW+:SizeW] &&
                     (illegal_first_i[SizeW+:SizeW] < least[SizeW+:SizeW] ||
                      (illegal_first_i[SizeW+:SizeW] == least[SizeW+:SizeW] &&
                       illegal_first_i[0+:SizeW] < least[0+:SizeW])));

    always_ff @(posedge clk_i) begin
      if (begins) begin
        illegal_q[CountW*s+:CountW] <= '0;
        place_q[PlaceW*s+:PlaceW] <= '1;
      end else if (bad) begin
        illegal_q[CountW*s+:CountW] <= illegal_q[CountW*s+:CountW] + CountW'(illegal_count_i);
        if (before) place_q[PlaceW*s+:PlaceW] <= illegal_first_i;
      end
    end

    for (genvar i = 1; i < Counts; i++) begin : gen_count
      logic [23:0] more;
      always_comb begin
        case (i)
          spmma_regs_pkg::CountSteps: more = 24'(steps && step_i);
          spmma_regs_pkg::CountLanes: more = late_q[s] ? lanes_q : '0;
          // A cycle without a step is of the job that the sequencer works on; but the wait for the first step of a job behind
          // another is not counted.
          spmma_regs_pkg::CountStallStart: more = 24'(steps && head && stall_i[spmma_gemm_pkg::StallStart]);
          spmma_regs_pkg::CountStallA: more = 24'(steps && stall_i[spmma_gemm_pkg::StallA]);
          spmma_regs_pkg::CountStallMeta: more = 24'(steps && stall_i[spmma_gemm_pkg::StallMeta]);
          spmma_regs_pkg::CountStallB: more = 24'(steps && stall_i[spmma_gemm_pkg::StallB]);
          spmma_regs_pkg::CountStallC: more = 24'(steps && stall_i[spmma_gemm_pkg::StallC]);
          spmma_regs_pkg::CountStallD: more = 24'(steps && stall_i[spmma_gemm_pkg::StallD]);
          spmma_regs_pkg::CountStallChain: more = 24'(steps && stall_i[spmma_gemm_pkg::StallChain]);
          // What is written, and what the bus holds up, is the head's; a read is of the job that it is for.
          spmma_regs_pkg::CountStallDrain: more = 24'(head && ended_q[0]);
          spmma_regs_pkg::CountHeldAr: more = 24'(head && held_ar_i);
          spmma_regs_pkg::CountHeldAw: more = 24'(head && held_aw_i);
          spmma_regs_pkg::CountHeldW: more = 24'(head && held_w_i);
          spmma_regs_pkg::CountBytesWr: more = head ? 24'(write_bytes_i) : '0;
          spmma_regs_pkg::CountBeatsWr: more = 24'(head && write_beat_i);
          spmma_regs_pkg::CountBytesRd: more = (read_i && read_slot_i == Slot) ? 24'(read_bytes_i) : '0;
          default: more = (read_i && read_slot_i == Slot) ? 24'(read_beats_i) : '0;  // CountBeatsRd
        endcase
      end
      // The cycle of the start, or of the end before it, is the first that a job waits.
      always_ff @(posedge clk_i) begin
        if (begins) counts_q[CountW*(Counts*s+i)+:CountW] <= CountW'(i == spmma_regs_pkg::CountStallStart);
        else counts_q[CountW*(Counts*s+i)+:CountW] <= counts_q[CountW*(Counts*s+i)+:CountW] + CountW'(more);
      end
    end
  end

  // ---------------------------------------------------------------- what the others keep to

  always_comb begin
    if (live) begin
      assume (!start_i || !queued);  // the registers refuse it
      assume (!done || busy);  // job_done_i is of a job that was taken, as jobs.sv assumes too
      // A step is of a job in the engine that has not had its last one, and so is a cycle that waits for more than the job's first
      // step. A head without steps is done before the other one has any; asked for is only that it is not done with its last.
      assume (!(step_i || steps_end_i) || (ended_q[0] ? queued && !ended_q[1] : busy));
      assume (stall_i[spmma_gemm_pkg::Stalls-1:1] == '0 || !ended_q[1]);
      assume (!(steps_end_i && job_done_i) || ended_q[0]);
    end
  end

  // ---------------------------------------------------------------- the outputs

  // They are looked at a cycle later: then the induction compares them with registers that it knows, not with those to be proven.
  logic              meta_wrong_q, counts_wrong, counts_wrong_q;
  logic [CountW-1:0] illegal;
  logic [PlaceW-1:0] place;
  assign illegal = slot_q ? illegal_q[CountW+:CountW] : illegal_q[0+:CountW];
  assign place = slot_q ? place_q[PlaceW+:PlaceW] : place_q[0+:PlaceW];

  always_comb begin
    counts_wrong = counts[0+:64] != 64'(cycles_q);
    for (int i = 1; i < Counts; i++) begin
      if (counts[64*i+:64] != 64'(slot_q ? counts_q[CountW*(Counts+i)+:CountW] : counts_q[CountW*i+:CountW])) counts_wrong = 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    meta_wrong_q <= live && done && (meta_count != illegal || meta_first != (illegal == '0 ? '0 : place));
    counts_wrong_q <= live && done && counts_wrong;
  end

  always_comb begin
    if (begun_q) begin
      assert (!meta_wrong_q);
      assert (!counts_wrong_q);
    end
  end

  // ---------------------------------------------------------------- the registers behind them

  logic                       watch_head, watch_step, watch_step_slot;
  logic [1:0]                 watch_jobs, watch_ended;
  logic [2*CountW-1:0]        watch_meta_count;
  logic [2*PlaceW-1:0]        watch_meta_first;
  logic [CountW-1:0]          watch_cycles;
  logic [23:0]                watch_lanes;
  logic [CountW*Counts-1:0]   watch_counts0, watch_counts1;
  logic [2*CountW*Counts-1:0] watch_counts;
  assign watch_counts = {watch_counts1, watch_counts0};

  always_comb begin
    if (live) begin
      assert (watch_jobs == 2'(busy) + 2'(queued) && (busy || !queued));
      assert (watch_ended == 2'(ended_q[0]) + 2'(ended_q[1]));
      assert (ended_q != 2'b10 && (ended_q & ~{queued, busy}) == '0);
      assert (watch_head == slot_q);
      if (busy) begin
        assert (watch_cycles == cycles_q);
        assert (late_q == 2'(watch_step) << watch_step_slot);
        if (late_q != '0) assert (watch_lanes == lanes_q);
      end
      for (int s = 0; s < 2; s++) begin
        if (full[s]) begin
          assert (watch_meta_count[CountW*s+:CountW] == illegal_q[CountW*s+:CountW]);
          assert (watch_meta_first[PlaceW*s+:PlaceW] == place_q[PlaceW*s+:PlaceW]);
          for (int i = 1; i < Counts; i++) begin
            assert (watch_counts[CountW*(Counts*s+i)+:CountW] == counts_q[CountW*(Counts*s+i)+:CountW]);
          end
        end
      end
    end
  end

endmodule
