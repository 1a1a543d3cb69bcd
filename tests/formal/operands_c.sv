// SPDX-License-Identifier: Apache-2.0
// spmma_operands' C, its RAMs included: a word of C is written to its place in its strip of its row's RAM, and nothing else is; two
// cycles after a first step c_o has the tile's elements of each row, those of 16 bits with zeros above them, or, without a C, zeros;
// otherwise it keeps its value. All inputs are free: what is beyond the end of a strip, or of the ring, is the next strip, or the
// first. A and metadata are another proof: operands.sv.
//
// Every cycle is compared with the one before it, from any state, which makes the proof one of all runs.
//
// mode: induction 1
// without: assertions
// memory: registers
// free: */*u_a
// free: */*u_e
// free: */*u_b
// parameters: Rows=2 Cols=2 StepBytes=8 Sparse=1 DataBits=128 BlockRows=8 BlockBytes=16 KBytes=16 CStrips=4
// count: CStrips * BlockBytes * 32 / DataBits
// watch: gen_word[#].row0 = u_operands.gen_row[0].u_c.mem_q[#]
// watch: gen_word[#].row1 = u_operands.gen_row[1].u_c.mem_q[#]
// watch: gen_row[0].read = u_operands.gen_row[0].c1
// watch: gen_row[1].read = u_operands.gen_row[1].c1
// watch: watch_first = u_operands.first1_q
// watch: watch_has_c = u_operands.has_c1_q
// watch: watch_acc16 = u_operands.acc16_1_q
// watch: watch_half_tiles = u_operands.half_tiles1_q
// bug: 4 spmma_operands.sv: 12'(c_ring_i) << $clog2(CWords)) + ==> 12'(c_ring_i) << $clog2(CWords)) |
// bug: 4 spmma_operands.sv: assign half_tiles = acc16_i ? ==> assign half_tiles = (acc16_i || tile_i[7]) ?
// bug: 4 spmma_operands.sv: has_c1_q <= has_c_i ==> has_c1_q <= has_c_i || run_start_i
module formal_operands_c #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int StepBytes  = 8,
    parameter int Sparse     = 1,
    parameter int DataBits   = 128,
    parameter int BlockRows  = 8,
    parameter int BlockBytes = 16,
    parameter int KBytes     = 16,
    parameter int CStrips    = 4
) (
    input logic                             clk_i,
    input logic                             word_valid_i,
    input logic [spmma_gemm_pkg::ReadW-1:0] word_read_i,
    input logic [4:0]                       word_index_i,
    input logic [DataBits-1:0]              word_i,
    input logic                             step_valid_i,
    input logic                             run_start_i,
    input logic                             first_i,
    input logic                             has_c_i,
    input logic [1:0]                       log_a_i,
    input logic                             acc16_i,
    input logic                             sparse_i,
    input logic [7:0]                       a_ring_i,
    input logic [7:0]                       c_ring_i,
    input logic                             half_i,
    input logic [7:0]                       step_i,
    input logic [7:0]                       tile_i
);

  localparam int StripHalves = BlockBytes * 4 / 2;  // units of 16 bits in a strip's row,
  localparam int WordHalves = DataBits / 16;        // in a word
  localparam int Words = CStrips * StripHalves / WordHalves;
  localparam int WordW = $clog2(Words);
  localparam int Parts = WordHalves / Cols;         // tiles in a word, with elements of 16 bits

  logic [Rows*Cols*32-1:0] c;

  spmma_operands #(
      .Rows      (Rows),
      .Cols      (Cols),
      .StepBytes (StepBytes),
      .Sparse    (Sparse),
      .DataBits  (DataBits),
      .BlockRows (BlockRows),
      .BlockBytes(BlockBytes),
      .KBytes    (KBytes),
      .CStrips   (CStrips)
  ) u_operands (
      .clk_i,
      .word_valid_i,
      .word_read_i,
      .word_index_i,
      .word_i,
      .step_valid_i,
      .run_start_i,
      .first_i,
      .has_c_i,
      .log_a_i,
      .acc16_i,
      .sparse_i,
      .a_ring_i,
      .c_ring_i,
      .half_i,
      .step_i,
      .tile_i,
      .a_o   (),
      .meta_o(),
      .b_o   (),
      .c_o   (c)
  );

  logic begun_q = 1'b0;
  logic between_q = 1'b0;  // what the cycle before held is known
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    between_q <= begun_q;
  end

  // ---------------------------------------------------------------- what words do, in the cycle after them

  logic                c_q;
  logic [9:0]          row_q;
  logic [WordW-1:0]    to_q;  // of the ring's words, strip behind strip
  logic [DataBits-1:0] word_q;
  always_ff @(posedge clk_i) begin
    c_q <= word_valid_i && word_read_i[spmma_gemm_pkg::ReadOperand+:3] == spmma_gemm_pkg::OperandC;
    row_q <= word_read_i[spmma_gemm_pkg::ReadRow+:10];
    to_q <= WordW'(32'(word_read_i[spmma_gemm_pkg::ReadRing+:8]) * (StripHalves / WordHalves) + 32'(word_index_i));
    word_q <= word_i;
  end

  // ---------------------------------------------------------------- what steps do, in the cycle after them and in the next

  // The ring's first unit of 16 bits of the tile.
  logic [31:0] tile_at, tile_at1_q, tile_at2_q;
  logic        first1_q, first2_q, has_c1_q, has_c2_q, acc16_1_q, acc16_2_q;
  assign tile_at = 32'(c_ring_i) * StripHalves + (acc16_i ? 32'(tile_i) : 32'(tile_i) * 2) * Cols;
  always_ff @(posedge clk_i) begin
    tile_at1_q <= tile_at;
    first1_q <= step_valid_i && first_i;
    has_c1_q <= has_c_i;
    acc16_1_q <= acc16_i;
    tile_at2_q <= tile_at1_q;
    first2_q <= first1_q;
    has_c2_q <= has_c1_q;
    acc16_2_q <= acc16_1_q;
  end

  logic        watch_first, watch_has_c, watch_acc16;
  logic [11:0] watch_half_tiles;
  always_comb begin
    if (begun_q) begin
      assert (watch_first == first1_q);
      if (first1_q) assert (watch_has_c == has_c1_q && watch_acc16 == acc16_1_q);
      if (first1_q && has_c1_q) assert (32'(watch_half_tiles) % Parts == tile_at1_q / Cols % Parts);
      // It is a whole tile that is read.
      if (first1_q && has_c1_q) assert (tile_at1_q % (acc16_1_q ? Cols : 2 * Cols) == 0);
    end
  end

  // ---------------------------------------------------------------- the RAMs

  for (genvar w = 0; w < Words; w++) begin : gen_word
    logic [DataBits-1:0] row0, row1;
    for (genvar r = 0; r < Rows; r++) begin : gen_row
      logic [DataBits-1:0] is, was_q;
      assign is = r == 0 ? row0 : row1;
      always_ff @(posedge clk_i) was_q <= is;
      always_comb if (begun_q) assert (is == (c_q && row_q == 10'(r) && to_q == WordW'(w) ? word_q : was_q));
    end
  end

  // ---------------------------------------------------------------- what is read, and what is made of it

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [DataBits-1:0] read, read_q;
    logic [Cols*32-1:0]  is, was_q;
    assign is = c[Cols*32*r+:Cols*32];
    always_ff @(posedge clk_i) begin
      read_q <= read;
      was_q <= is;
    end

    for (genvar w = 0; w < Words; w++) begin : gen_from
      always_comb begin
        if (begun_q && first1_q && has_c1_q && WordW'(tile_at1_q / WordHalves) == WordW'(w))
          assert (read == gen_word[w].gen_row[r].was_q);
      end
    end

    always_comb begin
      if (begun_q && between_q) begin
        if (!first2_q) assert (is == was_q);
        if (first2_q && !has_c2_q) assert (is == '0);
        if (first2_q && acc16_2_q) begin
          for (int i = 0; i < Cols; i++) assert (is[32*i+16+:16] == '0);
        end
        if (first2_q && has_c2_q) begin
          for (int i = 0; i < Parts; i++) begin
            if (tile_at2_q / Cols % Parts == i && acc16_2_q) begin
              for (int j = 0; j < Cols; j++) assert (is[32*j+:16] == read_q[16*(Cols*i+j)+:16]);
            end
            if (tile_at2_q / Cols % Parts == i && !acc16_2_q) assert (is == read_q[16*Cols*(i/2*2)+:32*Cols]);
          end
        end
      end
    end
  end

endmodule
