#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the regression on parameters that no preset has: other depths of the pipeline, fraction bits, memories, widths of
# the bus, dense units of every format (verif/regress/presets.json). Builds their models first, some minutes.
#
#   scripts/parameters.sh [ARGUMENT...]
#
# The arguments go to `spmma regress`; by default they are --seeds 8. State and failures lie in build/parameters/last.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || set -- --seeds 8
scripts/build.sh --only tiny spmma
folder=$PWD/build/parameters
mkdir -p "$folder/rtl"
cp -p rtl/* verif/regress/presets.json "$folder/rtl/"
exec build/verif/cli/spmma regress --rtl "$folder/rtl" --no-waves --folder "$folder/last" "$@"
