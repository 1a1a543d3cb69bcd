// SPDX-License-Identifier: Apache-2.0
// What spmma_reader says of a job and tells its pointers, anywhere in its walk (reader_walk.sv proves which places there are):
// a job is taken when there is room for it, or refused with the first of size, format and alignment that is wrong, for the
// first operand that is; a K block and a block are announced exactly when nothing is missing, with every field that means
// something. Each pointer begins, moves on and is loaded when the walk does, with its own operand's fields of the job; what it
// makes of that is pointer.sv's. The bursts of a unit, and so the end of a row, are reader_bursts.sv's; the RTL's own
// assertions are reader.sv's.
//
// mode: bmc 1
// without: assertions
// parameters: Rows=2
// parameters: Rows=8 Cols=4 StepBytes=16 Formats=31 DataBits=512 BlockRows=128 BlockBytes=128 KBytes=128 CStrips=8
// parameters: Rows=1 Formats=4 Sparse=0 Pipe=4 BlockRows=4 CStrips=2
// long: 1 2
// watch: watch_state = u_reader.state_q
// watch: watch_entry = u_reader.entry_q
// watch: watch_line = u_reader.line_q
// watch: watch_m_left = u_reader.m_left_q
// watch: watch_n_left = u_reader.n_left_q
// watch: watch_k_left = u_reader.k_left_q
// watch: watch_first_k = u_reader.first_k_q
// watch: watch_first_column = u_reader.first_column_q
// watch: watch_unit = u_reader.unit_q
// watch: watch_strip = u_reader.strip_q
// watch: watch_row = u_reader.row_q
// watch: watch_plans = u_reader.plans_q
// watch: watch_blocks = u_reader.blocks_q
// watch: a_addr = u_reader.u_ptr_a.addr_i
// watch: a_pitch = u_reader.u_ptr_a.pitch_i
// watch: a_stride = u_reader.u_ptr_a.stride_i
// watch: a_start = u_reader.u_ptr_a.start_i
// watch: a_entry = u_reader.u_ptr_a.entry_i
// watch: a_rows = u_reader.u_ptr_a.rows_i
// watch: a_columns = u_reader.u_ptr_a.columns_i
// watch: a_column_bytes = u_reader.u_ptr_a.column_bytes_i
// watch: a_rewind = u_reader.u_ptr_a.rewind_i
// watch: a_load = u_reader.u_ptr_a.load_i
// watch: a_row = u_reader.u_ptr_a.row_i
// watch: e_addr = u_reader.u_ptr_e.addr_i
// watch: e_pitch = u_reader.u_ptr_e.pitch_i
// watch: e_stride = u_reader.u_ptr_e.stride_i
// watch: e_start = u_reader.u_ptr_e.start_i
// watch: e_entry = u_reader.u_ptr_e.entry_i
// watch: e_rows = u_reader.u_ptr_e.rows_i
// watch: e_columns = u_reader.u_ptr_e.columns_i
// watch: e_column_bytes = u_reader.u_ptr_e.column_bytes_i
// watch: e_rewind = u_reader.u_ptr_e.rewind_i
// watch: e_load = u_reader.u_ptr_e.load_i
// watch: e_row = u_reader.u_ptr_e.row_i
// watch: b_addr = u_reader.u_ptr_b.addr_i
// watch: b_pitch = u_reader.u_ptr_b.pitch_i
// watch: b_stride = u_reader.u_ptr_b.stride_i
// watch: b_start = u_reader.u_ptr_b.start_i
// watch: b_entry = u_reader.u_ptr_b.entry_i
// watch: b_rows = u_reader.u_ptr_b.rows_i
// watch: b_columns = u_reader.u_ptr_b.columns_i
// watch: b_column_bytes = u_reader.u_ptr_b.column_bytes_i
// watch: b_rewind = u_reader.u_ptr_b.rewind_i
// watch: b_load = u_reader.u_ptr_b.load_i
// watch: b_row = u_reader.u_ptr_b.row_i
// watch: c_addr = u_reader.u_ptr_c.addr_i
// watch: c_pitch = u_reader.u_ptr_c.pitch_i
// watch: c_stride = u_reader.u_ptr_c.stride_i
// watch: c_start = u_reader.u_ptr_c.start_i
// watch: c_entry = u_reader.u_ptr_c.entry_i
// watch: c_rows = u_reader.u_ptr_c.rows_i
// watch: c_columns = u_reader.u_ptr_c.columns_i
// watch: c_column_bytes = u_reader.u_ptr_c.column_bytes_i
// watch: c_rewind = u_reader.u_ptr_c.rewind_i
// watch: c_load = u_reader.u_ptr_c.load_i
// watch: c_row = u_reader.u_ptr_c.row_i
// watch: d_addr = u_reader.u_ptr_d.addr_i
// watch: d_pitch = u_reader.u_ptr_d.pitch_i
// watch: d_stride = u_reader.u_ptr_d.stride_i
// watch: d_start = u_reader.u_ptr_d.start_i
// watch: d_entry = u_reader.u_ptr_d.entry_i
// watch: d_rows = u_reader.u_ptr_d.rows_i
// watch: d_columns = u_reader.u_ptr_d.columns_i
// watch: d_column_bytes = u_reader.u_ptr_d.column_bytes_i
// watch: d_rewind = u_reader.u_ptr_d.rewind_i
// watch: d_base = u_reader.u_ptr_d.base_o
// bug: 1 spmma_reader.sv: size_k[31:SizeW] != '0 || ==> size_k[30:SizeW] != '0 ||
// bug: 1 spmma_reader.sv: last_n = n_left_q <= SizeW'(block_cols) ==> last_n = n_left_q[22:0] <= 23'(block_cols)
// bug: 1 spmma_reader.sv: .column_bytes_i(is8 ? 11'(KBytes / 4) ==> .column_bytes_i(!is8 ? 11'(KBytes / 4)
module formal_reader_fields #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int StepBytes  = 8,
    parameter int Formats    = 127,
    parameter int Sparse     = 1,
    parameter int Pipe       = 15,
    parameter int DataBits   = 128,
    parameter int BlockRows  = 8,
    parameter int BlockBytes = 16,
    parameter int KBytes     = 16,
    parameter int CStrips    = 4
) (
    input logic                              clk_i,
    input logic                              rst_ni,
    input logic                              halt_i,
    input logic                              job_valid_i,
    input logic                              job_slot_i,
    input logic [spmma_regs_pkg::JobW-1:0]   job_i,
    input logic [63:0]                       win_base_i,
    input logic [63:0]                       win_limit_i,
    input logic                              plan_pop_i,
    input logic                              block_pop_i,
    input logic [spmma_gemm_pkg::TallyW-1:0] a_freed_i,
    input logic [spmma_gemm_pkg::TallyW-1:0] b_freed_i,
    input logic [spmma_gemm_pkg::TallyW-1:0] c_freed_i,
    input logic                              ar_ready_i,
    input logic                              read_last_i,
    // where the walk is
    input logic [2:0]                        phase_i,
    input logic [23:0]                       entry_i,
    input logic [23:0]                       row0_i,   // the block's first row and column
    input logic [23:0]                       col0_i,
    input logic [25:0]                       k0_i,     // first byte of the K block in a stored row of A
    input logic [7:0]                        strip_i,
    input logic [1:0]                        rank_i,   // of the unit in the strip
    input logic [9:0]                        row_i     // of the unit
);

  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int AddrW = spmma_gemm_pkg::AddrW;

  logic                              job_ready, error, error_slot, plan_push, block_push, read_push;
  logic [spmma_gemm_pkg::ReadW-1:0]  read;
  logic [spmma_gemm_pkg::PlanW-1:0]  plan;
  logic [spmma_gemm_pkg::BlockW-1:0] block;
  logic [spmma_gemm_pkg::ReaderErrorW-1:0] info;

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
      .rst_ni,
      .halt_i,
      .job_valid_i,
      .job_slot_i,
      .job_i,
      .job_ready_o  (job_ready),
      .idle_o       (),
      .win_base_i,
      .win_limit_i,
      .error_valid_o(error),
      .error_slot_o (error_slot),
      .error_o      (info),
      .plan_push_o  (plan_push),
      .plan_o       (plan),
      .plan_pop_i,
      .block_push_o (block_push),
      .block_o      (block),
      .block_pop_i,
      .a_freed_i,
      .b_freed_i,
      .c_freed_i,
      .ar_valid_o   (),
      .ar_ready_i,
      .ar_addr_o    (),
      .ar_len_o     (),
      .read_push_o  (read_push),
      .read_o       (read),
      .read_last_i,
      .quiet_o      (),
      .bytes_o      (),
      .beats_o      ()
  );

  // ---------------------------------------------------------------- the job

  logic [31:0] size_m, size_n, size_k, batch;
  logic [2:0]  fmt, fmt_b;
  logic        sparse, has_c, acc16, tf32;
  logic [1:0]  log, log_acc;  // log2 of an element's bytes, of A or B and of C or D

  assign size_m = job_i[spmma_regs_pkg::JobMLsb+:32];
  assign size_n = job_i[spmma_regs_pkg::JobNLsb+:32];
  assign size_k = job_i[spmma_regs_pkg::JobKLsb+:32];
  assign batch = job_i[spmma_regs_pkg::JobBatchLsb+:32];
  assign fmt = job_i[spmma_regs_pkg::JobFmtALsb+:3];
  assign fmt_b = job_i[spmma_regs_pkg::JobFmtBLsb+:3];
  assign sparse = job_i[spmma_regs_pkg::JobSparseLsb];
  assign has_c = job_i[spmma_regs_pkg::JobHasCLsb];
  assign tf32 = fmt == spmma_pkg::FmtTf32;
  assign log = tf32 ? 2'd2 : (fmt == spmma_pkg::FmtFp16 || fmt == spmma_pkg::FmtBf16) ? 2'd1 : 2'd0;
  assign acc16 = job_i[spmma_regs_pkg::JobAccF16Lsb];
  assign log_acc = acc16 ? 2'd1 : 2'd2;

  // ---------------------------------------------------------------- where the walk is

  localparam logic [2:0] Idle = 3'd0;
  localparam logic [2:0] Plan = 3'd1;
  localparam logic [2:0] Set  = 3'd2;
  localparam logic [2:0] Ask  = 3'd3;
  localparam logic [2:0] Halt = 3'd4;

  // A strip's units in their order; B's is the first strip's last.
  localparam logic [1:0] RankC = 2'd0;
  localparam logic [1:0] RankE = 2'd1;
  localparam logic [1:0] RankA = 2'd2;
  localparam logic [1:0] RankB = 2'd3;

  // No position passes 2^25, for no size does 2^24.
  logic [24:0] m, n, k, col_step, k_step, k0, strip0;
  logic [25:0] stored;  // bytes of a stored row of A
  assign m = size_m[24:0];
  assign n = size_n[24:0];
  assign k = size_k[24:0];
  assign stored = 26'(size_k[23:0] >> sparse) << log;
  assign col_step = 25'(BlockBytes) >> log;        // columns of a block
  assign k_step = (25'(KBytes) >> log) << sparse;  // of a whole row of A, and so rows of B
  assign k0 = 25'((k0_i >> log) << sparse);
  assign strip0 = 25'(row0_i) + 25'(strip_i) * 25'(Rows);

  // What is behind this: another K block, block of columns, block of rows, entry; strip; row of the unit.
  logic more_k, more_n, more_m, more_entries, more_strips, more_rows, job_end;
  assign more_k = 27'(k0_i) + 27'(KBytes) < 27'(stored);
  assign more_n = 25'(col0_i) + col_step < n;
  assign more_m = 25'(row0_i) + 25'(BlockRows) < m;
  assign more_entries = 25'(entry_i) + 25'd1 < batch[24:0];
  assign job_end = !more_k && !more_n && !more_m && !more_entries;
  assign more_strips = 25'(strip_i) + 25'd1 < 25'(BlockRows / Rows) && strip0 + 25'(Rows) < m;
  assign more_rows = (rank_i == RankB) ? 25'(row_i) + 25'd1 < k_step && k0 + 25'(row_i) + 25'd1 < k
                                       : 25'(row_i) + 25'd1 < 25'(Rows) && strip0 + 25'(row_i) + 25'd1 < m;

  // The units of a strip, a bit for each rank.
  logic [3:0] units, others, behind;
  assign others = {1'b0, size_k != '0, size_k != '0 && sparse, has_c && k0_i == '0};
  assign units = others | {size_k != '0 && strip_i == '0, 3'd0};
  assign behind = units & ~(4'hF >> (2'd3 - rank_i));  // of this strip, after this unit

  logic walks, in_unit;
  assign walks = phase_i == Plan || phase_i == Set || phase_i == Ask;
  assign in_unit = phase_i == Set || phase_i == Ask;

  // ---------------------------------------------------------------- what reader_walk.sv proves of it

  logic [2:0]  watch_state, watch_unit;
  logic [23:0] watch_entry, watch_line, watch_m_left, watch_n_left;
  logic [25:0] watch_k_left;
  logic        watch_first_k, watch_first_column;
  logic [7:0]  watch_strip;
  logic [9:0]  watch_row;
  logic [3:0]  watch_plans, watch_blocks;

  logic [2:0] unit;
  assign unit = (rank_i == RankC) ? spmma_gemm_pkg::OperandC : (rank_i == RankE) ? spmma_gemm_pkg::OperandE :
                (rank_i == RankA) ? spmma_gemm_pkg::OperandA : spmma_gemm_pkg::OperandB;

  always_comb begin
    if (rst_ni) begin
      assume (phase_i <= Halt && watch_state == phase_i);
      assume (watch_plans <= 4'd4 && watch_blocks <= 4'd8);
      if (walks) begin
        assume ((size_m | size_n | size_k | batch) < 32'h1000000);
        assume (!sparse || (Sparse != 0 && size_k[0] == 1'b0 && (tf32 || size_k[1] == 1'b0)));
        assume (25'(row0_i) < m && 25'(col0_i) < n && 25'(entry_i) < batch[24:0]);
        assume (k0_i < stored || (k0_i == '0 && k == '0));
        assume (k0_i[$clog2(KBytes)-1:0] == '0);
        assume (watch_entry == entry_i && watch_line == row0_i);
        assume (25'(watch_m_left) + 25'(row0_i) == m);
        assume (25'(watch_n_left) + 25'(col0_i) == n);
        assume (27'(watch_k_left) + 27'(k0_i) == 27'(stored));
        assume (watch_first_k == (k0_i == '0) && watch_first_column == (col0_i == '0));
      end
      if (in_unit) begin
        assume (units[rank_i] && watch_unit == unit);
        assume (watch_strip == strip_i && strip_i < 8'(BlockRows / Rows) && strip0 < m);
      end
      if (phase_i == Ask) begin
        assume (watch_row == row_i);
        if (rank_i == RankB) assume (25'(row_i) < k_step && k0 + 25'(row_i) < k);
        else assume (row_i < 10'(Rows) && strip0 + 25'(row_i) < m);
      end
    end
  end

  // ---------------------------------------------------------------- the checks of a new job

  // An operand off its elements' size.
  function automatic logic off(input logic [1:0] log2_bytes, input logic [1:0] addr, input logic [1:0] pitch,
                               input logic [1:0] stride);
    case (log2_bytes)
      2'd0:    off = 1'b0;
      2'd1:    off = addr[0] || pitch[0] || stride[0];
      default: off = addr != '0 || pitch != '0 || stride != '0;
    endcase
  endfunction

  logic       goes, sizes, empty;  // formats and mode go together; sizes within bounds
  logic [6:0] built;
  assign built = 7'(Formats);
  assign sizes = size_m <= 32'hFFFFFF && size_n <= 32'hFFFFFF && size_k <= 32'hFFFFFF && batch <= 32'hFFFFFF &&
                 (!sparse || (tf32 ? size_k % 32'd2 == '0 : size_k % 32'd4 == '0));
  assign empty = size_m == '0 || size_n == '0 || batch == '0;
  always_comb begin
    case ({fmt, fmt_b})
      {spmma_pkg::FmtInt8, spmma_pkg::FmtInt8}, {spmma_pkg::FmtInt8, spmma_pkg::FmtUint8},
      {spmma_pkg::FmtUint8, spmma_pkg::FmtInt8}, {spmma_pkg::FmtUint8, spmma_pkg::FmtUint8},
      {spmma_pkg::FmtBf16, spmma_pkg::FmtBf16}, {spmma_pkg::FmtTf32, spmma_pkg::FmtTf32}: goes = !acc16;
      {spmma_pkg::FmtFp16, spmma_pkg::FmtFp16}, {spmma_pkg::FmtE4m3, spmma_pkg::FmtE4m3},
      {spmma_pkg::FmtE4m3, spmma_pkg::FmtE5m2}, {spmma_pkg::FmtE5m2, spmma_pkg::FmtE4m3},
      {spmma_pkg::FmtE5m2, spmma_pkg::FmtE5m2}: goes = 1'b1;
      default: goes = 1'b0;
    endcase
    for (int f = 0; f < 7; f++) begin
      if ((fmt == 3'(f) || fmt_b == 3'(f)) && !built[f]) goes = 1'b0;
    end
    if (sparse && Sparse == 0) goes = 1'b0;
  end

  logic [6:0] fault;  // code and operand
  always_comb begin
    fault = '0;
    if (off(log_acc, job_i[spmma_regs_pkg::JobDAddrLsb+:2], job_i[spmma_regs_pkg::JobDPitchLsb+:2],
            job_i[spmma_regs_pkg::JobDStrideLsb+:2])) fault = {spmma_gemm_pkg::ErrAlign, spmma_gemm_pkg::OperandD};
    if (has_c && off(log_acc, job_i[spmma_regs_pkg::JobCAddrLsb+:2], job_i[spmma_regs_pkg::JobCPitchLsb+:2],
                     job_i[spmma_regs_pkg::JobCStrideLsb+:2])) fault = {spmma_gemm_pkg::ErrAlign, spmma_gemm_pkg::OperandC};
    if (off(log, job_i[spmma_regs_pkg::JobBAddrLsb+:2], job_i[spmma_regs_pkg::JobBPitchLsb+:2],
            job_i[spmma_regs_pkg::JobBStrideLsb+:2])) fault = {spmma_gemm_pkg::ErrAlign, spmma_gemm_pkg::OperandB};
    if (off(log, job_i[spmma_regs_pkg::JobAAddrLsb+:2], job_i[spmma_regs_pkg::JobAPitchLsb+:2],
            job_i[spmma_regs_pkg::JobAStrideLsb+:2])) fault = {spmma_gemm_pkg::ErrAlign, spmma_gemm_pkg::OperandA};
    if (!goes) fault = {spmma_gemm_pkg::ErrFormat, 3'd0};
    if (!sizes) fault = {spmma_gemm_pkg::ErrSize, 3'd0};
  end

  // ---------------------------------------------------------------- the block and the K block

  localparam int Strips = BlockRows / Rows;
  localparam int Tiles = BlockBytes / Cols;
  localparam int Steps = KBytes / StepBytes;
  // What a step's result takes to be the next one's accumulator (docs/gemm.md, "chain").
  localparam int Chain = 6 + (Pipe / 2) % 2 + (Pipe / 4) % 2 + (Pipe / 8) % 2;

  logic [24:0] rows_left, cols_left;
  logic [25:0] k_left;
  logic [9:0]  rows, cols;              // of the block
  logic [11:0] k_bytes;                 // of a stored row of A in the K block
  logic [7:0]  strips, tiles, steps, last_rows, last_cols, last_bytes;
  logic [2:0]  log_group;
  assign rows_left = m - 25'(row0_i);
  assign cols_left = n - 25'(col0_i);
  assign k_left = stored - k0_i;
  assign rows = more_m ? 10'(BlockRows) : rows_left[9:0];
  assign cols = more_n ? col_step[9:0] : cols_left[9:0];
  assign k_bytes = more_k ? 12'(KBytes) : k_left[11:0];

  // How many there are is one more than the number of the last that has a row, a column, a byte.
  always_comb begin
    strips = '0;
    last_rows = '0;
    for (int i = 0; i < Strips; i++) begin
      if (rows > 10'(i * Rows)) begin
        strips = 8'(i + 1);
        last_rows = (rows > 10'(i * Rows + Rows)) ? 8'(Rows) : 8'(rows - 10'(i * Rows));
      end
    end
    tiles = '0;
    last_cols = '0;
    for (int i = 0; i < Tiles; i++) begin
      if (cols > 10'(i * Cols)) begin
        tiles = 8'(i + 1);
        last_cols = (cols > 10'(i * Cols + Cols)) ? 8'(Cols) : 8'(cols - 10'(i * Cols));
      end
    end
    steps = 8'd1;  // K = 0 takes one, too
    last_bytes = '0;
    for (int i = 0; i < Steps; i++) begin
      if (k_bytes > 12'(i * StepBytes)) begin
        steps = 8'(i + 1);
        last_bytes = (k_bytes > 12'(i * StepBytes + StepBytes)) ? 8'(StepBytes) : 8'(k_bytes - 12'(i * StepBytes));
      end
    end
    // Doubled until the group's tiles take the chain distance or the block has no more strips.
    log_group = '0;
    for (int g = 0; g < $clog2(Strips); g++) begin
      if ((32'(tiles) << g) < 32'(Chain)) log_group = 3'(g + 1);
    end
  end

  // ---------------------------------------------------------------- what is proven: when

  logic can_take, can_plan, row_end, k_end, begins;
  assign can_take = phase_i == Idle && job_valid_i && !halt_i && (!empty || watch_blocks != 4'd8);
  assign can_plan = phase_i == Plan && !halt_i && watch_plans != 4'd4 && (k0_i != '0 || watch_blocks != 4'd8);
  assign begins = can_take && fault == '0 && !empty;
  assign row_end = phase_i == Ask && read_push && read[spmma_gemm_pkg::ReadLast];
  assign k_end = (can_plan && others == '0) || (row_end && !more_rows && behind == '0 && !more_strips);

  always_comb begin
    if (rst_ni) begin
      assert (job_ready == can_take);
      assert (plan_push == can_plan);
      assert (block_push == ((can_plan && k0_i == '0) || (can_take && fault == '0 && empty)));
      if (phase_i != Ask) assert (!read_push && error == (can_take && fault != '0));
    end
  end

  // ---------------------------------------------------------------- what is proven: what

  logic [AddrW-1:0] d_base;

  always_comb begin
    if (rst_ni && phase_i == Idle && error) begin
      assert (error_slot == job_slot_i);
      assert (info == {fault, {2 * SizeW{1'b0}}});
    end

    if (rst_ni && plan_push) begin
      assert (plan[spmma_gemm_pkg::PlanSlot] == job_slot_i);
      assert (plan[spmma_gemm_pkg::PlanJobEnd] == job_end);
      assert (plan[spmma_gemm_pkg::PlanFirst] == (k0_i == '0));
      assert (plan[spmma_gemm_pkg::PlanLast] == !more_k);
      assert (plan[spmma_gemm_pkg::PlanCopy] == (k == '0));
      assert (plan[spmma_gemm_pkg::PlanHasC] == has_c);
      assert (plan[spmma_gemm_pkg::PlanFmtA+:3] == fmt);
      assert (plan[spmma_gemm_pkg::PlanFmtB+:3] == fmt_b);
      assert (plan[spmma_gemm_pkg::PlanAcc16] == acc16);
      assert (plan[spmma_gemm_pkg::PlanSaturate] == job_i[spmma_regs_pkg::JobSaturateLsb]);
      assert (plan[spmma_gemm_pkg::PlanSparse] == sparse);
      assert (plan[spmma_gemm_pkg::PlanAny] == job_i[spmma_regs_pkg::JobMetaAnyLsb]);
      assert (plan[spmma_gemm_pkg::PlanStrips+:8] == strips);
      assert (plan[spmma_gemm_pkg::PlanTiles+:8] == tiles);
      assert (plan[spmma_gemm_pkg::PlanSteps+:8] == steps);
      assert (plan[spmma_gemm_pkg::PlanLastRows+:8] == last_rows);
      assert (plan[spmma_gemm_pkg::PlanLastCols+:8] == last_cols);
      if (k != '0) assert (plan[spmma_gemm_pkg::PlanLastLen+:8] == last_bytes >> log);
      assert (plan[spmma_gemm_pkg::PlanLogGroup+:3] == log_group);
    end

    // An empty job's block says no more than that the job ends.
    if (rst_ni && block_push) begin
      assert (block[spmma_gemm_pkg::BlockSlot] == job_slot_i);
      if (phase_i == Idle) begin
        assert (block[spmma_gemm_pkg::BlockJobEnd]);
        assert (block[spmma_gemm_pkg::BlockRowsN+:10] == '0);
      end else begin
        assert (block[spmma_gemm_pkg::BlockJobEnd] == (!more_n && !more_m && !more_entries));
        assert (block[spmma_gemm_pkg::BlockRowsN+:10] == rows);
        assert (block[spmma_gemm_pkg::BlockBytesN+:12] == 12'(cols) << log_acc);
        assert (block[spmma_gemm_pkg::BlockLine+:SizeW] == row0_i);
        assert (block[spmma_gemm_pkg::BlockEntry+:SizeW] == entry_i);
        assert (block[spmma_gemm_pkg::BlockPitch+:32] == job_i[spmma_regs_pkg::JobDPitchLsb+:32]);
        assert (block[spmma_gemm_pkg::BlockBase+:AddrW] == d_base);
      end
    end
  end

  // ---------------------------------------------------------------- what is proven: the pointers

  logic [63:0] a_addr, e_addr, b_addr, c_addr, d_addr, a_stride, e_stride, b_stride, c_stride, d_stride;
  logic [31:0] a_pitch, e_pitch, b_pitch, c_pitch, d_pitch;
  logic [10:0] a_column_bytes, e_column_bytes, b_column_bytes, c_column_bytes, d_column_bytes;
  logic        a_start, a_entry, a_rows, a_columns, a_rewind, a_load, a_row;
  logic        e_start, e_entry, e_rows, e_columns, e_rewind, e_load, e_row;
  logic        b_start, b_entry, b_rows, b_columns, b_rewind, b_load, b_row;
  logic        c_start, c_entry, c_rows, c_columns, c_rewind, c_load, c_row;
  logic        d_start, d_entry, d_rows, d_columns, d_rewind;

  // The moves of a job that goes on: to the next entry, to the next block of rows, further in the same rows, to their first column.
  localparam logic [3:0] ToEntry = 4'b1000;
  localparam logic [3:0] ToRows  = 4'b0100;
  localparam logic [3:0] Further = 4'b0010;
  localparam logic [3:0] ToFirst = 4'b0001;

  logic       goes_on;
  logic [3:0] move_a, move_b, move_d;
  assign goes_on = walks && !(k_end && job_end);
  always_comb begin
    move_a = '0;
    move_b = '0;
    move_d = '0;
    if (k_end) begin
      if (more_k) begin
        move_a = Further;
      end else if (more_n) begin
        move_a = ToFirst;
        move_b = Further;
        move_d = Further;
      end else if (more_m) begin
        move_a = ToRows;
        move_b = ToFirst;
        move_d = ToRows;
      end else begin
        move_a = ToEntry;
        move_b = ToEntry;
        move_d = ToEntry;
      end
    end
  end

  // An operand that the job does not have is never looked at.
  logic has_a, has_e;
  assign has_a = size_k != '0;
  assign has_e = has_a && sparse;

  // A move to another entry or other rows ends in their first column, whatever else is asked.
  function automatic logic moves(input logic [3:0] want, input logic start, input logic entry, input logic rows,
                                 input logic columns, input logic rewind);
    moves = !start && entry == want[3] && (want[3] || rows == want[2]) &&
            (want[3:2] != '0 || (rewind == want[0] && (want[0] || columns == want[1])));
  endfunction

  always_comb begin
    if (rst_ni && begins) begin
      assert (d_start && d_addr == job_i[spmma_regs_pkg::JobDAddrLsb+:64]);
      if (has_a) assert (a_start && a_addr == job_i[spmma_regs_pkg::JobAAddrLsb+:64]);
      if (has_e) assert (e_start && e_addr == job_i[spmma_regs_pkg::JobEAddrLsb+:64]);
      if (has_a) assert (b_start && b_addr == job_i[spmma_regs_pkg::JobBAddrLsb+:64]);
      if (has_c) assert (c_start && c_addr == job_i[spmma_regs_pkg::JobCAddrLsb+:64]);
    end
    if (rst_ni && goes_on) begin
      assert (moves(move_d, d_start, d_entry, d_rows, d_columns, d_rewind));
      if (move_d == ToEntry) assert (d_stride == job_i[spmma_regs_pkg::JobDStrideLsb+:64]);
      if (move_d == ToRows) assert (d_pitch == job_i[spmma_regs_pkg::JobDPitchLsb+:32]);
      if (move_d == Further) assert (d_column_bytes == 32'(col_step) << log_acc);
      if (has_a) begin
        assert (moves(move_a, a_start, a_entry, a_rows, a_columns, a_rewind));
        if (move_a == ToEntry) assert (a_stride == job_i[spmma_regs_pkg::JobAStrideLsb+:64]);
        if (move_a == ToRows || row_end) assert (a_pitch == job_i[spmma_regs_pkg::JobAPitchLsb+:32]);
        if (move_a == Further) assert (a_column_bytes == 32'(KBytes));
        assert (moves(move_b, b_start, b_entry, b_rows, b_columns, b_rewind));
        if (move_b == ToEntry) assert (b_stride == job_i[spmma_regs_pkg::JobBStrideLsb+:64]);
        if (row_end) assert (b_pitch == job_i[spmma_regs_pkg::JobBPitchLsb+:32]);
        if (move_b == Further) assert (b_column_bytes == 32'(BlockBytes));
      end
      if (has_e) begin
        assert (moves(move_a, e_start, e_entry, e_rows, e_columns, e_rewind));
        if (move_a == ToEntry) assert (e_stride == job_i[spmma_regs_pkg::JobEStrideLsb+:64]);
        if (move_a == ToRows || row_end) assert (e_pitch == job_i[spmma_regs_pkg::JobEPitchLsb+:32]);
        if (move_a == Further) assert (e_column_bytes == 32'(tf32 ? k_step >> 2 : k_step >> 3));  // half a byte a group
      end
      if (has_c) begin
        assert (moves(move_d, c_start, c_entry, c_rows, c_columns, c_rewind));
        if (move_d == ToEntry) assert (c_stride == job_i[spmma_regs_pkg::JobCStrideLsb+:64]);
        if (move_d == ToRows || row_end) assert (c_pitch == job_i[spmma_regs_pkg::JobCPitchLsb+:32]);
        if (move_d == Further) assert (c_column_bytes == 32'(col_step) << log_acc);
      end
    end
    // A K block begins with the first rows of A and E, a block with those of B and C; B's run on from K block to K block.
    if (rst_ni && plan_push) begin
      if (has_a) assert (a_load);
      if (has_e) assert (e_load);
      if (has_a && k0_i == '0) assert (b_load);
      if (has_c && k0_i == '0) assert (c_load);
    end
    if (rst_ni && phase_i == Plan && k0_i != '0) assert (!b_load && !b_row);
    if (rst_ni && in_unit) begin
      if (has_a) assert (!a_load && a_row == (row_end && rank_i == RankA));
      if (has_e) assert (!e_load && e_row == (row_end && rank_i == RankE));
      if (has_a) assert (!b_load && b_row == (row_end && rank_i == RankB));
      if (has_c && k0_i == '0) assert (!c_load && c_row == (row_end && rank_i == RankC));
    end
  end

endmodule
