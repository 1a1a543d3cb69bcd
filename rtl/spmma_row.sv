// SPDX-License-Identifier: Apache-2.0
// One row of the tile: what the elements of a row share (A's bytes and operands, the decoded metadata), its elements,
// and its accumulators, one word of Cols results for each slot.
module spmma_row #(
    parameter int Cols      = 4,   // elements
    parameter int StepBytes = 16,  // bytes of a stored row of A in one step
    parameter int FracBits  = 24,  // F
    parameter int Formats   = 31,  // formats built in
    parameter int Sparse    = 1,   // 2:4 support
    parameter int AccSlots  = 16,  // accumulator slots, a power of two
    parameter int Pipe      = 15   // optional stage registers
) (
    input  logic                                             clk_i,
    input  logic [spmma_pkg::Stages*spmma_pkg::CtlW-1:0]     ctl_i,        // by stage
    input  logic [StepBytes-1:0]                             mask0_i,      // stored bytes in use
    input  logic [StepBytes*8-1:0]                           a0_i,
    input  logic [StepBytes*2-1:0]                           meta0_i,
    input  logic [Cols*StepBytes*8*(Sparse!=0?4:1)-1:0]      b1_i,
    input  logic [Cols*32-1:0]                               c0_i,
    input  logic [$clog2(AccSlots)-1:0]                      slot3_i,      // whose accumulator is read
    input  logic [$clog2(AccSlots)-1:0]                      slot11_i,     // whose accumulator is written
    input  logic                                             write11_i,
    input  logic [9:0]                                       floor4_i,
    input  logic [9:0]                                       bias_c4_i,
    input  logic [9:0]                                       bias_d8_i,
    output logic                                             illegal1_o,   // an illegal nibble in use, its group
    output logic [(StepBytes>4?$clog2(StepBytes/2):1)-1:0]   group1_o,
    output logic [Cols*32-1:0]                               d11_o
);

  localparam bit HasBytes = (Formats & 'h63) != 0;
  localparam bit HasInt = (Formats & 'h03) != 0;
  localparam bit HasFloat = (Formats & 'h1C) != 0;
  localparam bit HasFp8 = (Formats & 'h60) != 0;
  localparam int Quads = StepBytes / 4;
  localparam int ColBits = StepBytes * 8 * (Sparse != 0 ? 4 : 1);
  localparam int CtlW = spmma_pkg::CtlW;
  localparam int EvenW = spmma_pkg::EvenW;
  localparam int OddW = spmma_pkg::OddW;
  localparam logic [CtlW-1:0] CtlMask = spmma_pkg::ctl_mask(Formats);

  logic [CtlW-1:0] ctl0, ctl1, ctl3, ctl4, ctl5;
  assign ctl0 = ctl_i[0*CtlW+:CtlW] & CtlMask;
  assign ctl1 = ctl_i[1*CtlW+:CtlW] & CtlMask;
  assign ctl3 = ctl_i[3*CtlW+:CtlW] & CtlMask;
  assign ctl4 = ctl_i[4*CtlW+:CtlW] & CtlMask;
  assign ctl5 = ctl_i[5*CtlW+:CtlW] & CtlMask;

  // ---------------------------------------------------------------- stage 1: metadata decoded, A masked

  logic [ColBits-1:0] pick1;

  if (Sparse != 0) begin : gen_meta
    spmma_meta #(
        .StepBytes(StepBytes),
        .Formats  (Formats)
    ) u_meta (
        .clk_i,
        .ctl0_i    (ctl0),
        .mask0_i,
        .meta0_i,
        .pick1_o   (pick1),
        .illegal1_o,
        .group1_o
    );
  end else begin : gen_no_meta
    logic [StepBytes-1:0] mask1_q;
    logic                 unused_meta;
    always_ff @(posedge clk_i) begin
      if (ctl0[spmma_pkg::CtlEn]) mask1_q <= mask0_i;
    end
    for (genvar i = 0; i < StepBytes; i++) begin : gen_pick
      assign pick1[8*i+:8] = {8{mask1_q[i]}};
    end
    assign unused_meta = ^meta0_i;
    assign illegal1_o = 1'b0;
    assign group1_o   = '0;
  end

  // A in the order of the gathered bytes: for sparse 8-bit formats the second byte of the first group and the first
  // byte of the second change places.
  function automatic logic [31:0] masked_bytes(input logic swap, input logic [3:0] mask, input logic [31:0] bytes);
    logic [31:0] used;
    begin
      used = bytes & {{8{mask[3]}}, {8{mask[2]}}, {8{mask[1]}}, {8{mask[0]}}};
      masked_bytes = swap ? {used[31:24], used[15:8], used[23:16], used[7:0]} : used;
    end
  endfunction

  logic                   swap0;
  logic [StepBytes*8-1:0] a_bytes1_q, a_bytes2_q, a_bytes3;

  assign swap0 = Sparse != 0 && HasBytes && ctl0[spmma_pkg::CtlSparse] && !ctl0[spmma_pkg::CtlFloat];

  for (genvar j = 0; j < Quads; j++) begin : gen_a1
    always_ff @(posedge clk_i) begin
      if (ctl0[spmma_pkg::CtlEn]) a_bytes1_q[32*j+:32] <= masked_bytes(swap0, mask0_i[4*j+:4], a0_i[32*j+:32]);
    end
  end

  // ---------------------------------------------------------------- stages 2 to 4: A taken apart, once for the row

  logic [StepBytes/2*spmma_pkg::FloatW-1:0] float_a2;
  logic [StepBytes*spmma_pkg::Fp8W-1:0]     fp8_a2;
  logic [Quads*spmma_pkg::QuadW-1:0]        operand_a4;

  always_ff @(posedge clk_i) begin
    if (ctl1[spmma_pkg::CtlEn]) a_bytes2_q <= a_bytes1_q;
  end

  if (Pipe[spmma_pkg::PipeExponent]) begin : gen_stage3
    logic [StepBytes*8-1:0] a_bytes3_q;
    always_ff @(posedge clk_i) begin
      if (ctl_i[2*CtlW+spmma_pkg::CtlEn]) a_bytes3_q <= a_bytes2_q;
    end
    assign a_bytes3 = a_bytes3_q;
  end else begin : gen_no_stage3
    assign a_bytes3 = a_bytes2_q;
  end

  for (genvar j = 0; j < Quads; j++) begin : gen_operand
    if (HasFloat) begin : gen_float
      logic [2*spmma_pkg::FloatW-1:0] float2_q;
      always_ff @(posedge clk_i) begin
        if (ctl1[spmma_pkg::CtlEn] && ctl1[spmma_pkg::CtlFloat]) begin
          float2_q <= {spmma_pkg::float_fields(ctl1[spmma_pkg::CtlBf16], 1'b0, {16'd0, a_bytes1_q[32*j+16+:16]}),
                       spmma_pkg::float_fields(ctl1[spmma_pkg::CtlBf16], ctl1[spmma_pkg::CtlTf32],
                                               a_bytes1_q[32*j+:32])};
        end
      end
      assign float_a2[2*spmma_pkg::FloatW*j+:2*spmma_pkg::FloatW] = float2_q;
    end else begin : gen_no_float
      assign float_a2[2*spmma_pkg::FloatW*j+:2*spmma_pkg::FloatW] = '0;
    end

    if (HasFp8) begin : gen_fp8
      logic [4*spmma_pkg::Fp8W-1:0] fp8_2_q;
      always_ff @(posedge clk_i) begin
        if (ctl1[spmma_pkg::CtlEn] && ctl1[spmma_pkg::CtlFp8]) begin
          fp8_2_q <= {spmma_pkg::fp8_fields(ctl1[spmma_pkg::CtlE5A], a_bytes1_q[32*j+24+:8]),
                      spmma_pkg::fp8_fields(ctl1[spmma_pkg::CtlE5A], a_bytes1_q[32*j+16+:8]),
                      spmma_pkg::fp8_fields(ctl1[spmma_pkg::CtlE5A], a_bytes1_q[32*j+8+:8]),
                      spmma_pkg::fp8_fields(ctl1[spmma_pkg::CtlE5A], a_bytes1_q[32*j+:8])};
        end
      end
      assign fp8_a2[4*spmma_pkg::Fp8W*j+:4*spmma_pkg::Fp8W] = fp8_2_q;
    end else begin : gen_no_fp8
      assign fp8_a2[4*spmma_pkg::Fp8W*j+:4*spmma_pkg::Fp8W] = '0;
    end

    logic [EvenW-1:0] even0_4, even1_4;
    logic [OddW-1:0]  odd0_4, odd1_4;

    spmma_operand #(
        .Signed(1)
    ) u_operand (
        .clk_i,
        .ctl3_i   (ctl3),
        .signed3_i(HasInt && ctl3[spmma_pkg::CtlSgnA]),
        .e5m2_3_i (ctl3[spmma_pkg::CtlE5A]),
        .bytes3_i (a_bytes3[32*j+:32]),
        .even0_4_o(even0_4),
        .even1_4_o(even1_4),
        .odd0_4_o (odd0_4),
        .odd1_4_o (odd1_4)
    );

    assign operand_a4[spmma_pkg::QuadW*j+:spmma_pkg::QuadW] = {
      16'($signed(odd1_4)), 16'($signed(odd0_4)), 16'($signed(even1_4)), 16'($signed(even0_4))
    };
  end

  // ---------------------------------------------------------------- stages 5 and 6: what the offset of B adds

  localparam int OffsetW = spmma_pkg::offset_width(StepBytes);
  localparam int HalfSumW = OffsetW - 1;
  logic signed [OffsetW-1:0] offset6;

  // Signed integers of B come 128 too large (spmma_arrange): that adds 128 times the sum of the row of A to S, which
  // offset6 takes off again.
  if (HasInt) begin : gen_offset
    // Of every second integer, from the one given.
    function automatic logic signed [HalfSumW-1:0] half_sum(input logic [Quads*spmma_pkg::QuadW-1:0] operands,
                                                           input int first);
      half_sum = '0;
      for (int i = 0; i < StepBytes; i += 2) half_sum = half_sum + HalfSumW'($signed(operands[16*(i+first)+:OddW]));
    endfunction

    logic signed [HalfSumW-1:0] even5_q, odd5_q;
    logic signed [OffsetW-1:0] offset6_q;
    always_ff @(posedge clk_i) begin
      if (ctl4[spmma_pkg::CtlEn] && ctl4[spmma_pkg::CtlInt]) begin
        case (ctl4[spmma_pkg::CtlSgnB])
          1'b0: begin
            even5_q <= '0;
            odd5_q  <= '0;
          end
          default: begin
            even5_q <= half_sum(operand_a4, 0);
            odd5_q  <= half_sum(operand_a4, 1);
          end
        endcase
      end
    end
    always_ff @(posedge clk_i) begin
      if (ctl5[spmma_pkg::CtlEn]) offset6_q <= ctl5[spmma_pkg::CtlInt] ? -(OffsetW'(even5_q) + OffsetW'(odd5_q)) : '0;
    end
    assign offset6 = offset6_q;
  end else begin : gen_no_offset
    assign offset6 = '0;
  end

  // ---------------------------------------------------------------- C: from the port or from the accumulators

  logic [Cols*32-1:0] c1_q, c2_q, c3, c4_q, acc4;

  always_ff @(posedge clk_i) begin
    if (ctl0[spmma_pkg::CtlEn] && ctl0[spmma_pkg::CtlFirst]) c1_q <= c0_i;
    if (ctl1[spmma_pkg::CtlEn] && ctl1[spmma_pkg::CtlFirst]) c2_q <= c1_q;
    if (ctl3[spmma_pkg::CtlEn] && ctl3[spmma_pkg::CtlFirst]) c4_q <= c3;
  end

  if (Pipe[spmma_pkg::PipeExponent]) begin : gen_c3
    logic [Cols*32-1:0] c3_q;
    always_ff @(posedge clk_i) begin
      if (ctl_i[2*CtlW+spmma_pkg::CtlEn] && ctl_i[2*CtlW+spmma_pkg::CtlFirst]) c3_q <= c2_q;
    end
    assign c3 = c3_q;
  end else begin : gen_no_c3
    assign c3 = c2_q;
  end

  spmma_ram #(
      .Width(Cols * 32),
      .Depth(AccSlots)
  ) u_acc (
      .clk_i,
      .wr_en_i  (write11_i),
      .wr_addr_i(slot11_i),
      .wr_data_i(d11_o),
      .rd_en_i  (ctl3[spmma_pkg::CtlEn] && !ctl3[spmma_pkg::CtlFirst]),
      .rd_addr_i(slot3_i),
      .rd_data_o(acc4)
  );

  // ---------------------------------------------------------------- the elements

  for (genvar c = 0; c < Cols; c++) begin : gen_col
    logic first4_q;  // each element's own: one flop would select slowly for all
    always_ff @(posedge clk_i) first4_q <= ctl3[spmma_pkg::CtlFirst];

    spmma_dot #(
        .StepBytes(StepBytes),
        .FracBits (FracBits),
        .Formats  (Formats),
        .Sparse   (Sparse),
        .Pipe     (Pipe)
    ) u_dot (
        .clk_i,
        .ctl_i,
        .b1_i        (b1_i[ColBits*c+:ColBits]),
        .pick1_i     (pick1),
        .float_a2_i  (float_a2),
        .fp8_a2_i    (fp8_a2),
        .operand_a4_i(operand_a4),
        .offset6_i   (offset6),
        .c4_i        (first4_q ? c4_q[32*c+:32] : acc4[32*c+:32]),
        .floor4_i,
        .bias_c4_i,
        .bias_d8_i,
        .d11_o       (d11_o[32*c+:32])
    );
  end

  logic unused;
  assign unused = ^{ctl_i, ctl4, ctl5, a_bytes3};

endmodule
