// SPDX-License-Identifier: Apache-2.0
// Issues the steps of the planned K blocks, one a cycle, each run of tiles as soon as what it needs has come and has
// somewhere to go (docs/gemm.md, "Cycles"). It spaces the steps of a chain itself, so the core never stalls.
`include "spmma_assert.svh"

module spmma_sequencer #(
    parameter int Rows       = 8,
    parameter int Cols       = 4,
    parameter int StepBytes  = 16,
    parameter int Pipe       = 15,
    parameter int BlockRows  = 128,
    parameter int BlockBytes = 128,
    parameter int CStrips    = 8,
    parameter int DStrips    = 4
) (
    input  logic                              clk_i,
    input  logic                              rst_ni,
    // the K block, popped by its last step
    input  logic                              plan_valid_i,
    input  logic [spmma_gemm_pkg::PlanW-1:0]  plan_i,
    output logic                              plan_pop_o,
    // what has come, and what is free again, counted
    input  logic [spmma_gemm_pkg::TallyW-1:0] a_loaded_i,
    input  logic [spmma_gemm_pkg::TallyW-1:0] e_loaded_i,
    input  logic [spmma_gemm_pkg::TallyW-1:0] b_loaded_i,
    input  logic [spmma_gemm_pkg::TallyW-1:0] c_loaded_i,
    input  logic [spmma_gemm_pkg::TallyW-1:0] d_freed_i,
    input  logic                              core_empty_i,   // no tile is between a last step and the D ring
    output logic [spmma_gemm_pkg::TallyW-1:0] a_freed_o,
    output logic [spmma_gemm_pkg::TallyW-1:0] b_freed_o,
    output logic [spmma_gemm_pkg::TallyW-1:0] c_freed_o,
    // the step
    output logic                              step_valid_o,
    output logic                              run_start_o,
    output logic                              run_end_o,
    output logic                              first_o,        // of its chain
    output logic                              last_o,         // of its chain
    output logic [7:0]                        a_ring_o,
    output logic [7:0]                        c_ring_o,
    output logic                              half_o,
    output logic [7:0]                        step_o,
    output logic [7:0]                        tile_o,
    output logic [7:0]                        len_o,          // stored elements of a row in use
    output logic [$clog2(BlockRows/Rows*BlockBytes/Cols)-1:0] slot_o,
    // for the counters
    output logic [7:0]                        rows_o,         // rows and columns of the tile that are D's
    output logic [7:0]                        cols_o,
    output logic [spmma_gemm_pkg::Stalls-1:0] stall_o,        // why no step was issued; none at a job's end
    output logic                              job_end_o       // the job's last step
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int AStrips = 2 * BlockRows / Rows;
  localparam int RowUnits = BlockBytes / Cols;
  localparam int SlotW = $clog2(BlockRows / Rows * RowUnits);
  localparam int Chain = spmma_pkg::stage_pos(Pipe, spmma_pkg::ResultStage) + 1 - spmma_pkg::stage_pos(Pipe, 3);

  // ---------------------------------------------------------------- the K block

  logic       first_k, last_k, copy, has_c, sparse;
  logic [7:0] strips, tiles, steps;
  logic [1:0] log_a;
  logic [7:0] group;

  assign first_k = plan_i[spmma_gemm_pkg::PlanFirst];
  assign last_k = plan_i[spmma_gemm_pkg::PlanLast];
  assign copy = plan_i[spmma_gemm_pkg::PlanCopy];
  assign has_c = plan_i[spmma_gemm_pkg::PlanHasC];
  assign sparse = plan_i[spmma_gemm_pkg::PlanSparse];
  assign strips = plan_i[spmma_gemm_pkg::PlanStrips+:8];
  assign tiles = plan_i[spmma_gemm_pkg::PlanTiles+:8];
  assign steps = plan_i[spmma_gemm_pkg::PlanSteps+:8];
  assign log_a = spmma_gemm_pkg::log_bytes(plan_i[spmma_gemm_pkg::PlanFmtA+:3]);
  assign group = 8'd1 << plan_i[spmma_gemm_pkg::PlanLogGroup+:3];

  // ---------------------------------------------------------------- where the walk is

  logic [7:0] base_q, step_q, member_q, tile_q;  // first strip of the group, step, strip in the group, tile
  logic [7:0] strip;
  logic       last_tile, last_member, last_step, last_group, go, run_start, pass_start, end_k;

  assign strip = base_q + member_q;
  assign last_tile = tile_q == tiles - 8'd1;
  assign last_member = member_q == group - 8'd1 || strip == strips - 8'd1;
  assign last_step = step_q == steps - 8'd1;
  assign last_group = {1'b0, base_q} + {1'b0, group} >= {1'b0, strips};
  assign run_start = tile_q == '0;
  assign pass_start = run_start && member_q == '0;
  assign end_k = go && last_tile && last_member && last_step && last_group;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      base_q <= '0;
      step_q <= '0;
      member_q <= '0;
      tile_q <= '0;
    end else if (go) begin
      tile_q <= last_tile ? '0 : tile_q + 8'd1;
      if (last_tile) begin
        member_q <= last_member ? '0 : member_q + 8'd1;
        if (last_member) begin
          step_q <= last_step ? '0 : step_q + 8'd1;
          if (last_step) base_q <= last_group ? '0 : base_q + group;
        end
      end
    end
  end

  // ---------------------------------------------------------------- what a run waits for

  // Tallies at the K block's first strip and step.
  logic [TallyW-1:0] a_base_q, e_base_q, b_base_q, c_base_q, d_taken_q, b_blocks_q;
  logic [TallyW-1:0] a_come, e_come, b_come, c_come, d_used;
  logic [4:0]        since_pass_q, since_step_q;  // cycles, saturating
  logic [7:0]        tiles_before_q;
  logic              wait_c, wait_e, wait_a, wait_b, wait_chain, wait_d;

  assign a_come = a_loaded_i - a_base_q;
  assign e_come = e_loaded_i - e_base_q;
  assign b_come = b_loaded_i - b_base_q;
  assign c_come = c_loaded_i - c_base_q;
  assign d_used = d_taken_q - d_freed_i;

  assign wait_c = step_q == '0 && first_k && has_c && c_come <= TallyW'(strip);
  assign wait_e = step_q == '0 && sparse && !copy && e_come <= TallyW'(strip);
  assign wait_a = step_q == '0 && !copy && a_come <= TallyW'(strip);
  assign wait_b = pass_start && base_q == '0 && !copy && b_come <= TallyW'(step_q);
  assign wait_chain = pass_start && !copy && (step_q != '0 || base_q == '0) &&
                      (since_pass_q < 5'(Chain) ||
                       (first_k && step_q == '0 && tiles != tiles_before_q && since_step_q < 5'(Chain)));
  assign wait_d = last_k && last_step && (d_used >= TallyW'(DStrips) || (copy && !core_empty_i));

  assign go = plan_valid_i &&
              (!run_start || !(wait_c || wait_e || wait_a || wait_b || wait_chain || wait_d));

  // Cycles since the start of the last pass, but for those waited inside it: every strip of the next pass comes at
  // least as many after its step in the last one.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      since_pass_q <= '1;
      since_step_q <= '1;
      tiles_before_q <= '0;
    end else begin
      if (go && pass_start) since_pass_q <= 5'd1;
      else if (since_pass_q != '1 && (go || pass_start)) since_pass_q <= since_pass_q + 5'd1;
      if (go) since_step_q <= 5'd1;
      else if (since_step_q != '1) since_step_q <= since_step_q + 5'd1;
      if (go) tiles_before_q <= tiles;
    end
  end

  // ---------------------------------------------------------------- what is used, and free again

  logic [TallyW-1:0] a_freed_q, c_freed_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_base_q <= '0;
      e_base_q <= '0;
      b_base_q <= '0;
      c_base_q <= '0;
      b_blocks_q <= '0;
      d_taken_q <= '0;
      a_freed_q <= '0;
      c_freed_q <= '0;
    end else begin
      if (end_k && !copy) begin
        a_base_q <= a_base_q + TallyW'(strips);
        b_base_q <= b_base_q + TallyW'(steps);
        b_blocks_q <= b_blocks_q + TallyW'(1);
        if (sparse) e_base_q <= e_base_q + TallyW'(strips);
      end
      if (end_k && first_k && has_c) c_base_q <= c_base_q + TallyW'(strips);
      if (go && last_tile && last_step && !copy) a_freed_q <= a_freed_q + TallyW'(1);
      if (go && last_tile && step_q == '0 && first_k && has_c) c_freed_q <= c_freed_q + TallyW'(1);
      if (go && run_start && last_k && last_step) d_taken_q <= d_taken_q + TallyW'(1);
    end
  end

  assign a_freed_o = a_freed_q;
  assign b_freed_o = b_blocks_q;
  assign c_freed_o = c_freed_q;
  assign plan_pop_o = end_k;

  // ---------------------------------------------------------------- the step

  assign step_valid_o = go;
  assign run_start_o = run_start;
  assign run_end_o = last_tile;
  assign first_o = first_k && step_q == '0;
  assign last_o = last_k && last_step;
  assign a_ring_o = 8'(a_base_q + TallyW'(strip)) & 8'(AStrips - 1);
  assign c_ring_o = 8'(c_base_q + TallyW'(strip)) & 8'(CStrips - 1);
  assign half_o = b_blocks_q[0];
  assign step_o = step_q;
  assign tile_o = tile_q;
  assign len_o = copy ? 8'd0 : last_step ? plan_i[spmma_gemm_pkg::PlanLastLen+:8] : 8'(StepBytes) >> log_a;
  assign slot_o = SlotW'((12'(strip) << $clog2(RowUnits)) + 12'(tile_q));
  assign rows_o = (strip == strips - 8'd1) ? plan_i[spmma_gemm_pkg::PlanLastRows+:8] : 8'(Rows);
  assign cols_o = last_tile ? plan_i[spmma_gemm_pkg::PlanLastCols+:8] : 8'(Cols);
  assign job_end_o = end_k && plan_i[spmma_gemm_pkg::PlanJobEnd];

  // ---------------------------------------------------------------- why not

  logic begun_q;  // a step of the job has been issued

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      begun_q <= 1'b0;
    end else begin
      if (job_end_o) begun_q <= 1'b0;
      else if (go) begun_q <= 1'b1;
    end
  end

  always_comb begin
    stall_o = '0;
    if (!go) begin
      if (!begun_q) stall_o[spmma_gemm_pkg::StallStart] = 1'b1;
      else if (!plan_valid_i) stall_o[spmma_gemm_pkg::StallA] = 1'b1;
      else if (wait_c) stall_o[spmma_gemm_pkg::StallC] = 1'b1;
      else if (wait_e) stall_o[spmma_gemm_pkg::StallMeta] = 1'b1;
      else if (wait_a) stall_o[spmma_gemm_pkg::StallA] = 1'b1;
      else if (wait_b) stall_o[spmma_gemm_pkg::StallB] = 1'b1;
      else if (wait_chain) stall_o[spmma_gemm_pkg::StallChain] = 1'b1;
      else stall_o[spmma_gemm_pkg::StallD] = 1'b1;
    end
  end

  logic unused;
  assign unused = ^plan_i;

  `SPMMA_ASSERT(SequencerOneCause, go || $onehot(stall_o))
  `SPMMA_ASSERT(SequencerRoomD, d_used <= TallyW'(DStrips))
  `SPMMA_ASSERT(SequencerInBlock, !go || (strip < strips && tile_q < tiles && step_q < steps))
  `SPMMA_ASSERT_IF(SequencerHasA, go && !copy, a_come > TallyW'(strip))
  `SPMMA_ASSERT_IF(SequencerHasE, go && sparse && !copy, e_come > TallyW'(strip))
  `SPMMA_ASSERT_IF(SequencerHasB, go && !copy, b_come > TallyW'(step_q))
  `SPMMA_ASSERT_IF(SequencerHasC, go && first_o && has_c, c_come > TallyW'(strip))

`ifdef SPMMA_CHECKS
  /* verilator coverage_off */
  // Where the step before was.
  logic [7:0] check_strip_before_q, check_step_before_q, check_tile_before_q, check_base_before_q;
  always_ff @(posedge clk_i) begin
    if (go) begin
      {check_strip_before_q, check_step_before_q} <= {strip, step_q};
      {check_tile_before_q, check_base_before_q} <= {tile_q, base_q};
    end
  end
  /* verilator coverage_on */
`endif

  `SPMMA_ASSERT_NEXT(SequencerRunUnbroken, go && !last_tile, go && tile_q == check_tile_before_q + 8'd1)
  `SPMMA_ASSERT_NEXT(SequencerNextStrip, go && last_tile && !last_member,
                     run_start && strip == check_strip_before_q + 8'd1 && step_q == check_step_before_q)
  `SPMMA_ASSERT_NEXT(SequencerNextStep, go && last_tile && last_member && !last_step,
                     pass_start && step_q == check_step_before_q + 8'd1 && base_q == check_base_before_q)
  `SPMMA_ASSERT_NEXT(SequencerStartsOver, plan_pop_o, pass_start && step_q == '0 && base_q == '0)
  `SPMMA_ASSERT_IF(SequencerPlanInBlock, plan_valid_i,
                   strips != '0 && strips <= 8'(BlockRows / Rows) && tiles != '0 && tiles <= 8'(RowUnits) && steps != '0)
  `SPMMA_ASSERT_IF(SequencerTileInD, go, rows_o != '0 && rows_o <= 8'(Rows) && cols_o != '0 && cols_o <= 8'(Cols))
  `SPMMA_ASSERT_IF(SequencerLanesInStep, go && !copy, len_o != '0 && len_o <= 8'(StepBytes) >> log_a)
  `SPMMA_ASSERT(SequencerStripsInRings, TallyW'(a_loaded_i - a_freed_q) <= TallyW'(AStrips) &&
                                        TallyW'(c_loaded_i - c_freed_q) <= TallyW'(CStrips))

endmodule
