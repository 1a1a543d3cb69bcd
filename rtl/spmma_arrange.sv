// SPDX-License-Identifier: Apache-2.0
// One column of B laid out for the gather: groups of eight bytes, of which spmma_meta's selects pick four.
//   sparse, 16-bit and TF32   as it came: four half-words, or two words
//   sparse, 8-bit             two 2:4 groups interleaved, the first at the even bytes, the second at the odd ones
//   dense                     four bytes in the low half of each group, where nibble 0x4 finds them
module spmma_arrange #(
    parameter int StepBytes = 16,  // bytes of a dense column in one step
    parameter int Formats   = 31   // formats built in
) (
    input  logic                    clk_i,
    input  logic                    en_i,
    input  logic                    bytes_i,   // 8-bit elements
    input  logic                    sparse_i,
    input  logic [StepBytes*16-1:0] b_i,
    output logic [StepBytes*32-1:0] b_o        // registered; each half-word twice, for both halves of a gathered word
);

  localparam bit HasBytes = (Formats & 'h63) != 0;

  function automatic logic [63:0] interleave(input logic [63:0] two);
    interleave = {two[63:56], two[31:24], two[55:48], two[23:16], two[47:40], two[15:8], two[39:32], two[7:0]};
  endfunction

  logic [StepBytes*16-1:0] b_q;

  for (genvar j = 0; j < StepBytes / 4; j++) begin : gen_group
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        if (!sparse_i) b_q[64*j+:64] <= {32'd0, b_i[32*j+:32]};
        else if (HasBytes && bytes_i) b_q[64*j+:64] <= interleave(b_i[64*j+:64]);
        else b_q[64*j+:64] <= b_i[64*j+:64];
      end
    end
  end

  for (genvar h = 0; h < StepBytes; h++) begin : gen_twice
    assign b_o[32*h+:32] = {b_q[16*h+:16], b_q[16*h+:16]};
  end

endmodule
