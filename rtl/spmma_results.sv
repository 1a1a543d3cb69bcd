// SPDX-License-Identifier: Apache-2.0
// The ring of finished strips of D: written tile by tile, read row by row. A RAM for each row of a strip.
`include "spmma_assert.svh"

module spmma_results #(
    parameter int Rows       = 8,
    parameter int Cols       = 4,
    parameter int DataBits   = 512,
    parameter int BlockBytes = 128,
    parameter int DStrips    = 4
) (
    input  logic                              clk_i,
    input  logic                              rst_ni,
    // a finished tile
    input  logic                              tile_valid_i,
    input  logic [Rows*Cols*32-1:0]           tile_i,
    input  logic [7:0]                        tile_index_i,  // in its strip
    input  logic                              acc16_i,       // elements of 16 bits, in the low halves
    input  logic                              strip_end_i,   // the strip's last
    output logic [spmma_gemm_pkg::TallyW-1:0] filled_o,      // strips, counted
    // DataBits of a row, a cycle later
    input  logic                              rd_en_i,
    input  logic [7:0]                        rd_ring_i,
    input  logic [7:0]                        rd_row_i,
    input  logic [4:0]                        rd_word_i,
    output logic [DataBits-1:0]               rd_data_o
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int DataBytes = DataBits / 8;
  localparam int Words = BlockBytes * 4 / DataBytes;
  localparam int AddrW = $clog2(DStrips * Words);
  localparam int Parts = DataBytes / (Cols * 2);  // tiles of 16-bit elements in a word
  localparam int LogParts = $clog2(Parts);

  logic [TallyW-1:0] filled_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) filled_q <= '0;
    else if (tile_valid_i && strip_end_i) filled_q <= filled_q + TallyW'(1);
  end

  assign filled_o = filled_q;

  logic [11:0]      half_tiles;  // where the tile begins in its row, in tiles of 16-bit elements
  logic [AddrW-1:0] wr_addr, rd_addr;
  logic [Parts-1:0] wr_en;

  assign half_tiles = acc16_i ? {4'd0, tile_index_i} : {3'd0, tile_index_i, 1'b0};
  assign wr_addr = AddrW'((12'(filled_q & TallyW'(DStrips - 1)) << $clog2(Words)) + (half_tiles >> LogParts));
  assign rd_addr = AddrW'((12'(rd_ring_i) << $clog2(Words)) + 12'(rd_word_i));

  for (genvar p = 0; p < Parts; p++) begin : gen_part
    assign wr_en[p] = tile_valid_i && ((half_tiles & 12'(Parts - 1)) == (acc16_i ? 12'(p) : 12'(p / 2 * 2)));
  end

  logic [Rows*DataBits-1:0] words;
  logic [7:0]               rd_row_q;

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [Cols*32-1:0] full;
    logic [Cols*16-1:0] packed16;
    assign full = tile_i[Cols*32*r+:Cols*32];

    for (genvar c = 0; c < Cols; c++) begin : gen_col
      assign packed16[16*c+:16] = full[32*c+:16];
    end

    spmma_ram #(
        .Width(DataBits),
        .Depth(DStrips * Words),
        .Lanes(Parts)
    ) u_ram (
        .clk_i,
        .wr_en_i  (wr_en),
        .wr_addr_i(wr_addr),
        .wr_data_i(acc16_i ? {Parts{packed16}} : {(Parts / 2) {full}}),
        .rd_en_i  (rd_en_i && rd_row_i == 8'(r)),
        .rd_addr_i(rd_addr),
        .rd_data_o(words[DataBits*r+:DataBits])
    );
  end

  always_ff @(posedge clk_i) begin
    if (rd_en_i) rd_row_q <= rd_row_i;
  end

  always_comb begin
    rd_data_o = '0;
    for (int r = 0; r < Rows; r++) begin
      if (rd_row_q == 8'(r)) rd_data_o = words[DataBits*r+:DataBits];
    end
  end

  `SPMMA_ASSERT_IF(ResultsTileInStrip, tile_valid_i, half_tiles < 12'(Words * Parts))
  `SPMMA_ASSERT_IF(ResultsWholeTile, tile_valid_i, $countones(wr_en) == (acc16_i ? 1 : 2))
  `SPMMA_ASSERT_IF(ResultsReadInRing, rd_en_i,
                   rd_ring_i < 8'(DStrips) && rd_row_i < 8'(Rows) && rd_word_i <= 5'(Words))  // one more if unaligned

endmodule
