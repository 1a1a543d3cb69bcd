// SPDX-License-Identifier: Apache-2.0
// Metadata of one row of A, decoded once: for each gathered byte a one-hot select of one byte out of four, and the
// first illegal nibble. A dense step is nibble 0x4 (the first two elements of a group); a masked byte selects nothing.
//
// B lies in groups of eight bytes (spmma_arrange), of which four are gathered: even gathered bytes come from the even
// bytes of the group, odd ones from the odd bytes. For 16-bit formats both follow one nibble; for 8-bit formats the
// even bytes are one 2:4 group and the odd bytes the next; TF32 is nibble 0x4 or 0xE of the 16-bit scheme.
module spmma_meta #(
    parameter int StepBytes = 16,  // bytes of a stored row of A in one step
    parameter int Formats   = 31   // formats built in
) (
    input  logic                                      is_int_i,    // class of the step
    input  logic                                      is_fp8_i,
    input  logic                                      is_tf32_i,
    input  logic                                      sparse_i,
    input  logic                                      any_i,       // all sixteen nibbles are legal
    input  logic [                     StepBytes-1:0] mask_i,      // stored bytes in use
    input  logic [                   StepBytes*2-1:0] meta_i,      // nibble of group g at bit 4g
    output logic [                   StepBytes*4-1:0] select_o,    // gathered byte i: one-hot at bit 4i, 0 if masked
    output logic                                      illegal_o,   // a nibble in use is not legal
    output logic [(StepBytes>4?$clog2(StepBytes/2):1)-1:0] group_o  // the lowest such group
);

  localparam int Quads = StepBytes / 4;
  localparam int GroupW = $clog2(StepBytes / 2);
  localparam bit Has8 = (Formats & 'h63) != 0;
  localparam bit HasTf32 = (Formats & 'h10) != 0;

  logic is8, tf32;
  assign is8  = Has8 && (is_int_i || is_fp8_i);
  assign tf32 = HasTf32 && is_tf32_i;

  logic [2*Quads-1:0] bad;  // by group

  for (genvar j = 0; j < Quads; j++) begin : gen_quad
    logic [3:0] own, low, high, even, odd, mask, used;

    // The nibbles that steer this quad as they lie in the metadata.
    assign own  = meta_i[4*j+:4];
    assign low  = meta_i[8*j+:4];
    assign high = meta_i[8*j+4+:4];

    // TF32: bit 1 picks the element, whatever the other bits are.
    assign even = !sparse_i ? 4'h4 : is8 ? low : tf32 ? (own[1] ? 4'hE : 4'h4) : own;
    assign odd  = !sparse_i ? 4'h4 : is8 ? high : tf32 ? (own[1] ? 4'hE : 4'h4) : own;

    // A's bytes stand in the order of the gathered ones: 8-bit sparse swaps the middle two (spmma_row).
    assign mask = mask_i[4*j+:4];
    assign used = (sparse_i && is8) ? {mask[3], mask[1], mask[2], mask[0]} : mask;

    assign select_o[16*j+:4]    = spmma_pkg::onehot4(even[1:0]) & {4{used[0]}};
    assign select_o[16*j+4+:4]  = spmma_pkg::onehot4(odd[1:0]) & {4{used[1]}};
    assign select_o[16*j+8+:4]  = spmma_pkg::onehot4(even[3:2]) & {4{used[2]}};
    assign select_o[16*j+12+:4] = spmma_pkg::onehot4(odd[3:2]) & {4{used[3]}};
  end

  for (genvar g = 0; g < 2 * Quads; g++) begin : gen_group
    logic legal, used8, used16;
    assign legal  = spmma_pkg::nibble_legal(tf32, any_i, meta_i[4*g+:4]);
    assign used8  = mask_i[2*g];
    assign used16 = (g < Quads) ? mask_i[(4*g)%StepBytes] : 1'b0;
    assign bad[g] = sparse_i && !legal && (is8 ? used8 : used16);
  end

  function automatic logic [GroupW-1:0] lowest(input logic [2*Quads-1:0] bits);
    lowest = '0;
    for (int g = 2 * Quads - 1; g >= 0; g--) begin
      if (bits[g]) lowest = g[GroupW-1:0];
    end
  endfunction

  assign illegal_o = |bad;
  assign group_o   = lowest(bad);

endmodule
