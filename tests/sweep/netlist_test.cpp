// SPDX-License-Identifier: Apache-2.0
// Liberty files, hierarchical netlists, buffer trees.
#include "sweep/netlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "sweep/buffers.h"
#include "sweep/liberty.h"
#include "sweep/synthesis.h"
#include "temporary_folder.h"

namespace spmma::sweep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kLibrary = R"lib(/* a library */
library (test) {
  time_unit : "1ps";
  capacitive_load_unit (1,ff);
  lu_table_template (t) { variable_1 : x; index_1 ("1, 2"); }
  cell (BUF) { area : 2; pin (A) { direction : input; capacitance : 1.5; }
    pin (Y) { direction : output; max_capacitance : 40; function : "(A)";
      timing () { related_pin : "A"; cell_rise (t) { values ("1, 2", \
        "3, 4"); } } } }
  cell (CLKBUF) { area : 9; pin (A) { direction : input; capacitance : 1; }
    pin (Y) { direction : output; max_capacitance : 900; function : "A"; } }
  cell (DFF) { area : 8; ff (IQ, IQN) { clocked_on : "CK"; next_state : "D"; }
    pin (CK) { direction : input; clock : true; capacitance : 3; } pin (D) { direction : input; capacitance : 2; }
    pin (Q) { direction : output; max_capacitance : 30; function : "IQ"; } }
}
)lib";

Liberty library() {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("test.lib");
  std::ofstream(path) << kLibrary;
  return read_liberty(path);
}

TEST(LibertyFile, WhatTheFlowNeeds) {
  const Liberty lib = library();
  EXPECT_EQ(lib.time_ns, 0.001);
  EXPECT_EQ(lib.capacitance_ff, 1);
  ASSERT_EQ(lib.cells.size(), 3U);
  EXPECT_EQ(lib.cells.at("DFF").area, 8);
  EXPECT_TRUE(lib.cells.at("DFF").flop);
  EXPECT_FALSE(lib.cells.at("BUF").flop);
  EXPECT_EQ(lib.cells.at("DFF").input.at("D"), 2);
  EXPECT_EQ(lib.cells.at("DFF").output, "Q");
  EXPECT_EQ(lib.buffer, "BUF") << "not the clock's";
}

TEST(LibertyFile, RefusedWithTheLine) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("broken.lib");
  for (const char* text :
       {"", "module x;", "library (x) {}", "library (x) {\n cell (A) {\n area : 2;\n", "library (x) {\n cell A\n}"}) {
    std::ofstream(path) << text;
    EXPECT_THROW(read_liberty(path), std::runtime_error) << text;
  }
  std::string deep = "library (x) {";
  for (int i = 0; i < 100'000; ++i) deep += "a(){";
  for (const auto& [text, what] : {std::pair<std::string, const char*>{"library (x) {\n cell (A) { area : nan; } }",
                                                                       "line 2: 'nan' is not a number"},
                                   {deep, "groups are too deep"}}) {
    std::ofstream(path) << text;
    try {
      read_liberty(path);
      ADD_FAILURE() << what;
    } catch (const std::runtime_error& e) {
      EXPECT_THAT(e.what(), HasSubstr(what));
    }
  }
}

/// A top with one flop whose Q goes to `copies` instances of a module with two flops at its input.
Netlist design(int copies) {
  Netlist netlist{.top = "top"};
  Module leaf;
  leaf.ports = {{"clk_i", {true, {2}}}, {"d_i", {true, {3}}}};
  leaf.cells = {{"a", "DFF", {{"CK", {2}}, {"D", {3}}, {"Q", {4}}}},
                {"b", "DFF", {{"CK", {2}}, {"D", {3}}, {"Q", {5}}}}};
  leaf.names = {{4, "one_q"}, {5, "two_q[7]"}};
  leaf.nets = 6;
  Module top;
  top.ports = {{"clk_i", {true, {2}}}, {"d_i", {true, {3}}}, {"q_o", {false, {4}}}};
  top.cells = {{"f", "DFF", {{"CK", {2}}, {"D", {3}}, {"Q", {4}}}}};
  for (int i = 0; i < copies; ++i) {
    top.cells.push_back({"gen_leaf[" + std::to_string(i) + "].u_leaf", "leaf", {{"clk_i", {2}}, {"d_i", {4}}}});
  }
  top.nets = 5;
  netlist.modules = {{"leaf", leaf}, {"top", top}};
  return netlist;
}

TEST(NetlistTest, EveryInstanceCounts) {
  const CellCount count = count_cells(design(5), library());
  EXPECT_EQ(count.cells, 11);
  EXPECT_EQ(count.flops, 11);
  EXPECT_EQ(count.area, 88);
  EXPECT_EQ(count.area_by_block.at("leaf"), 80);
}

TEST(NetlistTest, MemoriesDoNotCount) {
  Netlist netlist = design(5);
  netlist.modules["spmma_ram_2"] = netlist.modules.at("leaf");
  for (CellInstance& cell : netlist.modules.at("top").cells) {
    if (cell.type == "leaf") cell.type = "spmma_ram_2";
  }
  EXPECT_EQ(count_cells(netlist, library()).area, 8);
}

/// The load of a net, with what it drives in other modules.
double net_load(const Netlist& netlist, const Liberty& lib, const std::string& name, Net of);

double load_of(const Netlist& netlist, const Liberty& lib, const CellInstance& cell, const std::string& pin) {
  if (const auto module = netlist.modules.find(cell.type); module != netlist.modules.end()) {
    const Port& port = module->second.ports.at(pin);
    return port.input ? net_load(netlist, lib, cell.type, port.bits.at(0)) : 0;
  }
  const auto& inputs = lib.cells.at(cell.type).input;
  return inputs.contains(pin) ? inputs.at(pin) : 0;
}

double net_load(const Netlist& netlist, const Liberty& lib, const std::string& name, Net of) {
  double total = 0;
  for (const CellInstance& cell : netlist.modules.at(name).cells) {
    for (const auto& [pin, bits] : cell.pins) {
      if (bits.at(0) == of) total += load_of(netlist, lib, cell, pin);
    }
  }
  return total;
}

TEST(BufferTrees, NoNetDrivesTooMuch) {
  const Liberty lib = library();
  Netlist netlist = design(40);
  ASSERT_EQ(net_load(netlist, lib, "top", 4), 160);
  const auto inserted = insert_buffers(netlist, lib, 10);
  const Module& top = netlist.modules.at("top");
  for (Net net = 3; net < top.nets; ++net) EXPECT_LE(net_load(netlist, lib, "top", net), 10) << net;
  // 40 leaves of load 4, two of them a buffer of 1.5: 20, six of those a buffer: 4, whose 6 fit.
  EXPECT_EQ(inserted.at("top"), 24);
  EXPECT_EQ(inserted.at("leaf"), 0);
}

TEST(BufferTrees, TheSameFlopsAreReached) {
  const Liberty lib = library();
  Netlist netlist = design(40);
  insert_buffers(netlist, lib, 10);
  const Module& top = netlist.modules.at("top");
  std::map<Net, Net> before;  // a buffer's output to its input
  for (const CellInstance& cell : top.cells) {
    if (cell.type == "BUF") before[cell.pins.at("Y").at(0)] = cell.pins.at("A").at(0);
  }
  int leaves = 0;
  for (const CellInstance& cell : top.cells) {
    if (cell.type != "leaf") continue;
    ++leaves;
    Net net = cell.pins.at("d_i").at(0);
    while (before.contains(net)) net = before.at(net);
    EXPECT_EQ(net, 4);
    EXPECT_EQ(cell.pins.at("clk_i").at(0), 2) << "the clock is ideal";
  }
  EXPECT_EQ(leaves, 40);
}

TEST(BufferTrees, LightNetsStayAsTheyAre) {
  const Liberty lib = library();
  Netlist netlist = design(2);
  insert_buffers(netlist, lib, 10);
  EXPECT_EQ(netlist.modules.at("top").cells.size(), 3U);
}

TEST(NetlistTest, FlopsHaveTheirRegistersNames) {
  Netlist netlist = design(1);
  name_flops(netlist.modules.at("leaf"), library());
  EXPECT_EQ(netlist.modules.at("leaf").cells.at(0).name, "one_q");
  EXPECT_EQ(netlist.modules.at("leaf").cells.at(1).name, "two_q[7]");
  const std::string text = write_verilog(netlist, library());
  EXPECT_THAT(text, HasSubstr("DFF \\two_q.7 ("));
  EXPECT_THAT(text, HasSubstr("leaf \\gen_leaf.0.u_leaf ("));
}

TEST(NetlistTest, NamesThereAndBack) {
  const std::string name = "gen_row[3].u_row.gen_col[12].u_dot.sum8_q[1]";
  EXPECT_EQ(plain_name(name), "gen_row.3.u_row.gen_col.12.u_dot.sum8_q.1");
  EXPECT_EQ(rtl_name("gen_row.3.u_row/gen_col.12.u_dot/sum8_q.1"), name);
}

TEST(NetlistTest, WhatYosysWrites) {
  const Module module = read_module(R"json({"modules": {"m": {
    "ports": {"d_i": {"direction": "input", "bits": [2, 3]}, "q_o": {"direction": "output", "bits": [4, "0"]}},
    "cells": {"c": {"type": "DFF", "connections": {"D": [2], "CK": [5], "Q": [4]}}},
    "netnames": {"hidden": {"hide_name": 1, "bits": [5]}, "q_o": {"bits": [4, "0"]}, "r_q": {"bits": [4]}}}}})json",
                                    "m");
  EXPECT_THAT(module.ports.at("q_o").bits, ElementsAre(4, kZero));
  EXPECT_EQ(module.names.at(4), "r_q") << "a register's own name before that of what it is assigned to";
  EXPECT_FALSE(module.names.contains(5));
  EXPECT_EQ(module.nets, 6);
  EXPECT_THROW(read_module("{}", "m"), std::runtime_error);
}

}  // namespace
}  // namespace spmma::sweep
