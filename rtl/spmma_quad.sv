// SPDX-License-Identifier: Apache-2.0
// Four gathered bytes of B against four bytes of A, from the gather to aligned terms: four 8-bit products, two 16-bit
// ones or one TF32 one on the same two 12 x 11 and two 9 x 8 multipliers (stages 2 to 6, docs/core.md).
module spmma_quad #(
    parameter int FracBits = 24,   // F
    parameter int Formats  = 31,   // formats built in
    parameter int Sparse   = 1,    // 0: no gather, B comes in the low half
    parameter int Pipe     = 15    // optional stage registers
) (
    input  logic                                             clk_i,
    input  logic [spmma_pkg::Stages*spmma_pkg::CtlW-1:0]     ctl_i,       // by stage
    input  logic [63:0]                                      b01_1_i,     // B's half-words 0 and 1, arranged, each twice
    input  logic [63:0]                                      b23_1_i,
    input  logic [63:0]                                      pick01_1_i,  // byte masks, 32 bits for each candidate
    input  logic [63:0]                                      pick23_1_i,
    input  logic [2*spmma_pkg::FloatW-1:0]                   float_a2_i,  // A's fields, both half-words
    input  logic [4*spmma_pkg::Fp8W-1:0]                     fp8_a2_i,    // A's fields, four bytes
    input  logic [spmma_pkg::QuadW-1:0]                      operand_a4_i,
    output logic [17:0]                                      exp_even3_o, // product exponent fields, 0 for a zero product
    output logic [11:0]                                      exp_odd3_o,  // FP8 only
    output logic                                             nan3_o,      // a product is NaN
    output logic                                             pos_inf3_o,  // a product is +Inf
    output logic                                             neg_inf3_o,
    input  logic signed [9:0]                                e_max5_i,
    output logic [1:0]                                       sign5_o,     // of the products that become float terms
    // Aligned terms in units of 2^(e_max-F); a negative float one is a complement: its 1 is still to be added.
    output logic signed [spmma_pkg::term_width(FracBits)-1:0] term0_6_o,
    output logic signed [spmma_pkg::term_width(FracBits)-1:0] term1_6_o
);

  localparam bit HasBytes = (Formats & 'h63) != 0;
  localparam int TermW = spmma_pkg::term_width(FracBits);
  localparam int CtlW = spmma_pkg::CtlW;
  localparam int EvenW = spmma_pkg::EvenW;
  localparam int OddW = spmma_pkg::OddW;
  localparam logic [CtlW-1:0] CtlMask = spmma_pkg::ctl_mask(Formats);

  logic [CtlW-1:0] ctl1, ctl2, ctl3, ctl4, ctl5;
  assign ctl1 = ctl_i[1*CtlW+:CtlW] & CtlMask;
  assign ctl2 = ctl_i[2*CtlW+:CtlW] & CtlMask;
  assign ctl3 = ctl_i[3*CtlW+:CtlW] & CtlMask;
  assign ctl4 = ctl_i[4*CtlW+:CtlW] & CtlMask;
  assign ctl5 = ctl_i[5*CtlW+:CtlW] & CtlMask;

  // ---------------------------------------------------------------- stage 2: gather

  logic [31:0] b2_q;

  function automatic logic [31:0] either_half(input logic [63:0] halves);
    either_half = halves[31:0] | halves[63:32];
  endfunction

  if (Sparse != 0) begin : gen_gather
    always_ff @(posedge clk_i) begin
      if (ctl1[spmma_pkg::CtlEn]) b2_q <= either_half((b01_1_i & pick01_1_i) | (b23_1_i & pick23_1_i));
    end
  end else begin : gen_direct
    always_ff @(posedge clk_i) begin
      if (ctl1[spmma_pkg::CtlEn]) b2_q <= b01_1_i[31:0] & pick01_1_i[31:0];
    end
  end

  // ---------------------------------------------------------------- stage 3: exponents, signs, specials

  // Exponent field of a product, biased by both biases; 0 if it is zero, which no other product reaches.
  function automatic logic [8:0] float_exponent(input logic [spmma_pkg::FloatW-1:0] a,
                                                input logic [spmma_pkg::FloatW-1:0] b);
    if (a[spmma_pkg::FloatZero] || b[spmma_pkg::FloatZero]) float_exponent = '0;
    else float_exponent = {1'b0, a[7:0]} + {1'b0, b[7:0]};
  endfunction

  function automatic logic [5:0] fp8_exponent(input logic [spmma_pkg::Fp8W-1:0] a,
                                              input logic [spmma_pkg::Fp8W-1:0] b);
    if (a[spmma_pkg::Fp8Zero] || b[spmma_pkg::Fp8Zero]) fp8_exponent = '0;
    else fp8_exponent = {1'b0, a[4:0]} + {1'b0, b[4:0]};
  endfunction

  // {NaN, Inf} of a product from {nan, inf, zero} of its factors (numerics.md section 4).
  function automatic logic [1:0] product_special(input logic [2:0] a, input logic [2:0] b);
    logic nan;
    begin
      nan = a[2] || b[2] || (a[1] && b[0]) || (a[0] && b[1]);
      product_special = {nan, !nan && (a[1] || b[1])};
    end
  endfunction

  // {exponent odd 1, odd 0 (6 each), even 1, even 0 (9 each), signs odd 1, odd 0, even 1, even 0, NaN, +Inf, -Inf}
  localparam int ExpW = 2 * 6 + 2 * 9 + 4 + 3;

  function automatic logic [ExpW-1:0] float_stage3(input logic bf16, input logic tf32,
                                                   input logic [2*spmma_pkg::FloatW-1:0] a, input logic [31:0] b);
    logic [spmma_pkg::FloatW-1:0] a0, a1, b0, b1;
    logic [8:0] e0, e1;
    logic [1:0] x0, x1;
    logic s0, s1;
    begin
      {a1, a0} = a;
      b0 = spmma_pkg::float_fields(bf16, tf32, b);
      b1 = spmma_pkg::float_fields(bf16, 1'b0, {16'd0, b[31:16]});
      e0 = float_exponent(a0, b0);
      e1 = tf32 ? 9'd0 : float_exponent(a1, b1);
      s0 = a0[spmma_pkg::FloatSign] ^ b0[spmma_pkg::FloatSign];
      s1 = a1[spmma_pkg::FloatSign] ^ b1[spmma_pkg::FloatSign];
      x0 = product_special(a0[spmma_pkg::FloatNan-:3], b0[spmma_pkg::FloatNan-:3]);
      x1 = tf32 ? 2'b00 : product_special(a1[spmma_pkg::FloatNan-:3], b1[spmma_pkg::FloatNan-:3]);
      float_stage3 = {12'd0, e1, e0, 2'b00, s1, s0, x1[1] || x0[1], (x1[0] && !s1) || (x0[0] && !s0),
                      (x1[0] && s1) || (x0[0] && s0)};
    end
  endfunction

  function automatic logic [ExpW-1:0] fp8_stage3(input logic e5b, input logic [4*spmma_pkg::Fp8W-1:0] a,
                                                 input logic [31:0] b);
    logic [spmma_pkg::Fp8W-1:0] a0, a1, a2, a3, b0, b1, b2, b3;
    logic [1:0] x0, x1, x2, x3;
    logic [3:0] sign, inf;
    begin
      {a3, a2, a1, a0} = a;
      b0 = spmma_pkg::fp8_fields(e5b, b[7:0]);
      b1 = spmma_pkg::fp8_fields(e5b, b[15:8]);
      b2 = spmma_pkg::fp8_fields(e5b, b[23:16]);
      b3 = spmma_pkg::fp8_fields(e5b, b[31:24]);
      sign = {a3[spmma_pkg::Fp8Sign] ^ b3[spmma_pkg::Fp8Sign], a1[spmma_pkg::Fp8Sign] ^ b1[spmma_pkg::Fp8Sign],
              a2[spmma_pkg::Fp8Sign] ^ b2[spmma_pkg::Fp8Sign], a0[spmma_pkg::Fp8Sign] ^ b0[spmma_pkg::Fp8Sign]};
      x0 = product_special(a0[spmma_pkg::Fp8Nan-:3], b0[spmma_pkg::Fp8Nan-:3]);
      x1 = product_special(a1[spmma_pkg::Fp8Nan-:3], b1[spmma_pkg::Fp8Nan-:3]);
      x2 = product_special(a2[spmma_pkg::Fp8Nan-:3], b2[spmma_pkg::Fp8Nan-:3]);
      x3 = product_special(a3[spmma_pkg::Fp8Nan-:3], b3[spmma_pkg::Fp8Nan-:3]);
      inf = {x3[0], x1[0], x2[0], x0[0]};
      fp8_stage3 = {fp8_exponent(a3, b3), fp8_exponent(a1, b1), 3'd0, fp8_exponent(a2, b2), 3'd0,
                    fp8_exponent(a0, b0), sign, x3[1] || x2[1] || x1[1] || x0[1], |(inf & ~sign), |(inf & sign)};
    end
  endfunction

  function automatic logic [ExpW-1:0] stage3(input logic [CtlW-1:0] ctl, input logic [2*spmma_pkg::FloatW-1:0] float_a,
                                             input logic [4*spmma_pkg::Fp8W-1:0] fp8_a, input logic [31:0] b);
    case ({ctl[spmma_pkg::CtlFp8], ctl[spmma_pkg::CtlFloat]})
      2'b10: stage3 = fp8_stage3(ctl[spmma_pkg::CtlE5B], fp8_a, b);
      2'b01: stage3 = float_stage3(ctl[spmma_pkg::CtlBf16], ctl[spmma_pkg::CtlTf32], float_a, b);
      default: stage3 = '0;
    endcase
  endfunction

  logic [ExpW-1:0] exp3;
  logic [31:0]     b3;

  if (Pipe[spmma_pkg::PipeExponent]) begin : gen_stage3
    logic [ExpW-1:0] exp3_q;
    logic [31:0]     b3_q;
    always_ff @(posedge clk_i) begin
      if (ctl2[spmma_pkg::CtlEn]) begin
        b3_q <= b2_q;
        if (!ctl2[spmma_pkg::CtlInt]) exp3_q <= stage3(ctl2, float_a2_i, fp8_a2_i, b2_q);
      end
    end
    assign exp3 = exp3_q;
    assign b3   = b3_q;
  end else begin : gen_no_stage3
    assign exp3 = stage3(ctl2, float_a2_i, fp8_a2_i, b2_q);
    assign b3   = b2_q;
  end

  assign exp_even3_o = exp3[24:7];
  assign exp_odd3_o  = exp3[36:25];
  assign {nan3_o, pos_inf3_o, neg_inf3_o} = exp3[2:0];

  // ---------------------------------------------------------------- stage 4: multiplier operands

  logic [EvenW-2:0] b_even0_4, b_even1_4;
  logic [OddW-2:0]  b_odd0_4, b_odd1_4;
  logic [ExpW-4:0]  exp4_q;  // without the specials

  spmma_operand #(
      .Signed(0)
  ) u_operand (
      .clk_i,
      .ctl3_i   (ctl3),
      .signed3_i(1'b0),
      .e5m2_3_i (ctl3[spmma_pkg::CtlE5B]),
      .bytes3_i (b3),
      .even0_4_o(b_even0_4),
      .even1_4_o(b_even1_4),
      .odd0_4_o (b_odd0_4),
      .odd1_4_o (b_odd1_4)
  );

  always_ff @(posedge clk_i) begin
    if (ctl3[spmma_pkg::CtlEn] && !ctl3[spmma_pkg::CtlInt]) exp4_q <= exp3[ExpW-1:3];
  end

  // ---------------------------------------------------------------- stage 5: multiply

  // Formed in 32 bits, the width that simulators are quickest at; what no step reads is not built.
  function automatic logic [31:0] odd_product(input logic signed [OddW-1:0] a, input logic [OddW-2:0] b);
    odd_product = 32'(a) * $signed({{(33 - OddW){1'b0}}, b});
  endfunction

  logic signed [2*EvenW-2:0] even0_5, even1_5;
  logic signed [OddW-1:0]    a_odd0, a_odd1;
  assign a_odd0 = operand_a4_i[32+:OddW];
  assign a_odd1 = operand_a4_i[48+:OddW];

  spmma_multiplier u_even0 (
      .clk_i,
      .a4_i(operand_a4_i[0+:EvenW]),
      .b4_i(b_even0_4),
      .p5_o(even0_5)
  );

  spmma_multiplier u_even1 (
      .clk_i,
      .a4_i(operand_a4_i[16+:EvenW]),
      .b4_i(b_even1_4),
      .p5_o(even1_5)
  );

  logic [31:0]     odd0_5_q, odd1_5_q;
  logic [ExpW-4:0] exp5_q;

  always_ff @(posedge clk_i) begin
    if (ctl4[spmma_pkg::CtlEn]) begin
      if (HasBytes && !ctl4[spmma_pkg::CtlFloat]) begin
        odd0_5_q <= odd_product(a_odd0, b_odd0_4);
        odd1_5_q <= odd_product(a_odd1, b_odd1_4);
      end
      if (!ctl4[spmma_pkg::CtlInt]) exp5_q <= exp4_q;
    end
  end

  // ---------------------------------------------------------------- stage 6: align (numerics.md section 2, step 5)

  localparam int PadLeft = FracBits > 20 ? FracBits - 20 : 0;
  localparam int PadRight = FracBits < 20 ? 20 - FracBits : 0;

  // A 2.20 product at F fraction bits, cut toward zero on the magnitude; complemented if it is negative.
  function automatic logic signed [TermW-1:0] align_float(input logic [21:0] product, input logic [8:0] exponent,
                                                          input logic sign, input logic signed [9:0] e_max);
    logic [9:0]          distance;
    logic [FracBits+1:0] magnitude;
    begin
      distance = e_max - {1'b0, exponent};
      magnitude = (FracBits + 2)'((27'(product) << PadLeft) >> PadRight);
      magnitude = (distance[9:5] != '0) ? '0 : magnitude >> distance[4:0];
      align_float = {{(TermW - FracBits - 2){1'b0}}, magnitude} ^ {TermW{sign}};
    end
  endfunction

  // A 2.6 FP8 product at 13 fraction bits, cut alike, then signed.
  function automatic logic signed [15:0] align_fp8(input logic [7:0] product, input logic [5:0] exponent,
                                                   input logic sign, input logic signed [9:0] e_max);
    logic [9:0]  distance;
    logic [14:0] magnitude;
    begin
      distance = e_max - {4'd0, exponent};
      magnitude = (distance[9:4] != '0) ? '0 : {product, 7'd0} >> distance[3:0];
      align_fp8 = sign ? -$signed({1'b0, magnitude}) : $signed({1'b0, magnitude});
    end
  endfunction

  // Sums of an even and an odd 8-bit product, which share a term.
  function automatic logic signed [TermW-1:0] int_pair(input logic signed [17:0] even, input logic signed [17:0] odd);
    logic signed [17:0] pair;
    begin
      pair = even + odd;
      int_pair = TermW'(pair);
    end
  endfunction

  function automatic logic signed [TermW-1:0] fp8_pair(input logic [7:0] even, input logic [5:0] exp_even,
                                                       input logic sign_even, input logic [7:0] odd,
                                                       input logic [5:0] exp_odd, input logic sign_odd,
                                                       input logic signed [9:0] e_max);
    fp8_pair = TermW'(align_fp8(even, exp_even, sign_even, e_max)) + TermW'(align_fp8(odd, exp_odd, sign_odd, e_max));
  endfunction

  // Fields of exp5_q: signs odd 1, odd 0, even 1, even 0, then the exponents.
  logic signed [TermW-1:0] term0_6_q, term1_6_q;

  always_ff @(posedge clk_i) begin
    if (ctl5[spmma_pkg::CtlEn]) begin
      if (ctl5[spmma_pkg::CtlInt]) begin
        term0_6_q <= int_pair(even0_5[17:0], odd0_5_q[17:0]);
        term1_6_q <= int_pair(even1_5[17:0], odd1_5_q[17:0]);
      end else if (ctl5[spmma_pkg::CtlFp8]) begin
        term0_6_q <= fp8_pair(even0_5[7:0], exp5_q[4+:6], exp5_q[0], odd0_5_q[7:0], exp5_q[22+:6], exp5_q[2], e_max5_i);
        term1_6_q <= fp8_pair(even1_5[7:0], exp5_q[13+:6], exp5_q[1], odd1_5_q[7:0], exp5_q[28+:6], exp5_q[3], e_max5_i);
      end else if (ctl5[spmma_pkg::CtlFloat]) begin
        term0_6_q <= align_float(even0_5[21:0], exp5_q[4+:9], exp5_q[0], e_max5_i);
        term1_6_q <= align_float(even1_5[21:0], exp5_q[13+:9], exp5_q[1], e_max5_i);
      end else begin
        term0_6_q <= '0;
        term1_6_q <= '0;
      end
    end
  end

  assign term0_6_o = term0_6_q;
  assign term1_6_o = term1_6_q;
  assign sign5_o   = exp5_q[1:0];

  logic unused;
  assign unused = ^{ctl_i, b01_1_i, b23_1_i, pick01_1_i, pick23_1_i, float_a2_i, fp8_a2_i, operand_a4_i, a_odd0, a_odd1, b3, even0_5, even1_5, odd0_5_q, odd1_5_q, exp5_q};

endmodule
