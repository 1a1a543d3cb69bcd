// SPDX-License-Identifier: Apache-2.0
/// What SIGINT, SIGTERM and SIGHUP do: `Ctrl-C`, `kill`, a terminal that closes.
#pragma once

#include <atomic>

namespace spmma::verif {

/// Has each of them call `handler`, but those that the caller ignores (nohup).
void on_interrupt(void (*handler)(int));

/// From now on the first of them sets what this returns, for long work to end in good order; the next one does
/// what on_interrupt() was told, or ends the program with 128 and its number.
const std::atomic<bool>& heed_interrupts();

}  // namespace spmma::verif
