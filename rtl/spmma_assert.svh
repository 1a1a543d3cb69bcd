// SPDX-License-Identifier: Apache-2.0
// Assertions, live in every run under Verilator, the statements to prove with FORMAL, empty in Icarus and in synthesis.
//   SPMMA_ASSERT(NAME, EXPR)                     EXPR holds in every cycle
//   SPMMA_ASSERT_IF(NAME, WHEN, THEN)            THEN holds whenever WHEN does
//   SPMMA_ASSERT_NEXT(NAME, BEFORE, AFTER)       AFTER holds in the cycle after BEFORE
//   SPMMA_ASSERT_HOLDS(NAME, WAITS, STILL, WHAT) in the cycle after WAITS, STILL holds and WHAT is what it was
//   SPMMA_DATA_IF(NAME, WHEN, THEN)              SPMMA_ASSERT_IF in a module without a reset
//   SPMMA_COVER(NAME, EXPR)                      counts the cycles in which EXPR held, in a build with coverage
// An implication NAME counts its own antecedent as NAMEMet: one that never counts was never checked.
// SPMMA_CHECKS is defined where assertions are live, around what only they read; its registers are called check_..._q.
//
// Under Verilator they stand in clocked processes: a concurrent assertion samples its signals twice a cycle, which made
// the simulation of the smallest core by half slower. None of this is the design's own coverage.
`ifndef SPMMA_ASSERT_SVH
`define SPMMA_ASSERT_SVH

`ifdef VERILATOR
  `define SPMMA_CHECKS
  `define SPMMA_ASSERT(NAME, EXPR) \
    /* verilator coverage_off */ \
    always_ff @(posedge clk_i) if (rst_ni) NAME : assert (EXPR); \
    /* verilator coverage_on */
  `define SPMMA_ASSERT_IF(NAME, WHEN, THEN) \
    /* verilator coverage_off */ \
    always_ff @(posedge clk_i) if (rst_ni && (WHEN)) NAME : assert (THEN); \
    /* verilator coverage_on */ \
    `SPMMA_COVER(NAME``Met, WHEN)
  `define SPMMA_ASSERT_NEXT(NAME, BEFORE, AFTER) \
    /* verilator coverage_off */ \
    logic NAME``_q; \
    initial NAME``_q = 1'b0; \
    always_ff @(posedge clk_i) begin \
      NAME``_q <= rst_ni && (BEFORE); \
      if (rst_ni && NAME``_q) NAME : assert (AFTER); \
    end \
    /* verilator coverage_on */ \
    `SPMMA_COVER(NAME``Met, BEFORE)
  `define SPMMA_ASSERT_HOLDS(NAME, WAITS, STILL, WHAT) \
    /* verilator coverage_off */ \
    logic NAME``_q; \
    logic [$bits(WHAT)-1:0] NAME``_what_q; \
    initial NAME``_q = 1'b0; \
    always_ff @(posedge clk_i) begin \
      NAME``_q <= rst_ni && (WAITS); \
      if (WAITS) NAME``_what_q <= WHAT; \
      if (rst_ni && NAME``_q) NAME : assert ((STILL) && NAME``_what_q == WHAT); \
    end \
    /* verilator coverage_on */ \
    `SPMMA_COVER(NAME``Met, WAITS)
  `define SPMMA_DATA_IF(NAME, WHEN, THEN) \
    /* verilator coverage_off */ \
    always_ff @(posedge clk_i) if (WHEN) NAME : assert (THEN); \
    /* verilator coverage_on */ \
    NAME``Met : cover property (@(posedge clk_i) (WHEN));
  `define SPMMA_COVER(NAME, EXPR) \
    NAME : cover property (@(posedge clk_i) disable iff (!rst_ni) (EXPR));
`elsif FORMAL
  `define SPMMA_CHECKS
  `define SPMMA_ASSERT(NAME, EXPR) \
    always @(posedge clk_i) if (rst_ni) assert (EXPR);
  `define SPMMA_ASSERT_IF(NAME, WHEN, THEN) \
    always @(posedge clk_i) if (rst_ni && (WHEN)) assert (THEN);
  `define SPMMA_ASSERT_NEXT(NAME, BEFORE, AFTER) \
    always @(posedge clk_i) if (rst_ni && $past(rst_ni) && $past(BEFORE)) assert (AFTER);
  `define SPMMA_ASSERT_HOLDS(NAME, WAITS, STILL, WHAT) \
    always @(posedge clk_i) if (rst_ni && $past(rst_ni) && $past(WAITS)) assert ((STILL) && $stable(WHAT));
  `define SPMMA_DATA_IF(NAME, WHEN, THEN) \
    always @(posedge clk_i) if (WHEN) assert (THEN);
  `define SPMMA_COVER(NAME, EXPR)
`else
  `define SPMMA_ASSERT(NAME, EXPR)
  `define SPMMA_ASSERT_IF(NAME, WHEN, THEN)
  `define SPMMA_ASSERT_NEXT(NAME, BEFORE, AFTER)
  `define SPMMA_ASSERT_HOLDS(NAME, WAITS, STILL, WHAT)
  `define SPMMA_DATA_IF(NAME, WHEN, THEN)
  `define SPMMA_COVER(NAME, EXPR)
`endif

`endif
