// SPDX-License-Identifier: Apache-2.0
// Walks a job block by block and asks for its operands in one fixed order (docs/gemm.md): K block by K block, the first
// strip, B, the other strips. Tells the sequencer and the writer what each block is. No address leaves it that is not
// in the read window.
`include "spmma_assert.svh"

module spmma_reader #(
    parameter int Rows       = 8,
    parameter int Cols       = 4,
    parameter int StepBytes  = 16,
    parameter int Formats    = 31,
    parameter int Sparse     = 1,
    parameter int Pipe       = 15,
    parameter int DataBits   = 512,
    parameter int BlockRows  = 128,
    parameter int BlockBytes = 128,
    parameter int KBytes     = 128,
    parameter int CStrips    = 8
) (
    input  logic                              clk_i,
    input  logic                              rst_ni,
    input  logic                              halt_i,         // ask for nothing more
    // the next job; its fields stay while it is in the engine
    input  logic                              job_valid_i,
    input  logic                              job_slot_i,
    input  logic [spmma_regs_pkg::JobW-1:0]   job_i,
    output logic                              job_ready_o,    // taken
    output logic                              idle_o,         // between jobs
    input  logic [63:0]                       win_base_i,
    input  logic [63:0]                       win_limit_i,
    // an error of the job; nothing follows before a reset
    output logic                              error_valid_o,
    output logic                              error_slot_o,
    output logic [spmma_gemm_pkg::ReaderErrorW-1:0] error_o,
    // what will be computed and written
    output logic                              plan_push_o,
    output logic [spmma_gemm_pkg::PlanW-1:0]  plan_o,
    input  logic                              plan_pop_i,
    output logic                              block_push_o,
    output logic [spmma_gemm_pkg::BlockW-1:0] block_o,
    input  logic                              block_pop_i,
    // strips and halves that may be filled again, counted
    input  logic [spmma_gemm_pkg::TallyW-1:0] a_freed_i,
    input  logic [spmma_gemm_pkg::TallyW-1:0] b_freed_i,
    input  logic [spmma_gemm_pkg::TallyW-1:0] c_freed_i,
    // bursts
    output logic                              ar_valid_o,
    input  logic                              ar_ready_i,
    output logic [63:0]                       ar_addr_o,
    output logic [7:0]                        ar_len_o,
    output logic                              read_push_o,
    output logic [spmma_gemm_pkg::ReadW-1:0]  read_o,
    input  logic                              read_last_i,    // a burst's last beat has come
    output logic                              quiet_o,        // no burst is open
    // for the counters, in the cycle of read_push_o
    output logic [12:0]                       bytes_o,
    output logic [8:0]                        beats_o
);

  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int AddrW = spmma_gemm_pkg::AddrW;
  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);
  localparam int AStrips = 2 * BlockRows / Rows;
  localparam int LogRows = $clog2(Rows);
  localparam int LogCols = $clog2(Cols);
  localparam int LogStep = $clog2(StepBytes);
  localparam int Chain = spmma_pkg::stage_pos(Pipe, spmma_pkg::ResultStage) + 1 - spmma_pkg::stage_pos(Pipe, 3);
  localparam int Open = 64;      // bursts
  localparam int PlanDepth = 4;  // K blocks the sequencer has not finished
  localparam int BlockDepth = 8; // blocks the writer has not finished
  localparam int BytesW = SizeW + 2;

  // ---------------------------------------------------------------- the job's fields

  logic [31:0] size_m, size_n, size_k, batch;
  logic [2:0]  fmt_a, fmt_b;
  logic        acc16, want_sparse, sparse, has_c, tf32, is8, meta_any;
  logic [1:0]  log_a, log_acc;

  assign size_m = job_i[spmma_regs_pkg::JobMLsb+:32];
  assign size_n = job_i[spmma_regs_pkg::JobNLsb+:32];
  assign size_k = job_i[spmma_regs_pkg::JobKLsb+:32];
  assign batch = job_i[spmma_regs_pkg::JobBatchLsb+:32];
  assign fmt_a = job_i[spmma_regs_pkg::JobFmtALsb+:3];
  assign fmt_b = job_i[spmma_regs_pkg::JobFmtBLsb+:3];
  assign acc16 = job_i[spmma_regs_pkg::JobAccF16Lsb];
  assign want_sparse = job_i[spmma_regs_pkg::JobSparseLsb];
  assign sparse = want_sparse && Sparse != 0;
  assign has_c = job_i[spmma_regs_pkg::JobHasCLsb];
  assign meta_any = job_i[spmma_regs_pkg::JobMetaAnyLsb];
  assign log_a = spmma_gemm_pkg::log_bytes(fmt_a);
  assign log_acc = acc16 ? 2'd1 : 2'd2;
  assign tf32 = log_a == 2'd2;
  assign is8 = log_a == 2'd0;

  // ---------------------------------------------------------------- checks of a new job

  // An address, pitch and stride off the element's size.
  function automatic logic unaligned(input logic [1:0] log, input logic [1:0] addr, input logic [1:0] pitch,
                                     input logic [1:0] stride);
    logic [1:0] low;
    begin
      low = addr | pitch | stride;
      unaligned = (log != 2'd0 && low[0]) || (log == 2'd2 && low[1]);
    end
  endfunction

  logic       bad_size, bad_format, empty;
  logic [4:0] bad_align;  // bit i: operand i
  logic [spmma_gemm_pkg::CodeW-1:0] bad_code;
  logic [2:0] bad_operand;

  assign bad_size = size_m[31:SizeW] != '0 || size_n[31:SizeW] != '0 || size_k[31:SizeW] != '0 ||
                    batch[31:SizeW] != '0 || (want_sparse && (size_k[0] || (size_k[1] && !tf32)));
  assign bad_format = !spmma_pkg::fmt_legal(Formats[6:0], Sparse != 0, fmt_a, fmt_b, acc16, want_sparse);
  assign bad_align = {
    unaligned(log_acc, job_i[spmma_regs_pkg::JobDAddrLsb+:2], job_i[spmma_regs_pkg::JobDPitchLsb+:2],
              job_i[spmma_regs_pkg::JobDStrideLsb+:2]),
    has_c && unaligned(log_acc, job_i[spmma_regs_pkg::JobCAddrLsb+:2], job_i[spmma_regs_pkg::JobCPitchLsb+:2],
                       job_i[spmma_regs_pkg::JobCStrideLsb+:2]),
    unaligned(log_a, job_i[spmma_regs_pkg::JobBAddrLsb+:2], job_i[spmma_regs_pkg::JobBPitchLsb+:2],
              job_i[spmma_regs_pkg::JobBStrideLsb+:2]),
    1'b0,
    unaligned(log_a, job_i[spmma_regs_pkg::JobAAddrLsb+:2], job_i[spmma_regs_pkg::JobAPitchLsb+:2],
              job_i[spmma_regs_pkg::JobAStrideLsb+:2])};
  assign empty = size_m == '0 || size_n == '0 || batch == '0;

  always_comb begin
    bad_code = '0;
    bad_operand = '0;
    if (bad_size) bad_code = spmma_gemm_pkg::ErrSize;
    else if (bad_format) bad_code = spmma_gemm_pkg::ErrFormat;
    else if (bad_align != '0) begin
      bad_code = spmma_gemm_pkg::ErrAlign;
      for (int i = 4; i >= 0; i--) begin
        if (bad_align[i]) bad_operand = i[2:0];
      end
    end
  end

  // ---------------------------------------------------------------- state

  localparam logic [2:0] Idle = 3'd0;  // waits for a job
  localparam logic [2:0] Plan = 3'd1;  // a K block begins
  localparam logic [2:0] Set  = 3'd2;  // a unit begins: the rows of one operand of a strip, or B's of a K block
  localparam logic [2:0] Ask  = 3'd3;  // its bursts
  localparam logic [2:0] Halt = 3'd4;  // after an error

  logic [2:0]        state_q;
  logic [SizeW-1:0]  entry_q, line_q;           // batch entry; first row of the block
  logic [SizeW-1:0]  m_left_q, n_left_q;        // rows and columns from this block on
  logic [BytesW-1:0] k_left_q;                  // bytes of a stored row of A from this K block on
  logic              first_k_q, first_column_q;  // the block's first K block; the row block's first columns
  logic [SizeW-1:0]  group_q, b_line_q;         // first group of the K block; next row of B
  logic [2:0]        unit_q;                    // an operand
  logic [7:0]        strip_q;
  logic [9:0]        row_q;                     // of the unit
  logic              second_q;                  // the burst beyond a 4 KiB line

  // ---------------------------------------------------------------- this block and K block

  logic [11:0]       rows, cols, block_cols;
  logic [11:0]       k_bytes;                   // bytes of a stored row of A in the K block
  logic [7:0]        strips, tiles, steps, last_rows, last_cols, last_len;
  logic [2:0]        log_group;
  logic              copy, last_k, last_n, last_m, job_end;
  logic [BytesW-1:0] stored;                    // bytes of a stored row of A
  logic [SizeW-1:0]  stored_elements;

  assign stored_elements = sparse ? SizeW'(size_k[SizeW-1:1]) : size_k[SizeW-1:0];
  assign stored = BytesW'(stored_elements) << log_a;
  assign block_cols = 12'(BlockBytes) >> log_a;
  assign rows = (m_left_q > SizeW'(BlockRows)) ? 12'(BlockRows) : 12'(m_left_q);
  assign cols = (n_left_q > SizeW'(block_cols)) ? block_cols : 12'(n_left_q);
  assign k_bytes = (k_left_q > BytesW'(KBytes)) ? 12'(KBytes) : 12'(k_left_q);
  assign last_m = m_left_q <= SizeW'(BlockRows);
  assign last_n = n_left_q <= SizeW'(block_cols);
  assign last_k = k_left_q <= BytesW'(KBytes);
  assign copy = size_k[SizeW-1:0] == '0;
  assign job_end = last_k && last_n && last_m && entry_q == SizeW'(batch - 32'd1);

  assign strips = 8'((rows + 12'(Rows - 1)) >> LogRows);
  assign tiles = 8'((cols + 12'(Cols - 1)) >> LogCols);
  assign steps = copy ? 8'd1 : 8'((k_bytes + 12'(StepBytes - 1)) >> LogStep);
  assign last_rows = 8'(rows) - ((strips - 8'd1) << LogRows);
  assign last_cols = 8'(cols) - ((tiles - 8'd1) << LogCols);
  assign last_len = (8'(k_bytes) - ((steps - 8'd1) << LogStep)) >> log_a;

  // The least group that hides the chain distance.
  always_comb begin
    log_group = 3'($clog2(BlockRows / Rows));
    for (int g = $clog2(BlockRows / Rows); g >= 0; g--) begin
      if ((12'(tiles) << g) >= 12'(Chain)) log_group = g[2:0];
    end
  end

  // Units of this K block.
  logic has_c_unit, has_e_unit, has_a_unit, any_unit;
  assign has_c_unit = has_c && first_k_q;
  assign has_e_unit = sparse && !copy;
  assign has_a_unit = !copy;
  assign any_unit = has_c_unit || has_a_unit;

  logic [2:0] strip_unit;   // the first unit of a strip
  assign strip_unit = has_c_unit ? spmma_gemm_pkg::OperandC : has_e_unit ? spmma_gemm_pkg::OperandE
                                                                         : spmma_gemm_pkg::OperandA;

  // The unit after this one.
  logic [2:0] next_unit;
  logic [7:0] next_strip;
  logic       unit_end;     // there is none
  always_comb begin
    next_unit = strip_unit;
    next_strip = strip_q + 8'd1;
    unit_end = 1'b0;
    if (unit_q == spmma_gemm_pkg::OperandC && has_e_unit) begin
      next_unit = spmma_gemm_pkg::OperandE;
      next_strip = strip_q;
    end else if ((unit_q == spmma_gemm_pkg::OperandC || unit_q == spmma_gemm_pkg::OperandE) && has_a_unit) begin
      next_unit = spmma_gemm_pkg::OperandA;
      next_strip = strip_q;
    end else if (unit_q == spmma_gemm_pkg::OperandA && strip_q == '0) begin
      next_unit = spmma_gemm_pkg::OperandB;
      next_strip = strip_q;
    end else begin
      unit_end = strip_q == strips - 8'd1;
    end
  end

  // ---------------------------------------------------------------- room

  logic [TallyW-1:0] a_set_q, b_set_q, c_set_q;
  logic [3:0]        plans_q, blocks_q;
  logic              room;
  logic [TallyW-1:0] a_used, b_used, c_used;

  assign a_used = a_set_q - a_freed_i;
  assign b_used = b_set_q - b_freed_i;
  assign c_used = c_set_q - c_freed_i;

  always_comb begin
    case (unit_q)
      spmma_gemm_pkg::OperandB: room = b_used < TallyW'(2);
      spmma_gemm_pkg::OperandC: room = c_used < TallyW'(CStrips);
      default:                  room = a_used < TallyW'(AStrips);
    endcase
  end

  // ---------------------------------------------------------------- addresses

  logic              start, load, next_row, advance_k, advance_n, advance_m, advance_entry;
  logic [AddrW-1:0]  row_a, row_e, row_b, row_c, base_d, row;
  logic [AddrW-1:0]  unused_base_a, unused_base_e, unused_base_b, unused_base_c, unused_row_d;
  logic [11:0]       seg_bytes;
  logic [10:0]       d_block_bytes;

  assign d_block_bytes = 11'(block_cols) << log_acc;

  spmma_pointer #(
      .BlockRows(BlockRows)
  ) u_ptr_a (
      .clk_i,
      .addr_i        (job_i[spmma_regs_pkg::JobAAddrLsb+:64]),
      .pitch_i       (job_i[spmma_regs_pkg::JobAPitchLsb+:32]),
      .stride_i      (job_i[spmma_regs_pkg::JobAStrideLsb+:64]),
      .start_i       (start),
      .entry_i       (advance_entry),
      .rows_i        (advance_m),
      .columns_i     (advance_k),
      .column_bytes_i(11'(KBytes)),
      .rewind_i      (advance_n),
      .load_i        (load),
      .row_i         (next_row && unit_q == spmma_gemm_pkg::OperandA),
      .base_o        (unused_base_a),
      .row_o         (row_a)
  );

  spmma_pointer #(
      .BlockRows(BlockRows)
  ) u_ptr_e (
      .clk_i,
      .addr_i        (job_i[spmma_regs_pkg::JobEAddrLsb+:64]),
      .pitch_i       (job_i[spmma_regs_pkg::JobEPitchLsb+:32]),
      .stride_i      (job_i[spmma_regs_pkg::JobEStrideLsb+:64]),
      .start_i       (start),
      .entry_i       (advance_entry),
      .rows_i        (advance_m),
      .columns_i     (advance_k),
      .column_bytes_i(is8 ? 11'(KBytes / 4) : 11'(KBytes / 8)),
      .rewind_i      (advance_n),
      .load_i        (load),
      .row_i         (next_row && unit_q == spmma_gemm_pkg::OperandE),
      .base_o        (unused_base_e),
      .row_o         (row_e)
  );

  // B's rows run on through the K blocks of a block; blocks of rows read the same B again.
  spmma_pointer #(
      .BlockRows(BlockRows)
  ) u_ptr_b (
      .clk_i,
      .addr_i        (job_i[spmma_regs_pkg::JobBAddrLsb+:64]),
      .pitch_i       (job_i[spmma_regs_pkg::JobBPitchLsb+:32]),
      .stride_i      (job_i[spmma_regs_pkg::JobBStrideLsb+:64]),
      .start_i       (start),
      .entry_i       (advance_entry),
      .rows_i        (1'b0),
      .columns_i     (advance_n),
      .column_bytes_i(11'(BlockBytes)),
      .rewind_i      (advance_m),
      .load_i        (load && first_k_q),
      .row_i         (next_row && unit_q == spmma_gemm_pkg::OperandB),
      .base_o        (unused_base_b),
      .row_o         (row_b)
  );

  spmma_pointer #(
      .BlockRows(BlockRows)
  ) u_ptr_c (
      .clk_i,
      .addr_i        (job_i[spmma_regs_pkg::JobCAddrLsb+:64]),
      .pitch_i       (job_i[spmma_regs_pkg::JobCPitchLsb+:32]),
      .stride_i      (job_i[spmma_regs_pkg::JobCStrideLsb+:64]),
      .start_i       (start),
      .entry_i       (advance_entry),
      .rows_i        (advance_m),
      .columns_i     (advance_n),
      .column_bytes_i(d_block_bytes),
      .rewind_i      (1'b0),
      .load_i        (load && first_k_q),
      .row_i         (next_row && unit_q == spmma_gemm_pkg::OperandC),
      .base_o        (unused_base_c),
      .row_o         (row_c)
  );

  spmma_pointer #(
      .BlockRows(BlockRows)
  ) u_ptr_d (
      .clk_i,
      .addr_i        (job_i[spmma_regs_pkg::JobDAddrLsb+:64]),
      .pitch_i       (job_i[spmma_regs_pkg::JobDPitchLsb+:32]),
      .stride_i      (job_i[spmma_regs_pkg::JobDStrideLsb+:64]),
      .start_i       (start),
      .entry_i       (advance_entry),
      .rows_i        (advance_m),
      .columns_i     (advance_n),
      .column_bytes_i(d_block_bytes),
      .rewind_i      (1'b0),
      .load_i        (1'b0),
      .row_i         (1'b0),
      .base_o        (base_d),
      .row_o         (unused_row_d)
  );

  // ---------------------------------------------------------------- the segment and its bursts

  logic [9:0]  unit_rows;
  logic [11:0] e_bytes, c_bytes;

  assign e_bytes = is8 ? (k_bytes + 12'd3) >> 2 : (k_bytes + 12'd7) >> 3;
  assign c_bytes = cols << log_acc;

  always_comb begin
    case (unit_q)
      spmma_gemm_pkg::OperandE: begin
        row = row_e;
        seg_bytes = e_bytes;
      end
      spmma_gemm_pkg::OperandB: begin
        row = row_b;
        seg_bytes = cols << log_a;
      end
      spmma_gemm_pkg::OperandC: begin
        row = row_c;
        seg_bytes = c_bytes;
      end
      default: begin
        row = row_a;
        seg_bytes = k_bytes;
      end
    endcase
    if (unit_q == spmma_gemm_pkg::OperandB) unit_rows = 10'(k_bytes >> log_a) << sparse;
    else unit_rows = (strip_q == strips - 8'd1) ? 10'(last_rows) : 10'(Rows);
  end

  logic [12:0]      to_line, take;
  logic [4:0]       seg_beats, seg_words;
  logic [AddrW-1:0] burst_first, burst_last;
  logic             crosses, last_part, last_row, outside;
  logic [LogData-1:0] offset;
  logic [8:0]       burst_beats;

  assign to_line = 13'd4096 - {1'b0, row[11:0]};
  assign crosses = {1'b0, seg_bytes} > to_line;
  assign take = second_q ? {1'b0, seg_bytes} - to_line : crosses ? to_line : {1'b0, seg_bytes};
  assign burst_first = second_q ? {row[AddrW-1:12] + (AddrW - 12)'(1), 12'd0} : row;
  assign burst_last = burst_first + AddrW'(take) - AddrW'(1);
  assign burst_beats = 9'((burst_last >> LogData) - (burst_first >> LogData)) + 9'd1;
  assign last_part = !crosses || second_q;
  assign last_row = row_q == unit_rows - 10'd1;
  assign outside = burst_first[63:0] < win_base_i || burst_last[63:0] > win_limit_i;

  assign offset = row[LogData-1:0];
  assign seg_beats = 5'((13'(offset) + 13'(seg_bytes) + 13'(DataBytes - 1)) >> LogData);
  assign seg_words = 5'((13'(seg_bytes) + 13'(DataBytes - 1)) >> LogData);

  // ---------------------------------------------------------------- bursts

  logic       ar_valid_q;
  logic [63:0] ar_addr_q;
  logic [7:0] ar_len_q;
  logic [6:0] open_q;
  logic       can_ask, bad_burst, ask;

  assign can_ask = state_q == Ask && !halt_i && (!ar_valid_q || ar_ready_i) && open_q < 7'(Open);
  assign bad_burst = burst_first[AddrW-1] || burst_last[AddrW-1] || outside;
  assign ask = can_ask && !bad_burst;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ar_valid_q <= 1'b0;
      open_q <= '0;
    end else begin
      ar_valid_q <= ask || (ar_valid_q && !ar_ready_i);
      open_q <= open_q + 7'(ask) - 7'(read_last_i);
    end
    if (ask) begin
      ar_addr_q <= burst_first[63:0];
      ar_len_q <= 8'(burst_beats - 9'd1);
    end
  end

  assign ar_valid_o = ar_valid_q;
  assign ar_addr_o = ar_addr_q;
  assign ar_len_o = ar_len_q;
  assign quiet_o = !ar_valid_q && open_q == '0;

  // ---------------------------------------------------------------- what a burst is for

  // B completes a step with its last row, and with the K block's last.
  logic [9:0] step_mask;
  logic       row_done;
  assign step_mask = 10'(((sparse ? 32'(2 * StepBytes) : 32'(StepBytes)) >> log_a) - 1);
  assign row_done = (unit_q == spmma_gemm_pkg::OperandB && (row_q & step_mask) == step_mask) || last_row;

  logic [7:0] ring;
  always_comb begin
    case (unit_q)
      spmma_gemm_pkg::OperandB: ring = {7'd0, b_set_q[0]};
      spmma_gemm_pkg::OperandC: ring = 8'(c_set_q) & 8'(CStrips - 1);
      default:                  ring = 8'(a_set_q) & 8'(AStrips - 1);
    endcase
  end

  logic [SizeW-1:0] line;
  always_comb begin
    read_o = '0;
    read_o[spmma_gemm_pkg::ReadSlot] = job_slot_i;
    read_o[spmma_gemm_pkg::ReadOperand+:3] = unit_q;
    read_o[spmma_gemm_pkg::ReadRing+:8] = ring;
    read_o[spmma_gemm_pkg::ReadRow+:10] = row_q;
    read_o[spmma_gemm_pkg::ReadOffset+:6] = 6'(offset);
    read_o[spmma_gemm_pkg::ReadLast] = last_part;
    read_o[spmma_gemm_pkg::ReadSingle] = seg_beats == 5'd1;
    read_o[spmma_gemm_pkg::ReadFlush] = offset != '0 && seg_beats != 5'd1 && seg_beats == seg_words;
    read_o[spmma_gemm_pkg::ReadDone] = row_done && last_part;
    read_o[spmma_gemm_pkg::ReadLog+:2] = log_a;
    read_o[spmma_gemm_pkg::ReadAny] = meta_any;
    read_o[spmma_gemm_pkg::ReadTf32] = tf32;
    // Metadata is read again for each block of columns, and counted once.
    if (first_column_q) read_o[spmma_gemm_pkg::ReadCodes+:9] = is8 ? 9'(k_bytes >> 1) : 9'(k_bytes >> 2);
    read_o[spmma_gemm_pkg::ReadEntry+:SizeW] = entry_q;
    read_o[spmma_gemm_pkg::ReadLine+:SizeW] = line;
    read_o[spmma_gemm_pkg::ReadGroup+:SizeW] = group_q;
  end

  assign line = (unit_q == spmma_gemm_pkg::OperandB) ? b_line_q
                                                     : line_q + (SizeW'(strip_q) << LogRows) + SizeW'(row_q);

  assign read_push_o = ask;
  assign bytes_o = take;
  assign beats_o = burst_beats;

  // ---------------------------------------------------------------- the walk

  logic planned, unit_done, block_done;

  assign planned = state_q == Plan && !halt_i && plans_q < 4'(PlanDepth) &&
                   (!first_k_q || blocks_q < 4'(BlockDepth));
  assign unit_done = ask && last_part && last_row;
  assign block_done = (unit_done && unit_end) || (planned && !any_unit);  // a K block is asked for

  assign start = job_ready_o && bad_code == '0;
  // An empty job needs room among the blocks too.
  assign job_ready_o = state_q == Idle && job_valid_i && !halt_i && (!empty || blocks_q < 4'(BlockDepth));
  assign idle_o = state_q == Idle;
  assign load = state_q == Plan;
  assign next_row = ask && last_part;
  assign advance_k = block_done && !last_k;
  assign advance_n = block_done && last_k && !last_n;
  assign advance_m = block_done && last_k && last_n && !last_m;
  assign advance_entry = block_done && last_k && last_n && last_m;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      case (state_q)
        Idle: if (job_ready_o) state_q <= (bad_code != '0) ? Halt : empty ? Idle : Plan;
        Plan: begin
          if (block_done) state_q <= job_end ? Idle : Plan;
          else if (planned) state_q <= Set;
        end
        Set: if (room && !halt_i) state_q <= Ask;
        Ask: begin
          if (can_ask && bad_burst) state_q <= Halt;
          else if (block_done) state_q <= job_end ? Idle : Plan;
          else if (unit_done) state_q <= Set;
        end
        default: state_q <= Halt;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (start) begin
      entry_q <= '0;
      line_q <= '0;
      m_left_q <= size_m[SizeW-1:0];
      n_left_q <= size_n[SizeW-1:0];
      k_left_q <= stored;
      first_k_q <= 1'b1;
      first_column_q <= 1'b1;
      group_q <= '0;
      b_line_q <= '0;
    end else if (block_done) begin
      first_k_q <= last_k;
      k_left_q <= last_k ? stored : k_left_q - BytesW'(KBytes);
      group_q <= last_k ? '0 : group_q + (is8 ? SizeW'(KBytes / 2) : SizeW'(KBytes / 4));
      if (last_k) begin
        first_column_q <= last_n;
        n_left_q <= last_n ? size_n[SizeW-1:0] : n_left_q - SizeW'(block_cols);
      end
      if (last_k && last_n) begin
        m_left_q <= last_m ? size_m[SizeW-1:0] : m_left_q - SizeW'(BlockRows);
        line_q <= last_m ? '0 : line_q + SizeW'(BlockRows);
        if (last_m) entry_q <= entry_q + SizeW'(1);
      end
    end

    if (state_q == Plan) begin
      unit_q <= strip_unit;
      strip_q <= '0;
      if (first_k_q) b_line_q <= '0;
    end else if (unit_done) begin
      unit_q <= next_unit;
      strip_q <= next_strip;
    end
    if (state_q == Set) row_q <= '0;
    else if (next_row) row_q <= row_q + 10'd1;
    if (next_row && unit_q == spmma_gemm_pkg::OperandB) b_line_q <= b_line_q + SizeW'(1);
    if (state_q == Set) second_q <= 1'b0;
    else if (ask) second_q <= !last_part;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_set_q <= '0;
      b_set_q <= '0;
      c_set_q <= '0;
      plans_q <= '0;
      blocks_q <= '0;
    end else begin
      if (unit_done && unit_q == spmma_gemm_pkg::OperandA) a_set_q <= a_set_q + TallyW'(1);
      if (unit_done && unit_q == spmma_gemm_pkg::OperandB) b_set_q <= b_set_q + TallyW'(1);
      if (unit_done && unit_q == spmma_gemm_pkg::OperandC) c_set_q <= c_set_q + TallyW'(1);
      plans_q <= plans_q + 4'(plan_push_o) - 4'(plan_pop_i);
      blocks_q <= blocks_q + 4'(block_push_o) - 4'(block_pop_i);
    end
  end

  // ---------------------------------------------------------------- what the others are told

  assign plan_push_o = planned;
  // An empty job has one block without rows, so that jobs end in their order.
  assign block_push_o = (planned && first_k_q) || (job_ready_o && bad_code == '0 && empty);

  always_comb begin
    plan_o = '0;
    plan_o[spmma_gemm_pkg::PlanSlot] = job_slot_i;
    plan_o[spmma_gemm_pkg::PlanJobEnd] = job_end;
    plan_o[spmma_gemm_pkg::PlanFirst] = first_k_q;
    plan_o[spmma_gemm_pkg::PlanLast] = last_k;
    plan_o[spmma_gemm_pkg::PlanCopy] = copy;
    plan_o[spmma_gemm_pkg::PlanHasC] = has_c;
    plan_o[spmma_gemm_pkg::PlanFmtA+:3] = fmt_a;
    plan_o[spmma_gemm_pkg::PlanFmtB+:3] = fmt_b;
    plan_o[spmma_gemm_pkg::PlanAcc16] = acc16;
    plan_o[spmma_gemm_pkg::PlanSaturate] = job_i[spmma_regs_pkg::JobSaturateLsb];
    plan_o[spmma_gemm_pkg::PlanSparse] = sparse;
    plan_o[spmma_gemm_pkg::PlanAny] = meta_any;
    plan_o[spmma_gemm_pkg::PlanStrips+:8] = strips;
    plan_o[spmma_gemm_pkg::PlanTiles+:8] = tiles;
    plan_o[spmma_gemm_pkg::PlanSteps+:8] = steps;
    plan_o[spmma_gemm_pkg::PlanLastLen+:8] = last_len;
    plan_o[spmma_gemm_pkg::PlanLastRows+:8] = last_rows;
    plan_o[spmma_gemm_pkg::PlanLastCols+:8] = last_cols;
    plan_o[spmma_gemm_pkg::PlanLogGroup+:3] = log_group;
  end

  always_comb begin
    block_o = '0;
    block_o[spmma_gemm_pkg::BlockSlot] = job_slot_i;
    if (state_q == Plan) begin
      block_o[spmma_gemm_pkg::BlockJobEnd] = last_n && last_m && entry_q == SizeW'(batch - 32'd1);
      block_o[spmma_gemm_pkg::BlockRowsN+:10] = 10'(rows);
      block_o[spmma_gemm_pkg::BlockBytesN+:12] = c_bytes;
      block_o[spmma_gemm_pkg::BlockLine+:SizeW] = line_q;
      block_o[spmma_gemm_pkg::BlockEntry+:SizeW] = entry_q;
      block_o[spmma_gemm_pkg::BlockPitch+:32] = job_i[spmma_regs_pkg::JobDPitchLsb+:32];
      block_o[spmma_gemm_pkg::BlockBase+:AddrW] = base_d;
    end else begin
      block_o[spmma_gemm_pkg::BlockJobEnd] = 1'b1;
    end
  end

  // ---------------------------------------------------------------- errors

  logic [spmma_gemm_pkg::CodeW-1:0] burst_code;
  assign burst_code = (burst_first[AddrW-1] || burst_last[AddrW-1]) ? spmma_gemm_pkg::ErrWrap : spmma_gemm_pkg::ErrWindow;
  assign error_valid_o = (job_ready_o && bad_code != '0) || (can_ask && bad_burst);
  assign error_slot_o = job_slot_i;
  assign error_o = (state_q == Idle) ? {bad_code, bad_operand, {2 * SizeW{1'b0}}}
                                     : {burst_code, unit_q, entry_q, line};

  logic unused;
  assign unused = ^{job_i, unused_base_a, unused_base_e, unused_base_b, unused_base_c, unused_row_d};

  `SPMMA_ASSERT(ReaderInWindow, !ar_valid_q || (ar_addr_q >= win_base_i && ar_addr_q <= win_limit_i))
  `SPMMA_ASSERT(ReaderOpenInRange, open_q <= 7'(Open))
  `SPMMA_ASSERT(ReaderRoomA, a_used <= TallyW'(AStrips))
  `SPMMA_ASSERT(ReaderRoomB, b_used <= TallyW'(2))
  `SPMMA_ASSERT(ReaderRoomC, c_used <= TallyW'(CStrips))
  `SPMMA_ASSERT(ReaderWithin4K, !ask || burst_first[63:12] == burst_last[63:12])
  `SPMMA_ASSERT_IF(ReaderBurstEndsInWindow, ar_valid_q,
                   {ar_addr_q[63:LogData], {LogData{1'b1}}} + (64'(ar_len_q) << LogData) <= win_limit_i)
  `SPMMA_ASSERT(ReaderPlansInRange, plans_q <= 4'(PlanDepth))
  `SPMMA_ASSERT(ReaderBlocksInRange, blocks_q <= 4'(BlockDepth))
  `SPMMA_ASSERT_NEXT(ReaderHaltAsksNothing, halt_i && !ar_valid_o, !ar_valid_o)
  `SPMMA_ASSERT_IF(ReaderRowInUnit, state_q == Ask, row_q < unit_rows && strip_q < strips)
  `SPMMA_ASSERT_IF(ReaderAsksForBytes, ask, take != '0 && take <= {1'b0, seg_bytes})
  `SPMMA_ASSERT_IF(ReaderAsksForElements, ask && unit_q != spmma_gemm_pkg::OperandE,
                   (row[1:0] & ~(2'b11 << ((unit_q == spmma_gemm_pkg::OperandC) ? log_acc : log_a))) == '0)
  `SPMMA_ASSERT_IF(ReaderUnitOfJob, state_q == Ask,
                   unit_q <= spmma_gemm_pkg::OperandC && (unit_q != spmma_gemm_pkg::OperandE || sparse) &&
                   (unit_q != spmma_gemm_pkg::OperandC || has_c) && (unit_q == spmma_gemm_pkg::OperandC || !copy))
  `SPMMA_ASSERT_IF(ReaderPlansSomething, plan_push_o, m_left_q != '0 && n_left_q != '0 && (k_left_q != '0 || copy))
  `SPMMA_COVER(ReaderAllOpen, open_q == 7'(Open))
  `SPMMA_COVER(ReaderRingFull, a_used == TallyW'(AStrips))

endmodule
