// SPDX-License-Identifier: Apache-2.0
// spmma_reader's walk: the units of a job come in the order of docs/gemm.md, each exactly once, for every size, format and
// mode. A reference that knows the first row, column and byte of K of the block it is in, and of each whether there is one
// behind it, says in every cycle where the reader is, in all bits; and what has been reserved, is planned, announced and open
// is what was asked for less what was given back. What the reader says, and what it asks for, in each place is
// reader_fields.sv's and reader_bursts.sv's, which take the walk from here; this takes from the reader itself which bursts it
// asks for. The RTL's own assertions are reader.sv's.
//
// mode: induction 1
// without: assertions
// parameters: Rows=2
// parameters: Rows=8 Cols=4 StepBytes=16 Formats=31 DataBits=512 BlockRows=128 BlockBytes=128 KBytes=128 CStrips=8
// parameters: Rows=8 Cols=4 Formats=4 Sparse=0 DataBits=512 BlockRows=128 BlockBytes=128 KBytes=128 CStrips=8
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
// watch: watch_plans = u_reader.plans_q
// watch: watch_blocks = u_reader.blocks_q
// watch: watch_open = u_reader.open_q
// bug: 5 spmma_reader.sv: k_left_q <= stored; ==> k_left_q <= {1'b0, stored[24:0]};
// bug: 5 spmma_reader.sv: first_column_q <= last_n; ==> first_column_q <= last_n || last_m;
// bug: 6 spmma_reader.sv: else if (ask) second_q <= !last_part ==> else if (ask) second_q <= 1'b0
module formal_reader_walk #(
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
    input logic                              read_last_i
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int ReadW = spmma_gemm_pkg::ReadW;
  localparam int AStrips = 2 * BlockRows / Rows;

  logic             job_ready, idle, error, plan_push, block_push, ar_valid, read_push, quiet;
  logic [ReadW-1:0] read;

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
      .idle_o       (idle),
      .win_base_i,
      .win_limit_i,
      .error_valid_o(error),
      .error_slot_o (),
      .error_o      (),
      .plan_push_o  (plan_push),
      .plan_o       (),
      .plan_pop_i,
      .block_push_o (block_push),
      .block_o      (),
      .block_pop_i,
      .a_freed_i,
      .b_freed_i,
      .c_freed_i,
      .ar_valid_o   (ar_valid),
      .ar_ready_i,
      .ar_addr_o    (),
      .ar_len_o     (),
      .read_push_o  (read_push),
      .read_o       (read),
      .read_last_i,
      .quiet_o      (quiet),
      .bytes_o      (),
      .beats_o      ()
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- the job

  logic [31:0] size_m, size_n, size_k, batch;
  logic [2:0]  fmt;
  logic        sparse, has_c, tf32;
  logic [1:0]  log;  // log2 of the bytes of an element of A or B

  assign size_m = job_i[spmma_regs_pkg::JobMLsb+:32];
  assign size_n = job_i[spmma_regs_pkg::JobNLsb+:32];
  assign size_k = job_i[spmma_regs_pkg::JobKLsb+:32];
  assign batch = job_i[spmma_regs_pkg::JobBatchLsb+:32];
  assign fmt = job_i[spmma_regs_pkg::JobFmtALsb+:3];
  assign sparse = job_i[spmma_regs_pkg::JobSparseLsb];
  assign has_c = job_i[spmma_regs_pkg::JobHasCLsb];
  assign tf32 = fmt == spmma_pkg::FmtTf32;
  assign log = tf32 ? 2'd2 : (fmt == spmma_pkg::FmtFp16 || fmt == spmma_pkg::FmtBf16) ? 2'd1 : 2'd0;

  // ---------------------------------------------------------------- the reference: where the walk is

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

  logic [2:0]  phase_q;
  logic [23:0] entry_q, row0_q, col0_q;  // batch entry; the block's first row and column
  logic [25:0] k0_q;                     // first byte of the K block in a stored row of A
  logic [7:0]  strip_q;
  logic [1:0]  rank_q;
  logic [9:0]  row_q;
  logic        second_q;

  // No position passes 2^25, for no size does 2^24.
  logic [24:0] m, n, k, col_step, k_step, k0, strip0;
  logic [25:0] stored;  // bytes of a stored row of A
  assign m = size_m[24:0];
  assign n = size_n[24:0];
  assign k = size_k[24:0];
  assign stored = 26'(size_k[23:0] >> sparse) << log;
  assign col_step = 25'(BlockBytes) >> log;        // columns of a block
  assign k_step = (25'(KBytes) >> log) << sparse;  // of a whole row of A, and so rows of B
  assign k0 = 25'((k0_q >> log) << sparse);
  assign strip0 = 25'(row0_q) + 25'(strip_q) * 25'(Rows);

  // What is behind this: another K block, block of columns, block of rows, entry; strip; row of the unit.
  logic more_k, more_n, more_m, more_entries, more_strips, more_rows, job_end;
  assign more_k = 27'(k0_q) + 27'(KBytes) < 27'(stored);
  assign more_n = 25'(col0_q) + col_step < n;
  assign more_m = 25'(row0_q) + 25'(BlockRows) < m;
  assign more_entries = 25'(entry_q) + 25'd1 < batch[24:0];
  assign job_end = !more_k && !more_n && !more_m && !more_entries;
  assign more_strips = 25'(strip_q) + 25'd1 < 25'(BlockRows / Rows) && strip0 + 25'(Rows) < m;
  assign more_rows = (rank_q == RankB) ? 25'(row_q) + 25'd1 < k_step && k0 + 25'(row_q) + 25'd1 < k
                                       : 25'(row_q) + 25'd1 < 25'(Rows) && strip0 + 25'(row_q) + 25'd1 < m;

  // The units of a strip, a bit for each rank.
  logic [3:0] units, others, behind;
  assign others = {1'b0, size_k != '0, size_k != '0 && sparse, has_c && k0_q == '0};
  assign units = others | {size_k != '0 && strip_q == '0, 3'd0};
  assign behind = units & ~(4'hF >> (2'd3 - rank_q));  // of this strip, after this unit

  function automatic logic [1:0] first_of(input logic [3:0] set);
    first_of = set[0] ? RankC : set[1] ? RankE : set[2] ? RankA : RankB;
  endfunction

  // What happens in this cycle, of what the reader says it does.
  logic a_room, b_room, c_room, room, begins, plans, row_end, unit_end, k_end;
  logic [TallyW-1:0] a_sets_q, b_sets_q, c_sets_q;
  assign a_room = a_sets_q - a_freed_i < TallyW'(AStrips);
  assign b_room = b_sets_q - b_freed_i < TallyW'(2);
  assign c_room = c_sets_q - c_freed_i < TallyW'(CStrips);
  assign room = (rank_q == RankC) ? c_room : (rank_q == RankB) ? b_room : a_room;
  assign begins = phase_q == Idle && job_ready && !error && size_m != '0 && size_n != '0 && batch != '0;
  assign plans = phase_q == Plan && plan_push;
  assign row_end = phase_q == Ask && read_push && read[spmma_gemm_pkg::ReadLast];
  assign unit_end = row_end && !more_rows;
  assign k_end = (plans && others == '0) || (unit_end && behind == '0 && !more_strips);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      phase_q <= Idle;
      a_sets_q <= '0;
      b_sets_q <= '0;
      c_sets_q <= '0;
    end else begin
      if (phase_q == Idle && job_ready && error) phase_q <= Halt;
      if (phase_q == Set && room && !halt_i) phase_q <= Ask;
      if (phase_q == Ask && error) phase_q <= Halt;
      if (begins) begin
        phase_q <= Plan;
        entry_q <= '0;
        row0_q <= '0;
        col0_q <= '0;
        k0_q <= '0;
      end
      if (plans) begin
        phase_q <= Set;
        strip_q <= '0;
        rank_q <= first_of(others);
      end
      if (phase_q == Set) begin
        row_q <= '0;
        second_q <= 1'b0;
      end
      if (phase_q == Ask && read_push) second_q <= !row_end;
      if (row_end) row_q <= row_q + 10'd1;
      if (unit_end) begin
        phase_q <= Set;
        if (behind != '0) begin
          rank_q <= first_of(behind);
        end else begin
          strip_q <= strip_q + 8'd1;
          rank_q <= first_of(others);
        end
        if (rank_q == RankA) a_sets_q <= a_sets_q + TallyW'(1);
        if (rank_q == RankB) b_sets_q <= b_sets_q + TallyW'(1);
        if (rank_q == RankC) c_sets_q <= c_sets_q + TallyW'(1);
      end
      if (k_end) begin
        phase_q <= job_end ? Idle : Plan;
        if (more_k) begin
          k0_q <= k0_q + 26'(KBytes);
        end else begin
          k0_q <= '0;
          if (more_n) begin
            col0_q <= col0_q + col_step[23:0];
          end else begin
            col0_q <= '0;
            if (more_m) begin
              row0_q <= row0_q + 24'(BlockRows);
            end else begin
              row0_q <= '0;
              entry_q <= entry_q + 24'd1;
            end
          end
        end
      end
    end
  end

  // What is under way.
  logic       pending_q;
  logic [2:0] plans_q;
  logic [3:0] blocks_q;
  logic [6:0] open_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      pending_q <= 1'b0;
      plans_q <= '0;
      blocks_q <= '0;
      open_q <= '0;
    end else begin
      pending_q <= read_push || (pending_q && !ar_ready_i);
      plans_q <= plans_q + 3'(plan_push) - 3'(plan_pop_i);
      blocks_q <= blocks_q + 4'(block_push) - 4'(block_pop_i);
      open_q <= open_q + 7'(read_push) - 7'(read_last_i);
    end
  end

  // ---------------------------------------------------------------- what the others keep to

  // A job's fields stay while the reader has it; only what is there is taken or given back.
  logic [spmma_regs_pkg::JobW-1:0] job_q;
  logic [TallyW-1:0]               a_freed_q, b_freed_q, c_freed_q;
  always_ff @(posedge clk_i) begin
    job_q <= job_i;
    a_freed_q <= rst_ni ? a_freed_i : '0;
    b_freed_q <= rst_ni ? b_freed_i : '0;
    c_freed_q <= rst_ni ? c_freed_i : '0;
  end
  always_comb begin
    if (live) begin
      assume (phase_q == Idle || job_i == job_q);
      assume (!plan_pop_i || plans_q != '0);
      assume (!block_pop_i || blocks_q != '0);
      assume (!read_last_i || open_q != '0);
      assume (a_sets_q - a_freed_i <= a_sets_q - a_freed_q);
      assume (b_sets_q - b_freed_i <= b_sets_q - b_freed_q);
      assume (c_sets_q - c_freed_i <= c_sets_q - c_freed_q);
    end
  end

  // ---------------------------------------------------------------- what is proven: the walk

  logic [2:0]  watch_state, watch_unit;
  logic [23:0] watch_entry, watch_line, watch_m_left, watch_n_left, watch_group, watch_b_line;
  logic [25:0] watch_k_left;
  logic        watch_first_k, watch_first_column, watch_second;
  logic [7:0]  watch_strip;
  logic [9:0]  watch_row;
  logic [11:0] watch_a_set, watch_b_set, watch_c_set;
  logic [3:0]  watch_plans, watch_blocks;
  logic [6:0]  watch_open;

  logic        walks, in_unit;
  logic [24:0] b_next;
  assign walks = phase_q == Plan || phase_q == Set || phase_q == Ask;
  assign in_unit = phase_q == Set || phase_q == Ask;
  // The row of B that comes next.
  assign b_next = !in_unit || (strip_q == '0 && rank_q != RankB) || (phase_q == Set && rank_q == RankB) ? k0 :
                  (rank_q == RankB) ? k0 + 25'(row_q) : k0 + k_step;

  always_comb begin
    if (live) begin
      assert (watch_state == phase_q);
      assert (idle == (phase_q == Idle));
      assert (ar_valid == pending_q);
      assert (quiet == (!pending_q && open_q == '0));
      assert (watch_open == open_q);
      if (phase_q != Halt) begin
        assert (watch_a_set == a_sets_q && watch_b_set == b_sets_q && watch_c_set == c_sets_q);
        assert (watch_plans == 4'(plans_q) && watch_blocks == blocks_q);
      end
      if (walks) begin
        assert (watch_entry == entry_q);
        assert (watch_line == row0_q);
        assert (25'(watch_m_left) + 25'(row0_q) == m);
        assert (25'(watch_n_left) + 25'(col0_q) == n);
        assert (27'(watch_k_left) + 27'(k0_q) == 27'(stored));
        assert (watch_first_k == (k0_q == '0));
        assert (watch_first_column == (col0_q == '0));
        // A group of metadata is 4 k, in TF32 2.
        if (sparse) assert (25'(watch_group) == (tf32 ? k0 >> 1 : k0 >> 2));
        // The next block begins with row 0 in any case.
        if (phase_q == Plan ? k0_q != '0 : (size_k != '0 && (more_k || (strip_q == '0))))
          assert (watch_b_line == b_next[23:0]);
      end
      if (in_unit) begin
        assert (watch_unit == ((rank_q == RankC) ? spmma_gemm_pkg::OperandC : (rank_q == RankE) ? spmma_gemm_pkg::OperandE :
                               (rank_q == RankA) ? spmma_gemm_pkg::OperandA : spmma_gemm_pkg::OperandB));
        assert (watch_strip == strip_q);
      end
      if (phase_q == Ask) assert (watch_row == row_q && watch_second == second_q);
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  always_comb begin
    if (live) begin
      assert (phase_q <= Halt);
      assert (open_q <= 7'd64);
      assert (plans_q <= 3'd4);
      assert (blocks_q <= 4'd8);
      assert (a_sets_q - a_freed_q <= TallyW'(AStrips));
      assert (b_sets_q - b_freed_q <= TallyW'(2));
      assert (c_sets_q - c_freed_q <= TallyW'(CStrips));
      if (phase_q == Ask) begin
        if (rank_q == RankA) assert (a_sets_q - a_freed_q < TallyW'(AStrips));
        if (rank_q == RankB) assert (b_sets_q - b_freed_q < TallyW'(2));
        if (rank_q == RankC) assert (c_sets_q - c_freed_q < TallyW'(CStrips));
      end
      if (walks) begin
        assert ((size_m | size_n | size_k | batch) < 32'h1000000);
        assert (!sparse || (Sparse != 0 && size_k[0] == 1'b0 && (tf32 || size_k[1] == 1'b0)));
        assert (25'(row0_q) < m && 25'(col0_q) < n && 25'(entry_q) < batch[24:0]);
        assert (k0_q < stored || (k0_q == '0 && k == '0));
        assert (k0_q[$clog2(KBytes)-1:0] == '0);
      end
      if (in_unit) begin
        assert (units[rank_q]);
        assert (strip_q < 8'(BlockRows / Rows) && strip0 < m);
      end
      if (phase_q == Ask) begin
        if (rank_q == RankB) assert (25'(row_q) < k_step && k0 + 25'(row_q) < k);
        else assert (row_q < 10'(Rows) && strip0 + 25'(row_q) < m);
      end
    end
  end

endmodule
