// SPDX-License-Identifier: Apache-2.0
#include "wave/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>
#include <utility>

namespace spmma::verif {
namespace {

// rtl/spmma_pkg.sv: the control words of the stages, one beside the other.
constexpr int kCtlWidth = 15;
constexpr int kCtlEnable = 14;
constexpr int kResultStage = 11;

/// Appends rows of one module.
class Rows {
 public:
  Rows(WaveGroup& group, std::string scope) : group_(group), scope_(std::move(scope) + ".") {}

  WaveBits bits(const std::string& name, int high = -1, int low = 0) const { return {scope_ + name, high, low}; }
  Rows& add(const std::string& name, Radix radix = Radix::bit) {
    group_.rows.push_back({name, bits(name), radix});
    return *this;
  }
  Rows& add(const std::string& label, const WaveBits& bits, Radix radix) {
    group_.rows.push_back({label, bits, radix});
    return *this;
  }
  /// The last row is in the picture.
  Rows& main(WaveBits when = {}) {
    group_.rows.back().main = true;
    group_.rows.back().when = std::move(when);
    return *this;
  }

 private:
  WaveGroup& group_;
  std::string scope_;
};

WaveBits stage_enable(const std::string& core, int stage) {
  const int bit = kCtlWidth * stage + kCtlEnable;
  return {core + ".u_ctrl.ctl_o", bit, bit};
}

/// Of one element.
int element_bits(Radix radix) {
  switch (radix) {
    case Radix::int8:
    case Radix::uint8:
    case Radix::e4m3:
    case Radix::e5m2:
      return 8;
    case Radix::fp16:
    case Radix::bf16:
      return 16;
    default:
      return 32;
  }
}

bool has_stage(const CoreParams& p, int stage) {
  constexpr std::array<std::pair<int, int>, 4> kOptional = {{{3, 0}, {7, 1}, {9, 2}, {10, 3}}};  // stage, bit of Pipe
  for (const auto& [optional, bit] : kOptional) {
    if (stage == optional) return ((p.pipe >> bit) & 1) != 0;
  }
  return true;
}

std::vector<WaveGroup> core_groups(const CoreParams& p, const WaveFormats& formats, TileElement element,
                                   const std::string& core, bool in_engine) {
  std::vector<WaveGroup> groups;
  const auto group = [&](const std::string& title) -> WaveGroup& {
    groups.push_back({in_engine ? fmt::format("Core: {}", title) : title, {}});
    return groups.back();
  };
  const WaveBits in_valid{core + ".in_valid_i"}, out_valid{core + ".out_valid_o"}, issue{core + ".issue"};
  const auto [r, c] = element;
  const std::string row = fmt::format("{}.gen_row[{}].u_row", core, r),
                    dot = fmt::format("{}.gen_col[{}].u_dot", row, c);

  Rows in(group("a step comes in"), core);
  in.add("in_valid_i").main().add("in_ready_o").main();
  in.add("in_fmt_a_i", Radix::format);
  if (!in_engine) in.main(in_valid);
  in.add("in_fmt_b_i", Radix::format).add("in_acc_f16_i");
  in.add("in_sparse_i");
  if (p.sparse && !in_engine) in.main(in_valid);
  in.add("in_meta_any_i").add("in_saturate_i");
  in.add("in_len_i", Radix::unsigned_decimal).add("in_slot_i", Radix::unsigned_decimal).main(in_valid);
  in.add("in_first_i").main(in_valid).add("in_last_i").main(in_valid);
  in.add("in_a_i", Radix::hex).add("in_b_i", Radix::hex).add("in_meta_i", Radix::hex).add("in_c_i", Radix::hex);

  Rows zero(group("stage 0, waiting for its slot"), core);
  zero.add("valid0_q").add("issue").main().add("slot0_q", Radix::unsigned_decimal).main(issue);
  zero.add("first0_q").add("last0_q");
  zero.add("behind", {core + ".u_ctrl.behind"}, Radix::hex);
  zero.add("credits", {core + ".u_ctrl.credits_q"}, Radix::unsigned_decimal);
  zero.add(fmt::format("A, row {}", r), {row + ".a0_i"}, formats.a);
  zero.add(fmt::format("A[{},0]", r), {row + ".a0_i", element_bits(formats.a) - 1, 0}, formats.a);
  if (!in_engine) zero.main(issue);
  if (p.sparse) {
    zero.add(fmt::format("metadata, row {}", r), {row + ".meta0_i"}, formats.metadata);
    if (!in_engine) zero.main(issue);
    zero.add(fmt::format("B, column {}", c), {fmt::format("{}.gen_col[{}].gen_arrange.u_arrange.b_i", core, c)},
             formats.b);
  } else {
    zero.add("B", {core + ".b0_q"}, formats.b);
  }
  zero.add(fmt::format("C, row {}", r), {row + ".c0_i"}, formats.acc);

  Rows stages(group(fmt::format("the pipeline, element ({}, {})", r, c)), dot);
  for (int stage = 1; stage <= kResultStage; ++stage) {
    if (has_stage(p, stage)) stages.add(fmt::format("stage {}", stage), stage_enable(core, stage), Radix::bit);
  }
  stages.add("C", {dot + ".c4_i"}, formats.acc);
  stages.add("e_max, biased", {dot + ".e_max6_q"}, Radix::signed_decimal);
  stages.add("sum S", {dot + ".sum8"}, Radix::signed_decimal);
  stages.add("result", {dot + ".d11_o"}, formats.acc).main(stage_enable(core, kResultStage));

  Rows accumulators(group("accumulators"), core);
  accumulators.add("read: slot3", {core + ".slot3"}, Radix::unsigned_decimal);
  accumulators.add(fmt::format("row {}, read", r), {row + ".acc4"}, formats.acc);
  accumulators.add("write11").main().add("slot11", Radix::unsigned_decimal).main(stage_enable(core, kResultStage));
  accumulators.add(fmt::format("row {}, result", r), {row + ".d11_o"}, formats.acc);

  Rows out(group("a finished tile goes out"), core);
  out.add("push11").add("out_valid_o").main().add("out_ready_i").main();
  out.add("out_slot_o", Radix::unsigned_decimal);
  if (!in_engine) out.main(out_valid);
  const int lowest = 32 * (r * p.cols + c);
  out.add("out_d_o", formats.acc);
  out.add(fmt::format("D[{},{}]", r, c), {core + ".out_d_o", lowest + 31, lowest}, formats.acc);
  if (!in_engine) out.main(out_valid);
  out.add("out_err_o").add("out_meta_err_o").add("out_meta_row_o", Radix::unsigned_decimal);
  out.add("out_meta_step_o", Radix::unsigned_decimal).add("out_meta_group_o", Radix::unsigned_decimal);
  return groups;
}

void add_clock(std::vector<WaveGroup>& groups, const std::string& top) {
  Rows(groups.emplace_back("clock and reset"), top).add("clk_i").main().add("rst_ni");
}

}  // namespace

std::string WaveBits::of(const std::string& value) const {
  if (high < 0) return value;
  const int size = static_cast<int>(value.size());
  if (high >= size) return "x";
  return value.substr(static_cast<std::size_t>(size - 1 - high), static_cast<std::size_t>(high - low + 1));
}

WaveFormats wave_formats(Format a, Format b, Acc acc) {
  return {.a = radix_of(a),
          .b = radix_of(b),
          .acc = radix_of(acc),
          .metadata = a == Format::tf32 ? Radix::metadata_tf32 : Radix::metadata};
}

std::vector<WaveGroup> core_layout(const CoreParams& p, const WaveFormats& formats, TileElement element) {
  std::vector<WaveGroup> groups;
  add_clock(groups, "TOP.spmma_core");
  for (WaveGroup& group : core_groups(p, formats, element, "TOP.spmma_core", false)) groups.push_back(std::move(group));
  return groups;
}

std::vector<WaveGroup> engine_layout(const Preset& preset, const WaveFormats& formats, TileElement element) {
  const std::string top = "TOP.spmma_gemm";
  const auto scope = [&](const char* module) { return top + "." + module; };
  using enum Radix;
  std::vector<WaveGroup> groups;
  add_clock(groups, top);

  Rows registers(groups.emplace_back("registers"), top);
  registers.add("s_axil_awvalid").main().add("s_axil_awready").add("s_axil_awaddr", hex);
  registers.main({top + ".s_axil_awvalid"});
  registers.add("s_axil_wvalid").add("s_axil_wready").add("s_axil_wdata", hex).add("s_axil_wstrb", hex);
  registers.add("s_axil_bvalid").add("s_axil_bready").add("s_axil_bresp", response);
  registers.add("s_axil_arvalid").add("s_axil_arready").add("s_axil_araddr", hex);
  registers.add("s_axil_rvalid").add("s_axil_rready").add("s_axil_rdata", hex).add("s_axil_rresp", response);
  registers.add("irq_o").main();

  Rows jobs(groups.emplace_back("jobs"), scope("u_jobs"));
  jobs.add("start_i").main().add("busy_o").main().add("queued_o").add("job_valid_o").add("job_taken_i");
  jobs.add("done_o").main().add("error_o").add("halt_o").add("clear_o").add("cycles_q", unsigned_decimal);

  Rows reader(groups.emplace_back("reader"), scope("u_reader"));
  reader.add("state_q", reader_state).main().add("unit_q", operand).main();
  reader.add("strip_q", unsigned_decimal).add("row_q", unsigned_decimal).main().add("second_q").add("room");
  reader.add("plan_push_o").add("block_push_o").add("read_push_o").add("open_q", unsigned_decimal);

  const WaveBits ar_valid{top + ".m_axi_arvalid"}, r_valid{top + ".m_axi_rvalid"};
  Rows read(groups.emplace_back("AXI read"), top);
  read.add("m_axi_arvalid").main().add("m_axi_arready").main().add("m_axi_araddr", hex).main(ar_valid);
  read.add("m_axi_arlen", unsigned_decimal);
  read.add("m_axi_rvalid").main().add("m_axi_rready").main().add("m_axi_rlast").add("m_axi_rresp", response);
  read.add("m_axi_rdata", hex).main(r_valid);

  Rows shifter(groups.emplace_back("shifter"), scope("u_shifter"));
  shifter.add("word_valid_o").main();
  // rtl/spmma_gemm_pkg.sv, ReadOperand, ReadRing, ReadRow.
  shifter.add("word's operand", shifter.bits("word_read_o", 3, 1), operand).main(shifter.bits("word_valid_o"));
  shifter.add("word's strip", shifter.bits("word_read_o", 11, 4), unsigned_decimal);
  shifter.add("word's row", shifter.bits("word_read_o", 21, 12), unsigned_decimal);
  shifter.add("word_index_o", unsigned_decimal).add("word_o", hex).add("flush_q");

  Rows buffers(groups.emplace_back("buffers, strips counted"), top);
  for (const char* name :
       {"a_loaded", "a_freed", "e_loaded", "b_loaded", "b_freed", "c_loaded", "c_freed", "d_filled", "d_freed"}) {
    buffers.add(name, unsigned_decimal);
  }

  Rows sequencer(groups.emplace_back("sequencer"), scope("u_sequencer"));
  const WaveBits step = sequencer.bits("step_valid_o");
  sequencer.add("plan_valid_i").add("step_valid_o").main();
  sequencer.add("waits for", sequencer.bits("stall_o"), stall).main();
  sequencer.add("strip", unsigned_decimal).main(step).add("step_q", unsigned_decimal).main(step);
  sequencer.add("tile_q", unsigned_decimal).main(step).add("first_o").add("last_o");
  sequencer.add("slot_o", unsigned_decimal).add("len_o", unsigned_decimal);
  for (const char* name : {"wait_a", "wait_e", "wait_b", "wait_c", "wait_d", "wait_chain"}) sequencer.add(name);

  for (WaveGroup& group : core_groups(preset.core, formats, element, top + ".u_core", true))
    groups.push_back(std::move(group));

  Rows results(groups.emplace_back("results"), scope("u_results"));
  results.add("tile_valid_i")
      .main()
      .add("tile_index_i", unsigned_decimal)
      .add("strip_end_i")
      .add("tile_i", formats.acc);
  results.add("rd_en_i").add("rd_ring_i", unsigned_decimal).add("rd_row_i", unsigned_decimal);
  results.add("rd_word_i", unsigned_decimal);

  Rows writer(groups.emplace_back("writer"), scope("u_writer"));
  writer.add("state_q", writer_state).main().add("row_q", unsigned_decimal).add("line_q", unsigned_decimal);
  writer.add("beat_q", unsigned_decimal).add("beat_o").add("open_q", unsigned_decimal).add("job_done_o");

  const WaveBits aw_valid{top + ".m_axi_awvalid"}, w_valid{top + ".m_axi_wvalid"};
  Rows write(groups.emplace_back("AXI write"), top);
  write.add("m_axi_awvalid").main().add("m_axi_awready").add("m_axi_awaddr", hex).main(aw_valid);
  write.add("m_axi_awlen", unsigned_decimal);
  write.add("m_axi_wvalid").main().add("m_axi_wready").main().add("m_axi_wlast").add("m_axi_wstrb", hex);
  // Words of 32 bits, of which an f16 D has two elements each.
  const Radix d = formats.acc == f16 ? fp16 : formats.acc;
  write.add("m_axi_wdata", d).main(w_valid);
  write.add("m_axi_bvalid").main().add("m_axi_bready").add("m_axi_bresp", response);
  return groups;
}

std::string wave_clock(bool engine) { return engine ? "TOP.spmma_gemm.clk_i" : "TOP.spmma_core.clk_i"; }

std::vector<WaveGroup> wave_layout(const Preset& preset, bool engine, const WaveFormats& formats, TileElement element) {
  return engine ? engine_layout(preset, formats, element) : core_layout(preset.core, formats, element);
}

void add_failed_assertion(std::vector<WaveGroup>& groups, const std::string& wave, bool engine,
                          const std::string& assertion, WaveWindow window, std::int64_t mark) {
  constexpr std::size_t kDrawn = 14;
  constexpr int kWide = 64;  // bits: more do not fit a cell
  if (assertion.empty()) return;
  WaveDump dump(wave);
  const auto signals_in = [&](const std::string& prefix) {
    std::vector<std::string> names;
    for (auto at = dump.signals().lower_bound(prefix); at != dump.signals().end(); ++at) {
      if (!at->first.starts_with(prefix)) break;
      const std::string name = at->first.substr(prefix.size());
      // Verilator's own begin with underscores.
      const bool telling = !name.starts_with("__") && name != "clk_i" && name != "rst_ni" && name != "unused";
      if (telling && name.find('.') == std::string::npos) names.push_back(name);
    }
    return names;
  };
  // A generate block may have none: then those of the module around it, up to the top module.
  std::string scope = assertion;
  std::vector<std::string> names;
  while (names.empty() && std::ranges::count(scope, '.') > 1) {
    scope.resize(scope.rfind('.'));
    names = signals_in(scope + ".");
  }
  if (names.empty()) return;
  WaveGroup group{fmt::format("{} fails in {}", assertion.substr(assertion.rfind('.') + 1), scope), {}};
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    paths.push_back(scope + "." + name);
    group.rows.push_back({name, {paths.back()}, dump.find(paths.back())->width == 1 ? Radix::bit : Radix::hex});
  }
  const WaveDump::Samples samples = dump.sample(paths, wave_clock(engine), window);
  struct Change {
    bool wide;
    std::int64_t since;  ///< cycles before the mark
    std::size_t row;
    auto operator<=>(const Change&) const = default;
  };
  std::vector<Change> changes;
  for (std::size_t row = 0; row < paths.size(); ++row) {
    for (std::int64_t i = std::min(mark - samples.first, std::ssize(samples.values) - 1); i > 0; --i) {
      const auto now = static_cast<std::size_t>(i);
      if (samples.values[now][row] == samples.values[now - 1][row]) continue;
      changes.push_back({dump.find(paths[row])->width > kWide, mark - samples.first - i, row});
      break;
    }
  }
  std::ranges::sort(changes);
  changes.resize(std::min(changes.size(), kDrawn));
  for (const Change& change : changes) group.rows[change.row].main = true;
  groups.insert(groups.begin() + 1, std::move(group));
}

WaveFormats formats_in(const std::string& wave, bool engine, WaveWindow window, std::int64_t mark) {
  const std::string core = engine ? "TOP.spmma_gemm.u_core." : "TOP.spmma_core.";
  WaveDump dump(wave);
  const WaveDump::Samples samples =
      dump.sample({core + "in_valid_i", core + "in_fmt_a_i", core + "in_fmt_b_i", core + "in_acc_f16_i"},
                  wave_clock(engine), window);
  const auto code = [](const std::string& bits) {
    return bits.find_first_not_of("01") == std::string::npos ? std::stoi(bits, nullptr, 2) : kFormatCount;
  };
  WaveFormats found;
  bool any = false;
  for (std::size_t i = 0; i < samples.values.size(); ++i) {
    const std::vector<std::string>& v = samples.values[i];
    const int a = code(v[1]), b = code(v[2]);
    if (v[0] != "1" || a >= kFormatCount || b >= kFormatCount) continue;
    if (any && samples.first + static_cast<std::int64_t>(i) > mark) break;
    const Format format_a = static_cast<Format>(a), format_b = static_cast<Format>(b);
    const Acc acc = is_integer(format_a) ? Acc::s32 : v[3] == "1" ? Acc::f16 : Acc::f32;
    found = wave_formats(format_a, format_b, acc);
    any = true;
  }
  return found;
}

}  // namespace spmma::verif
