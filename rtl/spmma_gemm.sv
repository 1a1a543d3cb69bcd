// SPDX-License-Identifier: Apache-2.0
// The engine: D = A*B + C for whole matrices, from memory to memory, around spmma_core (docs/gemm.md). Registers on
// AXI4-Lite (s_axil_*), memory on an AXI4 manager (m_axi_*).
`include "spmma_assert.svh"

module spmma_gemm #(
    // of the core
    parameter int Rows       = 8,
    parameter int Cols       = 4,
    parameter int StepBytes  = 16,
    parameter int FracBits   = 24,
    parameter int Formats    = 31,
    parameter int Sparse     = 1,
    parameter int Pipe       = 15,
    // of the engine, all powers of two
    parameter int DataBits   = 512,  // the memory's data width: 128 to 512
    parameter int BlockRows  = 128,  // rows of a block of D
    parameter int BlockBytes = 128,  // bytes of B's rows in a block: one to four beats
    parameter int KBytes     = 128,  // bytes of a stored row of A in a K block: one to four beats
    parameter int CStrips    = 8,    // strips of C on chip, 2 or more
    parameter int DStrips    = 4     // strips of D on chip, 2 or more
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,  // synchronous, active low
    output logic                  irq_o,

    input  logic                  s_axil_awvalid,
    output logic                  s_axil_awready,
    input  logic [11:0]           s_axil_awaddr,
    input  logic [2:0]            s_axil_awprot,
    input  logic                  s_axil_wvalid,
    output logic                  s_axil_wready,
    input  logic [31:0]           s_axil_wdata,
    input  logic [3:0]            s_axil_wstrb,
    output logic                  s_axil_bvalid,
    input  logic                  s_axil_bready,
    output logic [1:0]            s_axil_bresp,
    input  logic                  s_axil_arvalid,
    output logic                  s_axil_arready,
    input  logic [11:0]           s_axil_araddr,
    input  logic [2:0]            s_axil_arprot,
    output logic                  s_axil_rvalid,
    input  logic                  s_axil_rready,
    output logic [31:0]           s_axil_rdata,
    output logic [1:0]            s_axil_rresp,

    output logic                  m_axi_arvalid,
    input  logic                  m_axi_arready,
    output logic [3:0]            m_axi_arid,
    output logic [63:0]           m_axi_araddr,
    output logic [7:0]            m_axi_arlen,
    output logic [2:0]            m_axi_arsize,
    output logic [1:0]            m_axi_arburst,
    output logic                  m_axi_arlock,
    output logic [3:0]            m_axi_arcache,
    output logic [2:0]            m_axi_arprot,
    output logic [3:0]            m_axi_arqos,
    input  logic                  m_axi_rvalid,
    output logic                  m_axi_rready,
    input  logic [3:0]            m_axi_rid,
    input  logic [DataBits-1:0]   m_axi_rdata,
    input  logic [1:0]            m_axi_rresp,
    input  logic                  m_axi_rlast,
    output logic                  m_axi_awvalid,
    input  logic                  m_axi_awready,
    output logic [3:0]            m_axi_awid,
    output logic [63:0]           m_axi_awaddr,
    output logic [7:0]            m_axi_awlen,
    output logic [2:0]            m_axi_awsize,
    output logic [1:0]            m_axi_awburst,
    output logic                  m_axi_awlock,
    output logic [3:0]            m_axi_awcache,
    output logic [2:0]            m_axi_awprot,
    output logic [3:0]            m_axi_awqos,
    output logic                  m_axi_wvalid,
    input  logic                  m_axi_wready,
    output logic [DataBits-1:0]   m_axi_wdata,
    output logic [DataBits/8-1:0] m_axi_wstrb,
    output logic                  m_axi_wlast,
    input  logic                  m_axi_bvalid,
    output logic                  m_axi_bready,
    input  logic [3:0]            m_axi_bid,
    input  logic [1:0]            m_axi_bresp
);

  localparam int DataBytes = DataBits / 8;
  localparam int SlotW = $clog2(BlockRows / Rows * BlockBytes / Cols);
  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int ErrorW = spmma_gemm_pkg::ErrorW;
  localparam int PlanW = spmma_gemm_pkg::PlanW;
  localparam int BlockW = spmma_gemm_pkg::BlockW;
  localparam int ReadW = spmma_gemm_pkg::ReadW;

  // A bad parameter set stops elaboration in every tool: the modules named here do not exist.
  if ((Rows & (Rows - 1)) != 0 || (Cols & (Cols - 1)) != 0) begin : gen_bad_tile
    spmma_error_rows_and_cols_of_the_engine_must_be_powers_of_two u_error ();
  end
  if (DataBits != 128 && DataBits != 256 && DataBits != 512) begin : gen_bad_data_bits
    spmma_error_data_bits_must_be_128_256_or_512 u_error ();
  end
  if (Cols * 4 > DataBytes || StepBytes > DataBytes) begin : gen_bad_beat
    spmma_error_a_step_and_a_row_of_a_tile_must_fit_a_beat u_error ();
  end
  if ((BlockRows & (BlockRows - 1)) != 0 || BlockRows < 2 * Rows || BlockRows > 128 * Rows) begin : gen_bad_block_rows
    spmma_error_block_rows_must_be_2_to_128_rows_a_power_of_two u_error ();
  end
  if (BlockRows > 512) begin : gen_high_block
    spmma_error_block_rows_must_be_at_most_512 u_error ();
  end
  if ((BlockBytes & (BlockBytes - 1)) != 0 || BlockBytes < DataBytes || BlockBytes > 4 * DataBytes ||
      BlockBytes > 128 * Cols) begin : gen_bad_block_bytes
    spmma_error_block_bytes_must_be_1_to_4_beats_a_power_of_two u_error ();
  end
  if (BlockRows / Rows * BlockBytes / Cols > 1024) begin : gen_bad_block
    spmma_error_a_block_must_have_at_most_1024_tiles u_error ();
  end
  if ((KBytes & (KBytes - 1)) != 0 || KBytes < DataBytes || KBytes > 4 * DataBytes) begin : gen_bad_k_bytes
    spmma_error_k_bytes_must_be_1_to_4_beats_a_power_of_two u_error ();
  end
  if (CStrips < 2 || CStrips > 128 || (CStrips & (CStrips - 1)) != 0) begin : gen_bad_c_strips
    spmma_error_c_strips_must_be_a_power_of_two_2_to_128 u_error ();
  end
  if (DStrips < 2 || DStrips > 128 || (DStrips & (DStrips - 1)) != 0) begin : gen_bad_d_strips
    spmma_error_d_strips_must_be_a_power_of_two_2_to_128 u_error ();
  end

  // ---------------------------------------------------------------- registers

  logic                                    start, abort, busy, queued, done, failed;
  logic [spmma_regs_pkg::JobW-1:0]         new_job;
  logic [63:0]                             rd_base, rd_limit, wr_base, wr_limit;
  logic [47:0]                             meta_count;
  logic [ErrorW-1:0]                       error_info;
  logic [3*SizeW-1:0]                      meta_first;
  logic [64*spmma_regs_pkg::NumCounts-1:0] counts;

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
      .awvalid_i      (s_axil_awvalid),
      .awready_o      (s_axil_awready),
      .awaddr_i       (s_axil_awaddr),
      .wvalid_i       (s_axil_wvalid),
      .wready_o       (s_axil_wready),
      .wdata_i        (s_axil_wdata),
      .wstrb_i        (s_axil_wstrb),
      .bvalid_o       (s_axil_bvalid),
      .bready_i       (s_axil_bready),
      .bresp_o        (s_axil_bresp),
      .arvalid_i      (s_axil_arvalid),
      .arready_o      (s_axil_arready),
      .araddr_i       (s_axil_araddr),
      .rvalid_o       (s_axil_rvalid),
      .rready_i       (s_axil_rready),
      .rdata_o        (s_axil_rdata),
      .rresp_o        (s_axil_rresp),
      .start_o        (start),
      .abort_o        (abort),
      .job_o          (new_job),
      .win_rd_base_o  (rd_base),
      .win_rd_limit_o (rd_limit),
      .win_wr_base_o  (wr_base),
      .win_wr_limit_o (wr_limit),
      .irq_o,
      .busy_i         (busy),
      .queued_i       (queued),
      .done_i         (done),
      .error_i        (failed),
      .error_code_i   (8'(error_info[3*SizeW+3+:spmma_gemm_pkg::CodeW])),
      .error_operand_i(error_info[3*SizeW+:3]),
      .error_entry_i  (error_info[2*SizeW+:SizeW]),
      .error_row_i    (error_info[SizeW+:SizeW]),
      .error_group_i  (error_info[0+:SizeW]),
      .meta_count_i   (meta_count),
      .meta_entry_i   (meta_first[2*SizeW+:SizeW]),
      .meta_row_i     (meta_first[SizeW+:SizeW]),
      .meta_group_i   (meta_first[0+:SizeW]),
      .counts_i       (counts)
  );

  // ---------------------------------------------------------------- jobs

  logic                            job_valid, job_slot, job_taken, reader_idle, job_done, reader_quiet, writer_quiet;
  logic                            halt, clear, run_ni;
  logic [spmma_regs_pkg::JobW-1:0] job;
  logic                            reader_error, reader_error_slot, shifter_error, shifter_error_slot;
  logic                            writer_error, writer_error_slot;
  logic [spmma_gemm_pkg::ReaderErrorW-1:0]  reader_error_info;
  logic [spmma_gemm_pkg::ShifterErrorW-1:0] shifter_error_info;
  logic [spmma_gemm_pkg::WriterErrorW-1:0]  writer_error_info;
  logic [8:0]                      illegal_count;
  logic [3*SizeW-1:0]              illegal_first;
  logic                            read_push, write_beat, word_valid;
  logic [ReadW-1:0]                read, word_read;
  logic [12:0]                     read_bytes;
  logic [8:0]                      read_beats;
  logic [11:0]                     write_bytes;
  logic                            step, steps_end;
  logic [7:0]                      step_rows, step_cols, step_len;
  logic [spmma_gemm_pkg::Stalls-1:0] stall;

  spmma_jobs u_jobs (
      .clk_i,
      .rst_ni,
      .start_i             (start),
      .abort_i             (abort),
      .job_i               (new_job),
      .busy_o              (busy),
      .queued_o            (queued),
      .job_valid_o         (job_valid),
      .job_slot_o          (job_slot),
      .job_o               (job),
      .job_taken_i         (job_taken),
      .reader_idle_i       (reader_idle),
      .job_done_i          (job_done),
      .reader_quiet_i      (reader_quiet),
      .writer_quiet_i      (writer_quiet),
      .halt_o              (halt),
      .clear_o             (clear),
      .reader_error_i      (reader_error),
      .reader_error_slot_i (reader_error_slot),
      .reader_error_info_i (reader_error_info),
      .shifter_error_i     (shifter_error),
      .shifter_error_slot_i(shifter_error_slot),
      .shifter_error_info_i(shifter_error_info),
      .writer_error_i      (writer_error),
      .writer_error_slot_i (writer_error_slot),
      .writer_error_info_i (writer_error_info),
      .illegal_count_i     (illegal_count),
      .illegal_slot_i      (word_read[spmma_gemm_pkg::ReadSlot]),
      .illegal_first_i     (illegal_first),
      .read_i              (read_push),
      .read_slot_i         (job_slot),
      .read_bytes_i        (read_bytes),
      .read_beats_i        (read_beats),
      .step_i              (step),
      .step_rows_i         (step_rows),
      .step_cols_i         (step_cols),
      .step_len_i          (step_len),
      .stall_i             (stall),
      .steps_end_i         (steps_end),
      .write_beat_i        (write_beat),
      .write_bytes_i       (write_bytes),
      .held_ar_i           (m_axi_arvalid && !m_axi_arready),
      .held_aw_i           (m_axi_awvalid && !m_axi_awready),
      .held_w_i            (m_axi_wvalid && !m_axi_wready),
      .done_o              (done),
      .error_o             (failed),
      .error_info_o        (error_info),
      .meta_count_o        (meta_count),
      .meta_first_o        (meta_first),
      .counts_o            (counts)
  );

  assign run_ni = rst_ni && !clear;

  // ---------------------------------------------------------------- reads

  logic              plan_push, plan_pop, block_push, block_pop, read_last, plan_valid, block_valid;
  logic [PlanW-1:0]  new_plan, plan;
  logic [BlockW-1:0] new_block, block;
  logic [TallyW-1:0] a_freed, b_freed, c_freed, d_freed, a_loaded, e_loaded, b_loaded, c_loaded, d_filled;

  spmma_reader #(
      .Rows      (Rows),
      .Cols      (Cols),
      .StepBytes (StepBytes),
      .Formats   (Formats),
      .Sparse    (Sparse),
      .Pipe      (Pipe),
      .DataBits  (DataBits),
      .BlockRows (BlockRows),
      .BlockBytes(BlockBytes),
      .KBytes    (KBytes),
      .CStrips   (CStrips)
  ) u_reader (
      .clk_i,
      .rst_ni       (run_ni),
      .halt_i       (halt),
      .job_valid_i  (job_valid),
      .job_slot_i   (job_slot),
      .job_i        (job),
      .job_ready_o  (job_taken),
      .idle_o       (reader_idle),
      .win_base_i   (rd_base),
      .win_limit_i  (rd_limit),
      .error_valid_o(reader_error),
      .error_slot_o (reader_error_slot),
      .error_o      (reader_error_info),
      .plan_push_o  (plan_push),
      .plan_o       (new_plan),
      .plan_pop_i   (plan_pop),
      .block_push_o (block_push),
      .block_o      (new_block),
      .block_pop_i  (block_pop),
      .a_freed_i    (a_freed),
      .b_freed_i    (b_freed),
      .c_freed_i    (c_freed),
      .ar_valid_o   (m_axi_arvalid),
      .ar_ready_i   (m_axi_arready),
      .ar_addr_o    (m_axi_araddr),
      .ar_len_o     (m_axi_arlen),
      .read_push_o  (read_push),
      .read_o       (read),
      .read_last_i  (read_last),
      .quiet_o      (reader_quiet),
      .bytes_o      (read_bytes),
      .beats_o      (read_beats)
  );

  spmma_fifo #(
      .Width(PlanW),
      .Depth(4)
  ) u_plans (
      .clk_i,
      .rst_ni (run_ni),
      .push_i (plan_push),
      .data_i (new_plan),
      .valid_o(plan_valid),
      .ready_i(plan_pop),
      .data_o (plan)
  );

  spmma_fifo #(
      .Width(BlockW),
      .Depth(8)
  ) u_blocks (
      .clk_i,
      .rst_ni (run_ni),
      .push_i (block_push),
      .data_i (new_block),
      .valid_o(block_valid),
      .ready_i(block_pop),
      .data_o (block)
  );

  logic [4:0]          word_index;
  logic [DataBits-1:0] word;

  spmma_shifter #(
      .DataBits(DataBits),
      .KBytes  (KBytes)
  ) u_shifter (
      .clk_i,
      .rst_ni         (run_ni),
      .read_push_i    (read_push),
      .read_i         (read),
      .r_valid_i      (m_axi_rvalid),
      .r_ready_o      (m_axi_rready),
      .r_data_i       (m_axi_rdata),
      .r_resp_i       (m_axi_rresp),
      .r_last_i       (m_axi_rlast),
      .last_o         (read_last),
      .word_valid_o   (word_valid),
      .word_read_o    (word_read),
      .word_index_o   (word_index),
      .word_o         (word),
      .a_loaded_o     (a_loaded),
      .e_loaded_o     (e_loaded),
      .b_loaded_o     (b_loaded),
      .c_loaded_o     (c_loaded),
      .illegal_count_o(illegal_count),
      .illegal_first_o(illegal_first),
      .error_valid_o  (shifter_error),
      .error_slot_o   (shifter_error_slot),
      .error_o        (shifter_error_info)
  );

  // ---------------------------------------------------------------- steps

  logic             run_start, run_end, first, last, half, copy, tags_empty;
  logic [7:0]       a_ring, c_ring, step_index, tile;
  logic [SlotW-1:0] slot;

  spmma_sequencer #(
      .Rows      (Rows),
      .Cols      (Cols),
      .StepBytes (StepBytes),
      .Pipe      (Pipe),
      .BlockRows (BlockRows),
      .BlockBytes(BlockBytes),
      .CStrips   (CStrips),
      .DStrips   (DStrips)
  ) u_sequencer (
      .clk_i,
      .rst_ni      (run_ni),
      .plan_valid_i(plan_valid),
      .plan_i      (plan),
      .plan_pop_o  (plan_pop),
      .a_loaded_i  (a_loaded),
      .e_loaded_i  (e_loaded),
      .b_loaded_i  (b_loaded),
      .c_loaded_i  (c_loaded),
      .d_freed_i   (d_freed),
      .core_empty_i(tags_empty),
      .a_freed_o   (a_freed),
      .b_freed_o   (b_freed),
      .c_freed_o   (c_freed),
      .step_valid_o(step),
      .run_start_o (run_start),
      .run_end_o   (run_end),
      .first_o     (first),
      .last_o      (last),
      .a_ring_o    (a_ring),
      .c_ring_o    (c_ring),
      .half_o      (half),
      .step_o      (step_index),
      .tile_o      (tile),
      .len_o       (step_len),
      .slot_o      (slot),
      .rows_o      (step_rows),
      .cols_o      (step_cols),
      .stall_o     (stall),
      .job_end_o   (steps_end)
  );

  assign copy = plan[spmma_gemm_pkg::PlanCopy];

  logic [Rows*StepBytes*8-1:0]                      a2;
  logic [Rows*StepBytes*2-1:0]                      meta2;
  logic [Cols*StepBytes*8*(Sparse!=0?2:1)-1:0]      b2;
  logic [Rows*Cols*32-1:0]                          c2;

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
      .word_valid_i(word_valid),
      .word_read_i (word_read),
      .word_index_i(word_index),
      .word_i      (word),
      .step_valid_i(step),
      .run_start_i (run_start),
      .first_i     (first),
      .has_c_i     (plan[spmma_gemm_pkg::PlanHasC]),
      .log_a_i     (spmma_gemm_pkg::log_bytes(plan[spmma_gemm_pkg::PlanFmtA+:3])),
      .acc16_i     (plan[spmma_gemm_pkg::PlanAcc16]),
      .sparse_i    (plan[spmma_gemm_pkg::PlanSparse]),
      .a_ring_i    (a_ring),
      .c_ring_i    (c_ring),
      .half_i      (half),
      .step_i      (step_index),
      .tile_i      (tile),
      .a_o         (a2),
      .meta_o      (meta2),
      .b_o         (b2),
      .c_o         (c2)
  );

  // ---------------------------------------------------------------- what goes beside the operands, two cycles

  // {copy, acc16, run end, tile, chain and formats}
  localparam int LenW = $clog2(StepBytes + 1);
  localparam int BesideW = 2 + 1 + 8 + SlotW + LenW + 2 + 3 + 3 + 3;
  logic [BesideW-1:0] beside, beside1_q, beside2_q;
  logic               valid1_q, valid2_q, copy2, acc16_2, run_end2, first2, last2, saturate2, sparse2, any2, ready2;
  logic [7:0]         tile2;
  logic [SlotW-1:0]   slot2;
  logic [LenW-1:0]    len2;
  logic [2:0]         fmt_a2, fmt_b2;

  assign beside = {copy, plan[spmma_gemm_pkg::PlanAcc16], run_end, tile, slot, LenW'(step_len), first, last,
                   plan[spmma_gemm_pkg::PlanSaturate], plan[spmma_gemm_pkg::PlanSparse], plan[spmma_gemm_pkg::PlanAny],
                   plan[spmma_gemm_pkg::PlanFmtA+:3], plan[spmma_gemm_pkg::PlanFmtB+:3]};
  assign {copy2, acc16_2, run_end2, tile2, slot2, len2, first2, last2, saturate2, sparse2, any2, fmt_a2, fmt_b2} = beside2_q;

  always_ff @(posedge clk_i) begin
    if (!run_ni) begin
      valid1_q <= 1'b0;
      valid2_q <= 1'b0;
    end else begin
      valid1_q <= step;
      valid2_q <= valid1_q;
    end
    if (step) beside1_q <= beside;
    if (valid1_q) beside2_q <= beside1_q;
  end

  logic                    core_valid;
  logic [Rows*Cols*32-1:0] core_d;
  logic [SlotW-1:0]        unused_slot;
  logic                    unused_err, unused_meta_err;
  logic [(Rows>1?$clog2(Rows):1)-1:0] unused_meta_row;
  logic [31:0]             unused_meta_step;
  logic [(StepBytes>4?$clog2(StepBytes/2):1)-1:0] unused_meta_group;

  spmma_core #(
      .Rows     (Rows),
      .Cols     (Cols),
      .StepBytes(StepBytes),
      .FracBits (FracBits),
      .Formats  (Formats),
      .Sparse   (Sparse),
      .AccSlots (BlockRows / Rows * BlockBytes / Cols),
      .OutDepth (16),
      .Pipe     (Pipe)
  ) u_core (
      .clk_i,
      .rst_ni          (run_ni),
      .in_valid_i      (valid2_q && !copy2),
      .in_ready_o      (ready2),
      .in_a_i          (a2),
      .in_meta_i       (meta2),
      .in_b_i          (b2),
      .in_c_i          (c2),
      .in_fmt_a_i      (fmt_a2),
      .in_fmt_b_i      (fmt_b2),
      .in_acc_f16_i    (acc16_2),
      .in_saturate_i   (saturate2),
      .in_sparse_i     (sparse2),
      .in_meta_any_i   (any2),
      .in_len_i        (len2),
      .in_slot_i       (slot2),
      .in_first_i      (first2),
      .in_last_i       (last2),
      .out_valid_o     (core_valid),
      .out_ready_i     (1'b1),
      .out_d_o         (core_d),
      .out_slot_o      (unused_slot),
      .out_err_o       (unused_err),
      .out_meta_err_o  (unused_meta_err),
      .out_meta_row_o  (unused_meta_row),
      .out_meta_step_o (unused_meta_step),
      .out_meta_group_o(unused_meta_group)
  );

  // ---------------------------------------------------------------- results

  // Whose the core's tiles are, in order. A tag is pushed when the tile's last step is issued.
  localparam int TagDepth = 32;
  logic       tag_push, tag_valid, tag_end, tag_acc16;
  logic [7:0] tag_tile;
  logic [5:0] tags_q;

  assign tag_push = step && last && !copy;
  assign tags_empty = tags_q == '0;

  always_ff @(posedge clk_i) begin
    if (!run_ni) tags_q <= '0;
    else tags_q <= tags_q + 6'(tag_push) - 6'(core_valid);
  end

  spmma_fifo #(
      .Width(10),
      .Depth(TagDepth)
  ) u_tags (
      .clk_i,
      .rst_ni (run_ni),
      .push_i (tag_push),
      .data_i ({run_end, plan[spmma_gemm_pkg::PlanAcc16], tile}),
      .valid_o(tag_valid),
      .ready_i(core_valid),
      .data_o ({tag_end, tag_acc16, tag_tile})
  );

  logic                rd_en;
  logic [7:0]          rd_ring, rd_row;
  logic [4:0]          rd_word;
  logic [DataBits-1:0] rd_data;

  spmma_results #(
      .Rows      (Rows),
      .Cols      (Cols),
      .DataBits  (DataBits),
      .BlockBytes(BlockBytes),
      .DStrips   (DStrips)
  ) u_results (
      .clk_i,
      .rst_ni      (run_ni),
      .tile_valid_i(core_valid || (valid2_q && copy2)),
      .tile_i      (core_valid ? core_d : c2),
      .tile_index_i(core_valid ? tag_tile : tile2),
      .acc16_i     (core_valid ? tag_acc16 : acc16_2),
      .strip_end_i (core_valid ? tag_end : run_end2),
      .filled_o    (d_filled),
      .rd_en_i     (rd_en),
      .rd_ring_i   (rd_ring),
      .rd_row_i    (rd_row),
      .rd_word_i   (rd_word),
      .rd_data_o   (rd_data)
  );

  spmma_writer #(
      .Rows    (Rows),
      .DataBits(DataBits),
      .DStrips (DStrips)
  ) u_writer (
      .clk_i,
      .rst_ni       (run_ni),
      .halt_i       (halt),
      .block_valid_i(block_valid),
      .block_i      (block),
      .block_pop_o  (block_pop),
      .job_done_o   (job_done),
      .win_base_i   (wr_base),
      .win_limit_i  (wr_limit),
      .error_valid_o(writer_error),
      .error_slot_o (writer_error_slot),
      .error_o      (writer_error_info),
      .filled_i     (d_filled),
      .freed_o      (d_freed),
      .rd_en_o      (rd_en),
      .rd_ring_o    (rd_ring),
      .rd_row_o     (rd_row),
      .rd_word_o    (rd_word),
      .rd_data_i    (rd_data),
      .aw_valid_o   (m_axi_awvalid),
      .aw_ready_i   (m_axi_awready),
      .aw_addr_o    (m_axi_awaddr),
      .aw_len_o     (m_axi_awlen),
      .w_valid_o    (m_axi_wvalid),
      .w_ready_i    (m_axi_wready),
      .w_data_o     (m_axi_wdata),
      .w_strb_o     (m_axi_wstrb),
      .w_last_o     (m_axi_wlast),
      .b_valid_i    (m_axi_bvalid),
      .b_ready_o    (m_axi_bready),
      .b_resp_i     (m_axi_bresp),
      .quiet_o      (writer_quiet),
      .beat_o       (write_beat),
      .bytes_o      (write_bytes)
  );

  // ---------------------------------------------------------------- what never changes on the bus

  assign m_axi_arid    = '0;
  assign m_axi_arsize  = 3'($clog2(DataBytes));
  assign m_axi_arburst = 2'b01;
  assign m_axi_arlock  = 1'b0;
  assign m_axi_arcache = 4'b0011;
  assign m_axi_arprot  = 3'b000;
  assign m_axi_arqos   = '0;
  assign m_axi_awid    = '0;
  assign m_axi_awsize  = 3'($clog2(DataBytes));
  assign m_axi_awburst = 2'b01;
  assign m_axi_awlock  = 1'b0;
  assign m_axi_awcache = 4'b0011;
  assign m_axi_awprot  = 3'b000;
  assign m_axi_awqos   = '0;

  logic unused;
  assign unused = ^{s_axil_awprot, s_axil_arprot, m_axi_rid, m_axi_bid, unused_slot, unused_err, unused_meta_err,
                    unused_meta_row, unused_meta_step, unused_meta_group, ready2, tag_valid};

  `SPMMA_ASSERT(GemmCoreNeverStalls, !(valid2_q && !copy2) || ready2)
  `SPMMA_ASSERT(GemmTagForTile, !core_valid || tag_valid)
  `SPMMA_ASSERT(GemmOneTile, !(core_valid && valid2_q && copy2))
  `SPMMA_ASSERT(GemmTagsInRange, tags_q <= 6'(TagDepth))

  localparam int LogData = $clog2(DataBytes);
  localparam int LineBeats = 4096 / DataBytes;

`ifdef SPMMA_CHECKS
  /* verilator coverage_off */
  // Where a word goes, and whether its buffer has that place.
  logic [7:0] word_ring;
  logic [9:0] word_row;
  logic       word_fits;
  assign word_ring = word_read[spmma_gemm_pkg::ReadRing+:8];
  assign word_row = word_read[spmma_gemm_pkg::ReadRow+:10];
  always_comb begin
    case (word_read[spmma_gemm_pkg::ReadOperand+:3])
      spmma_gemm_pkg::OperandA:
        word_fits = 9'(word_ring) < 9'(2 * BlockRows / Rows) && word_row < 10'(Rows) &&
                    word_index < 5'(KBytes / DataBytes);
      spmma_gemm_pkg::OperandE:
        word_fits = 9'(word_ring) < 9'(2 * BlockRows / Rows) && word_row < 10'(Rows) && word_index == '0;
      spmma_gemm_pkg::OperandB:
        word_fits = word_ring < 8'd2 && word_row < 10'(KBytes * (1 + Sparse)) && word_index < 5'(BlockBytes / DataBytes);
      spmma_gemm_pkg::OperandC:
        word_fits = word_ring < 8'(CStrips) && word_row < 10'(Rows) && word_index < 5'(BlockBytes * 4 / DataBytes);
      default: word_fits = 1'b0;
    endcase
  end
  /* verilator coverage_on */
`endif

  // The memory's channels, ours and the environment's.
  `SPMMA_ASSERT_HOLDS(GemmArHolds, m_axi_arvalid && !m_axi_arready, m_axi_arvalid, {m_axi_araddr, m_axi_arlen})
  `SPMMA_ASSERT_HOLDS(GemmAwHolds, m_axi_awvalid && !m_axi_awready, m_axi_awvalid, {m_axi_awaddr, m_axi_awlen})
  `SPMMA_ASSERT_HOLDS(GemmWHolds, m_axi_wvalid && !m_axi_wready, m_axi_wvalid,
                      {m_axi_wdata, m_axi_wstrb, m_axi_wlast})
  `SPMMA_ASSERT_HOLDS(GemmRHolds, m_axi_rvalid && !m_axi_rready, m_axi_rvalid,
                      {m_axi_rdata, m_axi_rresp, m_axi_rlast, m_axi_rid})
  `SPMMA_ASSERT_HOLDS(GemmBHolds, m_axi_bvalid && !m_axi_bready, m_axi_bvalid, {m_axi_bresp, m_axi_bid})
  `SPMMA_ASSERT_IF(GemmArWithinLine, m_axi_arvalid,
                   32'(m_axi_araddr[11:LogData]) + 32'(m_axi_arlen) < LineBeats)
  `SPMMA_ASSERT_IF(GemmAwWithinLine, m_axi_awvalid,
                   32'(m_axi_awaddr[11:LogData]) + 32'(m_axi_awlen) < LineBeats)
  `SPMMA_ASSERT_IF(GemmArConstants, m_axi_arvalid,
                   m_axi_arid == '0 && m_axi_arburst == 2'b01 && 32'd8 << m_axi_arsize == 32'(DataBits))
  `SPMMA_ASSERT_IF(GemmAwConstants, m_axi_awvalid,
                   m_axi_awid == '0 && m_axi_awburst == 2'b01 && 32'd8 << m_axi_awsize == 32'(DataBits))
  `SPMMA_ASSERT_IF(GemmRIsOurs, m_axi_rvalid, m_axi_rid == '0)
  `SPMMA_ASSERT_IF(GemmBIsOurs, m_axi_bvalid, m_axi_bid == '0)

  // The buffers.
  `SPMMA_ASSERT_IF(GemmWordInBuffer, word_valid, word_fits)
  `SPMMA_ASSERT_IF(GemmStepInBuffer, step,
                   9'(a_ring) < 9'(2 * BlockRows / Rows) && c_ring < 8'(CStrips) && step_index < 8'(KBytes / StepBytes) &&
                   tile < 8'(BlockBytes / Cols))
  `SPMMA_ASSERT(GemmStripsInRing, TallyW'(d_filled - d_freed) <= TallyW'(DStrips))
  `SPMMA_ASSERT_IF(GemmTileHasRoom, core_valid || (valid2_q && copy2), TallyW'(d_filled - d_freed) < TallyW'(DStrips))
  `SPMMA_ASSERT_IF(GemmNoTagLeft, tags_empty, !tag_valid)
  `SPMMA_ASSERT_IF(GemmClearIsQuiet, clear, !m_axi_arvalid && !m_axi_awvalid && !m_axi_wvalid && !m_axi_rready)

endmodule
