// SPDX-License-Identifier: Apache-2.0
// A band of adjacent rows: B and the control words fan out to bands, then to rows. Nothing but wires; it is the piece
// that hierarchical simulation and synthesis compile once and use several times.
module spmma_band #(
    parameter int Rows      = 1,   // rows of the band
    parameter int Cols      = 4,   // elements of a row
    parameter int StepBytes = 16,  // bytes of a stored row of A in one step
    parameter int FracBits  = 24,  // F
    parameter int Formats   = 31,  // formats built in
    parameter int Sparse    = 1,   // 2:4 support
    parameter int AccSlots  = 2,   // accumulator slots, a power of two
    parameter int Pipe      = 15   // optional stage registers
) (
    input  logic                                             clk_i,
    input  logic [spmma_pkg::Stages*spmma_pkg::CtlW-1:0]     ctl_i,        // by stage
    input  logic [StepBytes-1:0]                             mask0_i,      // stored bytes in use
    input  logic [Rows*StepBytes*8-1:0]                      a0_i,         // row by row
    input  logic [Rows*StepBytes*2-1:0]                      meta0_i,
    input  logic [Cols*StepBytes*8*(Sparse!=0?2:1)-1:0]      b1_i,
    input  logic [Rows*Cols*32-1:0]                          c0_i,
    input  logic [$clog2(AccSlots)-1:0]                      slot3_i,      // whose accumulator is read
    input  logic [$clog2(AccSlots)-1:0]                      slot11_i,     // whose accumulator is written
    input  logic                                             write11_i,
    input  logic [9:0]                                       floor4_i,
    input  logic [9:0]                                       bias_c4_i,
    input  logic [9:0]                                       bias_d8_i,
    output logic [Rows-1:0]                                  illegal1_o,   // an illegal nibble in use, its group
    output logic [Rows*$clog2(StepBytes/2)-1:0]              group1_o,
    output logic [Rows*Cols*32-1:0]                          d11_o
);

  localparam int GroupW = $clog2(StepBytes / 2);

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    spmma_row #(
        .Cols     (Cols),
        .StepBytes(StepBytes),
        .FracBits (FracBits),
        .Formats  (Formats),
        .Sparse   (Sparse),
        .AccSlots (AccSlots),
        .Pipe     (Pipe)
    ) u_row (
        .clk_i,
        .ctl_i,
        .mask0_i,
        .a0_i      (a0_i[StepBytes*8*r+:StepBytes*8]),
        .meta0_i   (meta0_i[StepBytes*2*r+:StepBytes*2]),
        .b1_i,
        .c0_i      (c0_i[Cols*32*r+:Cols*32]),
        .slot3_i,
        .slot11_i,
        .write11_i,
        .floor4_i,
        .bias_c4_i,
        .bias_d8_i,
        .illegal1_o(illegal1_o[r]),
        .group1_o  (group1_o[GroupW*r+:GroupW]),
        .d11_o     (d11_o[Cols*32*r+:Cols*32])
    );
  end

endmodule
