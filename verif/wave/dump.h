// SPDX-License-Identifier: Apache-2.0
// Reads the waves that the models write: names, and what signals are in each cycle.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/wave_window.h"

namespace spmma::verif {

class WaveDump {
 public:
  struct Signal {
    std::string range;  ///< as the file has it: "[31:0]"; empty for one bit
    int width = 0;
    std::string code;
  };
  /// Values of some signals in consecutive cycles, each as bits, the highest first, 'x' where unknown.
  struct Samples {
    std::int64_t first = 0;                        ///< cycle of the model
    std::vector<std::vector<std::string>> values;  ///< by cycle, then as they were asked for
  };

  /// Opens a wave and reads its header; an .fst is read through gtkwave's fst2vcd. Throws std::runtime_error
  /// ("FILE: what is wrong") if it cannot be read, has no header, or there is no fst2vcd.
  explicit WaveDump(std::string path);
  ~WaveDump();
  WaveDump(const WaveDump&) = delete;
  WaveDump& operator=(const WaveDump&) = delete;

  /// By their paths, without ranges: "TOP.spmma_core.in_slot_i".
  const std::map<std::string, Signal, std::less<>>& signals() const { return signals_; }
  const Signal* find(std::string_view path) const;

  /// The signals of these paths in the cycles of `window` that the wave has: what each rising edge of `clock` finds.
  /// An unknown path gives "x". It reads on, so it can be called once.
  Samples sample(const std::vector<std::string>& paths, const std::string& clock, WaveWindow window);

 private:
  [[noreturn]] void fail(const std::string& what) const;
  void open();
  void close();
  bool line();
  void read_header();

  std::string path_;
  std::FILE* file_ = nullptr;
  pid_t converter_ = -1;  ///< fst2vcd, while it runs
  char* line_ = nullptr;  ///< getline()'s
  std::size_t capacity_ = 0;
  std::string_view text_;  ///< of the current line, without its end
  std::map<std::string, Signal, std::less<>> signals_;
};

}  // namespace spmma::verif
