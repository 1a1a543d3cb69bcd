// SPDX-License-Identifier: Apache-2.0
// spmma_regs does what docs/registers.md says, for all inputs in all runs. The tables below are read at one address, which the
// solver picks among all 4,096: what is proven of it is proven of each, the unknown and the misaligned ones too. The register
// there holds what was last written to its strobed bytes, or what came with the last job's end, or its reset value. It is read so
// or the read is refused; a write to it is refused as the tables say, and then changes nothing; job_o, the windows and the
// interrupt show it, every bit in its place. The channels' handshakes, the commands and STATUS are followed apart from the address.
// Nothing is assumed, so the RTL's own assertions, which say of a master too how it behaves, are left out; what they say of the
// outputs follows from what is proven.
//
// mode: induction 1
// without: assertions
// parameters: DataBits=128
// parameters: Rows=8 Cols=4 StepBytes=16 FracBits=24 Formats=7 Sparse=0 Pipe=0 DataBits=512 BlockRows=128 BlockBytes=256
// long: 1
// watch: watch_aw_held = u_regs.aw_held_q
// watch: watch_w_held = u_regs.w_held_q
// watch: watch_awaddr = u_regs.awaddr_q
// watch: watch_wdata = u_regs.wdata_q
// watch: watch_wstrb = u_regs.wstrb_q
// watch: watch_stored = u_regs.stored_q
// watch: watch_done = u_regs.done_q
// watch: watch_error = u_regs.error_q
// watch: watch_error_code = u_regs.error_code_q
// watch: watch_error_operand = u_regs.error_operand_q
// watch: watch_error_entry = u_regs.error_entry_q
// watch: watch_error_row = u_regs.error_row_q
// watch: watch_error_group = u_regs.error_group_q
// watch: watch_meta_count = u_regs.meta_count_q
// watch: watch_meta_entry = u_regs.meta_entry_q
// watch: watch_meta_row = u_regs.meta_row_q
// watch: watch_meta_group = u_regs.meta_group_q
// watch: watch_counts = u_regs.counts_q
// bug: 3 spmma_regs.sv: {8{wr_strb[2]}} ==> {8{wr_strb[3]}}
// bug: 3 spmma_regs.sv: StoredLocked[i] && (busy_i || queued_i) ==> StoredLocked[i] && busy_i
// bug: 3 spmma_regs.sv: counts_q        <= counts_i; ==> counts_q <= counts_i & ~(1152'd1 << 1087);
// bug: 3 spmma_regs.sv: done_q  <= done_i || (done_q && ==> done_q <= (done_i || done_q) && (
// bug: 4 spmma_regs.sv: rd_data = 32'(meta_count_q[47:32]) ==> rd_data = 32'(meta_count_q[46:32])
module formal_regs #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int StepBytes  = 8,
    parameter int FracBits   = 25,
    parameter int Formats    = 127,
    parameter int Sparse     = 1,
    parameter int Pipe       = 15,
    parameter int DataBits   = 128,
    parameter int BlockRows  = 8,
    parameter int BlockBytes = 16,
    parameter int KBytes     = 16,
    parameter int CStrips    = 4,
    parameter int DStrips    = 2
) (
    input logic                                    clk_i,
    input logic                                    rst_ni,
    input logic                                    awvalid_i,
    input logic [11:0]                             awaddr_i,
    input logic                                    wvalid_i,
    input logic [31:0]                             wdata_i,
    input logic [3:0]                              wstrb_i,
    input logic                                    bready_i,
    input logic                                    arvalid_i,
    input logic [11:0]                             araddr_i,
    input logic                                    rready_i,
    input logic                                    busy_i,
    input logic                                    queued_i,
    input logic                                    done_i,
    input logic                                    error_i,
    input logic [7:0]                              error_code_i,
    input logic [2:0]                              error_operand_i,
    input logic [23:0]                             error_entry_i,
    input logic [23:0]                             error_row_i,
    input logic [23:0]                             error_group_i,
    input logic [47:0]                             meta_count_i,
    input logic [23:0]                             meta_entry_i,
    input logic [23:0]                             meta_row_i,
    input logic [23:0]                             meta_group_i,
    input logic [64*spmma_regs_pkg::NumCounts-1:0] counts_i
);

  localparam int CountsW = 64 * spmma_regs_pkg::NumCounts;

  logic                            awready, wready, bvalid, arready, rvalid, start, abort, irq;
  logic [1:0]                      bresp, rresp;
  logic [31:0]                     rdata;
  logic [spmma_regs_pkg::JobW-1:0] job;
  logic [63:0]                     win_rd_base, win_rd_limit, win_wr_base, win_wr_limit;

  spmma_regs #(
      .Rows      (Rows),
      .Cols      (Cols),
      .StepBytes (StepBytes),
      .FracBits  (FracBits),
      .Formats   (Formats),
      .Sparse    (Sparse),
      .Pipe      (Pipe),
      .DataBits  (DataBits),
      .BlockRows (BlockRows),
      .BlockBytes(BlockBytes),
      .KBytes    (KBytes),
      .CStrips   (CStrips),
      .DStrips   (DStrips)
  ) u_regs (
      .clk_i,
      .rst_ni,
      .awvalid_i,
      .awready_o     (awready),
      .awaddr_i,
      .wvalid_i,
      .wready_o      (wready),
      .wdata_i,
      .wstrb_i,
      .bvalid_o      (bvalid),
      .bready_i,
      .bresp_o       (bresp),
      .arvalid_i,
      .arready_o     (arready),
      .araddr_i,
      .rvalid_o      (rvalid),
      .rready_i,
      .rdata_o       (rdata),
      .rresp_o       (rresp),
      .start_o       (start),
      .abort_o       (abort),
      .job_o         (job),
      .win_rd_base_o (win_rd_base),
      .win_rd_limit_o(win_rd_limit),
      .win_wr_base_o (win_wr_base),
      .win_wr_limit_o(win_wr_limit),
      .irq_o         (irq),
      .busy_i,
      .queued_i,
      .done_i,
      .error_i,
      .error_code_i,
      .error_operand_i,
      .error_entry_i,
      .error_row_i,
      .error_group_i,
      .meta_count_i,
      .meta_entry_i,
      .meta_row_i,
      .meta_group_i,
      .counts_i
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  logic                                      watch_aw_held, watch_w_held, watch_done, watch_error;
  logic [11:0]                               watch_awaddr;
  logic [31:0]                               watch_wdata;
  logic [3:0]                                watch_wstrb;
  logic [32*spmma_regs_pkg::StoredWords-1:0] watch_stored;
  logic [7:0]                                watch_error_code;
  logic [2:0]                                watch_error_operand;
  logic [23:0]                               watch_error_entry, watch_error_row, watch_error_group;
  logic [23:0]                               watch_meta_entry, watch_meta_row, watch_meta_group;
  logic [47:0]                               watch_meta_count;
  logic [CountsW-1:0]                        watch_counts;

  // ---------------------------------------------------------------- the map, at the picked address

  (* anyconst *) logic [11:0] pick;

  function automatic logic [31:0] half(input logic upper, input logic [63:0] pair);
    half = upper ? pair[63:32] : pair[31:0];
  endfunction

  // Constants.
  logic        is_fixed;
  logic [31:0] fixed;
  always_comb begin
    is_fixed = 1'b1;
    fixed = '0;
    case (pick)
      12'h000: fixed = "SPMM";
      12'h004: fixed = {16'd1, 16'd0};
      12'h010: fixed = 32'(Rows);
      12'h014: fixed = 32'(Cols);
      12'h018: fixed = 32'(StepBytes);
      12'h01C: fixed = 32'(FracBits);
      12'h020: fixed = 32'(Formats);
      12'h024: fixed = 32'(Sparse);
      12'h028: fixed = 32'(Pipe);
      12'h02C: fixed = 32'(DataBits);
      12'h030: fixed = 32'(BlockRows);
      12'h034: fixed = 32'(BlockBytes);
      12'h038: fixed = 32'(KBytes);
      12'h03C: fixed = 32'(CStrips);
      12'h040: fixed = 32'(DStrips);
      default: is_fixed = 1'b0;
    endcase
  end

  // What is written and read back, and where the unit shows it besides.
  logic        is_stored;
  logic [31:0] shown, format, irq_en;
  assign irq_en = watch_stored[32*spmma_regs_pkg::IrqEnWord+:32];
  assign format = {
    18'd0,
    job[spmma_regs_pkg::JobHasCLsb],
    job[spmma_regs_pkg::JobStopLsb],
    job[spmma_regs_pkg::JobMetaAnyLsb],
    job[spmma_regs_pkg::JobSparseLsb],
    job[spmma_regs_pkg::JobSaturateLsb],
    job[spmma_regs_pkg::JobAccF16Lsb],
    1'b0,
    job[spmma_regs_pkg::JobFmtBLsb+:3],
    1'b0,
    job[spmma_regs_pkg::JobFmtALsb+:3]
  };
  always_comb begin
    is_stored = 1'b1;
    shown = '0;
    case (pick)
      12'h088:          shown = irq_en;
      12'h0C0, 12'h0C4: shown = half(pick[2], win_rd_base);
      12'h0C8, 12'h0CC: shown = half(pick[2], win_rd_limit);
      12'h0D0, 12'h0D4: shown = half(pick[2], win_wr_base);
      12'h0D8, 12'h0DC: shown = half(pick[2], win_wr_limit);
      12'h100:          shown = format;
      12'h104:          shown = job[spmma_regs_pkg::JobMLsb+:32];
      12'h108:          shown = job[spmma_regs_pkg::JobNLsb+:32];
      12'h10C:          shown = job[spmma_regs_pkg::JobKLsb+:32];
      12'h110:          shown = job[spmma_regs_pkg::JobBatchLsb+:32];
      12'h120, 12'h124: shown = half(pick[2], job[spmma_regs_pkg::JobAAddrLsb+:64]);
      12'h128, 12'h12C: shown = half(pick[2], job[spmma_regs_pkg::JobAStrideLsb+:64]);
      12'h130:          shown = job[spmma_regs_pkg::JobAPitchLsb+:32];
      12'h140, 12'h144: shown = half(pick[2], job[spmma_regs_pkg::JobEAddrLsb+:64]);
      12'h148, 12'h14C: shown = half(pick[2], job[spmma_regs_pkg::JobEStrideLsb+:64]);
      12'h150:          shown = job[spmma_regs_pkg::JobEPitchLsb+:32];
      12'h160, 12'h164: shown = half(pick[2], job[spmma_regs_pkg::JobBAddrLsb+:64]);
      12'h168, 12'h16C: shown = half(pick[2], job[spmma_regs_pkg::JobBStrideLsb+:64]);
      12'h170:          shown = job[spmma_regs_pkg::JobBPitchLsb+:32];
      12'h180, 12'h184: shown = half(pick[2], job[spmma_regs_pkg::JobCAddrLsb+:64]);
      12'h188, 12'h18C: shown = half(pick[2], job[spmma_regs_pkg::JobCStrideLsb+:64]);
      12'h190:          shown = job[spmma_regs_pkg::JobCPitchLsb+:32];
      12'h1A0, 12'h1A4: shown = half(pick[2], job[spmma_regs_pkg::JobDAddrLsb+:64]);
      12'h1A8, 12'h1AC: shown = half(pick[2], job[spmma_regs_pkg::JobDStrideLsb+:64]);
      12'h1B0:          shown = job[spmma_regs_pkg::JobDPitchLsb+:32];
      default:          is_stored = 1'b0;
    endcase
  end

  // Its bits that cannot be written: those without a name, and in a window's bounds those within a beat.
  localparam logic [31:0] InBeat = 32'(DataBits / 8 - 1);
  logic        is_window, is_limit;
  logic [31:0] zeros, ones;
  assign is_window = is_stored && pick < 12'h100 && pick != 12'h088;
  assign is_limit = is_window && pick[3];
  always_comb begin
    zeros = '0;
    ones = '0;
    case (pick)
      12'h088:          zeros = ~32'h00000003;
      12'h100:          zeros = ~32'h00003F77;
      12'h0C0, 12'h0D0: zeros = InBeat;
      12'h0C8, 12'h0D8: ones = InBeat;
      default:          ;
    endcase
  end

  // What a job's end leaves: as the inputs bring it, and as the unit keeps it.
  localparam int EndW = 8 + 3 + 72 + 64 + 72 + CountsW;
  logic            is_result;
  logic [4:0]      counter;
  logic [EndW-1:0] brought, kept;
  assign brought = {
    {error_code_i, error_operand_i, error_entry_i, error_row_i, error_group_i} & {83{error_i}},
    {64'(meta_count_i), meta_entry_i, meta_row_i, meta_group_i, counts_i}
  };
  assign kept = {
    {watch_error_code, watch_error_operand, watch_error_entry, watch_error_row, watch_error_group},
    {64'(watch_meta_count), watch_meta_entry, watch_meta_row, watch_meta_group, watch_counts}
  };

  always_comb begin
    is_result = 1'b1;
    counter = '0;
    case (pick)
      12'h090, 12'h094, 12'h098, 12'h09C, 12'h0A0, 12'h0A4, 12'h0A8, 12'h0AC, 12'h0B0: ;
      12'h200, 12'h204: counter = 5'(spmma_regs_pkg::CountCycles);
      12'h208, 12'h20C: counter = 5'(spmma_regs_pkg::CountSteps);
      12'h210, 12'h214: counter = 5'(spmma_regs_pkg::CountLanes);
      12'h218, 12'h21C: counter = 5'(spmma_regs_pkg::CountStallStart);
      12'h220, 12'h224: counter = 5'(spmma_regs_pkg::CountStallA);
      12'h228, 12'h22C: counter = 5'(spmma_regs_pkg::CountStallMeta);
      12'h230, 12'h234: counter = 5'(spmma_regs_pkg::CountStallB);
      12'h238, 12'h23C: counter = 5'(spmma_regs_pkg::CountStallC);
      12'h240, 12'h244: counter = 5'(spmma_regs_pkg::CountStallD);
      12'h248, 12'h24C: counter = 5'(spmma_regs_pkg::CountStallChain);
      12'h250, 12'h254: counter = 5'(spmma_regs_pkg::CountStallDrain);
      12'h258, 12'h25C: counter = 5'(spmma_regs_pkg::CountHeldAr);
      12'h260, 12'h264: counter = 5'(spmma_regs_pkg::CountHeldAw);
      12'h268, 12'h26C: counter = 5'(spmma_regs_pkg::CountHeldW);
      12'h270, 12'h274: counter = 5'(spmma_regs_pkg::CountBytesRd);
      12'h278, 12'h27C: counter = 5'(spmma_regs_pkg::CountBytesWr);
      12'h280, 12'h284: counter = 5'(spmma_regs_pkg::CountBeatsRd);
      12'h288, 12'h28C: counter = 5'(spmma_regs_pkg::CountBeatsWr);
      default: is_result = 1'b0;
    endcase
  end

  function automatic logic [31:0] word_of(input logic [11:0] at, input logic [4:0] which, input logic [EndW-1:0] left);
    logic [7:0]         code;
    logic [2:0]         operand;
    logic [23:0]        entry, row, group, first_entry, first_row, first_group;
    logic [63:0]        illegal;
    logic [CountsW-1:0] counts;
    {code, operand, entry, row, group, illegal, first_entry, first_row, first_group, counts} = left;
    case (at)
      12'h090:          word_of = {21'd0, operand, code};
      12'h094:          word_of = {8'd0, entry};
      12'h098:          word_of = {8'd0, row};
      12'h09C:          word_of = {8'd0, group};
      12'h0A0, 12'h0A4: word_of = half(at[2], illegal);
      12'h0A8:          word_of = {8'd0, first_entry};
      12'h0AC:          word_of = {8'd0, first_row};
      12'h0B0:          word_of = {8'd0, first_group};
      default:          word_of = half(at[2], counts[64*which+:64]);
    endcase
  endfunction

  // ---------------------------------------------------------------- writes

  // A write is under way from its first handshake to its answer's: what of it has come, and since when it is complete.
  logic        aw_come_q, w_come_q, complete, refused, refused_q;
  logic [11:0] addr_q, addr;
  logic [31:0] data_q, data;
  logic [3:0]  strb_q, strb;
  logic        wants_start, wants_abort;

  assign addr = aw_come_q ? addr_q : awaddr_i;
  assign {data, strb} = w_come_q ? {data_q, strb_q} : {wdata_i, wstrb_i};
  assign complete = (aw_come_q || awvalid_i) && (w_come_q || wvalid_i) && !(aw_come_q && w_come_q);
  assign wants_start = data[0] && strb[0];
  assign wants_abort = data[1] && strb[0];

  always_comb begin  // a write to the picked register
    if (pick == 12'h080) refused = wants_start && (wants_abort || queued_i);
    else if (pick == 12'h084) refused = 1'b0;
    else refused = !is_stored || (is_window && (busy_i || queued_i));
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || (aw_come_q && w_come_q && bready_i)) begin
      aw_come_q <= 1'b0;
      w_come_q <= 1'b0;
    end else begin
      if (awvalid_i) aw_come_q <= 1'b1;
      if (wvalid_i) w_come_q <= 1'b1;
    end
    if (!aw_come_q) addr_q <= awaddr_i;
    if (!w_come_q) {data_q, strb_q} <= {wdata_i, wstrb_i};
    if (complete) refused_q <= refused;
  end

  // ---------------------------------------------------------------- what the picked register holds, and STATUS

  logic        done_q, error_q;
  logic [31:0] word_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      word_q <= is_limit ? '1 : '0;
    end else if (is_result) begin
      if (done_i) word_q <= word_of(pick, counter, brought);
    end else if (is_stored && complete && addr == pick && !refused) begin
      for (int i = 0; i < 32; i++) if (strb[i/8]) word_q[i] <= (data[i] || ones[i]) && !zeros[i];
    end
  end

  always_ff @(posedge clk_i) begin
    if (complete && addr == 12'h084 && strb[0]) begin
      if (data[2]) done_q <= 1'b0;
      if (data[3]) error_q <= 1'b0;
    end
    if (done_i) done_q <= 1'b1;
    if (done_i && error_i) error_q <= 1'b1;
    if (!rst_ni) {done_q, error_q} <= '0;
  end

  // ---------------------------------------------------------------- reads

  logic        read_q;  // a read waits for its answer to be taken
  logic [11:0] read_addr_q;
  logic [31:0] answer, answer_q;

  always_comb begin  // of the picked register; 0 where there is none, and from CTRL
    answer = word_q & {32{is_stored || is_result}};
    if (is_fixed) answer = fixed;
    if (pick == 12'h084) answer = {28'd0, error_q, done_q, queued_i, busy_i};
  end

  always_ff @(posedge clk_i) begin
    read_q <= rst_ni && (read_q ? !rready_i : arvalid_i);
    if (!read_q) read_addr_q <= araddr_i;
    if (!read_q) answer_q <= answer;
  end

  // ---------------------------------------------------------------- what is proven

  logic is_there;
  assign is_there = is_fixed || is_stored || is_result || pick == 12'h080 || pick == 12'h084;

  always_comb begin
    if (live) begin
      assert (awready == !aw_come_q && wready == !w_come_q);
      assert (bvalid == (aw_come_q && w_come_q));
      if (bvalid && addr_q == pick) assert (bresp == (refused_q ? 2'd2 : 2'd0));

      assert (arready == !read_q && rvalid == read_q);
      if (rvalid && read_addr_q == pick) assert (rdata == answer_q && rresp == (is_there ? 2'd0 : 2'd2));

      assert (start == (complete && addr == 12'h080 && wants_start && !wants_abort && !queued_i));
      assert (abort == (complete && addr == 12'h080 && wants_abort && !wants_start));

      if (is_stored) assert (shown == word_q);
      if (pick == 12'h088) assert (irq == ((word_q[0] && done_q) || (word_q[1] && error_q)));
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  always_comb begin
    if (live) begin
      assert (watch_aw_held == (aw_come_q && !w_come_q) && watch_w_held == (w_come_q && !aw_come_q));
      if (watch_aw_held) assert (watch_awaddr == addr_q);
      if (watch_w_held) assert ({watch_wdata, watch_wstrb} == {data_q, strb_q});
      assert (watch_done == done_q && watch_error == error_q);
      if (is_result) assert (word_of(pick, counter, kept) == word_q);
      if (pick == 12'h100) assert (watch_stored[32*spmma_regs_pkg::FormatWord+:32] == word_q);
      if (is_stored) assert ((word_q & (zeros | ones)) == ones);
    end
  end

endmodule
