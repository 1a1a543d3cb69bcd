// SPDX-License-Identifier: Apache-2.0
// The tests by name, and how each makes a case from a seed.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

#include "core_case.h"
#include "core_model.h"
#include "engine_case.h"
#include "gemm_model.h"
#include "test_case.h"

namespace spmma::verif {
namespace {

constexpr std::array<StallPattern, 6> kStalls = {{{StallKind::none, 0},
                                                  {StallKind::random, 0.2},
                                                  {StallKind::bursts, 0},
                                                  {StallKind::random, 0.7},
                                                  {StallKind::reluctant, 0},
                                                  {StallKind::rare, 0}}};

std::string family(Format f) {
  switch (f) {
    case Format::int8:
    case Format::uint8:
      return "int8";
    case Format::e4m3:
    case Format::e5m2:
      return "fp8";
    default:
      return std::string(name(f));
  }
}

using Draw = std::mt19937_64;
std::int64_t pick(Draw& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}
bool chance(Draw& random, std::uint64_t one_in) { return random() % one_in == 0; }

// ---------------------------------------------------------------- the core

/// What a test of the core fixes; seed 1 is unstalled with ordered metadata, the others vary both.
using ShapeCore = std::function<void(CorePlan&, Draw&)>;

void add_core(std::vector<RegressTest>& tests, const std::string& preset, const std::string& test,
              const std::string& family, const ShapeCore& shape) {
  const std::string full = fmt::format("core.{}.{}", preset, test);
  tests.push_back({full, preset, family, [=](std::uint64_t seed) {
                     CorePlan plan{.test = full, .preset = preset, .seed = seed};
                     Draw random(seed * 0x9E3779B97F4A7C15ULL + 1);
                     plan.input = kStalls[(seed - 1) % 4];
                     plan.output = kStalls[(seed - 1) / 2 % 4];
                     plan.stimulus.metadata =
                         std::array{MetadataKind::ordered, MetadataKind::any, MetadataKind::illegal}[(seed - 1) % 3];
                     plan.stimulus.max_chain = chance(random, 2) ? 24 : 4;
                     shape(plan, random);
                     return std::make_shared<const CoreCase>(std::move(plan));
                   }});
}

void add_core_tests(std::vector<RegressTest>& tests, const Preset& preset) {
  const std::vector<CoreMode> all = core_modes(preset.core);
  for (const CoreMode& mode : all) {
    add_core(tests, preset.name, mode.name(), family(mode.a),
             [mode](CorePlan& p, Draw&) { p.stimulus.modes = {mode}; });
  }
  for (const Format f : kFormats) {
    const std::vector<CoreMode> modes = core_modes(preset.core, f);
    if (modes.empty()) continue;
    const std::int64_t beats = large_blocks(preset) ? 8000 : 2000;  // a small tile makes no number in any time
    add_core(tests, preset.name, fmt::format("soak_{}", name(f)), family(f), [modes, beats](CorePlan& p, Draw&) {
      // Waiting compares nothing; other tests are there for it.
      static constexpr std::array<StallPattern, 4> kFew = {
          {{StallKind::none, 0}, {StallKind::none, 0}, {StallKind::none, 0}, {StallKind::random, 0.2}}};
      p.stimulus.modes = modes;
      p.input = kFew[(p.seed - 1) % 4];
      p.output = kFew[(p.seed - 1) / 4 % 4];
      p.beats = beats;
    });
    tests.back().soak = true;
  }
  const auto mixed = [&](const char* test, const ShapeCore& shape) {
    add_core(tests, preset.name, test, "mixed", [all, shape](CorePlan& p, Draw& random) {
      p.stimulus.modes = all;
      shape(p, random);
    });
  };
  mixed("mode_changes", [](CorePlan& p, Draw&) { p.stimulus.max_chain = 8; });
  mixed("mode_changes_in_chain", [](CorePlan& p, Draw&) { p.stimulus.switch_mode = 0.5; });
  mixed("illegal_formats", [](CorePlan& p, Draw&) {
    p.stimulus.illegal_mode = 0.1;
    p.stimulus.max_chain = 6;
  });
  mixed("short_steps", [](CorePlan& p, Draw&) { p.stimulus.partial = 1; });
  if (std::ranges::any_of(all, [](const CoreMode& m) { return !is_integer(m.a); })) {
    mixed("largest_sums", [](CorePlan& p, Draw&) {
      p.stimulus.classes = {OperandClass::largest};
      std::erase_if(p.stimulus.modes, [](const CoreMode& m) { return is_integer(m.a); });
      p.stimulus.partial = 0;
      p.stimulus.max_chain = 3;
      p.beats = 1000;
    });
  }
  mixed("single_steps", [](CorePlan& p, Draw&) { p.stimulus.max_chain = 1; });
  mixed("long_chains", [](CorePlan& p, Draw&) {
    p.stimulus.min_chain = 60;
    p.stimulus.max_chain = 200;
  });
  if (!large_blocks(preset)) {  // step numbers of many bits
    mixed("very_long_chains", [](CorePlan& p, Draw& random) {
      // The first illegal nibble comes late, now and then after more than 2^19 steps.
      const bool longest = p.seed % 16 == 2;
      const auto steps = static_cast<int>(longest ? pick(random, 1 << 18, 3 << 18) : pick(random, 3000, 17000));
      p.stimulus.slots = longest ? 1 : 2;
      p.stimulus.min_chain = p.stimulus.max_chain = steps;
      p.stimulus.metadata = MetadataKind::illegal;
      p.beats = p.stimulus.slots * steps;
      p.stimulus.illegal_after = p.beats - pick(random, 500, p.beats / 4);
    });
  }
  mixed("one_slot", [](CorePlan& p, Draw&) {
    p.stimulus.slots = 1;
    p.beats = 1000;
  });
  mixed("slots_in_any_order", [](CorePlan& p, Draw&) {
    p.stimulus.round_robin = false;
    p.stimulus.max_chain = 6;
  });
  mixed("stalls", [](CorePlan& p, Draw& random) {
    p.input = kStalls[random() % kStalls.size()];
    p.output = kStalls[random() % kStalls.size()];
    p.stimulus.max_chain = 3;
    p.stimulus.round_robin = chance(random, 2);
  });
  mixed("resets", [](CorePlan& p, Draw& random) {
    p.stimulus.max_chain = 4;
    p.reset_every = pick(random, 3, 120);
    p.beats = 1500;
  });
}

// ---------------------------------------------------------------- the engine

EngineJob random_job(const Preset& preset, const CoreMode& mode, Draw& random) {
  // A GEMM of a few blocks takes a large preset seconds.
  const bool large = large_blocks(preset);
  EngineJob job{.mode = mode, .seed = random()};
  job.shape.batch = chance(random, 3) ? pick(random, 1, 3) : 1;
  job.shape.m = random_size(random, preset.gemm.block_rows, large ? 1 : 3);
  job.shape.n = random_size(random, block_columns(preset, mode), large ? 1 : 4);
  job.shape.k = chance(random, 20) ? 0 : random_size(random, k_block(preset, mode), large ? 2 : 5);
  if (!large && chance(random, 6)) {  // one long dimension
    std::int64_t* const sizes[] = {&job.shape.m, &job.shape.n, &job.shape.k, &job.shape.batch};
    for (std::int64_t* const size : sizes) *size = pick(random, 1, 4);
    *sizes[random() % 4] = pick(random, 1, std::int64_t{1} << pick(random, 6, 12));
  }
  job.with_c = chance(random, 2);
  job.batched = {.a = !chance(random, 3), .b = !chance(random, 2), .c = !chance(random, 3)};
  job.rule = chance(random, 3) ? MetadataRule::any : MetadataRule::ordered;
  job.odd_layout = !chance(random, 3);
  return job;
}

/// Of few elements, and with rows anywhere in memory.
EngineJob scattered_job(const CoreMode& mode, Draw& random) {
  EngineJob job{.mode = mode, .seed = random()};
  job.shape = {.batch = pick(random, 1, 3), .m = pick(random, 1, 9), .n = pick(random, 1, 9), .k = pick(random, 1, 17)};
  job.with_c = chance(random, 2);
  job.batched = {.a = !chance(random, 3), .b = !chance(random, 2), .c = !chance(random, 3)};
  job.odd_layout = true;
  job.scattered = true;
  return job;
}

/// Of some 2^bits times a few cycles, by one long size.
void make_very_long(EngineJob& job, const Preset& preset, int bits, Draw& random) {
  job.shape = {1, 1, 1, 1};
  job.batched = {.a = true, .b = false, .c = true};
  job.scattered = false;
  std::int64_t* const sizes[] = {&job.shape.m, &job.shape.n, &job.shape.k, &job.shape.batch};
  const std::size_t which = random() % 4;
  // What a row of D, a beat of a row of D, a row of B, and an entry of one element are to the cycles.
  const std::int64_t per_size[] = {4, preset.gemm.data_bytes() / 4, 4, 1};
  *sizes[which] = per_size[which] * pick(random, std::int64_t{1} << (bits - 2), std::int64_t{1} << bits);
}

using ShapeEngine = std::function<void(EnginePlan&, Draw&, const Preset&)>;

void add_engine(std::vector<RegressTest>& tests, const Preset& preset, const std::string& test,
                const std::string& family, const std::vector<CoreMode>& modes, const ShapeEngine& shape) {
  if (modes.empty()) return;
  const std::string full = fmt::format("engine.{}.{}", preset.name, test);
  tests.push_back({full, preset.name, family, [=, &preset](std::uint64_t seed) {
                     Draw random(seed * 0x9E3779B97F4A7C15ULL + 2);
                     EnginePlan plan{.test = full, .preset = preset.name, .seed = seed};
                     plan.latency = chance(random, 4) ? 1 : static_cast<int>(pick(random, 1, 200));
                     if (chance(random, 3))
                       plan.bandwidth = static_cast<int>(pick(random, 1, preset.gemm.data_bytes()));
                     for (int j = 0; j < 2; ++j)
                       plan.jobs.push_back(random_job(preset, modes[random() % modes.size()], random));
                     shape(plan, random, preset);
                     return std::make_shared<const EngineCase>(std::move(plan));
                   }});
}

void add_engine_tests(std::vector<RegressTest>& tests, const Preset& preset) {
  const std::vector<CoreMode> all = core_modes(preset.core);
  for (int f = 0; f < kFormatCount; ++f) {
    for (const bool sparse : {false, true}) {
      std::vector<CoreMode> modes;
      std::ranges::copy_if(all, std::back_inserter(modes),
                           [&](const CoreMode& m) { return m.a == static_cast<Format>(f) && m.sparse == sparse; });
      add_engine(tests, preset, fmt::format("{}_{}", name(static_cast<Format>(f)), sparse ? "sparse" : "dense"),
                 family(static_cast<Format>(f)), modes, [modes](EnginePlan& p, Draw&, const Preset&) {
                   // Each mode in turn, first with a C and then without.
                   p.jobs.resize(1);
                   p.jobs.front().mode = modes[(p.seed - 1) % modes.size()];
                   p.jobs.front().with_c = (p.seed - 1) / modes.size() % 2 == 0;
                 });
    }
  }
  const auto mixed = [&](const char* test, const ShapeEngine& shape) {
    add_engine(tests, preset, test, "mixed", all, shape);
  };
  const auto stalled = [](EnginePlan& p, Draw& random) {
    if (chance(random, 2)) return;
    p.stall = chance(random, 3) ? StallPattern{StallKind::bursts, 0}
                                : StallPattern{StallKind::random, 0.1 * static_cast<double>(pick(random, 1, 7))};
    p.register_stall = chance(random, 2) ? 0.5 : 0;
  };
  /// Some cycle or beat of the first job.
  const auto during = [](const EnginePlan& p, Draw& random, std::int64_t per_element) {
    const GemmShape& s = p.jobs.front().shape;
    return pick(random, 0,
                40 + p.latency * 2 + s.batch * (s.m * s.n / 8 + s.m * s.k / 8 + s.n * s.k / 8) / per_element);
  };
  mixed("stalled", [stalled](EnginePlan& p, Draw& random, const Preset&) {
    p.jobs.resize(1);
    do stalled(p, random);
    while (p.stall.kind == StallKind::none);
  });
  mixed("slow_memory", [](EnginePlan& p, Draw& random, const Preset&) {
    p.jobs.resize(1);
    p.latency = static_cast<int>(pick(random, 200, 1000));
  });
  mixed("queued", [stalled](EnginePlan& p, Draw& random, const Preset& of) {
    stalled(p, random);
    p.queued = true;
    if (chance(random, 2)) p.jobs.push_back(random_job(of, p.jobs.front().mode, random));
  });
  mixed("empty", [stalled](EnginePlan& p, Draw& random, const Preset& of) {
    stalled(p, random);
    p.queued = chance(random, 2);
    p.jobs.push_back(random_job(of, p.jobs.front().mode, random));
    GemmShape& shape = p.jobs[random() % p.jobs.size()].shape;
    std::int64_t* const sizes[] = {&shape.m, &shape.n, &shape.batch};
    *sizes[random() % 3] = 0;
  });
  // Many small blocks: of copies, or ones that a slow memory takes, the reader plans as many as there is room for.
  mixed("entries", [stalled](EnginePlan& p, Draw& random, const Preset&) {
    stalled(p, random);
    p.jobs.resize(1);
    EngineJob& job = p.jobs.front();
    job.shape = {
        .batch = pick(random, 9, 60), .m = pick(random, 1, 2), .n = pick(random, 1, 2), .k = pick(random, 1, 9)};
    job.with_c = chance(random, 3);
    if (chance(random, 2)) return;
    job.shape.k = 0;
    job.with_c = false;
  });
  mixed("metadata", [](EnginePlan& p, Draw& random, const Preset&) {
    for (EngineJob& job : p.jobs) job.illegal_nibbles = static_cast<int>(pick(random, 0, 40));
    if (chance(random, 2)) p.jobs.resize(1);
  });
  std::vector<CoreMode> sparse;
  std::ranges::copy_if(all, std::back_inserter(sparse), &CoreMode::sparse);
  // Any bits, so that a word of metadata holds many illegal codes.
  add_engine(tests, preset, "metadata_noise", "mixed", sparse, [](EnginePlan& p, Draw& random, const Preset&) {
    p.jobs.resize(1);
    p.jobs.front().illegal_nibbles = static_cast<int>(pick(random, 100, 10000));
  });
  if (!large_blocks(preset)) {  // of positions of many bits in several sizes together
    add_engine(tests, preset, "metadata_far", "mixed", sparse, [](EnginePlan& p, Draw& random, const Preset&) {
      p.jobs.resize(1);
      p.latency = static_cast<int>(pick(random, 1, 30));
      EngineJob& job = p.jobs.front();
      job.shape = {1, 1, pick(random, 1, 3), 1};
      const bool longest = p.seed % 16 == 2;
      const std::int64_t rows = pick(random, 0, longest ? 14 : 10), entries = pick(random, 0, rows);
      job.shape.batch = std::int64_t{1} << entries;
      job.shape.m = std::int64_t{1} << (rows - entries);
      job.shape.k = std::int64_t{1} << ((longest ? 20 : 16) - rows);
      std::int64_t* const sizes[] = {&job.shape.batch, &job.shape.m, &job.shape.k};
      for (std::int64_t* const size : sizes) *size = pick(random, (*size + 1) / 2, *size);
      job.batched.a = true;
      job.scattered = false;
      job.illegal_nibbles = static_cast<int>(pick(random, 1, 2));
    });
  }
  mixed("registers", [stalled, during](EnginePlan& p, Draw& random, const Preset&) {
    stalled(p, random);
    p.jobs.resize(static_cast<std::size_t>(pick(random, 1, 2)));
    p.event = EngineEvent::registers;
    p.read_back = true;
    p.at = 100 + during(p, random, 1);
  });
  const auto event = [&](const char* test, EngineEvent what, std::int64_t per_element) {
    mixed(test, [stalled, during, what, per_element](EnginePlan& p, Draw& random, const Preset&) {
      stalled(p, random);
      if (what == EngineEvent::reset || chance(random, 2)) p.jobs.resize(1);
      p.queued = p.jobs.size() > 1;
      p.event = what;
      p.at = during(p, random, per_element);
      if (chance(random, 2)) p.lead = scattered_job(p.jobs.front().mode, random);
    });
  };
  event("abort", EngineEvent::abort, 1);
  mixed("abort_late", [stalled](EnginePlan& p, Draw& random, const Preset& of) {
    stalled(p, random);
    p.queued = true;
    p.event = EngineEvent::late_abort;
    p.at = pick(random, 0, 20 + p.latency);
    if (chance(random, 4)) p.jobs.push_back(random_job(of, p.jobs.front().mode, random));
  });
  event("reset", EngineEvent::reset, 1);
  event("read_fault", EngineEvent::read_fault, 8);
  event("write_fault", EngineEvent::write_fault, 64);
  const auto wrong = [&](const char* test, EngineWrong what) {
    mixed(test, [stalled, what](EnginePlan& p, Draw& random, const Preset& of) {
      stalled(p, random);
      // A wrong window would hit the next job as well.
      const bool window = what == EngineWrong::read_window || what == EngineWrong::write_window;
      if (window || chance(random, 2)) p.jobs.resize(1);
      p.wrong = what;
      EngineJob& first = p.jobs.front();
      first.shape.k = std::max<std::int64_t>(first.shape.k, 1);
      if (what == EngineWrong::wrap) {
        first.shape.batch = std::max<std::int64_t>(first.shape.batch, 2);
        first.batched.a = true;
      }
      if (what == EngineWrong::metadata) first.illegal_nibbles = static_cast<int>(pick(random, 1, 10));
      if (chance(random, 2)) return;
      p.behind = !window && chance(random, 2);
      p.lead = p.behind ? random_job(of, first.mode, random) : scattered_job(first.mode, random);
    });
  };
  wrong("wrong_size", EngineWrong::size);
  wrong("wrong_format", EngineWrong::format);
  wrong("wrong_alignment", EngineWrong::align);
  wrong("address_wrap", EngineWrong::wrap);
  wrong("read_window", EngineWrong::read_window);
  wrong("write_window", EngineWrong::write_window);
  wrong("metadata_stop", EngineWrong::metadata);
  mixed("scattered", [](EnginePlan& p, Draw& random, const Preset&) {
    const CoreMode modes[] = {p.jobs[0].mode, p.jobs[1].mode};
    p.jobs.clear();
    for (int j = 0; j < 4; ++j) p.jobs.push_back(scattered_job(modes[j % 2], random));
    p.latency = static_cast<int>(pick(random, 1, 30));
    p.queued = chance(random, 2);
    p.read_back = true;
  });
  mixed("scattered_window", [](EnginePlan& p, Draw& random, const Preset&) {
    p.jobs = {scattered_job(p.jobs.front().mode, random)};
    p.latency = static_cast<int>(pick(random, 1, 30));
    p.wrong = chance(random, 2) ? EngineWrong::read_window : EngineWrong::write_window;
  });
  mixed("huge_size", [all](EnginePlan& p, Draw& random, const Preset& of) {
    static constexpr EngineWrong kSizes[] = {EngineWrong::huge_m, EngineWrong::huge_batch, EngineWrong::huge_k,
                                             EngineWrong::huge_n};
    p.jobs.resize(1);
    p.wrong = kSizes[random() % 4];
    EngineJob& job = p.jobs.front();
    job.scattered = false;
    job.shape = {.batch = 1, .m = pick(random, 1, 9), .n = pick(random, 1, 9), .k = pick(random, 1, 9)};
    if (p.wrong == EngineWrong::huge_m) job.shape.m = 1;
    if (p.wrong == EngineWrong::huge_k || p.wrong == EngineWrong::huge_n) {
      while (job.mode.sparse) job.mode = all[random() % all.size()];
      job.shape.k = 1;
      job.with_c = false;
    }
    if (p.wrong == EngineWrong::huge_n) job.shape.n = block_columns(of, job.mode) * pick(random, 1, 2);
  });
  if (!large_blocks(preset)) {  // counters and sizes of many bits
    mixed("very_long", [](EnginePlan& p, Draw& random, const Preset& of) {
      p.jobs.resize(1);
      p.latency = static_cast<int>(pick(random, 1, 100));
      make_very_long(p.jobs.front(), of, p.seed % 16 == 2 ? 16 : 10, random);
      if (chance(random, 2)) p.jobs.front().illegal_nibbles = static_cast<int>(pick(random, 1, 3));
      if (!chance(random, 3)) return;
      p.event = EngineEvent::read_fault;
      p.at = pick(random, 0, p.seed % 16 == 2 ? 1 << 16 : 1 << 10);
    });
  }
}

}  // namespace

const std::vector<RegressTest>& regress_tests() {
  static const std::vector<RegressTest> tests = [] {
    std::vector<RegressTest> all;
    for (const std::string& preset : core_model_presets()) add_core_tests(all, *find_preset(preset));
    for (const std::string& preset : gemm_model_presets()) add_engine_tests(all, *find_preset(preset));
    return all;
  }();
  return tests;
}

const RegressTest* find_regress_test(std::string_view name) {
  const auto& tests = regress_tests();
  const auto found = std::ranges::find(tests, name, &RegressTest::name);
  return found == tests.end() ? nullptr : &*found;
}

}  // namespace spmma::verif
