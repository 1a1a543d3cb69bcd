// SPDX-License-Identifier: Apache-2.0
#include "wave/dump.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <set>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace spmma::verif {
namespace {

constexpr int kMostBits = 1 << 20;

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> all;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return all;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    all.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

/// Leading digits that a dump leaves out: zeros, or more of an unknown.
std::string widen(std::string_view bits, int width) {
  const auto w = static_cast<std::size_t>(width);
  if (bits.size() >= w) return std::string(bits.substr(bits.size() - w));
  const char fill = bits.empty() ? 'x' : bits.front() == '1' ? '0' : bits.front();
  return std::string(w - bits.size(), fill) + std::string(bits);
}

}  // namespace

WaveDump::WaveDump(std::string path) : path_(std::move(path)) {
  open();
  try {
    read_header();
  } catch (...) {
    close();
    throw;
  }
}

WaveDump::~WaveDump() { close(); }

void WaveDump::close() {
  if (file_ != nullptr) std::fclose(std::exchange(file_, nullptr));
  std::free(std::exchange(line_, nullptr));
  if (converter_ > 0) {
    ::kill(converter_, SIGTERM);  // it may have the whole wave before it still
    ::waitpid(std::exchange(converter_, -1), nullptr, 0);
  }
}

void WaveDump::fail(const std::string& what) const { throw std::runtime_error(path_ + ": " + what); }

void WaveDump::open() {
  if (::access(path_.c_str(), R_OK) != 0) fail(std::strerror(errno));
  if (!path_.ends_with(".fst")) {
    file_ = std::fopen(path_.c_str(), "r");
    if (file_ == nullptr) fail(std::strerror(errno));
    return;
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(std::strerror(errno));
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_adddup2(&streams, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&streams, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program = "fst2vcd", option = "-f", file = path_;
  std::array<char*, 4> argv = {program.data(), option.data(), file.data(), nullptr};
  const int error = posix_spawnp(&converter_, "fst2vcd", &streams, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&streams);
  ::close(ends[1]);
  if (error != 0) {
    converter_ = -1;
    ::close(ends[0]);
    fail("reading it needs fst2vcd (Debian package gtkwave)");
  }
  file_ = ::fdopen(ends[0], "r");
}

bool WaveDump::line() {
  const ssize_t size = ::getline(&line_, &capacity_, file_);
  if (size < 0) return false;
  text_ = std::string_view(line_, static_cast<std::size_t>(size));
  while (!text_.empty() && (text_.back() == '\n' || text_.back() == '\r')) text_.remove_suffix(1);
  return true;
}

void WaveDump::read_header() {
  std::vector<std::string> scopes;
  while (line()) {
    const std::vector<std::string_view> w = words(text_);
    if (w.empty()) continue;
    if (w[0] == "$enddefinitions") return;
    if (w[0] == "$scope" && w.size() >= 3) {
      scopes.push_back((scopes.empty() ? "" : scopes.back() + ".") + std::string(w[2]));
    } else if (w[0] == "$upscope") {
      if (scopes.empty()) fail("is damaged: a scope ends that did not begin");
      scopes.pop_back();
    } else if (w[0] == "$var" && w.size() >= 6) {
      Signal signal;
      const auto [end, error] = std::from_chars(w[2].data(), w[2].data() + w[2].size(), signal.width);
      if (error != std::errc() || signal.width < 1 || signal.width > kMostBits) fail("is damaged: a signal's width");
      signal.code = w[3];
      std::string name(w[4]);
      if (w[5] != "$end") signal.range = w[5];
      const std::size_t bracket = name.rfind('[');
      if (signal.range.empty() && signal.width > 1 && bracket != std::string::npos) {
        signal.range = name.substr(bracket);
        name.resize(bracket);
      }
      signals_[(scopes.empty() ? "" : scopes.back() + ".") + name] = std::move(signal);
    }
  }
  fail("is no waveform: its header has no end");
}

const WaveDump::Signal* WaveDump::find(std::string_view path) const {
  const auto at = signals_.find(path);
  return at == signals_.end() ? nullptr : &at->second;
}

WaveDump::Samples WaveDump::sample(const std::vector<std::string>& paths, const std::string& clock, WaveWindow window) {
  const Signal* const edges = find(clock);
  if (edges == nullptr) fail("has no clock " + clock);

  std::unordered_map<std::string, std::string> now;  // by code
  now[edges->code] = std::string(1, 'x');
  for (const std::string& path : paths) {
    if (const Signal* s = find(path)) now[s->code] = std::string(static_cast<std::size_t>(s->width), 'x');
  }
  auto before = now;  // at the beginning of this instant: what an edge in it finds
  Samples samples;
  bool edge = false;
  std::int64_t time = 0;
  const auto end_of_instant = [&] {
    const std::int64_t cycle = time / 2 - 1;  // model/wave_window.h
    if (edge && window.holds(cycle)) {
      if (samples.values.empty()) samples.first = cycle;
      std::vector<std::string>& values = samples.values.emplace_back();
      for (const std::string& path : paths) {
        const Signal* const s = find(path);
        values.push_back(s == nullptr ? "x" : widen(before.at(s->code), s->width));
      }
    }
    edge = false;
  };
  while (line()) {
    if (text_.empty() || text_[0] == '$') continue;
    if (text_[0] == '#') {
      end_of_instant();
      const auto [end, error] = std::from_chars(text_.data() + 1, text_.data() + text_.size(), time);
      if (error != std::errc() || time < 0) fail("is damaged: a time");
      if (time / 2 - 1 > window.to) return samples;
      before = now;
      continue;
    }
    const bool vector = text_[0] == 'b' || text_[0] == 'B';
    const std::size_t space = vector ? text_.find(' ') : 1;
    if (space == std::string_view::npos) continue;
    const std::string_view bits = vector ? text_.substr(1, space - 1) : text_.substr(0, 1);
    const auto at = now.find(std::string(text_.substr(vector ? space + 1 : 1)));
    if (at == now.end()) continue;
    if (at->first == edges->code && bits == "1" && at->second == "0") edge = true;
    at->second = bits;
  }
  end_of_instant();
  return samples;
}

}  // namespace spmma::verif
