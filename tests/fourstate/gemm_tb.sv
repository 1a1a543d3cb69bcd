// SPDX-License-Identifier: Apache-2.0
// Plays program.hex to spmma_gemm's registers in a 4-state simulator, behind it a memory that starts as before.hex and
// has to end as after.hex. Inputs are X up to the end of reset and wherever valid is low, and so is memory that belongs
// to no operand.
module gemm_tb;

  `include "case.svh"

  localparam int Bytes = DataBits / 8;
  localparam int BeatW = $clog2(Bytes);
  localparam int WordW = $clog2(Words);
  localparam int Open = 256;        // bursts that the memory holds, more than the engine opens
  localparam int Latency = 20;      // cycles
  localparam int Patience = 20000;  // cycles for one access of the program

  localparam logic [1:0] Okay = 2'b00, SlvErr = 2'b10, DecErr = 2'b11;

  logic   clk = 1'b0;
  logic   rst_n;
  logic   running = 1'b0;  // reset is over
  int     cycle = 0;
  integer seed = 1;

  always #5 clk = !clk;
  always @(posedge clk) cycle <= cycle + 1;

  // One in 2^n; never in every fourth stretch of cycles.
  function automatic logic chance(input int n);
    chance = cycle[11:10] != 2'd0 && ($random(seed) & ((1 << n) - 1)) == 0;
  endfunction

  // ---------------------------------------------------------------- the engine

  logic              irq, awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  logic [11:0]       awaddr, araddr;
  logic [2:0]        awprot, arprot;
  logic [31:0]       wdata, rdata;
  logic [3:0]        wstrb;
  logic [1:0]        bresp, rresp;

  logic                m_arvalid, m_arready, m_rvalid, m_rready, m_rlast;
  logic                m_awvalid, m_awready, m_wvalid, m_wready, m_wlast, m_bvalid, m_bready;
  logic [3:0]          m_arid, m_rid, m_awid, m_bid;
  logic [63:0]         m_araddr, m_awaddr;
  logic [7:0]          m_arlen, m_awlen;
  logic [18:0]         m_arrest, m_awrest;  // what never changes
  logic [DataBits-1:0] m_rdata, m_wdata;
  logic [Bytes-1:0]    m_wstrb;
  logic [1:0]          m_rresp, m_bresp;

  spmma_gemm #(`SPMMA_PARAMETERS) u_gemm (
      .clk_i         (clk),
      .rst_ni        (rst_n),
      .irq_o         (irq),
      .s_axil_awvalid(awvalid),
      .s_axil_awready(awready),
      .s_axil_awaddr (awaddr),
      .s_axil_awprot (awprot),
      .s_axil_wvalid (wvalid),
      .s_axil_wready (wready),
      .s_axil_wdata  (wdata),
      .s_axil_wstrb  (wstrb),
      .s_axil_bvalid (bvalid),
      .s_axil_bready (bready),
      .s_axil_bresp  (bresp),
      .s_axil_arvalid(arvalid),
      .s_axil_arready(arready),
      .s_axil_araddr (araddr),
      .s_axil_arprot (arprot),
      .s_axil_rvalid (rvalid),
      .s_axil_rready (rready),
      .s_axil_rdata  (rdata),
      .s_axil_rresp  (rresp),
      .m_axi_arvalid (m_arvalid),
      .m_axi_arready (m_arready),
      .m_axi_arid    (m_arid),
      .m_axi_araddr  (m_araddr),
      .m_axi_arlen   (m_arlen),
      .m_axi_arsize  (m_arrest[2:0]),
      .m_axi_arburst (m_arrest[4:3]),
      .m_axi_arlock  (m_arrest[5]),
      .m_axi_arcache (m_arrest[9:6]),
      .m_axi_arprot  (m_arrest[12:10]),
      .m_axi_arqos   (m_arrest[16:13]),
      .m_axi_rvalid  (m_rvalid),
      .m_axi_rready  (m_rready),
      .m_axi_rid     (m_rid),
      .m_axi_rdata   (m_rdata),
      .m_axi_rresp   (m_rresp),
      .m_axi_rlast   (m_rlast),
      .m_axi_awvalid (m_awvalid),
      .m_axi_awready (m_awready),
      .m_axi_awid    (m_awid),
      .m_axi_awaddr  (m_awaddr),
      .m_axi_awlen   (m_awlen),
      .m_axi_awsize  (m_awrest[2:0]),
      .m_axi_awburst (m_awrest[4:3]),
      .m_axi_awlock  (m_awrest[5]),
      .m_axi_awcache (m_awrest[9:6]),
      .m_axi_awprot  (m_awrest[12:10]),
      .m_axi_awqos   (m_awrest[16:13]),
      .m_axi_wvalid  (m_wvalid),
      .m_axi_wready  (m_wready),
      .m_axi_wdata   (m_wdata),
      .m_axi_wstrb   (m_wstrb),
      .m_axi_wlast   (m_wlast),
      .m_axi_bvalid  (m_bvalid),
      .m_axi_bready  (m_bready),
      .m_axi_bid     (m_bid),
      .m_axi_bresp   (m_bresp)
  );

  // ---------------------------------------------------------------- no X where none may be

  always @(posedge clk) begin
    if (running) begin
      if (^{irq, awready, wready, bvalid, arready, rvalid} === 1'bx)
        $fatal(1, "cycle %0d: a control output is X: irq %b, registers' awready %b, wready %b, bvalid %b, arready %b, rvalid %b",
               cycle, irq, awready, wready, bvalid, arready, rvalid);
      if (^{m_arvalid, m_rready, m_awvalid, m_wvalid, m_bready} === 1'bx)
        $fatal(1, "cycle %0d: a control output is X: memory's arvalid %b, rready %b, awvalid %b, wvalid %b, bready %b", cycle,
               m_arvalid, m_rready, m_awvalid, m_wvalid, m_bready);
      if (bvalid && ^bresp === 1'bx) $fatal(1, "cycle %0d: bresp is X: %b", cycle, bresp);
      if (rvalid && ^{rresp, rdata} === 1'bx) $fatal(1, "cycle %0d: rresp or rdata is X: %b %h", cycle, rresp, rdata);
      if (m_arvalid && ^{m_arid, m_araddr, m_arlen, m_arrest[16:0]} === 1'bx)
        $fatal(1, "cycle %0d: a read address is X: %h, len %h", cycle, m_araddr, m_arlen);
      if (m_awvalid && ^{m_awid, m_awaddr, m_awlen, m_awrest[16:0]} === 1'bx)
        $fatal(1, "cycle %0d: a write address is X: %h, len %h", cycle, m_awaddr, m_awlen);
      if (m_wvalid && ^{m_wstrb, m_wlast} === 1'bx)
        $fatal(1, "cycle %0d: wstrb or wlast is X: %b %b", cycle, m_wstrb, m_wlast);
      for (int i = 0; i < Bytes; i++) begin
        if (m_wvalid && m_wstrb[i] && ^m_wdata[8*i+:8] === 1'bx)
          $fatal(1, "cycle %0d: byte %0d of the write data is X: %h, strobes %b", cycle, i, m_wdata, m_wstrb);
      end
    end
  end

  // ---------------------------------------------------------------- the memory: reads

  logic [DataBits-1:0] memory[Words];
  logic [DataBits-1:0] after[Words];

  function automatic logic inside_memory(input logic [63:0] address);
    inside_memory = address >= Base && address < Base + Words * Bytes;
  endfunction

  function automatic logic [WordW-1:0] word_of(input logic [63:0] address);
    logic [63:0] offset;
    begin
      offset = address - Base;
      word_of = offset[BeatW+:WordW];
    end
  endfunction

  logic [63:0] read_addr[Open];
  logic [7:0]  read_len[Open];
  int          read_due[Open];
  int          reads = 0, reads_done = 0, read_beat = 0;
  logic [63:0] read_at;

  task idle_r;
    m_rvalid <= running ? 1'b0 : 1'bx;
    {m_rid, m_rdata, m_rresp, m_rlast} <= 'x;
  endtask

  always @(posedge clk) begin
    if (!running) begin
      m_arready <= 1'bx;
      idle_r;
    end else begin
      if (m_arvalid && m_arready) begin
        read_addr[reads%Open] = m_araddr;
        read_len[reads%Open] = m_arlen;
        read_due[reads%Open] = cycle + Latency;
        reads++;
      end
      m_arready <= !chance(2);
      if (m_rvalid === 1'b1 && m_rready) begin
        read_beat++;
        if (m_rlast) begin
          read_beat = 0;
          reads_done++;
        end
      end
      if (m_rvalid !== 1'b1 || m_rready) begin
        if (reads != reads_done && read_due[reads_done%Open] <= cycle && !chance(2)) begin
          read_at = {read_addr[reads_done%Open][63:BeatW], {BeatW{1'b0}}} + 64'(read_beat * Bytes);
          m_rvalid <= 1'b1;
          m_rid <= 4'd0;
          m_rdata <= inside_memory(read_at) ? memory[word_of(read_at)] : 'x;
          m_rresp <= inside_memory(read_at) ? Okay : DecErr;
          m_rlast <= read_beat == int'(read_len[reads_done%Open]);
        end else begin
          idle_r;
        end
      end
    end
  end

  // ---------------------------------------------------------------- the memory: writes

  logic [63:0] write_addr[Open];
  logic [7:0]  write_len[Open];
  logic        write_failed[Open];
  int          write_due[Open];
  int          writes = 0, writes_filled = 0, writes_done = 0, write_beat = 0;
  logic [63:0] write_at;

  task idle_b;
    m_bvalid <= running ? 1'b0 : 1'bx;
    {m_bid, m_bresp} <= 'x;
  endtask

  always @(posedge clk) begin
    if (!running) begin
      m_awready <= 1'bx;
      m_wready <= 1'bx;
      idle_b;
    end else begin
      if (m_awvalid && m_awready) begin
        write_addr[writes%Open] = m_awaddr;
        write_len[writes%Open] = m_awlen;
        write_failed[writes%Open] = 1'b0;
        writes++;
      end
      m_awready <= !chance(2);
      if (m_wvalid && m_wready) begin
        write_at = {write_addr[writes_filled%Open][63:BeatW], {BeatW{1'b0}}} + 64'(write_beat * Bytes);
        if (m_wlast !== (write_beat == int'(write_len[writes_filled%Open])))
          $fatal(1, "cycle %0d: wlast is %b in beat %0d", cycle, m_wlast, write_beat);
        if (!inside_memory(write_at)) write_failed[writes_filled%Open] = 1'b1;
        for (int i = 0; i < Bytes; i++) begin
          if (m_wstrb[i] && inside_memory(write_at)) memory[word_of(write_at)][8*i+:8] = m_wdata[8*i+:8];
        end
        write_beat++;
        if (m_wlast) begin
          write_due[writes_filled%Open] = cycle + Latency;
          write_beat = 0;
          writes_filled++;
        end
      end
      // Data is taken only when its address has come.
      m_wready <= writes != writes_filled && !chance(2);
      if (m_bvalid === 1'b1 && m_bready) writes_done++;
      if (m_bvalid !== 1'b1 || m_bready) begin
        if (writes_filled != writes_done && write_due[writes_done%Open] <= cycle && !chance(2)) begin
          m_bvalid <= 1'b1;
          m_bid <= 4'd0;
          m_bresp <= write_failed[writes_done%Open] ? DecErr : Okay;
        end else begin
          idle_b;
        end
      end
    end
  end

  // ---------------------------------------------------------------- the registers

  // {kind, offset, mask, data}; of a write the mask's low digit is the strobes.
  localparam logic [3:0] KindWrite = 4'd0, KindWriteRefused = 4'd1, KindRead = 4'd2, KindPoll = 4'd3, KindWaitIrq = 4'd4,
                         KindIrq = 4'd5;
  logic [79:0] program_words[Accesses];
  logic [3:0]  kind;
  logic [11:0] offset;
  logic [31:0] mask, data;
  int          access = 0;
  int          since = 0;  // the access began

  always @(posedge clk) begin
    if (running && cycle - since > Patience)
      $fatal(1, "cycle %0d: access %0d of the program does not end: %h", cycle, access, program_words[access]);
  end

  // Offers the address after `wait_aw` cycles and the data after `wait_w`.
  task automatic write_register(input int wait_aw, input int wait_w, input int wait_b, input logic [1:0] want);
    logic addressed, filled;
    begin
      addressed = 1'b0;
      filled = 1'b0;
      for (int i = 0; !addressed || !filled; i++) begin
        if (!addressed && i == wait_aw) begin
          awvalid <= 1'b1;
          awaddr <= offset;
          awprot <= 3'b010;
        end
        if (!filled && i == wait_w) begin
          wvalid <= 1'b1;
          wdata <= data;
          wstrb <= mask[3:0];
        end
        @(posedge clk);
        if (awvalid && awready) begin
          addressed = 1'b1;
          awvalid <= 1'b0;
          {awaddr, awprot} <= 'x;
        end
        if (wvalid && wready) begin
          filled = 1'b1;
          wvalid <= 1'b0;
          {wdata, wstrb} <= 'x;
        end
      end
      repeat (wait_b) @(posedge clk);
      bready <= 1'b1;
      @(posedge clk);
      while (!bvalid) @(posedge clk);
      bready <= 1'b0;
      if (bresp !== want) $fatal(1, "cycle %0d: a write of %h to %h answers %b", cycle, data, offset, bresp);
    end
  endtask

  task automatic read_register(input int wait_r, output logic [31:0] value);
    begin
      arvalid <= 1'b1;
      araddr <= offset;
      arprot <= 3'b010;
      @(posedge clk);
      while (!arready) @(posedge clk);
      arvalid <= 1'b0;
      {araddr, arprot} <= 'x;
      repeat (wait_r) @(posedge clk);
      rready <= 1'b1;
      @(posedge clk);
      while (!rvalid) @(posedge clk);
      rready <= 1'b0;
      value = rdata;
      if (rresp !== Okay) $fatal(1, "cycle %0d: a read of %h answers %b", cycle, offset, rresp);
    end
  endtask

  function automatic int some(input int most);
    some = $unsigned($random(seed)) % (most + 1);
  endfunction

  logic [31:0] value;

  initial begin
    $readmemh("program.hex", program_words);
    $readmemh("before.hex", memory);
    $readmemh("after.hex", after);
    rst_n = 1'bx;
    {awvalid, awaddr, awprot, wvalid, wdata, wstrb, bready, arvalid, araddr, arprot, rready} = 'x;
    repeat (3) @(posedge clk);
    rst_n <= 1'b0;
    @(posedge clk);
    {awvalid, wvalid, bready, arvalid, rready} <= '0;
    m_arready <= 1'b0;
    m_rvalid <= 1'b0;
    m_awready <= 1'b0;
    m_wready <= 1'b0;
    m_bvalid <= 1'b0;
    rst_n <= 1'b1;
    running <= 1'b1;
    @(posedge clk);
    for (access = 0; access < Accesses; access++) begin
      since = cycle;
      {kind, offset, mask, data} = program_words[access];
      case (kind)
        KindWrite: write_register(some(1), some(1), some(1), Okay);
        KindWriteRefused: write_register(some(3), some(3), some(3), SlvErr);
        KindRead: begin
          read_register(some(1), value);
          if ((value & mask) !== data)
            $fatal(1, "cycle %0d: access %0d: register %h reads %h, should be %h under %h", cycle, access, offset, value,
                   data, mask);
        end
        KindPoll: begin
          read_register(some(1), value);
          while ((value & mask) !== data) read_register(some(20), value);
        end
        KindWaitIrq: while (!irq) @(posedge clk);
        default:
          if (irq !== data[0]) $fatal(1, "cycle %0d: access %0d: irq is %b", cycle, access, irq);
      endcase
    end
    repeat (100) @(posedge clk);
    if (reads != reads_done || writes != writes_done) $fatal(1, "a burst is open at the end");
    for (int i = 0; i < Words; i++) begin
      if (memory[i] !== after[i])
        $fatal(1, "memory at %h is %h, should be %h", Base + 64'(i * Bytes), memory[i], after[i]);
    end
    $display("passed: %0d register accesses, %0d reads, %0d writes, %0d cycles", Accesses, reads, writes, cycle);
    $finish;
  end

endmodule
