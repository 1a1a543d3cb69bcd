// SPDX-License-Identifier: Apache-2.0
// spmma_jobs but for what it counts, for all jobs and errors: which jobs there are, which one the reader works on or may take and
// every bit of it, which have failed, when the head ends, well or not, and with which error: its first, the oldest access's where
// several come at once. The reference has a head and a job behind it, and slots only for what is kept of a job; the rest says that
// the registers hold the same. The RTL's assertions are left out, for an error may have any code here; what they say of the
// module's own state follows.
//
// mode: induction 1
// without: assertions
// watch: watch_job[939:0] = u_jobs.job0_q
// watch: watch_job[1879:940] = u_jobs.job1_q
// watch: watch_head = u_jobs.head_q
// watch: watch_jobs = u_jobs.jobs_q
// watch: watch_taken = u_jobs.taken_q
// watch: watch_ended = u_jobs.ended_q
// watch: watch_failed = u_jobs.failed_q
// watch: watch_error[78:0] = u_jobs.error0_q
// watch: watch_error[157:79] = u_jobs.error1_q
// bug: 3:5 spmma_jobs.sv: start_slot = head_q ^ jobs_q[0] ==> start_slot = head_q
// bug: 5:7 spmma_jobs.sv: if (report[1] && !failed_q[1]) ==> if (report[1])
// bug: 3:5 spmma_jobs.sv: if (writer) pick ==> if (writer && !reader) pick
// bug: 4:6 spmma_jobs.sv: halt_o && reader_quiet_i && writer_quiet_i ==> halt_o && reader_quiet_i
module formal_jobs (
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

  localparam int JobW = spmma_regs_pkg::JobW;
  localparam int ErrorW = spmma_gemm_pkg::ErrorW;

  logic              busy, queued, job_valid, job_slot, halt, clear, done, error;
  logic [JobW-1:0]   job;
  logic [ErrorW-1:0] error_info;

  spmma_jobs u_jobs (
      .clk_i,
      .rst_ni,
      .start_i,
      .abort_i,
      .job_i,
      .busy_o      (busy),
      .queued_o    (queued),
      .job_valid_o (job_valid),
      .job_slot_o  (job_slot),
      .job_o       (job),
      .job_taken_i,
      .reader_idle_i,
      .job_done_i,
      .reader_quiet_i,
      .writer_quiet_i,
      .halt_o      (halt),
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
      .error_o     (error),
      .error_info_o(error_info),
      .meta_count_o(),
      .meta_first_o(),
      .counts_o    ()
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- which jobs there are

  // Place 0 is the head's, place 1 the queued job's. A job that is not there has none of these.
  logic [1:0] here_q;    // a job is in the engine
  logic [1:0] taken_q;   // by the reader
  logic [1:0] ended_q;   // its last step has been issued
  logic [1:0] failed_q;
  logic       slot_q;    // the head's
  logic [1:0] here, taken, ended, failed, fails;  // after this cycle, but for the head's end; by slot: an error comes
  logic       failed_end, ends;                   // of the head

  assign failed_end = failed_q[0] && reader_quiet_i && writer_quiet_i;
  assign ends = failed_end || (!failed_q[0] && job_done_i);

  // The reader takes the jobs, and the sequencer ends their steps, in their order.
  assign here = start_i ? {here_q[0], 1'b1} : here_q;
  assign taken = job_taken_i ? {taken_q[0], 1'b1} : taken_q;
  assign ended = steps_end_i ? {ended_q[0], 1'b1} : ended_q;
  assign failed = failed_q | (slot_q ? {fails[0], fails[1]} : fails);

  // With the head's end the queued job becomes the head, and begins again where the head failed.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {here_q, taken_q, ended_q, failed_q} <= '0;
      slot_q <= 1'b0;
    end else begin
      here_q <= here >> ends;
      taken_q <= failed_end ? '0 : taken >> ends;
      ended_q <= failed_end ? '0 : ended >> ends;
      failed_q <= failed_end ? '0 : failed >> ends;
      slot_q <= slot_q ^ ends;
    end
  end

  // ---------------------------------------------------------------- what is kept of them, by slot

  logic [2*ErrorW-1:0] error_q;  // the first
  logic [2*JobW-1:0]   job_q;

  for (genvar s = 0; s < 2; s++) begin : gen_slot
    localparam logic Slot = (s != 0);
    logic              head;
    logic [ErrorW-1:0] info;

    assign head = slot_q == Slot;

    // Of several errors in one cycle the last of these is kept.
    always_comb begin
      fails[s] = 1'b0;
      info = '0;
      if (abort_i && head && here_q[0]) begin
        fails[s] = 1'b1;
        info[ErrorW-1-:4] = spmma_gemm_pkg::ErrAbort;
      end
      if (reader_error_i && reader_error_slot_i == Slot) begin
        fails[s] = 1'b1;
        info = {reader_error_info_i, 24'd0};
      end
      if (illegal_count_i != '0 && illegal_slot_i == Slot && job_q[JobW*s+spmma_regs_pkg::JobStopLsb]) begin
        fails[s] = 1'b1;
        info = {spmma_gemm_pkg::ErrMeta, spmma_gemm_pkg::OperandE, illegal_first_i};
      end
      if (shifter_error_i && shifter_error_slot_i == Slot) begin
        fails[s] = 1'b1;
        info = {spmma_gemm_pkg::ErrRead, shifter_error_info_i, 24'd0};
      end
      if (writer_error_i && writer_error_slot_i == Slot) begin
        fails[s] = 1'b1;
        info = {writer_error_info_i[51:48], spmma_gemm_pkg::OperandD, writer_error_info_i[47:0], 24'd0};
      end
    end

    always_ff @(posedge clk_i) begin
      if (fails[s] && !failed_q[!head]) error_q[ErrorW*s+:ErrorW] <= info;
      if (start_i && here_q[0] != head) job_q[JobW*s+:JobW] <= job_i;
    end
  end

  // ---------------------------------------------------------------- what the others keep to

  logic [1:0] full;     // by slot: a job is there
  logic       waiting;  // a job that the reader has not taken
  assign full = slot_q ? {here_q[0], here_q[1]} : here_q;
  assign waiting = here_q != taken_q;

  always_comb begin
    if (live) begin
      assume (!start_i || !here_q[1]);  // the registers refuse it
      assume (!job_taken_i || waiting);
      assume (!job_done_i || failed_q[0] || taken_q[0]);
      // Errors and metadata are of jobs in the engine.
      assume (!writer_error_i || full[writer_error_slot_i]);
      assume (!shifter_error_i || full[shifter_error_slot_i]);
      assume (!reader_error_i || full[reader_error_slot_i]);
      assume (illegal_count_i == '0 || full[illegal_slot_i]);
      // A last step is of a job that was taken and has had none. The head, if it has no steps, is done before the other one's last.
      assume (!steps_end_i || (ended_q[0] ? taken_q[1] && !ended_q[1] : taken_q[0]));
      assume (!(steps_end_i && job_done_i) || ended_q[0]);
    end
  end

  // ---------------------------------------------------------------- the outputs

  // They are looked at a cycle later: then the induction compares them with registers that it knows, not with those to be proven.
  logic asked;  // the slot of the job that the reader works on, or may take
  logic flow_wrong_q, job_wrong_q, error_wrong_q;
  assign asked = slot_q ^ (reader_idle_i ? taken_q[0] : taken_q[1]);

  always_ff @(posedge clk_i) begin
    flow_wrong_q <= live && {queued, busy, job_valid, halt, clear, done, error} !=
                            {here_q, waiting, failed_q[0], failed_end, ends, failed_end};
    job_wrong_q <= live && (reader_idle_i ? waiting : taken_q[0]) &&
                   {job_slot, job} != {asked, asked ? job_q[JobW+:JobW] : job_q[0+:JobW]};
    error_wrong_q <= live && failed_end && error_info != (slot_q ? error_q[ErrorW+:ErrorW] : error_q[0+:ErrorW]);
  end

  always_comb begin
    if (begun_q) begin
      assert (!flow_wrong_q);
      assert (!job_wrong_q);
      assert (!error_wrong_q);
    end
  end

  // ---------------------------------------------------------------- the registers behind them

  logic [2*JobW-1:0]   watch_job;
  logic                watch_head;
  logic [1:0]          watch_jobs, watch_taken, watch_ended, watch_failed;
  logic [2*ErrorW-1:0] watch_error;

  always_comb begin
    if (live) begin
      assert (here_q != 2'b10 && taken_q != 2'b10 && ended_q != 2'b10);
      assert ((ended_q & ~taken_q) == '0 && (taken_q & ~here_q) == '0 && (failed_q & ~here_q) == '0);
      assert (watch_jobs == 2'(here_q[0]) + 2'(here_q[1]));
      assert (watch_taken == 2'(taken_q[0]) + 2'(taken_q[1]));
      assert (watch_ended == 2'(ended_q[0]) + 2'(ended_q[1]));
      assert (watch_head == slot_q);
      assert (watch_failed == (slot_q ? {failed_q[0], failed_q[1]} : failed_q));
      for (int s = 0; s < 2; s++) begin
        if (full[s]) assert (watch_job[JobW*s+:JobW] == job_q[JobW*s+:JobW]);
        if (watch_failed[s]) assert (watch_error[ErrorW*s+:ErrorW] == error_q[ErrorW*s+:ErrorW]);
      end
    end
  end

endmodule
