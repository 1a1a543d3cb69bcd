#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds everything and runs every check: scripts, format, and all tests but those labelled "long",
# which are proofs and their planted bugs (scripts/proofs.sh). clang-tidy takes longer than all of them together and has its own
# command, scripts/tidy.sh.
#
#   scripts/test.sh [-v] [CTEST ARGUMENT...]
#
# With arguments it runs the tests that they choose and no other check: scripts/test.sh -L golden
set -euo pipefail
cd "$(dirname "$0")/.."

verbose=()
if [ "${1:-}" = -v ]; then
  verbose=(-v)
  shift
fi
scripts/deps.sh test
scripts/build.sh "${verbose[@]}" --few-waves

failed=()
check() { # NAME COMMAND...
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  "$@" || failed+=("$name")
  echo "== $name: $((SECONDS - start)) s"
}

if [ $# -eq 0 ]; then
  set -- -LE long
  check "shell scripts" shellcheck .ci/run scripts/*.sh
  check "format" scripts/format.sh --check
fi
check "tests" ctest --test-dir build --output-on-failure --no-tests=error -j "$(nproc)" "$@"

if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}" >&2
  exit 1
fi
echo "PASSED"
