// SPDX-License-Identifier: Apache-2.0
#include "io/interrupt.h"

#include <array>
#include <csignal>
#include <cstdlib>

namespace spmma::verif {
namespace {

constexpr std::array kInterrupts = {SIGINT, SIGTERM, SIGHUP};

std::atomic<bool> interrupted = false;

/// What a signal did before it was heeded.
void (*end_at_once)(int) = [](int signal) { std::_Exit(128 + signal); };

extern "C" void interrupt(int signal) {
  if (interrupted.exchange(true)) end_at_once(signal);
}

}  // namespace

void on_interrupt(void (*handler)(int)) {
  for (const int signal : kInterrupts) {
    if (std::signal(signal, handler) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

const std::atomic<bool>& heed_interrupts() {
  for (const int signal : kInterrupts) {
    const auto before = std::signal(signal, interrupt);
    if (before == SIG_IGN) {
      std::signal(signal, SIG_IGN);
    } else if (before != SIG_DFL && before != interrupt) {
      end_at_once = before;
    }
  }
  return interrupted;
}

}  // namespace spmma::verif
