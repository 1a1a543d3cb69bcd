// SPDX-License-Identifier: Apache-2.0
// spmma_ctrl's error flags, whatever the steps and the metadata are: with a result go the flags of all steps of its chain: whether one
// had an illegal format, whether one had illegal metadata, and of the first such step the number, all 32 bits of it, the lowest row and
// that row's group. Shown for an arbitrary slot; the RAM that keeps the flags between two steps is any RAM that does what ram.sv proves.
//
// mode: induction 2
// without: assertions
// free: */u_flags
// parameters: Rows=2
// parameters: Rows=4 StepBytes=16 Pipe=0
// watch: watch_travel = u_ctrl.travel_q
// watch: watch_flags = u_ctrl.flags_q
// watch: watch_flags4 = u_ctrl.flags4
// watch: watch_flags11 = u_ctrl.flags11
// watch: watch_kept = u_ctrl.kept4
// watch: watch_meta4 = u_ctrl.meta4_q
// watch: watch_meta3 = u_ctrl.meta3
// watch: watch_meta2 = u_ctrl.meta2_q
// bug: 14 spmma_ctrl.sv: illegal4 && !old4[FlagsW-2] ==> illegal4
// bug: 14 spmma_ctrl.sv: old4[31:0] + 32'd1 ==> old4[31:0] + 32'(!illegal4)
// bug: 14 spmma_ctrl.sv: old4[FlagsW-1] || err4 ==> err4
module formal_ctrl_flags #(
    parameter int Rows      = 2,
    parameter int StepBytes = 8,
    parameter int FracBits  = 25,
    parameter int Formats   = 127,
    parameter int Sparse    = 1,
    parameter int AccSlots  = 16,
    parameter int OutDepth  = 16,
    parameter int Pipe      = 15
) (
    input logic                            clk_i,
    input logic                            rst_ni,
    input logic                            valid_i,
    input logic [2:0]                      fmt_a_i,
    input logic [2:0]                      fmt_b_i,
    input logic                            acc_f16_i,
    input logic                            saturate_i,
    input logic                            sparse_i,
    input logic                            meta_any_i,
    input logic [$clog2(StepBytes+1)-1:0]  len_i,
    input logic [$clog2(AccSlots)-1:0]     slot_i,
    input logic                            first_i,
    input logic                            last_i,
    input logic [Rows-1:0]                 illegal1_i,
    input logic [Rows*$clog2(StepBytes/2)-1:0] group1_i,
    input logic                            pop_i
);

  localparam int SlotW = $clog2(AccSlots);
  localparam int RowW = $clog2(Rows);
  localparam int GroupW = $clog2(StepBytes / 2);
  localparam int MetaW = 1 + RowW + GroupW;
  localparam int FlagsW = 1 + MetaW + 32 + 32;
  localparam int TravelW = spmma_pkg::CtlW + SlotW + 2;
  localparam int Read = spmma_pkg::stage_pos(Pipe, 3);
  localparam int Pos4 = spmma_pkg::stage_pos(Pipe, 4);
  localparam int Last = spmma_pkg::stage_pos(Pipe, spmma_pkg::ResultStage);

  logic              issue, write11, push11, err11, meta_err11;
  logic [SlotW-1:0]  slot3, slot11;
  logic [RowW-1:0]   row11;
  logic [GroupW-1:0] group11;
  logic [31:0]       step11;

  spmma_ctrl #(
      .Rows     (Rows),
      .StepBytes(StepBytes),
      .FracBits (FracBits),
      .Formats  (Formats),
      .Sparse   (Sparse),
      .AccSlots (AccSlots),
      .OutDepth (OutDepth),
      .Pipe     (Pipe)
  ) u_ctrl (
      .clk_i,
      .rst_ni,
      .valid_i,
      .fmt_a_i,
      .fmt_b_i,
      .acc_f16_i,
      .saturate_i,
      .sparse_i,
      .meta_any_i,
      .len_i,
      .slot_i,
      .first_i,
      .last_i,
      .issue_o       (issue),
      .mask0_o       (),
      .ctl_o         (),
      .slot3_o       (slot3),
      .slot11_o      (slot11),
      .write11_o     (write11),
      .push11_o      (push11),
      .floor4_o      (),
      .bias_c4_o     (),
      .bias_d8_o     (),
      .illegal1_i,
      .group1_i,
      .err11_o       (err11),
      .meta_err11_o  (meta_err11),
      .meta_row11_o  (row11),
      .meta_step11_o (step11),
      .meta_group11_o(group11),
      .pop_i
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  (* anyconst *) logic [SlotW-1:0] slot;  // any

  // ---------------------------------------------------------------- the steps of the slot under way, by position

  logic [Last:1] ours_q, first_q, last_q, bad_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ours_q <= '0;
    end else begin
      ours_q <= {ours_q[Last-1:1], issue && slot_i == slot};
    end
    first_q <= {first_q[Last-1:1], first_i};
    last_q <= {last_q[Last-1:1], last_i};
    bad_q <= {bad_q[Last-1:1],
              !spmma_pkg::fmt_legal(Formats[6:0], Sparse != 0, fmt_a_i, fmt_b_i, acc_f16_i, sparse_i)};
  end

  // The metadata of the step at position 1: {illegal, lowest row, its group}; and of those behind it.
  logic [MetaW-1:0]      meta1;
  logic [MetaW*Pos4-1:0] meta_q;  // position p at MetaW * (p-1), 2 to Pos4
  always_comb begin
    meta1 = '0;
    for (int r = 0; r < Rows; r++) begin
      if (illegal1_i[r] && !meta1[MetaW-1]) meta1 = {1'b1, RowW'(r), group1_i[GroupW*r+:GroupW]};
    end
  end
  always_ff @(posedge clk_i) begin
    for (int p = 2; p <= Pos4; p++) begin
      meta_q[MetaW*(p-1)+:MetaW] <= (p == 2) ? meta1 : meta_q[MetaW*(p-2)+:MetaW];
    end
  end

  // ---------------------------------------------------------------- the slot's flags after the step at Pos4

  logic              format_q, format, seen;  // of the chain, before and with the step
  logic [MetaW-1:0]  where_q, where;
  logic [31:0]       when_q, when_first, steps_q;
  logic [MetaW-1:0]  meta4;
  logic              ours4, first4;

  assign ours4 = ours_q[Pos4];
  assign first4 = first_q[Pos4];
  assign meta4 = meta_q[MetaW*(Pos4-1)+:MetaW];
  assign seen = !first4 && where_q[MetaW-1];
  assign format = bad_q[Pos4] || (!first4 && format_q);
  assign where = (!seen && meta4[MetaW-1]) ? meta4 : first4 ? '0 : where_q;
  assign when_first = first4 ? '0 : (!seen && meta4[MetaW-1]) ? steps_q : when_q;

  // What is kept for the next step is of the last step that does not end its chain. flags: the step's on its way to the result.
  logic [FlagsW-1:0]        flags4, kept, flags;
  logic [FlagsW*(Last+1)-1:0] flags_q;  // position p at FlagsW * p, Pos4 + 1 to Last
  assign flags4 = {format, where, when_first, (first4 ? 32'd0 : steps_q) + 32'd1};
  assign kept = {format_q, where_q, when_q, steps_q};
  assign flags = flags_q[FlagsW*Last+:FlagsW];

  always_ff @(posedge clk_i) begin
    // A reset forgets the steps under way, but not what the RAM holds.
    if (!rst_ni) {format_q, where_q, when_q, steps_q} <= word;
    else if (ours4 && !last_q[Pos4]) {format_q, where_q, when_q, steps_q} <= flags4;
    for (int p = Pos4 + 1; p <= Last; p++) begin
      flags_q[FlagsW*p+:FlagsW] <= (p == Pos4 + 1) ? flags4 : flags_q[FlagsW*(p-1)+:FlagsW];
    end
  end

  // The slot's word in the RAM, which a read gives out in the next cycle and until the next one.
  logic [FlagsW-1:0] watch_flags4, watch_flags11, watch_kept, word_q, word, read_q;
  logic              reading_q;
  assign word = (write11 && slot11 == slot) ? watch_flags11 : word_q;
  always_ff @(posedge clk_i) begin
    word_q <= word;
    reading_q <= ours_q[Read];
    read_q <= word_q;
  end
  always_comb assume (!reading_q || watch_kept == read_q);

  // ---------------------------------------------------------------- what is proven

  always_comb begin
    if (live) begin
      assert (((write11 || push11) && slot11 == slot) == ours_q[Last]);
      if (ours_q[Last]) begin
        assert (push11 == last_q[Last] && write11 == !last_q[Last]);
        assert ({err11, meta_err11, row11, group11, step11} == flags[FlagsW-1:32]);
        assert (watch_flags11 == flags);  // what is kept
      end
      if (ours_q[Read]) assert (slot3 == slot);
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  logic [TravelW*Last-1:0]        watch_travel;
  logic [FlagsW*(Last-Pos4)-1:0]  watch_flags;
  logic [MetaW-1:0]               watch_meta2, watch_meta3, watch_meta4;
  logic                           under_way;  // the newest flags are not yet in the RAM
  localparam int Chain = Last + 1 - Read;

  always_comb begin
    under_way = 1'b0;
    if (live) begin
      for (int p = 1; p <= Last; p++) begin
        assert (ours_q[p] == (watch_travel[TravelW*(p-1)+spmma_pkg::CtlEn] &&
                              watch_travel[TravelW*(p-1)+spmma_pkg::CtlW+:SlotW] == slot));
        if (ours_q[p]) begin
          assert (watch_travel[TravelW*(p-1)+spmma_pkg::CtlFirst] == first_q[p]);
          assert (watch_travel[TravelW*(p-1)+spmma_pkg::CtlW+SlotW] == last_q[p]);
          if (p <= Pos4) assert (watch_travel[TravelW*(p-1)+spmma_pkg::CtlW+SlotW+1] == bad_q[p]);
          for (int q = p + 1; q <= Last; q++) assert (!ours_q[q] || q - p >= Chain);
        end
        if (p > Pos4) begin
          if (ours_q[p]) assert (watch_flags[FlagsW*(p-Pos4-1)+:FlagsW] == flags_q[FlagsW*p+:FlagsW]);
          if (ours_q[p] && !last_q[p]) begin
            under_way = 1'b1;
            assert (flags_q[FlagsW*p+:FlagsW] == kept);
          end
        end
      end
      if (!under_way) assert (word_q == kept);
      if (ours4) assert (reading_q);
      if (ours4) assert (read_q == kept);
      if (ours_q[2]) assert (watch_meta2 == meta_q[MetaW+:MetaW]);
      if (ours_q[Read]) assert (watch_meta3 == meta_q[MetaW*(Read-1)+:MetaW]);
      if (ours4) assert (watch_meta4 == meta4);
      if (ours4) assert (watch_flags4 == flags4);
    end
  end

endmodule
