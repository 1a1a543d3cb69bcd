// SPDX-License-Identifier: Apache-2.0
// Metadata of one row of A, decoded once (stage 1): for each gathered byte a one-hot select of one byte out of four,
// fanned out to byte masks, and the first illegal nibble. A dense step is nibble 0x4 (the first two elements of a
// group); a masked byte selects nothing.
//
// B lies in groups of eight bytes (spmma_arrange), of which four are gathered: even gathered bytes come from the even
// bytes of the group, odd ones from the odd bytes. For 16-bit formats both follow one nibble; for 8-bit formats the
// even bytes are one 2:4 group and the odd bytes the next; TF32 is nibble 0x4 or 0xE of the 16-bit scheme.
`include "spmma_assert.svh"

module spmma_meta #(
    parameter int StepBytes = 16,  // bytes of a stored row of A in one step
    parameter int Formats   = 31   // formats built in
) (
    input  logic                                           clk_i,
    input  logic [spmma_pkg::CtlW-1:0]                     ctl0_i,
    input  logic [StepBytes-1:0]                           mask0_i,     // stored bytes in use
    input  logic [StepBytes*2-1:0]                         meta0_i,     // nibble of group g at bit 4g
    output logic [StepBytes*32-1:0]                        pick1_o,     // 32 bits for each candidate, 128 for each quad
    output logic                                           illegal1_o,  // a nibble in use is not legal
    output logic [(StepBytes>4?$clog2(StepBytes/2):1)-1:0] group1_o     // the lowest such group
);

  localparam int Quads = StepBytes / 4;
  localparam int Groups = StepBytes / 2;  // of 8-bit formats; 16-bit formats and TF32 have Quads
  localparam int GroupW = $clog2(Groups);
  localparam bit HasBytes = (Formats & 'h63) != 0;
  localparam logic [spmma_pkg::CtlW-1:0] CtlMask = spmma_pkg::ctl_mask(Formats);

  // Byte masks of four gathered bytes.
  function automatic logic [31:0] byte_masks(input logic [3:0] used);
    byte_masks = {{8{used[3]}}, {8{used[2]}}, {8{used[1]}}, {8{used[0]}}};
  endfunction

  // Byte masks of four candidates for four gathered bytes in a sparse step. `own` is the quad's nibble in 16-bit formats
  // and TF32, `pair` its two nibbles in 8-bit formats.
  function automatic logic [127:0] sparse_pick(input logic is8, input logic tf32, input logic [3:0] own,
                                               input logic [7:0] pair, input logic [3:0] mask);
    logic [3:0] even, odd, byte0, byte1, byte2, byte3;
    begin
      // TF32: bit 1 picks the element, whatever the other bits are.
      if (is8) {odd, even} = pair;
      else if (tf32) {odd, even} = own[1] ? 8'hEE : 8'h44;
      else {odd, even} = {own, own};
      // A's bytes stand in the order of the gathered ones: 8-bit formats swap the middle two (spmma_row).
      byte0 = spmma_pkg::onehot4(even[1:0]) & {4{mask[0]}};
      byte1 = spmma_pkg::onehot4(odd[1:0]) & {4{is8 ? mask[2] : mask[1]}};
      byte2 = spmma_pkg::onehot4(even[3:2]) & {4{is8 ? mask[1] : mask[2]}};
      byte3 = spmma_pkg::onehot4(odd[3:2]) & {4{mask[3]}};
      sparse_pick = {byte_masks({byte3[3], byte2[3], byte1[3], byte0[3]}),
                     byte_masks({byte3[2], byte2[2], byte1[2], byte0[2]}),
                     byte_masks({byte3[1], byte2[1], byte1[1], byte0[1]}),
                     byte_masks({byte3[0], byte2[0], byte1[0], byte0[0]})};
    end
  endfunction

  // {an illegal nibble is in use, its group}
  function automatic logic [GroupW:0] first_illegal(input logic is8, input logic tf32, input logic meta_any,
                                                    input logic [StepBytes*2-1:0] meta,
                                                    input logic [StepBytes-1:0] mask);
    logic used;
    begin
      first_illegal = '0;
      for (int g = Groups - 1; g >= 0; g--) begin
        used = is8 ? mask[2*g] : (g < Quads) && mask[(4*g)%StepBytes];
        if (used && !spmma_pkg::nibble_legal(tf32, meta_any, meta[4*g+:4])) first_illegal = {1'b1, g[GroupW-1:0]};
      end
    end
  endfunction

  logic [GroupW:0] illegal1_q;
  logic            sparse, is8, tf32;

  assign sparse = ctl0_i[spmma_pkg::CtlSparse];
  assign is8    = HasBytes && !ctl0_i[spmma_pkg::CtlFloat];
  assign tf32   = ctl0_i[spmma_pkg::CtlTf32] && CtlMask[spmma_pkg::CtlTf32];

  for (genvar j = 0; j < Quads; j++) begin : gen_quad
    logic [127:0] pick1_q;
    always_ff @(posedge clk_i) begin
      if (ctl0_i[spmma_pkg::CtlEn]) begin
        case (sparse)
          1'b0: pick1_q <= {64'd0, byte_masks(mask0_i[4*j+:4] & 4'b1100), byte_masks(mask0_i[4*j+:4] & 4'b0011)};
          default: pick1_q <= sparse_pick(is8, tf32, meta0_i[4*j+:4], meta0_i[8*j+:8], mask0_i[4*j+:4]);
        endcase
      end
    end
    assign pick1_o[128*j+:128] = pick1_q;
  end

  always_ff @(posedge clk_i) begin
    if (ctl0_i[spmma_pkg::CtlEn]) begin
      case (sparse)
        1'b0: illegal1_q <= '0;
        default: illegal1_q <= first_illegal(is8, tf32, ctl0_i[spmma_pkg::CtlAny], meta0_i, mask0_i);
      endcase
    end
  end

  assign {illegal1_o, group1_o} = illegal1_q;

  logic unused;
  assign unused = ^ctl0_i;

`ifdef SPMMA_CHECKS
  /* verilator coverage_off */
  // By gathered byte: it selects a candidate, it selects two, a mask is not a whole byte; and the bytes in use, in the
  // order of the gathered ones. A module without a reset knows by itself that a step came.
  logic                 check_en1_q, check_sparse1_q, check_wide1_q;
  logic [StepBytes-1:0] selects, expected, check_expected1_q;
  logic [Quads-1:0]     doubles, torn;
  for (genvar j = 0; j < Quads; j++) begin : gen_check
    logic [31:0] pick0, pick1, pick2, pick3, any;
    assign {pick3, pick2, pick1, pick0} = pick1_o[128*j+:128];
    assign any = pick0 | pick1 | pick2 | pick3;
    assign selects[4*j+:4] = {any[24], any[16], any[8], any[0]};
    assign doubles[j] = ((pick0 & pick1) | (pick2 & pick3) | ((pick0 | pick1) & (pick2 | pick3))) != '0;
    assign torn[j] = ((any ^ (any >> 1)) & 32'h7F7F7F7F) != '0;
    assign expected[4*j+:4] = (sparse && is8) ? {mask0_i[4*j+3], mask0_i[4*j+1], mask0_i[4*j+2], mask0_i[4*j]}
                                              : mask0_i[4*j+:4];
  end
  initial check_en1_q = 1'b0;
  always_ff @(posedge clk_i) begin
    check_en1_q <= ctl0_i[spmma_pkg::CtlEn];
    check_sparse1_q <= sparse;
    check_wide1_q <= !is8;
    check_expected1_q <= expected;
  end
  /* verilator coverage_on */
`endif

  `SPMMA_DATA_IF(MetaSelectsOne, check_en1_q, doubles == '0)
  `SPMMA_DATA_IF(MetaSelectsBytes, check_en1_q, torn == '0)
  `SPMMA_DATA_IF(MetaSelectsUsed, check_en1_q, selects == check_expected1_q)
  `SPMMA_DATA_IF(MetaDenseLegal, check_en1_q && !check_sparse1_q, !illegal1_o)
  `SPMMA_DATA_IF(MetaIllegalGroup, check_en1_q && check_sparse1_q && check_wide1_q && illegal1_o, 32'(group1_o) < Quads)

endmodule
