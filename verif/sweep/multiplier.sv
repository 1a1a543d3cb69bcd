// SPDX-License-Identifier: Apache-2.0
// The unit's widest multiplier alone, between registers: the clock that `*` allows, and so the unit's measure.
module spmma_multiplier #(
    parameter int WidthA = 12,  // signed
    parameter int WidthB = 11   // unsigned
) (
    input  logic                     clk_i,
    input  logic [       WidthA-1:0] a_i,
    input  logic [       WidthB-1:0] b_i,
    output logic [WidthA+WidthB-1:0] p_o
);

  logic signed [WidthA-1:0]        a_q;
  logic        [WidthB-1:0]        b_q;
  logic signed [WidthA+WidthB-1:0] p_q;

  always_ff @(posedge clk_i) begin
    a_q <= a_i;
    b_q <= b_i;
    p_q <= a_q * $signed({1'b0, b_q});
  end
  assign p_o = p_q;

endmodule
