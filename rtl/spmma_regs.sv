// SPDX-License-Identifier: Apache-2.0
// The engine's registers on AXI4-Lite (docs/registers.md). One write and one read at a time, each answered in the cycle
// after it is complete; a write takes effect in the cycle in which the later of its address and data is handed over.
`include "spmma_assert.svh"

module spmma_regs #(
    // What CAPS_* show.
    parameter int Rows       = 8,
    parameter int Cols       = 4,
    parameter int StepBytes  = 16,
    parameter int FracBits   = 24,
    parameter int Formats    = 31,
    parameter int Sparse     = 1,
    parameter int Pipe       = 15,
    parameter int DataBits   = 512,  // also the size of a beat, which windows are made of
    parameter int BlockRows  = 128,
    parameter int BlockBytes = 128,
    parameter int KBytes     = 128,
    parameter int CStrips    = 8,
    parameter int DStrips    = 4
) (
    input  logic                                    clk_i,
    input  logic                                    rst_ni,
    // AXI4-Lite subordinate
    input  logic                                    awvalid_i,
    output logic                                    awready_o,
    input  logic [11:0]                             awaddr_i,
    input  logic                                    wvalid_i,
    output logic                                    wready_o,
    input  logic [31:0]                             wdata_i,
    input  logic [3:0]                              wstrb_i,
    output logic                                    bvalid_o,
    input  logic                                    bready_i,
    output logic [1:0]                              bresp_o,
    input  logic                                    arvalid_i,
    output logic                                    arready_o,
    input  logic [11:0]                             araddr_i,
    output logic                                    rvalid_o,
    input  logic                                    rready_i,
    output logic [31:0]                             rdata_o,
    output logic [1:0]                              rresp_o,
    // commands: pulses in the cycle of the accepted write; the job is the registers' content in that cycle
    output logic                                    start_o,
    output logic                                    abort_o,
    output logic [spmma_regs_pkg::JobW-1:0]         job_o,
    // windows, first and last byte
    output logic [63:0]                             win_rd_base_o,
    output logic [63:0]                             win_rd_limit_o,
    output logic [63:0]                             win_wr_base_o,
    output logic [63:0]                             win_wr_limit_o,
    output logic                                    irq_o,
    // state: a job is running; one more is waiting
    input  logic                                    busy_i,
    input  logic                                    queued_i,
    // a job ends in this cycle; the rest is valid with it, the error's code and position with error_i
    input  logic                                    done_i,
    input  logic                                    error_i,
    input  logic [7:0]                              error_code_i,
    input  logic [2:0]                              error_operand_i,
    input  logic [23:0]                             error_entry_i,
    input  logic [23:0]                             error_row_i,
    input  logic [23:0]                             error_group_i,
    input  logic [47:0]                             meta_count_i,
    input  logic [23:0]                             meta_entry_i,
    input  logic [23:0]                             meta_row_i,
    input  logic [23:0]                             meta_group_i,
    input  logic [64*spmma_regs_pkg::NumCounts-1:0] counts_i
);

  localparam int StoredWords = spmma_regs_pkg::StoredWords;
  localparam int StoredW     = 32 * StoredWords;
  localparam int CountWords  = 2 * spmma_regs_pkg::NumCounts;
  localparam logic [12*StoredWords-1:0] StoredOffset = spmma_regs_pkg::StoredOffset;
  localparam logic [StoredWords-1:0]    StoredLocked = spmma_regs_pkg::StoredLocked;

  localparam logic [1:0] RespOkay   = 2'b00;
  localparam logic [1:0] RespSlvErr = 2'b10;

  // The bits of a window's bounds that lie within a beat are fixed.
  localparam logic [31:0] InBeat = DataBits / 8 - 1;
  localparam logic [StoredW-1:0] FixedZero = StoredW'(InBeat) << (32 * spmma_regs_pkg::WinRdBaseWord) |
                                             StoredW'(InBeat) << (32 * spmma_regs_pkg::WinWrBaseWord);
  localparam logic [StoredW-1:0] FixedOne  = StoredW'(InBeat) << (32 * spmma_regs_pkg::WinRdLimitWord) |
                                             StoredW'(InBeat) << (32 * spmma_regs_pkg::WinWrLimitWord);
  localparam logic [StoredW-1:0] StoredMask = spmma_regs_pkg::StoredMask & ~FixedZero;

  // ---------------------------------------------------------------- the write channels

  logic        aw_held_q, w_held_q;  // the one that came first waits here for the other
  logic [11:0] awaddr_q, wr_addr;
  logic [31:0] wdata_q, wr_data, wr_bits;
  logic [3:0]  wstrb_q, wr_strb;
  logic        bvalid_q, write, wr_refused;
  logic [1:0]  bresp_q;

  assign awready_o = !aw_held_q && !bvalid_q;
  assign wready_o  = !w_held_q && !bvalid_q;
  assign write     = (aw_held_q || awvalid_i) && (w_held_q || wvalid_i) && !bvalid_q;
  assign wr_addr   = aw_held_q ? awaddr_q : awaddr_i;
  assign wr_data   = w_held_q ? wdata_q : wdata_i;
  assign wr_strb   = w_held_q ? wstrb_q : wstrb_i;
  assign wr_bits   = {{8{wr_strb[3]}}, {8{wr_strb[2]}}, {8{wr_strb[1]}}, {8{wr_strb[0]}}};
  assign bvalid_o  = bvalid_q;
  assign bresp_o   = bresp_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      aw_held_q <= 1'b0;
      w_held_q  <= 1'b0;
      bvalid_q  <= 1'b0;
    end else begin
      aw_held_q <= (aw_held_q || (awvalid_i && awready_o)) && !write;
      w_held_q  <= (w_held_q || (wvalid_i && wready_o)) && !write;
      bvalid_q  <= write || (bvalid_q && !bready_i);
    end
    if (awvalid_i && awready_o) awaddr_q <= awaddr_i;
    if (wvalid_i && wready_o) begin
      wdata_q <= wdata_i;
      wstrb_q <= wstrb_i;
    end
    if (write) bresp_q <= wr_refused ? RespSlvErr : RespOkay;
  end

  // ---------------------------------------------------------------- commands

  logic [31:0] wr_ones;  // the bits written 1
  logic        wr_ctrl, wr_status, start, abort;

  assign wr_ones   = wr_data & wr_bits;
  assign wr_ctrl   = write && wr_addr == spmma_regs_pkg::CtrlOffset;
  assign wr_status = write && wr_addr == spmma_regs_pkg::StatusOffset;
  assign start     = wr_ones[spmma_regs_pkg::CtrlStartLsb];
  assign abort     = wr_ones[spmma_regs_pkg::CtrlAbortLsb];
  assign start_o   = wr_ctrl && start && !wr_refused;
  assign abort_o   = wr_ctrl && abort && !wr_refused;

  // Offsets are compared in full, so a misaligned one is unknown.
  always_comb begin
    wr_refused = 1'b1;
    if (write) begin
      for (int i = 0; i < StoredWords; i++) begin
        if (wr_addr == StoredOffset[12*i+:12]) wr_refused = StoredLocked[i] && (busy_i || queued_i);
      end
      if (wr_ctrl) wr_refused = start && (abort || queued_i);
      if (wr_status) wr_refused = 1'b0;
    end
  end

  // ---------------------------------------------------------------- what is written and read back

  logic [StoredW-1:0] stored_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int i = 0; i < StoredWords; i++) stored_q[32*i+:32] <= spmma_regs_pkg::StoredReset[32*i+:32];
    end else if (write && !wr_refused) begin
      for (int i = 0; i < StoredWords; i++) begin
        if (wr_addr == StoredOffset[12*i+:12])
          stored_q[32*i+:32] <= (((wr_data & wr_bits) | (stored_q[32*i+:32] & ~wr_bits)) & StoredMask[32*i+:32]) |
                                FixedOne[32*i+:32];
      end
    end
  end

  assign win_rd_base_o  = stored_q[32*spmma_regs_pkg::WinRdBaseWord+:64];
  assign win_rd_limit_o = stored_q[32*spmma_regs_pkg::WinRdLimitWord+:64];
  assign win_wr_base_o  = stored_q[32*spmma_regs_pkg::WinWrBaseWord+:64];
  assign win_wr_limit_o = stored_q[32*spmma_regs_pkg::WinWrLimitWord+:64];

  // A job: the words behind FORMAT as they are, and FORMAT without its gaps.
  localparam int JobWords = StoredWords - spmma_regs_pkg::MWord;
  localparam int Format = 32 * spmma_regs_pkg::FormatWord;

  assign job_o = {
    stored_q[Format+spmma_regs_pkg::FormatHasCLsb],
    stored_q[Format+spmma_regs_pkg::FormatStopLsb],
    stored_q[Format+spmma_regs_pkg::FormatMetaAnyLsb],
    stored_q[Format+spmma_regs_pkg::FormatSparseLsb],
    stored_q[Format+spmma_regs_pkg::FormatSaturateLsb],
    stored_q[Format+spmma_regs_pkg::FormatAccF16Lsb],
    stored_q[Format+spmma_regs_pkg::FormatFmtBLsb+:spmma_regs_pkg::FormatFmtBW],
    stored_q[Format+spmma_regs_pkg::FormatFmtALsb+:spmma_regs_pkg::FormatFmtAW],
    stored_q[32*spmma_regs_pkg::MWord+:32*JobWords]
  };

  // ---------------------------------------------------------------- state and results

  // A job that ends while the bits are cleared sets them: its end is not lost.
  logic done_q, error_q;

  assign irq_o = (done_q && stored_q[32*spmma_regs_pkg::IrqEnWord+spmma_regs_pkg::IrqEnDoneLsb]) ||
                 (error_q && stored_q[32*spmma_regs_pkg::IrqEnWord+spmma_regs_pkg::IrqEnErrorLsb]);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      done_q  <= 1'b0;
      error_q <= 1'b0;
    end else begin
      done_q  <= done_i || (done_q && !(wr_status && wr_ones[spmma_regs_pkg::StatusDoneLsb]));
      error_q <= (done_i && error_i) || (error_q && !(wr_status && wr_ones[spmma_regs_pkg::StatusErrorLsb]));
    end
  end

  logic [7:0]               error_code_q;
  logic [2:0]               error_operand_q;
  logic [23:0]              error_entry_q, error_row_q, error_group_q;
  logic [47:0]              meta_count_q;
  logic [23:0]              meta_entry_q, meta_row_q, meta_group_q;
  logic [32*CountWords-1:0] counts_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      error_code_q    <= '0;
      error_operand_q <= '0;
      error_entry_q   <= '0;
      error_row_q     <= '0;
      error_group_q   <= '0;
      meta_count_q    <= '0;
      meta_entry_q    <= '0;
      meta_row_q      <= '0;
      meta_group_q    <= '0;
      counts_q        <= '0;
    end else if (done_i) begin
      error_code_q    <= error_i ? error_code_i : '0;
      error_operand_q <= error_i ? error_operand_i : '0;
      error_entry_q   <= error_i ? error_entry_i : '0;
      error_row_q     <= error_i ? error_row_i : '0;
      error_group_q   <= error_i ? error_group_i : '0;
      meta_count_q    <= meta_count_i;
      meta_entry_q    <= meta_entry_i;
      meta_row_q      <= meta_row_i;
      meta_group_q    <= meta_group_i;
      counts_q        <= counts_i;
    end
  end

  // ---------------------------------------------------------------- the read channels

  logic        rvalid_q, read, rd_refused;
  logic [31:0] rd_data, rdata_q;
  logic [1:0]  rresp_q;

  assign arready_o = !rvalid_q;
  assign read      = arvalid_i && arready_o;
  assign rvalid_o  = rvalid_q;
  assign rdata_o   = rdata_q;
  assign rresp_o   = rresp_q;

  // What is written and read back, and the counters. Not inside the case below: simulators repeat a default in every leaf
  // of the tree that they make of a case.
  logic [31:0] listed;
  logic        is_listed;

  always_comb begin
    listed = '0;
    is_listed = 1'b0;
    for (int i = 0; i < StoredWords; i++) begin
      if (araddr_i == StoredOffset[12*i+:12]) begin
        listed = stored_q[32*i+:32];
        is_listed = 1'b1;
      end
    end
    for (int i = 0; i < CountWords; i++) begin
      if (araddr_i == spmma_regs_pkg::CountCyclesOffset + 12'(4 * i)) begin
        listed = counts_q[32*i+:32];
        is_listed = 1'b1;
      end
    end
  end

  always_comb begin
    rd_data = '0;
    rd_refused = 1'b0;
    if (read) begin
      case (araddr_i)
        spmma_regs_pkg::IdOffset:             rd_data = spmma_regs_pkg::IdReset;
        spmma_regs_pkg::VersionOffset:        rd_data = spmma_regs_pkg::VersionReset;
        spmma_regs_pkg::CapsRowsOffset:       rd_data = Rows;
        spmma_regs_pkg::CapsColsOffset:       rd_data = Cols;
        spmma_regs_pkg::CapsStepBytesOffset:  rd_data = StepBytes;
        spmma_regs_pkg::CapsFracBitsOffset:   rd_data = FracBits;
        spmma_regs_pkg::CapsFormatsOffset:    rd_data = Formats;
        spmma_regs_pkg::CapsSparseOffset:     rd_data = Sparse;
        spmma_regs_pkg::CapsPipeOffset:       rd_data = Pipe;
        spmma_regs_pkg::CapsDataBitsOffset:   rd_data = DataBits;
        spmma_regs_pkg::CapsBlockRowsOffset:  rd_data = BlockRows;
        spmma_regs_pkg::CapsBlockBytesOffset: rd_data = BlockBytes;
        spmma_regs_pkg::CapsKBytesOffset:     rd_data = KBytes;
        spmma_regs_pkg::CapsCStripsOffset:    rd_data = CStrips;
        spmma_regs_pkg::CapsDStripsOffset:    rd_data = DStrips;
        spmma_regs_pkg::CtrlOffset:           rd_data = '0;
        spmma_regs_pkg::StatusOffset: begin
          rd_data[spmma_regs_pkg::StatusBusyLsb]   = busy_i;
          rd_data[spmma_regs_pkg::StatusQueuedLsb] = queued_i;
          rd_data[spmma_regs_pkg::StatusDoneLsb]   = done_q;
          rd_data[spmma_regs_pkg::StatusErrorLsb]  = error_q;
        end
        spmma_regs_pkg::ErrorOffset: begin
          rd_data[spmma_regs_pkg::ErrorCodeLsb+:spmma_regs_pkg::ErrorCodeW]       = error_code_q;
          rd_data[spmma_regs_pkg::ErrorOperandLsb+:spmma_regs_pkg::ErrorOperandW] = error_operand_q;
        end
        spmma_regs_pkg::ErrorEntryOffset:        rd_data = 32'(error_entry_q);
        spmma_regs_pkg::ErrorRowOffset:          rd_data = 32'(error_row_q);
        spmma_regs_pkg::ErrorGroupOffset:        rd_data = 32'(error_group_q);
        spmma_regs_pkg::MetaCountOffset:         rd_data = meta_count_q[31:0];
        spmma_regs_pkg::MetaCountOffset + 12'd4: rd_data = 32'(meta_count_q[47:32]);
        spmma_regs_pkg::MetaEntryOffset:         rd_data = 32'(meta_entry_q);
        spmma_regs_pkg::MetaRowOffset:           rd_data = 32'(meta_row_q);
        spmma_regs_pkg::MetaGroupOffset:         rd_data = 32'(meta_group_q);
        default: begin
          rd_data = listed;
          rd_refused = !is_listed;
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) rvalid_q <= 1'b0;
    else rvalid_q <= read || (rvalid_q && !rready_i);
    if (read) begin
      rdata_q <= rd_data;
      rresp_q <= rd_refused ? RespSlvErr : RespOkay;
    end
  end

  // ---------------------------------------------------------------- what both sides keep to

  `SPMMA_ASSERT_HOLDS(RegsAwHolds, awvalid_i && !awready_o, awvalid_i, awaddr_i)
  `SPMMA_ASSERT_HOLDS(RegsWHolds, wvalid_i && !wready_o, wvalid_i, {wdata_i, wstrb_i})
  `SPMMA_ASSERT_HOLDS(RegsArHolds, arvalid_i && !arready_o, arvalid_i, araddr_i)
  `SPMMA_ASSERT_HOLDS(RegsBHolds, bvalid_o && !bready_i, bvalid_o, bresp_o)
  `SPMMA_ASSERT_HOLDS(RegsRHolds, rvalid_o && !rready_i, rvalid_o, {rdata_o, rresp_o})
  `SPMMA_ASSERT_NEXT(RegsWriteAnswered, write, bvalid_o)
  `SPMMA_ASSERT_NEXT(RegsReadAnswered, read, rvalid_o)
  `SPMMA_ASSERT(RegsNotBoth, !(start_o && abort_o))
  `SPMMA_ASSERT(RegsRoomForStart, !(start_o && queued_i))
  `SPMMA_ASSERT(RegsErrorEndsJob, !error_i || done_i)
  `SPMMA_ASSERT_HOLDS(RegsWindowsRest, busy_i || queued_i, 1'b1,
                      {win_rd_base_o, win_rd_limit_o, win_wr_base_o, win_wr_limit_o})
  `SPMMA_ASSERT_NEXT(RegsOneWriteAtATime, write, !write)
  `SPMMA_ASSERT_NEXT(RegsRefusalSaysSo, write && wr_refused, bresp_o == RespSlvErr)
  `SPMMA_ASSERT_NEXT(RegsOthersAreOkay, write && !wr_refused, bresp_o == RespOkay)
  `SPMMA_ASSERT_NEXT(RegsUnknownReadsZero, read && rd_refused, rresp_o == RespSlvErr && rdata_o == '0)
  `SPMMA_ASSERT(RegsWindowsAreBeats, (win_rd_base_o[31:0] & InBeat) == '0 && (win_wr_base_o[31:0] & InBeat) == '0 &&
                                     (~win_rd_limit_o[31:0] & InBeat) == '0 && (~win_wr_limit_o[31:0] & InBeat) == '0)

endmodule
