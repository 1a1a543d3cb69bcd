// SPDX-License-Identifier: Apache-2.0
// Multiplier operands of four bytes of A or B (stage 4): two for the even multipliers (the even bytes, or a 16-bit or
// TF32 significand each) and two for the odd ones (the odd bytes).
module spmma_operand #(
    parameter int Signed = 1  // 1: A, whose operands have a sign; 0: B, whose operands have none
) (
    input  logic                                  clk_i,
    input  logic [spmma_pkg::CtlW-1:0]            ctl3_i,
    input  logic                                  signed3_i,  // integers are signed (A)
    input  logic                                  e5m2_3_i,   // FP8 is e5m2, else e4m3
    input  logic [31:0]                           bytes3_i,
    output logic [spmma_pkg::EvenW-2+Signed:0]    even0_4_o,
    output logic [spmma_pkg::EvenW-2+Signed:0]    even1_4_o,
    output logic [spmma_pkg::OddW-2+Signed:0]     odd0_4_o,
    output logic [spmma_pkg::OddW-2+Signed:0]     odd1_4_o
);

  localparam int EvenW = spmma_pkg::EvenW - 1 + Signed;
  localparam int OddW = spmma_pkg::OddW - 1 + Signed;

  logic [EvenW-1:0] even0_4_q, even1_4_q;
  logic [OddW-1:0]  odd0_4_q, odd1_4_q;

  always_ff @(posedge clk_i) begin
    if (ctl3_i[spmma_pkg::CtlEn]) begin
      if (ctl3_i[spmma_pkg::CtlInt]) begin
        even0_4_q <= {{(EvenW - 8){signed3_i && bytes3_i[7]}}, bytes3_i[7:0]};
        even1_4_q <= {{(EvenW - 8){signed3_i && bytes3_i[23]}}, bytes3_i[23:16]};
        odd0_4_q <= {{Signed{signed3_i && bytes3_i[15]}}, bytes3_i[15:8]};
        odd1_4_q <= {{Signed{signed3_i && bytes3_i[31]}}, bytes3_i[31:24]};
      end else if (ctl3_i[spmma_pkg::CtlFp8]) begin
        even0_4_q <= {{(EvenW - 4){1'b0}}, spmma_pkg::fp8_significand(e5m2_3_i, bytes3_i[6:0])};
        even1_4_q <= {{(EvenW - 4){1'b0}}, spmma_pkg::fp8_significand(e5m2_3_i, bytes3_i[22:16])};
        odd0_4_q <= {{(OddW - 4){1'b0}}, spmma_pkg::fp8_significand(e5m2_3_i, bytes3_i[14:8])};
        odd1_4_q <= {{(OddW - 4){1'b0}}, spmma_pkg::fp8_significand(e5m2_3_i, bytes3_i[30:24])};
      end else if (ctl3_i[spmma_pkg::CtlFloat]) begin
        even0_4_q <= {{Signed{1'b0}}, spmma_pkg::float_significand(ctl3_i[spmma_pkg::CtlBf16], ctl3_i[spmma_pkg::CtlTf32],
                                                                   bytes3_i[30:0])};
        even1_4_q <= ctl3_i[spmma_pkg::CtlTf32] ? '0 :
            {{Signed{1'b0}}, spmma_pkg::float_significand(ctl3_i[spmma_pkg::CtlBf16], 1'b0, {16'd0, bytes3_i[30:16]})};
      end else begin
        even0_4_q <= '0;
        even1_4_q <= '0;
      end
    end
  end

  assign even0_4_o = even0_4_q;
  assign even1_4_o = even1_4_q;
  assign odd0_4_o  = odd0_4_q;
  assign odd1_4_o  = odd1_4_q;

  logic unused;
  assign unused = ^{ctl3_i, signed3_i};

endmodule
