// SPDX-License-Identifier: Apache-2.0
// Plays the steps of steps.hex to spmma_core in a 4-state simulator and holds every output to results.hex. Inputs are X
// up to the end of reset and wherever valid is low; what a step does not use is X in the file.
module core_tb;

  `include "case.svh"

  localparam int SlotW = $clog2(AccSlots);
  localparam int LenW = $clog2(StepBytes + 1);
  localparam int RowW = Rows > 1 ? $clog2(Rows) : 1;
  localparam int GroupW = $clog2(StepBytes / 2);
  localparam int ABits = Rows * StepBytes * 8;
  localparam int MetaBits = Rows * StepBytes * 2;
  localparam int BBits = Cols * StepBytes * 8 * (Sparse != 0 ? 2 : 1);
  localparam int CBits = Rows * Cols * 32;
  localparam int OutBits = CBits + SlotW + 2 + RowW + 32 + GroupW;
  localparam int Patience = 1000;  // cycles without a handshake

  logic clk = 1'b0;
  logic rst_n;
  logic running = 1'b0;  // reset is over
  int   cycle = 0;
  int   quiet = 0;
  int   taken = 0;       // results

  always #5 clk = !clk;

  // ---------------------------------------------------------------- the unit

  // A file's word: its fields in whole digits, so that an X stays within its own.
  logic [ABits+MetaBits+BBits+CBits+4*15-1:0] steps[Steps];
  logic [CBits+4*19-1:0]                      results[Results];

  logic                in_valid, in_ready, out_valid, out_ready;
  logic [ABits-1:0]    a;
  logic [MetaBits-1:0] meta;
  logic [BBits-1:0]    b;
  logic [CBits-1:0]    c, d;
  logic [3:0]          fmt_a, fmt_b, acc_f16, saturate, sparse, meta_any, first, last;
  logic [7:0]          len;
  logic [11:0]         slot;
  logic [SlotW-1:0]    out_slot;
  logic                err, meta_err;
  logic [RowW-1:0]     meta_row;
  logic [31:0]         meta_step;
  logic [GroupW-1:0]   meta_group;

  spmma_core #(`SPMMA_PARAMETERS) u_core (
      .clk_i           (clk),
      .rst_ni          (rst_n),
      .in_valid_i      (in_valid),
      .in_ready_o      (in_ready),
      .in_a_i          (a),
      .in_meta_i       (meta),
      .in_b_i          (b),
      .in_c_i          (c),
      .in_fmt_a_i      (fmt_a[2:0]),
      .in_fmt_b_i      (fmt_b[2:0]),
      .in_acc_f16_i    (acc_f16[0]),
      .in_saturate_i   (saturate[0]),
      .in_sparse_i     (sparse[0]),
      .in_meta_any_i   (meta_any[0]),
      .in_len_i        (len[LenW-1:0]),
      .in_slot_i       (slot[SlotW-1:0]),
      .in_first_i      (first[0]),
      .in_last_i       (last[0]),
      .out_valid_o     (out_valid),
      .out_ready_i     (out_ready),
      .out_d_o         (d),
      .out_slot_o      (out_slot),
      .out_err_o       (err),
      .out_meta_err_o  (meta_err),
      .out_meta_row_o  (meta_row),
      .out_meta_step_o (meta_step),
      .out_meta_group_o(meta_group)
  );

  // ---------------------------------------------------------------- reset and input

  logic [7:0] in_gap, unused_gap;

  initial begin
    $readmemh("steps.hex", steps);
    $readmemh("results.hex", results);
    rst_n = 1'bx;
    in_valid = 1'bx;
    {last, first, slot, len, meta_any, sparse, saturate, acc_f16, fmt_b, fmt_a, c, b, meta, a} = 'x;
    repeat (3) @(posedge clk);
    rst_n <= 1'b0;
    @(posedge clk);
    rst_n <= 1'b1;
    running <= 1'b1;
    in_valid <= 1'b0;
    @(posedge clk);
    for (int i = 0; i < Steps; i++) begin
      in_gap = steps[i][ABits+MetaBits+BBits+CBits+4*13+:8];
      repeat (in_gap) @(posedge clk);
      in_valid <= 1'b1;
      {unused_gap, last, first, slot, len, meta_any, sparse, saturate, acc_f16, fmt_b, fmt_a, c, b, meta, a} <= steps[i];
      @(posedge clk);
      while (!in_ready) @(posedge clk);
      in_valid <= 1'b0;
      {last, first, slot, len, meta_any, sparse, saturate, acc_f16, fmt_b, fmt_a, c, b, meta, a} <= 'x;
    end
  end

  // ---------------------------------------------------------------- output

  logic [7:0] out_gap;

  initial begin
    out_ready = 1'bx;
    wait (running);
    for (int i = 0; i < Results; i++) begin
      out_gap = results[i][CBits+4*17+:8];
      if (out_gap != 0) begin
        out_ready <= 1'b0;
        repeat (out_gap) @(posedge clk);
      end
      out_ready <= 1'b1;
      @(posedge clk);
      while (!out_valid) @(posedge clk);
    end
    // Nothing may follow.
    repeat (100) @(posedge clk);
    $display("passed: %0d steps, %0d results, %0d cycles", Steps, taken, cycle);
    $finish;
  end

  // ---------------------------------------------------------------- what must hold in every cycle

  logic [CBits-1:0] want_d;
  logic [11:0]      want_slot;
  logic [3:0]       want_err, want_meta_err;
  logic [7:0]       want_row, want_group;
  logic [31:0]      want_step;
  logic [OutBits-1:0] out, want;

  always @(posedge clk) begin
    if (running) begin
      if (^{in_ready, out_valid} === 1'bx)
        $fatal(1, "cycle %0d: a control output is X: in_ready %b, out_valid %b", cycle, in_ready, out_valid);
      if (out_valid) begin
        if (taken == Results) $fatal(1, "cycle %0d: a result too many", cycle);
        {want_group, want_step, want_row, want_meta_err, want_err, want_slot, want_d} = results[taken][CBits+4*17-1:0];
        want = {want_d, want_slot[SlotW-1:0], want_err[0], want_meta_err[0], want_row[RowW-1:0], want_step,
                want_group[GroupW-1:0]};
        out = {d, out_slot, err, meta_err, meta_row, meta_step, meta_group};
        if (out !== want)
          $fatal(1, "cycle %0d: result %0d %s: D, slot, errors, position %h, should be %h", cycle, taken,
                 ^out === 1'bx ? "is X" : "differs", out, want);
      end
      quiet = (in_valid && in_ready) || (out_valid && out_ready) ? 0 : quiet + 1;
      if (out_valid && out_ready) taken++;
      if (quiet == Patience) $fatal(1, "cycle %0d: nothing moves; %0d results taken", cycle, taken);
    end
    cycle++;
  end

endmodule
