#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sparse over dense against size, and the tables of docs/performance.md, from reports of `spmma model`.

performance.py plot NAME OUT.svg FOLDER      draws a figure
performance.py tables PAGE.md FOLDER         writes the page's tables anew

FOLDER holds the reports that scripts/performance.sh makes. Points measured on the RTL are the rows of
docs/figures/performance_rtl.csv (format,preset,m,n,k,dense,sparse: cycles at latency 100 and the whole data width).
"""

import csv
import json
import pathlib
import sys

import matplotlib.pyplot as plt

from plots import COLOURS, INK, QUIET, save, write_tables

RTL_POINTS = pathlib.Path(__file__).with_name("performance_rtl.csv")


def report(folder, name):
    return json.loads((pathlib.Path(folder) / f"{name}.json").read_text())


def rtl_points(format_, preset):
    """(layer, sparse over dense) of the measured GEMMs."""
    if not RTL_POINTS.exists():
        return []
    with RTL_POINTS.open() as file:
        rows = [r for r in csv.DictReader(file) if r["format"] == format_ and r["preset"] == preset]
    return [({k: int(r[k]) for k in "mnk"}, int(r["dense"]) / int(r["sparse"])) for r in rows]


def sizes_axis(axes, sizes, label):
    ticks = [s for s in sizes if s & (s - 1) == 0]
    axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [str(s) for s in ticks])
    axes.minorticks_off()
    axes.set_xlabel(label)
    axes.set_ylabel("sparse over dense, in cycles")


def line(axes, layers, x, label, colour):
    axes.plot([r[x] for r in layers], [r["speedup"] for r in layers], marker="o", markersize=3.5, color=colour,
              label=label)


def mark_rtl(axes, points):
    if points:
        axes.plot([p["k"] for p, _ in points], [ratio for _, ratio in points], linestyle="none", marker="x",
                  markersize=8, color=INK, label="measured on the RTL")


def plot_int8(folder):
    """On the axes of Fig. 3 of Accelerating Sparse Deep Neural Networks: squares, and N = 10240; beside it layers."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12.5, 4.8), width_ratios=(1.1, 1))
    squares = report(folder, "squares-int8")["layers"]
    line(left, squares, "k", "M = N = K", COLOURS[0])
    line(left, report(folder, "wide-int8")["layers"], "k", "M = K, N = 10240", COLOURS[1])
    mark_rtl(left, [(p, r) for p, r in rtl_points("int8", "ampere") if p["m"] == p["n"] == p["k"]])
    sizes_axis(left, [r["k"] for r in squares], "K")
    left.set_ylim(1, 2.03)
    left.legend(frameon=False, loc="lower right")
    left.set_title("INT8 on ampere", loc="left", fontsize=11)

    rows = []
    for name, model in (("bert-large", "BERT-large"), ("gpt3", "GPT-3")):
        rows += [(f"{model}: {r['name']}", r["speedup"]) for r in report(folder, f"{name}-int8")["layers"]]
    rows.reverse()
    right.barh([name for name, _ in rows], [ratio for _, ratio in rows], color=COLOURS[0], height=0.6)
    for y, (_, ratio) in enumerate(rows):
        right.text(ratio + 0.01, y, f"{ratio:.3f}", va="center", fontsize=8, color=INK)
    right.set_xlim(1, 2.12)
    right.tick_params(axis="y", labelsize=8)
    right.set_xlabel("sparse over dense, in cycles")
    right.set_title("layers", loc="left", fontsize=11)
    return figure


def plot_fp16(folder):
    """On the axes of Fig. 2 of Pruning and Accelerating Fine-Structured Sparsity: square FP16 GEMMs, relative to dense."""
    figure, axes = plt.subplots(figsize=(8, 4.8))
    squares = report(folder, "squares-fp16")["layers"]
    line(axes, squares, "k", "ampere, latency 100", COLOURS[0])
    line(axes, report(folder, "squares-fp16-hopper")["layers"], "k", "hopper, latency 100", COLOURS[1])
    line(axes, report(folder, "squares-fp16-far")["layers"], "k", "ampere, latency 500", COLOURS[2])
    mark_rtl(axes, [(p, r) for p, r in rtl_points("fp16", "ampere") if p["m"] == p["n"] == p["k"]])
    axes.axhline(1, color=QUIET, linewidth=1, linestyle="--")
    sizes_axis(axes, [r["k"] for r in squares], "M = N = K")
    axes.set_ylim(0.5, 2.1)
    axes.legend(frameon=False, loc="lower right")
    axes.set_title("FP16", loc="left", fontsize=11)
    return figure


def percent(x):
    return f"{100 * x:.2f} %"


def table_targets(folder):
    lines = ["| preset | format | M = N = K | dense cycles | in use | sparse cycles | in use | sparse over dense |",
             "|---|---|---|---|---|---|---|---|"]
    for path in sorted(pathlib.Path(folder).glob("target-*.json")):
        r = json.loads(path.read_text())
        dense, sparse = r["dense"], r["sparse"]
        lines.append(f"| {r['preset']} | {r['format']} | {r['m']} | {dense['cycles']} | {percent(dense['utilisation'])} "
                     f"| {sparse['cycles']} | {percent(sparse['utilisation'])} | {r['speedup']:.4f} |")
    return lines


def table_layers(folder, name):
    lines = ["| layer | M | N | K | dense cycles | bound by | sparse cycles | bound by | sparse over dense |",
             "|---|---|---|---|---|---|---|---|---|"]
    for r in report(folder, name)["layers"]:
        lines.append(f"| {r['name']} | {r['m']} | {r['n']} | {r['k']} | {r['dense']['cycles']} | {r['dense']['bound']} "
                     f"| {r['sparse']['cycles']} | {r['sparse']['bound']} | {r['speedup']:.3f} |")
    return lines


def table_squares(folder, name):
    lines = ["| M = N = K | dense cycles | sparse cycles | sparse over dense |", "|---|---|---|---|"]
    for r in report(folder, name)["layers"]:
        lines.append(f"| {r['k']} | {r['dense']['cycles']} | {r['sparse']['cycles']} | {r['speedup']:.4f} |")
    return lines


def table_memories(folder):
    """A row for each memory, a column for each preset and format."""
    cells = {}
    for path in pathlib.Path(folder).glob("memory-*.json"):
        r = json.loads(path.read_text())
        cells[r["memory"]["latency"], -r["memory"]["bandwidth"], f"{r['preset']} {r['format']}"] = r
    columns = sorted({c for _, _, c in cells})
    lines = ["| latency | bytes a cycle |" + "".join(f" {c} |" for c in columns), "|---|---|" + "---|" * len(columns)]
    for latency, bandwidth in sorted({(l, b) for l, b, _ in cells}):
        row = [cells[latency, bandwidth, c] for c in columns]
        lines.append(f"| {latency} | {-bandwidth} |"
                     + "".join(f" {r['speedup']:.3f} ({r['sparse']['bound']}) |" for r in row))
    return lines


TABLES = {
    "targets": table_targets,
    "memories": table_memories,
    "squares-int8": lambda folder: table_squares(folder, "squares-int8"),
    "squares-fp16": lambda folder: table_squares(folder, "squares-fp16"),
    "bert-large": lambda folder: table_layers(folder, "bert-large-int8"),
    "gpt3": lambda folder: table_layers(folder, "gpt3-int8"),
}


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "plot":
        figure = {"int8": plot_int8, "fp16": plot_fp16}[sys.argv[2]](sys.argv[4])
        save(figure, sys.argv[3])
    elif len(sys.argv) == 4 and sys.argv[1] == "tables":
        write_tables(sys.argv[2], {name: table(sys.argv[3]) for name, table in TABLES.items()})
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
