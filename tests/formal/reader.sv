// SPDX-License-Identifier: Apache-2.0
// spmma_reader: whatever the job's registers and the windows hold and whatever the memory and the other modules do, no byte of a
// burst lies outside the read window, no burst crosses a 4 KiB line, a burst that was begun stays until it is taken, and nothing is
// asked for, planned or announced without room for it.
//
// mode: induction 2
// parameters: Rows=2
// parameters: Rows=8 Cols=4 StepBytes=16 DataBits=512 BlockRows=128 BlockBytes=128 KBytes=128 CStrips=8
// watch: watch_bad_code = u_reader.bad_code
// watch: watch_empty = u_reader.empty
// watch: watch_copy = u_reader.copy
// watch: watch_has_c_unit = u_reader.has_c_unit
// watch: watch_crosses = u_reader.crosses
// watch: watch_state = u_reader.state_q
// watch: watch_unit = u_reader.unit_q
// watch: watch_a_set = u_reader.a_set_q
// watch: watch_b_set = u_reader.b_set_q
// watch: watch_c_set = u_reader.c_set_q
// watch: watch_open = u_reader.open_q
// watch: watch_plans = u_reader.plans_q
// watch: watch_blocks = u_reader.blocks_q
// watch: watch_second = u_reader.second_q
// watch: watch_m_left = u_reader.m_left_q
// watch: watch_n_left = u_reader.n_left_q
// watch: watch_k_left = u_reader.k_left_q
// watch: watch_last_m = u_reader.last_m
// watch: watch_last_n = u_reader.last_n
// watch: watch_first_k = u_reader.first_k_q
// watch: watch_entry = u_reader.entry_q
// watch: watch_strip = u_reader.strip_q
// watch: watch_strips = u_reader.strips
// watch: watch_log_a = u_reader.log_a
// watch: watch_log_acc = u_reader.log_acc
// watch: watch_sparse = u_reader.sparse
// watch: watch_has_c = u_reader.has_c
// watch: watch_a_entry = u_reader.u_ptr_a.entry_q
// watch: watch_a_block = u_reader.u_ptr_a.block_q
// watch: watch_a_column = u_reader.u_ptr_a.column_q
// watch: watch_a_row = u_reader.u_ptr_a.row_q
// watch: watch_b_entry = u_reader.u_ptr_b.entry_q
// watch: watch_b_block = u_reader.u_ptr_b.block_q
// watch: watch_b_column = u_reader.u_ptr_b.column_q
// watch: watch_b_row = u_reader.u_ptr_b.row_q
// watch: watch_c_entry = u_reader.u_ptr_c.entry_q
// watch: watch_c_block = u_reader.u_ptr_c.block_q
// watch: watch_c_column = u_reader.u_ptr_c.column_q
// watch: watch_c_row = u_reader.u_ptr_c.row_q
// bug: 8 spmma_reader.sv: burst_last[63:0] > win_limit_i ==> burst_first[63:0] > win_limit_i
// bug: 8 spmma_reader.sv: 13'd4096 - {1'b0, row[11:0]} ==> 13'd4096 - {1'b0, row[11:1], 1'b0}
// bug: 8 spmma_reader.sv: (!ar_valid_q || ar_ready_i) && open_q ==> open_q
module formal_reader #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int StepBytes  = 8,
    parameter int DataBits   = 128,
    parameter int BlockRows  = 8,
    parameter int BlockBytes = 16,
    parameter int KBytes     = 16,
    parameter int CStrips    = 4
) (
    input logic                            clk_i,
    input logic                            rst_ni,
    input logic                            halt_i,
    input logic                            job_valid_i,
    input logic                            job_slot_i,
    input logic [spmma_regs_pkg::JobW-1:0] job_i,
    input logic [63:0]                     win_base_i,
    input logic [63:0]                     win_limit_i,
    input logic                            plan_pop_i,
    input logic                            block_pop_i,
    input logic                            a_free_i,  // a strip of A, a half of B, a strip of C is given back
    input logic                            b_free_i,
    input logic                            c_free_i,
    input logic                            ar_ready_i,
    input logic                            read_last_i
);

  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);
  localparam int AStrips = 2 * BlockRows / Rows;

  logic              idle, quiet, plan_push, block_push, read_push, ar_valid, job_ready, error;
  logic [spmma_gemm_pkg::BlockW-1:0] block;
  logic [63:0]       ar_addr;
  logic [7:0]        ar_len;
  logic [12:0]       bytes;
  logic [8:0]        beats;
  logic [TallyW-1:0] a_freed_q, b_freed_q, c_freed_q;

  spmma_reader #(
      .Rows      (Rows),
      .Cols      (Cols),
      .StepBytes (StepBytes),
      .Formats   (127),
      .Sparse    (1),
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
      .block_o      (block),
      .block_pop_i,
      .a_freed_i    (a_freed_q),
      .b_freed_i    (b_freed_q),
      .c_freed_i    (c_freed_q),
      .ar_valid_o   (ar_valid),
      .ar_ready_i,
      .ar_addr_o    (ar_addr),
      .ar_len_o     (ar_len),
      .read_push_o  (read_push),
      .read_o       (),
      .read_last_i,
      .quiet_o      (quiet),
      .bytes_o      (bytes),
      .beats_o      (beats)
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- what the others keep to

  logic [2:0]        watch_state, watch_unit;
  logic [TallyW-1:0] watch_a_set, watch_b_set, watch_c_set;
  logic [6:0]        open_q;
  logic [2:0]        plans_q;
  logic [3:0]        blocks_q, left;
  logic [9:0]        ends_q;  // of the blocks announced and not written, oldest first: the job's last
  logic [1:0]        jobs_q;  // begun, and not written to the end

  assign left = blocks_q - 4'(block_pop_i);

  // A job's fields stay while the reader has it; the windows stay while anything is under way, and are made of whole beats.
  logic [spmma_regs_pkg::JobW-1:0] job_q;
  logic [63:0]                     win_base_q, win_limit_q;
  always_ff @(posedge clk_i) begin
    job_q <= job_i;
    win_base_q <= win_base_i;
    win_limit_q <= win_limit_i;
  end
  always_comb begin
    assume (!live || idle || job_i == job_q);
    assume (!live || (idle && quiet) || (win_base_i == win_base_q && win_limit_i == win_limit_q));
    assume (win_base_i[LogData-1:0] == '0);
    assume (win_limit_i[LogData-1:0] == {LogData{1'b1}});
  end

  // Only what is there is taken or given back.
  always_comb begin
    assume (!plan_pop_i || plans_q != '0);
    assume (!block_pop_i || (blocks_q != '0 && !(ends_q[0] && blocks_q == 4'd1 && !idle)));
    assume (!job_valid_i || jobs_q != 2'd2);  // spmma_jobs has room for two
    assume (!read_last_i || open_q != '0);
    assume (!a_free_i || watch_a_set != a_freed_q);
    assume (!b_free_i || watch_b_set != b_freed_q);
    assume (!c_free_i || watch_c_set != c_freed_q);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      open_q <= '0;
      plans_q <= '0;
      blocks_q <= '0;
      ends_q <= '0;
      jobs_q <= '0;
      a_freed_q <= '0;
      b_freed_q <= '0;
      c_freed_q <= '0;
    end else begin
      open_q <= open_q + 7'(read_push) - 7'(read_last_i);
      plans_q <= plans_q + 3'(plan_push) - 3'(plan_pop_i);
      blocks_q <= blocks_q + 4'(block_push) - 4'(block_pop_i);
      for (int i = 0; i < 10; i++) begin
        if (left == 4'(i)) ends_q[i] <= block_push && block[spmma_gemm_pkg::BlockJobEnd];
        else if (block_pop_i) ends_q[i] <= i < 9 && ends_q[(i+1)%10];
      end
      jobs_q <= jobs_q + 2'(job_ready && !error) - 2'(block_pop_i && ends_q[0]);
      a_freed_q <= a_freed_q + TallyW'(a_free_i);
      b_freed_q <= b_freed_q + TallyW'(b_free_i);
      c_freed_q <= c_freed_q + TallyW'(c_free_i);
    end
  end

  // ---------------------------------------------------------------- what is proven

  logic [64:0] first, last;  // bytes of the burst's first beat and of its last one
  assign first = {1'b0, ar_addr[63:LogData], {LogData{1'b0}}};
  assign last = first + 65'({1'b0, ar_len} + 9'd1) * 65'(DataBytes) - 65'd1;

  always_comb begin
    if (live && ar_valid) begin
      assert (first[63:0] >= win_base_i && !last[64] && last[63:0] <= win_limit_i);
      assert (first[63:12] == last[63:12]);
    end
    if (live) begin
      assert (open_q <= 7'd64);
      assert (plans_q <= 3'd4);
      assert (blocks_q <= 4'd8);
      assert (watch_a_set - a_freed_q <= TallyW'(AStrips));
      assert (watch_b_set - b_freed_q <= TallyW'(2));
      assert (watch_c_set - c_freed_q <= TallyW'(CStrips));
      assert (!read_push || !halt_i);
    end
  end

  // An address stays until it is taken; what the counters are told is the burst.
  logic        held_q, pushed_q;
  logic [63:0] addr_q;
  logic [7:0]  len_q;
  logic [12:0] bytes_q;
  logic [8:0]  beats_q;
  always_ff @(posedge clk_i) begin
    held_q <= rst_ni && ar_valid && !ar_ready_i;
    pushed_q <= rst_ni && read_push;
    addr_q <= ar_addr;
    len_q <= ar_len;
    bytes_q <= bytes;
    beats_q <= beats;
  end
  always_comb begin
    if (live && held_q) assert (ar_valid && ar_addr == addr_q && ar_len == len_q);
    if (live && pushed_q) begin
      assert (ar_valid && 9'(ar_len) + 9'd1 == beats_q);
      assert (bytes_q != '0 && 65'(bytes_q) <= last - {1'b0, ar_addr} + 65'd1);
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  localparam logic [2:0] Idle = 3'd0;
  localparam logic [2:0] Set  = 3'd2;
  localparam logic [2:0] Ask  = 3'd3;
  localparam logic [2:0] Halt = 3'd4;

  logic [6:0]  watch_open;
  logic [3:0]  watch_plans, watch_blocks;
  logic [3:0]  watch_bad_code;
  logic        watch_last_m, watch_last_n, watch_first_k, unannounced;
  logic [23:0] watch_entry;
  logic        watch_empty, watch_copy, watch_has_c_unit, watch_second, watch_crosses;
  logic [23:0] watch_m_left, watch_n_left;
  logic [25:0] watch_k_left;

  logic [7:0]  watch_strip, watch_strips;
  logic [1:0]  watch_log_a, watch_log_acc, mask_a, mask_c;
  logic        watch_sparse, watch_has_c;
  logic [64:0] watch_a_entry, watch_a_block, watch_a_row, watch_b_entry, watch_b_block, watch_b_row;
  logic [64:0] watch_c_entry, watch_c_block, watch_c_row;
  logic [31:0] watch_a_column, watch_b_column, watch_c_column;
  assign mask_a = ~(2'b11 << watch_log_a);
  assign mask_c = ~(2'b11 << watch_log_acc);

  // A job is begun and its last block is not announced.
  localparam logic [2:0] Plan = 3'd1;
  assign unannounced = watch_state != Idle &&
      !(watch_last_m && watch_last_n && 32'(watch_entry) == job_i[spmma_regs_pkg::JobBatchLsb+:32] - 32'd1 &&
        !(watch_state == Plan && watch_first_k));

  always_comb begin
    if (live) begin
      assert (watch_open == open_q && watch_plans == 4'(plans_q) && watch_blocks == blocks_q);
      assert (watch_state <= Halt);
      assert (idle == (watch_state == Idle));
      assert (watch_state == Halt || jobs_q <= 2'd2);
      assert (watch_state == Halt || 4'(jobs_q) == 4'(unannounced) + 4'($countones(ends_q)));
      assert ((ends_q >> blocks_q) == '0);
      assert (watch_state == Halt || unannounced || blocks_q == '0 || (ends_q >> (blocks_q - 4'd1)) == 10'd1);
      if (watch_state != Idle && watch_state != Halt) begin
        assert (watch_bad_code == '0 && !watch_empty);
        assert (watch_m_left != '0 && watch_n_left != '0);
        assert (watch_copy == (watch_k_left == '0));
      end
      if (watch_state == Set || watch_state == Ask) begin
        assert (watch_unit <= spmma_gemm_pkg::OperandC);
        assert (watch_unit == spmma_gemm_pkg::OperandC ? watch_has_c_unit : !watch_copy);
        assert (watch_unit != spmma_gemm_pkg::OperandE || watch_sparse);
        assert (watch_strip < watch_strips);
      end
      // Every address but metadata's stays a multiple of its element's size.
      if (watch_state != Idle && watch_state != Halt) begin
        assert ((watch_k_left[1:0] & mask_a) == '0);
        assert (((watch_a_entry[1:0] | watch_a_block[1:0] | watch_a_column[1:0]) & mask_a) == '0);
        assert (((watch_b_entry[1:0] | watch_b_block[1:0] | watch_b_column[1:0]) & mask_a) == '0);
        if (watch_has_c) assert (((watch_c_entry[1:0] | watch_c_block[1:0] | watch_c_column[1:0]) & mask_c) == '0);
        if (watch_state != Plan || !watch_first_k) begin
          assert (((watch_a_row[1:0] | watch_b_row[1:0]) & mask_a) == '0);
          if (watch_has_c) assert ((watch_c_row[1:0] & mask_c) == '0);
        end
      end
      if (watch_state == Ask) begin
        assert (!watch_second || watch_crosses);
        if (watch_unit == spmma_gemm_pkg::OperandA) assert (watch_a_set - a_freed_q < TallyW'(AStrips));
        if (watch_unit == spmma_gemm_pkg::OperandB) assert (watch_b_set - b_freed_q < TallyW'(2));
        if (watch_unit == spmma_gemm_pkg::OperandC) assert (watch_c_set - c_freed_q < TallyW'(CStrips));
      end
    end
  end

endmodule
