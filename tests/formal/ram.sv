// SPDX-License-Identifier: Apache-2.0
// spmma_ram: a read delivers, a cycle later, what was last written to each lane of the word; a write in the cycle of the read does
// not change it; what was read stays until the next read. One word, any one, is followed: what it holds is known from the first
// write to it or read of it. Runs begin in any state, and a cycle's state is all that the cycle after it depends on: what holds in
// all runs of a few cycles, two reads and what is between them, holds in all runs.
//
// mode: bmc 4
// parameters: Width=128 Depth=8 Lanes=4
// parameters: Width=117 Depth=64
// parameters: Width=67 Depth=4
// parameters: Width=169 Depth=8
// parameters: Width=10 Depth=32
// parameters: Width=145 Depth=8
// parameters: Width=128 Depth=8
// parameters: Width=128 Depth=16
// parameters: Width=32 Depth=8
// parameters: Width=16 Depth=32
// parameters: Width=64 Depth=32
// parameters: Width=69 Depth=32
// parameters: Width=170 Depth=16
// bug: 4 spmma_ram.sv: if (wr_en_i[i]) mem_q[wr_addr_i][LaneW*i+:LaneW] ==> if (wr_en_i[i|1]) mem_q[wr_addr_i][LaneW*i+:LaneW]
// bug: 4 spmma_ram.sv: if (rd_en_i) rd_data_q ==> if (rd_en_i || wr_en_i[0]) rd_data_q
// bug: 4 spmma_ram.sv: <= mem_q[rd_addr_i]; ==> <= (wr_en_i[0] && wr_addr_i == rd_addr_i) ? wr_data_i : mem_q[rd_addr_i];
// bug: 4 spmma_ram.sv: <= mem_q[rd_addr_i]; ==> <= mem_q[rd_addr_i ^ ($clog2(Depth))'(wr_en_i == '0)];
module formal_ram #(
    parameter int Width = 128,
    parameter int Depth = 8,
    parameter int Lanes = 1
) (
    input logic                     clk_i,
    input logic [        Lanes-1:0] wr_en_i,
    input logic [$clog2(Depth)-1:0] wr_addr_i,
    input logic [        Width-1:0] wr_data_i,
    input logic                     rd_en_i,
    input logic [$clog2(Depth)-1:0] rd_addr_i
);

  localparam int LaneW = Width / Lanes;

  logic [Width-1:0] rd_data;

  spmma_ram #(
      .Width(Width),
      .Depth(Depth),
      .Lanes(Lanes)
  ) u_ram (
      .clk_i,
      .wr_en_i,
      .wr_addr_i,
      .wr_data_i,
      .rd_en_i,
      .rd_addr_i,
      .rd_data_o(rd_data)
  );

  // ---------------------------------------------------------------- what the word should hold

  (* anyconst *) logic [$clog2(Depth)-1:0] place;

  logic             read_q = 1'b0;         // the word was read in the cycle before
  logic [Lanes-1:0] known_q = '0;          // of each lane, whether it was written, or seen by a read
  logic [Width-1:0] word_q;
  logic [Lanes-1:0] expected_known_q;      // the word when it was read
  logic [Width-1:0] expected_q;
  logic [Lanes-1:0] known;
  logic [Width-1:0] word;

  // A lane that is not known was not written, so what a read showed is still there.
  always_comb begin
    for (int i = 0; i < Lanes; i++) begin
      known[i] = known_q[i] || read_q;
      word[LaneW*i+:LaneW] = known_q[i] ? word_q[LaneW*i+:LaneW] : rd_data[LaneW*i+:LaneW];
    end
  end

  always_ff @(posedge clk_i) begin
    read_q <= rd_en_i && rd_addr_i == place;
    expected_known_q <= known;
    expected_q <= word;
    known_q <= known;
    word_q <= word;
    if (wr_addr_i == place) begin
      for (int i = 0; i < Lanes; i++) begin
        if (wr_en_i[i]) begin
          known_q[i] <= 1'b1;
          word_q[LaneW*i+:LaneW] <= wr_data_i[LaneW*i+:LaneW];
        end
      end
    end
  end

  // ---------------------------------------------------------------- what is proven

  always_comb begin
    if (read_q) begin
      for (int i = 0; i < Lanes; i++) begin
        if (expected_known_q[i]) assert (rd_data[LaneW*i+:LaneW] == expected_q[LaneW*i+:LaneW]);
      end
    end
  end

  logic             idle_q = 1'b0;  // nothing was read in the cycle before
  logic [Width-1:0] shown_q;
  always_ff @(posedge clk_i) begin
    idle_q <= !rd_en_i;
    shown_q <= rd_data;
  end
  always_comb if (idle_q) assert (rd_data == shown_q);

endmodule
