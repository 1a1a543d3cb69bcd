// SPDX-License-Identifier: Apache-2.0
// spmma_sequencer's own assertions, for any K blocks that the reader plans, any loads that the rings have room for, and any strips
// of D given back that were finished: no step lies outside the block, a tile outside D or a lane outside the step, every step has
// its strips of A, E and C and its step of B, and no more strips of D are taken than there are. No bit of a register of the walk
// above the block's own is ever set. What each step is, and when, is sequencer_waits.sv's.
//
// mode: induction 2
// parameters: Rows=2 Cols=2 StepBytes=8 Pipe=15 BlockRows=8 BlockBytes=16 KBytes=16 CStrips=4 DStrips=2
// parameters: Rows=8 Cols=4 StepBytes=16 Pipe=6 BlockRows=128 BlockBytes=128 KBytes=128 CStrips=8 DStrips=4
// long: 1
// watch: watch_base = u_sequencer.base_q
// watch: watch_step = u_sequencer.step_q
// watch: watch_member = u_sequencer.member_q
// watch: watch_tile = u_sequencer.tile_q
// watch: watch_a_base = u_sequencer.a_base_q
// watch: watch_e_base = u_sequencer.e_base_q
// watch: watch_b_base = u_sequencer.b_base_q
// watch: watch_c_base = u_sequencer.c_base_q
// watch: watch_d_taken = u_sequencer.d_taken_q
// bug: 8 spmma_sequencer.sv: b_come <= TallyW'(step_q); ==> b_come < TallyW'(step_q);
// bug: 8 spmma_sequencer.sv: c_come <= TallyW'(strip); ==> c_come < TallyW'(strip);
// bug: 8 spmma_sequencer.sv: d_used >= TallyW'(DStrips) ==> d_used > TallyW'(DStrips)
module formal_sequencer_waits_checks #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int StepBytes  = 8,
    parameter int Pipe       = 15,
    parameter int BlockRows  = 8,
    parameter int BlockBytes = 16,
    parameter int KBytes     = 16,  // of a row of A in a K block
    parameter int CStrips    = 4,
    parameter int DStrips    = 2
) (
    input logic                             clk_i,
    input logic                             rst_ni,
    input logic                             plan_valid_i,
    input logic [spmma_gemm_pkg::PlanW-1:0] plan_i,
    input logic                             a_load_i,  // a strip, or a step of B, has come
    input logic                             e_load_i,
    input logic                             b_load_i,
    input logic                             c_load_i,
    input logic                             d_free_i,  // a strip is written
    input logic                             core_empty_i
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int AStrips = 2 * BlockRows / Rows;
  localparam int MaxStrips = BlockRows / Rows, MaxTiles = BlockBytes / Cols, MaxSteps = KBytes / StepBytes;

  logic              pop, go, run_end, last;
  logic [TallyW-1:0] a_loaded_q, e_loaded_q, b_loaded_q, c_loaded_q, d_freed_q, a_freed, c_freed;

  spmma_sequencer #(
      .Rows      (Rows),
      .Cols      (Cols),
      .StepBytes (StepBytes),
      .Pipe      (Pipe),
      .BlockRows (BlockRows),
      .BlockBytes(BlockBytes),
      .CStrips   (CStrips),
      .DStrips   (DStrips)
  ) u_sequencer (
      .clk_i,
      .rst_ni,
      .plan_valid_i,
      .plan_i,
      .plan_pop_o  (pop),
      .a_loaded_i  (a_loaded_q),
      .e_loaded_i  (e_loaded_q),
      .b_loaded_i  (b_loaded_q),
      .c_loaded_i  (c_loaded_q),
      .d_freed_i   (d_freed_q),
      .core_empty_i,
      .a_freed_o   (a_freed),
      .b_freed_o   (),
      .c_freed_o   (c_freed),
      .step_valid_o(go),
      .run_start_o (),
      .run_end_o   (run_end),
      .first_o     (),
      .last_o      (last),
      .a_ring_o    (),
      .c_ring_o    (),
      .half_o      (),
      .step_o      (),
      .tile_o      (),
      .len_o       (),
      .slot_o      (),
      .rows_o      (),
      .cols_o      (),
      .stall_o     (),
      .job_end_o   ()
  );

  logic [7:0]        watch_base, watch_step, watch_member, watch_tile, strip;
  logic [TallyW-1:0] watch_a_base, watch_e_base, watch_b_base, watch_c_base, watch_d_taken;

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- what the others keep to

  logic       first_k, last_k, copy, uses_c, uses_e;
  logic [7:0] strips, tiles, steps, group, last_rows, last_cols, last_len;
  logic [1:0] log_a;
  assign first_k = plan_i[spmma_gemm_pkg::PlanFirst];
  assign last_k = plan_i[spmma_gemm_pkg::PlanLast];
  assign copy = plan_i[spmma_gemm_pkg::PlanCopy];
  assign uses_c = first_k && plan_i[spmma_gemm_pkg::PlanHasC];
  assign uses_e = !copy && plan_i[spmma_gemm_pkg::PlanSparse];
  assign strips = plan_i[spmma_gemm_pkg::PlanStrips+:8];
  assign tiles = plan_i[spmma_gemm_pkg::PlanTiles+:8];
  assign steps = plan_i[spmma_gemm_pkg::PlanSteps+:8];
  assign group = 8'd1 << plan_i[spmma_gemm_pkg::PlanLogGroup+:3];
  assign last_rows = plan_i[spmma_gemm_pkg::PlanLastRows+:8];
  assign last_cols = plan_i[spmma_gemm_pkg::PlanLastCols+:8];
  assign last_len = plan_i[spmma_gemm_pkg::PlanLastLen+:8];
  assign log_a = spmma_gemm_pkg::log_bytes(plan_i[spmma_gemm_pkg::PlanFmtA+:3]);

  // A K block stays until it is popped, and is one that the reader plans.
  logic [spmma_gemm_pkg::PlanW-1:0] plan_q;
  logic                             keep_q;
  always_ff @(posedge clk_i) begin
    plan_q <= plan_i;
    keep_q <= rst_ni && plan_valid_i && !pop;
  end
  always_comb begin
    assume (!live || !keep_q || (plan_valid_i && plan_i == plan_q));
    if (plan_valid_i) begin
      assume (strips != '0 && strips <= 8'(MaxStrips) && tiles != '0 && tiles <= 8'(MaxTiles));
      assume (steps != '0 && steps <= 8'(MaxSteps) && group <= 8'(MaxStrips));
      assume (last_rows != '0 && last_rows <= 8'(Rows) && last_cols != '0 && last_cols <= 8'(Cols));
      assume (copy || (last_len != '0 && last_len <= 8'(StepBytes) >> log_a));
    end
  end

  // Nothing comes that its ring, or B's two halves, have no room for, and no strip is given back that is not finished.
  logic [TallyW-1:0] e_done_q, b_done_q, d_done_q;
  logic              last_step;
  assign last_step = watch_step + 8'd1 == steps;
  always_comb begin
    assume (!a_load_i || a_loaded_q - a_freed < TallyW'(AStrips));
    assume (!e_load_i || e_loaded_q - e_done_q < TallyW'(AStrips));
    assume (!b_load_i || b_loaded_q - b_done_q < TallyW'(2 * MaxSteps));
    assume (!c_load_i || c_loaded_q - c_freed < TallyW'(CStrips));
    assume (!d_free_i || d_freed_q != d_done_q);
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {a_loaded_q, e_loaded_q, b_loaded_q, c_loaded_q, d_freed_q, e_done_q, b_done_q, d_done_q} <= '0;
    end else begin
      a_loaded_q <= a_loaded_q + TallyW'(a_load_i);
      e_loaded_q <= e_loaded_q + TallyW'(e_load_i);
      b_loaded_q <= b_loaded_q + TallyW'(b_load_i);
      c_loaded_q <= c_loaded_q + TallyW'(c_load_i);
      d_freed_q <= d_freed_q + TallyW'(d_free_i);
      e_done_q <= e_done_q + TallyW'(go && run_end && last_step && uses_e);
      d_done_q <= d_done_q + TallyW'(go && run_end && last);
      if (pop && !copy) b_done_q <= b_done_q + TallyW'(steps);
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  logic [TallyW-1:0] in_a, in_c, used;   // strips of the block: finished by A and by C; used already
  logic [TallyW-1:0] used_b;             // steps of the block used already
  logic [8:0]        group_end;
  logic              in_run, in_pass, in_last;  // inside a run, a pass, a strip's last run

  assign strip = watch_base + watch_member;
  assign group_end = ({1'b0, watch_base} + {1'b0, group} < {1'b0, strips}) ? {1'b0, watch_base} + {1'b0, group} : {1'b0, strips};
  assign in_run = watch_tile != '0;
  assign in_pass = in_run || watch_member != '0;
  assign in_last = in_run && last_k && last_step;

  always_comb begin
    in_a = '0;
    in_c = '0;
    used = '0;
    used_b = '0;
    if (keep_q) begin
      in_a = TallyW'(last_step ? strip : watch_base);
      in_c = (watch_step == '0) ? TallyW'(strip) : TallyW'(group_end);
      used = (watch_step == '0) ? TallyW'(strip) + TallyW'(in_run) : TallyW'(group_end);
      used_b = (watch_base != '0) ? TallyW'(steps) : TallyW'(watch_step) + TallyW'(in_pass);
    end
    if (live) begin
      if (keep_q) begin
        assert (strip < strips && watch_member < group && watch_step < steps && watch_tile < tiles);
        assert ((watch_base & (group - 8'd1)) == '0);
      end else begin
        assert (watch_base == '0 && watch_step == '0 && watch_member == '0 && watch_tile == '0);
      end
      // No bit above the block's own is ever set.
      assert (watch_base < 8'(MaxStrips) && watch_member < 8'(MaxStrips));
      assert (watch_tile < 8'(MaxTiles) && watch_step < 8'(MaxSteps));
      assert (a_loaded_q - a_freed <= TallyW'(AStrips) && e_loaded_q - e_done_q <= TallyW'(AStrips));
      assert (b_loaded_q - b_done_q <= TallyW'(2 * MaxSteps) && c_loaded_q - c_freed <= TallyW'(CStrips));
      assert (watch_a_base == a_freed - (copy ? '0 : in_a));
      assert (watch_e_base == e_done_q - (uses_e ? in_a : '0));
      assert (watch_b_base == b_done_q);
      assert (watch_c_base == c_freed - (uses_c ? in_c : '0));
      if (!copy) assert (a_loaded_q - watch_a_base >= used && b_loaded_q - watch_b_base >= used_b);
      if (uses_e) assert (e_loaded_q - watch_e_base >= used);
      if (uses_c) assert (c_loaded_q - watch_c_base >= used);
      assert (watch_d_taken == d_done_q + TallyW'(keep_q && in_last));
      assert (d_done_q - d_freed_q <= watch_d_taken - d_freed_q && watch_d_taken - d_freed_q <= TallyW'(DStrips));
    end
  end

endmodule
