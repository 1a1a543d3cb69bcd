#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures coverage: builds the presets tiny and small with it in build/coverage, runs the registers' tests, directed ones
# and SEEDS seeds (default 8) of every test of the regression; builds the large presets in build/coverage/large, without
# toggles, and runs a quarter as many there; prints the table. build/coverage/report holds all of it: coverage.json,
# coverage.html (a part of a page), merged.coverage.
#
#   scripts/coverage.sh [--holes] [SEEDS]
#
# Takes about half an hour on two cores: counting toggles makes the models slow. Exits with 1 if something is not
# covered, or an exclusion is reached.
set -euo pipefail
cd "$(dirname "$0")/.."

report_options=()
if [ "${1:-}" = --holes ]; then
  report_options=(--holes)
  shift
fi
seeds=${1:-8}
build=build/coverage large=build/coverage/large

build_with() { # KIND PRESETS FOLDER TARGET...
  cmake -S . -B "$3" -G Ninja "-DSPMMA_COVERAGE=$1" "-DSPMMA_PRESETS=$2" -DSPMMA_WAVES=OFF -DSPMMA_BENCH=OFF >/dev/null
  cmake --build "$3" --parallel "$(nproc)" --target "${@:4}"
}
scripts/deps.sh build
build_with ALL "tiny;small" "$build" spmma_coverage_tool spmma_regs_tests spmma_core_tests spmma_engine_tests
build_with LINE "ampere;hopper;turing;volta" "$large" spmma_coverage_tool

rm -rf "$build/data"
mkdir "$build/data"
export SPMMA_COVERAGE_DIR=$build/data
quiet() { # COMMAND...
  echo "== $*"
  "$@" >"$build/log" 2>&1 || {
    tail -n 40 "$build/log" >&2
    exit 1
  }
}
quiet "$build/tests/regs/spmma_regs_tests"
quiet "$build/tests/rtl/spmma_core_tests" --gtest_filter='*CoreDirected*'
quiet "$build/tests/engine/spmma_engine_tests" \
  --gtest_filter='*EngineStates*:*EngineJobs.EmptyJobs*:*EngineJobs.Polling*:*EngineJobs.TheEnd*'
unset SPMMA_COVERAGE_DIR
quiet "$build/verif/coverage/spmma_coverage" run --seeds "$seeds" --out "$build/data/regress.coverage"
quiet "$large/verif/coverage/spmma_coverage" run --seeds "$(((seeds + 3) / 4))" --out "$build/data/large.coverage"

"$build/verif/coverage/spmma_coverage" report "$build/data" --rtl rtl --exclusions verif/coverage/exclusions.json \
  --out "$build/report" "${report_options[@]}"
