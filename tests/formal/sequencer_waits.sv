// SPDX-License-Identifier: Apache-2.0
// spmma_sequencer, all of its outputs in all of their bits, whatever K blocks come, whatever was loaded and is free and whenever:
// a step is issued exactly when nothing is missing that docs/gemm.md ("Cycles") says a run waits for, a cycle without a step is
// charged to the first cause, and the step, the rings, what is given back and the ends of blocks and jobs are what the steps so far
// make them. What is written down here is the place of the next step and what is finished; the walk keeps groups, members and
// tallies at the block's start instead, and each of its registers follows from what is written down. A K block is any with a
// strip, a tile and a step, and a tally that comes in any number: no more is needed, so that every bit counts.
//
// mode: induction 1
// without: assertions
// parameters: Rows=2 Cols=2 StepBytes=8 Pipe=15 BlockRows=8 BlockBytes=16 CStrips=4 DStrips=2
// parameters: Rows=8 Cols=4 StepBytes=16 Pipe=6 BlockRows=128 BlockBytes=128 CStrips=8 DStrips=4
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
// watch: watch_since_pass = u_sequencer.since_pass_q
// watch: watch_since_step = u_sequencer.since_step_q
// watch: watch_tiles_before = u_sequencer.tiles_before_q
// watch: watch_begun = u_sequencer.begun_q
// bug: 6 spmma_sequencer.sv: a_come <= TallyW'(strip); ==> a_come[TallyW-2:0] <= (TallyW-1)'(strip);
// bug: 6 spmma_sequencer.sv: 8'(c_base_q + TallyW'(strip)) ==> 8'(strip)
// bug: 12 spmma_sequencer.sv: since_pass_q < 5'(Chain) ==> since_pass_q < 5'(Chain - 1)
// bug: 8 spmma_sequencer.sv: if (sparse) e_base_q ==> e_base_q
// bug: 6 spmma_sequencer.sv: else if (wait_c) stall_o ==> else if (wait_c && !wait_a) stall_o
module formal_sequencer_waits #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int StepBytes  = 8,
    parameter int Pipe       = 15,
    parameter int BlockRows  = 8,
    parameter int BlockBytes = 16,
    parameter int CStrips    = 4,
    parameter int DStrips    = 2
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

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int RowTiles = BlockBytes / Cols;              // places for tiles in a strip
  localparam int SlotW = $clog2(BlockRows / Rows * RowTiles);
  localparam int AStrips = 2 * BlockRows / Rows;
  // From a step to the next one of its chain: 6 + P - E, P optional registers of which E are before the exponents' maximum.
  localparam int Chain = 6 + (Pipe / 2) % 2 + (Pipe / 4) % 2 + (Pipe / 8) % 2;

  logic              pop, go, run_start, run_end, first, last, half, job_end;
  logic [7:0]        a_ring, c_ring, step, tile, len, rows, cols;
  logic [SlotW-1:0]  slot;
  logic [TallyW-1:0] a_freed, b_freed, c_freed;
  logic [spmma_gemm_pkg::Stalls-1:0] stall;

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
      .a_loaded_i,
      .e_loaded_i,
      .b_loaded_i,
      .c_loaded_i,
      .d_freed_i,
      .core_empty_i,
      .a_freed_o   (a_freed),
      .b_freed_o   (b_freed),
      .c_freed_o   (c_freed),
      .step_valid_o(go),
      .run_start_o (run_start),
      .run_end_o   (run_end),
      .first_o     (first),
      .last_o      (last),
      .a_ring_o    (a_ring),
      .c_ring_o    (c_ring),
      .half_o      (half),
      .step_o      (step),
      .tile_o      (tile),
      .len_o       (len),
      .slot_o      (slot),
      .rows_o      (rows),
      .cols_o      (cols),
      .stall_o     (stall),
      .job_end_o   (job_end)
  );

  // Runs begin in reset, and may return to it: in its first cycle all is still what it was.
  logic begun_q = 1'b0;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);

  // ---------------------------------------------------------------- the K block

  logic       first_k, last_k, copy, uses_c, uses_e;
  logic [7:0] strips, tiles, steps, group_mask;
  assign first_k = plan_i[spmma_gemm_pkg::PlanFirst];
  assign last_k = plan_i[spmma_gemm_pkg::PlanLast];
  assign copy = plan_i[spmma_gemm_pkg::PlanCopy];
  assign uses_c = first_k && plan_i[spmma_gemm_pkg::PlanHasC];
  assign uses_e = !copy && plan_i[spmma_gemm_pkg::PlanSparse];
  assign strips = plan_i[spmma_gemm_pkg::PlanStrips+:8];
  assign tiles = plan_i[spmma_gemm_pkg::PlanTiles+:8];
  assign steps = plan_i[spmma_gemm_pkg::PlanSteps+:8];
  assign group_mask = ~(8'hFF << plan_i[spmma_gemm_pkg::PlanLogGroup+:3]);  // of a strip's number: which of its group

  // It stays until it is popped, and something is to be done in it.
  logic [spmma_gemm_pkg::PlanW-1:0] plan_q;
  logic                             keep_q;
  always_ff @(posedge clk_i) begin
    plan_q <= plan_i;
    keep_q <= rst_ni && plan_valid_i && !pop;
  end
  always_comb begin
    assume (!begun_q || !keep_q || (plan_valid_i && plan_i == plan_q));
    assume (!plan_valid_i || (strips != '0 && tiles != '0 && steps != '0));
  end

  // ---------------------------------------------------------------- the next step's place

  logic [7:0] strip_q, step_q, tile_q;
  logic       strip_last, group_last, step_last, tile_last, at_pass;
  assign strip_last = strip_q + 8'd1 == strips;
  assign group_last = strip_last || ((strip_q + 8'd1) & group_mask) == '0;
  assign step_last = step_q + 8'd1 == steps;
  assign tile_last = tile_q + 8'd1 == tiles;
  assign at_pass = tile_q == '0 && (strip_q & group_mask) == '0;

  logic issue, run_done, pass_done, block_done;  // in this cycle
  assign run_done = issue && tile_last;
  assign pass_done = run_done && group_last;
  assign block_done = run_done && strip_last && step_last;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || block_done) begin
      {strip_q, step_q, tile_q} <= '0;
    end else if (issue) begin
      tile_q <= tile_last ? '0 : tile_q + 8'd1;
      if (pass_done) step_q <= step_last ? '0 : step_q + 8'd1;
      if (pass_done && !step_last) strip_q <= strip_q & ~group_mask;
      else if (run_done) strip_q <= strip_q + 8'd1;
    end
  end

  // ---------------------------------------------------------------- what is finished

  // Strips of A, E, C and D, and steps and blocks of B.
  logic [TallyW-1:0] a_done_q, e_done_q, c_done_q, d_done_q, b_done_q, b_blocks_q;
  logic              strip_done;
  logic [8:0]        group_end;  // the strip after this group
  assign strip_done = run_done && step_last;
  assign group_end = {1'b0, strip_q | group_mask} + 9'd1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {a_done_q, e_done_q, c_done_q, d_done_q, b_done_q, b_blocks_q} <= '0;
    end else begin
      if (strip_done && !copy) a_done_q <= a_done_q + TallyW'(1);
      if (strip_done && uses_e) e_done_q <= e_done_q + TallyW'(1);
      if (run_done && step_q == '0 && uses_c) c_done_q <= c_done_q + TallyW'(1);
      if (strip_done && last_k) d_done_q <= d_done_q + TallyW'(1);
      if (run_done && strip_last && !copy) b_done_q <= b_done_q + TallyW'(1);
      if (block_done && !copy) b_blocks_q <= b_blocks_q + TallyW'(1);
    end
  end

  // Before this block: less what is finished of it.
  logic [TallyW-1:0] a_before, e_before, b_before, c_before, in_a, in_b, in_c;
  always_comb begin
    in_a = TallyW'(step_last ? strip_q : strip_q & ~group_mask);
    in_b = (group_end >= {1'b0, strips}) ? TallyW'(step_q) : '0;
    in_c = (step_q == '0) ? TallyW'(strip_q) : (group_end < {1'b0, strips}) ? TallyW'(group_end) : TallyW'(strips);
    if (!plan_valid_i) {in_a, in_b, in_c} = '0;
    a_before = copy ? a_done_q : a_done_q - in_a;
    e_before = uses_e ? e_done_q - in_a : e_done_q;
    b_before = copy ? b_done_q : b_done_q - in_b;
    c_before = uses_c ? c_done_q - in_c : c_done_q;
  end

  // ---------------------------------------------------------------- the chain distance

  // Cycles that a pass is still too early, after the start of the pass before and after the step before.
  logic [4:0] pass_early_q, step_early_q;
  logic [7:0] tiles_before_q;  // of the step before
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      pass_early_q <= '0;
      step_early_q <= '0;
    end else begin
      if (issue && at_pass) pass_early_q <= 5'(Chain - 1);
      else if ((issue || at_pass) && pass_early_q != '0) pass_early_q <= pass_early_q - 5'd1;
      if (issue) step_early_q <= 5'(Chain - 1);
      else if (step_early_q != '0) step_early_q <= step_early_q - 5'd1;
    end
    if (issue) tiles_before_q <= tiles;
  end

  // ---------------------------------------------------------------- what is missing

  logic [TallyW-1:0] a_there, e_there, b_there, c_there, d_there;  // of this block; not yet written, of D
  logic              no_c, no_e, no_a, no_b, early, no_d, missing;
  logic              again;  // another group of the same K block
  always_comb begin
    a_there = a_loaded_i - a_before;
    e_there = e_loaded_i - e_before;
    b_there = b_loaded_i - b_before;
    c_there = c_loaded_i - c_before;
    d_there = d_done_q - d_freed_i;
    again = step_q == '0 && strip_q > group_mask;
    no_c = uses_c && step_q == '0 && !(c_there > TallyW'(strip_q));
    no_e = uses_e && step_q == '0 && !(e_there > TallyW'(strip_q));
    no_a = !copy && step_q == '0 && !(a_there > TallyW'(strip_q));
    no_b = !copy && strip_q == '0 && !(b_there > TallyW'(step_q));
    early = !copy && at_pass && !again &&
            (pass_early_q != '0 || (first_k && step_q == '0 && tiles != tiles_before_q && step_early_q != '0));
    no_d = last_k && step_last && (!(d_there < TallyW'(DStrips)) || (copy && !core_empty_i));
    missing = no_c || no_e || no_a || no_b || early || no_d;
    issue = plan_valid_i && (tile_q != '0 || !missing);
  end

  logic [spmma_gemm_pkg::Stalls-1:0] cause;
  logic                              in_job_q;  // between a job's first step and its last one
  always_ff @(posedge clk_i) begin
    if (!rst_ni) in_job_q <= 1'b0;
    else if (issue) in_job_q <= !(block_done && plan_i[spmma_gemm_pkg::PlanJobEnd]);
  end
  always_comb begin
    cause = '0;
    cause[spmma_gemm_pkg::StallStart] = !in_job_q;
    if (in_job_q && plan_valid_i) begin
      cause[spmma_gemm_pkg::StallC] = no_c;
      cause[spmma_gemm_pkg::StallMeta] = !no_c && no_e;
      cause[spmma_gemm_pkg::StallA] = !no_c && !no_e && no_a;
      cause[spmma_gemm_pkg::StallB] = !no_c && !no_e && !no_a && no_b;
      cause[spmma_gemm_pkg::StallChain] = !no_c && !no_e && !no_a && !no_b && early;
      cause[spmma_gemm_pkg::StallD] = !no_c && !no_e && !no_a && !no_b && !early;
    end
    if (in_job_q && !plan_valid_i) cause[spmma_gemm_pkg::StallA] = 1'b1;
  end

  // ---------------------------------------------------------------- what is proven

  logic [7:0] step_len;  // elements of a step that is full
  always_comb begin
    case (plan_i[spmma_gemm_pkg::PlanFmtA+:3])
      spmma_pkg::FmtFp16, spmma_pkg::FmtBf16: step_len = 8'(StepBytes / 2);
      spmma_pkg::FmtTf32:                     step_len = 8'(StepBytes / 4);
      default:                                step_len = 8'(StepBytes);
    endcase
  end

  always_comb begin
    if (begun_q) begin
      assert (go == issue);
      assert (stall == (issue ? '0 : cause));
      assert (pop == block_done);
      assert (job_end == (block_done && plan_i[spmma_gemm_pkg::PlanJobEnd]));
      assert (a_freed == a_done_q && b_freed == b_blocks_q && c_freed == c_done_q);
      if (issue) begin
        assert (step == step_q && tile == tile_q);
        assert (slot == SlotW'(16'(strip_q) * 16'(RowTiles) + 16'(tile_q)));
        assert (run_start == (tile_q == '0) && run_end == tile_last);
        assert (first == (first_k && step_q == '0) && last == (last_k && step_last));
        assert (rows == (strip_last ? plan_i[spmma_gemm_pkg::PlanLastRows+:8] : 8'(Rows)));
        assert (cols == (tile_last ? plan_i[spmma_gemm_pkg::PlanLastCols+:8] : 8'(Cols)));
        assert (len == (copy ? '0 : step_last ? plan_i[spmma_gemm_pkg::PlanLastLen+:8] : step_len));
        assert (a_ring < 8'(AStrips) && c_ring < 8'(CStrips));
        if (!copy) assert (TallyW'(a_ring) == (a_before + TallyW'(strip_q)) % TallyW'(AStrips));
        if (!copy) assert (half == b_blocks_q[0]);
        if (uses_c && step_q == '0) assert (TallyW'(c_ring) == c_done_q % TallyW'(CStrips));
      end
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  logic [7:0]        watch_base, watch_step, watch_member, watch_tile, watch_tiles_before;
  logic [TallyW-1:0] watch_a_base, watch_e_base, watch_b_base, watch_c_base, watch_d_taken;
  logic [4:0]        watch_since_pass, watch_since_step;
  logic              watch_begun;

  always_comb begin
    if (begun_q) begin
      if (!keep_q) assert ({strip_q, step_q, tile_q} == '0);
      else assert (strip_q < strips && step_q < steps && tile_q < tiles);
      // The walk is in the block, so that what the block has none of is 0 in it.
      assert (watch_base == (strip_q & ~group_mask) && watch_member == (strip_q & group_mask));
      assert (watch_step == step_q && watch_tile == tile_q);
      assert (watch_a_base == a_before && watch_e_base == e_before && watch_b_base == b_before && watch_c_base == c_before);
      assert (watch_d_taken == d_done_q + TallyW'(tile_q != '0 && last_k && step_last));
      // Cycles since a pass and a step, as far as they matter.
      if (pass_early_q != '0) assert (watch_since_pass == 5'(Chain) - pass_early_q && pass_early_q < 5'(Chain));
      else assert (watch_since_pass >= 5'(Chain));
      if (step_early_q != '0) assert (watch_since_step == 5'(Chain) - step_early_q && step_early_q < 5'(Chain));
      else assert (watch_since_step >= 5'(Chain));
      if (step_early_q != '0) assert (watch_tiles_before == tiles_before_q);
      assert (watch_begun == in_job_q);
    end
  end

endmodule
