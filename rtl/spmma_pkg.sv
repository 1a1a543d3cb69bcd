// SPDX-License-Identifier: Apache-2.0
// Constants and plain-vector functions shared by every module of the unit.
package spmma_pkg;

  // Format codes of the ports, and the bit that builds a format in (parameter Formats).
  localparam logic [2:0] FmtInt8  = 3'd0;
  localparam logic [2:0] FmtUint8 = 3'd1;
  localparam logic [2:0] FmtFp16  = 3'd2;
  localparam logic [2:0] FmtBf16  = 3'd3;
  localparam logic [2:0] FmtTf32  = 3'd4;
  localparam logic [2:0] FmtE4m3  = 3'd5;
  localparam logic [2:0] FmtE5m2  = 3'd6;

  // The control word that travels beside a step, one for each pipeline stage. Exactly one of the three class bits
  // (Int, Float, Fp8) is set.
  localparam int CtlInt    = 0;   // INT8/UINT8
  localparam int CtlSgnA   = 1;   // integer A is signed
  localparam int CtlSgnB   = 2;   // integer B is signed
  localparam int CtlSat    = 3;   // clamp to s32 instead of wrapping
  localparam int CtlFloat  = 4;   // FP16, or one of the next two
  localparam int CtlBf16   = 5;
  localparam int CtlTf32   = 6;
  localparam int CtlFp8    = 7;
  localparam int CtlE5A    = 8;   // FP8 A is e5m2, else e4m3
  localparam int CtlE5B    = 9;
  localparam int CtlAcc16  = 10;  // C and D are FP16, else FP32 (or s32)
  localparam int CtlSparse = 11;  // A is 2:4 (TF32: 1:2)
  localparam int CtlAny    = 12;  // all sixteen nibbles are legal
  localparam int CtlFirst  = 13;  // C comes from the port, not from the accumulator
  localparam int CtlEn     = 14;  // a step is in this stage
  localparam int CtlW      = 15;

  // Pipeline stages that a control word exists for: 0 is the input register, 11 the result.
  localparam int Stages = 12;
  localparam int ResultStage = 11;

  // Bits of parameter Pipe: which optional stage registers are present.
  localparam int PipeExponent  = 0;  // stage 3
  localparam int PipePartial   = 1;  // stage 7
  localparam int PipeMagnitude = 2;  // stage 9
  localparam int PipeNormalise = 3;  // stage 10

  // Clock edges from the issue of a step (which loads stage 1, at position 1) to the register of a stage.
  function automatic int stage_pos(input int pipe, input int stage);
    stage_pos = stage;
    if (stage >= 3 && pipe % 2 == 0) stage_pos--;
    if (stage >= 7 && (pipe / 2) % 2 == 0) stage_pos--;
    if (stage >= 9 && (pipe / 4) % 2 == 0) stage_pos--;
    if (stage >= 10 && (pipe / 8) % 2 == 0) stage_pos--;
  endfunction

  function automatic int max_int(input int a, input int b);
    max_int = (a > b) ? a : b;
  endfunction

  // Bits of an aligned term or a sum of two integer products, sign included, and of a sum of four of them: a term is
  // kept as wide as that sum.
  function automatic int term_width(input int frac_bits);
    term_width = max_int(frac_bits + 3, 18) + 2;
  endfunction

  // Bits of the sum of a row's integers in one step, sign included.
  function automatic int offset_width(input int step_bytes);
    offset_width = 9 + $clog2(step_bytes);
  endfunction

  // Bits of the exact sum S, sign included: NSlots aligned terms below 4*2^F and C below 2*2^F, or integer
  // products and an s32 (numerics.md section 2, "Sizes for RTL").
  function automatic int sum_width(input int frac_bits, input int step_bytes, input logic has_int);
    sum_width = frac_bits + 3 + $clog2(step_bytes / 2 + 1);
    if (has_int) sum_width = max_int(sum_width, 34);
  endfunction

  // Bits of |S| at the normaliser. Wide enough that even at the lowest e_max a result only ever shifts left:
  // 2F-17 follows from floor = -108-F (FP32) and 4-F (FP16), 28 from FP8's F = 13 and its least product
  // exponent -28 under an FP16 accumulator.
  function automatic int magnitude_width(input int frac_bits, input int step_bytes, input logic has_int,
                                         input logic has_fp8);
    magnitude_width = max_int(sum_width(frac_bits, step_bytes, has_int) - 1, 2 * frac_bits - 17);
    if (has_fp8) magnitude_width = max_int(magnitude_width, 28);
  endfunction

  // ---------------------------------------------------------------- run-time control

  // Combinations that interfaces.md lists, restricted to what is built in.
  function automatic logic fmt_legal(input logic [6:0] formats, input logic has_sparse, input logic [2:0] fmt_a,
                                     input logic [2:0] fmt_b, input logic acc_f16, input logic sparse);
    logic [7:0] built;
    logic       ints, fp8s;
    begin
      built = {1'b0, formats};
      ints = (fmt_a <= FmtUint8) && (fmt_b <= FmtUint8);
      fp8s = (fmt_a == FmtE4m3 || fmt_a == FmtE5m2) && (fmt_b == FmtE4m3 || fmt_b == FmtE5m2);
      fmt_legal = built[fmt_a] && built[fmt_b] && (ints || fp8s || fmt_a == fmt_b) &&
                  (!acc_f16 || fmt_a == FmtFp16 || fp8s) && (!sparse || has_sparse);
    end
  endfunction

  // Control word of a step. An illegal combination becomes a float step (its lanes are all masked).
  function automatic logic [CtlW-1:0] ctl_decode(input logic legal, input logic [2:0] fmt_a, input logic [2:0] fmt_b,
                                                 input logic acc_f16, input logic saturate, input logic sparse,
                                                 input logic meta_any);
    logic [CtlW-1:0] ctl;
    begin
      ctl = '0;
      if (legal) begin
        case (fmt_a)
          FmtInt8, FmtUint8: ctl[CtlInt] = 1'b1;
          FmtE4m3, FmtE5m2:  ctl[CtlFp8] = 1'b1;
          default:           ctl[CtlFloat] = 1'b1;
        endcase
        ctl[CtlBf16] = (fmt_a == FmtBf16);
        ctl[CtlTf32] = (fmt_a == FmtTf32);
      end else begin
        ctl[CtlFloat] = 1'b1;
      end
      ctl[CtlSgnA] = (fmt_a == FmtInt8);
      ctl[CtlSgnB] = (fmt_b == FmtInt8);
      ctl[CtlSat] = saturate;
      ctl[CtlE5A] = (fmt_a == FmtE5m2);
      ctl[CtlE5B] = (fmt_b == FmtE5m2);
      ctl[CtlAcc16] = acc_f16;
      ctl[CtlSparse] = sparse && legal;
      ctl[CtlAny] = meta_any;
      ctl_decode = ctl;
    end
  endfunction

  // Clears what a build without some formats never sets, so that synthesis drops the logic behind it.
  function automatic logic [CtlW-1:0] ctl_mask(input int formats);
    begin
      ctl_mask = {CtlW{1'b1}};  // not '1, which Yosys 0.23 takes for 1 in a constant function
      if ((formats & 'h03) == 0) begin
        ctl_mask[CtlInt] = 1'b0;
        ctl_mask[CtlSgnA] = 1'b0;
        ctl_mask[CtlSgnB] = 1'b0;
        ctl_mask[CtlSat] = 1'b0;
      end
      if ((formats & 'h1C) == 0) ctl_mask[CtlFloat] = 1'b0;
      if ((formats & 'h08) == 0) ctl_mask[CtlBf16] = 1'b0;
      if ((formats & 'h10) == 0) ctl_mask[CtlTf32] = 1'b0;
      if ((formats & 'h60) == 0) begin
        ctl_mask[CtlFp8] = 1'b0;
        ctl_mask[CtlE5A] = 1'b0;
        ctl_mask[CtlE5B] = 1'b0;
      end
    end
  endfunction

  // ---------------------------------------------------------------- metadata (numerics.md section 6b)

  function automatic logic nibble_legal(input logic tf32, input logic meta_any, input logic [3:0] nibble);
    case (nibble)
      4'h4, 4'hE:             nibble_legal = 1'b1;
      4'h8, 4'h9, 4'hC, 4'hD: nibble_legal = !tf32;
      default:                nibble_legal = !tf32 && meta_any;
    endcase
  endfunction

  function automatic logic [3:0] onehot4(input logic [1:0] index);
    onehot4 = 4'b0001 << index;
  endfunction

  // ---------------------------------------------------------------- operands (numerics.md section 2, step 1)

  // What a 16-bit or TF32 element contributes to exponents and signs: {nan, inf, zero, sign, exponent field}. A
  // subnormal has exponent field 1, as the smallest normals do.
  localparam int FloatW    = 12;
  localparam int FloatNan  = 11;
  localparam int FloatZero = 9;
  localparam int FloatSign = 8;

  function automatic logic [FloatW-1:0] float_fields(input logic bf16, input logic tf32, input logic [31:0] word);
    logic       sign, top, none;
    logic [7:0] exponent;
    logic [9:0] fraction;
    begin
      sign = tf32 ? word[31] : word[15];
      exponent = tf32 ? word[30:23] : bf16 ? word[14:7] : {3'b000, word[14:10]};
      fraction = tf32 ? word[22:13] : bf16 ? {word[6:0], 3'b000} : word[9:0];
      top = (exponent == ((tf32 || bf16) ? 8'd255 : 8'd31));
      none = (exponent == 8'd0);
      float_fields = {top && fraction != '0, top && fraction == '0, none && fraction == '0, sign,
                      exponent | {7'd0, none}};
    end
  endfunction

  // Its significand, left-aligned to 1.10.
  function automatic logic [10:0] float_significand(input logic bf16, input logic tf32, input logic [30:0] word);
    if (tf32) float_significand = {word[30:23] != '0, word[22:13]};
    else if (bf16) float_significand = {word[14:7] != '0, word[6:0], 3'b000};
    else float_significand = {word[14:10] != '0, word[9:0]};
  endfunction

  // The same for FP8, the significand as 1.3. E4M3 has no Inf and one NaN (S.1111.111).
  localparam int Fp8W    = 9;
  localparam int Fp8Nan  = 8;
  localparam int Fp8Zero = 6;
  localparam int Fp8Sign = 5;

  function automatic logic [Fp8W-1:0] fp8_fields(input logic e5m2, input logic [7:0] bits);
    logic       none, nan, inf;
    logic [4:0] exponent;
    begin
      exponent = e5m2 ? bits[6:2] : {1'b0, bits[6:3]};
      none = (exponent == 5'd0);
      inf = e5m2 && bits[6:0] == 7'h7C;
      nan = e5m2 ? bits[6:0] > 7'h7C : bits[6:0] == 7'h7F;
      fp8_fields = {nan, inf, bits[6:0] == '0, bits[7], exponent | {4'd0, none}};
    end
  endfunction

  function automatic logic [3:0] fp8_significand(input logic e5m2, input logic [6:0] bits);
    fp8_significand = e5m2 ? {bits[6:2] != '0, bits[1:0], 1'b0} : {bits[6:3] != '0, bits[2:0]};
  endfunction

  // Multiplier operands, signed for A and unsigned for B. The even multipliers (12 x 11 bits) take the low byte of a
  // half-word, or a whole 16-bit or TF32 significand; the odd ones (9 x 8 bits) take the high byte.
  localparam int EvenW = 12;
  localparam int OddW  = 9;

  // A's operands of four bytes travel as {odd 1, odd 0, even 1, even 0}, each extended to 16 bits.
  localparam int QuadW = 64;

endpackage
