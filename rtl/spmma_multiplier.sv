// SPDX-License-Identifier: Apache-2.0
// An even multiplier (stage 5): a signed operand of A times an unsigned one of B. It is a module of its own because it
// is what the clock waits for.
module spmma_multiplier (
    input  logic                                  clk_i,
    input  logic [spmma_pkg::EvenW-1:0]           a4_i,  // signed
    input  logic [spmma_pkg::EvenW-2:0]           b4_i,
    output logic signed [2*spmma_pkg::EvenW-2:0]  p5_o
);

  localparam int W = spmma_pkg::EvenW - 1;

  // The sign of A is a row of its own: that takes a tenth less area than an operand with a sign.
  logic [W-1:0] negative;
  assign negative = b4_i & {W{a4_i[W]}};

  logic [2*W:0] p5_q;

  // Without an enable: it would be a multiplexer behind the slowest path.
  always_ff @(posedge clk_i) p5_q <= (2 * W + 1)'(a4_i[W-1:0]) * (2 * W + 1)'(b4_i) - {1'b0, negative, {W{1'b0}}};

  assign p5_o = p5_q;

endmodule
