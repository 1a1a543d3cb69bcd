#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lints the RTL, core and engine, with Verilator, Icarus Verilog and Yosys: no warning and no waiver for any preset,
# parameters out of range must stop elaboration with a name that says why, and what only the assertions read must be
# named so.
#
#   scripts/lint.sh [WHAT...]
#
# WHAT is the name of a preset of rtl/presets.json, `bad-parameters` or `names`; the default is all of them.
set -euo pipefail
cd "$(dirname "$0")/../rtl"
mapfile -t sources < <(sed 's,//.*,,; /^[[:space:]]*$/d' spmma.f)

# Parameters out of range: the top, the parameter, the module that must be missed.
bad_parameters=(
  "core Rows=0 spmma_error_rows_must_be"
  "core Rows=65 spmma_error_rows_must_be"
  "core Cols=0 spmma_error_cols_must_be"
  "core StepBytes=12 spmma_error_step_bytes_must_be"
  "core StepBytes=64 spmma_error_step_bytes_must_be"
  "core FracBits=17 spmma_error_frac_bits_must_be"
  "core FracBits=26 spmma_error_frac_bits_must_be"
  "core Formats=0 spmma_error_formats_must_be"
  "core Formats=128 spmma_error_formats_must_be"
  "core Sparse=2 spmma_error_sparse_must_be"
  "core AccSlots=3 spmma_error_acc_slots_must_be"
  "core OutDepth=1 spmma_error_out_depth_must_be"
  "core Pipe=16 spmma_error_pipe_must_be"
  "gemm Rows=3 spmma_error_rows_and_cols_of_the_engine_must_be"
  "gemm DataBits=64 spmma_error_data_bits_must_be"
  "gemm Cols=32 spmma_error_a_step_and_a_row_of_a_tile_must_fit"
  "gemm BlockRows=8 spmma_error_block_rows_must_be_2_to_128"
  "gemm BlockRows=1024 spmma_error_block_rows_must_be_at_most_512"
  "gemm BlockBytes=512 spmma_error_block_bytes_must_be"
  "gemm Rows=2 spmma_error_a_block_must_have_at_most"
  "gemm KBytes=512 spmma_error_k_bytes_must_be"
  "gemm CStrips=1 spmma_error_c_strips_must_be"
  "gemm DStrips=6 spmma_error_d_strips_must_be"
)

# without PATTERN COMMAND...: runs it and shows what it says but for the lines with PATTERN.
without() {
  local pattern=$1 status=0 text
  shift
  text=$("$@" 2>&1) || status=$?
  grep -vE "$pattern|^\$" <<<"$text" || true
  return $status
}

# run_<tool> Name=value...: elaborates the top module with these parameters; fails, or says something, if it is wrong.
# Later Verilators end with a report.
run_verilator() {
  without '^- (V e r|Verilator:)' verilator --lint-only -Wall --top-module "$top" "${@/#/-G}" "${sources[@]}"
}

# "sorry" says that a construct is read in full and simulated less efficiently.
run_iverilog() {
  without 'sorry:' iverilog -g2012 -Wall -t null -s "$top" -I . "${@/#/-P$top.}" "${sources[@]}"
}

# With -e '.*' any warning is an error, above all an implicitly declared (undriven) name.
yosys_options=(-q -e '.*')
run_yosys() {
  local set=() p
  for p in "$@"; do set+=(-set "${p%%=*}" "${p#*=}"); done
  yosys "${yosys_options[@]}" -p "read_verilog -sv -I . ${sources[*]}; chparam ${set[*]} $top; hierarchy -check -top $top; proc;
    check -assert" 2>&1
}

presets() {
  python3 -c '
import json
for preset in json.load(open("presets.json"))["presets"]:
    core = preset["core"]
    gemm = {k: v for k, v in core.items() if k not in ("AccSlots", "OutDepth")} | preset["gemm"]  # it chooses those two
    for top, parameters in ("core", core), ("gemm", gemm):
        print(preset["name"], top, *(f"{k}={v}" for k, v in parameters.items()))'
}

failures=0
fail() { # WHAT TOOL TEXT
  echo "lint.sh: $1: $2:" >&2
  head -n 40 <<<"$3" >&2
  failures=$((failures + 1))
}

lint_preset() { # NAME TOP Name=value...
  local name=$1 top=spmma_$2 tool text
  shift 2
  for tool in verilator iverilog yosys; do
    if ! text=$("run_$tool" "$@") || [ -n "$text" ]; then
      fail "preset $name, $top" $tool "${text:-failed without a message}"
    fi
  done
  echo "lint: preset $name, $top: $*"
}

lint_bad_parameters() {
  local entry top parameter module tool text yosys_options=(-q) # the refusal counts, not what is said before it
  for entry in "${bad_parameters[@]}"; do
    read -r top parameter module <<<"$entry"
    top=spmma_$top
    for tool in verilator iverilog yosys; do
      if text=$("run_$tool" "$parameter"); then
        fail "$top $parameter" $tool "accepted, though it is out of range"
      elif ! grep -q "$module" <<<"$text"; then
        fail "$top $parameter" $tool "refused without naming $module: $text"
      fi
    done
    echo "lint: $top $parameter: refused, $module..."
  done
}

# A register is named check_..._q if and only if it stands within SPMMA_CHECKS: soft errors and power leave it out.
lint_names() {
  local text
  text=$(awk '
    FNR == 1 { checks = 0 }
    /^`ifdef SPMMA_CHECKS/ { checks = 1 }
    /^`endif/ { checks = 0 }
    /^ *logic / {
      line = $0
      sub(/\/\/.*/, "", line)
      while (match(line, /[a-z][a-z0-9_]*_q/)) {
        name = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        if (line !~ /^[a-z0-9_]/ && checks != (name ~ /^check_/)) print FILENAME ":" FNR ": " name
      }
    }' ./*.sv)
  [ -z "$text" ] || fail "names" "registers within SPMMA_CHECKS, and no others, are check_..._q" "$text"
  echo "lint: names"
}

declare -A parameters=()
names=()
while read -r name top list; do
  [ "$top" != core ] || names+=("$name")
  parameters[$name $top]=$list
done < <(presets)
[ $# -gt 0 ] || set -- "${names[@]}" bad-parameters names

for what in "$@"; do
  if [ "$what" = bad-parameters ]; then
    lint_bad_parameters
  elif [ "$what" = names ]; then
    lint_names
  elif [ -n "${parameters[$what core]:-}" ]; then
    for top in core gemm; do
      read -ra list <<<"${parameters[$what $top]}"
      lint_preset "$what" $top "${list[@]}"
    done
  else
    echo "lint.sh: no preset '$what' (there are: ${names[*]})" >&2
    exit 2
  fi
done
if [ $failures -gt 0 ]; then
  echo "lint.sh: $failures failed" >&2
  exit 1
fi
