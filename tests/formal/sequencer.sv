// SPDX-License-Identifier: Apache-2.0
// spmma_sequencer's counters, whatever has come and is free: a K block's steps are issued group by group, in a group step by step,
// in a step strip by strip, in a strip tile by tile, each exactly once, and the block is popped by its last one. No counter
// leaves the block, no two runs are mixed, and a run is not interrupted.
//
// mode: induction 2
// without: assertions
// parameters: Pipe=15
// parameters: Pipe=0
// watch: watch_base = u_sequencer.base_q
// watch: watch_step = u_sequencer.step_q
// watch: watch_member = u_sequencer.member_q
// watch: watch_tile = u_sequencer.tile_q
// bug: 12 spmma_sequencer.sv: member_q == group - 8'd1 || strip == ==> member_q == group || strip ==
// bug: 12 spmma_sequencer.sv: step_q <= last_step ? '0 : ==> step_q <= last_step && last_group ? '0 :
// bug: 12 spmma_sequencer.sv: (!run_start || !(wait_c ==> (!(wait_c
module formal_sequencer #(
    parameter int Pipe = 15
) (
    input logic                               clk_i,
    input logic                               rst_ni,
    input logic                               plan_valid_i,
    input logic [spmma_gemm_pkg::PlanW-1:0]   plan_i,
    input logic [spmma_gemm_pkg::TallyW-1:0]  a_loaded_i,
    input logic [spmma_gemm_pkg::TallyW-1:0]  e_loaded_i,
    input logic [spmma_gemm_pkg::TallyW-1:0]  b_loaded_i,
    input logic [spmma_gemm_pkg::TallyW-1:0]  c_loaded_i,
    input logic [spmma_gemm_pkg::TallyW-1:0]  d_freed_i,
    input logic                               core_empty_i
);

  localparam int MaxStrips = 4, MaxTiles = 8, MaxSteps = 4;

  logic       pop, go, run_start, run_end, first, last;
  logic [7:0] step, tile, a_ring, rows, cols;
  logic [4:0] slot;

  spmma_sequencer #(
      .Rows      (2),
      .Cols      (2),
      .StepBytes (8),
      .Pipe      (Pipe),
      .BlockRows (2 * MaxStrips),
      .BlockBytes(2 * MaxTiles),
      .CStrips   (4),
      .DStrips   (2)
  ) u_sequencer (
      .clk_i,
      .rst_ni,
      .plan_valid_i,
      .plan_i,
      .plan_pop_o  (pop),
      .a_loaded_i,
      .e_loaded_i,
      .b_loaded_i,
      .c_loaded_i,
      .d_freed_i,
      .core_empty_i,
      .a_freed_o   (),
      .b_freed_o   (),
      .c_freed_o   (),
      .step_valid_o(go),
      .run_start_o (run_start),
      .run_end_o   (run_end),
      .first_o     (first),
      .last_o      (last),
      .a_ring_o    (a_ring),
      .c_ring_o    (),
      .half_o      (),
      .step_o      (step),
      .tile_o      (tile),
      .len_o       (),
      .slot_o      (slot),
      .rows_o      (rows),
      .cols_o      (cols),
      .stall_o     (),
      .job_end_o   ()
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // A K block stays until it is popped, and is one that the reader plans.
  logic [spmma_gemm_pkg::PlanW-1:0] plan_q;
  logic                             keep_q;
  logic [7:0]                       strips, tiles, steps, group;
  assign strips = plan_i[spmma_gemm_pkg::PlanStrips+:8];
  assign tiles = plan_i[spmma_gemm_pkg::PlanTiles+:8];
  assign steps = plan_i[spmma_gemm_pkg::PlanSteps+:8];
  assign group = 8'd1 << plan_i[spmma_gemm_pkg::PlanLogGroup+:3];
  always_ff @(posedge clk_i) begin
    plan_q <= plan_i;
    keep_q <= rst_ni && plan_valid_i && !pop;
  end
  always_comb begin
    assume (!live || !keep_q || (plan_valid_i && plan_i == plan_q));
    assume (strips != '0 && strips <= 8'(MaxStrips) && tiles != '0 && tiles <= 8'(MaxTiles));
    assume (steps != '0 && steps <= 8'(MaxSteps) && group <= 8'(MaxStrips));
  end

  // ---------------------------------------------------------------- what is proven

  logic [7:0] watch_base, watch_step, watch_member, watch_tile, members, strip;
  logic [7:0] count_q;      // steps of the K block that were issued
  logic       inside_q;     // the step before was in the middle of a run
  assign members = (strips - watch_base < group) ? strips - watch_base : group;  // strips of this group
  assign strip = watch_base + watch_member;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) count_q <= '0;
    else if (go) count_q <= pop ? '0 : count_q + 8'd1;
    inside_q <= rst_ni && go && !run_end;
  end

  always_comb begin
    if (live) begin
      assert (plan_valid_i || !go);
      assert (!pop || go);
      if (plan_valid_i) begin
        // Where the walk is follows from the number of steps issued, and the other way round.
        assert ((watch_base * steps + watch_step * members + watch_member) * tiles + watch_tile == count_q);
        assert (pop == (go && count_q == strips * steps * tiles - 8'd1));
      end
      if (go) begin
        assert (step == watch_step && tile == watch_tile && slot == {strip[1:0], tile[2:0]});
        assert (run_start == (tile == '0) && run_end == (tile == tiles - 8'd1));
        assert (first == (plan_i[spmma_gemm_pkg::PlanFirst] && step == '0));
        assert (last == (plan_i[spmma_gemm_pkg::PlanLast] && step == steps - 8'd1));
      end
      if (inside_q) assert (go);
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  always_comb begin
    if (live) begin
      if (!plan_valid_i) assert (count_q == '0 && watch_base == '0);
      if (!plan_valid_i) assert (watch_step == '0 && watch_member == '0 && watch_tile == '0);
      if (plan_valid_i) begin
        assert (keep_q || count_q == '0);
        assert (strip < strips && watch_member < group && watch_step < steps && watch_tile < tiles);
        assert ((watch_base & (group - 8'd1)) == '0);
      end
      if (!keep_q) assert (watch_base == '0 && watch_step == '0 && watch_member == '0 && watch_tile == '0);
      if (inside_q) assert (watch_tile != '0 && plan_valid_i);
    end
  end

endmodule
