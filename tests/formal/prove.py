#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the proofs of proofs.json with Yosys, yosys-smtbmc and z3.

    prove.py [--bugs | --table] [--keep DIR] [NAME...]

NAME is a proof, the default all of them. A line for each of its parameter sets: name, mode, depth, parameters,
processor seconds. With
--bugs the RTL is a copy with the proof's planted bugs, one at a time, and each must end in a counterexample. --table
prints docs/verification.md's rows. --keep leaves scripts, logs and traces (VCD) in DIR. Exit 1 if a proof fails or a bug passes.

Keys of a proof in proofs.json:
  proves      what, in words
  top         the harness: module formal_TOP in TOP.sv beside this file
  mode        "bmc": all runs of `depth` cycles from the start. "induction": the same, and, from any `depth` cycles in which
              nothing fails, the cycle after them: all runs
  parameters  of the harness; a list of sets is run one after the other
  watch       wires that the harness leaves undriven, and the net below it that each shows
  free        instances whose outputs take any value in any cycle
  map         true: memories become registers, so that watch can name a word of them
  bugs        {file, from, to}: a text that occurs once in an RTL file, and what a bug makes of it; `depth` where the proof's
              is not the one to find it, `set` the index of the parameters to find it with
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
RTL = HERE.parent.parent / "rtl"


class Broken(Exception):
    """A tool failed, so that nothing is known about the property."""


def seconds():
    """Processor time of the tools so far, which a busy machine does not change."""
    times = os.times()
    return times.children_user + times.children_system


def run(command, log):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    log.write_text(done.stdout)
    return done.returncode, done.stdout


def sources():
    lines = (line.split("//")[0].strip() for line in (RTL / "spmma.f").read_text().splitlines())
    return [line for line in lines if line]


def build(proof, parameters, rtl, work):
    """Elaborates the harness over the RTL in a folder; returns the SMT file."""
    top = "formal_" + proof["top"]
    smt = work / "proof.smt2"
    script = ["read_verilog -sv -formal -defer -I " + " ".join(map(str, [rtl, *(rtl / s for s in sources()), HERE / (proof["top"] + ".sv")]))]
    script += [f"chparam -set {name} {value} {top}" for name, value in parameters.items()]
    script += [f"hierarchy -check -top {top}", "proc"]
    script += [f"cutpoint {cell}" for cell in proof.get("free", [])]
    script += ["flatten"]
    # A register is part of a memory's read port before this and of no net after it: watch names nets, so it comes first.
    script += ["memory -nordff"] if proof.get("map") else ["memory -nomap -nordff"]
    script += [f"connect -set {wire} \\{net}" for wire, net in proof.get("watch", {}).items()]
    # A name that nothing drives would be free, and a proof about it worth nothing.
    script += ["opt_clean", "setundef -undriven -anyseq" if proof.get("free") else "check -assert", "opt", "dffunmap", "opt_clean",
               f"write_smt2 -wires {smt}"]
    path = work / "proof.ys"
    path.write_text("\n".join(script) + "\n")
    status, text = run(["yosys", "-q", "-e", "implicitly declared", "-s", path], work / "yosys.log")
    if status != 0:
        raise Broken(text)
    return smt


def solve(smt, mode, depth, work):
    """Whether the assertions hold; the solver's last words where they do not."""
    options = ["-i"] if mode == "induction" else []
    command = ["yosys-smtbmc", "-s", "z3", "--unroll", "--noprogress", *options, "-t", str(depth), "--dump-vcd", work / f"{mode}.vcd", smt]
    status, text = run(command, work / f"{mode}.log")
    if "Status: PASSED" in text and status == 0:
        return True, ""
    if "Status: FAILED" not in text:
        raise Broken(text)
    return False, "\n".join(line for line in text.splitlines() if "failed" in line)


def sets(proof):
    parameters = proof.get("parameters", {})
    return parameters if isinstance(parameters, list) else [parameters]


def show(parameters):
    return " ".join(f"{name}={value}" for name, value in parameters.items())


def prove(name, proof, work):
    """Whether every set of parameters passes."""
    good = True
    for index, parameters in enumerate(sets(proof)):
        folder = work / f"{name}_{index}"
        folder.mkdir()
        start = seconds()
        smt = build(proof, parameters, RTL, folder)
        modes = ["bmc", "induction"] if proof["mode"] == "induction" else ["bmc"]
        for mode in modes:
            holds, text = solve(smt, mode, proof["depth"], folder)
            if not holds:
                break
        print(f"{'proved' if holds else 'FAILED'}: {name}: {proof['mode']}, depth {proof['depth']}, {show(parameters)}: {seconds() - start:.1f} s", flush=True)
        if not holds:
            print(f"  {mode}:\n{text}")
        good &= holds
    return good


def plant(name, proof, work):
    """Whether every planted bug has a counterexample."""
    good = True
    for index, bug in enumerate(proof["bugs"]):
        folder = work / f"{name}_bug{index}"
        folder.mkdir()
        rtl = folder / "rtl"
        shutil.copytree(RTL, rtl)
        path = rtl / bug["file"]
        text = path.read_text()
        if text.count(bug["from"]) != 1:
            raise Broken(f"{name}: '{bug['from']}' does not occur once in {bug['file']}")
        path.write_text(text.replace(bug["from"], bug["to"]))
        start = seconds()
        smt = build(proof, sets(proof)[bug.get("set", 0)], rtl, folder)
        holds, text = solve(smt, "bmc", bug.get("depth", proof["depth"]), folder)
        what = "PASSED, A BUG" if holds else "caught"
        print(f"{what}: {name}: {bug['file']}: '{bug['from']}' made '{bug['to']}': {seconds() - start:.1f} s", flush=True)
        good &= not holds
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bugs", action="store_true", help="plant bugs and see them caught")
    parser.add_argument("--keep", type=pathlib.Path, help="folder for scripts, logs and traces")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    proofs = json.loads((HERE / "proofs.json").read_text())
    for name in arguments.names:
        if name not in proofs:
            parser.error(f"no proof '{name}' (there are: {' '.join(proofs)})")
    good = True
    with tempfile.TemporaryDirectory() as scratch:
        work = arguments.keep or pathlib.Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        for name in arguments.names or proofs:
            try:
                good &= (plant if arguments.bugs else prove)(name, proofs[name], work)
            except Broken as error:
                print(f"BROKEN: {name}: {error}")
                good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
