// SPDX-License-Identifier: Apache-2.0
// The operand buffers and the way from them to the core: a step read in one cycle is in the core's ports two cycles
// later. A, E and C keep a RAM for each row of a strip. B is transposed by its skew: row k is written rotated by k
// elements over the banks, and a tile's step is read rotated back, so that neither meets a bank twice.
`include "spmma_assert.svh"

module spmma_operands #(
    parameter int Rows       = 8,
    parameter int Cols       = 4,
    parameter int StepBytes  = 16,
    parameter int Sparse     = 1,
    parameter int DataBits   = 512,
    parameter int BlockRows  = 128,
    parameter int BlockBytes = 128,
    parameter int KBytes     = 128,
    parameter int CStrips    = 8
) (
    input  logic                                    clk_i,
    // a word from the shifter
    input  logic                                    word_valid_i,
    input  logic [spmma_gemm_pkg::ReadW-1:0]        word_read_i,
    input  logic [4:0]                              word_index_i,
    input  logic [DataBits-1:0]                     word_i,
    // a step to read
    input  logic                                    step_valid_i,
    input  logic                                    run_start_i,   // its first tile: A and E are read
    input  logic                                    first_i,       // C is read
    input  logic                                    has_c_i,
    input  logic [1:0]                              log_a_i,       // log2 of the bytes of an element of A and B
    input  logic                                    acc16_i,
    input  logic                                    sparse_i,
    input  logic [7:0]                              a_ring_i,      // strip of the A and E rings
    input  logic [7:0]                              c_ring_i,
    input  logic                                    half_i,        // of B's buffer
    input  logic [7:0]                              step_i,        // of the K block
    input  logic [7:0]                              tile_i,        // of the strip
    // two cycles later
    output logic [Rows*StepBytes*8-1:0]             a_o,
    output logic [Rows*StepBytes*2-1:0]             meta_o,
    output logic [Cols*StepBytes*8*(Sparse!=0?2:1)-1:0] b_o,
    output logic [Rows*Cols*32-1:0]                 c_o
);

  localparam int DataBytes = DataBits / 8;
  localparam int LogStep = $clog2(StepBytes);

  logic [2:0] operand;
  logic [7:0] ring;
  logic [9:0] row;
  logic [1:0] log_w;
  assign operand = word_read_i[spmma_gemm_pkg::ReadOperand+:3];
  assign ring = word_read_i[spmma_gemm_pkg::ReadRing+:8];
  assign row = word_read_i[spmma_gemm_pkg::ReadRow+:10];
  assign log_w = word_read_i[spmma_gemm_pkg::ReadLog+:2];

  // What the step needs once its data is out of the RAMs.
  logic       valid1_q, run_start1_q, first1_q, has_c1_q, acc16_1_q, sparse1_q;
  logic [1:0] log_a1_q, log_a2_q;
  logic [7:0] step1_q;

  // Where the tile begins in a row of C, in tiles of 16-bit elements.
  logic [11:0] half_tiles, half_tiles1_q;
  assign half_tiles = acc16_i ? {4'd0, tile_i} : {3'd0, tile_i, 1'b0};

  always_ff @(posedge clk_i) begin
    valid1_q <= step_valid_i;
    run_start1_q <= step_valid_i && run_start_i;
    first1_q <= step_valid_i && first_i;
    if (step_valid_i) begin
      has_c1_q <= has_c_i;
      acc16_1_q <= acc16_i;
      sparse1_q <= sparse_i;
      log_a1_q <= log_a_i;
      step1_q <= step_i;
      half_tiles1_q <= half_tiles;
    end
    if (valid1_q) log_a2_q <= log_a1_q;
  end

  // ---------------------------------------------------------------- A: DataBits of a row at a time, a step is a part

  localparam int AWords = KBytes / DataBytes;          // words of a row in a strip
  localparam int LogAWords = $clog2(AWords);
  localparam int ADepth = 2 * BlockRows / Rows * AWords;
  localparam int AStepsLog = $clog2(DataBytes / StepBytes);  // steps in a word
  localparam int AAddrW = $clog2(ADepth);

  logic [AAddrW-1:0] a_wr, a_rd;
  logic [7:0]        a_part1;
  assign a_wr = AAddrW'((12'(ring) << LogAWords) + 12'(word_index_i));
  assign a_rd = AAddrW'((12'(a_ring_i) << LogAWords) + (12'(step_i) >> AStepsLog));
  assign a_part1 = step1_q & 8'(DataBytes / StepBytes - 1);

  // ---------------------------------------------------------------- E: one word a strip, a quarter of A's bytes

  localparam int EBits = KBytes * 2;
  localparam int EDepth = 2 * BlockRows / Rows;
  localparam int EAddrW = $clog2(EDepth);

  // ---------------------------------------------------------------- C: DataBits of a row at a time, a tile is a part

  localparam int CWords = BlockBytes * 4 / DataBytes;
  localparam int CAddrW = $clog2(CStrips * CWords);
  localparam int CParts = DataBytes / (Cols * 2);      // tiles of 16-bit elements in a word
  localparam int LogCParts = $clog2(CParts);

  logic [CAddrW-1:0] c_wr, c_rd;
  logic [7:0]        c_part1;
  assign c_wr = CAddrW'((12'(ring) << $clog2(CWords)) + 12'(word_index_i));
  assign c_rd = CAddrW'((12'(c_ring_i) << $clog2(CWords)) + (half_tiles >> LogCParts));
  assign c_part1 = 8'(half_tiles1_q) & 8'(CParts - 1);

  // A part of a word, without variable part-selects.
  function automatic logic [StepBytes*8-1:0] a_part(input logic [DataBits-1:0] word, input logic [7:0] part);
    a_part = '0;
    for (int i = 0; i < DataBytes / StepBytes; i++) begin
      if (part == 8'(i)) a_part = word[StepBytes*8*i+:StepBytes*8];
    end
  endfunction

  // A step's nibbles: StepBytes/4 bytes of them in 8-bit formats, half as many, in the low half, in others.
  function automatic logic [StepBytes*2-1:0] e_part(input logic [EBits-1:0] word, input logic [7:0] step, input logic is8);
    e_part = '0;
    for (int i = 0; i < KBytes / StepBytes; i++) begin
      if (step == 8'(i)) begin
        e_part = is8 ? word[StepBytes*2*i+:StepBytes*2] : {{StepBytes{1'b0}}, word[StepBytes*i+:StepBytes]};
      end
    end
  endfunction

  function automatic logic [Cols*32-1:0] c_part(input logic [DataBits-1:0] word, input logic [7:0] part,
                                                input logic acc16);
    logic [Cols*32-1:0] found;
    begin
      found = '0;
      for (int i = 0; i < CParts; i++) begin
        if (part == 8'(i) && acc16) found[Cols*16-1:0] = word[Cols*16*i+:Cols*16];
        if (part == 8'(i) && !acc16) found = word[Cols*16*(i/2*2)+:Cols*32];
      end
      c_part = found;
      if (acc16) begin
        for (int c = 0; c < Cols; c++) c_part[32*c+:32] = {16'd0, found[16*c+:16]};
      end
    end
  endfunction

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic                     this_row;
    logic [DataBits-1:0]      a1, c1;
    logic [EBits-1:0]         e1;
    logic [StepBytes*8-1:0]   a2_q;
    logic [StepBytes*2-1:0]   meta2_q;
    logic [Cols*32-1:0]       c2_q;

    assign this_row = word_valid_i && row == 10'(r);

    spmma_ram #(
        .Width(DataBits),
        .Depth(ADepth)
    ) u_a (
        .clk_i,
        .wr_en_i  (this_row && operand == spmma_gemm_pkg::OperandA),
        .wr_addr_i(a_wr),
        .wr_data_i(word_i),
        .rd_en_i  (step_valid_i && run_start_i),
        .rd_addr_i(a_rd),
        .rd_data_o(a1)
    );

    if (Sparse != 0) begin : gen_e
      spmma_ram #(
          .Width(EBits),
          .Depth(EDepth)
      ) u_e (
          .clk_i,
          .wr_en_i  (this_row && operand == spmma_gemm_pkg::OperandE),
          .wr_addr_i(EAddrW'(ring)),
          .wr_data_i(word_i[EBits-1:0]),
          .rd_en_i  (step_valid_i && run_start_i && sparse_i),
          .rd_addr_i(EAddrW'(a_ring_i)),
          .rd_data_o(e1)
      );
    end else begin : gen_no_e
      assign e1 = '0;
    end

    spmma_ram #(
        .Width(DataBits),
        .Depth(CStrips * CWords)
    ) u_c (
        .clk_i,
        .wr_en_i  (this_row && operand == spmma_gemm_pkg::OperandC),
        .wr_addr_i(c_wr),
        .wr_data_i(word_i),
        .rd_en_i  (step_valid_i && first_i && has_c_i),
        .rd_addr_i(c_rd),
        .rd_data_o(c1)
    );

    always_ff @(posedge clk_i) begin
      if (run_start1_q) begin
        a2_q <= a_part(a1, a_part1);
        if (sparse1_q) meta2_q <= e_part(e1, step1_q, log_a1_q == 2'd0);
      end
      if (first1_q) c2_q <= has_c1_q ? c_part(c1, c_part1, acc16_1_q) : '0;
    end

    assign a_o[StepBytes*8*r+:StepBytes*8] = a2_q;
    assign meta_o[StepBytes*2*r+:StepBytes*2] = meta2_q;
    assign c_o[Cols*32*r+:Cols*32] = c2_q;
  end

  // ---------------------------------------------------------------- B: banks of Cols bytes

  localparam int UnitBits = Cols * 8;
  localparam int StepUnits = StepBytes * (Sparse != 0 ? 2 : 1);  // units of a sparse step of one tile
  localparam int WordUnits = DataBytes / Cols;                   // units of a word
  localparam int RowUnits = BlockBytes / Cols;                   // units of a row of a block
  localparam int Banks = (StepUnits > WordUnits) ? StepUnits : WordUnits;
  localparam int LogBanks = $clog2(Banks);
  localparam int LogRowUnits = $clog2(RowUnits);
  localparam int HalfWords = KBytes * (Sparse != 0 ? 2 : 1) * RowUnits / Banks;
  localparam int BAddrW = $clog2(2 * HalfWords);

  // Rotates units upwards.
  function automatic logic [Banks*UnitBits-1:0] rotate(input logic [Banks*UnitBits-1:0] units,
                                                       input logic [LogBanks-1:0] amount);
    logic [Banks*UnitBits-1:0] x;
    begin
      x = units;
      for (int i = 0; i < LogBanks; i++) begin
        if (amount[i]) x = (x << (UnitBits << i)) | (x >> ((Banks - (1 << i)) * UnitBits));
      end
      rotate = x;
    end
  endfunction

  // Unit u of row k is in bank k*e + u, e units an element, at address {half, k*e / Banks, tile}.
  logic                      b_wr;
  logic [Banks-1:0]          b_wr_en;
  logic [11:0]               skew;    // k*e + first unit of the word
  logic [11:0]               unit_base;
  logic [9:0]                k_units;
  logic [Banks*UnitBits-1:0] b_wr_data, b1, b2_q;
  logic [BAddrW-1:0]         b_rd;
  logic [11:0]               base, base1_q, step_units;

  assign b_wr = word_valid_i && operand == spmma_gemm_pkg::OperandB;
  assign k_units = row << log_w;
  assign unit_base = 12'(word_index_i) << $clog2(WordUnits);
  assign skew = 12'(k_units) + unit_base;
  assign b_wr_data = rotate((Banks * UnitBits)'(word_i), skew[LogBanks-1:0]);

  assign step_units = 12'(step_i) << (sparse_i ? LogStep + 1 : LogStep);
  assign base = step_units + (12'(tile_i) << log_a_i);
  assign b_rd = BAddrW'((12'(half_i) << $clog2(HalfWords)) + ((step_units >> LogBanks) << LogRowUnits) + 12'(tile_i));

  for (genvar b = 0; b < Banks; b++) begin : gen_bank
    logic [LogBanks-1:0] place;   // unit of the word that this bank gets
    logic [11:0]         tile;    // the tile that it belongs to
    assign place = LogBanks'(b) - skew[LogBanks-1:0];
    assign tile = (unit_base + 12'(place)) >> log_w;
    assign b_wr_en[b] = b_wr && 12'(place) < 12'(WordUnits);

    spmma_ram #(
        .Width(UnitBits),
        .Depth(2 * HalfWords)
    ) u_b (
        .clk_i,
        .wr_en_i  (b_wr_en[b]),
        .wr_addr_i(BAddrW'((12'(ring[0]) << $clog2(HalfWords)) + ((12'(k_units) >> LogBanks) << LogRowUnits) + tile)),
        .wr_data_i(b_wr_data[UnitBits*b+:UnitBits]),
        .rd_en_i  (step_valid_i),
        .rd_addr_i(b_rd),
        .rd_data_o(b1[UnitBits*b+:UnitBits])
    );
  end

  always_ff @(posedge clk_i) begin
    if (step_valid_i) base1_q <= base;
    if (valid1_q) b2_q <= rotate(b1, LogBanks'(0) - base1_q[LogBanks-1:0]);
  end

  // Row by row as it lies in memory, to column by column.
  for (genvar c = 0; c < Cols; c++) begin : gen_col
    for (genvar i = 0; i < StepUnits; i++) begin : gen_byte
      localparam int At8 = i * Cols + c;
      localparam int At16 = (i / 2 * 2) * Cols + c * 2 + i % 2;
      localparam int At32 = (i / 4 * 4) * Cols + c * 4 + i % 4;
      assign b_o[8*(StepUnits*c+i)+:8] = (log_a2_q == 2'd0) ? b2_q[8*At8+:8] :
                                         (log_a2_q == 2'd1) ? b2_q[8*At16+:8] : b2_q[8*At32+:8];
    end
  end

  logic unused;
  assign unused = ^{word_read_i, skew, base1_q, b2_q, half_tiles1_q};

  `SPMMA_DATA_IF(OperandsUnitsInBanks, b_wr, $countones(b_wr_en) == WordUnits)

endmodule
