#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Proves a statement about the RTL with Yosys, yosys-smtbmc and z3, or sees a planted bug refuted.
#
#   prove.sh NAME [SET]         the proof in NAME.sv beside this file, with its SETth set of parameters (from 0)
#   prove.sh --bug NAME INDEX   its INDEXth bug in a copy of the RTL: the proof must end in a counterexample
#   prove.sh --list [NAME]      every proof as "proof NAME SET" and every bug as "bug NAME INDEX", with "long" behind what a test
#                               run leaves out: the sets named so, and each proof's bugs but the first
#   prove.sh --modules NAME [SET]  the modules that a proof is about, as Yosys names them with their parameters
#
# Options: --keep DIR leaves scripts, logs and traces (VCD) there, --rtl DIR takes another tree, --module FILE.il proves the same of
# the module in FILE (RTLIL) in place of the RTL's, the proof's parameters being those of the module that have the same name. Exit 1 if a proof fails ("FAILED: ...") or has no
# answer or a bug passes, 2 on wrong usage.
#
# NAME.sv holds module formal_NAME and says in comments how it is proven:
#   // mode: bmc DEPTH           all runs of DEPTH cycles from the start; FIRST:DEPTH where nothing is stated before
#                                cycle FIRST, for a check of nothing takes its time too
#   // mode: induction DEPTH     the same and, from any DEPTH cycles in which nothing fails, the cycle after them: all runs
#   // parameters: NAME=VALUE... a set of the module's parameters; each such line is run by itself
#   // long: SET...              sets that take long, and prove of a larger unit what the first one proves
#   // watch: WIRE = NET         a wire that the module leaves undriven shows a net below it; with "#" one for each number
#                                below `count`
#   // count: EXPRESSION         of parameters
#   // free: CELL                an instance whose outputs take any value in any cycle, or a pattern of modules that do so everywhere
#   // without: assertions        the RTL's own, and with them whatever only they look at
#   // memory: registers         memories become registers, so that watch can name a word
#   // bug: DEPTH FILE: FROM ==> TO   a text that occurs once in an RTL file, and what a bug makes of it; DEPTH cycles show it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$here/../../rtl
keep=
module=
mode=proof

usage() {
  echo "prove.sh: $1 (see the head of $0)" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --bug) mode=bug ;;
    --list) mode=list ;;
    --modules) mode=modules ;;
    --keep | --rtl | --module)
      [ $# -gt 1 ] || usage "$1 wants a file or folder"
      case $1 in
        --keep) keep=$2 ;;
        --rtl) rtl=$2 ;;
        *) module=$(realpath "$2") ;;
      esac
      shift
      ;;
    -*) usage "no option '$1'" ;;
    *) break ;;
  esac
  shift
done
rtl=$(cd "$rtl" && pwd)

# directives WORD: the values of "// WORD: VALUE", a line each.
directives() { sed -n "s,^// $1: ,,p" "$here/$name.sv"; }

list() {
  local sets bugs i long
  sets=$(directives parameters | wc -l)
  bugs=$(directives bug | wc -l)
  long=" $(directives long) "
  for ((i = 0; i == 0 || i < sets; i++)); do
    if [[ $long == *" $i "* ]]; then echo "proof $name $i long"; else echo "proof $name $i"; fi
  done
  for ((i = 0; i < bugs; i++)); do
    if [ $i -gt 0 ]; then echo "bug $name $i long"; else echo "bug $name $i"; fi
  done
}

if [ $mode = list ]; then
  [ $# -gt 0 ] || set -- "$here"/*.sv
  for name in "$@"; do
    name=$(basename "$name" .sv)
    [ -f "$here/$name.sv" ] || usage "no proof '$name'"
    list
  done
  exit 0
fi

name=${1:-}
if [ -z "$name" ] || [ ! -f "$here/$name.sv" ]; then usage "no proof '$name'"; fi
index=${2:-0}
grep -qxE "${mode/modules/proof} $name $index( long)?" <<<"$(list)" || usage "$name has no $mode '$index'"

read -r method depth < <(directives mode)
set_index=0
[ $mode = bug ] || set_index=$index
read -ra parameters < <(directives parameters | sed -n "$((set_index + 1))p") || true
if [ -n "$module" ]; then
  while read -r parameter value; do
    grep -q "parameter int $parameter  *=" "$here/$name.sv" || continue
    others=()
    for p in "${parameters[@]}"; do [[ $p == "$parameter="* ]] || others+=("$p"); done
    parameters=("${others[@]}" "$parameter=$value")
  done < <(sed -n 's/^  parameter \\//p' "$module")
fi

work=$keep
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"

# ---------------------------------------------------------------- the bug

if [ $mode = bug ]; then
  line=$(directives bug | sed -n "$((index + 1))p")
  depth=${line%% *}
  line=${line#* }
  file=${line%%: *}
  from=${line#*: }
  to=${from#* ==> }
  from=${from%% ==> *}
  mkdir -p "$work/rtl"
  cp "$rtl"/*.sv "$rtl"/*.svh "$rtl"/spmma.f "$work/rtl"
  rtl=$work/rtl
  text=$(<"$rtl/$file")
  rest=${text/"$from"/}
  if [ "$rest" = "$text" ] || [ "${rest/"$from"/}" != "$rest" ]; then
    echo "prove.sh: $name: '$from' does not occur once in $file" >&2
    exit 1
  fi
  printf '%s\n' "${text/"$from"/"$to"}" >"$rtl/$file"
fi

# ---------------------------------------------------------------- the SMT problem

count=0
expression=$(directives count)
if [ -n "$expression" ]; then
  for parameter in "${parameters[@]}"; do declare "p_${parameter%%=*}=${parameter#*=}"; done
  count=$(($(sed -E 's/[A-Za-z_]+/p_&/g' <<<"$expression")))
fi

# watches: each watched wire and its net.
watches() {
  local wire net i
  directives watch | while read -r wire _ net; do
    if [[ $wire == *#* ]]; then
      for ((i = 0; i < count; i++)); do echo "${wire//#/$i} ${net//#/$i}"; done
    else
      echo "$wire $net"
    fi
  done
}

mapfile -t sources < <(sed 's,//.*,,; /^[[:space:]]*$/d' "$rtl/spmma.f")
read_design() {
  echo "read_verilog -sv -formal -defer -I $rtl ${sources[*]/#/$rtl/} $here/$name.sv"
  for parameter in "${parameters[@]}"; do
    echo "chparam -set ${parameter%%=*} ${parameter#*=} formal_$name"
  done
  echo "hierarchy -check -top formal_$name"
}

# parameters_of: the modules of an RTLIL file that have the same name as $module's but for parameters, as "NAME PARAMETER VALUE ...".
parameters_of() {
  awk -v base="$1" '
    /^module / { kept = $2 ~ ("\\\\" base "($|\\\\)"); line = $2 }
    kept && /^  parameter / { line = line " " $2 " " $3 }
    kept && /^end$/ { print line; kept = 0 }' "$2"
}

# What the module takes the place of; and the widths of its nets, of which Yosys has dropped upper bits that nobody reads.
declare -A width_of=()
if [ -n "$module" ]; then
  base=$(sed -n 's/^module .*\(spmma_[a-z0-9_]*\).*/\1/p' "$module")
  read_design >"$work/before.ys"
  echo "write_rtlil $work/before.il" >>"$work/before.ys"
  yosys -q -s "$work/before.ys" >"$work/yosys.log" 2>&1 || {
    cat "$work/yosys.log" >&2
    exit 1
  }
  read -r _ wanted < <(parameters_of "$base" "$module")
  place=
  while read -r candidate values; do
    if [ "$values" = "$wanted" ]; then place=$candidate; fi
  done < <(parameters_of "$base" "$work/before.il")
  if [ -z "$place" ]; then
    echo "prove.sh: $name has no $base${wanted:+ with $wanted}" >&2
    exit 1
  fi
  {
    sed '/^module /,$d' "$module"
    printf 'module %s\n' "$place"
    sed '1,/^module /d' "$module"
  } >"$work/module.il"
  while read -r width net; do width_of[$net]=$width; done < <(
    sed -n 's/^  wire .*width \([0-9]*\) .*\\\([^ ]*\)$/\1 \2/p; s/^  wire width \([0-9]*\) \\\([^ ]*\)$/\1 \2/p' "$module")
fi

{
  read_design
  [ $mode != modules ] || echo "tee -q -o $work/modules ls"
  echo proc
  [ -z "$module" ] || echo "read_rtlil -overwrite $work/module.il"
  # Later versions of Yosys keep assertions in cells of another kind until they are told.
  if grep -q -e -lower <<<"$(yosys -q -p 'tee -o /dev/stdout help chformal' 2>&1)"; then echo "async2sync; chformal -lower"; fi
  directives free | sed 's/^/cutpoint /'
  [ -z "$(directives without)" ] || echo "chformal -assert -remove *spmma_*"
  echo flatten
  # What nothing but a watch looks at is kept for it; "?" stands for brackets, which mean something in a pattern.
  # One command for all, as each goes through all of the design.
  watches | awk '{ gsub(/[][]/, "?", $2); nets = nets " w:" $2 } END { if (NR > 0) print "setattr -set keep 1" nets }'
  # A register is part of a memory's read port before this and of no net after it: watch names nets, so it comes first.
  if [ -n "$(directives memory)" ]; then echo "memory -nordff"; else echo "memory -nomap -nordff"; fi
  wires='' nets=''
  while read -r wire net; do
    width=${width_of[${net##*.}]:-} low=0
    if [ -n "$width" ]; then
      if [[ $wire =~ ^(.*)\[[0-9]+:([0-9]+)\]$ ]]; then wire=${BASH_REMATCH[1]} low=${BASH_REMATCH[2]}; fi
      wire+="[$((low + width - 1)):$low]"
    fi
    wires+=,$wire nets+=,\\$net
  done < <(watches)
  [ -z "$wires" ] || echo "connect -set ${wires#,} ${nets#,}"
  [ -z "$module" ] || echo "setundef -undriven -anyseq formal_$name"
  echo opt_clean
  # A name that nothing drives would be free, and a proof about it worth nothing.
  echo "check -assert"
  # The module's words are as narrow as can be; z3 does not see that a product of wider ones beside it is the same.
  [ -z "$module" ] || echo "opt; wreduce; opt_clean"
  echo "opt; dffunmap; opt_clean; write_smt2 -wires $work/proof.smt2"
} >"$work/proof.ys"
if ! yosys -q -e "implicitly declared" -s "$work/proof.ys" >"$work/yosys.log" 2>&1; then
  cat "$work/yosys.log" >&2
  exit 1
fi

if [ $mode = modules ]; then
  sed -n 's/^  *//; /spmma_/p' "$work/modules"
  exit 0
fi

if ! grep -q yosys-smt2-assert "$work/proof.smt2"; then
  echo "prove.sh: $name: nothing is asserted" >&2
  exit 1
fi

# ---------------------------------------------------------------- the answer

# solve KIND [OPTION]: whether no assertion fails.
solve() {
  local log=$work/$1.log status=0 logic=()
  # Without arrays z3 makes one SAT problem of it all, several times faster than what it does for any logic.
  grep -q Array "$work/proof.smt2" || logic=(--logic QF_BV)
  yosys-smtbmc -s z3 --unroll --noprogress "${logic[@]}" "${@:2}" -t "$depth" --dump-vcd "$work/$1.vcd" \
    "$work/proof.smt2" >"$log" 2>&1 || status=$?
  if grep -qi "Status: passed" "$log" && [ $status -eq 0 ]; then return 0; fi
  if ! grep -qi "Status: failed" "$log"; then
    cat "$log" >&2
    echo "prove.sh: $name: $1: no answer" >&2
    exit 1
  fi
  return 1
}

if [ $mode = bug ]; then
  what="$name: $file: '$from' made '$to'"
  if solve bmc; then
    echo "PASSED, A BUG: $what"
    exit 1
  fi
  echo "caught: $what"
  exit 0
fi

what="$name: $method, depth $depth${parameters[*]:+, ${parameters[*]}}"
for kind in bmc induction; do
  if [ $kind = induction ]; then
    [ "$method" = induction ] || continue
    options=(-i)
  else
    options=()
  fi
  if ! solve $kind "${options[@]}"; then
    echo "FAILED: $what: $kind"
    grep -i "failed" "$work/$kind.log"
    exit 1
  fi
done
echo "proved: $what"
