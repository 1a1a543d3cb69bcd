// SPDX-License-Identifier: Apache-2.0
// spmma_operands' A and metadata, their RAMs included: a word of A or of metadata is written to its strip of its row's RAM, and
// nothing else is; two cycles after a run's first step a_o has, of each row, the step's bytes of the strip's word, and meta_o, if the
// step is sparse, its nibbles: in formats of 8 bits two bits a byte, in others half as many and zeros above them; for a step
// beyond the K block none. Otherwise both keep their values. All inputs are free: what is beyond the end of a strip, or of the ring,
// is the next strip, or the first. C is another proof: operands_c.sv.
//
// Every cycle is compared with the one before it, from any state, which makes the proof one of all runs.
//
// mode: induction 1
// without: assertions
// memory: registers
// free: */*u_b
// free: */*u_c
// parameters: Rows=2 Cols=2 StepBytes=8 Sparse=1 DataBits=128 BlockRows=8 BlockBytes=16 KBytes=16 CStrips=4
// count: 2 * BlockRows / Rows
// watch: gen_word[#].a0 = u_operands.gen_row[0].u_a.mem_q[#]
// watch: gen_word[#].a1 = u_operands.gen_row[1].u_a.mem_q[#]
// watch: gen_word[#].e0 = u_operands.gen_row[0].gen_e.u_e.mem_q[#]
// watch: gen_word[#].e1 = u_operands.gen_row[1].gen_e.u_e.mem_q[#]
// watch: gen_row[0].a_read = u_operands.gen_row[0].a1
// watch: gen_row[1].a_read = u_operands.gen_row[1].a1
// watch: gen_row[0].e_read = u_operands.gen_row[0].e1
// watch: gen_row[1].e_read = u_operands.gen_row[1].e1
// watch: watch_start = u_operands.run_start1_q
// watch: watch_sparse = u_operands.sparse1_q
// watch: watch_log = u_operands.log_a1_q
// watch: watch_step = u_operands.step1_q
// bug: 4 spmma_operands.sv: this_row && operand == spmma_gemm_pkg::OperandE ==> this_row && operand[1:0] == 2'd1
// bug: 4 spmma_operands.sv: word_valid_i && row == 10'(r) ==> word_valid_i && row[8:0] == 9'(r)
// bug: 4 spmma_operands.sv: assign a_part1 = step1_q & ==> assign a_part1 = step_i &
module formal_operands #(
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

  localparam int EBits = KBytes * 2;
  localparam int Words = 2 * BlockRows / Rows;      // of a RAM of A, and of metadata: a strip's row is one word
  localparam int WordW = $clog2(Words);
  localparam int Steps = DataBits / 8 / StepBytes;  // in a word of A
  localparam int StepE = StepBytes * 2;             // bits of a step's nibbles

  logic [Rows*StepBytes*8-1:0] a;
  logic [Rows*StepE-1:0]       meta;

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
      .a_o   (a),
      .meta_o(meta),
      .b_o   (),
      .c_o   ()
  );

  logic begun_q = 1'b0;
  always_ff @(posedge clk_i) begun_q <= 1'b1;

  // ---------------------------------------------------------------- what words do, in the cycle after them

  logic                valid_q;
  logic [2:0]          operand_q;
  logic [9:0]          row_q;
  logic [WordW-1:0]    a_to_q, e_to_q;
  logic [DataBits-1:0] word_q;
  always_ff @(posedge clk_i) begin
    valid_q <= word_valid_i;
    operand_q <= word_read_i[spmma_gemm_pkg::ReadOperand+:3];
    row_q <= word_read_i[spmma_gemm_pkg::ReadRow+:10];
    a_to_q <= WordW'(32'(word_read_i[spmma_gemm_pkg::ReadRing+:8]) + 32'(word_index_i));
    e_to_q <= WordW'(word_read_i[spmma_gemm_pkg::ReadRing+:8]);
    word_q <= word_i;
  end

  // ---------------------------------------------------------------- what steps do, in the cycle after them and in the next

  logic [WordW-1:0] a_from_q, e_from_q;
  logic [7:0]       step1_q, step2_q;
  logic             start1_q, start2_q, sparse1_q, sparse2_q, is8_1_q, is8_2_q;
  always_ff @(posedge clk_i) begin
    a_from_q <= WordW'(32'(a_ring_i) + 32'(step_i) / Steps);
    e_from_q <= WordW'(a_ring_i);
    start1_q <= step_valid_i && run_start_i;
    sparse1_q <= sparse_i;
    is8_1_q <= log_a_i == 2'd0;
    step1_q <= step_i;
    start2_q <= start1_q;
    sparse2_q <= sparse1_q;
    is8_2_q <= is8_1_q;
    step2_q <= step1_q;
  end

  logic       watch_start, watch_sparse;
  logic [1:0] watch_log;
  logic [7:0] watch_step;
  logic       between_q = 1'b0;  // what the cycle before held is known
  always_ff @(posedge clk_i) between_q <= begun_q;
  always_comb begin
    if (begun_q) begin
      assert (watch_start == start1_q);
      if (start1_q) assert (watch_sparse == sparse1_q && (watch_log == 2'd0) == is8_1_q && watch_step == step1_q);
    end
  end

  // ---------------------------------------------------------------- the RAMs

  for (genvar w = 0; w < Words; w++) begin : gen_word
    logic [DataBits-1:0] a0, a1;
    logic [EBits-1:0]    e0, e1;
    for (genvar r = 0; r < Rows; r++) begin : gen_row
      logic [DataBits-1:0] a_is, a_was_q;
      logic [EBits-1:0]    e_is, e_was_q;
      assign a_is = r == 0 ? a0 : a1;
      assign e_is = r == 0 ? e0 : e1;
      always_ff @(posedge clk_i) begin
        a_was_q <= a_is;
        e_was_q <= e_is;
      end
      always_comb begin
        if (begun_q) begin
          if (valid_q && row_q == 10'(r) && operand_q == spmma_gemm_pkg::OperandA && a_to_q == WordW'(w)) assert (a_is == word_q);
          else assert (a_is == a_was_q);
          if (valid_q && row_q == 10'(r) && operand_q == spmma_gemm_pkg::OperandE && e_to_q == WordW'(w))
            assert (e_is == word_q[EBits-1:0]);
          else assert (e_is == e_was_q);
        end
      end
    end
  end

  // ---------------------------------------------------------------- what is read, and what is made of it

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [DataBits-1:0]    a_read, a_read_q;
    logic [EBits-1:0]       e_read, e_read_q;
    logic [StepBytes*8-1:0] a_is, a_was_q;
    logic [StepE-1:0]       e_is, e_was_q;
    assign a_is = a[StepBytes*8*r+:StepBytes*8];
    assign e_is = meta[StepE*r+:StepE];
    always_ff @(posedge clk_i) begin
      a_read_q <= a_read;
      e_read_q <= e_read;
      a_was_q <= a_is;
      e_was_q <= e_is;
    end

    for (genvar w = 0; w < Words; w++) begin : gen_from
      always_comb begin
        if (begun_q && start1_q && a_from_q == WordW'(w)) assert (a_read == gen_word[w].gen_row[r].a_was_q);
        if (begun_q && start1_q && sparse1_q && e_from_q == WordW'(w)) assert (e_read == gen_word[w].gen_row[r].e_was_q);
      end
    end

    always_comb begin
      if (begun_q && between_q) begin
        if (!start2_q) assert (a_is == a_was_q);
        for (int i = 0; i < Steps; i++) begin
          if (start2_q && 32'(step2_q) % Steps == i) assert (a_is == a_read_q[StepBytes*8*i+:StepBytes*8]);
        end
        if (!start2_q || !sparse2_q) assert (e_is == e_was_q);
        if (start2_q && sparse2_q) begin
          for (int i = 0; i < KBytes / StepBytes; i++) begin
            if (step2_q == 8'(i) && is8_2_q) assert (e_is == e_read_q[StepE*i+:StepE]);
            if (step2_q == 8'(i) && !is8_2_q) assert (e_is == StepE'(e_read_q[StepE/2*i+:StepE/2]));
          end
          if (step2_q >= 8'(KBytes / StepBytes)) assert (e_is == '0);
        end
      end
    end
  end

endmodule
