#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records the engine's cycles anew (tests/data/cycles.json), after a change of the RTL that is meant to change them.
#
#   scripts/record_cycles.sh
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh spmma spmma_cli_tests
SPMMA_RECORD_CYCLES=1 build/tests/cli/spmma_cli_tests --gtest_filter=CyclesTest.* --gtest_brief=1
git --no-pager diff --stat -- tests/data/cycles.json
