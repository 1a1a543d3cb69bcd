// SPDX-License-Identifier: Apache-2.0
// One element of the tile: the fused dot-product adder of a row of A and a column of B (numerics.md section 2). The
// products come from one spmma_quad for each four bytes; here are e_max, C, the sum and the one final rounding.
module spmma_dot #(
    parameter int StepBytes = 16,  // bytes of a stored row of A in one step
    parameter int FracBits  = 24,  // F
    parameter int Formats   = 31,  // formats built in
    parameter int Sparse    = 1,   // 1: B comes in groups of eight bytes, 0: in groups of four
    parameter int Pipe      = 15   // optional stage registers
) (
    input  logic                                             clk_i,
    input  logic [spmma_pkg::Stages*spmma_pkg::CtlW-1:0]     ctl_i,         // by stage
    input  logic [StepBytes*8*(Sparse!=0?4:1)-1:0]           b1_i,
    input  logic [StepBytes*8*(Sparse!=0?4:1)-1:0]           pick1_i,       // byte masks of the gather
    input  logic [StepBytes/2*spmma_pkg::FloatW-1:0]         float_a2_i,    // A's fields, by half-word
    input  logic [StepBytes*spmma_pkg::Fp8W-1:0]             fp8_a2_i,      // A's fields, by byte
    input  logic [StepBytes/4*spmma_pkg::QuadW-1:0]          operand_a4_i,  // A's multiplier operands
    input  logic signed [spmma_pkg::offset_width(StepBytes)-1:0] offset6_i,  // 128 of this belong to an integer S, else 0
    input  logic [31:0]                                      c4_i,          // C, or the accumulator
    input  logic signed [9:0]                                floor4_i,      // floor of e_max, biased as the products are
    input  logic signed [9:0]                                bias_c4_i,     // C's exponent field + this: biased likewise
    input  logic signed [9:0]                                bias_d8_i,     // e_max + this: exponent field of the top bit of |S|
    output logic [31:0]                                      d11_o
);

  localparam bit HasInt = (Formats & 'h03) != 0;
  localparam bit HasFp8 = (Formats & 'h60) != 0;
  localparam int Quads = StepBytes / 4;
  localparam int Partials = Quads / 2;
  localparam int TermW = spmma_pkg::term_width(FracBits);
  localparam int AddendW = HasInt ? 33 : FracBits + 2;
  localparam int SumW = spmma_pkg::sum_width(FracBits, StepBytes, HasInt);
  localparam int MagW = spmma_pkg::magnitude_width(FracBits, StepBytes, HasInt, HasFp8);
  localparam int ShiftW = $clog2(MagW + 1);
  localparam int CtlW = spmma_pkg::CtlW;
  localparam logic [CtlW-1:0] CtlMask = spmma_pkg::ctl_mask(Formats);

  // numerics.md section 4, [?]: a negative sum that rounds to zero gives -0.
  localparam bit KeepSignOfRoundedZero = 1'b1;

  logic [CtlW-1:0] ctl3, ctl4, ctl5, ctl6, ctl7, ctl8, ctl9, ctl10;
  assign ctl3  = ctl_i[3*CtlW+:CtlW] & CtlMask;
  assign ctl4  = ctl_i[4*CtlW+:CtlW] & CtlMask;
  assign ctl5  = ctl_i[5*CtlW+:CtlW] & CtlMask;
  assign ctl6  = ctl_i[6*CtlW+:CtlW] & CtlMask;
  assign ctl7  = ctl_i[7*CtlW+:CtlW] & CtlMask;
  assign ctl8  = ctl_i[8*CtlW+:CtlW] & CtlMask;
  assign ctl9  = ctl_i[9*CtlW+:CtlW] & CtlMask;
  assign ctl10 = ctl_i[10*CtlW+:CtlW] & CtlMask;

  logic int4, int5, int6, int8, int9, int10, fp8_3, fp8_5;
  assign int4  = ctl4[spmma_pkg::CtlInt];
  assign int5  = ctl5[spmma_pkg::CtlInt];
  assign int6  = ctl6[spmma_pkg::CtlInt];
  assign int8  = ctl8[spmma_pkg::CtlInt];
  assign int9  = ctl9[spmma_pkg::CtlInt];
  assign int10 = ctl10[spmma_pkg::CtlInt];
  assign fp8_3 = ctl3[spmma_pkg::CtlFp8];
  assign fp8_5 = ctl5[spmma_pkg::CtlFp8];

  // ---------------------------------------------------------------- stages 2 to 6: products

  logic [18*Quads-1:0]      exp_even3;
  logic [12*Quads-1:0]      exp_odd3;
  logic [Quads-1:0]        nan3, pos_inf3, neg_inf3;
  logic [64*Quads-1:0]      terms6;  // both of quad j at 64*j and 64*j + 32
  logic [2*Quads-1:0]       sign5;
  logic signed [9:0]        e_max5;

  for (genvar j = 0; j < Quads; j++) begin : gen_quad
    logic [63:0]      b01_1, b23_1, pick01_1, pick23_1;
    logic [TermW-1:0] term0_6, term1_6;
    if (Sparse != 0) begin : gen_sparse
      assign b01_1    = b1_i[128*j+:64];
      assign b23_1    = b1_i[128*j+64+:64];
      assign pick01_1 = pick1_i[128*j+:64];
      assign pick23_1 = pick1_i[128*j+64+:64];
    end else begin : gen_dense
      assign b01_1    = {32'd0, b1_i[32*j+:32]};
      assign b23_1    = '0;
      assign pick01_1 = {32'd0, pick1_i[32*j+:32]};
      assign pick23_1 = '0;
    end

    spmma_quad #(
        .FracBits(FracBits),
        .Formats (Formats),
        .Sparse  (Sparse),
        .Pipe    (Pipe)
    ) u_quad (
        .clk_i,
        .ctl_i,
        .b01_1_i     (b01_1),
        .b23_1_i     (b23_1),
        .pick01_1_i  (pick01_1),
        .pick23_1_i  (pick23_1),
        .float_a2_i  (float_a2_i[2*spmma_pkg::FloatW*j+:2*spmma_pkg::FloatW]),
        .fp8_a2_i    (fp8_a2_i[4*spmma_pkg::Fp8W*j+:4*spmma_pkg::Fp8W]),
        .operand_a4_i(operand_a4_i[spmma_pkg::QuadW*j+:spmma_pkg::QuadW]),
        .exp_even3_o (exp_even3[18*j+:18]),
        .exp_odd3_o  (exp_odd3[12*j+:12]),
        .nan3_o      (nan3[j]),
        .pos_inf3_o  (pos_inf3[j]),
        .neg_inf3_o  (neg_inf3[j]),
        .e_max5_i    (e_max5),
        .sign5_o     (sign5[2*j+:2]),
        .term0_6_o   (term0_6),
        .term1_6_o   (term1_6)
    );

    assign terms6[64*j+:32]    = 32'(term0_6);
    assign terms6[64*j+32+:32] = 32'(term1_6);
  end

  // ---------------------------------------------------------------- stage 4: largest product exponent, specials

  function automatic logic [8:0] larger(input logic [8:0] a, input logic [8:0] b);
    larger = (a > b) ? a : b;
  endfunction

  function automatic logic [5:0] larger6(input logic [5:0] a, input logic [5:0] b);
    larger6 = (a > b) ? a : b;
  endfunction

  function automatic logic [8:0] largest_of_4(input logic fp8, input logic [35:0] even, input logic [23:0] odd);
    logic [8:0] all;
    begin
      all = larger(larger(even[8:0], even[17:9]), larger(even[26:18], even[35:27]));
      if (HasFp8 && fp8)
        all = larger(all, {3'd0, larger6(larger6(odd[5:0], odd[11:6]), larger6(odd[17:12], odd[23:18]))});
      largest_of_4 = all;
    end
  endfunction

  // A tree, of up to 16 half-words.
  function automatic logic [8:0] largest(input logic fp8, input logic [18*Quads-1:0] even,
                                         input logic [12*Quads-1:0] odd);
    largest = '0;
    for (int i = 0; i < Partials; i += 2) begin
      largest = larger(largest, larger(largest_of_4(fp8, even[36*i+:36], odd[24*i+:24]),
                                       largest_of_4(fp8, even[36*((i+1)%Partials)+:36], odd[24*((i+1)%Partials)+:24])));
    end
  endfunction

  logic [8:0] exp_max4_q;
  logic [2:0] special4_q;  // a product is {NaN, +Inf, -Inf}

  always_ff @(posedge clk_i) begin
    if (ctl3[spmma_pkg::CtlEn] && !ctl3[spmma_pkg::CtlInt]) begin
      exp_max4_q <= largest(fp8_3, exp_even3, exp_odd3);
      special4_q <= {|nan3, |pos_inf3, |neg_inf3};
    end
  end

  // ---------------------------------------------------------------- stage 5: e_max over products, C and the floor

  // {e_max, C's exponent, D is NaN, D is Inf, sign of that Inf, sign and 1.23 significand of C}: e_max over products, C
  // and the floor (section 2, step 4), specials (section 4).
  localparam int Stage5W = 10 + 10 + 3 + 25;
  function automatic logic [Stage5W-1:0] stage5(input logic f16, input logic [31:0] c, input logic [8:0] exp_max,
                                                input logic [2:0] special, input logic signed [9:0] lowest,
                                                input logic signed [9:0] bias_c);
    logic              sign, none, top, empty, nan, inf, pos_inf, neg_inf;
    logic [7:0]        exponent;
    logic [22:0]       fraction;
    logic signed [9:0] e_max, e_c;
    begin
      sign = f16 ? c[15] : c[31];
      exponent = f16 ? {3'd0, c[14:10]} : c[30:23];
      fraction = f16 ? {c[9:0], 13'd0} : c[22:0];
      none = (exponent == 8'd0);
      top = (exponent == (f16 ? 8'd31 : 8'd255));
      empty = (fraction == '0);
      e_c = $signed({2'b00, exponent | {7'd0, none}}) + bias_c;
      e_max = lowest;
      if (exp_max != '0 && $signed({1'b0, exp_max}) > e_max) e_max = $signed({1'b0, exp_max});
      if (!(none && empty) && e_c > e_max) e_max = e_c;
      pos_inf = special[1] || (top && empty && !sign);
      neg_inf = special[0] || (top && empty && sign);
      nan = special[2] || (top && !empty) || (pos_inf && neg_inf);
      inf = pos_inf || neg_inf;
      stage5 = {e_max, e_c, nan, inf, neg_inf, sign, !none, fraction};
    end
  endfunction

  logic [31:0]        int_c5_q;
  logic [Stage5W-1:0] stage5_q;

  always_ff @(posedge clk_i) begin
    if (ctl4[spmma_pkg::CtlEn]) begin
      if (int4) int_c5_q <= c4_i;
      else stage5_q <= stage5(ctl4[spmma_pkg::CtlAcc16], c4_i, exp_max4_q, special4_q, floor4_i, bias_c4_i);
    end
  end

  // ---------------------------------------------------------------- stage 6: align C

  localparam int PadLeft = FracBits > 23 ? FracBits - 23 : 0;
  localparam int PadRight = FracBits < 23 ? 23 - FracBits : 0;

  // 1.23 at F fraction bits (FP8: 13), cut toward zero on the magnitude; complemented if C is negative, as terms are.
  function automatic logic signed [AddendW-1:0] align_c(input logic fp8, input logic [23:0] significand,
                                                        input logic signed [9:0] exponent, input logic sign,
                                                        input logic signed [9:0] e_max);
    logic [9:0]        distance;
    logic [FracBits:0] magnitude;
    begin
      distance = e_max - exponent;
      magnitude = (FracBits + 1)'((26'(significand) << PadLeft) >> PadRight);
      if (fp8) magnitude = magnitude >> (FracBits - 13);
      magnitude = (distance[9:5] != '0) ? '0 : magnitude >> distance[4:0];
      align_c = {{(AddendW - FracBits - 1){1'b0}}, magnitude} ^ {AddendW{sign}};
    end
  endfunction

  logic signed [9:0]         c_exp5;
  logic signed [AddendW-1:0] c6_q;
  logic signed [9:0]         e_max6_q;
  logic [2:0]                special6_q;

  assign e_max5 = stage5_q[47:38];
  assign c_exp5 = stage5_q[37:28];

  always_ff @(posedge clk_i) begin
    if (ctl5[spmma_pkg::CtlEn]) begin
      if (int5) begin
        c6_q <= AddendW'($signed(int_c5_q));
      end else begin
        c6_q <= align_c(fp8_5, stage5_q[23:0], c_exp5, stage5_q[24], e_max5);
        e_max6_q <= e_max5;
        special6_q <= stage5_q[27:25];
      end
    end
  end

  // ---------------------------------------------------------------- stage 7: partial sums

  // From here to stage 9 a sum is kept as two: one of the low halves, which are unsigned, and one of the high ones. No
  // carry runs from one to the other, so each adder is half as long.
  localparam int HalfW = 16;
  localparam int LowW = HalfW + 3;  // of five low halves
  localparam int HighW = TermW - HalfW;
  localparam int PartialW = HighW + LowW;

  logic [PartialW*Partials-1:0] partial7;
  logic signed [AddendW-1:0]    c7;
  logic signed [9:0]            e_max7;
  logic [2:0]                   special7;

  // Four terms and what else belongs to the sum: the integers' offset, and the ones that complements lack.
  function automatic logic [PartialW-1:0] partial(input logic [127:0] terms, input logic [TermW-1:0] rest);
    logic [TermW-1:0] t0, t1, t2, t3;
    logic [LowW-1:0]  low;
    logic [HighW-1:0] high;
    begin
      t0 = TermW'(terms[31:0]);
      t1 = TermW'(terms[63:32]);
      t2 = TermW'(terms[95:64]);
      t3 = TermW'(terms[127:96]);
      low = (LowW'(t0[HalfW-1:0]) + LowW'(t1[HalfW-1:0])) + (LowW'(t2[HalfW-1:0]) + LowW'(t3[HalfW-1:0])) +
            LowW'(rest[HalfW-1:0]);
      high = (t0[TermW-1:HalfW] + t1[TermW-1:HalfW]) + (t2[TermW-1:HalfW] + t3[TermW-1:HalfW]) + rest[TermW-1:HalfW];
      partial = {high, low};
    end
  endfunction

  // FP8's terms are signed already, integers are none of this.
  function automatic logic [2:0] ones(input logic [CtlW-1:0] ctl, input logic [3:0] terms, input logic c);
    case (ctl[spmma_pkg::CtlFloat])
      1'b0: ones = {2'b00, c && !ctl[spmma_pkg::CtlInt]};
      default: ones = (3'(terms[0]) + 3'(terms[1])) + (3'(terms[2]) + 3'(terms[3])) + 3'(c);
    endcase
  endfunction

  for (genvar i = 0; i < Partials; i++) begin : gen_partial
    logic [2:0]       ones6_q;  // of C and the first four terms, or of four other terms
    logic [TermW-1:0] rest6;

    if (i == 0) begin : gen_first
      always_ff @(posedge clk_i) begin
        if (ctl5[spmma_pkg::CtlEn]) ones6_q <= ones(ctl5, sign5[3:0], stage5_q[24]);
      end
      assign rest6 = TermW'($signed({offset6_i, 4'd0, ones6_q}));
    end else begin : gen_other
      always_ff @(posedge clk_i) begin
        if (ctl5[spmma_pkg::CtlEn]) ones6_q <= ones(ctl5, sign5[4*i+:4], 1'b0);
      end
      assign rest6 = TermW'(ones6_q);
    end

    if (Pipe[spmma_pkg::PipePartial]) begin : gen_stage7
      logic [PartialW-1:0] partial7_q;
      always_ff @(posedge clk_i) begin
        if (ctl6[spmma_pkg::CtlEn]) partial7_q <= partial(terms6[128*i+:128], rest6);
      end
      assign partial7[PartialW*i+:PartialW] = partial7_q;
    end else begin : gen_no_stage7
      assign partial7[PartialW*i+:PartialW] = partial(terms6[128*i+:128], rest6);
    end
  end

  if (Pipe[spmma_pkg::PipePartial]) begin : gen_stage7
    logic signed [AddendW-1:0] c7_q;
    logic signed [9:0]         e_max7_q;
    logic [2:0]                special7_q;
    always_ff @(posedge clk_i) begin
      if (ctl6[spmma_pkg::CtlEn]) begin
        c7_q <= c6_q;
        if (!int6) begin
          e_max7_q   <= e_max6_q;
          special7_q <= special6_q;
        end
      end
    end
    assign c7       = c7_q;
    assign e_max7   = e_max7_q;
    assign special7 = special7_q;
  end else begin : gen_no_stage7
    logic unused_int6;
    assign unused_int6 = int6;
    assign c7       = c6_q;
    assign e_max7   = e_max6_q;
    assign special7 = special6_q;
  end

  // ---------------------------------------------------------------- stage 8: the sum S (numerics.md section 2, step 6)

  // Still in halves: S = high * 2^HalfW + low.
  localparam int SumLowW = HalfW + $clog2(5 * Partials + 2);
  localparam int SumHighW = SumW - HalfW;
  localparam int HalvesW = SumHighW + SumLowW;

  function automatic logic [HalvesW-1:0] total(input logic signed [AddendW-1:0] c,
                                               input logic [PartialW*Partials-1:0] partials);
    logic [SumLowW-1:0]  low;
    logic [SumHighW-1:0] high;
    begin
      low = SumLowW'(c[HalfW-1:0]);
      high = SumHighW'($signed(c[AddendW-1:HalfW]));
      for (int i = 0; i < Partials; i++) begin
        low = low + SumLowW'(partials[PartialW*i+:LowW]);
        high = high + SumHighW'($signed(partials[PartialW*i+LowW+:HighW]));
      end
      total = {high, low};
    end
  endfunction

  logic [HalvesW-1:0]     sum8_q;
  logic signed [9:0]      e_max8_q;
  logic [2:0]             special8_q;

  always_ff @(posedge clk_i) begin
    if (ctl7[spmma_pkg::CtlEn]) begin
      sum8_q <= total(c7, partial7);
      if (!ctl7[spmma_pkg::CtlInt]) begin
        e_max8_q   <= e_max7;
        special8_q <= special7;
      end
    end
  end

  // S itself, for those who look at waves.
  logic signed [SumW-1:0] sum8;
  assign sum8 = $signed({sum8_q[HalvesW-1:SumLowW], {HalfW{1'b0}}}) + SumW'(sum8_q[SumLowW-1:0]);

  // ---------------------------------------------------------------- stage 9: magnitude, or the integer result

  // An exact integer sum as s32: clamped (numerics.md section 5) or its low 32 bits.
  function automatic logic [31:0] int_result(input logic saturate, input logic signed [33:0] sum);
    if (saturate && !sum[33] && sum[32:31] != 2'b00) int_result = 32'h7FFFFFFF;
    else if (saturate && sum[33] && sum[32:31] != 2'b11) int_result = 32'h80000000;
    else int_result = sum[31:0];
  endfunction

  // {special, negative, exponent field of the top bit, magnitude}
  localparam int Stage9W = 3 + 1 + 10 + MagW;

  // The two halves become one number: S, and beside it -S, so that the sign need not be known first. The low half sends
  // up its carry; in -S, unless it is zero, it also takes one from the high half.
  function automatic logic [Stage9W-1:0] stage9_of(input logic is_int, input logic saturate, input logic [2:0] special,
                                                   input logic signed [9:0] field, input logic [HalvesW-1:0] halves);
    logic [HalfW-1:0]    low;
    logic [SumHighW-1:0] high, carry, plus;
    logic [SumHighW-2:0] minus;
    begin
      low = halves[HalfW-1:0];
      carry = SumHighW'(halves[SumLowW-1:HalfW]);
      high = halves[HalvesW-1:SumLowW];
      plus = high + carry;
      if (is_int) begin
        stage9_of = Stage9W'(int_result(saturate, 34'($signed({plus, low}))));
      end else begin
        minus = ~high[SumHighW-2:0] - carry[SumHighW-2:0] + (SumHighW - 1)'(low == '0);
        stage9_of = {special, plus[SumHighW-1], field,
                     plus[SumHighW-1] ? MagW'({minus, -low}) : MagW'({plus[SumHighW-2:0], low})};
      end
    end
  endfunction

  logic [Stage9W-1:0] stage9;

  if (Pipe[spmma_pkg::PipeMagnitude]) begin : gen_stage9
    logic [Stage9W-1:0] stage9_q;
    always_ff @(posedge clk_i) begin
      if (ctl8[spmma_pkg::CtlEn])
        stage9_q <= stage9_of(int8, ctl8[spmma_pkg::CtlSat], special8_q, e_max8_q + bias_d8_i, sum8_q);
    end
    assign stage9 = stage9_q;
  end else begin : gen_no_stage9
    assign stage9 = stage9_of(int8, ctl8[spmma_pkg::CtlSat], special8_q, e_max8_q + bias_d8_i, sum8_q);
  end

  // ---------------------------------------------------------------- stage 10: normalise once

  // Zeros above the leading one of a magnitude; MagW if there is none.
  function automatic logic [ShiftW-1:0] leading_zeros(input logic [MagW-1:0] bits);
    leading_zeros = ShiftW'(MagW);
    for (int i = 0; i < MagW; i++) begin
      if (bits[i]) leading_zeros = ShiftW'(MagW - 1 - i);
    end
  endfunction

  // Left by the leading zeros, but never past the exponent field 1, where the subnormals lie. The field is that low
  // only for a result far below the normals; a zero sum needs no shift at all.
  function automatic logic [ShiftW-1:0] normalise_by(input logic signed [9:0] field, input logic [ShiftW-1:0] zeros);
    logic signed [9:0] limit;
    begin
      limit = field - 10'sd1;
      if (limit < 10'sd0) normalise_by = '0;
      else if (limit < $signed(10'(zeros))) normalise_by = limit[ShiftW-1:0];
      else normalise_by = zeros;
    end
  endfunction

  function automatic logic [Stage9W-1:0] normalised(input logic is_int, input logic [Stage9W-1:0] stage9_in);
    logic [ShiftW-1:0] by;
    begin
      normalised = stage9_in;
      if (!is_int) begin
        by = normalise_by(stage9_in[MagW+:10], leading_zeros(stage9_in[MagW-1:0]));
        normalised[MagW-1:0] = stage9_in[MagW-1:0] << by;
        normalised[MagW+:10] = stage9_in[MagW+:10] - 10'(by);
      end
    end
  endfunction

  logic [Stage9W-1:0] stage10;

  if (Pipe[spmma_pkg::PipeNormalise]) begin : gen_stage10
    logic [Stage9W-1:0] stage10_q;
    always_ff @(posedge clk_i) begin
      if (ctl9[spmma_pkg::CtlEn]) stage10_q <= normalised(int9, stage9);
    end
    assign stage10 = stage10_q;
  end else begin : gen_no_stage10
    assign stage10 = normalised(int9, stage9);
  end

  // ---------------------------------------------------------------- stage 11: round (numerics.md section 2, step 7)

  // RZ-FP32, and RZ-E8M13 where `fp8`. The magnitude's top bit has the exponent field given; without it the value is
  // subnormal.
  function automatic logic [31:0] round_f32(input logic fp8, input logic negative, input logic signed [9:0] field,
                                            input logic [MagW-1:0] magnitude);
    logic [22:0] fraction;
    logic        sign;
    begin
      fraction = magnitude[MagW-2-:23];
      if (fp8) fraction[9:0] = '0;
      sign = negative && (KeepSignOfRoundedZero || magnitude[MagW-1] || fraction != '0);
      if (!magnitude[MagW-1]) round_f32 = {sign, 8'd0, fraction};
      else if (field >= 10'sd255) round_f32 = {sign, 8'd255, 23'd0};
      else round_f32 = {sign, field[7:0], fraction};
    end
  endfunction

  // RNE-FP16, once, from the exact sum.
  function automatic logic [15:0] round_f16(input logic negative, input logic signed [9:0] field,
                                            input logic [MagW-1:0] magnitude);
    logic        up, sign;
    logic [15:0] cut;  // {exponent field, fraction}: rounding up carries from one into the other
    begin
      up = magnitude[MagW-12] && (magnitude[MagW-11] || magnitude[MagW-13:0] != '0);
      cut = {magnitude[MagW-1] ? field[5:0] : 6'd0, magnitude[MagW-2-:10]} + {15'd0, up};
      sign = negative && (KeepSignOfRoundedZero || cut != '0);
      if (magnitude[MagW-1] && field >= 10'sd31 || cut >= 16'h7C00) round_f16 = {sign, 15'h7C00};
      else round_f16 = {sign, cut[14:0]};
    end
  endfunction

  // NaN and Inf override the sum.
  function automatic logic [31:0] result_f32(input logic fp8, input logic [2:0] special, input logic negative,
                                             input logic signed [9:0] field, input logic [MagW-1:0] magnitude);
    if (special[2]) result_f32 = 32'h7FFFFFFF;
    else if (special[1]) result_f32 = {special[0], 31'h7F800000};
    else result_f32 = round_f32(fp8, negative, field, magnitude);
  endfunction

  function automatic logic [31:0] result_f16(input logic [2:0] special, input logic negative,
                                             input logic signed [9:0] field, input logic [MagW-1:0] magnitude);
    if (special[2]) result_f16 = 32'h00007FFF;
    else if (special[1]) result_f16 = {16'd0, special[0], 15'h7C00};
    else result_f16 = {16'd0, round_f16(negative, field, magnitude)};
  endfunction

  logic [31:0] d11_q;
  logic [2:0]  special10;
  logic        negative10;
  logic signed [9:0] field10;
  assign special10  = stage10[Stage9W-1-:3];
  assign negative10 = stage10[Stage9W-4];
  assign field10    = stage10[MagW+:10];

  always_ff @(posedge clk_i) begin
    if (ctl10[spmma_pkg::CtlEn]) begin
      case ({int10, ctl10[spmma_pkg::CtlAcc16]})
        2'b00: d11_q <= result_f32(ctl10[spmma_pkg::CtlFp8], special10, negative10, field10, stage10[MagW-1:0]);
        2'b01: d11_q <= result_f16(special10, negative10, field10, stage10[MagW-1:0]);
        default: d11_q <= stage10[31:0];
      endcase
    end
  end

  assign d11_o = d11_q;

  logic unused;
  assign unused = ^{ctl_i, int_c5_q, offset6_i, sum8};

endmodule
