// SPDX-License-Identifier: Apache-2.0
#include "regs_bench.h"

namespace spmma::verif {
namespace {

void compare(const RegsOutputs& got, const RegsOutputs& expected) {
  EXPECT_EQ(got.awready, expected.awready);
  EXPECT_EQ(got.wready, expected.wready);
  EXPECT_EQ(got.bvalid, expected.bvalid);
  if (expected.bvalid) {
    EXPECT_EQ(got.bresp, expected.bresp);
  }
  EXPECT_EQ(got.arready, expected.arready);
  EXPECT_EQ(got.rvalid, expected.rvalid);
  if (expected.rvalid) {
    EXPECT_EQ(got.rdata, expected.rdata);
    EXPECT_EQ(got.rresp, expected.rresp);
  }
  EXPECT_EQ(got.start, expected.start);
  EXPECT_EQ(got.abort, expected.abort);
  EXPECT_EQ(got.irq, expected.irq);
  EXPECT_EQ(got.win_rd_base, expected.win_rd_base);
  EXPECT_EQ(got.win_rd_limit, expected.win_rd_limit);
  EXPECT_EQ(got.win_wr_base, expected.win_wr_base);
  EXPECT_EQ(got.win_wr_limit, expected.win_wr_limit);
  EXPECT_EQ(got.job, expected.job);
}

}  // namespace

RegsBench::RegsBench() : model(make_regs_model(GetParam())), reference(GetParam()) {
  in.reset = true;
  model->cycle(in);  // nothing is known before the first edge
  reset();
}

void RegsBench::TearDown() { EXPECT_EQ(model->assertion_failures(), 0); }

RegsOutputs RegsBench::cycle() {
  const RegsOutputs out = model->cycle(in);
  compare(out, reference.outputs(in));
  reference.rise(in);
  return out;
}

void RegsBench::reset() {
  in.reset = true;
  in.awvalid = in.wvalid = in.arvalid = false;
  cycle();
  in.reset = false;
}

RegsBench::ReadResult RegsBench::read(std::uint32_t offset) {
  in.arvalid = true;
  in.araddr = offset;
  in.rready = true;
  EXPECT_TRUE(cycle().arready);
  in.arvalid = false;
  const RegsOutputs out = cycle();
  EXPECT_TRUE(out.rvalid);
  in.rready = false;
  return {out.rdata, out.rresp};
}

std::uint32_t RegsBench::write(std::uint32_t offset, std::uint32_t data, std::uint32_t strobes) {
  in.awvalid = in.wvalid = true;
  in.awaddr = offset;
  in.wdata = data;
  in.wstrb = strobes;
  in.bready = true;
  const RegsOutputs taken = cycle();
  EXPECT_TRUE(taken.awready && taken.wready);
  in.awvalid = in.wvalid = false;
  const RegsOutputs out = cycle();
  EXPECT_TRUE(out.bvalid);
  in.bready = false;
  return out.bresp;
}

std::uint32_t RegsBench::value(std::uint32_t offset) {
  const ReadResult result = read(offset);
  EXPECT_EQ(result.response, kOkay);
  return result.data;
}

void RegsBench::end_job(bool error) {
  in.done = true;
  in.error = error;
  cycle();
  in.done = in.error = false;
}

}  // namespace spmma::verif
