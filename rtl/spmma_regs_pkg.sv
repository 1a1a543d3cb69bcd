// SPDX-License-Identifier: Apache-2.0
// Made by scripts/registers.py from rtl/registers.json.
// Registers of the engine: where they are, and how the job and the counters lie in their vectors.
package spmma_regs_pkg;

  // A map names more than the RTL uses.
  /* verilator lint_off UNUSEDPARAM */

  // Byte offsets; a register of 64 bits has its upper half 4 bytes further.
  localparam logic [11:0] IdOffset              = 12'h000;
  localparam logic [11:0] VersionOffset         = 12'h004;
  localparam logic [11:0] CapsRowsOffset        = 12'h010;
  localparam logic [11:0] CapsColsOffset        = 12'h014;
  localparam logic [11:0] CapsStepBytesOffset   = 12'h018;
  localparam logic [11:0] CapsFracBitsOffset    = 12'h01C;
  localparam logic [11:0] CapsFormatsOffset     = 12'h020;
  localparam logic [11:0] CapsSparseOffset      = 12'h024;
  localparam logic [11:0] CapsPipeOffset        = 12'h028;
  localparam logic [11:0] CapsDataBitsOffset    = 12'h02C;
  localparam logic [11:0] CapsBlockRowsOffset   = 12'h030;
  localparam logic [11:0] CapsBlockBytesOffset  = 12'h034;
  localparam logic [11:0] CapsKBytesOffset      = 12'h038;
  localparam logic [11:0] CapsCStripsOffset     = 12'h03C;
  localparam logic [11:0] CapsDStripsOffset     = 12'h040;
  localparam logic [11:0] CtrlOffset            = 12'h080;
  localparam logic [11:0] StatusOffset          = 12'h084;
  localparam logic [11:0] IrqEnOffset           = 12'h088;
  localparam logic [11:0] ErrorOffset           = 12'h090;
  localparam logic [11:0] ErrorEntryOffset      = 12'h094;
  localparam logic [11:0] ErrorRowOffset        = 12'h098;
  localparam logic [11:0] ErrorGroupOffset      = 12'h09C;
  localparam logic [11:0] MetaCountOffset       = 12'h0A0;
  localparam logic [11:0] MetaEntryOffset       = 12'h0A8;
  localparam logic [11:0] MetaRowOffset         = 12'h0AC;
  localparam logic [11:0] MetaGroupOffset       = 12'h0B0;
  localparam logic [11:0] WinRdBaseOffset       = 12'h0C0;
  localparam logic [11:0] WinRdLimitOffset      = 12'h0C8;
  localparam logic [11:0] WinWrBaseOffset       = 12'h0D0;
  localparam logic [11:0] WinWrLimitOffset      = 12'h0D8;
  localparam logic [11:0] FormatOffset          = 12'h100;
  localparam logic [11:0] MOffset               = 12'h104;
  localparam logic [11:0] NOffset               = 12'h108;
  localparam logic [11:0] KOffset               = 12'h10C;
  localparam logic [11:0] BatchOffset           = 12'h110;
  localparam logic [11:0] AAddrOffset           = 12'h120;
  localparam logic [11:0] AStrideOffset         = 12'h128;
  localparam logic [11:0] APitchOffset          = 12'h130;
  localparam logic [11:0] EAddrOffset           = 12'h140;
  localparam logic [11:0] EStrideOffset         = 12'h148;
  localparam logic [11:0] EPitchOffset          = 12'h150;
  localparam logic [11:0] BAddrOffset           = 12'h160;
  localparam logic [11:0] BStrideOffset         = 12'h168;
  localparam logic [11:0] BPitchOffset          = 12'h170;
  localparam logic [11:0] CAddrOffset           = 12'h180;
  localparam logic [11:0] CStrideOffset         = 12'h188;
  localparam logic [11:0] CPitchOffset          = 12'h190;
  localparam logic [11:0] DAddrOffset           = 12'h1A0;
  localparam logic [11:0] DStrideOffset         = 12'h1A8;
  localparam logic [11:0] DPitchOffset          = 12'h1B0;
  localparam logic [11:0] CountCyclesOffset     = 12'h200;
  localparam logic [11:0] CountStepsOffset      = 12'h208;
  localparam logic [11:0] CountLanesOffset      = 12'h210;
  localparam logic [11:0] CountStallStartOffset = 12'h218;
  localparam logic [11:0] CountStallAOffset     = 12'h220;
  localparam logic [11:0] CountStallMetaOffset  = 12'h228;
  localparam logic [11:0] CountStallBOffset     = 12'h230;
  localparam logic [11:0] CountStallCOffset     = 12'h238;
  localparam logic [11:0] CountStallDOffset     = 12'h240;
  localparam logic [11:0] CountStallChainOffset = 12'h248;
  localparam logic [11:0] CountStallDrainOffset = 12'h250;
  localparam logic [11:0] CountHeldArOffset     = 12'h258;
  localparam logic [11:0] CountHeldAwOffset     = 12'h260;
  localparam logic [11:0] CountHeldWOffset      = 12'h268;
  localparam logic [11:0] CountBytesRdOffset    = 12'h270;
  localparam logic [11:0] CountBytesWrOffset    = 12'h278;
  localparam logic [11:0] CountBeatsRdOffset    = 12'h280;
  localparam logic [11:0] CountBeatsWrOffset    = 12'h288;

  // Values after reset of what never changes.
  localparam logic [31:0] IdReset = 32'h53504D4D;
  localparam logic [31:0] VersionReset = 32'h00010000;

  // Fields: lowest bit and, above one bit, width.
  localparam int CtrlStartLsb      = 0;
  localparam int CtrlAbortLsb      = 1;
  localparam int StatusBusyLsb     = 0;
  localparam int StatusQueuedLsb   = 1;
  localparam int StatusDoneLsb     = 2;
  localparam int StatusErrorLsb    = 3;
  localparam int IrqEnDoneLsb      = 0;
  localparam int IrqEnErrorLsb     = 1;
  localparam int ErrorCodeLsb      = 0;
  localparam int ErrorCodeW        = 8;
  localparam int ErrorOperandLsb   = 8;
  localparam int ErrorOperandW     = 3;
  localparam int FormatFmtALsb     = 0;
  localparam int FormatFmtAW       = 3;
  localparam int FormatFmtBLsb     = 4;
  localparam int FormatFmtBW       = 3;
  localparam int FormatAccF16Lsb   = 8;
  localparam int FormatSaturateLsb = 9;
  localparam int FormatSparseLsb   = 10;
  localparam int FormatMetaAnyLsb  = 11;
  localparam int FormatStopLsb     = 12;
  localparam int FormatHasCLsb     = 13;

  // Codes of ERROR.code.
  localparam logic [7:0] ErrorCodeNone   = 8'd0;
  localparam logic [7:0] ErrorCodeSize   = 8'd1;
  localparam logic [7:0] ErrorCodeFormat = 8'd2;
  localparam logic [7:0] ErrorCodeAlign  = 8'd3;
  localparam logic [7:0] ErrorCodeWrap   = 8'd4;
  localparam logic [7:0] ErrorCodeWindow = 8'd5;
  localparam logic [7:0] ErrorCodeRead   = 8'd6;
  localparam logic [7:0] ErrorCodeWrite  = 8'd7;
  localparam logic [7:0] ErrorCodeMeta   = 8'd8;
  localparam logic [7:0] ErrorCodeAbort  = 8'd9;

  // Codes of ERROR.operand.
  localparam logic [2:0] ErrorOperandA = 3'd0;
  localparam logic [2:0] ErrorOperandE = 3'd1;
  localparam logic [2:0] ErrorOperandB = 3'd2;
  localparam logic [2:0] ErrorOperandC = 3'd3;
  localparam logic [2:0] ErrorOperandD = 3'd4;

  // The counters in counts_i of spmma_regs, 64 bits each.
  localparam int NumCounts = 18;
  localparam int CountCycles     = 0;
  localparam int CountSteps      = 1;
  localparam int CountLanes      = 2;
  localparam int CountStallStart = 3;
  localparam int CountStallA     = 4;
  localparam int CountStallMeta  = 5;
  localparam int CountStallB     = 6;
  localparam int CountStallC     = 7;
  localparam int CountStallD     = 8;
  localparam int CountStallChain = 9;
  localparam int CountStallDrain = 10;
  localparam int CountHeldAr     = 11;
  localparam int CountHeldAw     = 12;
  localparam int CountHeldW      = 13;
  localparam int CountBytesRd    = 14;
  localparam int CountBytesWr    = 15;
  localparam int CountBeatsRd    = 16;
  localparam int CountBeatsWr    = 17;

  // What is written and read back, a word each, word 0 in the lowest bits: offset, bits that are there,
  // value after reset, and whether a write is refused while a job runs.
  localparam int StoredWords = 39;
  localparam logic [12*StoredWords-1:0] StoredOffset = {
    12'h1B0, 12'h1AC, 12'h1A8, 12'h1A4, 12'h1A0, 12'h190, 12'h18C, 12'h188, 12'h184, 12'h180, 12'h170, 12'h16C,
    12'h168, 12'h164, 12'h160, 12'h150, 12'h14C, 12'h148, 12'h144, 12'h140, 12'h130, 12'h12C, 12'h128, 12'h124,
    12'h120, 12'h110, 12'h10C, 12'h108, 12'h104, 12'h100, 12'h0DC, 12'h0D8, 12'h0D4, 12'h0D0, 12'h0CC, 12'h0C8,
    12'h0C4, 12'h0C0, 12'h088
  };
  localparam logic [32*StoredWords-1:0] StoredMask = {
    32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF,
    32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF,
    32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF,
    32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF,
    32'hFFFFFFFF, 32'h00003F77, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF,
    32'hFFFFFFFF, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'h00000003
  };
  localparam logic [32*StoredWords-1:0] StoredReset = {
    32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000,
    32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000,
    32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000,
    32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000, 32'h00000000,
    32'h00000000, 32'h00000000, 32'hFFFFFFFF, 32'hFFFFFFFF, 32'h00000000, 32'h00000000, 32'hFFFFFFFF,
    32'hFFFFFFFF, 32'h00000000, 32'h00000000, 32'h00000000
  };
  localparam logic [StoredWords-1:0] StoredLocked = {
    1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0,
    1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b0, 1'b1, 1'b1, 1'b1, 1'b1, 1'b1, 1'b1,
    1'b1, 1'b1, 1'b0
  };

  localparam int IrqEnWord      = 0;
  localparam int WinRdBaseWord  = 1;
  localparam int WinRdLimitWord = 3;
  localparam int WinWrBaseWord  = 5;
  localparam int WinWrLimitWord = 7;
  localparam int FormatWord     = 9;
  localparam int MWord          = 10;
  localparam int NWord          = 11;
  localparam int KWord          = 12;
  localparam int BatchWord      = 13;
  localparam int AAddrWord      = 14;
  localparam int AStrideWord    = 16;
  localparam int APitchWord     = 18;
  localparam int EAddrWord      = 19;
  localparam int EStrideWord    = 21;
  localparam int EPitchWord     = 23;
  localparam int BAddrWord      = 24;
  localparam int BStrideWord    = 26;
  localparam int BPitchWord     = 28;
  localparam int CAddrWord      = 29;
  localparam int CStrideWord    = 31;
  localparam int CPitchWord     = 33;
  localparam int DAddrWord      = 34;
  localparam int DStrideWord    = 36;
  localparam int DPitchWord     = 38;

  // The job in job_o of spmma_regs: lowest bit and width of each item.
  localparam int JobMLsb        = 0;
  localparam int JobMW          = 32;
  localparam int JobNLsb        = 32;
  localparam int JobNW          = 32;
  localparam int JobKLsb        = 64;
  localparam int JobKW          = 32;
  localparam int JobBatchLsb    = 96;
  localparam int JobBatchW      = 32;
  localparam int JobAAddrLsb    = 128;
  localparam int JobAAddrW      = 64;
  localparam int JobAStrideLsb  = 192;
  localparam int JobAStrideW    = 64;
  localparam int JobAPitchLsb   = 256;
  localparam int JobAPitchW     = 32;
  localparam int JobEAddrLsb    = 288;
  localparam int JobEAddrW      = 64;
  localparam int JobEStrideLsb  = 352;
  localparam int JobEStrideW    = 64;
  localparam int JobEPitchLsb   = 416;
  localparam int JobEPitchW     = 32;
  localparam int JobBAddrLsb    = 448;
  localparam int JobBAddrW      = 64;
  localparam int JobBStrideLsb  = 512;
  localparam int JobBStrideW    = 64;
  localparam int JobBPitchLsb   = 576;
  localparam int JobBPitchW     = 32;
  localparam int JobCAddrLsb    = 608;
  localparam int JobCAddrW      = 64;
  localparam int JobCStrideLsb  = 672;
  localparam int JobCStrideW    = 64;
  localparam int JobCPitchLsb   = 736;
  localparam int JobCPitchW     = 32;
  localparam int JobDAddrLsb    = 768;
  localparam int JobDAddrW      = 64;
  localparam int JobDStrideLsb  = 832;
  localparam int JobDStrideW    = 64;
  localparam int JobDPitchLsb   = 896;
  localparam int JobDPitchW     = 32;
  localparam int JobFmtALsb     = 928;
  localparam int JobFmtAW       = 3;
  localparam int JobFmtBLsb     = 931;
  localparam int JobFmtBW       = 3;
  localparam int JobAccF16Lsb   = 934;
  localparam int JobAccF16W     = 1;
  localparam int JobSaturateLsb = 935;
  localparam int JobSaturateW   = 1;
  localparam int JobSparseLsb   = 936;
  localparam int JobSparseW     = 1;
  localparam int JobMetaAnyLsb  = 937;
  localparam int JobMetaAnyW    = 1;
  localparam int JobStopLsb     = 938;
  localparam int JobStopW       = 1;
  localparam int JobHasCLsb     = 939;
  localparam int JobHasCW       = 1;
  localparam int JobW           = 940;

  /* verilator lint_on UNUSEDPARAM */

endpackage
