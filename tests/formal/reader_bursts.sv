// SPDX-License-Identifier: Apache-2.0
// What spmma_reader asks for, anywhere in its walk (reader_walk.sv proves which places there are), for any job, windows and
// addresses: a burst is asked for exactly when it may be, and is all of its segment up to the 4 KiB line, the next one all
// beyond it; one beyond 2^64 or outside the read window is refused with its operand, entry and row; what the shifter is told of
// a burst is so in every field that means something, the counters are told its bytes and beats, and its address stands on the
// bus from the next cycle until it is taken. The RTL's own assertions are reader.sv's.
//
// mode: bmc 2
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
// watch: watch_group = u_reader.group_q
// watch: watch_b_line = u_reader.b_line_q
// watch: watch_unit = u_reader.unit_q
// watch: watch_strip = u_reader.strip_q
// watch: watch_row = u_reader.row_q
// watch: watch_second = u_reader.second_q
// watch: watch_a_set = u_reader.a_set_q
// watch: watch_b_set = u_reader.b_set_q
// watch: watch_c_set = u_reader.c_set_q
// watch: watch_open = u_reader.open_q
// watch: a_at = u_reader.u_ptr_a.row_o
// watch: e_at = u_reader.u_ptr_e.row_o
// watch: b_at = u_reader.u_ptr_b.row_o
// watch: c_at = u_reader.u_ptr_c.row_o
// watch: watch_first = u_reader.burst_first
// bug: 1 spmma_reader.sv: seg_beats != 5'd1 && seg_beats == seg_words ==> seg_beats == seg_words
// bug: 1 spmma_reader.sv: {burst_code, unit_q, entry_q, line} ==> {burst_code, unit_q, entry_q, line_q}
// bug: 2 spmma_reader.sv: 8'(burst_beats - 9'd1) ==> 8'(burst_beats) - 8'(!second_q)
module formal_reader_bursts #(
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
    // where the walk is in the first cycle
    input logic [2:0]                        phase_i,
    input logic [23:0]                       entry_i,
    input logic [23:0]                       row0_i,   // the block's first row and column
    input logic [23:0]                       col0_i,
    input logic [25:0]                       k0_i,     // first byte of the K block in a stored row of A
    input logic [7:0]                        strip_i,
    input logic [1:0]                        rank_i,   // of the unit in the strip
    input logic [9:0]                        row_i,    // of the unit
    input logic                              second_i  // of the segment's bursts
);

  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int AddrW = spmma_gemm_pkg::AddrW;
  localparam int AStrips = 2 * BlockRows / Rows;
  localparam int LogData = $clog2(DataBits / 8);

  logic                              error, error_slot, ar_valid, read_push;
  logic [spmma_gemm_pkg::ReadW-1:0]  read;
  logic [spmma_gemm_pkg::ReaderErrorW-1:0] info;
  logic [63:0]                       ar_addr;
  logic [7:0]                        ar_len;
  logic [12:0]                       bytes;
  logic [8:0]                        beats;

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
      .job_ready_o  (),
      .idle_o       (),
      .win_base_i,
      .win_limit_i,
      .error_valid_o(error),
      .error_slot_o (error_slot),
      .error_o      (info),
      .plan_push_o  (),
      .plan_o       (),
      .plan_pop_i,
      .block_push_o (),
      .block_o      (),
      .block_pop_i,
      .a_freed_i,
      .b_freed_i,
      .c_freed_i,
      .ar_valid_o   (ar_valid),
      .ar_ready_i,
      .ar_addr_o    (ar_addr),
      .ar_len_o     (ar_len),
      .read_push_o  (read_push),
      .read_o       (read),
      .read_last_i,
      .quiet_o      (),
      .bytes_o      (bytes),
      .beats_o      (beats)
  );

  // The cycle that is looked at, from any place of the walk, and the one after it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  assign live = !begun_q && rst_ni;

  // ---------------------------------------------------------------- the job

  logic [31:0] size_m, size_n, size_k, batch;
  logic [2:0]  fmt;
  logic        sparse, has_c, acc16, tf32;
  logic [1:0]  log, log_acc;  // log2 of an element's bytes, of A or B and of C or D

  assign size_m = job_i[spmma_regs_pkg::JobMLsb+:32];
  assign size_n = job_i[spmma_regs_pkg::JobNLsb+:32];
  assign size_k = job_i[spmma_regs_pkg::JobKLsb+:32];
  assign batch = job_i[spmma_regs_pkg::JobBatchLsb+:32];
  assign fmt = job_i[spmma_regs_pkg::JobFmtALsb+:3];
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
  logic [23:0] watch_entry, watch_line, watch_m_left, watch_n_left, watch_group, watch_b_line;
  logic [25:0] watch_k_left;
  logic        watch_first_k, watch_first_column, watch_second;
  logic [7:0]  watch_strip;
  logic [9:0]  watch_row;
  logic [11:0] watch_a_set, watch_b_set, watch_c_set;
  logic [6:0]  watch_open;

  logic [2:0] unit;
  assign unit = (rank_i == RankC) ? spmma_gemm_pkg::OperandC : (rank_i == RankE) ? spmma_gemm_pkg::OperandE :
                (rank_i == RankA) ? spmma_gemm_pkg::OperandA : spmma_gemm_pkg::OperandB;

  logic over;  // the segment crosses a 4 KiB line

  always_comb begin
    if (live) begin
      assume (phase_i <= Halt && watch_state == phase_i);
      assume (watch_open <= 7'd64);
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
        if (sparse) assume (25'(watch_group) == (tf32 ? k0 >> 1 : k0 >> 2));
      end
      if (in_unit) begin
        assume (units[rank_i] && watch_unit == unit);
        assume (watch_strip == strip_i && strip_i < 8'(BlockRows / Rows) && strip0 < m);
      end
      if (phase_i == Ask) begin
        assume (watch_row == row_i && watch_second == second_i);
        if (rank_i == RankB) begin
          assume (25'(row_i) < k_step && k0 + 25'(row_i) < k);
          assume (25'(watch_b_line) == k0 + 25'(row_i));
        end else begin
          assume (row_i < 10'(Rows) && strip0 + 25'(row_i) < m);
        end
        assume (!second_i || over);  // reader.sv proves it
      end
    end
  end

  // ---------------------------------------------------------------- the segment and its burst

  logic [24:0]      cols_left, line;
  logic [25:0]      k_left;
  logic [9:0]       cols;           // of the block
  logic [11:0]      k_bytes;        // of a stored row of A in the K block
  logic [11:0]      codes;          // nibbles of metadata for them
  logic [11:0]      segment;        // bytes
  logic [AddrW-1:0] a_at, e_at, b_at, c_at, at;
  logic [AddrW-1:0] first, last;    // bytes of the burst
  logic [12:0]      seg_end;        // of the segment's last byte, from the 4 KiB line below its first
  logic             part_is_last, beyond, outside;
  logic [12:0]      seg_beats, seg_words;
  logic [9:0]       step_rows;      // rows of B in a step

  assign cols_left = n - 25'(col0_i);
  assign k_left = stored - k0_i;
  assign cols = more_n ? col_step[9:0] : cols_left[9:0];
  assign k_bytes = more_k ? 12'(KBytes) : k_left[11:0];
  assign codes = tf32 ? k_bytes >> 2 : (k_bytes >> log) >> 1;  // one for 1 stored element in TF32, else for 2
  assign line = (rank_i == RankB) ? k0 + 25'(row_i) : strip0 + 25'(row_i);
  assign at = (rank_i == RankC) ? c_at : (rank_i == RankE) ? e_at : (rank_i == RankA) ? a_at : b_at;
  assign segment = (rank_i == RankC) ? 12'(cols) << log_acc : (rank_i == RankE) ? (codes >> 1) + 12'(codes[0]) :
                   (rank_i == RankA) ? k_bytes : 12'(cols) << log;
  assign seg_end = 13'(at[11:0]) + 13'(segment) - 13'd1;
  assign over = seg_end[12];
  assign part_is_last = !over || second_i;
  assign first = second_i ? {at[AddrW-1:12] + 53'd1, 12'd0} : at;
  assign last = {first[AddrW-1:12], part_is_last ? seg_end[11:0] : 12'hFFF};
  assign beyond = first[64] || last[64];
  assign outside = first[63:0] < win_base_i || last[63:0] > win_limit_i;
  assign seg_beats = (13'(at[LogData-1:0]) + 13'(segment) + 13'(DataBits / 8 - 1)) / 13'(DataBits / 8);
  assign seg_words = (13'(segment) + 13'(DataBits / 8 - 1)) / 13'(DataBits / 8);
  assign step_rows = (10'(StepBytes) >> log) << sparse;

  // ---------------------------------------------------------------- what is proven

  logic             can_ask, asks, stops;
  logic [AddrW-1:0] watch_first;
  assign can_ask = phase_i == Ask && !halt_i && (!ar_valid || ar_ready_i) && watch_open != 7'd64;
  assign asks = can_ask && !beyond && !outside;
  assign stops = can_ask && (beyond || outside);

  always_comb begin
    if (live) begin
      assert (read_push == asks);
      if (phase_i == Ask) assert (error == stops);
    end
    if (live && stops) begin
      assert (error_slot == job_slot_i);
      assert (info == {beyond ? spmma_gemm_pkg::ErrWrap : spmma_gemm_pkg::ErrWindow, unit, entry_i, line[23:0]});
    end
    if (live && asks) begin
      assert (watch_first == first);  // of which the address on the bus is made, below
      assert (bytes == 13'(last[11:0]) - 13'(first[11:0]) + 13'd1);
      assert (beats == 9'(last[11:LogData]) - 9'(first[11:LogData]) + 9'd1);
      assert (read[spmma_gemm_pkg::ReadSlot] == job_slot_i);
      assert (read[spmma_gemm_pkg::ReadOperand+:3] == unit);
      assert (read[spmma_gemm_pkg::ReadRing+:8] == ((rank_i == RankB) ? 8'(watch_b_set % 12'd2) :
                                                    (rank_i == RankC) ? 8'(watch_c_set % 12'(CStrips)) :
                                                                        8'(watch_a_set % 12'(AStrips))));
      assert (read[spmma_gemm_pkg::ReadRow+:10] == row_i);
      assert (read[spmma_gemm_pkg::ReadOffset+:6] == 6'(at[LogData-1:0]));
      assert (read[spmma_gemm_pkg::ReadLast] == part_is_last);
      assert (read[spmma_gemm_pkg::ReadSingle] == (12'(at[LogData-1:0]) + segment <= 12'(DataBits / 8)));
      assert (read[spmma_gemm_pkg::ReadFlush] == (at[LogData-1:0] != '0 && seg_beats > 13'd1 && seg_words == seg_beats));
      assert (read[spmma_gemm_pkg::ReadDone] == (part_is_last && (!more_rows ||
                                                 (rank_i == RankB && ((row_i + 10'd1) & (step_rows - 10'd1)) == '0))));
      assert (read[spmma_gemm_pkg::ReadLog+:2] == log);
      assert (read[spmma_gemm_pkg::ReadAny] == job_i[spmma_regs_pkg::JobMetaAnyLsb]);
      assert (read[spmma_gemm_pkg::ReadTf32] == tf32);
      assert (read[spmma_gemm_pkg::ReadEntry+:SizeW] == entry_i);
      assert (25'(read[spmma_gemm_pkg::ReadLine+:SizeW]) == line);
      // Metadata alone has nibbles, in groups of 4 k, in TF32 of 2. It is read again for each block of columns, and counted once.
      if (rank_i == RankE) begin
        assert (read[spmma_gemm_pkg::ReadCodes+:9] == ((col0_i == '0) ? codes[8:0] : 9'd0));
        assert (25'(read[spmma_gemm_pkg::ReadGroup+:SizeW]) == (tf32 ? k0 >> 1 : k0 >> 2));
      end
    end
  end

  // ---------------------------------------------------------------- what is proven: the address on the bus

  logic        was_q, asked_q, held_q;
  logic [63:0] addr_q;
  logic [7:0]  len_q;
  always_ff @(posedge clk_i) begin
    was_q <= rst_ni;
    asked_q <= asks;
    held_q <= ar_valid && !ar_ready_i;
    addr_q <= asks ? watch_first[63:0] : ar_addr;
    len_q <= asks ? 8'(beats - 9'd1) : ar_len;
  end
  always_comb begin
    if (begun_q) begin
      assert (ar_valid == (was_q && (asked_q || held_q)));
      if (ar_valid) assert (ar_addr == addr_q && ar_len == len_q);
    end
  end

endmodule
