// SPDX-License-Identifier: Apache-2.0
#include "aig.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "io/error.h"
#include "temporary_folder.h"

namespace spmma::verif {
namespace {

/// Input x (variable 1), flop q (2), gate x & q (3), which is the output and, inverted, q's next value.
SequentialAig toggle() {
  const test::TemporaryFolder folder;
  std::ofstream(folder.file("t.aig"), std::ios::binary) << "aig 3 1 1 1 1\n7\n6\n" << '\x02' << '\x02';
  std::ofstream(folder.file("t.map")) << "input 0 0 x\nlatch 0 0 q\noutput 0 0 y\nwire 6 0 $internal\nwire 7 0 next\n";
  return read_aig(folder.file("t.aig"), folder.file("t.map"));
}

TEST(AigTest, ReadsANetlistAndItsNames) {
  const SequentialAig netlist = toggle();
  EXPECT_EQ(netlist.inputs, 1U);
  EXPECT_EQ(netlist.next, std::vector<Lit>{7});
  EXPECT_EQ(netlist.outputs, std::vector<Lit>{6});
  ASSERT_EQ(netlist.gates.size(), 1U);
  EXPECT_EQ(netlist.gates[0], (std::pair<Lit, Lit>{4, 2}));
  EXPECT_EQ(netlist.input_of.at("x[0]"), 0U);
  EXPECT_EQ(netlist.output_of.at("y[0]"), 0U);
  const std::vector<std::pair<std::string, Lit>> names = {{"q[0]", 4}, {"next[0]", 7}};
  EXPECT_EQ(netlist.names, names);
}

TEST(AigTest, RefusesWhatIsNoNetlist) {
  const test::TemporaryFolder folder;
  std::ofstream(folder.file("t.aig")) << "aag 1 1 0 1 0\n2\n2\n";
  EXPECT_THROW(read_aig(folder.file("t.aig"), folder.file("t.map")), InputError);
}

TEST(AigTest, MakesNoGateTwice) {
  Aig graph;
  const Lit a = graph.input(), b = graph.input();
  EXPECT_EQ(graph.land(a, b), graph.land(b, a));
  EXPECT_EQ(graph.land(a, a ^ 1), kFalse);
  EXPECT_EQ(graph.land(a, kTrue), a);
  EXPECT_EQ(graph.lxor(a, a), kFalse);
  EXPECT_EQ(graph.mux(kTrue, a, b), a);
}

TEST(AigTest, LaysCyclesOut) {
  const SequentialAig netlist = toggle();
  Aig graph;
  const std::vector<Lit> x = {graph.input(), graph.input()};
  Unrolled::Memory memory(netlist, 2);
  Unrolled copy(
      netlist, graph, memory, [&](std::uint32_t, int cycle) { return x[static_cast<std::size_t>(cycle)]; },
      [](std::uint32_t, int cycle) { return cycle == 0 ? kTrue : Unrolled::kNext; });
  EXPECT_EQ(copy.output(0, 0), x[0]);
  EXPECT_EQ(copy.next(0, 0), x[0] ^ 1);
  EXPECT_EQ(copy.output(0, 1), graph.land(x[0] ^ 1, x[1]));
  copy.force(x[0], false);
  EXPECT_EQ(copy.output(0, 0), kFalse);
}

TEST(AigTest, WritesWhatAnOutputNeeds) {
  const test::TemporaryFolder folder;
  Aig graph;
  const Lit a = graph.input(), b = graph.input(), c = graph.input();
  graph.land(a, b);
  graph.write(folder.file("t.aig"), graph.land(a, c ^ 1) ^ 1);
  std::ifstream file(folder.file("t.aig"), std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text, std::string("aig 3 2 0 1 1\n7\n") + '\x01' + '\x03');
}

}  // namespace
}  // namespace spmma::verif
