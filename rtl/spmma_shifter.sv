// SPDX-License-Identifier: Apache-2.0
// Turns beats of the read channel into words that start at a row's first byte, whatever its alignment, and says where
// each goes. Counts what is complete, and looks at metadata as it passes.
`include "spmma_assert.svh"

module spmma_shifter #(
    parameter int DataBits = 512,
    parameter int KBytes   = 128
) (
    input  logic                              clk_i,
    input  logic                              rst_ni,
    // bursts asked for, in order
    input  logic                              read_push_i,
    input  logic [spmma_gemm_pkg::ReadW-1:0]  read_i,
    // the read channel
    input  logic                              r_valid_i,
    output logic                              r_ready_o,
    input  logic [DataBits-1:0]               r_data_i,
    input  logic [1:0]                        r_resp_i,
    input  logic                              r_last_i,
    output logic                              last_o,         // a burst's last beat was taken
    // a word for a buffer: word word_index_o of the segment
    output logic                              word_valid_o,
    output logic [spmma_gemm_pkg::ReadW-1:0]  word_read_o,
    output logic [4:0]                        word_index_o,
    output logic [DataBits-1:0]               word_o,
    // strips, and steps of B, that are complete, counted
    output logic [spmma_gemm_pkg::TallyW-1:0] a_loaded_o,
    output logic [spmma_gemm_pkg::TallyW-1:0] e_loaded_o,
    output logic [spmma_gemm_pkg::TallyW-1:0] b_loaded_o,
    output logic [spmma_gemm_pkg::TallyW-1:0] c_loaded_o,
    // metadata that is not legal: how many codes, and the first of them
    output logic [8:0]                        illegal_count_o,
    output logic [3*spmma_gemm_pkg::SizeW-1:0] illegal_first_o,  // {entry, row, group}
    // a read that failed
    output logic                              error_valid_o,
    output logic                              error_slot_o,
    output logic [spmma_gemm_pkg::ShifterErrorW-1:0] error_o
);

  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);
  localparam int ReadW = spmma_gemm_pkg::ReadW;
  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int Codes = KBytes / 2;  // nibbles of a segment, at most
  localparam int CodeNumberW = $clog2(Codes);

  // ---------------------------------------------------------------- the burst whose beats come

  logic             read_valid, beat;
  logic [ReadW-1:0] read;

  spmma_fifo #(
      .Width(ReadW),
      .Depth(64)
  ) u_reads (
      .clk_i,
      .rst_ni,
      .push_i (read_push_i),
      .data_i (read_i),
      .valid_o(read_valid),
      .ready_i(last_o),
      .data_o (read)
  );

  // ---------------------------------------------------------------- words

  logic [DataBits-1:0] before_q;   // the beat before this one
  logic [ReadW-1:0]    flush_read_q;
  logic                flush_q;    // the last word of a segment is left in before_q
  logic                begun_q;    // a beat of the segment has come
  logic [4:0]          index_q;    // of the next word
  logic                direct, emit;
  logic [LogData-1:0]  offset;
  logic [DataBits-1:0] low, high;
  logic                segment_end;

  assign beat = r_valid_i && r_ready_o;
  assign r_ready_o = read_valid && !flush_q;
  assign last_o = beat && r_last_i;
  assign segment_end = last_o && read[spmma_gemm_pkg::ReadLast];

  // One beat in hand makes a word where the segment is aligned, or lies within a beat; else two do.
  assign offset = flush_q ? flush_read_q[spmma_gemm_pkg::ReadOffset+:LogData] : read[spmma_gemm_pkg::ReadOffset+:LogData];
  assign direct = read[spmma_gemm_pkg::ReadSingle] || offset == '0;
  assign emit = flush_q || (beat && (direct || begun_q));
  assign low = (!flush_q && direct) ? r_data_i : before_q;
  assign high = r_data_i;

  logic                word_valid_q;
  logic [ReadW-1:0]    word_read_q;
  logic [4:0]          word_index_q;
  logic [DataBits-1:0] word_q;
  logic                word_done_q;  // the segment's last word

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      flush_q <= 1'b0;
      begun_q <= 1'b0;
      index_q <= '0;
      word_valid_q <= 1'b0;
    end else begin
      flush_q <= segment_end && read[spmma_gemm_pkg::ReadFlush];
      if (beat) begun_q <= !segment_end;
      if (flush_q || (segment_end && !read[spmma_gemm_pkg::ReadFlush])) index_q <= '0;
      else if (emit) index_q <= index_q + 5'd1;
      word_valid_q <= emit;
    end
    if (beat) begin
      before_q <= r_data_i;
      flush_read_q <= read;
    end
    if (emit) begin
      word_q <= DataBits'({high, low} >> {offset, 3'b000});
      word_read_q <= flush_q ? flush_read_q : read;
      word_index_q <= index_q;
      word_done_q <= flush_q || (segment_end && !read[spmma_gemm_pkg::ReadFlush]);
    end
  end

  assign word_valid_o = word_valid_q;
  assign word_read_o = word_read_q;
  assign word_index_o = word_index_q;
  assign word_o = word_q;

  // ---------------------------------------------------------------- what is complete

  logic              done;
  logic [2:0]        operand;
  logic [TallyW-1:0] a_loaded_q, e_loaded_q, b_loaded_q, c_loaded_q;

  assign done = word_valid_q && word_done_q && word_read_q[spmma_gemm_pkg::ReadDone];
  assign operand = word_read_q[spmma_gemm_pkg::ReadOperand+:3];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_loaded_q <= '0;
      e_loaded_q <= '0;
      b_loaded_q <= '0;
      c_loaded_q <= '0;
    end else if (done) begin
      case (operand)
        spmma_gemm_pkg::OperandE: e_loaded_q <= e_loaded_q + TallyW'(1);
        spmma_gemm_pkg::OperandB: b_loaded_q <= b_loaded_q + TallyW'(1);
        spmma_gemm_pkg::OperandC: c_loaded_q <= c_loaded_q + TallyW'(1);
        default:                  a_loaded_q <= a_loaded_q + TallyW'(1);
      endcase
    end
  end

  assign a_loaded_o = a_loaded_q;
  assign e_loaded_o = e_loaded_q;
  assign b_loaded_o = b_loaded_q;
  assign c_loaded_o = c_loaded_q;

  // ---------------------------------------------------------------- metadata

  logic [Codes-1:0]   bad;
  logic [CodeNumberW-1:0] first;
  logic [4*Codes-1:0] codes;

  assign codes = word_q[4*Codes-1:0];

  for (genvar g = 0; g < Codes; g++) begin : gen_code
    assign bad[g] = 9'(g) < word_read_q[spmma_gemm_pkg::ReadCodes+:9] &&
                    !spmma_pkg::nibble_legal(word_read_q[spmma_gemm_pkg::ReadTf32], word_read_q[spmma_gemm_pkg::ReadAny],
                                             codes[4*g+:4]);
  end

  always_comb begin
    first = '0;
    for (int g = Codes - 1; g >= 0; g--) begin
      if (bad[g]) first = CodeNumberW'(g);
    end
  end

  assign illegal_count_o = (word_valid_q && operand == spmma_gemm_pkg::OperandE) ? 9'($countones(bad)) : '0;
  assign illegal_first_o = {word_read_q[spmma_gemm_pkg::ReadEntry+:SizeW], word_read_q[spmma_gemm_pkg::ReadLine+:SizeW],
                            word_read_q[spmma_gemm_pkg::ReadGroup+:SizeW] + SizeW'(first)};

  // ---------------------------------------------------------------- errors

  assign error_valid_o = beat && r_resp_i[1];
  assign error_slot_o = read[spmma_gemm_pkg::ReadSlot];
  assign error_o = {read[spmma_gemm_pkg::ReadOperand+:3], read[spmma_gemm_pkg::ReadEntry+:SizeW],
                    read[spmma_gemm_pkg::ReadLine+:SizeW]};

  logic unused;
  assign unused = ^{r_resp_i[0], read, word_read_q, word_q};

  `SPMMA_ASSERT(ShifterExpectsBeat, !r_valid_i || read_valid)
  `SPMMA_ASSERT_IF(ShifterFlushesBetween, flush_q, !begun_q && !r_ready_o)
  `SPMMA_ASSERT_IF(ShifterSegmentStartsAtZero, !begun_q && !flush_q, index_q == '0)
  `SPMMA_ASSERT_IF(ShifterIllegalAreCodes, illegal_count_o != '0,
                   illegal_count_o <= word_read_q[spmma_gemm_pkg::ReadCodes+:9])
  `SPMMA_ASSERT_IF(ShifterWordNamesBuffer, word_valid_q, operand <= spmma_gemm_pkg::OperandC)

endmodule
