// SPDX-License-Identifier: Apache-2.0
// The memory's timing, data and errors, and that the checker sees every rule broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "axi_checker.h"
#include "axi_memory.h"
#include "traffic.h"

namespace spmma::verif {
namespace {

constexpr std::uint64_t kBase = 0xFFFF'1234'5678'0000;

/// Traffic on a memory under the checker until all of it is answered.
class AxiTest : public testing::Test {
 protected:
  void start(const AxiMemoryOptions& memory, TrafficOptions traffic) {
    traffic.data_bytes = memory.data_bytes;
    if (traffic.lines.empty()) {
      for (std::uint64_t line = 0; line < 4; ++line) traffic.lines.push_back(kBase + line * 4096);
    }
    memory_ = std::make_unique<AxiMemory>(memory);
    bytes_ = memory_->add_region(kBase, 4 * 4096);
    traffic_ = std::make_unique<Traffic>(traffic);
    checker_ = std::make_unique<AxiChecker>(memory.data_bytes);
  }
  void run() {
    checker_->cycle(true, {}, {});
    checker_->cycle(false, {}, {});
    for (int i = 0; i < 200000 && !traffic_->done(); ++i) {
      const AxiManager& manager = traffic_->drive();
      const AxiSubordinate& subordinate = memory_->drive();
      checker_->cycle(false, manager, subordinate);
      memory_->sample(manager);
      traffic_->sample(subordinate);
    }
    ASSERT_TRUE(traffic_->done());
    ASSERT_TRUE(memory_->idle());
    checker_->finish();
    EXPECT_THAT(checker_->messages(), testing::IsEmpty());
  }
  void expect_image() {
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      const auto written = traffic_->image().find(kBase + i);
      ASSERT_EQ(bytes_[i], written == traffic_->image().end() ? std::byte{0} : written->second) << "byte " << i;
    }
  }

  std::unique_ptr<AxiMemory> memory_;
  std::span<std::byte> bytes_;
  std::unique_ptr<Traffic> traffic_;
  std::unique_ptr<AxiChecker> checker_;
};

TEST_F(AxiTest, LatencyOfOneBurst) {
  for (const int latency : {1, 2, 100}) {
    start({.data_bytes = 16, .latency = latency, .bandwidth = 16}, {.bursts = 1, .seed = 5});
    run();
    const Traffic::ReadDone& read = traffic_->reads().at(0);
    for (std::size_t beat = 0; beat < read.cycles.size(); ++beat) {
      EXPECT_EQ(read.cycles[beat], read.accepted + latency + static_cast<std::int64_t>(beat));
    }
    const Traffic::WriteDone& write = traffic_->writes().at(0);
    EXPECT_EQ(write.response, write.last_data + latency);
  }
}

TEST_F(AxiTest, UnstalledBurstsFollowOneAnother) {
  start({.data_bytes = 64, .latency = 20, .bandwidth = 64}, {.bursts = 500});
  run();
  std::int64_t next = 0;
  for (const Traffic::ReadDone& read : traffic_->reads()) {
    next = std::max(next, read.accepted + 20);
    for (const std::int64_t cycle : read.cycles) EXPECT_EQ(cycle, next++);
  }
  for (const Traffic::WriteDone& write : traffic_->writes()) EXPECT_EQ(write.response, write.last_data + 20);
  expect_image();
}

TEST_F(AxiTest, BandwidthIsTheRuleOfTheDocument) {
  constexpr std::int64_t kWidth = 32;
  for (const int bandwidth : {1, 7, 16, 31, 32}) {
    start({.data_bytes = kWidth, .latency = 3, .bandwidth = bandwidth}, {.bursts = 100});
    run();
    std::int64_t f = 0, next = 0;
    for (const Traffic::ReadDone& read : traffic_->reads()) {
      next = std::max(next, read.accepted + 3);
      for (const std::int64_t cycle : read.cycles) {
        while (next * bandwidth < f) ++next;
        ASSERT_EQ(cycle, next);
        f = std::max(f, (next - 1) * bandwidth) + kWidth;
        ++next;
      }
    }
    const std::int64_t beats = memory_->count(AxiChannel::w).handshakes;
    EXPECT_GE(traffic_->writes().back().last_data, (beats * kWidth - kWidth) / bandwidth);
    expect_image();
  }
}

TEST_F(AxiTest, StallsAndOrderChangeNoData) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    AxiMemoryOptions memory{.data_bytes = 16 << seed % 3, .latency = static_cast<int>(seed % 30) + 1, .seed = seed};
    memory.bandwidth = 1 + static_cast<int>(seed * 7) % memory.data_bytes;
    memory.reorder = seed % 2 == 0;
    constexpr StallKind kKinds[] = {StallKind::none, StallKind::random, StallKind::bursts, StallKind::rare,
                                    StallKind::reluctant};
    for (std::size_t c = 0; c < kAxiChannels; ++c) memory.stalls[c] = {kKinds[(seed + c) % 5], 0.5};
    start(memory, {.ids = memory.reorder ? 1 + static_cast<int>(seed % 16) : 1,
                   .idle = seed % 4 == 0 ? 0.4 : 0.0,
                   .data_first = seed % 3 == 0,
                   .bursts = 150,
                   .seed = seed});
    run();
    expect_image();
    for (const Traffic::ReadDone& read : traffic_->reads()) {
      ASSERT_GE(read.cycles.front(), read.accepted + memory.latency);
      EXPECT_THAT(read.resps, testing::Each(kAxiOkay));
    }
  }
}

TEST_F(AxiTest, ReadsSeeWhatWasWritten) {
  start({.data_bytes = 16, .latency = 5, .bandwidth = 16}, {.bursts = 300});
  run();
  for (const Traffic::ReadDone& read : traffic_->reads()) ASSERT_EQ(read.data.size(), read.address.len + 1U);
  // Traffic reads while it writes; a second one that only reads sees the image.
  TrafficOptions options{.data_bytes = 16, .bursts = 100, .lines = {kBase, kBase + 4096}, .seed = 77};
  const std::map<std::uint64_t, std::byte> image = traffic_->image();
  Traffic reader(options);
  for (int i = 0; i < 100000 && reader.reads().size() < 100; ++i) {
    AxiManager manager = reader.drive();
    manager.aw_valid = manager.w_valid = false;
    AxiSubordinate subordinate = memory_->drive();
    memory_->sample(manager);
    subordinate.aw_ready = subordinate.w_ready = false;
    reader.sample(subordinate);
  }
  ASSERT_EQ(reader.reads().size(), 100u);
  for (const Traffic::ReadDone& read : reader.reads()) {
    std::uint64_t at = read.address.address & ~std::uint64_t{15};
    for (const AxiData& data : read.data) {
      for (std::size_t i = 0; i < 16; ++i, ++at) {
        const auto written = image.find(at);
        ASSERT_EQ(data[i], written == image.end() ? std::byte{0} : written->second);
      }
    }
  }
}

TEST_F(AxiTest, OutsideOfRegionsIsDecerr) {
  start({.data_bytes = 16, .latency = 5, .bandwidth = 16},
        {.bursts = 100, .lines = {kBase, kBase + 4 * 4096, kBase - 4096}});
  run();
  for (const Traffic::ReadDone& read : traffic_->reads()) {
    const bool inside = read.address.address - kBase < bytes_.size();
    EXPECT_THAT(read.resps, testing::Each(inside ? kAxiOkay : kAxiDecerr));
  }
  for (const Traffic::WriteDone& write : traffic_->writes()) {
    EXPECT_EQ(write.resp, write.address.address - kBase < bytes_.size() ? kAxiOkay : kAxiDecerr);
  }
}

TEST_F(AxiTest, Faults) {
  start({.data_bytes = 16, .latency = 5, .bandwidth = 16}, {.bursts = 100});
  memory_->add_fault({.index = 17});
  memory_->add_fault({.write = true, .resp = kAxiDecerr, .index = 9});
  memory_->add_fault({.write = true, .first = kBase + 4096 + 100, .last = kBase + 4096 + 100});
  run();
  int beat = 0;
  for (const Traffic::ReadDone& read : traffic_->reads()) {
    for (const std::uint8_t resp : read.resps) EXPECT_EQ(resp, beat++ == 17 ? kAxiSlverr : kAxiOkay);
  }
  int index = 0;
  for (const Traffic::WriteDone& write : traffic_->writes()) {
    const std::uint64_t first = write.address.address & ~std::uint64_t{15};
    const std::uint64_t last = first + write.address.len * 16U + 15;
    const bool hit = first <= kBase + 4196 && kBase + 4196 <= last;
    EXPECT_EQ(write.resp, index++ == 9 ? kAxiDecerr : hit ? kAxiSlverr : kAxiOkay);
  }
}

TEST_F(AxiTest, RegionsAreChecked) {
  AxiMemory memory({.data_bytes = 64});
  memory.add_region(0x1000, 0x1000);
  EXPECT_THROW(memory.add_region(0x1FC0, 64), std::invalid_argument);
  EXPECT_THROW(memory.add_region(0xFC0, 128), std::invalid_argument);
  EXPECT_THROW(memory.add_region(0x3001, 64), std::invalid_argument);
  EXPECT_THROW(memory.add_region(0x3000, 63), std::invalid_argument);
  EXPECT_THROW(memory.add_region(~std::uint64_t{63}, 128), std::invalid_argument);
  memory.add_region(0x2000, 64);
  memory.add_region(~std::uint64_t{63}, 64);  // the end of the address space
}

TEST(ByteSet, MasksAndSizes) {
  ByteSet set;
  set.add(100, 10, 50, 2, 3, 4);  // 100-103 110-113 120-123, 150-153 ...
  EXPECT_EQ(set.size(), 24u);
  EXPECT_EQ(set.mask(96, 16), 0b1100'0000'1111'0000u);
  EXPECT_EQ(set.mask(124, 16), 0u);
  set.add(104, 0, 0, 5, 5, 6);
  EXPECT_EQ(set.mask(100, 14), 0x3FFFu);
  set.add(~std::uint64_t{0} - 15, 0, 0, 1, 1, 16);
  EXPECT_EQ(set.mask(~std::uint64_t{0} - 63, 64), 0xFFFF'0000'0000'0000u);
}

// ---------------------------------------------------------------- the checker's rules, each broken once

/// A write and a read of two beats, cycle by cycle; `breakage` changes what the manager drives.
std::vector<std::string> complaints(const std::function<void(int cycle, AxiManager&, AxiSubordinate&)>& breakage,
                                    const std::function<void(AxiChecker&)>& setup = {}) {
  AxiChecker checker(16);
  if (setup) setup(checker);
  const AxiAddress address{.address = 0x1FE8, .len = 1, .size = 4, .burst = kAxiIncr};
  for (int cycle = 0; cycle < 12; ++cycle) {
    AxiManager m;
    AxiSubordinate s;
    m.ar = m.aw = address;
    m.ar_valid = m.aw_valid = cycle == 3 || cycle == 4;
    s.ar_ready = s.aw_ready = cycle == 4;
    m.w_valid = cycle >= 5 && cycle <= 7;
    s.w_ready = cycle >= 6;
    m.w_last = cycle == 7;
    m.w_strobe = cycle == 7 ? 0xFFFF : 0xFF00;
    m.r_ready = m.b_ready = true;
    s.r_valid = cycle == 8 || cycle == 9;
    s.r_last = cycle == 9;
    s.b_valid = cycle == 10;
    breakage(cycle, m, s);
    checker.cycle(cycle < 2, m, s);
  }
  checker.finish();
  return checker.messages();
}

TEST(AxiChecker, AcceptsWhatIsRight) {
  EXPECT_THAT(complaints([](int, AxiManager&, AxiSubordinate&) {}), testing::IsEmpty());
}

TEST(AxiChecker, SeesEveryRuleBroken) {
  using testing::Contains;
  using testing::HasSubstr;
  const auto expect = [](const char* what, const std::function<void(int, AxiManager&, AxiSubordinate&)>& breakage,
                         const std::function<void(AxiChecker&)>& setup = {}) {
    EXPECT_THAT(complaints(breakage, setup), Contains(HasSubstr(what))) << what;
  };
  expect("valid during reset", [](int c, AxiManager& m, AxiSubordinate&) { m.aw_valid |= c == 1; });
  expect("valid before the first clock edge", [](int c, AxiManager& m, AxiSubordinate&) { m.w_valid |= c == 2; });
  expect("AR: valid went away", [](int c, AxiManager& m, AxiSubordinate&) { m.ar_valid &= c != 4; });
  expect("AW: the payload changed", [](int c, AxiManager& m, AxiSubordinate&) { m.aw.prot = c == 4; });
  expect("AR: the payload changed", [](int c, AxiManager& m, AxiSubordinate&) { m.ar.id = c == 4; });
  expect("W: valid went away", [](int c, AxiManager& m, AxiSubordinate&) { m.w_valid &= c != 6; });
  expect("W: the payload changed", [](int c, AxiManager& m, AxiSubordinate&) { m.w_data[3] = std::byte(c == 6); });
  expect("W: the payload changed", [](int c, AxiManager& m, AxiSubordinate&) { m.w_strobe ^= c == 6 ? 0x100 : 0; });
  expect("AR: the burst is not INCR", [](int, AxiManager& m, AxiSubordinate&) { m.ar.burst = 2; });
  expect("AW: size is not", [](int, AxiManager& m, AxiSubordinate&) { m.aw.size = 3; });
  expect("AW: an exclusive", [](int, AxiManager& m, AxiSubordinate&) { m.aw.lock = 1; });
  expect("AW: the burst crosses", [](int, AxiManager& m, AxiSubordinate&) { m.aw.address += 0x10; });
  expect("AR: the burst crosses", [](int, AxiManager& m, AxiSubordinate&) { m.ar.len = 2; });
  expect(
      "AR: the burst leaves its window", [](int, AxiManager&, AxiSubordinate&) {},
      [](AxiChecker& c) { c.set_windows({0x1FF0, 0x2FFF}, {}); });
  expect(
      "AW: the burst leaves its window", [](int, AxiManager&, AxiSubordinate&) {},
      [](AxiChecker& c) { c.set_windows({}, {0x1000, 0x1FEF}); });
  expect("last before the burst's end", [](int, AxiManager& m, AxiSubordinate&) { m.w_last = true; });
  expect("no last at the burst's end", [](int, AxiManager& m, AxiSubordinate&) { m.w_last = false; });
  expect("strobes below", [](int, AxiManager& m, AxiSubordinate&) { m.w_strobe = 0xFF80; });
  expect("strobes beyond", [](int, AxiManager& m, AxiSubordinate&) { m.w_strobe = 0x1FF00; });
  expect(
      "bytes outside of D", [](int, AxiManager&, AxiSubordinate&) {},
      [](AxiChecker& c) { c.writable().add(0x1FE8, 0, 0, 1, 1, 23); });
  expect(
      "holds no byte of an operand", [](int, AxiManager&, AxiSubordinate&) {},
      [](AxiChecker& c) { c.readable().add(0x1FE8, 0, 0, 1, 1, 8); });
  expect("lack beats", [](int c, AxiManager& m, AxiSubordinate& s) {
    m.w_valid &= c < 7;
    s.b_valid = false;
  });
  expect("beats have no burst", [](int c, AxiManager& m, AxiSubordinate& s) {
    m.aw_valid &= c < 3;
    s.b_valid = false;
  });
  expect("writes are open", [](int, AxiManager&, AxiSubordinate& s) { s.b_valid = false; });
  expect("reads are open", [](int, AxiManager&, AxiSubordinate& s) { s.r_valid = false; });
  expect("R: no burst of id 3", [](int, AxiManager&, AxiSubordinate& s) { s.r_id = 3; });
  expect("B: no burst of id 0", [](int c, AxiManager&, AxiSubordinate& s) { s.b_valid = c == 7; });
}

TEST(AxiChecker, CountsOpenBurstsAndWaiting) {
  AxiChecker checker(16);
  AxiManager m;
  AxiSubordinate s;
  checker.cycle(true, m, s);
  checker.cycle(false, m, s);
  m.ar_valid = s.ar_ready = true;
  m.ar = {.address = 0, .size = 4, .burst = kAxiIncr};
  for (int i = 0; i < 65; ++i) checker.cycle(false, m, s);
  EXPECT_EQ(checker.violations(), 1);
  m.ar_valid = false;
  s.r_valid = true;
  for (int i = 0; i <= AxiChecker::kPatience; ++i) checker.cycle(false, m, s);
  EXPECT_EQ(checker.violations(), 2);
  EXPECT_THAT(checker.messages().back(), testing::HasSubstr("R: not taken"));
}

/// One write and one read of a register.
std::vector<std::string> lite_complaints(const std::function<void(int, AxiLiteManager&, AxiLiteSubordinate&)>& breakage,
                                         int cycles = 12) {
  AxiLiteChecker checker;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    AxiLiteManager m;
    AxiLiteSubordinate s;
    m.aw_valid = m.w_valid = m.ar_valid = cycle == 3;
    s.aw_ready = s.w_ready = s.ar_ready = true;
    s.b_valid = s.r_valid = cycle == 4 || cycle == 5;
    m.b_ready = m.r_ready = cycle == 5;
    breakage(cycle, m, s);
    checker.cycle(cycle < 2, m, s);
  }
  checker.finish();
  return checker.messages();
}

TEST(AxiLiteChecker, SeesEveryRuleBroken) {
  using testing::Contains;
  using testing::HasSubstr;
  EXPECT_THAT(lite_complaints([](int, AxiLiteManager&, AxiLiteSubordinate&) {}), testing::IsEmpty());
  const auto expect =
      [](const char* what, const std::function<void(int, AxiLiteManager&, AxiLiteSubordinate&)>& breakage,
         int cycles = 12) { EXPECT_THAT(lite_complaints(breakage, cycles), Contains(HasSubstr(what))) << what; };
  expect("valid during reset", [](int c, AxiLiteManager&, AxiLiteSubordinate& s) { s.r_valid |= c == 1; });
  expect("AXI4-Lite B: valid false", [](int c, AxiLiteManager&, AxiLiteSubordinate& s) { s.b_valid &= c != 5; });
  expect("AXI4-Lite R: valid true", [](int c, AxiLiteManager&, AxiLiteSubordinate& s) { s.r_data = c == 5; });
  expect("B: answers no write", [](int c, AxiLiteManager&, AxiLiteSubordinate& s) { s.b_valid |= c == 3; });
  expect("R: answers no read", [](int c, AxiLiteManager&, AxiLiteSubordinate& s) { s.r_valid |= c == 6; });
  expect("resp 3", [](int, AxiLiteManager&, AxiLiteSubordinate& s) { s.b_resp = 3; });
  expect(
      "AR: not taken",
      [](int, AxiLiteManager& m, AxiLiteSubordinate& s) {
        m.ar_valid = true;
        s.ar_ready = false;
      },
      2000);
  expect("B: missing", [](int, AxiLiteManager&, AxiLiteSubordinate& s) { s.b_valid = false; }, 2000);
  expect("1 reads, 0 responses", [](int, AxiLiteManager&, AxiLiteSubordinate& s) { s.r_valid = false; });
}

}  // namespace
}  // namespace spmma::verif
