// SPDX-License-Identifier: Apache-2.0
#include "regs_model.h"

#include <verilated.h>

#include <climits>
#include <typeinfo>
#include <utility>

#include "Vspmma_regs_128.h"
#include "Vspmma_regs_512.h"
#include "coverage/model_coverage.h"

namespace spmma::verif {
namespace {

template <class V>
class VerilatedRegs final : public RegsModel {
 public:
  VerilatedRegs() {
    context_.randReset(VM_COVERAGE != 0 ? 0 : 2);
    context_.fatalOnError(false);
    context_.errorLimit(INT_MAX);
    top_ = std::make_unique<V>(&context_);
    top_->clk_i = 0;
  }
  ~VerilatedRegs() override {
    Verilated::threadContextp(&context_);
    top_->final();
    if constexpr (VM_COVERAGE != 0) collect_model(context_, {}, "spmma_regs.sv", typeid(V));
    top_.reset();
  }

  RegsOutputs cycle(const RegsInputs& in) override {
    drive(in);
    clock(false);
    const RegsOutputs out = sample();
    clock(true);
    return out;
  }
  int assertion_failures() const override { return context_.errorCount(); }

 private:
  void clock(bool level) {
    Verilated::threadContextp(&context_);
    if constexpr (VM_COVERAGE != 0) {
      if (level && top_->rst_ni && !std::exchange(counting_, true)) restart_coverage(context_, true);
    }
    top_->clk_i = level;
    top_->eval();
    context_.timeInc(1);
  }

  void drive(const RegsInputs& in) {
    top_->rst_ni = !in.reset;
    top_->awvalid_i = in.awvalid;
    top_->awaddr_i = static_cast<SData>(in.awaddr);
    top_->wvalid_i = in.wvalid;
    top_->wdata_i = in.wdata;
    top_->wstrb_i = static_cast<CData>(in.wstrb);
    top_->bready_i = in.bready;
    top_->arvalid_i = in.arvalid;
    top_->araddr_i = static_cast<SData>(in.araddr);
    top_->rready_i = in.rready;
    top_->busy_i = in.busy;
    top_->queued_i = in.queued;
    top_->done_i = in.done;
    top_->error_i = in.error;
    top_->error_code_i = static_cast<CData>(in.error_code);
    top_->error_operand_i = static_cast<CData>(in.error_operand);
    top_->error_entry_i = in.error_entry;
    top_->error_row_i = in.error_row;
    top_->error_group_i = in.error_group;
    top_->meta_count_i = in.meta_count;
    top_->meta_entry_i = in.meta_entry;
    top_->meta_row_i = in.meta_row;
    top_->meta_group_i = in.meta_group;
    for (std::size_t i = 0; i < in.counts.size(); ++i) {
      top_->counts_i[2 * i] = static_cast<EData>(in.counts[i]);
      top_->counts_i[2 * i + 1] = static_cast<EData>(in.counts[i] >> 32);
    }
  }

  RegsOutputs sample() const {
    RegsOutputs out{
        .awready = top_->awready_o != 0,
        .wready = top_->wready_o != 0,
        .bvalid = top_->bvalid_o != 0,
        .bresp = top_->bresp_o,
        .arready = top_->arready_o != 0,
        .rvalid = top_->rvalid_o != 0,
        .rdata = top_->rdata_o,
        .rresp = top_->rresp_o,
        .start = top_->start_o != 0,
        .abort = top_->abort_o != 0,
        .irq = top_->irq_o != 0,
        .win_rd_base = top_->win_rd_base_o,
        .win_rd_limit = top_->win_rd_limit_o,
        .win_wr_base = top_->win_wr_base_o,
        .win_wr_limit = top_->win_wr_limit_o,
        .job = {},
    };
    for (std::size_t i = 0; i < out.job.size(); ++i) out.job[i] = (top_->job_o[i / 32] >> (i % 32) & 1) != 0;
    return out;
  }

  bool counting_ = false;  ///< coverage: the first reset has ended
  VerilatedContext context_;
  std::unique_ptr<V> top_;
};

}  // namespace

std::unique_ptr<RegsModel> make_regs_model(int data_bits) {
  if (data_bits == 128) return std::make_unique<VerilatedRegs<Vspmma_regs_128>>();
  return std::make_unique<VerilatedRegs<Vspmma_regs_512>>();
}

std::span<const RegsParameter> regs_parameters() {
  static constexpr RegsParameter kParameters[] = {
#define SPMMA_PARAMETER(name, value) {#name, value},
#include "regs_parameters.inc"
#undef SPMMA_PARAMETER
  };
  return kParameters;
}

}  // namespace spmma::verif
