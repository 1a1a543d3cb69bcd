// SPDX-License-Identifier: Apache-2.0
// Issue and bookkeeping. A step leaves the input register when its accumulator slot has no step in flight and, if it
// ends a chain, when the output queue has a word to spare; behind that the pipeline runs free. Control words, slots
// and the constants of each stage travel here; so do the error flags, kept for each slot beside its accumulators.
`include "spmma_assert.svh"

module spmma_ctrl #(
    parameter int Rows      = 8,
    parameter int StepBytes = 16,
    parameter int FracBits  = 24,
    parameter int Formats   = 31,
    parameter int Sparse    = 1,
    parameter int AccSlots  = 16,
    parameter int OutDepth  = 16,
    parameter int Pipe      = 15
) (
    input  logic                                            clk_i,
    input  logic                                            rst_ni,
    // the step in the input register
    input  logic                                            valid_i,
    input  logic [2:0]                                      fmt_a_i,
    input  logic [2:0]                                      fmt_b_i,
    input  logic                                            acc_f16_i,
    input  logic                                            saturate_i,
    input  logic                                            sparse_i,
    input  logic                                            meta_any_i,
    input  logic [$clog2(StepBytes+1)-1:0]                  len_i,
    input  logic [$clog2(AccSlots)-1:0]                     slot_i,
    input  logic                                            first_i,
    input  logic                                            last_i,
    output logic                                            issue_o,      // it leaves in this cycle
    output logic [StepBytes-1:0]                            mask0_o,      // its stored bytes in use
    // the pipeline
    output logic [spmma_pkg::Stages*spmma_pkg::CtlW-1:0]    ctl_o,
    output logic [$clog2(AccSlots)-1:0]                     slot3_o,
    output logic [$clog2(AccSlots)-1:0]                     slot11_o,
    output logic                                            write11_o,    // the result goes to the accumulators
    output logic                                            push11_o,     // the result goes to the output queue
    output logic signed [9:0]                               floor4_o,
    output logic signed [9:0]                               bias_c4_o,
    output logic signed [9:0]                               bias_d8_o,
    // illegal metadata of each row, stage 1
    input  logic [Rows-1:0]                                 illegal1_i,
    input  logic [Rows*(StepBytes>4?$clog2(StepBytes/2):1)-1:0] group1_i,
    // flags of the chain, beside the result
    output logic                                            err11_o,
    output logic                                            meta_err11_o,
    output logic [(Rows>1?$clog2(Rows):1)-1:0]              meta_row11_o,
    output logic [31:0]                                     meta_step11_o,
    output logic [(StepBytes>4?$clog2(StepBytes/2):1)-1:0]  meta_group11_o,
    // the output queue gave a word away
    input  logic                                            pop_i
);

  localparam int CtlW = spmma_pkg::CtlW;
  localparam int SlotW = $clog2(AccSlots);
  localparam int RowW = Rows > 1 ? $clog2(Rows) : 1;
  localparam int GroupW = $clog2(StepBytes / 2);
  localparam int LenW = $clog2(StepBytes + 1);
  localparam int CreditW = $clog2(OutDepth + 1);
  localparam bit HasFp8 = (Formats & 'h60) != 0;
  localparam int MagW = spmma_pkg::magnitude_width(FracBits, StepBytes, (Formats & 3) != 0, HasFp8);

  // Positions in clock edges: the result register, the read of the accumulators, and the edges between two steps of a
  // chain. A result is written one edge after it stands in its register and can be read from the next edge on.
  localparam int Last = spmma_pkg::stage_pos(Pipe, spmma_pkg::ResultStage);
  localparam int Read = spmma_pkg::stage_pos(Pipe, 3);
  localparam int Chain = Last + 1 - Read;

  // ---------------------------------------------------------------- issue

  logic [CreditW-1:0] credits_q;
  logic [Chain-1:1]   behind;  // a step of the same slot is at this position
  logic               legal;
  logic [CtlW-1:0]    ctl0;

  assign legal = spmma_pkg::fmt_legal(Formats[6:0], Sparse != 0, fmt_a_i, fmt_b_i, acc_f16_i, sparse_i);
  assign issue_o = valid_i && behind == '0 && (!last_i || credits_q != '0);

  always_comb begin
    ctl0 = spmma_pkg::ctl_decode(legal, fmt_a_i, fmt_b_i, acc_f16_i, saturate_i, sparse_i, meta_any_i);
    ctl0[spmma_pkg::CtlFirst] = first_i;
    ctl0[spmma_pkg::CtlEn] = issue_o;
  end

  // Elements in use, in bytes; an illegal format uses none.
  logic [LenW+1:0] bytes;
  always_comb begin
    if (!legal) bytes = '0;
    else if (ctl0[spmma_pkg::CtlTf32]) bytes = {len_i, 2'b00};
    else if (!ctl0[spmma_pkg::CtlFloat]) bytes = {2'b00, len_i};
    else bytes = {1'b0, len_i, 1'b0};
  end

  for (genvar i = 0; i < StepBytes; i++) begin : gen_mask
    assign mask0_o[i] = bytes > (LenW + 2)'(i);
  end

  // ---------------------------------------------------------------- what travels beside a step

  // {error, last, slot, control word} at positions 1 to Last; an empty position's control word is not enabled.
  localparam int TravelW = CtlW + SlotW + 2;
  logic [TravelW*(Last+1)-1:0] travel;
  logic [TravelW*Last-1:0]     travel_q;

  assign travel = {travel_q, !legal, last_i, slot_i, ctl0};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) travel_q <= '0;
    else travel_q <= travel[TravelW*Last-1:0];
  end

  for (genvar s = 0; s < spmma_pkg::Stages; s++) begin : gen_ctl
    assign ctl_o[CtlW*s+:CtlW] = travel[TravelW*spmma_pkg::stage_pos(Pipe, s)+:CtlW];
  end

  logic last11;
  assign slot3_o   = travel[TravelW*Read+CtlW+:SlotW];
  assign slot11_o  = travel[TravelW*Last+CtlW+:SlotW];
  assign last11    = travel[TravelW*Last+CtlW+SlotW];
  assign push11_o  = travel[TravelW*Last+spmma_pkg::CtlEn] && last11;
  assign write11_o = travel[TravelW*Last+spmma_pkg::CtlEn] && !last11;

  for (genvar p = 1; p < Chain; p++) begin : gen_behind
    assign behind[p] = travel_q[TravelW*(p-1)+spmma_pkg::CtlEn] && travel_q[TravelW*(p-1)+CtlW+:SlotW] == slot_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) credits_q <= CreditW'(OutDepth);
    else credits_q <= credits_q - CreditW'(issue_o && last_i) + CreditW'(pop_i);
  end

  // ---------------------------------------------------------------- constants of the float path

  // Exponent fields of products carry both biases: fp16 15+15, bf16 and tf32 127+127, e4m3 7 and e5m2 15 each.
  function automatic logic signed [9:0] product_bias(input logic [CtlW-1:0] ctl);
    if (ctl[spmma_pkg::CtlFp8])
      product_bias = (ctl[spmma_pkg::CtlE5A] ? 10'sd15 : 10'sd7) + (ctl[spmma_pkg::CtlE5B] ? 10'sd15 : 10'sd7);
    else if (ctl[spmma_pkg::CtlBf16] || ctl[spmma_pkg::CtlTf32]) product_bias = 10'sd254;
    else product_bias = 10'sd30;
  endfunction

  // Lower bound of e_max (numerics.md sections 1 and 3; FP16: 4-F is our reading of a disputed point).
  function automatic logic signed [9:0] floor_e_max(input logic [CtlW-1:0] ctl);
    if (ctl[spmma_pkg::CtlFp8]) floor_e_max = -10'sd133;
    else if (ctl[spmma_pkg::CtlAcc16]) floor_e_max = 10'(4 - FracBits);
    else floor_e_max = 10'(-108 - FracBits);
  endfunction

  localparam int Pos4 = spmma_pkg::stage_pos(Pipe, 4);
  localparam int Pos8 = spmma_pkg::stage_pos(Pipe, 8);
  logic [CtlW-1:0]   ctl3, ctl7;
  logic signed [9:0] floor4_q, bias_c4_q, bias_d8_q;
  logic signed [9:0] bias_acc3, bias_acc7, frac7;

  assign ctl3 = travel[TravelW*(Pos4-1)+:CtlW];
  assign ctl7 = travel[TravelW*(Pos8-1)+:CtlW];
  assign bias_acc3 = ctl3[spmma_pkg::CtlAcc16] ? 10'sd15 : 10'sd127;
  assign bias_acc7 = ctl7[spmma_pkg::CtlAcc16] ? 10'sd15 : 10'sd127;
  assign frac7 = ctl7[spmma_pkg::CtlFp8] ? 10'sd13 : 10'(FracBits);

  always_ff @(posedge clk_i) begin
    if (ctl3[spmma_pkg::CtlEn] && !ctl3[spmma_pkg::CtlInt]) begin
      floor4_q  <= floor_e_max(ctl3) + product_bias(ctl3);
      bias_c4_q <= product_bias(ctl3) - bias_acc3;
    end
    // The top bit of |S| weighs 2^(e_max - F + MagW - 1).
    if (ctl7[spmma_pkg::CtlEn] && !ctl7[spmma_pkg::CtlInt])
      bias_d8_q <= bias_acc7 - product_bias(ctl7) - frac7 + 10'(MagW - 1);
  end

  assign floor4_o  = floor4_q;
  assign bias_c4_o = bias_c4_q;
  assign bias_d8_o = bias_d8_q;

  // ---------------------------------------------------------------- error flags of a chain

  // The first illegal nibble of a step: lowest row, its lowest group.
  function automatic logic [RowW+GroupW:0] first_illegal(input logic [Rows-1:0] rows,
                                                         input logic [Rows*GroupW-1:0] groups);
    first_illegal = '0;
    for (int r = Rows - 1; r >= 0; r--) begin
      if (rows[r]) first_illegal = {1'b1, r[RowW-1:0], groups[GroupW*r+:GroupW]};
    end
  endfunction

  // {metadata error, row, group} at stages 2 and 3, and the flags of the chain from stage 4 on: {format error,
  // metadata error, row, group, its step, steps so far}. They are kept in a RAM like the accumulators.
  localparam int FlagsW = 2 + RowW + GroupW + 32 + 32;
  localparam int Pos3 = Read;
  logic [RowW+GroupW:0] meta2_q, meta3, meta4_q;
  logic [FlagsW-1:0]    kept4, old4, flags4;
  logic [FlagsW*(Last-Pos4)-1:0] flags_q;
  logic [FlagsW-1:0]    flags11;
  logic                 err4, illegal4, ctl4_first;

  assign flags11 = flags_q[FlagsW*(Last-Pos4)-1-:FlagsW];

  always_ff @(posedge clk_i) begin
    meta2_q <= first_illegal(illegal1_i, group1_i);
    meta4_q <= meta3;
  end

  if (Pipe[spmma_pkg::PipeExponent]) begin : gen_meta3
    logic [RowW+GroupW:0] meta3_q;
    always_ff @(posedge clk_i) meta3_q <= meta2_q;
    assign meta3 = meta3_q;
  end else begin : gen_no_meta3
    assign meta3 = meta2_q;
  end

  spmma_ram #(
      .Width(FlagsW),
      .Depth(AccSlots)
  ) u_flags (
      .clk_i,
      .wr_en_i  (write11_o),
      .wr_addr_i(slot11_o),
      .wr_data_i(flags11),
      .rd_en_i  (travel[TravelW*Pos3+spmma_pkg::CtlEn]),
      .rd_addr_i(slot3_o),
      .rd_data_o(kept4)
  );

  assign ctl4_first = travel[TravelW*Pos4+spmma_pkg::CtlFirst];
  assign err4       = travel[TravelW*Pos4+CtlW+SlotW+1];
  assign illegal4   = meta4_q[RowW+GroupW];
  assign old4       = ctl4_first ? '0 : kept4;

  always_comb begin
    flags4 = old4;
    flags4[FlagsW-1] = old4[FlagsW-1] || err4;
    if (illegal4 && !old4[FlagsW-2]) flags4[FlagsW-2:32] = {meta4_q, old4[31:0]};
    flags4[31:0] = old4[31:0] + 32'd1;
  end

  always_ff @(posedge clk_i) flags_q <= {flags_q[FlagsW*(Last-Pos4-1)-1:0], flags4};

  assign {err11_o, meta_err11_o, meta_row11_o, meta_group11_o, meta_step11_o} = flags11[FlagsW-1:32];

  `SPMMA_ASSERT(CtrlCreditsInRange, credits_q <= CreditW'(OutDepth))
  `SPMMA_ASSERT(CtrlOneClass, !ctl0[spmma_pkg::CtlEn] || $onehot({ctl0[spmma_pkg::CtlFp8], ctl0[spmma_pkg::CtlFloat],
                                                                  ctl0[spmma_pkg::CtlInt]}))

`ifdef SPMMA_CHECKS
  /* verilator coverage_off */
  // By position: a step is there, it is a chain's last one, its slot is that of the step whose accumulator is read.
  logic [Last:1]   there, lasts, same;
  logic [Last:1]   beyond;  // the positions of steps whose results are not yet in the accumulators at the read
  for (genvar p = 1; p <= Last; p++) begin : gen_there
    assign there[p] = travel[TravelW*p+spmma_pkg::CtlEn];
    assign lasts[p] = there[p] && travel[TravelW*p+CtlW+SlotW];
    assign same[p] = there[p] && travel[TravelW*p+CtlW+:SlotW] == slot3_o;
    assign beyond[p] = p > Read;
  end
  /* verilator coverage_on */
`endif

  `SPMMA_ASSERT_HOLDS(CtrlStepWaits, valid_i && !issue_o, valid_i,
                      {fmt_a_i, fmt_b_i, acc_f16_i, saturate_i, sparse_i, meta_any_i, len_i, slot_i, first_i, last_i})
  `SPMMA_ASSERT_IF(CtrlMaskIsPrefix, issue_o, (mask0_o & (mask0_o + StepBytes'(1))) == '0)
  `SPMMA_ASSERT_IF(CtrlLanesInStep, issue_o && legal, bytes <= (LenW + 2)'(StepBytes))
  `SPMMA_ASSERT_IF(CtrlIllegalUsesNothing, issue_o && !legal, mask0_o == '0 && !ctl0[spmma_pkg::CtlSparse])
  `SPMMA_ASSERT_IF(CtrlSlotOnce, there[Read], (same & beyond) == '0)
  `SPMMA_ASSERT_IF(CtrlClassArrives, there[Last],
                   $onehot({travel[TravelW*Last+spmma_pkg::CtlInt], travel[TravelW*Last+spmma_pkg::CtlFloat],
                            travel[TravelW*Last+spmma_pkg::CtlFp8]}))
  `SPMMA_ASSERT(CtrlRoomForLasts, CreditW'($countones(lasts)) <= CreditW'(OutDepth) - credits_q)
  `SPMMA_ASSERT_IF(CtrlPopsAResult, pop_i, CreditW'($countones(lasts)) < CreditW'(OutDepth) - credits_q)
  `SPMMA_ASSERT(CtrlOneDestination, !(write11_o && push11_o))
  `SPMMA_ASSERT_IF(CtrlIllegalStepCounted, push11_o && meta_err11_o, meta_step11_o < flags11[31:0])
  `SPMMA_ASSERT_IF(CtrlNoIllegalNoPlace, push11_o && !meta_err11_o,
                   {meta_row11_o, meta_group11_o, meta_step11_o} == '0)
  `SPMMA_COVER(CtrlOutOfCredits, valid_i && last_i && credits_q == '0)

endmodule
