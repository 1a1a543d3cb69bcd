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

  // The sign of A is a row of its own: that takes less area and time than signed operands do.
  function automatic logic [2*W:0] product(input logic [W:0] a, input logic [W-1:0] b);
    logic [2*W-1:0] magnitude;
    logic [W:0]     minus_b;
    begin
      magnitude = (2 * W)'(a[W-1:0]) * (2 * W)'(b);
      minus_b = -{1'b0, b & {W{a[W]}}};
      product = {1'b0, magnitude} + {minus_b, {W{1'b0}}};
    end
  endfunction

  logic [2*W:0] p5_q;

  always_ff @(posedge clk_i) p5_q <= product(a4_i, b4_i);

  assign p5_o = p5_q;

endmodule
