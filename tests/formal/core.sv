// SPDX-License-Identifier: Apache-2.0
// spmma_core's control, whatever the steps, the arithmetic and the output side do: a step that is accepted leaves the pipeline
// once, in its order and with its slot; results come out in the order of the last steps that were accepted, each once, and none
// is ever without a place in the output queue; no step reads the accumulators of its slot before the step before it has
// written them. The output queue is any queue that does what fifo.sv proves.
//
// mode: induction 2
// without: assertions
// free: */*u_row
// free: */u_out
// parameters: Pipe=0
// parameters: Pipe=15
// watch: watch_valid0 = u_core.valid0_q
// watch: watch_last0 = u_core.last0_q
// watch: watch_slot0 = u_core.slot0_q
// watch: watch_issue = u_core.issue
// watch: watch_push = u_core.push11
// watch: watch_write = u_core.write11
// watch: watch_slot11 = u_core.slot11
// watch: watch_credits = u_core.u_ctrl.credits_q
// watch: watch_travel = u_core.u_ctrl.travel_q
// bug: 14 spmma_ctrl.sv: (!last_i || credits_q != '0) ==> 1'b1
// bug: 14 spmma_ctrl.sv: valid_i && behind == '0 ==> valid_i && behind[Chain-2:1] == '0
// bug: 14 spmma_ctrl.sv: - CreditW'(issue_o && last_i) ==> - CreditW'(issue_o && last_i && !pop_i)
// bug: 14 spmma_core.sv: in_ready_o = !valid0_q || issue ==> in_ready_o = !valid0_q || !issue
module formal_core #(
    parameter int Pipe = 15
) (
    input logic       clk_i,
    input logic       rst_ni,
    input logic       in_valid_i,
    input logic [2:0] fmt_a_i,
    input logic [2:0] fmt_b_i,
    input logic       acc_f16_i,
    input logic       sparse_i,
    input logic [3:0] len_i,
    input logic [1:0] slot_i,
    input logic       first_i,
    input logic       last_i,
    input logic       out_ready_i
);

  localparam int Depth = 4;  // of the output queue
  localparam int SlotW = 2;
  localparam int CtlW = spmma_pkg::CtlW;
  localparam int Last = spmma_pkg::stage_pos(Pipe, spmma_pkg::ResultStage);
  localparam int Read = spmma_pkg::stage_pos(Pipe, 3);
  localparam int TravelW = CtlW + SlotW + 2;

  logic             in_ready, out_valid;
  logic [SlotW-1:0] out_slot;

  spmma_core #(
      .Rows     (1),
      .Cols     (1),
      .StepBytes(8),
      .Formats  (127),
      .AccSlots (4),
      .OutDepth (Depth),
      .Pipe     (Pipe)
  ) u_core (
      .clk_i,
      .rst_ni,
      .in_valid_i,
      .in_ready_o      (in_ready),
      .in_a_i          (64'd0),
      .in_meta_i       (16'd0),
      .in_b_i          (128'd0),
      .in_c_i          (32'd0),
      .in_fmt_a_i      (fmt_a_i),
      .in_fmt_b_i      (fmt_b_i),
      .in_acc_f16_i    (acc_f16_i),
      .in_saturate_i   (1'b0),
      .in_sparse_i     (sparse_i),
      .in_meta_any_i   (1'b0),
      .in_len_i        (len_i),
      .in_slot_i       (slot_i),
      .in_first_i      (first_i),
      .in_last_i       (last_i),
      .out_valid_o     (out_valid),
      .out_ready_i,
      .out_d_o         (),
      .out_slot_o      (out_slot),
      .out_err_o       (),
      .out_meta_err_o  (),
      .out_meta_row_o  (),
      .out_meta_step_o (),
      .out_meta_group_o()
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  logic                    watch_valid0, watch_last0, watch_issue, watch_push, watch_write;
  logic [SlotW-1:0]        watch_slot0, watch_slot11;
  logic [2:0]              watch_credits;
  logic [TravelW*Last-1:0] watch_travel;

  // ---------------------------------------------------------------- the output queue, as fifo.sv proves it

  logic [2:0]             words_q, left;
  logic [Depth*SlotW-1:0] slots_q;  // oldest first
  logic                   pop;
  assign pop = out_valid && out_ready_i;
  assign left = words_q - 3'(pop);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      words_q <= '0;
    end else begin
      words_q <= left + 3'(watch_push);
      for (int i = 0; i < Depth; i++) begin
        if (watch_push && left == 3'(i)) slots_q[SlotW*i+:SlotW] <= watch_slot11;
        else if (pop && i + 1 < Depth) slots_q[SlotW*i+:SlotW] <= slots_q[SlotW*((i+1)%Depth)+:SlotW];
      end
    end
  end
  always_comb assume (!out_valid || (words_q != '0 && out_slot == slots_q[SlotW-1:0]));

  // ---------------------------------------------------------------- what is in the pipeline

  // {last, slot} of the steps in it, by position, and whether one is there: what was issued, one position further a cycle.
  logic [Last:1]            there_q, last_q;
  logic [SlotW*Last-1:0]    slot_q;
  logic [Last:1]            there, lasts;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) there_q <= '0;
    else there_q <= {there_q[Last-1:1], watch_issue};
    last_q <= {last_q[Last-1:1], watch_last0};
    slot_q <= {slot_q[SlotW*(Last-1)-1:0], watch_slot0};
  end
  assign lasts = there_q & last_q;

  for (genvar p = 1; p <= Last; p++) begin : gen_position
    assign there[p] = watch_travel[TravelW*(p-1)+spmma_pkg::CtlEn];
    always_comb begin
      if (live) begin
        assert (there[p] == there_q[p]);
        if (there_q[p]) begin
          assert (watch_travel[TravelW*(p-1)+CtlW+:SlotW] == slot_q[SlotW*(p-1)+:SlotW]);
          assert (watch_travel[TravelW*(p-1)+CtlW+SlotW] == last_q[p]);
        end
      end
    end
    // Two steps of a slot are never so close that the later one reads before the earlier one has written.
    for (genvar q = p + 1; q <= Last && q - p <= Last - Read; q++) begin : gen_behind
      always_comb begin
        if (live) assert (!there_q[p] || !there_q[q] || slot_q[SlotW*(p-1)+:SlotW] != slot_q[SlotW*(q-1)+:SlotW]);
      end
    end
  end

  always_comb begin
    if (live) begin
      assert (watch_push == lasts[Last]);
      assert (watch_write == (there_q[Last] && !last_q[Last]));
      assert (!there_q[Last] || watch_slot11 == slot_q[SlotW*(Last-1)+:SlotW]);
      // Every last step under way has its place in the queue.
      assert (4'(watch_credits) + 4'($countones(lasts)) + 4'(words_q) == 4'(Depth));
      assert (words_q <= 3'(Depth) && watch_credits <= 3'(Depth));
      // A step is accepted if the one before it is gone, and waits otherwise.
      assert (in_ready == (!watch_valid0 || watch_issue));
      assert (!watch_issue || watch_valid0);
    end
  end

  // ---------------------------------------------------------------- one result, any one, followed

  // Chosen when its last step is accepted: how many results must come before it, and its slot. It is in the input register
  // (0), at a position of the pipeline (1 to Last) or in the queue.
  (* anyseq *) logic choose;
  logic             marked_q, queued_q;
  logic [4:0]       ahead_q, at_q;
  logic [SlotW-1:0] slot_marked_q;
  logic             accepted;
  logic [4:0]       owed;  // last steps that were accepted and whose results were not taken

  assign accepted = in_valid_i && in_ready && last_i;
  assign owed = 5'(watch_valid0 && watch_last0) + 5'($countones(lasts)) + 5'(words_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      marked_q <= 1'b0;
    end else if (!marked_q) begin
      if (accepted && choose) begin
        marked_q <= 1'b1;
        queued_q <= 1'b0;
        at_q <= '0;
        ahead_q <= owed - 5'(pop);
        slot_marked_q <= slot_i;
      end
    end else begin
      if (pop && ahead_q == '0) marked_q <= 1'b0;
      if (pop) ahead_q <= ahead_q - 5'd1;
      if (!queued_q && at_q == 5'(Last)) queued_q <= 1'b1;
      if (!queued_q && (at_q != '0 || watch_issue)) at_q <= at_q + 5'd1;
    end
  end

  logic [4:0] before;  // results that stand before it
  always_comb begin
    before = 5'(words_q);
    for (int p = 1; p <= Last; p++) if (5'(p) > at_q) before = before + 5'(lasts[p]);
  end

  always_comb begin
    if (live && marked_q) begin
      if (pop && ahead_q == '0) assert (out_slot == slot_marked_q);
      if (queued_q) begin
        assert (ahead_q < 5'(words_q));
        for (int i = 0; i < Depth; i++) if (ahead_q == 5'(i)) assert (slots_q[SlotW*i+:SlotW] == slot_marked_q);
      end else begin
        assert (at_q <= 5'(Last));
        assert (ahead_q == before);
        if (at_q == '0) assert (watch_valid0 && watch_last0 && watch_slot0 == slot_marked_q);
        for (int p = 1; p <= Last; p++) begin
          if (at_q == 5'(p)) assert (lasts[p] && slot_q[SlotW*(p-1)+:SlotW] == slot_marked_q);
        end
      end
    end
  end

endmodule
