// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "cli/job.h"
#include "cli/verbs.h"
#include "cli/wave_output.h"
#include "harness/hardware_failure.h"
#include "io/progress.h"
#include "model/assertion.h"
#include "model/wave_file.h"
#include "regress/test_case.h"
#include "spmma/describe.h"
#include "wave/failure_wave.h"
#include "wave/picture.h"
#include "wave/save_file.h"

namespace spmma::cli {

using verif::InputError;
using verif::WaveWindow;

namespace {

constexpr std::int64_t kMostCycles = 2000;  ///< of a wave that nobody chose a window for

std::int64_t cycle_number(const char* flag, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > (std::int64_t{1} << 60)) {
    throw InputError(fmt::format("{}: '{}' is not a number of cycles", flag, text));
  }
  return value;
}

/// What was asked for; nothing: the command chooses. The mark is that of --around.
struct Window {
  std::optional<WaveWindow> chosen;
  std::optional<std::int64_t> mark;
};

Window window_flags(const WaveFlags& flags) {
  Window window;
  if (!flags.around.empty()) {
    if (flags.from || flags.to) throw InputError("--around does not go with --from and --to");
    const std::size_t colon = flags.around.find(':');
    const std::string_view text = flags.around;
    window.mark = cycle_number("--around", text.substr(0, colon));
    const std::int64_t radius =
        colon == std::string_view::npos ? verif::kFailureRadius : cycle_number("--around", text.substr(colon + 1));
    window.chosen = verif::window_around(*window.mark, radius);
  } else if (flags.from || flags.to) {
    window.chosen = WaveWindow{};
    if (flags.from) window.chosen->from = cycle_number("--from", *flags.from);
    if (flags.to) window.chosen->to = cycle_number("--to", *flags.to);
    if (window.chosen->from > window.chosen->to) {
      throw InputError(fmt::format("--to: {} is before --from, {}", window.chosen->to, window.chosen->from));
    }
  }
  return window;
}

/// The names nearest to one that does not exist: those that share the longest beginning with it.
std::string near_names(std::string_view name) {
  constexpr std::size_t kMost = 40;
  for (;; name.remove_suffix(1)) {
    std::string names;
    std::size_t count = 0;
    for (const verif::RegressTest& test : verif::regress_tests()) {
      if (!test.name.starts_with(name)) continue;
      if (count++ < kMost) names += (names.empty() ? "" : ", ") + test.name;
    }
    if (count > kMost) names += fmt::format(" and {} more", count - kMost);
    if (count > 0) return names;
    if (name.empty()) return "none: this build has no models";
  }
}

/// Something to simulate: its first run finds what is wrong with it, its second one is recorded.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual const Preset& preset() const = 0;
  virtual bool engine() const = 0;
  virtual std::string title() const = 0;
  /// What went wrong, and in which cycle, if it is known.
  struct Finding {
    std::string message;
    std::optional<std::int64_t> cycle;
    verif::TileElement element = {};
    std::string assertion = {};  ///< path of the one that failed
  };
  virtual std::optional<Finding> find() = 0;
  /// Throws std::runtime_error("wave file ...") if the file cannot be written.
  virtual void record(const std::string& wave, WaveWindow window) = 0;
  virtual verif::WaveFormats formats(const std::string& wave, WaveWindow window, std::int64_t mark) const = 0;
};

class TestSubject final : public Subject {
 public:
  TestSubject(const verif::RegressTest& test, std::uint64_t seed)
      : title_(fmt::format("{}, seed {}", test.name, seed)), case_(test.make(seed)) {}

  const Preset& preset() const override { return *find_preset(case_->preset()); }
  bool engine() const override { return case_->on_engine(); }
  std::string title() const override { return title_; }
  std::optional<Finding> find() override {
    const verif::CaseResult result = case_->run({});
    if (!result.failure) return std::nullopt;
    return Finding{result.failure->message, result.failure->cycle, result.failure->element, result.failure->assertion};
  }
  void record(const std::string& wave, WaveWindow window) override { case_->run({.wave = wave, .window = window}); }
  verif::WaveFormats formats(const std::string& wave, WaveWindow window, std::int64_t mark) const override {
    return verif::formats_in(wave, engine(), window, mark);
  }

 private:
  std::string title_;
  std::shared_ptr<const verif::TestCase> case_;
};

class GemmSubject final : public Subject {
 public:
  explicit GemmSubject(const GemmFlags& flags) : job_(load_job(flags)), golden_(gemm_fast(job_.problem(), 0)) {
    const GemmProblem p = job_.problem();
    if (p.m() == 0 || p.n() == 0 || p.batch() == 0) throw InputError("D has no elements: nothing runs");
  }

  const Preset& preset() const override { return *job_.preset; }
  bool engine() const override { return job_.engine; }
  std::string title() const override {
    const GemmProblem p = job_.problem();
    return fmt::format("{} x {} x {}, {}, {}", p.m(), p.n(), p.k(), name(job_.a_format), job_.preset->name);
  }
  std::optional<Finding> find() override {
    verif::take_assertion_failure();
    try {
      return run("", {});
    } catch (const verif::HardwareFailure& e) {
      const std::optional<verif::AssertionFailure> assertion = verif::take_assertion_failure();
      if (!assertion) return Finding{e.what(), e.cycle()};
      return Finding{fmt::format("{}: {}", e.what(), assertion->name), e.cycle(), {}, assertion->path};
    }
  }
  void record(const std::string& wave, WaveWindow window) override {
    try {
      run(wave, window);
    } catch (const verif::HardwareFailure&) {  // what is recorded
    }
  }
  verif::WaveFormats formats(const std::string& /*wave*/, WaveWindow /*window*/, std::int64_t /*mark*/) const override {
    return verif::wave_formats(job_.a_format, job_.b_format, job_.acc);
  }

 private:
  std::optional<Finding> run(const std::string& wave, WaveWindow window) {
    verif::Progress progress;
    const auto tell = [&](std::int64_t done, std::int64_t all) { progress.update(done, all); };
    std::optional<verif::FirstWrong> wrong;
    Tensor d;
    const auto set = [&](auto options) {
      options.wave = wave;
      options.window = window;
      options.expected = &golden_;
      options.progress = tell;
      return options;
    };
    if (job_.engine) {
      verif::EngineRunResult result = run_engine_gemm(job_.problem(), set(job_.engine_options()));
      if (result.error.code != 0) {
        return Finding{fmt::format("the engine ends the job with error {}", result.error.code), std::nullopt};
      }
      wrong = result.first_wrong;
      d = std::move(result.d);
    } else {
      verif::CoreRunResult result = run_core_gemm(job_.problem(), set(job_.core_options()));
      wrong = result.first_wrong;
      d = std::move(result.d);
    }
    if (!wrong) {
      if (d.data == golden_.data) return std::nullopt;
      return Finding{"D differs from the golden model", std::nullopt};
    }
    if (wrong->entry >= d.batch || wrong->row >= d.rows || wrong->col >= d.cols) {
      return Finding{"a beat is written beside D", wrong->cycle};
    }
    const CoreParams& core = job_.preset->core;
    return Finding{fmt::format("D[{},{}] of entry {} is {}, not {}", wrong->row, wrong->col, wrong->entry,
                               describe(job_.acc, d.get(wrong->entry, wrong->row, wrong->col)),
                               describe(job_.acc, golden_.get(wrong->entry, wrong->row, wrong->col))),
                   wrong->cycle,
                   {.row = static_cast<int>(wrong->row % core.rows), .col = static_cast<int>(wrong->col % core.cols)}};
  }

  Job job_;
  Tensor golden_;
};

std::unique_ptr<Subject> make_subject(const WaveFlags& flags) {
  const GemmFlags& g = flags.gemm;
  if (flags.test.empty()) {
    for (const auto& [flag, value] : {std::pair{"--format", &g.format}, {"--a", &g.a}, {"--b", &g.b}}) {
      if (value->empty()) throw InputError(fmt::format("{} is required, or --test", flag));
    }
    if (g.backend == "golden") throw InputError("--backend golden: the golden model has no signals");
    return std::make_unique<GemmSubject>(g);
  }
  const verif::RegressTest* const test = verif::find_regress_test(flags.test);
  if (test == nullptr)
    throw InputError(fmt::format("--test: no test '{}'; near it: {}", flags.test, near_names(flags.test)));
  return std::make_unique<TestSubject>(*test, g.seed);
}

/// The first and the last cycle that a recording has.
WaveWindow recorded(const std::string& wave, bool engine, WaveWindow asked) {
  const auto samples = verif::WaveDump(wave).sample({}, verif::wave_clock(engine), asked);
  if (samples.values.empty()) {
    throw InputError(fmt::format("the run ends before cycle {}: there is nothing to write", asked.from));
  }
  return {.from = samples.first, .to = samples.first + std::ssize(samples.values) - 1};
}

}  // namespace

std::string wave_preset(const WaveFlags& flags) {
  if (flags.test.empty()) return flags.gemm.preset;
  const std::size_t begin = flags.test.find('.');  // unit.preset.test
  if (begin == std::string::npos) return flags.gemm.preset;
  return flags.test.substr(begin + 1, flags.test.find('.', begin + 1) - begin - 1);
}

int wave(const WaveFlags& flags) {
  check_wave_name(flags.out);
  if (!flags.picture.empty() && !flags.picture.ends_with(".svg")) {
    throw InputError(fmt::format("{}: a picture's name ends in .svg", flags.picture));
  }
  const Window asked = window_flags(flags);
  if (!verif::have_fst2vcd())
    throw InputError("waves are read through fst2vcd, which is missing (Debian package gtkwave)");
  const std::unique_ptr<Subject> subject = make_subject(flags);
  WaveOutput out(flags.out);
  std::optional<verif::OutputFile> picture;
  if (!flags.picture.empty()) picture.emplace(flags.picture);

  const std::optional<Subject::Finding> finding = subject->find();
  std::optional<std::int64_t> mark = asked.mark;
  if (finding && finding->cycle) mark = finding->cycle;
  WaveWindow window{.from = 0, .to = kMostCycles - 1};
  if (asked.chosen) {
    window = *asked.chosen;
  } else if (mark) {
    window = verif::window_around(*mark);
  }
  try {
    subject->record(out.recording(), window);
  } catch (const std::exception& e) {
    const std::string_view what = e.what();
    throw InputError(fmt::format("{}: cannot be recorded: {}", flags.out, what));
  }
  const WaveWindow got = recorded(out.recording(), subject->engine(), window);
  if (mark && !got.holds(*mark)) mark.reset();
  const verif::WaveFormats formats = subject->formats(out.recording(), got, mark.value_or(got.to));
  auto layout =
      wave_layout(subject->preset(), subject->engine(), formats, finding ? finding->element : verif::TileElement());
  if (finding && mark) {
    add_failed_assertion(layout, out.recording(), subject->engine(), finding->assertion, got, *mark);
  }
  out.save(layout, got, mark);
  if (picture) {
    picture->write(verif::wave_picture(out.recording(), subject->engine(), layout, {.window = got, .mark = mark}));
  }
  const bool quiet = picture && picture->is_stdout();
  out.commit();
  if (picture) picture->commit();

  if (finding) fmt::print(stderr, "spmma: {}: {}\n", subject->title(), finding->message);
  if (!quiet) {
    const bool cut = !asked.chosen && !mark && got.to == kMostCycles - 1;
    fmt::print("{}: cycles {} to {} of {}{}\n", flags.out, got.from, got.to, subject->title(),
               cut ? ", the first ones (--from, --to and --around choose others)" : "");
    if (finding && finding->cycle) {
      fmt::print("the first wrong cycle is {}{}\n", *finding->cycle,
                 got.holds(*finding->cycle) ? "" : ", not in the wave");
    } else {
      fmt::print("{}\n", finding ? "which cycle goes wrong first is not known" : "nothing is wrong with it");
    }
    if (!out.save_name().empty()) fmt::print("gtkwave {} {}\n", flags.out, out.save_name());
  }
  return finding ? 1 : 0;
}

int wave_filter(const std::string& radix) {
  const std::optional<verif::Radix> parsed = verif::parse_radix(radix);
  if (!parsed) {
    fmt::print(stderr, "spmma: '{}' is no format or kind of name that waves have\n", radix);
    return 2;
  }
  verif::wave_filter(*parsed, std::cin, std::cout);
  return 0;
}

}  // namespace spmma::cli
