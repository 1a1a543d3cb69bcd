// SPDX-License-Identifier: Apache-2.0
// The sparse matrix-multiply-accumulate unit: D = A*B + C on a tile of Rows x Cols elements, one fused step a cycle
// (docs/core.md). Steps of up to AccSlots independent chains may be interleaved; each chain has a slot for its tile.
`include "spmma_assert.svh"

module spmma_core #(
    parameter int Rows      = 8,   // rows of the tile: 1 to 64
    parameter int Cols      = 4,   // columns of the tile: 1 to 64
    parameter int StepBytes = 16,  // bytes of a stored row of A in one step: 8, 16 or 32
    parameter int FracBits  = 24,  // F, fraction bits kept below e_max: 18 to 25 (FP8 keeps 13)
    parameter int Formats   = 31,  // formats built in: bit i is format code i (spmma_pkg), 1 to 127
    parameter int Sparse    = 1,   // 1: 2:4 sparse A as well as dense; 0: dense only
    parameter int AccSlots  = 16,  // accumulator slots: a power of two, 2 to 1024
    parameter int OutDepth  = 16,  // words of the output queue: a power of two, 2 to 1024
    parameter int Pipe      = 15   // optional stage registers, a bit each (spmma_pkg): 0 to 15
) (
    input  logic clk_i,
    input  logic rst_ni,  // synchronous, active low

    // A step. It is taken on a clock edge where both valid and ready are high.
    input  logic                                     in_valid_i,
    output logic                                     in_ready_o,
    input  logic [Rows*StepBytes*8-1:0]              in_a_i,         // row r at r*StepBytes*8, elements little-endian
    input  logic [Rows*StepBytes*2-1:0]              in_meta_i,      // row r at r*StepBytes*2, nibble g at 4g
    input  logic [Cols*StepBytes*8*(Sparse!=0?2:1)-1:0] in_b_i,      // column by column, along k; dense: the low half
    input  logic [Rows*Cols*32-1:0]                  in_c_i,         // element (r, c) at (r*Cols + c)*32
    input  logic [2:0]                               in_fmt_a_i,
    input  logic [2:0]                               in_fmt_b_i,
    input  logic                                     in_acc_f16_i,   // C and D are FP16
    input  logic                                     in_saturate_i,  // integers: clamp to s32
    input  logic                                     in_sparse_i,
    input  logic                                     in_meta_any_i,  // all sixteen nibbles are legal
    input  logic [$clog2(StepBytes+1)-1:0]           in_len_i,       // stored elements in use; the lanes beyond are masked
    input  logic [$clog2(AccSlots)-1:0]              in_slot_i,
    input  logic                                     in_first_i,     // C comes from in_c_i, else from the slot
    input  logic                                     in_last_i,      // D goes out, else to the slot

    // A tile's D, in the order of the last steps.
    output logic                                     out_valid_o,
    input  logic                                     out_ready_i,
    output logic [Rows*Cols*32-1:0]                  out_d_o,         // as in_c_i; FP16 in the low half, 0 above
    output logic [$clog2(AccSlots)-1:0]              out_slot_o,
    output logic                                     out_err_o,       // a step had a format that is illegal or not built in
    output logic                                     out_meta_err_o,  // a step had an illegal nibble; the first one:
    output logic [(Rows>1?$clog2(Rows):1)-1:0]       out_meta_row_o,
    output logic [31:0]                              out_meta_step_o,   // number of the step in the chain
    output logic [(StepBytes>4?$clog2(StepBytes/2):1)-1:0] out_meta_group_o  // group in that step
);

  // A bad parameter set stops elaboration in every tool: the modules named here do not exist.
  if (Rows < 1 || Rows > 64) begin : gen_bad_rows
    spmma_error_rows_must_be_1_to_64 u_error ();
  end
  if (Cols < 1 || Cols > 64) begin : gen_bad_cols
    spmma_error_cols_must_be_1_to_64 u_error ();
  end
  if (StepBytes != 8 && StepBytes != 16 && StepBytes != 32) begin : gen_bad_step_bytes
    spmma_error_step_bytes_must_be_8_16_or_32 u_error ();
  end
  if (FracBits < 18 || FracBits > 25) begin : gen_bad_frac_bits
    spmma_error_frac_bits_must_be_18_to_25 u_error ();
  end
  if (Formats < 1 || Formats > 127) begin : gen_bad_formats
    spmma_error_formats_must_be_1_to_127 u_error ();
  end
  if (Sparse != 0 && Sparse != 1) begin : gen_bad_sparse
    spmma_error_sparse_must_be_0_or_1 u_error ();
  end
  if (AccSlots < 2 || AccSlots > 1024 || (AccSlots & (AccSlots - 1)) != 0) begin : gen_bad_acc_slots
    spmma_error_acc_slots_must_be_a_power_of_two_2_to_1024 u_error ();
  end
  if (OutDepth < 2 || OutDepth > 1024 || (OutDepth & (OutDepth - 1)) != 0) begin : gen_bad_out_depth
    spmma_error_out_depth_must_be_a_power_of_two_2_to_1024 u_error ();
  end
  if (Pipe < 0 || Pipe > 15) begin : gen_bad_pipe
    spmma_error_pipe_must_be_0_to_15 u_error ();
  end

  localparam int SlotW = $clog2(AccSlots);
  localparam int LenW = $clog2(StepBytes + 1);
  localparam int RowW = Rows > 1 ? $clog2(Rows) : 1;
  localparam int GroupW = $clog2(StepBytes / 2);
  localparam int ColBits = StepBytes * 8 * (Sparse != 0 ? 2 : 1);
  localparam int ArrangedBits = StepBytes * 8 * (Sparse != 0 ? 4 : 1);
  localparam int CtlW = spmma_pkg::CtlW;
  localparam bit HasInt = (Formats & 'h03) != 0;

  // ---------------------------------------------------------------- input register (stage 0)

  logic                         valid0_q;
  logic [Rows*StepBytes*8-1:0]  a0_q;
  logic [Rows*StepBytes*2-1:0]  meta0_q;
  logic [Cols*ColBits-1:0]      b0_q;
  logic [Rows*Cols*32-1:0]      c0_q;
  logic [2:0]                   fmt_a0_q, fmt_b0_q;
  logic                         acc_f16_0_q, saturate0_q, sparse0_q, meta_any0_q;
  logic [LenW-1:0]              len0_q;
  logic [SlotW-1:0]             slot0_q;
  logic                         first0_q, last0_q;
  logic                         issue;

  assign in_ready_o = !valid0_q || issue;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid0_q <= 1'b0;
    else if (in_ready_o) valid0_q <= in_valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (in_valid_i && in_ready_o) begin
      a0_q        <= in_a_i;
      b0_q        <= in_b_i;
      fmt_a0_q    <= in_fmt_a_i;
      fmt_b0_q    <= in_fmt_b_i;
      acc_f16_0_q <= in_acc_f16_i;
      saturate0_q <= in_saturate_i;
      sparse0_q   <= in_sparse_i;
      meta_any0_q <= in_meta_any_i;
      len0_q      <= in_len_i;
      slot0_q     <= in_slot_i;
      first0_q    <= in_first_i;
      last0_q     <= in_last_i;
      if (in_first_i) c0_q <= in_c_i;
    end
  end

  if (Sparse != 0) begin : gen_meta0
    always_ff @(posedge clk_i) begin
      if (in_valid_i && in_ready_o && in_sparse_i) meta0_q <= in_meta_i;
    end
  end else begin : gen_no_meta0
    logic unused_meta;
    assign unused_meta = ^in_meta_i;
    assign meta0_q = '0;
  end

  // ---------------------------------------------------------------- control

  logic [spmma_pkg::Stages*CtlW-1:0] ctl;
  logic [StepBytes-1:0]              mask0;
  logic [SlotW-1:0]                  slot3, slot11;
  logic                              write11, push11, pop;
  logic signed [9:0]                 floor4, bias_c4, bias_d8;
  logic [Rows-1:0]                   illegal1;
  logic [Rows*GroupW-1:0]            group1;
  logic                              err11, meta_err11;
  logic [RowW-1:0]                   meta_row11;
  logic [31:0]                       meta_step11;
  logic [GroupW-1:0]                 meta_group11;

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
      .valid_i       (valid0_q),
      .fmt_a_i       (fmt_a0_q),
      .fmt_b_i       (fmt_b0_q),
      .acc_f16_i     (acc_f16_0_q),
      .saturate_i    (saturate0_q),
      .sparse_i      (sparse0_q),
      .meta_any_i    (meta_any0_q),
      .len_i         (len0_q),
      .slot_i        (slot0_q),
      .first_i       (first0_q),
      .last_i        (last0_q),
      .issue_o       (issue),
      .mask0_o       (mask0),
      .ctl_o         (ctl),
      .slot3_o       (slot3),
      .slot11_o      (slot11),
      .write11_o     (write11),
      .push11_o      (push11),
      .floor4_o      (floor4),
      .bias_c4_o     (bias_c4),
      .bias_d8_o     (bias_d8),
      .illegal1_i    (illegal1),
      .group1_i      (group1),
      .err11_o       (err11),
      .meta_err11_o  (meta_err11),
      .meta_row11_o  (meta_row11),
      .meta_step11_o (meta_step11),
      .meta_group11_o(meta_group11),
      .pop_i         (pop)
  );

  // ---------------------------------------------------------------- B, arranged once for each column (stage 1)

  logic                         flip;  // signed integers: spmma_arrange
  logic [Cols*ArrangedBits-1:0] b1;

  assign flip = HasInt && ctl[spmma_pkg::CtlInt] && ctl[spmma_pkg::CtlSgnB];

  for (genvar c = 0; c < Cols; c++) begin : gen_col
    if (Sparse != 0) begin : gen_arrange
      spmma_arrange #(
          .StepBytes(StepBytes),
          .Formats  (Formats)
      ) u_arrange (
          .clk_i,
          .en_i    (issue),
          .bytes_i (!ctl[spmma_pkg::CtlFloat]),
          .sparse_i(ctl[spmma_pkg::CtlSparse]),
          .flip_i  (flip),
          .b_i     (b0_q[ColBits*c+:ColBits]),
          .b_o     (b1[ArrangedBits*c+:ArrangedBits])
      );
    end else begin : gen_plain
      logic [ColBits-1:0] b1_q;
      always_ff @(posedge clk_i) begin
        if (issue) b1_q <= b0_q[ColBits*c+:ColBits] ^ {StepBytes{flip, 7'd0}};
      end
      assign b1[ArrangedBits*c+:ArrangedBits] = b1_q;
    end
  end

  // ---------------------------------------------------------------- the rows

  logic [Rows*Cols*32-1:0] d11;

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    spmma_row #(
        .Cols     (Cols),
        .StepBytes(StepBytes),
        .FracBits (FracBits),
        .Formats  (Formats),
        .Sparse   (Sparse),
        .AccSlots (AccSlots),
        .Pipe     (Pipe)
    ) u_row (
        .clk_i,
        .ctl_i     (ctl),
        .mask0_i   (mask0),
        .a0_i      (a0_q[StepBytes*8*r+:StepBytes*8]),
        .meta0_i   (meta0_q[StepBytes*2*r+:StepBytes*2]),
        .b1_i      (b1),
        .c0_i      (c0_q[Cols*32*r+:Cols*32]),
        .slot3_i   (slot3),
        .slot11_i  (slot11),
        .write11_i (write11),
        .floor4_i  (floor4),
        .bias_c4_i (bias_c4),
        .bias_d8_i (bias_d8),
        .illegal1_o(illegal1[r]),
        .group1_o  (group1[GroupW*r+:GroupW]),
        .d11_o     (d11[Cols*32*r+:Cols*32])
    );
  end

  // ---------------------------------------------------------------- output queue

  spmma_fifo #(
      .Width(Rows * Cols * 32 + SlotW + 2 + RowW + 32 + GroupW),
      .Depth(OutDepth)
  ) u_out (
      .clk_i,
      .rst_ni,
      .push_i (push11),
      .data_i ({d11, slot11, err11, meta_err11, meta_row11, meta_step11, meta_group11}),
      .valid_o(out_valid_o),
      .ready_i(out_ready_i),
      .data_o ({out_d_o, out_slot_o, out_err_o, out_meta_err_o, out_meta_row_o, out_meta_step_o, out_meta_group_o})
  );

  assign pop = out_valid_o && out_ready_i;
`ifdef SPMMA_CHECKS
  /* verilator coverage_off */
  // Lasts accepted and not yet taken as results; cycles, up to three, without a step anywhere in the unit.
  logic [$clog2(OutDepth+16)-1:0] check_owed_q;
  logic [1:0]                     check_still_q;
  logic [spmma_pkg::Stages-1:0]   there;
  for (genvar s = 0; s < spmma_pkg::Stages; s++) begin : gen_there
    assign there[s] = ctl[CtlW*s+spmma_pkg::CtlEn];
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      check_owed_q <= '0;
      check_still_q <= '0;
    end else begin
      check_owed_q <= check_owed_q + $clog2(OutDepth + 16)'(in_valid_i && in_ready_o && in_last_i) -
                      $clog2(OutDepth + 16)'(pop);
      if (valid0_q || there != '0) check_still_q <= '0;
      else if (check_still_q != 2'd3) check_still_q <= check_still_q + 2'd1;
    end
  end
  /* verilator coverage_on */
`endif

  `SPMMA_ASSERT_HOLDS(CoreInputHolds, in_valid_i && !in_ready_o, in_valid_i,
                      {in_fmt_a_i, in_fmt_b_i, in_acc_f16_i, in_saturate_i, in_sparse_i, in_meta_any_i, in_len_i,
                       in_slot_i, in_first_i, in_last_i})
  `SPMMA_ASSERT_HOLDS(CoreOperandsHold, in_valid_i && !in_ready_o, in_valid_i, {in_a_i, in_b_i})
  `SPMMA_ASSERT_HOLDS(CoreCHolds, in_valid_i && in_first_i && !in_ready_o, in_valid_i, in_c_i)
  `SPMMA_ASSERT_HOLDS(CoreMetaHolds, in_valid_i && in_sparse_i && !in_ready_o, in_valid_i, in_meta_i)
  `SPMMA_ASSERT_HOLDS(CoreOutputHolds, out_valid_o && !out_ready_i, out_valid_o,
                      {out_d_o, out_slot_o, out_err_o, out_meta_err_o, out_meta_row_o, out_meta_step_o,
                       out_meta_group_o})
  `SPMMA_ASSERT_IF(CoreResultOwed, out_valid_o, check_owed_q != '0)
  `SPMMA_ASSERT_IF(CoreNothingLost, check_still_q == 2'd3 && !valid0_q && !out_valid_o, check_owed_q == '0)
  `SPMMA_ASSERT_IF(CoreIllegalRowInTile, out_valid_o && out_meta_err_o, 32'(out_meta_row_o) < 32'(Rows))

endmodule
