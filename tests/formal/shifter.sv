// SPDX-License-Identifier: Apache-2.0
// spmma_shifter, for any bursts, data, stalls and resets: a word leaves as soon as its last byte has come, the segment's words in
// order, one a cycle, with the burst that the latest byte came in; byte p of a segment, for every p, is byte p mod W of word p / W;
// the channel rests in the cycle that a segment's left-over word takes, and in no other in which a burst waits; what is complete is
// counted once, under its operand; illegal nibbles of E are counted, and the first is named; a failed read is named in its cycle.
// The queue of bursts is anything that offers, at a beat, a burst of the segment under way; shifter_queue.sv is about the real one
// and has the shifter's own assertions.
//
// mode: induction 2
// without: assertions
// parameters: DataBits=128 KBytes=16
// parameters: DataBits=256 KBytes=32
// free: */u_reads
// watch: watch_read_valid = u_shifter.read_valid
// watch: watch_read = u_shifter.read
// watch: watch_begun = u_shifter.begun_q
// watch: watch_flush = u_shifter.flush_q
// watch: watch_flush_read = u_shifter.flush_read_q
// watch: watch_index = u_shifter.index_q
// watch: watch_before = u_shifter.before_q
// watch: watch_done = u_shifter.word_done_q
// bug: 8 spmma_shifter.sv: (!flush_q && direct) ? r_data_i ==> direct ? r_data_i
// bug: 8 spmma_shifter.sv: c_loaded_q <= c_loaded_q + TallyW'(1) ==> b_loaded_q <= b_loaded_q + TallyW'(1)
// bug: 8 spmma_shifter.sv: ReadGroup+:SizeW] + SizeW'(first) ==> ReadGroup+:SizeW] | SizeW'(first)
// bug: 8 spmma_shifter.sv: 9'(g) < word_read_q ==> 9'(g) <= word_read_q
// bug: 8 spmma_pkg.sv: nibble_legal = !tf32 && meta_any ==> nibble_legal = meta_any
// bug: 8 spmma_shifter.sv: read[spmma_gemm_pkg::ReadLine+:SizeW]}; ==> read[spmma_gemm_pkg::ReadGroup+:SizeW]};
module formal_shifter #(
    parameter int DataBits = 128,
    parameter int KBytes   = 16
) (
    input logic                             clk_i,
    input logic                             rst_ni,
    input logic                             read_push_i,
    input logic [spmma_gemm_pkg::ReadW-1:0] read_i,
    input logic                             r_valid_i,
    input logic [DataBits-1:0]              r_data_i,
    input logic [1:0]                       r_resp_i,
    input logic                             r_last_i,
    input logic [11:0]                      bytes_i    // of a segment, with its first beat
);

  localparam int ReadW = spmma_gemm_pkg::ReadW;
  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int DataBytes = DataBits / 8;
  localparam int LogData = $clog2(DataBytes);
  localparam int MaxWords = 32;  // of a segment: what an index can tell apart, and twice what the reader asks for
  localparam int Codes = KBytes / 2;

  logic                              r_ready, last, word_valid, error, error_slot;
  logic [ReadW-1:0]                  word_read;
  logic [4:0]                        word_index;
  logic [DataBits-1:0]               word;
  logic [TallyW-1:0]                 a_loaded, e_loaded, b_loaded, c_loaded;
  logic [8:0]                        illegal_count;
  logic [3*SizeW-1:0]                illegal_first;
  logic [spmma_gemm_pkg::ShifterErrorW-1:0] error_info;

  spmma_shifter #(
      .DataBits(DataBits),
      .KBytes  (KBytes)
  ) u_shifter (
      .clk_i,
      .rst_ni,
      .read_push_i,
      .read_i,
      .r_valid_i,
      .r_ready_o      (r_ready),
      .r_data_i,
      .r_resp_i,
      .r_last_i,
      .last_o         (last),
      .word_valid_o   (word_valid),
      .word_read_o    (word_read),
      .word_index_o   (word_index),
      .word_o         (word),
      .a_loaded_o     (a_loaded),
      .e_loaded_o     (e_loaded),
      .b_loaded_o     (b_loaded),
      .c_loaded_o     (c_loaded),
      .illegal_count_o(illegal_count),
      .illegal_first_o(illegal_first),
      .error_valid_o  (error),
      .error_slot_o   (error_slot),
      .error_o        (error_info)
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  logic live;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);
  assign live = begun_q && rst_ni;

  // ---------------------------------------------------------------- the segment under way

  // How long it is and where in its first beat it begins are known with that beat, and then kept.
  logic             watch_read_valid, beat, segment_end;
  logic [ReadW-1:0] watch_read;
  logic [5:0]       beats_q;           // taken of it
  logic [11:0]      bytes, bytes_q;
  logic [5:0]       offset, offset_q;  // a beat's 16, 32 or 64 bytes
  logic [6:0]       beats;             // that it has
  logic [12:0]      bytes_end;         // behind its last byte, from its first beat's first one

  assign beat = r_valid_i && watch_read_valid && !rest_q;
  assign bytes = (beats_q == '0) ? bytes_i : bytes_q;
  assign offset = (beats_q == '0) ? 6'(watch_read[spmma_gemm_pkg::ReadOffset+:LogData]) : offset_q;
  assign bytes_end = 13'(offset) + 13'(bytes);
  assign beats = 7'((bytes_end + 13'(DataBytes - 1)) >> LogData);
  assign segment_end = beat && 7'(beats_q) + 7'd1 == beats;

  // The reader's bursts: each one of a segment says where the segment begins, whether it is one beat, and whether it begins within
  // a beat and has as many words as beats, several, so that a word is left over. The last one ends with the segment, one before
  // it may end anywhere. What completes something is of an operand that is read.
  logic [6:0] words;
  assign words = 7'((13'(bytes) + 13'(DataBytes - 1)) >> LogData);
  always_comb begin
    assume (bytes_i != '0 && bytes_i <= 12'(MaxWords * DataBytes));
    if (beat) begin
      assume (6'(watch_read[spmma_gemm_pkg::ReadOffset+:LogData]) == offset);
      assume (watch_read[spmma_gemm_pkg::ReadSingle] == (beats == 7'd1));
      assume (watch_read[spmma_gemm_pkg::ReadFlush] == (offset != '0 && beats != 7'd1 && beats == words));
      assume (segment_end == (r_last_i && watch_read[spmma_gemm_pkg::ReadLast]));
      assume (!watch_read[spmma_gemm_pkg::ReadDone] || watch_read[spmma_gemm_pkg::ReadOperand+:3] <= spmma_gemm_pkg::OperandC);
    end
  end

  // ---------------------------------------------------------------- its words

  logic        rest_q;            // all beats are here, and not all words are out
  logic [5:0]  words_q;           // made of the segment
  logic [12:0] come, wanted;      // bytes of it: come with this beat, and with the next word
  logic        make, all;         // a word is made; and with it the last one
  logic [5:0]  made;

  assign come = ((13'(beats_q) + 13'd1) << LogData) - 13'(offset);
  assign wanted = ((13'(words_q) + 13'd1) << LogData);
  assign make = rest_q || (beat && (come >= wanted || come >= 13'(bytes)));
  assign made = words_q + 6'(make);
  assign all = 7'(made) == words;

  logic             word_q, word_all_q;
  logic [ReadW-1:0] word_read_q;  // the burst of the latest beat
  logic [4:0]       word_index_q;

  always_ff @(posedge clk_i) begin
    if (beat) begin
      bytes_q <= bytes;
      offset_q <= offset;
      word_read_q <= watch_read;
    end
    word_index_q <= words_q[4:0];
    word_all_q <= all;
    if (!rst_ni) begin
      rest_q <= 1'b0;
      beats_q <= '0;
      words_q <= '0;
      word_q <= 1'b0;
    end else begin
      rest_q <= segment_end && !all;
      word_q <= make;
      if (rest_q || (segment_end && all)) begin
        beats_q <= '0;
        words_q <= '0;
      end else begin
        beats_q <= beats_q + 6'(beat);
        words_q <= made;
      end
    end
  end

  // ---------------------------------------------------------------- a byte of it, any one

  (* anyconst *) logic [11:0] number;
  logic [12:0]      place;         // from the first beat's first byte
  logic [7:0]       byte_in, byte_out, byte_q;
  logic             byte_comes, byte_leaves_q;

  assign place = 13'(offset) + 13'(number);
  assign byte_in = r_data_i[8*place[LogData-1:0]+:8];
  assign byte_out = word[8*number[LogData-1:0]+:8];
  assign byte_comes = beat && 13'(beats_q) == place >> LogData;

  always_ff @(posedge clk_i) begin
    if (byte_comes) byte_q <= byte_in;
    byte_leaves_q <= make && number < bytes && 12'(words_q) == number >> LogData;
  end

  // ---------------------------------------------------------------- what is complete

  logic [TallyW-1:0] a_loaded_q, e_loaded_q, b_loaded_q, c_loaded_q;
  logic              complete;
  logic [2:0]        operand;

  assign complete = word_q && word_all_q && word_read_q[spmma_gemm_pkg::ReadDone];
  assign operand = word_read_q[spmma_gemm_pkg::ReadOperand+:3];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      a_loaded_q <= '0;
      e_loaded_q <= '0;
      b_loaded_q <= '0;
      c_loaded_q <= '0;
    end else begin
      a_loaded_q <= a_loaded_q + TallyW'(complete && operand == spmma_gemm_pkg::OperandA);
      e_loaded_q <= e_loaded_q + TallyW'(complete && operand == spmma_gemm_pkg::OperandE);
      b_loaded_q <= b_loaded_q + TallyW'(complete && operand == spmma_gemm_pkg::OperandB);
      c_loaded_q <= c_loaded_q + TallyW'(complete && operand == spmma_gemm_pkg::OperandC);
    end
  end

  // ---------------------------------------------------------------- metadata

  // Legal are two indices in order, with ReadAny any two; of TF32's two elements only the first or the second one's halves.
  logic [Codes-1:0] illegal;
  logic [SizeW-1:0] group;  // that is named, from the word's first one
  for (genvar g = 0; g < Codes; g++) begin : gen_illegal
    logic [1:0] index0, index1;
    assign {index1, index0} = word[4*g+:4];
    assign illegal[g] = g < 32'(word_read[spmma_gemm_pkg::ReadCodes+:9]) &&
                        (word_read[spmma_gemm_pkg::ReadTf32] ? {index1, index0} != 4'b0100 && {index1, index0} != 4'b1110
                                                               : index0 >= index1 && !word_read[spmma_gemm_pkg::ReadAny]);
  end
  assign group = illegal_first[SizeW-1:0] - word_read[spmma_gemm_pkg::ReadGroup+:SizeW];

  // ---------------------------------------------------------------- what is proven

  always_comb begin
    if (live) begin
      assert (r_ready == (watch_read_valid && !rest_q));
      assert (last == (beat && r_last_i));

      assert (word_valid == word_q);
      if (word_q) assert (word_read == word_read_q && word_index == word_index_q);
      if (word_q && byte_leaves_q) assert (byte_out == byte_q);

      assert (a_loaded == a_loaded_q && e_loaded == e_loaded_q && b_loaded == b_loaded_q && c_loaded == c_loaded_q);

      if (word_q && operand == spmma_gemm_pkg::OperandE) begin
        assert (illegal_count == 9'($countones(illegal)));
        if (illegal != '0) assert (illegal_first[2*SizeW+:SizeW] == word_read_q[spmma_gemm_pkg::ReadEntry+:SizeW]);
        if (illegal != '0) assert (illegal_first[SizeW+:SizeW] == word_read_q[spmma_gemm_pkg::ReadLine+:SizeW]);
        // The group that is named has an illegal nibble, and no lower one has.
        if (illegal != '0) assert (group < SizeW'(Codes) && 1'(illegal >> group) && illegal << (SizeW'(Codes) - group) == '0);
      end else begin
        assert (illegal_count == '0);
      end

      assert (error == (beat && r_resp_i >= 2'd2));
      if (error) begin
        assert (error_slot == watch_read[spmma_gemm_pkg::ReadSlot]);
        assert (error_info[2*SizeW+:3] == watch_read[spmma_gemm_pkg::ReadOperand+:3]);
        assert (error_info[SizeW+:SizeW] == watch_read[spmma_gemm_pkg::ReadEntry+:SizeW]);
        assert (error_info[SizeW-1:0] == watch_read[spmma_gemm_pkg::ReadLine+:SizeW]);
      end
    end
  end

  // ---------------------------------------------------------------- what holds meanwhile, for the induction

  logic                watch_begun, watch_flush, watch_done;
  logic [ReadW-1:0]    watch_flush_read;
  logic [4:0]          watch_index;
  logic [DataBits-1:0] watch_before;

  always_comb begin
    if (live) begin
      assert (watch_flush == rest_q && watch_begun == (beats_q != '0 && !rest_q) && watch_index == words_q[4:0]);
      if (word_q) assert (watch_done == word_all_q);
      if (word_q || rest_q) assert (!word_read_q[spmma_gemm_pkg::ReadDone] || operand <= spmma_gemm_pkg::OperandC);
      if (beats_q == '0) begin
        assert (words_q == '0);
      end else begin
        assert (bytes_q != '0 && bytes_q <= 12'(MaxWords * DataBytes) && 7'(offset_q) < 7'(DataBytes));
        assert (words_q == beats_q - 6'(offset_q != '0));
        assert (rest_q ? 7'(beats_q) == beats : 7'(beats_q) < beats);
        if (13'(beats_q) - 13'd1 == place >> LogData) assert (byte_q == watch_before[8*place[LogData-1:0]+:8]);
      end
      if (rest_q) begin
        assert (offset_q != '0 && beats != 7'd1 && beats == words);
        assert (watch_flush_read == word_read_q && 6'(word_read_q[spmma_gemm_pkg::ReadOffset+:LogData]) == offset_q);
      end else begin
        assert (7'(words_q) < words);
      end
    end
  end

endmodule
