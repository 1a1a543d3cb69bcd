#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Formats the C++ sources in place, or checks them.
#
#   scripts/format.sh [--check]
set -euo pipefail
cd "$(dirname "$0")/.."

case ${1:-} in
  "") options=(-i) ;;
  --check) options=(--dry-run -Werror) ;;
  *)
    echo "usage: scripts/format.sh [--check]" >&2
    exit 2
    ;;
esac
find golden verif tests \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 clang-format-19 "${options[@]}"
