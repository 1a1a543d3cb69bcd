// SPDX-License-Identifier: Apache-2.0
// spmma_results, its RAMs included: a read of DataBits of a row delivers, a cycle later and until the next read, what finished
// tiles last put there: element by element, packed to 16 bits or whole, in the strip that filled_o counts; a row that is not there
// is empty, and what is beyond the end of a strip, or of the ring, is the next strip, or the first. filled_o counts strips from
// reset. All inputs are free. One word of each row, any, is followed; each of its 16 bits is known from the first tile that covers
// it. The module's assertions say what its neighbours keep to.
//
// mode: induction 1
// without: assertions
// memory: registers
// parameters: Rows=2 Cols=2 DataBits=128 BlockBytes=16 DStrips=2
// parameters: Rows=2 Cols=4 DataBits=128 BlockBytes=16 DStrips=4
// long: 1
// count: DStrips*BlockBytes*32/DataBits
// watch: gen_word[#].row0 = u_results.gen_row[0].u_ram.mem_q[#]
// watch: gen_word[#].row1 = u_results.gen_row[1].u_ram.mem_q[#]
// bug: 2 spmma_results.sv: if (tile_valid_i && strip_end_i) ==> if (tile_valid_i && strip_end_i && filled_q != '1)
// bug: 2 spmma_results.sv: (half_tiles >> LogParts)); ==> (half_tiles[11:1] >> (LogParts - 1)) ^ 12'(acc16_i && half_tiles[3]));
// bug: 2 spmma_results.sv: (acc16_i ? 12'(p) : 12'(p / 2 * 2)) ==> (acc16_i ? 12'(p) : 12'(p))
// bug: 2 spmma_results.sv: assign packed16[16*c+:16] = full[32*c+:16] ==> assign packed16[16*c+:16] = full[32*c+1+:16]
// bug: 2 spmma_results.sv: if (rd_row_q == 8'(r)) ==> if (rd_row_q[6:0] == 7'(r))
module formal_results #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int DataBits   = 128,
    parameter int BlockBytes = 16,
    parameter int DStrips    = 2
) (
    input logic                    clk_i,
    input logic                    rst_ni,
    input logic                    tile_valid_i,
    input logic [Rows*Cols*32-1:0] tile_i,
    input logic [7:0]              tile_index_i,
    input logic                    acc16_i,
    input logic                    strip_end_i,
    input logic                    rd_en_i,
    input logic [7:0]              rd_ring_i,
    input logic [7:0]              rd_row_i,
    input logic [4:0]              rd_word_i
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int WordHalves = DataBits / 16;           // units of 16 bits in a word,
  localparam int StripHalves = BlockBytes * 4 / 2;     // in a strip's row,
  localparam int RingW = $clog2(DStrips * StripHalves);  // bits to number those of the ring's row,
  localparam int Words = DStrips * StripHalves / WordHalves;
  localparam int WordW = $clog2(Words);

  logic [TallyW-1:0]   filled;
  logic [DataBits-1:0] rd_data;

  spmma_results #(
      .Rows      (Rows),
      .Cols      (Cols),
      .DataBits  (DataBits),
      .BlockBytes(BlockBytes),
      .DStrips   (DStrips)
  ) u_results (
      .clk_i,
      .rst_ni,
      .tile_valid_i,
      .tile_i,
      .tile_index_i,
      .acc16_i,
      .strip_end_i,
      .filled_o (filled),
      .rd_en_i,
      .rd_ring_i,
      .rd_row_i,
      .rd_word_i,
      .rd_data_o(rd_data)
  );

  // ---------------------------------------------------------------- strips

  logic              begun_q = 1'b0;
  logic [TallyW-1:0] filled_q;  // what the counter should be
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    filled_q <= rst_ni ? filled + TallyW'(tile_valid_i && strip_end_i) : '0;
  end
  always_comb if (begun_q) assert (filled == filled_q);

  // ---------------------------------------------------------------- a word of each row

  (* anyconst *) logic [WordW-1:0] place;  // of the ring's words, strip behind strip

  // The tile's number in the ring if all tiles had its width, 16 bits an element or 32. What is beyond the ring's end wraps.
  localparam int Tiles16W = RingW - $clog2(Cols);
  logic [Tiles16W-1:0] tile16;
  logic [Tiles16W-2:0] tile32;
  assign tile16 = Tiles16W'(32'(filled) * (StripHalves / Cols) + 32'(tile_index_i));
  assign tile32 = (Tiles16W - 1)'(32'(filled) * (StripHalves / Cols / 2) + 32'(tile_index_i));

  logic             here_q = 1'b0;  // the place was read in the cycle before, in row row_q
  logic [7:0]       row_q;
  always_ff @(posedge clk_i) begin
    here_q <= rd_en_i && WordW'(32'(rd_ring_i) * (StripHalves / WordHalves) + 32'(rd_word_i)) == place;
    row_q <= rd_row_i;
  end

  // What the RAMs have there.
  logic [Words*Rows*DataBits-1:0] words;
  logic [Rows*DataBits-1:0]       held_words;
  for (genvar w = 0; w < Words; w++) begin : gen_word
    logic [DataBits-1:0] row0, row1;
    assign words[Rows*DataBits*w+:Rows*DataBits] = {row1, row0};
  end
  always_comb begin
    held_words = '0;
    for (int w = 0; w < Words; w++) begin
      if (place == WordW'(w)) held_words = words[Rows*DataBits*w+:Rows*DataBits];
    end
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [WordHalves-1:0]    known_q = '0;
    logic [WordHalves-1:0]    covered, expected_known_q;
    logic [WordHalves*16-1:0] word_q, finished, expected_q;
    logic [WordHalves*16-1:0] held;  // what the RAM has there
    assign held = held_words[WordHalves*16*r+:WordHalves*16];

    for (genvar i = 0; i < WordHalves; i++) begin : gen_half
      localparam int Col16 = i % Cols;
      localparam int Col32 = i / 2 % Cols;
      logic [RingW-1:0] at;
      assign at = RingW'(WordHalves * 32'(place) + i);
      assign covered[i] = tile_valid_i && (acc16_i ? tile16 == Tiles16W'(at / Cols) : tile32 == (Tiles16W - 1)'(at / (2 * Cols)));
      assign finished[16*i+:16] = acc16_i ? tile_i[32*(Cols*r+Col16)+:16] : tile_i[32*(Cols*r+Col32)+16*(i%2)+:16];

      always_ff @(posedge clk_i) begin
        known_q[i] <= known_q[i] || covered[i];
        if (covered[i]) word_q[16*i+:16] <= finished[16*i+:16];
        expected_known_q[i] <= known_q[i];
        expected_q[16*i+:16] <= word_q[16*i+:16];
      end
      always_comb begin
        if (here_q && row_q == 8'(r) && expected_known_q[i]) assert (rd_data[16*i+:16] == expected_q[16*i+:16]);
        if (known_q[i]) assert (held[16*i+:16] == word_q[16*i+:16]);
      end
    end
  end

  // ---------------------------------------------------------------- the other reads, and none

  logic                idle_q = 1'b0;
  logic                nowhere_q = 1'b0;
  logic [DataBits-1:0] shown_q;
  always_ff @(posedge clk_i) begin
    idle_q <= !rd_en_i;
    nowhere_q <= rd_en_i && rd_row_i >= 8'(Rows);
    shown_q <= rd_data;
  end
  always_comb begin
    if (idle_q) assert (rd_data == shown_q);
    if (nowhere_q) assert (rd_data == '0);
  end

endmodule
