// SPDX-License-Identifier: Apache-2.0
// spmma_operands' B, its banks included. A unit is Cols bytes: an element of a row, of all columns of a tile, is one, two or four of
// them. Row k is written rotated by k elements over the banks (docs/gemm.md): each unit of a word of B goes to its bank and its
// place there, and nothing else is written; two cycles after a step b_o has, column by column, the units that the step takes, as they
// follow one another from bank to bank; otherwise it keeps its value. All inputs are free: what is beyond the end of a half, or of
// the buffer, is what follows it. A, metadata and C are other proofs: operands.sv, operands_c.sv.
//
// Every cycle is compared with the one before it, from any state, which makes the proof one of all runs.
//
// mode: induction 1
// memory: registers
// free: */*u_a
// free: */*u_e
// free: */*u_c
// parameters: Rows=2 Cols=2 StepBytes=8 Sparse=1 DataBits=128 BlockRows=8 BlockBytes=16 KBytes=16 CStrips=4
// count: 32
// watch: gen_word[#].b0 = u_operands.gen_bank[0].u_b.mem_q[#]
// watch: gen_word[#].b1 = u_operands.gen_bank[1].u_b.mem_q[#]
// watch: gen_word[#].b2 = u_operands.gen_bank[2].u_b.mem_q[#]
// watch: gen_word[#].b3 = u_operands.gen_bank[3].u_b.mem_q[#]
// watch: gen_word[#].b4 = u_operands.gen_bank[4].u_b.mem_q[#]
// watch: gen_word[#].b5 = u_operands.gen_bank[5].u_b.mem_q[#]
// watch: gen_word[#].b6 = u_operands.gen_bank[6].u_b.mem_q[#]
// watch: gen_word[#].b7 = u_operands.gen_bank[7].u_b.mem_q[#]
// watch: gen_word[#].b8 = u_operands.gen_bank[8].u_b.mem_q[#]
// watch: gen_word[#].b9 = u_operands.gen_bank[9].u_b.mem_q[#]
// watch: gen_word[#].b10 = u_operands.gen_bank[10].u_b.mem_q[#]
// watch: gen_word[#].b11 = u_operands.gen_bank[11].u_b.mem_q[#]
// watch: gen_word[#].b12 = u_operands.gen_bank[12].u_b.mem_q[#]
// watch: gen_word[#].b13 = u_operands.gen_bank[13].u_b.mem_q[#]
// watch: gen_word[#].b14 = u_operands.gen_bank[14].u_b.mem_q[#]
// watch: gen_word[#].b15 = u_operands.gen_bank[15].u_b.mem_q[#]
// watch: watch_units = u_operands.b1
// watch: watch_valid = u_operands.valid1_q
// watch: watch_base = u_operands.base1_q
// watch: watch_log = u_operands.log_a1_q
// bug: 2 spmma_operands.sv: assign tile = (unit_base + 12'(place)) >> log_w ==> assign tile = (unit_base + 12'(place)) >> log_w[0]
// bug: 4 spmma_operands.sv: if (valid1_q) log_a2_q ==> if (valid1_q && !first1_q) log_a2_q
// bug: 2 spmma_operands.sv: 12'(half_i) << $clog2(HalfWords)) + ==> 12'(half_i) << $clog2(HalfWords)) |
module formal_operands_b #(
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

  localparam int UnitW = Cols * 8;
  localparam int WordUnits = DataBits / UnitW;
  localparam int StepUnits = StepBytes * (Sparse != 0 ? 2 : 1);
  localparam int Banks = StepUnits > WordUnits ? StepUnits : WordUnits;
  localparam int Tiles = BlockBytes / Cols;  // of a row, with elements of a byte
  localparam int Half = KBytes * (Sparse != 0 ? 2 : 1) * Tiles / Banks;
  localparam int Words = 2 * Half;           // of a bank
  localparam int WordW = $clog2(Words);
  localparam int BankW = $clog2(Banks);

  logic [Cols*StepUnits*8-1:0] b;

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
      .b_o   (b),
      .c_o   ()
  );

  logic begun_q = 1'b0;
  logic between_q = 1'b0;  // what the cycle before held is known
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    between_q <= begun_q;
  end

  // ---------------------------------------------------------------- what words do, in the cycle after them

  logic [9:0] above;  // units of the rows above the word's
  logic [1:0] log_w;
  assign log_w = word_read_i[spmma_gemm_pkg::ReadLog+:2];
  assign above = word_read_i[spmma_gemm_pkg::ReadRow+:10] << log_w;

  // Each bank: which unit of the word goes there, if one does, and where to.
  logic [Banks-1:0]       to_q;
  logic [Banks*WordW-1:0] place_q;
  logic [Banks*UnitW-1:0] data_q;
  for (genvar n = 0; n < Banks; n++) begin : gen_to
    logic [BankW-1:0] unit;
    logic [31:0]      tile;
    logic [UnitW-1:0] data;
    assign unit = BankW'(n - 32'(above) - 32'(word_index_i) * WordUnits);
    assign tile = (32'(word_index_i) * WordUnits + 32'(unit)) >> log_w;
    always_comb begin
      data = '0;
      for (int u = 0; u < WordUnits; u++) begin
        if (unit == BankW'(u)) data = word_i[UnitW*u+:UnitW];
      end
    end
    always_ff @(posedge clk_i) begin
      to_q[n] <= word_valid_i && word_read_i[spmma_gemm_pkg::ReadOperand+:3] == spmma_gemm_pkg::OperandB &&
                 32'(unit) < WordUnits;
      place_q[WordW*n+:WordW] <= WordW'((word_read_i[spmma_gemm_pkg::ReadRing] ? Half : 0) + 32'(above) / Banks * Tiles + tile);
      data_q[UnitW*n+:UnitW] <= data;
    end
  end

  // ---------------------------------------------------------------- what steps do, in the cycle after them and in the next

  logic [31:0]      before;  // units of the rows above the step's
  logic             step1_q, step2_q;
  logic [1:0]       log1_q, log2_q;
  logic [WordW-1:0] from1_q;  // in all banks
  logic [BankW-1:0] bank1_q, bank2_q;  // of the first unit
  assign before = 32'(step_i) * StepBytes * (sparse_i ? 2 : 1);
  always_ff @(posedge clk_i) begin
    step1_q <= step_valid_i;
    log1_q <= log_a_i;
    from1_q <= WordW'((half_i ? Half : 0) + before / Banks * Tiles + 32'(tile_i));
    bank1_q <= BankW'(before + (32'(tile_i) << log_a_i));
    step2_q <= step1_q;
    log2_q <= log1_q;
    bank2_q <= bank1_q;
  end

  logic                   watch_valid;
  logic [1:0]             watch_log;
  logic [11:0]            watch_base;
  logic [Banks*UnitW-1:0] watch_units, units_q;
  always_ff @(posedge clk_i) units_q <= watch_units;
  always_comb begin
    if (begun_q) begin
      assert (watch_valid == step1_q);
      if (step1_q) assert (watch_log == log1_q && BankW'(watch_base) == bank1_q);
    end
  end

  // ---------------------------------------------------------------- the banks

  for (genvar w = 0; w < Words; w++) begin : gen_word
    logic [UnitW-1:0]       b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15;
    logic [Banks*UnitW-1:0] is, was_q;
    assign is = {b15, b14, b13, b12, b11, b10, b9, b8, b7, b6, b5, b4, b3, b2, b1, b0};
    always_ff @(posedge clk_i) was_q <= is;
    always_comb begin
      if (begun_q) begin
        for (int n = 0; n < Banks; n++) begin
          assert (is[UnitW*n+:UnitW] ==
                  (to_q[n] && place_q[WordW*n+:WordW] == WordW'(w) ? data_q[UnitW*n+:UnitW] : was_q[UnitW*n+:UnitW]));
        end
        if (step1_q && from1_q == WordW'(w)) assert (watch_units == was_q);
      end
    end
  end

  // ---------------------------------------------------------------- what is made of what was read

  // b_o as it lies in memory, row by row: of the rows' Cols elements of e bytes, byte i is in column i / e.
  logic [StepUnits*UnitW-1:0] rows8, rows16, rows32, rows;
  for (genvar i = 0; i < StepUnits * Cols; i++) begin : gen_byte
    localparam int At8 = StepUnits * (i % Cols) + i / Cols;
    localparam int At16 = StepUnits * (i / 2 % Cols) + i / (2 * Cols) * 2 + i % 2;
    localparam int At32 = StepUnits * (i / 4 % Cols) + i / (4 * Cols) * 4 + i % 4;
    assign rows8[8*i+:8] = b[8*At8+:8];
    assign rows16[8*i+:8] = b[8*At16+:8];
    assign rows32[8*i+:8] = b[8*At32+:8];
  end
  assign rows = log2_q == 2'd0 ? rows8 : log2_q == 2'd1 ? rows16 : rows32;

  logic [Cols*StepUnits*8-1:0] was_q;
  always_ff @(posedge clk_i) was_q <= b;
  always_comb begin
    if (begun_q && between_q) begin
      if (!step2_q) assert (b == was_q);
      for (int n = 0; n < Banks; n++) begin
        for (int u = 0; u < StepUnits; u++) begin
          if (step2_q && bank2_q == BankW'(n)) assert (rows[UnitW*u+:UnitW] == units_q[UnitW*((n+u)%Banks)+:UnitW]);
        end
      end
    end
  end

endmodule
