// SPDX-License-Identifier: Apache-2.0
#include "io/interrupt.h"

#include <csignal>
#include <cstdlib>

namespace spmma::verif {
namespace {

std::atomic<bool> interrupted = false;

/// What an interrupt does when none is heeded, and the second one when they are.
void (*end_at_once)(int) = [](int signal) { std::_Exit(128 + signal); };

extern "C" void interrupt(int signal) {
  if (interrupted.exchange(true)) end_at_once(signal);
}

void handle_with(void (*handler)(int)) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, handler) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

}  // namespace

void on_interrupt(void (*handler)(int)) {
  end_at_once = handler;
  handle_with(handler);
}

const std::atomic<bool>& heed_interrupts() {
  handle_with(interrupt);
  return interrupted;
}

}  // namespace spmma::verif
