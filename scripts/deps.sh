#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing (Debian 12 and 13; as root or with sudo).
#
#   scripts/deps.sh [build|test|fuzz]
#
# build: what configuring, building and running need. test (the default): that, and what the tests, lint and format
# checks need. fuzz: what scripts/fuzz.sh needs. Says and does nothing when all is there.
set -euo pipefail

build=(
  g++ clang make cmake ninja-build ccache git python3 verilator
  zlib1g-dev                                                         # FST waveforms
  libboost-dev nlohmann-json3-dev libcli11-dev libfmt-dev libhwy-dev libpugixml-dev # the library and the command
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev       # configured by default: tests and benchmarks
  libssl-dev libyaml-cpp-dev                                        # the sweep
  libmpfr-dev libeigen3-dev                                          # independent oracles of the tests
)
test=(
  iverilog yosys z3                        # lint, 4-state simulation
  gtkwave                                  # fst2vcd
  opensta slurm-wlm munge                  # the sweep's clock and power; its cluster of one node
  clang-format-19 clang-tidy-19 shellcheck # style: one version on both Debians, so both agree
)
# The cell library of the sweep; later Debians have none, and the sweep does without.
[ "$(sed -n 's/^VERSION_ID="\(.*\)"$/\1/p' /etc/os-release 2>/dev/null)" != 12 ] || test+=(qflow-tech-osu018)
fuzz=(
  clang-19 libclang-rt-19-dev # libFuzzer
)

usage() { sed -n '3,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
case ${1:-test} in
  build) wanted=("${build[@]}") ;;
  test) wanted=("${build[@]}" "${test[@]}") ;;
  fuzz) wanted=("${build[@]}" "${fuzz[@]}") ;;
  *) usage ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "deps.sh: not a Debian system; install what corresponds to: ${wanted[*]}" >&2
  exit 1
fi

installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package installed" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "deps.sh: neither root nor sudo; install these packages: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1; }
fail() {
  tail -n 20 "$log" >&2
  echo "deps.sh: could not $1 (packages wanted: ${missing[*]})" >&2
  exit 1
}

echo "deps.sh: installing ${missing[*]}"
# Package lists may be missing or stale: refresh them first, and judge by the installation.
apt update || tail -n 5 "$log" >&2
apt install -y --no-install-recommends "${missing[@]}" || fail "install with apt-get"
