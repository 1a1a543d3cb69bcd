// SPDX-License-Identifier: Apache-2.0
// Constants and functions that the modules of the engine share (docs/gemm.md).
package spmma_gemm_pkg;

  // The core alone is a top too, and uses none of these.
  /* verilator lint_off UNUSEDPARAM */

  // Operands, as the ERROR register names them.
  localparam logic [2:0] OperandA = 3'd0;
  localparam logic [2:0] OperandE = 3'd1;
  localparam logic [2:0] OperandB = 3'd2;
  localparam logic [2:0] OperandC = 3'd3;
  localparam logic [2:0] OperandD = 3'd4;

  // Error codes.
  localparam int CodeW = 4;
  localparam logic [CodeW-1:0] ErrSize   = 4'd1;
  localparam logic [CodeW-1:0] ErrFormat = 4'd2;
  localparam logic [CodeW-1:0] ErrAlign  = 4'd3;
  localparam logic [CodeW-1:0] ErrWrap   = 4'd4;
  localparam logic [CodeW-1:0] ErrWindow = 4'd5;
  localparam logic [CodeW-1:0] ErrRead   = 4'd6;
  localparam logic [CodeW-1:0] ErrWrite  = 4'd7;
  localparam logic [CodeW-1:0] ErrMeta   = 4'd8;
  localparam logic [CodeW-1:0] ErrAbort  = 4'd9;

  // An error with its position: {code, operand, entry, row, group}. Who finds one says as much of it as it can choose: only
  // that of illegal metadata has a group.
  localparam int SizeW  = 24;  // bits of M, N, K, BATCH and of positions
  localparam int ErrorW = CodeW + 3 + 3 * SizeW;
  localparam int ReaderErrorW  = CodeW + 3 + 2 * SizeW;  // {code, operand, entry, row}
  localparam int ShifterErrorW = 3 + 2 * SizeW;          // {operand, entry, row} of a read that failed
  localparam int WriterErrorW  = CodeW + 2 * SizeW;      // {code, entry, row} in D

  // Counters of strips and steps run freely; only differences count, and none reaches half their range.
  localparam int TallyW = 12;

  // An address with its carry: bit 64 set is an address beyond the address space.
  localparam int AddrW = 65;

  // Why no step was issued in a cycle.
  localparam int StallStart = 0;
  localparam int StallA     = 1;
  localparam int StallMeta  = 2;
  localparam int StallB     = 3;
  localparam int StallC     = 4;
  localparam int StallD     = 5;
  localparam int StallChain = 6;
  localparam int Stalls     = 7;

  // log2 of the bytes of an element of A or B.
  function automatic logic [1:0] log_bytes(input logic [2:0] fmt);
    case (fmt)
      3'd2, 3'd3: log_bytes = 2'd1;  // FP16, BF16
      3'd4:       log_bytes = 2'd2;  // TF32
      default:    log_bytes = 2'd0;
    endcase
  endfunction

  // ---------------------------------------------------------------- what travels between the modules

  // A burst of reads, from the reader to the shifter: where its bytes go. "Segment": the bytes of one row.
  localparam int ReadSlot    = 0;    // the job's slot
  localparam int ReadOperand = 1;    // 3 bits
  localparam int ReadRing    = 4;    // 8: strip of its ring, or half of B's buffer
  localparam int ReadRow     = 12;   // 10: row of the strip, or row of B in the K block
  localparam int ReadOffset  = 22;   // 6: of the segment's first byte in its beat
  localparam int ReadLast    = 28;   // its last burst
  localparam int ReadSingle  = 29;   // the segment is one beat
  localparam int ReadFlush   = 30;   // its last word comes a cycle after its last beat
  localparam int ReadDone    = 31;   // with it a strip, or B for a step, is complete
  localparam int ReadLog     = 32;   // 2: log2 of an element's bytes
  localparam int ReadAny     = 34;   // all nibbles are legal
  localparam int ReadTf32    = 35;
  localparam int ReadCodes   = 36;   // 9: nibbles in the segment to be checked
  localparam int ReadEntry   = 45;   // 24: batch entry
  localparam int ReadLine    = 69;   // 24: row of the matrix
  localparam int ReadGroup   = 93;   // 24: first group of the segment
  localparam int ReadW       = 117;

  // A K block, from the reader to the sequencer.
  localparam int PlanSlot     = 0;
  localparam int PlanJobEnd   = 1;   // the job's last
  localparam int PlanFirst    = 2;   // the block's first
  localparam int PlanLast     = 3;   // the block's last
  localparam int PlanCopy     = 4;   // K = 0: C, or 0, passes to D
  localparam int PlanHasC     = 5;
  localparam int PlanFmtA     = 6;   // 3
  localparam int PlanFmtB     = 9;   // 3
  localparam int PlanAcc16    = 12;
  localparam int PlanSaturate = 13;
  localparam int PlanSparse   = 14;
  localparam int PlanAny      = 15;
  localparam int PlanStrips   = 16;  // 8
  localparam int PlanTiles    = 24;  // 8: of a strip
  localparam int PlanSteps    = 32;  // 8
  localparam int PlanLastLen  = 40;  // 8: elements of a row in the last step
  localparam int PlanLastRows = 48;  // 8: rows of the last strip
  localparam int PlanLastCols = 56;  // 8: columns of a strip's last tile
  localparam int PlanLogGroup = 64;  // 3: log2 of the strips of a group
  localparam int PlanW        = 67;

  // A block of D, from the reader to the writer.
  localparam int BlockSlot   = 0;
  localparam int BlockJobEnd = 1;    // the job's last
  localparam int BlockRowsN  = 2;    // 10: rows, 0 in an empty job
  localparam int BlockBytesN = 12;   // 12: bytes of a row
  localparam int BlockLine   = 24;   // 24: its first row in D
  localparam int BlockEntry  = 48;   // 24
  localparam int BlockPitch  = 72;   // 32
  localparam int BlockBase   = 104;  // AddrW
  localparam int BlockW      = 169;

endpackage
