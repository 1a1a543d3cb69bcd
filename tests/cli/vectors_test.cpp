// SPDX-License-Identifier: Apache-2.0
// The independent vectors (tests/data/vectors) through the command, on both backends. Outputs flagged 1, 2 or 4 in
// U.npy are open questions of the contract; any other difference is a fault.
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "built_presets.h"
#include "command.h"

namespace spmma::test {
namespace {

using verif::Dtype;
using verif::Npy;

constexpr std::uint32_t kOpen = 1 | 2 | 4;

struct VectorCase {
  std::string name, preset, backend;
  Format a, b;
  Acc acc;
  bool sparse, saturate;
};

std::ostream& operator<<(std::ostream& out, const VectorCase& v) {
  return out << v.name << " on " << v.preset << ", " << v.backend;
}

std::vector<VectorCase> vector_cases() {
  std::ifstream file(SPMMA_TEST_DATA "/vectors/index.json");
  std::vector<VectorCase> cases;
  for (const auto& set : nlohmann::json::parse(file)) {
    const std::string arch = set.at("arch");
    for (const char* const preset : {"ampere", "hopper"}) {
      if (arch.find(preset == std::string("ampere") ? "A100" : "H100") == std::string::npos) continue;
      for (const char* const backend : {"golden", "rtl"}) {
        cases.push_back({set.at("name"), preset, backend, parse_format(set.at("a").get<std::string>()).value(),
                         parse_format(set.at("b").get<std::string>()).value(),
                         parse_acc(set.at("acc").get<std::string>()).value(), set.at("sparse"), set.at("saturate")});
      }
    }
  }
  return cases;
}

class VectorTest : public CommandTest, public ::testing::WithParamInterface<VectorCase> {
 protected:
  void SetUp() override {
    if (GetParam().backend == "rtl") SPMMA_NEEDS_PRESET(GetParam().preset);
  }
  Npy vector(char array) const {
    return verif::read_npy(fmt::format("{}/vectors/{}/{}.npy", SPMMA_TEST_DATA, GetParam().name, array));
  }
};

TEST_P(VectorTest, Agrees) {
  const VectorCase& v = GetParam();
  // The vectors are raw bits; the command takes int8 only as itself.
  write("a.npy", vector('A').tensor, raw_dtype(v.a));
  write("b.npy", vector('B').tensor, raw_dtype(v.b));
  write("c.npy", vector('C').tensor, raw_dtype(v.acc));
  if (v.sparse) write("e.npy", vector('E').tensor, Dtype::u1);
  const Outcome outcome =
      run(fmt::format("gemm --format {} --format-b {} --acc {} --a a.npy --b b.npy --c c.npy --out d.npy --raw "
                      "--preset {} --backend {} {} {}",
                      name(v.a), name(v.b), name(v.acc), v.preset, v.backend,
                      v.sparse ? "--meta e.npy --metadata any" : "--dense", v.saturate ? "--saturate" : ""));
  ASSERT_EQ(outcome.code, 0) << outcome.err;

  const Tensor d = read("d.npy").tensor, expected = vector('D').tensor, flags = vector('U').tensor;
  ASSERT_EQ(d.data.size(), expected.data.size());
  ASSERT_GT(d.size(), 0);
  int wrong = 0;
  for (std::int64_t i = 0; i < d.batch; ++i) {
    for (std::int64_t r = 0; r < d.rows; ++r) {
      for (std::int64_t c = 0; c < d.cols; ++c) {
        if (d.get(i, r, c) == expected.get(i, r, c) || (flags.get(i, r, c) & kOpen) != 0) continue;
        if (wrong++ == 0) {
          ADD_FAILURE() << fmt::format("entry {}, D[{},{}]: 0x{:x}, expected 0x{:x}", i, r, c, d.get(i, r, c),
                                       expected.get(i, r, c));
        }
      }
    }
  }
  EXPECT_EQ(wrong, 0);
}

INSTANTIATE_TEST_SUITE_P(Vectors, VectorTest, ::testing::ValuesIn(vector_cases()), [](const auto& test) {
  return test.param.name + "_" + test.param.preset + "_" + test.param.backend;
});

}  // namespace
}  // namespace spmma::test
