// SPDX-License-Identifier: Apache-2.0
// One column of B laid out for the gather: groups of eight bytes, of which spmma_meta's masks pick four.
//   sparse, 16-bit and TF32   as it came: four half-words, or two words
//   sparse, 8-bit             two 2:4 groups interleaved, the first at the even bytes, the second at the odd ones
//   dense                     four bytes in the low half of each group, where nibble 0x4 finds them
// Signed integers get their top bits flipped: they are 128 too large and multiply as unsigned ones. spmma_row says what
// that adds to the sum.
module spmma_arrange #(
    parameter int StepBytes = 16,  // bytes of a dense column in one step
    parameter int Formats   = 31   // formats built in
) (
    input  logic                    clk_i,
    input  logic                    en_i,
    input  logic                    bytes_i,   // 8-bit elements
    input  logic                    sparse_i,
    input  logic                    flip_i,    // signed integers
    input  logic [StepBytes*16-1:0] b_i,
    output logic [StepBytes*32-1:0] b_o        // registered; each half-word twice, for both halves of a gathered word
);

  localparam bit HasBytes = (Formats & 'h63) != 0;

  function automatic logic [63:0] interleave(input logic [63:0] two);
    interleave = {two[63:56], two[31:24], two[55:48], two[23:16], two[47:40], two[15:8], two[39:32], two[7:0]};
  endfunction

  function automatic logic [63:0] twice(input logic [31:0] halves);
    twice = {halves[31:16], halves[31:16], halves[15:0], halves[15:0]};
  endfunction

  function automatic logic [127:0] both(input logic [63:0] group);
    both = {twice(group[63:32]), twice(group[31:0])};
  endfunction

  for (genvar j = 0; j < StepBytes / 4; j++) begin : gen_group
    logic [63:0]  group;
    logic [31:0]  dense;
    logic [127:0] b_q;
    assign group = b_i[64*j+:64] ^ {8{flip_i, 7'd0}};
    assign dense = b_i[32*j+:32] ^ {4{flip_i, 7'd0}};
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        case ({sparse_i, HasBytes && bytes_i})
          2'b11: b_q <= both(interleave(group));
          2'b10: b_q <= both(group);
          default: b_q <= {64'd0, twice(dense)};
        endcase
      end
    end
    assign b_o[128*j+:128] = b_q;
  end

endmodule
