// SPDX-License-Identifier: Apache-2.0
// The jobs in the engine, at most two in two slots: the running one (the head) and the queued one. Keeps their errors and
// counters, and ends them: after an error of the head it halts the other modules, waits until no burst is open, and clears the
// engine; a queued job then begins again.
`include "spmma_assert.svh"

module spmma_jobs (
    input  logic                                     clk_i,
    input  logic                                     rst_ni,
    // commands
    input  logic                                     start_i,
    input  logic                                     abort_i,
    input  logic [spmma_regs_pkg::JobW-1:0]          job_i,
    output logic                                     busy_o,
    output logic                                     queued_o,
    // the job that the reader works on, or may take; valid: there is one to take
    output logic                                     job_valid_o,
    output logic                                     job_slot_o,
    output logic [spmma_regs_pkg::JobW-1:0]          job_o,
    input  logic                                     job_taken_i,
    input  logic                                     reader_idle_i,
    // the end of a job
    input  logic                                     job_done_i,       // the writer: all is written
    input  logic                                     reader_quiet_i,
    input  logic                                     writer_quiet_i,
    output logic                                     halt_o,           // the head failed: begin nothing more
    output logic                                     clear_o,          // forget everything in flight
    // errors
    input  logic                                     reader_error_i,
    input  logic                                     reader_error_slot_i,
    input  logic [spmma_gemm_pkg::ReaderErrorW-1:0]  reader_error_info_i,
    input  logic                                     shifter_error_i,
    input  logic                                     shifter_error_slot_i,
    input  logic [spmma_gemm_pkg::ShifterErrorW-1:0] shifter_error_info_i,
    input  logic                                     writer_error_i,
    input  logic                                     writer_error_slot_i,
    input  logic [spmma_gemm_pkg::WriterErrorW-1:0]  writer_error_info_i,
    input  logic [8:0]                               illegal_count_i,  // of a word of metadata
    input  logic                                     illegal_slot_i,
    input  logic [3*spmma_gemm_pkg::SizeW-1:0]       illegal_first_i,
    // what is counted
    input  logic                                     read_i,           // a burst was asked for
    input  logic                                     read_slot_i,
    input  logic [12:0]                              read_bytes_i,
    input  logic [8:0]                               read_beats_i,
    input  logic                                     step_i,
    input  logic [7:0]                               step_rows_i,
    input  logic [7:0]                               step_cols_i,
    input  logic [7:0]                               step_len_i,
    input  logic [spmma_gemm_pkg::Stalls-1:0]        stall_i,
    input  logic                                     steps_end_i,      // the job's last step
    input  logic                                     write_beat_i,
    input  logic [11:0]                              write_bytes_i,
    input  logic                                     held_ar_i,
    input  logic                                     held_aw_i,
    input  logic                                     held_w_i,
    // the result of the job that ends in this cycle
    output logic                                     done_o,
    output logic                                     error_o,
    output logic [spmma_gemm_pkg::ErrorW-1:0]        error_info_o,
    output logic [47:0]                              meta_count_o,
    output logic [3*spmma_gemm_pkg::SizeW-1:0]       meta_first_o,
    output logic [64*spmma_regs_pkg::NumCounts-1:0]  counts_o
);

  localparam int JobW = spmma_regs_pkg::JobW;
  localparam int CodeW = spmma_gemm_pkg::CodeW;
  localparam int ErrorW = spmma_gemm_pkg::ErrorW;
  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam logic [SizeW-1:0] NoGroup = '0;
  localparam int NumCounts = spmma_regs_pkg::NumCounts;
  localparam int CountW = 48;

  // ---------------------------------------------------------------- the slots

  logic [JobW-1:0] job0_q, job1_q;
  logic            head_q;    // the slot of the running job
  logic [1:0]      jobs_q;    // in the engine
  logic [1:0]      taken_q;   // by the reader
  logic [1:0]      ended_q;   // whose last step has been issued
  logic            start_slot;

  assign start_slot = head_q ^ jobs_q[0];
  assign busy_o = jobs_q != '0;
  assign queued_o = jobs_q == 2'd2;
  assign job_valid_o = taken_q < jobs_q;
  assign job_slot_o = head_q ^ taken_q[0] ^ !reader_idle_i;
  assign job_o = job_slot_o ? job1_q : job0_q;

  always_ff @(posedge clk_i) begin
    if (start_i && !start_slot) job0_q <= job_i;
    if (start_i && start_slot) job1_q <= job_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      head_q <= 1'b0;
      jobs_q <= '0;
      taken_q <= '0;
      ended_q <= '0;
    end else begin
      head_q <= head_q ^ done_o;
      jobs_q <= jobs_q + 2'(start_i) - 2'(done_o);
      taken_q <= clear_o ? '0 : taken_q + 2'(job_taken_i) - 2'(done_o);
      ended_q <= clear_o ? '0 : ended_q + 2'(steps_end_i) - 2'(done_o && ended_q != '0);
    end
  end

  // ---------------------------------------------------------------- errors and the end

  logic [1:0]        failed_q;   // by slot
  logic [ErrorW-1:0] error0_q, error1_q;
  logic [1:0]        report;     // by slot, in this cycle
  logic [ErrorW-1:0] report0, report1;
  logic              stop_now, illegal;

  assign illegal = illegal_count_i != '0;
  assign stop_now = illegal && (illegal_slot_i ? job1_q[spmma_regs_pkg::JobStopLsb] : job0_q[spmma_regs_pkg::JobStopLsb]);

  // One error a slot and cycle: the oldest access first.
  function automatic logic [ErrorW:0] pick(input logic writer, input logic [spmma_gemm_pkg::WriterErrorW-1:0] writer_info,
                                           input logic shifter, input logic [spmma_gemm_pkg::ShifterErrorW-1:0] shifter_info,
                                           input logic stop, input logic [3*SizeW-1:0] first_illegal,
                                           input logic reader, input logic [spmma_gemm_pkg::ReaderErrorW-1:0] reader_info,
                                           input logic aborted);
    if (writer) pick = {1'b1, writer_info[2*SizeW+:CodeW], spmma_gemm_pkg::OperandD, writer_info[2*SizeW-1:0], NoGroup};
    else if (shifter) pick = {1'b1, spmma_gemm_pkg::ErrRead, shifter_info, NoGroup};
    else if (stop) pick = {1'b1, spmma_gemm_pkg::ErrMeta, spmma_gemm_pkg::OperandE, first_illegal};
    else if (reader) pick = {1'b1, reader_info, NoGroup};
    else pick = {aborted, spmma_gemm_pkg::ErrAbort, {(ErrorW - CodeW) {1'b0}}};
  endfunction

  assign {report[0], report0} = pick(writer_error_i && !writer_error_slot_i, writer_error_info_i,
                                     shifter_error_i && !shifter_error_slot_i, shifter_error_info_i,
                                     stop_now && !illegal_slot_i, illegal_first_i,
                                     reader_error_i && !reader_error_slot_i, reader_error_info_i,
                                     abort_i && busy_o && !head_q);
  assign {report[1], report1} = pick(writer_error_i && writer_error_slot_i, writer_error_info_i,
                                     shifter_error_i && shifter_error_slot_i, shifter_error_info_i,
                                     stop_now && illegal_slot_i, illegal_first_i,
                                     reader_error_i && reader_error_slot_i, reader_error_info_i,
                                     abort_i && busy_o && head_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      failed_q <= '0;
    end else begin
      // A job that ends in this cycle has ended: an abort comes too late for it.
      failed_q[0] <= (failed_q[0] || report[0]) && !(done_o && !head_q) && !(clear_o && head_q);
      failed_q[1] <= (failed_q[1] || report[1]) && !(done_o && head_q) && !(clear_o && !head_q);
    end
    if (report[0] && !failed_q[0]) error0_q <= report0;
    if (report[1] && !failed_q[1]) error1_q <= report1;
  end

  assign halt_o = busy_o && failed_q[head_q];
  assign clear_o = halt_o && reader_quiet_i && writer_quiet_i;
  assign done_o = clear_o || (job_done_i && !halt_o);
  assign error_o = clear_o;
  assign error_info_o = head_q ? error1_q : error0_q;

  // ---------------------------------------------------------------- metadata that is not legal

  logic [CountW-1:0]  meta_count0_q, meta_count1_q;
  logic [3*SizeW-1:0] meta_first0_q, meta_first1_q;

  // When the head is cleared the queued job begins again, without what it had seen.
  always_ff @(posedge clk_i) begin
    if (clear_o || (start_i && !start_slot)) begin
      meta_count0_q <= '0;
      meta_first0_q <= '1;
    end else if (illegal && !illegal_slot_i) begin
      meta_count0_q <= meta_count0_q + CountW'(illegal_count_i);
      if (illegal_first_i < meta_first0_q) meta_first0_q <= illegal_first_i;
    end
    if (clear_o || (start_i && start_slot)) begin
      meta_count1_q <= '0;
      meta_first1_q <= '1;
    end else if (illegal && illegal_slot_i) begin
      meta_count1_q <= meta_count1_q + CountW'(illegal_count_i);
      if (illegal_first_i < meta_first1_q) meta_first1_q <= illegal_first_i;
    end
  end

  assign meta_count_o = head_q ? meta_count1_q : meta_count0_q;
  assign meta_first_o = (meta_count_o == '0) ? '0 : head_q ? meta_first1_q : meta_first0_q;

  // ---------------------------------------------------------------- counters

  // The cycles of the head, from its start, or from the end of the job before.
  logic [CountW-1:0] cycles_q;

  always_ff @(posedge clk_i) begin
    if (done_o || (start_i && !busy_o)) cycles_q <= CountW'(1);
    else cycles_q <= cycles_q + CountW'(1);
  end

  // Lanes of a step, a cycle late. A step in the cycle of the clear is forgotten with all else.
  logic        step_q, step_slot_q, steps_slot;
  logic [23:0] lanes_q;

  assign steps_slot = head_q ^ ended_q[0];

  always_ff @(posedge clk_i) begin
    step_q <= step_i && !clear_o;
    step_slot_q <= steps_slot;
    if (step_i) lanes_q <= 24'(step_rows_i) * 24'(step_cols_i) * 24'(step_len_i);
  end

  // What each counter grows by, and which slot's it is.
  logic [24*NumCounts-1:0] grow;
  logic [NumCounts-1:0]    slot;

  always_comb begin
    grow = '0;
    slot = {NumCounts{head_q}};
    grow[24*spmma_regs_pkg::CountSteps+:24] = 24'(step_i);
    slot[spmma_regs_pkg::CountSteps] = steps_slot;
    grow[24*spmma_regs_pkg::CountLanes+:24] = step_q ? lanes_q : '0;
    slot[spmma_regs_pkg::CountLanes] = step_slot_q;
    for (int i = 0; i < spmma_gemm_pkg::Stalls; i++) begin
      grow[24*(spmma_regs_pkg::CountStallStart+i)+:24] = 24'(stall_i[i] && busy_o);
      slot[spmma_regs_pkg::CountStallStart+i] = steps_slot;
    end
    // Before the first step of the queued job the cycles are the running one's.
    if (ended_q != '0) grow[24*spmma_regs_pkg::CountStallStart+:24] = '0;
    grow[24*spmma_regs_pkg::CountStallDrain+:24] = 24'(ended_q != '0);
    grow[24*spmma_regs_pkg::CountHeldAr+:24] = 24'(held_ar_i);
    grow[24*spmma_regs_pkg::CountHeldAw+:24] = 24'(held_aw_i);
    grow[24*spmma_regs_pkg::CountHeldW+:24] = 24'(held_w_i);
    if (read_i) begin
      grow[24*spmma_regs_pkg::CountBytesRd+:24] = 24'(read_bytes_i);
      grow[24*spmma_regs_pkg::CountBeatsRd+:24] = 24'(read_beats_i);
    end
    slot[spmma_regs_pkg::CountBytesRd] = read_slot_i;
    slot[spmma_regs_pkg::CountBeatsRd] = read_slot_i;
    grow[24*spmma_regs_pkg::CountBytesWr+:24] = 24'(write_bytes_i);
    grow[24*spmma_regs_pkg::CountBeatsWr+:24] = 24'(write_beat_i);
  end

  for (genvar i = 0; i < NumCounts; i++) begin : gen_count
    if (i == spmma_regs_pkg::CountCycles) begin : gen_cycles
      assign counts_o[64*i+:64] = 64'(cycles_q);
    end else begin : gen_other
      // The first cycle that a job waits is that of its start write or, behind another job, that in which the other one ends.
      localparam logic [CountW-1:0] Begin = (i == spmma_regs_pkg::CountStallStart) ? CountW'(1) : CountW'(0);
      logic [CountW-1:0] count0_q, count1_q;
      always_ff @(posedge clk_i) begin
        if (clear_o || (start_i && !start_slot)) count0_q <= Begin;
        else if (!slot[i]) count0_q <= count0_q + CountW'(grow[24*i+:24]);
        if (clear_o || (start_i && start_slot)) count1_q <= Begin;
        else if (slot[i]) count1_q <= count1_q + CountW'(grow[24*i+:24]);
      end
      assign counts_o[64*i+:64] = head_q ? 64'(count1_q) : 64'(count0_q);
    end
  end

  logic unused;
  assign unused = ^{grow, slot};

  `SPMMA_ASSERT(JobsNeverThree, !(start_i && jobs_q == 2'd2))
  `SPMMA_ASSERT(JobsTakenInEngine, taken_q <= jobs_q)
  `SPMMA_ASSERT(JobsDoneIsTaken, !(job_done_i && !halt_o) || taken_q != '0)
  `SPMMA_ASSERT(JobsEndedWereTaken, ended_q <= taken_q)
  `SPMMA_ASSERT_IF(JobsTakesAWaitingOne, job_taken_i, job_valid_o)
  `SPMMA_ASSERT_IF(JobsErrorHasCode, error_o, error_info_o[ErrorW-1-:CodeW] >= spmma_gemm_pkg::ErrSize &&
                                              error_info_o[ErrorW-1-:CodeW] <= spmma_gemm_pkg::ErrAbort)
  `SPMMA_ASSERT_IF(JobsHeadFailsInEngine, failed_q[head_q], busy_o)
  `SPMMA_ASSERT_IF(JobsQueuedFailsInEngine, failed_q[!head_q], queued_o)
  `SPMMA_ASSERT_IF(JobsWorkHasAJob, read_i || step_i || write_beat_i || held_ar_i || held_aw_i || held_w_i, busy_o)
  `SPMMA_ASSERT_NEXT(JobsHaltLasts, halt_o && !clear_o, halt_o)
  `SPMMA_ASSERT_NEXT(JobsClearsOnce, clear_o, !clear_o && taken_q == '0)

endmodule
