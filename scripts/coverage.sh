#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures coverage. Lines, branches, assertions and bins: of the presets tiny and small in build/coverage/lines, by the registers'
# tests, directed ones and SEEDS seeds (default 8) of every test of the regression; of the large presets in
# build/coverage/large, by a quarter as many seeds. Toggles: of tiny and small in build/coverage/toggles, and of engines of large
# blocks around small tiles (verif/coverage/presets.json) in build/coverage/wide, by a quarter as many, too. Prints the table;
# build/coverage/report holds all of it: coverage.json, coverage.html (a part of a page), merged.coverage.
#
#   scripts/coverage.sh [--holes] [SEEDS]
#
# Takes three quarters of an hour on two cores, more than half of it to build the models. Exits with 1 if something is
# not covered, or an exclusion is reached.
set -euo pipefail
cd "$(dirname "$0")/.."

report_options=()
if [ "${1:-}" = --holes ]; then
  report_options=(--holes)
  shift
fi
seeds=${1:-8}
build=build/coverage
lines=$build/lines toggles=$build/toggles wide=$build/wide large=$build/large

build_with() { # KIND PRESETS FOLDER TARGET...; $options to CMake
  cmake -S . -B "$3" -G Ninja "-DSPMMA_COVERAGE=$1" "-DSPMMA_PRESETS=$2" -DSPMMA_WAVES=OFF -DSPMMA_BENCH=OFF \
    "${options[@]}" >/dev/null
  cmake --build "$3" --parallel "$(nproc)" --target "${@:4}"
}
scripts/deps.sh build
options=()
build_with LINE "tiny;small" "$lines" spmma_coverage_tool spmma_regs_tests spmma_core_tests spmma_engine_tests
build_with ALL "tiny;small" "$toggles" spmma_coverage_tool spmma_regs_tests spmma_far_tests
mkdir -p "$wide/rtl"
cp -p rtl/* "$wide/rtl/"
cp -p verif/coverage/presets.json "$wide/rtl/"
options=("-DSPMMA_RTL_DIR=$PWD/$wide/rtl" -DSPMMA_FAULTS=OFF)
build_with ENGINE "tall;deep;long;wide" "$wide" spmma_coverage_tool
options=()
build_with LINE "ampere;hopper;turing;volta" "$large" spmma_coverage_tool

rm -rf "$build/data"
mkdir "$build/data"
quiet() { # NAME COMMAND...; what it covers becomes files of $build/data
  echo "== ${*:2}"
  SPMMA_COVERAGE_DIR=$build/data "${@:2}" >"$build/$1.log" 2>&1 || {
    tail -n 40 "$build/$1.log" >&2
    exit 1
  }
}
run_seeds() { # FOLDER NAME OPTION...; tests of the regression
  echo "== $2: ${*:3}"
  "$1/verif/coverage/spmma_coverage" run --out "$build/data/$2.coverage" "${@:3}"
}
few=$(((seeds + 3) / 4))

quiet regs "$lines/tests/regs/spmma_regs_tests"
quiet core "$lines/tests/rtl/spmma_core_tests" --gtest_filter='*CoreDirected*'
quiet engine "$lines/tests/engine/spmma_engine_tests" \
  --gtest_filter='*EngineStates*:*EngineJobs.EmptyJobs*:*EngineJobs.Polling*:*EngineJobs.TheEnd*:*EngineJobs.SizesBeyond*'
run_seeds "$lines" lines --seeds "$seeds"
run_seeds "$lines" wrap --filter engine.tiny.address_wrap --seed "$((seeds + 1))" --seeds "$((8 * seeds))"
run_seeds "$large" large --seeds "$few"
run_seeds "$large" fp8 --filter 'engine.*e[45]m*' --seed "$((few + 1))" --seeds "$seeds"

quiet regs_toggles "$toggles/tests/regs/spmma_regs_tests"
quiet far "$toggles/tests/far/spmma_far_tests"
# very_long has its longest jobs in the seeds 2, 18, 34, ...: too long for the engines of large blocks.
run_seeds "$toggles" toggles --seed 2 --seeds "$few"
run_seeds "$wide" wide --seed 3 --seeds "$few"
run_seeds "$wide" wide --filter metadata_noise --filter engine.deep.int8_dense --seed "$((3 + few))" --seeds "$seeds"

"$lines/verif/coverage/spmma_coverage" report "$build/data" --rtl rtl --exclusions verif/coverage/exclusions.json \
  --out "$build/report" "${report_options[@]}"
