// SPDX-License-Identifier: Apache-2.0
// spmma_gemm, what it does itself: its modules are proven elsewhere, and here each of their outputs takes any value in any cycle.
// Every bit of every input of every module, and of every output of the engine, is what docs/gemm.md has it be: a port of the
// engine, an output of another module, a field of the K block at hand, or a constant. A step reaches the core or, with K = 0,
// its tile the D ring in the second cycle after it was issued, when its operands do, with its K block's formats and its own
// slot, length and ends; none does that was on its way at a reset or at the end of a failed job. A tile of the core is stored
// as its tag says. No tile is between its last step and the D ring exactly when as many came out as were given in.
//
// A watch MODULE_PORT is port PORT of instance u_MODULE. What waits in the engine's own registers is looked at only where it
// comes out; three cycles tell what is in them, but for the tiles under way, which are counted here too.
//
// mode: induction 3
// without: assertions
// parameters: DataBits=128
// parameters: Rows=1 Cols=4 StepBytes=16 Sparse=0 Formats=7 Pipe=0 DataBits=256 BlockRows=4 BlockBytes=32 KBytes=32 DStrips=4
// free: *spmma_regs* *spmma_jobs* *spmma_reader* *spmma_fifo* *spmma_shifter* *spmma_sequencer* *spmma_operands*
// free: *spmma_core* *spmma_results* *spmma_writer*
// bug: 2 spmma_gemm.sv: .win_limit_i  (rd_limit) ==> .win_limit_i  (wr_limit)
// bug: 6 spmma_gemm.sv: if (valid1_q) beside2_q ==> if (step) beside2_q
// bug: 6 spmma_gemm.sv: step && last && !copy; ==> step && last;
// bug: 6 spmma_gemm.sv: valid2_q <= 1'b0; ==> valid2_q <= valid1_q;
// watch: watch_tags = u_gemm.tags_q
//
// u_regs, registers
// watch: regs_clk_i = u_gemm.u_regs.clk_i
// watch: regs_rst_ni = u_gemm.u_regs.rst_ni
// watch: regs_awvalid_i = u_gemm.u_regs.awvalid_i
// watch: regs_awready_o = u_gemm.u_regs.awready_o
// watch: regs_awaddr_i = u_gemm.u_regs.awaddr_i
// watch: regs_wvalid_i = u_gemm.u_regs.wvalid_i
// watch: regs_wready_o = u_gemm.u_regs.wready_o
// watch: regs_wdata_i = u_gemm.u_regs.wdata_i
// watch: regs_wstrb_i = u_gemm.u_regs.wstrb_i
// watch: regs_bvalid_o = u_gemm.u_regs.bvalid_o
// watch: regs_bready_i = u_gemm.u_regs.bready_i
// watch: regs_bresp_o = u_gemm.u_regs.bresp_o
// watch: regs_arvalid_i = u_gemm.u_regs.arvalid_i
// watch: regs_arready_o = u_gemm.u_regs.arready_o
// watch: regs_araddr_i = u_gemm.u_regs.araddr_i
// watch: regs_rvalid_o = u_gemm.u_regs.rvalid_o
// watch: regs_rready_i = u_gemm.u_regs.rready_i
// watch: regs_rdata_o = u_gemm.u_regs.rdata_o
// watch: regs_rresp_o = u_gemm.u_regs.rresp_o
// watch: regs_start_o = u_gemm.u_regs.start_o
// watch: regs_abort_o = u_gemm.u_regs.abort_o
// watch: regs_job_o = u_gemm.u_regs.job_o
// watch: regs_win_rd_base_o = u_gemm.u_regs.win_rd_base_o
// watch: regs_win_rd_limit_o = u_gemm.u_regs.win_rd_limit_o
// watch: regs_win_wr_base_o = u_gemm.u_regs.win_wr_base_o
// watch: regs_win_wr_limit_o = u_gemm.u_regs.win_wr_limit_o
// watch: regs_irq_o = u_gemm.u_regs.irq_o
// watch: regs_busy_i = u_gemm.u_regs.busy_i
// watch: regs_queued_i = u_gemm.u_regs.queued_i
// watch: regs_done_i = u_gemm.u_regs.done_i
// watch: regs_error_i = u_gemm.u_regs.error_i
// watch: regs_error_code_i = u_gemm.u_regs.error_code_i
// watch: regs_error_operand_i = u_gemm.u_regs.error_operand_i
// watch: regs_error_entry_i = u_gemm.u_regs.error_entry_i
// watch: regs_error_row_i = u_gemm.u_regs.error_row_i
// watch: regs_error_group_i = u_gemm.u_regs.error_group_i
// watch: regs_meta_count_i = u_gemm.u_regs.meta_count_i
// watch: regs_meta_entry_i = u_gemm.u_regs.meta_entry_i
// watch: regs_meta_row_i = u_gemm.u_regs.meta_row_i
// watch: regs_meta_group_i = u_gemm.u_regs.meta_group_i
// watch: regs_counts_i = u_gemm.u_regs.counts_i
//
// u_jobs, jobs, errors, counters
// watch: jobs_clk_i = u_gemm.u_jobs.clk_i
// watch: jobs_rst_ni = u_gemm.u_jobs.rst_ni
// watch: jobs_start_i = u_gemm.u_jobs.start_i
// watch: jobs_abort_i = u_gemm.u_jobs.abort_i
// watch: jobs_job_i = u_gemm.u_jobs.job_i
// watch: jobs_busy_o = u_gemm.u_jobs.busy_o
// watch: jobs_queued_o = u_gemm.u_jobs.queued_o
// watch: jobs_job_valid_o = u_gemm.u_jobs.job_valid_o
// watch: jobs_job_slot_o = u_gemm.u_jobs.job_slot_o
// watch: jobs_job_o = u_gemm.u_jobs.job_o
// watch: jobs_job_taken_i = u_gemm.u_jobs.job_taken_i
// watch: jobs_reader_idle_i = u_gemm.u_jobs.reader_idle_i
// watch: jobs_job_done_i = u_gemm.u_jobs.job_done_i
// watch: jobs_reader_quiet_i = u_gemm.u_jobs.reader_quiet_i
// watch: jobs_writer_quiet_i = u_gemm.u_jobs.writer_quiet_i
// watch: jobs_halt_o = u_gemm.u_jobs.halt_o
// watch: jobs_clear_o = u_gemm.u_jobs.clear_o
// watch: jobs_reader_error_i = u_gemm.u_jobs.reader_error_i
// watch: jobs_reader_error_slot_i = u_gemm.u_jobs.reader_error_slot_i
// watch: jobs_reader_error_info_i = u_gemm.u_jobs.reader_error_info_i
// watch: jobs_shifter_error_i = u_gemm.u_jobs.shifter_error_i
// watch: jobs_shifter_error_slot_i = u_gemm.u_jobs.shifter_error_slot_i
// watch: jobs_shifter_error_info_i = u_gemm.u_jobs.shifter_error_info_i
// watch: jobs_writer_error_i = u_gemm.u_jobs.writer_error_i
// watch: jobs_writer_error_slot_i = u_gemm.u_jobs.writer_error_slot_i
// watch: jobs_writer_error_info_i = u_gemm.u_jobs.writer_error_info_i
// watch: jobs_illegal_count_i = u_gemm.u_jobs.illegal_count_i
// watch: jobs_illegal_slot_i = u_gemm.u_jobs.illegal_slot_i
// watch: jobs_illegal_first_i = u_gemm.u_jobs.illegal_first_i
// watch: jobs_read_i = u_gemm.u_jobs.read_i
// watch: jobs_read_slot_i = u_gemm.u_jobs.read_slot_i
// watch: jobs_read_bytes_i = u_gemm.u_jobs.read_bytes_i
// watch: jobs_read_beats_i = u_gemm.u_jobs.read_beats_i
// watch: jobs_step_i = u_gemm.u_jobs.step_i
// watch: jobs_step_rows_i = u_gemm.u_jobs.step_rows_i
// watch: jobs_step_cols_i = u_gemm.u_jobs.step_cols_i
// watch: jobs_step_len_i = u_gemm.u_jobs.step_len_i
// watch: jobs_stall_i = u_gemm.u_jobs.stall_i
// watch: jobs_steps_end_i = u_gemm.u_jobs.steps_end_i
// watch: jobs_write_beat_i = u_gemm.u_jobs.write_beat_i
// watch: jobs_write_bytes_i = u_gemm.u_jobs.write_bytes_i
// watch: jobs_held_ar_i = u_gemm.u_jobs.held_ar_i
// watch: jobs_held_aw_i = u_gemm.u_jobs.held_aw_i
// watch: jobs_held_w_i = u_gemm.u_jobs.held_w_i
// watch: jobs_done_o = u_gemm.u_jobs.done_o
// watch: jobs_error_o = u_gemm.u_jobs.error_o
// watch: jobs_error_info_o = u_gemm.u_jobs.error_info_o
// watch: jobs_meta_count_o = u_gemm.u_jobs.meta_count_o
// watch: jobs_meta_first_o = u_gemm.u_jobs.meta_first_o
// watch: jobs_counts_o = u_gemm.u_jobs.counts_o
//
// u_reader, reads
// watch: reader_clk_i = u_gemm.u_reader.clk_i
// watch: reader_rst_ni = u_gemm.u_reader.rst_ni
// watch: reader_halt_i = u_gemm.u_reader.halt_i
// watch: reader_job_valid_i = u_gemm.u_reader.job_valid_i
// watch: reader_job_slot_i = u_gemm.u_reader.job_slot_i
// watch: reader_job_i = u_gemm.u_reader.job_i
// watch: reader_job_ready_o = u_gemm.u_reader.job_ready_o
// watch: reader_idle_o = u_gemm.u_reader.idle_o
// watch: reader_win_base_i = u_gemm.u_reader.win_base_i
// watch: reader_win_limit_i = u_gemm.u_reader.win_limit_i
// watch: reader_error_valid_o = u_gemm.u_reader.error_valid_o
// watch: reader_error_slot_o = u_gemm.u_reader.error_slot_o
// watch: reader_error_o = u_gemm.u_reader.error_o
// watch: reader_plan_push_o = u_gemm.u_reader.plan_push_o
// watch: reader_plan_o = u_gemm.u_reader.plan_o
// watch: reader_plan_pop_i = u_gemm.u_reader.plan_pop_i
// watch: reader_block_push_o = u_gemm.u_reader.block_push_o
// watch: reader_block_o = u_gemm.u_reader.block_o
// watch: reader_block_pop_i = u_gemm.u_reader.block_pop_i
// watch: reader_a_freed_i = u_gemm.u_reader.a_freed_i
// watch: reader_b_freed_i = u_gemm.u_reader.b_freed_i
// watch: reader_c_freed_i = u_gemm.u_reader.c_freed_i
// watch: reader_ar_valid_o = u_gemm.u_reader.ar_valid_o
// watch: reader_ar_ready_i = u_gemm.u_reader.ar_ready_i
// watch: reader_ar_addr_o = u_gemm.u_reader.ar_addr_o
// watch: reader_ar_len_o = u_gemm.u_reader.ar_len_o
// watch: reader_read_push_o = u_gemm.u_reader.read_push_o
// watch: reader_read_o = u_gemm.u_reader.read_o
// watch: reader_read_last_i = u_gemm.u_reader.read_last_i
// watch: reader_quiet_o = u_gemm.u_reader.quiet_o
// watch: reader_bytes_o = u_gemm.u_reader.bytes_o
// watch: reader_beats_o = u_gemm.u_reader.beats_o
//
// u_plans, K blocks on their way to the sequencer
// watch: plans_clk_i = u_gemm.u_plans.clk_i
// watch: plans_rst_ni = u_gemm.u_plans.rst_ni
// watch: plans_push_i = u_gemm.u_plans.push_i
// watch: plans_data_i = u_gemm.u_plans.data_i
// watch: plans_valid_o = u_gemm.u_plans.valid_o
// watch: plans_ready_i = u_gemm.u_plans.ready_i
// watch: plans_data_o = u_gemm.u_plans.data_o
//
// u_blocks, blocks on their way to the writer
// watch: blocks_clk_i = u_gemm.u_blocks.clk_i
// watch: blocks_rst_ni = u_gemm.u_blocks.rst_ni
// watch: blocks_push_i = u_gemm.u_blocks.push_i
// watch: blocks_data_i = u_gemm.u_blocks.data_i
// watch: blocks_valid_o = u_gemm.u_blocks.valid_o
// watch: blocks_ready_i = u_gemm.u_blocks.ready_i
// watch: blocks_data_o = u_gemm.u_blocks.data_o
//
// u_shifter, data that was read
// watch: shifter_clk_i = u_gemm.u_shifter.clk_i
// watch: shifter_rst_ni = u_gemm.u_shifter.rst_ni
// watch: shifter_read_push_i = u_gemm.u_shifter.read_push_i
// watch: shifter_read_i = u_gemm.u_shifter.read_i
// watch: shifter_r_valid_i = u_gemm.u_shifter.r_valid_i
// watch: shifter_r_ready_o = u_gemm.u_shifter.r_ready_o
// watch: shifter_r_data_i = u_gemm.u_shifter.r_data_i
// watch: shifter_r_resp_i = u_gemm.u_shifter.r_resp_i
// watch: shifter_r_last_i = u_gemm.u_shifter.r_last_i
// watch: shifter_last_o = u_gemm.u_shifter.last_o
// watch: shifter_word_valid_o = u_gemm.u_shifter.word_valid_o
// watch: shifter_word_read_o = u_gemm.u_shifter.word_read_o
// watch: shifter_word_index_o = u_gemm.u_shifter.word_index_o
// watch: shifter_word_o = u_gemm.u_shifter.word_o
// watch: shifter_a_loaded_o = u_gemm.u_shifter.a_loaded_o
// watch: shifter_e_loaded_o = u_gemm.u_shifter.e_loaded_o
// watch: shifter_b_loaded_o = u_gemm.u_shifter.b_loaded_o
// watch: shifter_c_loaded_o = u_gemm.u_shifter.c_loaded_o
// watch: shifter_illegal_count_o = u_gemm.u_shifter.illegal_count_o
// watch: shifter_illegal_first_o = u_gemm.u_shifter.illegal_first_o
// watch: shifter_error_valid_o = u_gemm.u_shifter.error_valid_o
// watch: shifter_error_slot_o = u_gemm.u_shifter.error_slot_o
// watch: shifter_error_o = u_gemm.u_shifter.error_o
//
// u_sequencer, steps
// watch: sequencer_clk_i = u_gemm.u_sequencer.clk_i
// watch: sequencer_rst_ni = u_gemm.u_sequencer.rst_ni
// watch: sequencer_plan_valid_i = u_gemm.u_sequencer.plan_valid_i
// watch: sequencer_plan_i = u_gemm.u_sequencer.plan_i
// watch: sequencer_plan_pop_o = u_gemm.u_sequencer.plan_pop_o
// watch: sequencer_a_loaded_i = u_gemm.u_sequencer.a_loaded_i
// watch: sequencer_e_loaded_i = u_gemm.u_sequencer.e_loaded_i
// watch: sequencer_b_loaded_i = u_gemm.u_sequencer.b_loaded_i
// watch: sequencer_c_loaded_i = u_gemm.u_sequencer.c_loaded_i
// watch: sequencer_d_freed_i = u_gemm.u_sequencer.d_freed_i
// watch: sequencer_core_empty_i = u_gemm.u_sequencer.core_empty_i
// watch: sequencer_a_freed_o = u_gemm.u_sequencer.a_freed_o
// watch: sequencer_b_freed_o = u_gemm.u_sequencer.b_freed_o
// watch: sequencer_c_freed_o = u_gemm.u_sequencer.c_freed_o
// watch: sequencer_step_valid_o = u_gemm.u_sequencer.step_valid_o
// watch: sequencer_run_start_o = u_gemm.u_sequencer.run_start_o
// watch: sequencer_run_end_o = u_gemm.u_sequencer.run_end_o
// watch: sequencer_first_o = u_gemm.u_sequencer.first_o
// watch: sequencer_last_o = u_gemm.u_sequencer.last_o
// watch: sequencer_a_ring_o = u_gemm.u_sequencer.a_ring_o
// watch: sequencer_c_ring_o = u_gemm.u_sequencer.c_ring_o
// watch: sequencer_half_o = u_gemm.u_sequencer.half_o
// watch: sequencer_step_o = u_gemm.u_sequencer.step_o
// watch: sequencer_tile_o = u_gemm.u_sequencer.tile_o
// watch: sequencer_len_o = u_gemm.u_sequencer.len_o
// watch: sequencer_slot_o = u_gemm.u_sequencer.slot_o
// watch: sequencer_rows_o = u_gemm.u_sequencer.rows_o
// watch: sequencer_cols_o = u_gemm.u_sequencer.cols_o
// watch: sequencer_stall_o = u_gemm.u_sequencer.stall_o
// watch: sequencer_job_end_o = u_gemm.u_sequencer.job_end_o
//
// u_operands, operands of a step
// watch: operands_clk_i = u_gemm.u_operands.clk_i
// watch: operands_word_valid_i = u_gemm.u_operands.word_valid_i
// watch: operands_word_read_i = u_gemm.u_operands.word_read_i
// watch: operands_word_index_i = u_gemm.u_operands.word_index_i
// watch: operands_word_i = u_gemm.u_operands.word_i
// watch: operands_step_valid_i = u_gemm.u_operands.step_valid_i
// watch: operands_run_start_i = u_gemm.u_operands.run_start_i
// watch: operands_first_i = u_gemm.u_operands.first_i
// watch: operands_has_c_i = u_gemm.u_operands.has_c_i
// watch: operands_log_a_i = u_gemm.u_operands.log_a_i
// watch: operands_acc16_i = u_gemm.u_operands.acc16_i
// watch: operands_sparse_i = u_gemm.u_operands.sparse_i
// watch: operands_a_ring_i = u_gemm.u_operands.a_ring_i
// watch: operands_c_ring_i = u_gemm.u_operands.c_ring_i
// watch: operands_half_i = u_gemm.u_operands.half_i
// watch: operands_step_i = u_gemm.u_operands.step_i
// watch: operands_tile_i = u_gemm.u_operands.tile_i
// watch: operands_a_o = u_gemm.u_operands.a_o
// watch: operands_meta_o = u_gemm.u_operands.meta_o
// watch: operands_b_o = u_gemm.u_operands.b_o
// watch: operands_c_o = u_gemm.u_operands.c_o
//
// u_core, the core
// watch: core_clk_i = u_gemm.u_core.clk_i
// watch: core_rst_ni = u_gemm.u_core.rst_ni
// watch: core_in_valid_i = u_gemm.u_core.in_valid_i
// watch: core_in_a_i = u_gemm.u_core.in_a_i
// watch: core_in_meta_i = u_gemm.u_core.in_meta_i
// watch: core_in_b_i = u_gemm.u_core.in_b_i
// watch: core_in_c_i = u_gemm.u_core.in_c_i
// watch: core_in_fmt_a_i = u_gemm.u_core.in_fmt_a_i
// watch: core_in_fmt_b_i = u_gemm.u_core.in_fmt_b_i
// watch: core_in_acc_f16_i = u_gemm.u_core.in_acc_f16_i
// watch: core_in_saturate_i = u_gemm.u_core.in_saturate_i
// watch: core_in_sparse_i = u_gemm.u_core.in_sparse_i
// watch: core_in_meta_any_i = u_gemm.u_core.in_meta_any_i
// watch: core_in_len_i = u_gemm.u_core.in_len_i
// watch: core_in_slot_i = u_gemm.u_core.in_slot_i
// watch: core_in_first_i = u_gemm.u_core.in_first_i
// watch: core_in_last_i = u_gemm.u_core.in_last_i
// watch: core_out_valid_o = u_gemm.u_core.out_valid_o
// watch: core_out_ready_i = u_gemm.u_core.out_ready_i
// watch: core_out_d_o = u_gemm.u_core.out_d_o
//
// u_tags, whose the core's tiles are
// watch: tags_clk_i = u_gemm.u_tags.clk_i
// watch: tags_rst_ni = u_gemm.u_tags.rst_ni
// watch: tags_push_i = u_gemm.u_tags.push_i
// watch: tags_data_i = u_gemm.u_tags.data_i
// watch: tags_ready_i = u_gemm.u_tags.ready_i
// watch: tags_data_o = u_gemm.u_tags.data_o
//
// u_results, finished tiles
// watch: results_clk_i = u_gemm.u_results.clk_i
// watch: results_rst_ni = u_gemm.u_results.rst_ni
// watch: results_tile_valid_i = u_gemm.u_results.tile_valid_i
// watch: results_tile_i = u_gemm.u_results.tile_i
// watch: results_tile_index_i = u_gemm.u_results.tile_index_i
// watch: results_acc16_i = u_gemm.u_results.acc16_i
// watch: results_strip_end_i = u_gemm.u_results.strip_end_i
// watch: results_filled_o = u_gemm.u_results.filled_o
// watch: results_rd_en_i = u_gemm.u_results.rd_en_i
// watch: results_rd_ring_i = u_gemm.u_results.rd_ring_i
// watch: results_rd_row_i = u_gemm.u_results.rd_row_i
// watch: results_rd_word_i = u_gemm.u_results.rd_word_i
// watch: results_rd_data_o = u_gemm.u_results.rd_data_o
//
// u_writer, writes
// watch: writer_clk_i = u_gemm.u_writer.clk_i
// watch: writer_rst_ni = u_gemm.u_writer.rst_ni
// watch: writer_halt_i = u_gemm.u_writer.halt_i
// watch: writer_block_valid_i = u_gemm.u_writer.block_valid_i
// watch: writer_block_i = u_gemm.u_writer.block_i
// watch: writer_block_pop_o = u_gemm.u_writer.block_pop_o
// watch: writer_job_done_o = u_gemm.u_writer.job_done_o
// watch: writer_win_base_i = u_gemm.u_writer.win_base_i
// watch: writer_win_limit_i = u_gemm.u_writer.win_limit_i
// watch: writer_error_valid_o = u_gemm.u_writer.error_valid_o
// watch: writer_error_slot_o = u_gemm.u_writer.error_slot_o
// watch: writer_error_o = u_gemm.u_writer.error_o
// watch: writer_filled_i = u_gemm.u_writer.filled_i
// watch: writer_freed_o = u_gemm.u_writer.freed_o
// watch: writer_rd_en_o = u_gemm.u_writer.rd_en_o
// watch: writer_rd_ring_o = u_gemm.u_writer.rd_ring_o
// watch: writer_rd_row_o = u_gemm.u_writer.rd_row_o
// watch: writer_rd_word_o = u_gemm.u_writer.rd_word_o
// watch: writer_rd_data_i = u_gemm.u_writer.rd_data_i
// watch: writer_aw_valid_o = u_gemm.u_writer.aw_valid_o
// watch: writer_aw_ready_i = u_gemm.u_writer.aw_ready_i
// watch: writer_aw_addr_o = u_gemm.u_writer.aw_addr_o
// watch: writer_aw_len_o = u_gemm.u_writer.aw_len_o
// watch: writer_w_valid_o = u_gemm.u_writer.w_valid_o
// watch: writer_w_ready_i = u_gemm.u_writer.w_ready_i
// watch: writer_w_data_o = u_gemm.u_writer.w_data_o
// watch: writer_w_strb_o = u_gemm.u_writer.w_strb_o
// watch: writer_w_last_o = u_gemm.u_writer.w_last_o
// watch: writer_b_valid_i = u_gemm.u_writer.b_valid_i
// watch: writer_b_ready_o = u_gemm.u_writer.b_ready_o
// watch: writer_b_resp_i = u_gemm.u_writer.b_resp_i
// watch: writer_quiet_o = u_gemm.u_writer.quiet_o
// watch: writer_beat_o = u_gemm.u_writer.beat_o
// watch: writer_bytes_o = u_gemm.u_writer.bytes_o
module formal_gemm #(
    parameter int Rows       = 2,
    parameter int Cols       = 2,
    parameter int StepBytes  = 8,
    parameter int FracBits   = 25,
    parameter int Formats    = 127,
    parameter int Sparse     = 1,
    parameter int Pipe       = 15,
    parameter int DataBits   = 128,
    parameter int BlockRows  = 8,
    parameter int BlockBytes = 16,
    parameter int KBytes     = 16,
    parameter int CStrips    = 4,
    parameter int DStrips    = 2
) (
    input logic                clk_i,
    input logic                rst_ni,
    input logic                s_axil_awvalid,
    input logic [11:0]         s_axil_awaddr,
    input logic [2:0]          s_axil_awprot,
    input logic                s_axil_wvalid,
    input logic [31:0]         s_axil_wdata,
    input logic [3:0]          s_axil_wstrb,
    input logic                s_axil_bready,
    input logic                s_axil_arvalid,
    input logic [11:0]         s_axil_araddr,
    input logic [2:0]          s_axil_arprot,
    input logic                s_axil_rready,
    input logic                m_axi_arready,
    input logic                m_axi_rvalid,
    input logic [3:0]          m_axi_rid,
    input logic [DataBits-1:0] m_axi_rdata,
    input logic [1:0]          m_axi_rresp,
    input logic                m_axi_rlast,
    input logic                m_axi_awready,
    input logic                m_axi_wready,
    input logic                m_axi_bvalid,
    input logic [3:0]          m_axi_bid,
    input logic [1:0]          m_axi_bresp
);

  localparam int JobW = spmma_regs_pkg::JobW;
  localparam int CountsW = 64 * spmma_regs_pkg::NumCounts;
  localparam int ErrorW = spmma_gemm_pkg::ErrorW;  // {code, operand, position}
  localparam int SizeW = spmma_gemm_pkg::SizeW;
  localparam int PosW = 3 * SizeW;                 // {entry, row, group}
  localparam int TallyW = spmma_gemm_pkg::TallyW;
  localparam int PlanW = spmma_gemm_pkg::PlanW;
  localparam int BlockW = spmma_gemm_pkg::BlockW;
  localparam int ReadW = spmma_gemm_pkg::ReadW;
  localparam int Stalls = spmma_gemm_pkg::Stalls;
  localparam int AW = Rows * StepBytes * 8;
  localparam int MetaW = Rows * StepBytes * 2;
  localparam int BW = Cols * StepBytes * 8 * (Sparse != 0 ? 2 : 1);
  localparam int TileW = Rows * Cols * 32;
  localparam int LenW = $clog2(StepBytes + 1);
  localparam int SlotW = $clog2((BlockRows / Rows) * (BlockBytes / Cols));
  localparam int Tags = 32;                        // tiles between their last step and the D ring, at most

  // ---------------------------------------------------------------- the engine

  logic                  irq;
  logic                  s_axil_awready, s_axil_wready, s_axil_bvalid, s_axil_arready, s_axil_rvalid;
  logic [1:0]            s_axil_bresp, s_axil_rresp;
  logic [31:0]           s_axil_rdata;
  logic                  m_axi_arvalid, m_axi_arlock, m_axi_rready, m_axi_awvalid, m_axi_awlock;
  logic                  m_axi_wvalid, m_axi_wlast, m_axi_bready;
  logic [63:0]           m_axi_araddr, m_axi_awaddr;
  logic [7:0]            m_axi_arlen, m_axi_awlen;
  logic [2:0]            m_axi_arsize, m_axi_arprot, m_axi_awsize, m_axi_awprot;
  logic [1:0]            m_axi_arburst, m_axi_awburst;
  logic [3:0]            m_axi_arid, m_axi_arcache, m_axi_arqos, m_axi_awid, m_axi_awcache, m_axi_awqos;
  logic [DataBits-1:0]   m_axi_wdata;
  logic [DataBits/8-1:0] m_axi_wstrb;

  spmma_gemm #(
      .Rows      (Rows),
      .Cols      (Cols),
      .StepBytes (StepBytes),
      .FracBits  (FracBits),
      .Formats   (Formats),
      .Sparse    (Sparse),
      .Pipe      (Pipe),
      .DataBits  (DataBits),
      .BlockRows (BlockRows),
      .BlockBytes(BlockBytes),
      .KBytes    (KBytes),
      .CStrips   (CStrips),
      .DStrips   (DStrips)
  ) u_gemm (
      .clk_i,
      .rst_ni,
      .irq_o(irq),
      .s_axil_awvalid,
      .s_axil_awready,
      .s_axil_awaddr,
      .s_axil_awprot,
      .s_axil_wvalid,
      .s_axil_wready,
      .s_axil_wdata,
      .s_axil_wstrb,
      .s_axil_bvalid,
      .s_axil_bready,
      .s_axil_bresp,
      .s_axil_arvalid,
      .s_axil_arready,
      .s_axil_araddr,
      .s_axil_arprot,
      .s_axil_rvalid,
      .s_axil_rready,
      .s_axil_rdata,
      .s_axil_rresp,
      .m_axi_arvalid,
      .m_axi_arready,
      .m_axi_arid,
      .m_axi_araddr,
      .m_axi_arlen,
      .m_axi_arsize,
      .m_axi_arburst,
      .m_axi_arlock,
      .m_axi_arcache,
      .m_axi_arprot,
      .m_axi_arqos,
      .m_axi_rvalid,
      .m_axi_rready,
      .m_axi_rid,
      .m_axi_rdata,
      .m_axi_rresp,
      .m_axi_rlast,
      .m_axi_awvalid,
      .m_axi_awready,
      .m_axi_awid,
      .m_axi_awaddr,
      .m_axi_awlen,
      .m_axi_awsize,
      .m_axi_awburst,
      .m_axi_awlock,
      .m_axi_awcache,
      .m_axi_awprot,
      .m_axi_awqos,
      .m_axi_wvalid,
      .m_axi_wready,
      .m_axi_wdata,
      .m_axi_wstrb,
      .m_axi_wlast,
      .m_axi_bvalid,
      .m_axi_bready,
      .m_axi_bid,
      .m_axi_bresp
  );

  // Runs begin in reset, and may return to it.
  logic begun_q = 1'b0;
  always_ff @(posedge clk_i) begun_q <= 1'b1;
  always_comb assume (begun_q || !rst_ni);

  // u_regs
  logic regs_clk_i, regs_rst_ni, regs_awvalid_i, regs_awready_o, regs_wvalid_i, regs_wready_o, regs_bvalid_o, regs_bready_i,
        regs_arvalid_i, regs_arready_o, regs_rvalid_o, regs_rready_i, regs_start_o, regs_abort_o, regs_irq_o, regs_busy_i,
        regs_queued_i, regs_done_i, regs_error_i;
  logic [11:0] regs_awaddr_i, regs_araddr_i;
  logic [31:0] regs_wdata_i, regs_rdata_o;
  logic [3:0] regs_wstrb_i;
  logic [1:0] regs_bresp_o, regs_rresp_o;
  logic [JobW-1:0] regs_job_o;
  logic [63:0] regs_win_rd_base_o, regs_win_rd_limit_o, regs_win_wr_base_o, regs_win_wr_limit_o;
  logic [47:0] regs_meta_count_i;
  logic [7:0] regs_error_code_i;
  logic [2:0] regs_error_operand_i;
  logic [SizeW-1:0] regs_error_entry_i, regs_error_row_i, regs_error_group_i, regs_meta_entry_i, regs_meta_row_i,
                    regs_meta_group_i;
  logic [CountsW-1:0] regs_counts_i;
  // u_jobs
  logic jobs_clk_i, jobs_rst_ni, jobs_start_i, jobs_abort_i, jobs_busy_o, jobs_queued_o, jobs_job_valid_o, jobs_job_slot_o,
        jobs_job_taken_i, jobs_reader_idle_i, jobs_job_done_i, jobs_reader_quiet_i, jobs_writer_quiet_i, jobs_halt_o,
        jobs_clear_o, jobs_reader_error_i, jobs_reader_error_slot_i, jobs_shifter_error_i, jobs_shifter_error_slot_i,
        jobs_writer_error_i, jobs_writer_error_slot_i, jobs_illegal_slot_i, jobs_read_i, jobs_read_slot_i, jobs_step_i,
        jobs_steps_end_i, jobs_write_beat_i, jobs_held_ar_i, jobs_held_aw_i, jobs_held_w_i, jobs_done_o, jobs_error_o;
  logic [JobW-1:0] jobs_job_i, jobs_job_o;
  logic [spmma_gemm_pkg::ReaderErrorW-1:0] jobs_reader_error_info_i;
  logic [spmma_gemm_pkg::ShifterErrorW-1:0] jobs_shifter_error_info_i;
  logic [spmma_gemm_pkg::WriterErrorW-1:0] jobs_writer_error_info_i;
  logic [ErrorW-1:0] jobs_error_info_o;
  logic [8:0] jobs_illegal_count_i, jobs_read_beats_i;
  logic [PosW-1:0] jobs_illegal_first_i, jobs_meta_first_o;
  logic [12:0] jobs_read_bytes_i;
  logic [7:0] jobs_step_rows_i, jobs_step_cols_i, jobs_step_len_i;
  logic [Stalls-1:0] jobs_stall_i;
  logic [11:0] jobs_write_bytes_i;
  logic [47:0] jobs_meta_count_o;
  logic [CountsW-1:0] jobs_counts_o;
  // u_reader
  logic reader_clk_i, reader_rst_ni, reader_halt_i, reader_job_valid_i, reader_job_slot_i, reader_job_ready_o, reader_idle_o,
        reader_error_valid_o, reader_error_slot_o, reader_plan_push_o, reader_plan_pop_i, reader_block_push_o,
        reader_block_pop_i, reader_ar_valid_o, reader_ar_ready_i, reader_read_push_o, reader_read_last_i, reader_quiet_o;
  logic [JobW-1:0] reader_job_i;
  logic [63:0] reader_win_base_i, reader_win_limit_i, reader_ar_addr_o;
  logic [spmma_gemm_pkg::ReaderErrorW-1:0] reader_error_o;
  logic [PlanW-1:0] reader_plan_o;
  logic [BlockW-1:0] reader_block_o;
  logic [TallyW-1:0] reader_a_freed_i, reader_b_freed_i, reader_c_freed_i;
  logic [7:0] reader_ar_len_o;
  logic [ReadW-1:0] reader_read_o;
  logic [12:0] reader_bytes_o;
  logic [8:0] reader_beats_o;
  // u_plans
  logic plans_clk_i, plans_rst_ni, plans_push_i, plans_valid_o, plans_ready_i;
  logic [PlanW-1:0] plans_data_i, plans_data_o;
  // u_blocks
  logic blocks_clk_i, blocks_rst_ni, blocks_push_i, blocks_valid_o, blocks_ready_i;
  logic [BlockW-1:0] blocks_data_i, blocks_data_o;
  // u_shifter
  logic shifter_clk_i, shifter_rst_ni, shifter_read_push_i, shifter_r_valid_i, shifter_r_ready_o, shifter_r_last_i,
        shifter_last_o, shifter_word_valid_o, shifter_error_valid_o, shifter_error_slot_o;
  logic [ReadW-1:0] shifter_read_i, shifter_word_read_o;
  logic [DataBits-1:0] shifter_r_data_i, shifter_word_o;
  logic [1:0] shifter_r_resp_i;
  logic [4:0] shifter_word_index_o;
  logic [TallyW-1:0] shifter_a_loaded_o, shifter_e_loaded_o, shifter_b_loaded_o, shifter_c_loaded_o;
  logic [8:0] shifter_illegal_count_o;
  logic [PosW-1:0] shifter_illegal_first_o;
  logic [spmma_gemm_pkg::ShifterErrorW-1:0] shifter_error_o;
  // u_sequencer
  logic sequencer_clk_i, sequencer_rst_ni, sequencer_plan_valid_i, sequencer_plan_pop_o, sequencer_core_empty_i,
        sequencer_step_valid_o, sequencer_run_start_o, sequencer_run_end_o, sequencer_first_o, sequencer_last_o,
        sequencer_half_o, sequencer_job_end_o;
  logic [PlanW-1:0] sequencer_plan_i;
  logic [TallyW-1:0] sequencer_a_loaded_i, sequencer_e_loaded_i, sequencer_b_loaded_i, sequencer_c_loaded_i, sequencer_d_freed_i,
                     sequencer_a_freed_o, sequencer_b_freed_o, sequencer_c_freed_o;
  logic [7:0] sequencer_a_ring_o, sequencer_c_ring_o, sequencer_step_o, sequencer_tile_o, sequencer_len_o, sequencer_rows_o,
              sequencer_cols_o;
  logic [SlotW-1:0] sequencer_slot_o;
  logic [Stalls-1:0] sequencer_stall_o;
  // u_operands
  logic operands_clk_i, operands_word_valid_i, operands_step_valid_i, operands_run_start_i, operands_first_i, operands_has_c_i,
        operands_acc16_i, operands_sparse_i, operands_half_i;
  logic [ReadW-1:0] operands_word_read_i;
  logic [4:0] operands_word_index_i;
  logic [DataBits-1:0] operands_word_i;
  logic [1:0] operands_log_a_i;
  logic [7:0] operands_a_ring_i, operands_c_ring_i, operands_step_i, operands_tile_i;
  logic [AW-1:0] operands_a_o;
  logic [MetaW-1:0] operands_meta_o;
  logic [BW-1:0] operands_b_o;
  logic [TileW-1:0] operands_c_o;
  // u_core
  logic core_clk_i, core_rst_ni, core_in_valid_i, core_in_acc_f16_i, core_in_saturate_i, core_in_sparse_i, core_in_meta_any_i,
        core_in_first_i, core_in_last_i, core_out_valid_o, core_out_ready_i;
  logic [AW-1:0] core_in_a_i;
  logic [MetaW-1:0] core_in_meta_i;
  logic [BW-1:0] core_in_b_i;
  logic [TileW-1:0] core_in_c_i, core_out_d_o;
  logic [2:0] core_in_fmt_a_i, core_in_fmt_b_i;
  logic [LenW-1:0] core_in_len_i;
  logic [SlotW-1:0] core_in_slot_i;
  // u_tags
  logic tags_clk_i, tags_rst_ni, tags_push_i, tags_ready_i;
  logic [9:0] tags_data_i, tags_data_o;
  // u_results
  logic results_clk_i, results_rst_ni, results_tile_valid_i, results_acc16_i, results_strip_end_i, results_rd_en_i;
  logic [TileW-1:0] results_tile_i;
  logic [7:0] results_tile_index_i, results_rd_ring_i, results_rd_row_i;
  logic [TallyW-1:0] results_filled_o;
  logic [4:0] results_rd_word_i;
  logic [DataBits-1:0] results_rd_data_o;
  // u_writer
  logic writer_clk_i, writer_rst_ni, writer_halt_i, writer_block_valid_i, writer_block_pop_o, writer_job_done_o,
        writer_error_valid_o, writer_error_slot_o, writer_rd_en_o, writer_aw_valid_o, writer_aw_ready_i, writer_w_valid_o,
        writer_w_ready_i, writer_w_last_o, writer_b_valid_i, writer_b_ready_o, writer_quiet_o, writer_beat_o;
  logic [BlockW-1:0] writer_block_i;
  logic [63:0] writer_win_base_i, writer_win_limit_i, writer_aw_addr_o;
  logic [spmma_gemm_pkg::WriterErrorW-1:0] writer_error_o;
  logic [TallyW-1:0] writer_filled_i, writer_freed_o;
  logic [7:0] writer_rd_ring_o, writer_rd_row_o, writer_aw_len_o;
  logic [4:0] writer_rd_word_o;
  logic [DataBits-1:0] writer_rd_data_i, writer_w_data_o;
  logic [DataBits/8-1:0] writer_w_strb_o;
  logic [1:0] writer_b_resp_i;
  logic [11:0] writer_bytes_o;

  // ---------------------------------------------------------------- clock and reset

  // The registers and the jobs outlive the end of a failed job; whatever works on it is reset then.
  logic run_n;
  assign run_n = rst_ni && !jobs_clear_o;

  always_comb begin
    assert (regs_clk_i == clk_i && jobs_clk_i == clk_i && reader_clk_i == clk_i && plans_clk_i == clk_i);
    assert (blocks_clk_i == clk_i && shifter_clk_i == clk_i && sequencer_clk_i == clk_i && operands_clk_i == clk_i);
    assert (core_clk_i == clk_i && tags_clk_i == clk_i && results_clk_i == clk_i && writer_clk_i == clk_i);
    assert (regs_rst_ni == rst_ni && jobs_rst_ni == rst_ni);
    assert (reader_rst_ni == run_n && plans_rst_ni == run_n && blocks_rst_ni == run_n && shifter_rst_ni == run_n);
    assert (sequencer_rst_ni == run_n && core_rst_ni == run_n && tags_rst_ni == run_n);
    assert (results_rst_ni == run_n && writer_rst_ni == run_n);
  end

  // ---------------------------------------------------------------- registers

  always_comb begin
    assert (irq == regs_irq_o);
    assert (regs_awvalid_i == s_axil_awvalid && s_axil_awready == regs_awready_o && regs_awaddr_i == s_axil_awaddr);
    assert (regs_wvalid_i == s_axil_wvalid && s_axil_wready == regs_wready_o);
    assert (regs_wdata_i == s_axil_wdata && regs_wstrb_i == s_axil_wstrb);
    assert (s_axil_bvalid == regs_bvalid_o && regs_bready_i == s_axil_bready && s_axil_bresp == regs_bresp_o);
    assert (regs_arvalid_i == s_axil_arvalid && s_axil_arready == regs_arready_o && regs_araddr_i == s_axil_araddr);
    assert (s_axil_rvalid == regs_rvalid_o && regs_rready_i == s_axil_rready);
    assert (s_axil_rdata == regs_rdata_o && s_axil_rresp == regs_rresp_o);

    assert (regs_busy_i == jobs_busy_o && regs_queued_i == jobs_queued_o);
    assert (regs_done_i == jobs_done_o && regs_error_i == jobs_error_o);
    assert ({regs_error_code_i, regs_error_operand_i, regs_error_entry_i, regs_error_row_i,
             regs_error_group_i} == {4'd0, jobs_error_info_o});
    assert (regs_meta_count_i == jobs_meta_count_o);
    assert ({regs_meta_entry_i, regs_meta_row_i, regs_meta_group_i} == jobs_meta_first_o);
    assert (regs_counts_i == jobs_counts_o);
  end

  // ---------------------------------------------------------------- jobs

  always_comb begin
    assert (jobs_start_i == regs_start_o && jobs_abort_i == regs_abort_o && jobs_job_i == regs_job_o);
    assert (jobs_job_taken_i == reader_job_ready_o && jobs_reader_idle_i == reader_idle_o);
    assert (jobs_job_done_i == writer_job_done_o);
    assert (jobs_reader_quiet_i == reader_quiet_o && jobs_writer_quiet_i == writer_quiet_o);

    assert (jobs_reader_error_i == reader_error_valid_o && jobs_reader_error_slot_i == reader_error_slot_o);
    assert (jobs_reader_error_info_i == reader_error_o);
    assert (jobs_shifter_error_i == shifter_error_valid_o && jobs_shifter_error_slot_i == shifter_error_slot_o);
    assert (jobs_shifter_error_info_i == shifter_error_o);
    assert (jobs_writer_error_i == writer_error_valid_o && jobs_writer_error_slot_i == writer_error_slot_o);
    assert (jobs_writer_error_info_i == writer_error_o);
    assert (jobs_illegal_count_i == shifter_illegal_count_o && jobs_illegal_first_i == shifter_illegal_first_o);
    assert (jobs_illegal_slot_i == shifter_word_read_o[spmma_gemm_pkg::ReadSlot]);

    assert (jobs_read_i == reader_read_push_o && jobs_read_slot_i == jobs_job_slot_o);
    assert (jobs_read_bytes_i == reader_bytes_o && jobs_read_beats_i == reader_beats_o);
    assert (jobs_step_i == sequencer_step_valid_o && jobs_step_len_i == sequencer_len_o);
    assert (jobs_step_rows_i == sequencer_rows_o && jobs_step_cols_i == sequencer_cols_o);
    assert (jobs_stall_i == sequencer_stall_o && jobs_steps_end_i == sequencer_job_end_o);
    assert (jobs_write_beat_i == writer_beat_o && jobs_write_bytes_i == writer_bytes_o);
    assert (jobs_held_ar_i == (reader_ar_valid_o && !m_axi_arready));
    assert (jobs_held_aw_i == (writer_aw_valid_o && !m_axi_awready));
    assert (jobs_held_w_i == (writer_w_valid_o && !m_axi_wready));
  end

  // ---------------------------------------------------------------- reads

  always_comb begin
    assert (reader_halt_i == jobs_halt_o);
    assert (reader_job_valid_i == jobs_job_valid_o && reader_job_slot_i == jobs_job_slot_o && reader_job_i == jobs_job_o);
    assert (reader_win_base_i == regs_win_rd_base_o && reader_win_limit_i == regs_win_rd_limit_o);
    assert (reader_plan_pop_i == sequencer_plan_pop_o && reader_block_pop_i == writer_block_pop_o);
    assert (reader_a_freed_i == sequencer_a_freed_o && reader_b_freed_i == sequencer_b_freed_o);
    assert (reader_c_freed_i == sequencer_c_freed_o);
    assert (reader_ar_ready_i == m_axi_arready && reader_read_last_i == shifter_last_o);

    assert (plans_push_i == reader_plan_push_o && plans_data_i == reader_plan_o && plans_ready_i == sequencer_plan_pop_o);
    assert (blocks_push_i == reader_block_push_o && blocks_data_i == reader_block_o && blocks_ready_i == writer_block_pop_o);

    assert (shifter_read_push_i == reader_read_push_o && shifter_read_i == reader_read_o);
    assert (shifter_r_valid_i == m_axi_rvalid && shifter_r_data_i == m_axi_rdata);
    assert (shifter_r_resp_i == m_axi_rresp && shifter_r_last_i == m_axi_rlast);

    assert (m_axi_arvalid == reader_ar_valid_o && m_axi_araddr == reader_ar_addr_o && m_axi_arlen == reader_ar_len_o);
    assert (m_axi_rready == shifter_r_ready_o);
    // One id, ascending bursts of whole beats, an ordinary access to memory that may be buffered and changed on its way.
    assert (m_axi_arid == 4'd0 && m_axi_arburst == 2'd1 && DataBits == 8 << m_axi_arsize);
    assert (!m_axi_arlock && m_axi_arcache == 4'd3 && m_axi_arprot == 3'd0 && m_axi_arqos == 4'd0);
  end

  // ---------------------------------------------------------------- the K block at hand

  logic [2:0] fmt_a, fmt_b;
  logic       copy, has_c, acc16, saturate, sparse, any;
  assign fmt_a = plans_data_o[spmma_gemm_pkg::PlanFmtA+:3];
  assign fmt_b = plans_data_o[spmma_gemm_pkg::PlanFmtB+:3];
  assign copy = plans_data_o[spmma_gemm_pkg::PlanCopy];
  assign has_c = plans_data_o[spmma_gemm_pkg::PlanHasC];
  assign acc16 = plans_data_o[spmma_gemm_pkg::PlanAcc16];
  assign saturate = plans_data_o[spmma_gemm_pkg::PlanSaturate];
  assign sparse = plans_data_o[spmma_gemm_pkg::PlanSparse];
  assign any = plans_data_o[spmma_gemm_pkg::PlanAny];

  always_comb begin
    assert (sequencer_plan_valid_i == plans_valid_o && sequencer_plan_i == plans_data_o);
    assert (sequencer_a_loaded_i == shifter_a_loaded_o && sequencer_e_loaded_i == shifter_e_loaded_o);
    assert (sequencer_b_loaded_i == shifter_b_loaded_o && sequencer_c_loaded_i == shifter_c_loaded_o);
    assert (sequencer_d_freed_i == writer_freed_o);

    assert (operands_word_valid_i == shifter_word_valid_o && operands_word_read_i == shifter_word_read_o);
    assert (operands_word_index_i == shifter_word_index_o && operands_word_i == shifter_word_o);
    assert (operands_step_valid_i == sequencer_step_valid_o && operands_run_start_i == sequencer_run_start_o);
    assert (operands_first_i == sequencer_first_o && operands_half_i == sequencer_half_o);
    assert (operands_a_ring_i == sequencer_a_ring_o && operands_c_ring_i == sequencer_c_ring_o);
    assert (operands_step_i == sequencer_step_o && operands_tile_i == sequencer_tile_o);
    assert (operands_has_c_i == has_c && operands_acc16_i == acc16 && operands_sparse_i == sparse);
    // Elements of four bytes in TF32, of two in FP16 and BF16, of one in the others; there is no format 7.
    if (fmt_a != 3'd7) begin
      assert ((3'd1 << operands_log_a_i) == ((fmt_a == 3'd4) ? 3'd4 : (fmt_a == 3'd2 || fmt_a == 3'd3) ? 3'd2 : 3'd1));
    end
  end

  // ---------------------------------------------------------------- a step on its way to the core

  // Of the step before (1) and of the one before that (2): whether there was one and it still counts, and all that was said of it.
  logic             step1_q, step2_q, copy1_q, copy2_q, acc1_q, acc2_q, saturate1_q, saturate2_q, sparse1_q, sparse2_q;
  logic             any1_q, any2_q, first1_q, first2_q, last1_q, last2_q, end1_q, end2_q;
  logic [2:0]       fmt_a1_q, fmt_a2_q, fmt_b1_q, fmt_b2_q;
  logic [7:0]       tile1_q, tile2_q, len1_q, len2_q;
  logic [SlotW-1:0] slot1_q, slot2_q;

  always_ff @(posedge clk_i) begin
    step1_q <= run_n && sequencer_step_valid_o;
    step2_q <= run_n && step1_q;
    {copy2_q, copy1_q} <= {copy1_q, copy};
    {acc2_q, acc1_q} <= {acc1_q, acc16};
    {saturate2_q, saturate1_q} <= {saturate1_q, saturate};
    {sparse2_q, sparse1_q} <= {sparse1_q, sparse};
    {any2_q, any1_q} <= {any1_q, any};
    {fmt_a2_q, fmt_a1_q} <= {fmt_a1_q, fmt_a};
    {fmt_b2_q, fmt_b1_q} <= {fmt_b1_q, fmt_b};
    {first2_q, first1_q} <= {first1_q, sequencer_first_o};
    {last2_q, last1_q} <= {last1_q, sequencer_last_o};
    {end2_q, end1_q} <= {end1_q, sequencer_run_end_o};
    {tile2_q, tile1_q} <= {tile1_q, sequencer_tile_o};
    {len2_q, len1_q} <= {len1_q, sequencer_len_o};
    {slot2_q, slot1_q} <= {slot1_q, sequencer_slot_o};
  end

  // The operands come as late as this by themselves.
  always_comb begin
    assert (core_in_a_i == operands_a_o && core_in_meta_i == operands_meta_o);
    assert (core_in_b_i == operands_b_o && core_in_c_i == operands_c_o);
    assert (core_out_ready_i);
    if (begun_q) begin
      assert (core_in_valid_i == (step2_q && !copy2_q));
      if (core_in_valid_i) begin
        assert (core_in_fmt_a_i == fmt_a2_q && core_in_fmt_b_i == fmt_b2_q);
        assert (core_in_acc_f16_i == acc2_q && core_in_saturate_i == saturate2_q);
        assert (core_in_sparse_i == sparse2_q && core_in_meta_any_i == any2_q);
        assert (core_in_first_i == first2_q && core_in_last_i == last2_q && core_in_slot_i == slot2_q);
        assert (core_in_len_i == len2_q[LenW-1:0]);
      end
    end
  end

  // ---------------------------------------------------------------- whose the core's tiles are

  // Tiles given to the core and taken from it since the reset; their difference is all that counts.
  logic [5:0] given_q, taken_q, under_way, watch_tags;
  logic       give;
  assign give = sequencer_step_valid_o && sequencer_last_o && !copy;
  assign under_way = given_q - taken_q;

  // What comes out of the core went in, and no more is in it than the tags have room for.
  always_comb begin
    if (begun_q && run_n) begin
      assume (!core_out_valid_o || under_way != '0);
      assume (!give || core_out_valid_o || under_way < 6'(Tags));
    end
  end

  always_ff @(posedge clk_i) begin
    if (!run_n) begin
      given_q <= '0;
      taken_q <= '0;
    end else begin
      if (give) given_q <= given_q + 6'd1;
      if (core_out_valid_o) taken_q <= taken_q + 6'd1;
    end
  end

  always_comb begin
    assert (tags_push_i == give && tags_ready_i == core_out_valid_o);
    assert (tags_data_i == {sequencer_run_end_o, acc16, sequencer_tile_o});
    if (begun_q) begin
      assert (sequencer_core_empty_i == (given_q == taken_q));
      assert (watch_tags == under_way && under_way <= 6'(Tags));  // for the induction
    end
  end

  // ---------------------------------------------------------------- finished tiles

  // With K = 0 a tile is C's, or zeros, and comes from the operands. Never does one come from either side in one cycle.
  logic pass;
  assign pass = step2_q && copy2_q;

  always_comb begin
    if (begun_q) begin
      assert (results_tile_valid_i == (core_out_valid_o || pass));
      if (core_out_valid_o && !pass) begin
        assert (results_tile_i == core_out_d_o);
        assert ({results_strip_end_i, results_acc16_i, results_tile_index_i} == tags_data_o);
      end
      if (pass && !core_out_valid_o) begin
        assert (results_tile_i == operands_c_o);
        assert (results_strip_end_i == end2_q && results_acc16_i == acc2_q && results_tile_index_i == tile2_q);
      end
    end
    assert (results_rd_en_i == writer_rd_en_o && results_rd_ring_i == writer_rd_ring_o);
    assert (results_rd_row_i == writer_rd_row_o && results_rd_word_i == writer_rd_word_o);
  end

  // ---------------------------------------------------------------- writes

  always_comb begin
    assert (writer_halt_i == jobs_halt_o);
    assert (writer_block_valid_i == blocks_valid_o && writer_block_i == blocks_data_o);
    assert (writer_win_base_i == regs_win_wr_base_o && writer_win_limit_i == regs_win_wr_limit_o);
    assert (writer_filled_i == results_filled_o && writer_rd_data_i == results_rd_data_o);
    assert (writer_aw_ready_i == m_axi_awready && writer_w_ready_i == m_axi_wready);
    assert (writer_b_valid_i == m_axi_bvalid && writer_b_resp_i == m_axi_bresp);

    assert (m_axi_awvalid == writer_aw_valid_o && m_axi_awaddr == writer_aw_addr_o && m_axi_awlen == writer_aw_len_o);
    assert (m_axi_wvalid == writer_w_valid_o && m_axi_wdata == writer_w_data_o);
    assert (m_axi_wstrb == writer_w_strb_o && m_axi_wlast == writer_w_last_o);
    assert (m_axi_bready == writer_b_ready_o);
    assert (m_axi_awid == 4'd0 && m_axi_awburst == 2'd1 && DataBits == 8 << m_axi_awsize);
    assert (!m_axi_awlock && m_axi_awcache == 4'd3 && m_axi_awprot == 3'd0 && m_axi_awqos == 4'd0);
  end

endmodule
