// SPDX-License-Identifier: Apache-2.0
// A sparse step is the dense product of the expanded operand: for every value, every B and every legal nibble, the non-zero
// elements of the expanded A meet, in dense steps, the elements of B that the stored ones meet in the sparse step, and
// every other product of the dense steps has a zero of A. A zero product takes part in nothing (numerics.md), so both are the
// same sum. The expansion is written from interfaces.md; a set of parameters for each width of elements.
//
// mode: bmc 4:5
// without: assertions
// parameters: Format=0
// parameters: Format=2
// parameters: Format=4
// count: 3
// watch: gen_step[#].watch_a = gen_step[#].u_core.gen_row[0].u_row.a_bytes2_q
// watch: gen_step[#].watch_b0 = gen_step[#].u_core.gen_row[0].u_row.gen_col[0].u_dot.gen_quad[0].u_quad.b2_q
// watch: gen_step[#].watch_b1 = gen_step[#].u_core.gen_row[0].u_row.gen_col[0].u_dot.gen_quad[1].u_quad.b2_q
// bug: 4:5 spmma_meta.sv: even[3:2]) & ==> odd[3:2]) &
// bug: 4:5 spmma_arrange.sv: {two[63:56], two[31:24], ==> {two[31:24], two[63:56],
// bug: 4:5 spmma_arrange.sv: default: b_q <= {64'd0, twice(dense)} ==> default: b_q <= {64'd0, twice(group[31:0])}
module formal_sparse #(
    parameter int Format = 0  // 0: bytes; 2: half-words; 4: words (TF32, 1:2)
) (
    input logic clk_i
);

  localparam int Width = Format == 0 ? 8 : Format == 2 ? 16 : 32;
  localparam int Stored = 64 / Width;                    // elements of A in the sparse step
  localparam int Group = Format == 4 ? 2 : 4;            // elements of a group, half of them stored
  localparam int Kept = Group / 2;
  localparam int Groups = Stored / Kept;

  (* anyconst *) logic [63:0]  values;
  (* anyconst *) logic [15:0]  meta;
  (* anyconst *) logic [127:0] b;

  // Ascending indices only; TF32 has nibbles 4 and E.
  for (genvar g = 0; g < Groups; g++) begin : gen_legal
    always_comb assume (Format == 4 ? (meta[4*g+:4] == 4'h4 || meta[4*g+:4] == 4'hE) : meta[4*g+:2] < meta[4*g+2+:2]);
  end

  logic [127:0]         expanded;
  logic [4*Stored-1:0]  places;  // of the stored elements, in the expanded operand
  always_comb begin
    expanded = '0;
    places = '0;
    for (int i = 0; i < Stored; i++) begin
      places[4*i+:4] = 4'(Group * (i / Kept)) +
                       ((Format == 4) ? {3'd0, meta[4*(i/Kept)+1]} : {2'd0, meta[4*(i/Kept)+2*(i%Kept)+:2]});
      for (int j = 0; j < 2 * Stored; j++) begin
        if (places[4*i+:4] == 4'(j)) expanded[Width*j+:Width] = values[Width*i+:Width];
      end
    end
  end

  // One step after reset: accepted in cycle 1, issued in 2, decoded in 3, gathered in 4.
  logic [2:0] cycle_q = 3'd0;
  always_ff @(posedge clk_i) if (cycle_q != 3'd7) cycle_q <= cycle_q + 3'd1;

  // Step 0 is the sparse one, steps 1 and 2 are the halves of the dense one.
  logic [3*64-1:0] a_met, b_met;

  for (genvar s = 0; s < 3; s++) begin : gen_step
    logic [63:0] watch_a;
    logic [31:0] watch_b0, watch_b1;

    spmma_core #(
        .Rows     (1),
        .Cols     (1),
        .StepBytes(8),
        .Formats  (127),
        .AccSlots (2),
        .OutDepth (2)
    ) u_core (
        .clk_i,
        .rst_ni          (cycle_q != 3'd0),
        .in_valid_i      (cycle_q == 3'd1),
        .in_ready_o      (),
        .in_a_i          (s == 0 ? values : s == 1 ? expanded[63:0] : expanded[127:64]),
        .in_meta_i       (meta),
        .in_b_i          (s == 2 ? {64'd0, b[127:64]} : b),
        .in_c_i          (32'd0),
        .in_fmt_a_i      (3'(Format)),
        .in_fmt_b_i      (3'(Format)),
        .in_acc_f16_i    (1'b0),
        .in_saturate_i   (1'b0),
        .in_sparse_i     (s == 0),
        .in_meta_any_i   (1'b0),
        .in_len_i        (4'(Stored)),
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

    // In the order of the elements: the middle two bytes of four change places in a sparse step of bytes.
    for (genvar q = 0; q < 2; q++) begin : gen_quad
      logic [31:0] a, b4;
      assign a = watch_a[32*q+:32];
      assign b4 = q == 0 ? watch_b0 : watch_b1;
      assign a_met[64*s+32*q+:32] = (s == 0 && Format == 0) ? {a[31:24], a[15:8], a[23:16], a[7:0]} : a;
      assign b_met[64*s+32*q+:32] = (s == 0 && Format == 0) ? {b4[31:24], b4[15:8], b4[23:16], b4[7:0]} : b4;
    end
  end

  logic [127:0] dense_a, dense_b;
  assign dense_a = a_met[191:64];
  assign dense_b = b_met[191:64];

  for (genvar i = 0; i < Stored; i++) begin : gen_stored
    always_comb begin
      if (cycle_q == 3'd4) begin
        for (int j = 0; j < 2 * Stored; j++) begin
          if (places[4*i+:4] == 4'(j)) begin
            assert (dense_a[Width*j+:Width] == a_met[Width*i+:Width]);
            assert (dense_b[Width*j+:Width] == b_met[Width*i+:Width]);
          end
        end
      end
    end
  end

  for (genvar j = 0; j < 2 * Stored; j++) begin : gen_other
    logic [Stored-1:0] stored;
    for (genvar i = 0; i < Stored; i++) begin : gen_place
      assign stored[i] = places[4*i+:4] == 4'(j);
    end
    always_comb if (cycle_q == 3'd4 && stored == '0) assert (dense_a[Width*j+:Width] == '0);
  end

endmodule
