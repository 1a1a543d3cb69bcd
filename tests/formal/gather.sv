// SPDX-License-Identifier: Apache-2.0
// Metadata, for every input of a step: which element of B meets each stored element of A, what the selects look like and which
// nibbles are legal. The statement is written from numerics.md section 6b and interfaces.md; the step goes through
// spmma_core, and its operands are looked at where the multipliers get them.
//
// mode: bmc 3:5
// without: assertions
// parameters: StepBytes=8
// parameters: StepBytes=16
// parameters: StepBytes=32
// count: StepBytes / 4
// watch: watch_a = u_core.gen_row[0].u_row.a_bytes2_q
// watch: watch_illegal = u_core.gen_row[0].u_row.illegal1_o
// watch: watch_group = u_core.gen_row[0].u_row.group1_o
// watch: gen_quad[#].watch_b = u_core.gen_row[0].u_row.gen_col[0].u_dot.gen_quad[#].u_quad.b2_q
// watch: gen_quad[#].watch_pick = u_core.gen_row[0].u_row.gen_meta.u_meta.gen_quad[#].pick1_q
// bug: 3:5 spmma_meta.sv: own[1] ? 8'hEE : 8'h44 ==> own[0] ? 8'hEE : 8'h44
// bug: 3:5 spmma_meta.sv: {4{is8 ? mask[2] : mask[1]}} ==> {4{mask[1]}}
// bug: 3:5 spmma_pkg.sv: default:                nibble_legal = !tf32 && meta_any ==> default:                nibble_legal = meta_any
// bug: 3:5 spmma_arrange.sv: two[55:48], two[23:16], two[47:40] ==> two[55:48], two[47:40], two[23:16]
// bug: 3:5 spmma_row.sv: {used[31:24], used[15:8], used[23:16], used[7:0]} ==> {used[31:24], used[23:16], used[15:8], used[7:0]}
module formal_gather #(
    parameter int StepBytes = 8
) (
    input logic clk_i
);

  // The step; none of it changes in a run.
  (* anyconst *) logic [StepBytes*8-1:0] a_i;
  (* anyconst *) logic [StepBytes*2-1:0] meta_i;
  (* anyconst *) logic [StepBytes*16-1:0] b_i;
  (* anyconst *) logic [2:0] fmt_a_i;
  (* anyconst *) logic [2:0] fmt_b_i;
  (* anyconst *) logic acc_f16_i;
  (* anyconst *) logic sparse_i;
  (* anyconst *) logic any_i;
  (* anyconst *) logic [$clog2(StepBytes+1)-1:0] len_i;

  localparam int Quads = StepBytes / 4;
  localparam int GroupW = $clog2(StepBytes / 2);

  // One step after reset: accepted in cycle 1, issued in 2, decoded in 3, gathered in 4.
  logic [2:0] cycle_q = 3'd0;
  always_ff @(posedge clk_i) if (cycle_q != 3'd7) cycle_q <= cycle_q + 3'd1;

  spmma_core #(
      .Rows     (1),
      .Cols     (1),
      .StepBytes(StepBytes),
      .Formats  (127),
      .AccSlots (2),
      .OutDepth (2)
  ) u_core (
      .clk_i,
      .rst_ni          (cycle_q != 3'd0),
      .in_valid_i      (cycle_q == 3'd1),
      .in_ready_o      (),
      .in_a_i          (a_i),
      .in_meta_i       (meta_i),
      .in_b_i          (b_i),
      .in_c_i          (32'd0),
      .in_fmt_a_i      (fmt_a_i),
      .in_fmt_b_i      (fmt_b_i),
      .in_acc_f16_i    (acc_f16_i),
      .in_saturate_i   (1'b0),
      .in_sparse_i     (sparse_i),
      .in_meta_any_i   (any_i),
      .in_len_i        (len_i),
      .in_slot_i       (1'b0),
      .in_first_i      (1'b1),
      .in_last_i       (1'b1),
      .out_valid_o     (),
      .out_ready_i     (1'b0),
      .out_d_o         (),
      .out_slot_o      (),
      .out_err_o       (),
      .out_meta_err_o  (),
      .out_meta_row_o  (),
      .out_meta_step_o (),
      .out_meta_group_o()
  );

  // ---------------------------------------------------------------- the step, as the documents say

  logic ints, fp8, wide, tf32, bytes, legal;
  assign ints = fmt_a_i <= 3'd1 && fmt_b_i <= 3'd1;
  assign fp8 = (fmt_a_i == 3'd5 || fmt_a_i == 3'd6) && (fmt_b_i == 3'd5 || fmt_b_i == 3'd6);
  assign wide = (fmt_a_i == 3'd2 || fmt_a_i == 3'd3) && fmt_a_i == fmt_b_i;  // 16 bits
  assign tf32 = fmt_a_i == 3'd4 && fmt_b_i == 3'd4;
  assign bytes = ints || fp8;
  assign legal = acc_f16_i ? (fp8 || (wide && fmt_a_i == 3'd2)) : (bytes || wide || tf32);

  // More elements than a step has are not given.
  always_comb assume (len_i <= (bytes ? StepBytes : wide ? StepBytes / 2 : StepBytes / 4));

  // Signed integers of B reach the multipliers with their top bit flipped.
  logic flip;
  assign flip = ints && fmt_b_i == 3'd0;

  // The element of A and the one of B it meets, by the byte of A; 0 where it is not in use.
  logic [StepBytes*8-1:0] a_expect, b_expect;
  logic [StepBytes-1:0]   used;

  for (genvar i = 0; i < StepBytes; i++) begin : gen_byte
    // as a byte, as part of half-word i/2, as part of word i/4
    logic [3:0]  nibble8, nibble16, nibble32;
    logic [1:0]  index8, index16;
    logic [31:0] chunk8;
    logic [63:0] chunk16, chunk32;
    logic [7:0]  dense;
    assign nibble8 = meta_i[4*(i/2)+:4];
    assign nibble16 = meta_i[4*(i/4)+:4];
    assign nibble32 = meta_i[4*(i/4)+:4];
    assign index8 = (i % 2 == 0) ? nibble8[1:0] : nibble8[3:2];
    assign index16 = (i / 2 % 2 == 0) ? nibble16[1:0] : nibble16[3:2];
    assign chunk8 = b_i[32*(i/2)+:32] >> {index8, 3'd0};
    assign chunk16 = b_i[64*(i/4)+:64] >> {index16, 4'd0};
    assign chunk32 = b_i[64*(i/4)+:64] >> {nibble32[1], 5'd0};
    assign dense = b_i[8*i+:8];
    assign used[i] = legal && (bytes ? 32'(len_i) > i : wide ? 32'(len_i) > i / 2 : 32'(len_i) > i / 4);
    assign a_expect[8*i+:8] = used[i] ? a_i[8*i+:8] : 8'd0;
    assign b_expect[8*i+:8] = !used[i] ? 8'd0 :
                              (!sparse_i ? dense : bytes ? chunk8[7:0] : wide ? chunk16[8*(i%2)+:8]
                                                                              : chunk32[8*(i%4)+:8]) ^ {flip, 7'd0};
  end

  // ---------------------------------------------------------------- what the multipliers get

  logic [StepBytes*8-1:0] watch_a;

  // Where byte i stands: in order, but for sparse bytes, of which the middle two of four change places.
  function automatic int place(input logic swap, input int i);
    place = (swap && i % 4 == 1) ? i + 1 : (swap && i % 4 == 2) ? i - 1 : i;
  endfunction

  logic swap;
  assign swap = sparse_i && legal && bytes;

  for (genvar j = 0; j < Quads; j++) begin : gen_quad
    logic [31:0]  watch_b;
    logic [127:0] watch_pick;
    for (genvar l = 0; l < 4; l++) begin : gen_lane
      localparam int Swapped = 4 * j + (l == 1 ? 2 : l == 2 ? 1 : l);
      logic [7:0] a, b;
      logic       in_use;
      logic [3:0] select, full;
      assign a = swap ? a_expect[8*Swapped+:8] : a_expect[8*(4*j+l)+:8];
      assign b = swap ? b_expect[8*Swapped+:8] : b_expect[8*(4*j+l)+:8];
      assign in_use = swap ? used[Swapped] : used[4*j+l];
      assign select = {watch_pick[96+8*l], watch_pick[64+8*l], watch_pick[32+8*l], watch_pick[8*l]};
      for (genvar c = 0; c < 4; c++) begin : gen_candidate
        assign full[c] = watch_pick[32*c+8*l+:8] == {8{select[c]}};
      end
      always_comb begin
        if (cycle_q == 3'd4) begin
          assert (watch_a[8*(4*j+l)+:8] == a);
          assert (watch_b[8*l+:8] == b);
        end
        if (cycle_q == 3'd3) begin
          assert (full == 4'b1111);
          assert (in_use ? $onehot(select) : select == 4'd0);
          // dense is nibble 4: the first two candidates
          if (in_use && !sparse_i) assert (select == (l < 2 ? 4'b0001 : 4'b0010));
          // the plain selects of the nibble, whatever it is
          if (in_use && sparse_i && wide) assert (select == (4'b0001 << (l < 2 ? meta_i[4*j+:2] : meta_i[4*j+2+:2])));
          if (in_use && sparse_i && tf32) assert (select == (4'b0001 << {meta_i[4*j+1], l >= 2}));
          if (in_use && sparse_i && bytes)
            assert (select == (4'b0001 << (l < 2 ? meta_i[8*j+4*(l%2)+:2] : meta_i[8*j+4*(l%2)+2+:2])));
        end
      end
    end
  end

  // ---------------------------------------------------------------- which nibbles are legal

  logic              watch_illegal, illegal;
  logic [GroupW-1:0] watch_group, group;

  always_comb begin
    illegal = 1'b0;
    group = '0;
    for (int g = StepBytes / 2 - 1; g >= 0; g--) begin
      if (legal && sparse_i && (tf32 ? 32'(len_i) > g : 32'(len_i) > 2 * g)) begin
        if (tf32 ? (meta_i[4*(g%(StepBytes/2))+:4] != 4'h4 && meta_i[4*(g%(StepBytes/2))+:4] != 4'hE)
                 : (!any_i && meta_i[4*g+:2] >= meta_i[4*g+2+:2])) begin
          illegal = 1'b1;
          group = g[GroupW-1:0];
        end
      end
    end
    if (cycle_q == 3'd3) begin
      assert (watch_illegal == illegal);
      if (illegal) assert (watch_group == group);
    end
  end

endmodule
