// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "command.h"
#include "spmma/gemm_timing.h"

namespace spmma::test {
namespace {

using nlohmann::json;

class ModelTest : public CommandTest {
 protected:
  json report(const std::string& arguments) {
    const Outcome outcome = run("model " + arguments + " --report r.json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    text_ = outcome.out;
    return json::parse(contents("r.json"));
  }
  std::string text_;  ///< what the last report's call printed
};

GemmCycles expected(const char* preset, Format f, bool sparse, std::int64_t m, std::int64_t n, std::int64_t k,
                    MemoryTiming memory, bool has_c = false, std::int64_t batch = 1) {
  GemmTimingJob job;
  job.a_format = job.b_format = f;
  job.acc = default_acc(f);
  job.sparse = sparse;
  job.has_c = has_c;
  job.m = m;
  job.n = n;
  job.k = k;
  job.batch = batch;
  gemm_default_layout(job, find_preset(preset)->gemm.data_bytes());
  return gemm_cycles(*find_preset(preset), job, memory);
}

TEST_F(ModelTest, OneMode) {
  const json r =
      report("--format int8 --m 100 --n 70 --k 64 --batch 3 --sparse --c --memory-latency 7 --memory-bandwidth 9");
  const GemmCycles x = expected("ampere", Format::int8, true, 100, 70, 64, {7, 9}, true, 3);
  EXPECT_EQ(r.at("format"), "int8");
  EXPECT_EQ(r.at("acc"), "s32");
  EXPECT_EQ(r.at("mode"), "sparse");
  EXPECT_EQ(r.at("preset"), "ampere");
  EXPECT_EQ(r.at("m"), 100);
  EXPECT_EQ(r.at("n"), 70);
  EXPECT_EQ(r.at("k"), 64);
  EXPECT_EQ(r.at("batch"), 3);
  EXPECT_EQ(r.at("cycles_model"), x.cycles);
  EXPECT_EQ(r.at("macs"), 3 * 100 * 70 * 64);
  EXPECT_EQ(r.at("bytes_read"), x.bytes_read);
  EXPECT_EQ(r.at("bytes_written"), x.bytes_written);
  EXPECT_EQ(r.at("stall_cycles").at("metadata"), x.stalls.metadata);
  EXPECT_EQ(r.at("memory").at("bandwidth"), 9);
  EXPECT_EQ(r.at("parameters").at("DataBits"), 512);
  EXPECT_DOUBLE_EQ(r.at("utilisation"), 3.0 * 100 * 70 * 64 / (static_cast<double>(x.cycles) * 8 * 4 * 16 * 2));
  EXPECT_NE(text_.find(std::to_string(x.cycles)), std::string::npos) << text_;
  EXPECT_EQ(text_.find("dense"), std::string::npos) << text_;
}

TEST_F(ModelTest, BothModes) {
  const json r = report("--format fp16 --m 512 --n 512 --k 512");
  const GemmCycles dense = expected("ampere", Format::fp16, false, 512, 512, 512, {});
  const GemmCycles sparse = expected("ampere", Format::fp16, true, 512, 512, 512, {});
  EXPECT_EQ(r.at("dense").at("cycles"), dense.cycles);
  EXPECT_EQ(r.at("sparse").at("cycles"), sparse.cycles);
  EXPECT_DOUBLE_EQ(r.at("speedup"), static_cast<double>(dense.cycles) / static_cast<double>(sparse.cycles));
  EXPECT_EQ(r.at("pays"), "yes");
  EXPECT_EQ(r.at("sparse").at("bound"), "compute");
  EXPECT_NE(text_.find("2:4 pays: yes"), std::string::npos) << text_;
}

TEST_F(ModelTest, WithoutSparseSupportOnlyDense) {
  const json r = report("--format fp16 --preset volta --m 64 --n 64 --k 62");
  EXPECT_EQ(r.at("mode"), "dense");
  EXPECT_EQ(report("--format fp16 --m 64 --n 64 --k 62").at("mode"), "dense");
}

TEST_F(ModelTest, Bounds) {
  const auto bound = [&](const std::string& flags) { return report("--format int8 --dense " + flags).at("bound"); };
  EXPECT_EQ(bound("--m 512 --n 512 --k 512"), "compute");
  EXPECT_EQ(bound("--m 8 --n 4096 --k 4096"), "read bandwidth");
  EXPECT_EQ(bound("--m 1024 --n 1024 --k 4"), "write bandwidth");
  EXPECT_EQ(bound("--m 1 --n 1 --k 4"), "latency");
}

TEST_F(ModelTest, Layers) {
  write("layers.csv", "Name, M, N, K\r\n\r\n\"up, first\",256,64,128\ndown,64,64,6\n");
  const json r = report("--format int8 --layers layers.csv");
  ASSERT_EQ(r.at("layers").size(), 2U);
  const json& up = r.at("layers")[0];
  EXPECT_EQ(up.at("name"), "up, first");
  EXPECT_EQ(up.at("dense").at("cycles"), expected("ampere", Format::int8, false, 256, 64, 128, {}).cycles);
  EXPECT_EQ(up.at("sparse").at("cycles"), expected("ampere", Format::int8, true, 256, 64, 128, {}).cycles);
  const json& down = r.at("layers")[1];
  EXPECT_EQ(down.at("mode"), "dense");
  EXPECT_NE(text_.find("no: K is not a multiple of 4"), std::string::npos) << text_;

  EXPECT_EQ(report("--format int8 --dense --layers layers.csv").at("layers")[0].at("mode"), "dense");
}

TEST_F(ModelTest, LargeAndEmpty) {
  EXPECT_EQ(report("--format int8 --dense --m 12288 --n 12288 --k 12288").at("cycles"),
            expected("ampere", Format::int8, false, 12288, 12288, 12288, {}).cycles);
  for (const char* const sizes : {"--m 0 --n 5 --k 4", "--m 5 --n 0 --k 4", "--m 5 --n 5 --k 4 --batch 0"}) {
    EXPECT_EQ(report(std::string("--format int8 --dense ") + sizes).at("bytes_written"), 0) << sizes;
  }
  EXPECT_EQ(report("--format int8 --dense --m 5 --n 5 --k 0").at("bytes_read"), 0);
}

TEST_F(ModelTest, ReportToStandardOutputStandsThereAlone) {
  const Outcome outcome = run("model --format int8 --m 8 --n 8 --k 8 --report /dev/stdout");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(json::parse(outcome.out).at("m"), 8);
}

}  // namespace
}  // namespace spmma::test
