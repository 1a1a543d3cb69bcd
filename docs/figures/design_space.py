#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Figures and tables of docs/design-space.md, from the records of `spmma sweep`.

design_space.py keep RECORDS.jsonl...      prints the records, without what the page does not use
design_space.py plot NAME OUT.svg          draws a figure
design_space.py tables PAGE.md             writes the page's tables anew

The records are docs/figures/design_space.jsonl, which scripts/design_space.sh makes.
"""

import json
import pathlib
import re
import sys

import matplotlib.pyplot as plt

from plots import COLOURS, GRID, save, write_tables

RECORDS = pathlib.Path(__file__).with_name("design_space.jsonl")
DEFAULT = {"Rows": 8, "Cols": 4, "StepBytes": 16, "FracBits": 24, "Formats": 31, "Sparse": 1, "Pipe": 15}
SMALL = DEFAULT | {"Rows": 2, "Cols": 2}
NAMES = ("int8", "uint8", "fp16", "bf16", "tf32", "e4m3", "e5m2")
GATHER = {"u_quad.b2_q": "the gather's multiplexers", "u_meta.pick1_o": "the decoder of metadata",
          "u_meta.illegal1_o": "its check", "u_meta.group1_o": "where the first illegal nibble is"}
STAGES = {0: "3", 1: "7", 2: "9", 3: "10"}  # bit of Pipe: stage (docs/core.md)


def keep(paths):
    """One line for each record: parameters and figures, no cases and no times."""
    for path in paths:
        for line in pathlib.Path(path).read_text().splitlines():
            r = json.loads(line)
            r["simulation"].pop("cases", None)
            kept = {k: r[k] for k in ("status", "parameters", "tags", "clock_targets", "simulation", "error",
                                      "synthesis", "timing", "power") if k in r}
            print(json.dumps(kept))


def records():
    return [json.loads(line) for line in RECORDS.read_text().splitlines()]


def kind(r):
    """What the record was made for: "clocks", "paths" or "points"."""
    return "clocks" if r["clock_targets"] else "paths" if "registers" in r["timing"] else "points"


def chosen(base, axis=None, of="points"):
    """Records at `base` but for `axis`, by it."""
    found = [r for r in records() if kind(r) == of
             and all(r["parameters"][k] == v for k, v in base.items() if k != axis)]
    if not found:
        sys.exit(f"{RECORDS}: no record at {base}")
    return sorted(found, key=lambda r: r["parameters"].get(axis, 0))


def table_registers():
    r, = chosen(DEFAULT, of="paths")
    registers = r["timing"]["registers"]
    slowest = sorted(registers, key=registers.get, reverse=True)
    shown = slowest[:12] + [n for n in slowest[12:] if n in GATHER]
    lines = ["| register | ns | |", "|---|---|---|"]
    for n in shown:
        lines.append(f"| `{n}` | {registers[n]:.2f} | {GATHER.get(n, '')} |")
    return lines


def register_name(path):
    return re.sub(r"(\[\d+\]|gen_\w+\.)", "", re.sub(r"gen_\w+\[\d+\]\.", "", path)).removeprefix("u_row.")


def way(r):
    path = r["timing"]["critical_path"]
    return f"`{register_name(path[0])}` → `{register_name(path[-1])}`"


def mm2(area):
    return f"{area / 1e6:.2f}"


def table_default():
    lines = ["| unit | ns at each clock target | median | its multiplier alone, ns | clock, share of the multiplier's "
             "| critical path |", "|---|---|---|---|---|---|"]
    for r in sorted(chosen(DEFAULT, of="clocks"), key=lambda r: not r.get("tags")):
        t = r["timing"]
        periods = ", ".join(f"{p:.2f}" for p in t["periods_ns"])
        lines.append(f"| {'before' if r.get('tags') else 'now'} | {periods} | {t['period_ns']:.2f} "
                     f"| {t['multiplier_period_ns']:.2f} | {t['of_multiplier_fmax']:.3f} | {way(r)} |")
    return lines


def change(after, before):
    return f"{100 * (after - before) / before:+.2f} %"


def table_sparsity():
    without, with_ = (r for r in chosen(DEFAULT, "Sparse", of="clocks") if not r.get("tags"))
    p, s = with_["parameters"], (without["synthesis"], with_["synthesis"])
    multipliers = p["Rows"] * p["Cols"] * p["StepBytes"]
    lines = ["| | without 2:4 | with 2:4 | change |", "|---|---|---|---|",
             f"| area of the whole core, mm² | {mm2(s[0]['area'])} | {mm2(s[1]['area'])} "
             f"| {change(s[1]['area'], s[0]['area'])} |",
             f"| clock, MHz | {without['timing']['fmax_mhz']:.1f} | {with_['timing']['fmax_mhz']:.1f} "
             f"| {change(with_['timing']['fmax_mhz'], without['timing']['fmax_mhz'])} |"]
    blocks = sorted(set(s[0]["area_by_block"]) | set(s[1]["area_by_block"]))
    for block in blocks:
        before, after = (x["area_by_block"].get(block, 0) for x in s)
        if abs(after - before) / s[0]["area"] > 5e-5:
            share = 100 * (after - before) / s[0]["area"]
            lines.append(f"| of it `{block}`, mm² | {mm2(before)} | {mm2(after)} | {share:+.2f} % of the core |")
    gates = s[1]["gate_equivalents"] - s[0]["gate_equivalents"]
    lines.append(f"| gate equivalents | {s[0]['gate_equivalents']:.0f} | {s[1]['gate_equivalents']:.0f} "
                 f"| {change(s[1]['gate_equivalents'], s[0]['gate_equivalents'])}: {gates / multipliers:.1f} for each "
                 "INT8 multiplier |")
    return lines


def table_pipe():
    lines = ["| `Pipe` | optional stages | registers on the way | ns | clock, share of the multiplier's | area, mm² "
             "| pJ for each MAC | critical path |", "|---|---|---|---|---|---|---|---|"]
    for r in chosen(SMALL, "Pipe"):
        pipe, t = r["parameters"]["Pipe"], r["timing"]
        stages = ", ".join(s for bit, s in STAGES.items() if pipe >> bit & 1) or "none"
        lines.append(f"| {pipe} | {stages} | {r['simulation']['latency']} | {t['period_ns']:.2f} | {t['of_multiplier_fmax']:.2f} "
                     f"| {mm2(r['synthesis']['area'])} | {r['power']['energy_per_mac_pj']:.1f} | {way(r)} |")
    return lines


def table_frac_bits():
    lines = ["| F | largest error, ulp | RMS error, ulp | area, mm² | MHz | pJ for each MAC |", "|---|---|---|---|---|---|"]
    for r in chosen(DEFAULT, "FracBits"):
        lines.append(f"| {r['parameters']['FracBits']} | {r['error']['max_ulp']:.1f} | {r['error']['rms_ulp']:.3f} "
                     f"| {mm2(r['synthesis']['area'])} | {r['timing']['fmax_mhz']:.0f} "
                     f"| {r['power']['energy_per_mac_pj']:.1f} |")
    return lines


def table_formats():
    lines = ["| formats | area, mm² | MHz | gate equivalents | 2:4 in area |", "|---|---|---|---|---|"]
    without = {r["parameters"]["Formats"]: r for r in chosen(SMALL | {"Sparse": 0}, "Formats")}
    for r in chosen(SMALL, "Formats"):
        formats, s = r["parameters"]["Formats"], r["synthesis"]
        names = ", ".join(n for i, n in enumerate(NAMES) if formats >> i & 1)
        lines.append(f"| {names} | {mm2(s['area'])} | {r['timing']['fmax_mhz']:.0f} | {s['gate_equivalents']:.0f} "
                     f"| {change(s['area'], without[formats]['synthesis']['area'])} |")
    return lines


def table_sizes():
    lines = ["| rows × columns | bytes a step | cycles of the digits | in use | 2:4 over dense | area, mm² | 2:4 in area "
             "| MHz |", "|---|---|---|---|---|---|---|---|"]
    line = [r for r in records() if kind(r) == "points"
            and all(r["parameters"][k] == DEFAULT[k] for k in ("FracBits", "Formats", "Pipe"))]
    without = {size(r): r for r in line if r["parameters"]["Sparse"] == 0}
    for r in sorted((r for r in line if r["parameters"]["Sparse"] == 1), key=size):
        p, s, area = r["parameters"], r["simulation"], r["synthesis"]["area"]
        lines.append(f"| {p['Rows']} × {p['Cols']} | {p['StepBytes']} | {s['cycles']} | {100 * s['utilisation']:.1f} % "
                     f"| {s['speed_up']:.3f} | {mm2(area)} | {change(area, without[size(r)]['synthesis']['area'])} "
                     f"| {r['timing']['fmax_mhz']:.0f} |")
    return lines


def size(r):
    p = r["parameters"]
    return p["Rows"] * p["Cols"], p["StepBytes"]


TABLES = {"default": table_default, "registers": table_registers, "sparsity": table_sparsity, "pipe": table_pipe, "frac-bits": table_frac_bits,
          "formats": table_formats, "sizes": table_sizes}


def plot_clock(axes):
    """Clock against the registers on the way, a dot for each set of optional stages."""
    points = [(r["simulation"]["latency"], r["timing"]["fmax_mhz"], r["parameters"]["Pipe"])
              for r in chosen(SMALL, "Pipe")]
    best = {x: max(y for a, y, _ in points if a == x) for x, _, _ in points}
    axes.plot(best.keys(), best.values(), color=GRID, zorder=1)
    axes.scatter([x for x, _, _ in points], [y for _, y, _ in points], s=22, color=COLOURS[0], zorder=2)
    for x, y in best.items():
        pipe = next(p for a, b, p in points if (a, b) == (x, y))
        stages = " ".join(s for bit, s in STAGES.items() if pipe >> bit & 1) or "none"
        axes.annotate(stages, (x, y), xytext=(0, 7), textcoords="offset points", ha="center", fontsize=8)
    axes.axhline(1000 / chosen(SMALL, "Pipe")[0]["timing"]["multiplier_period_ns"], color=COLOURS[1], linestyle="--",
                 linewidth=1, label="the multiplier alone")
    axes.set_xlabel("registers on the way from A, B to D")
    axes.set_ylabel("MHz")
    axes.set_xticks(sorted(best))
    axes.legend(frameon=False, loc="lower right")
    axes.set_title("clock; the best set of optional stages is named", loc="left", fontsize=11)


def plot_error(axes):
    """Error against energy, a dot for each F."""
    points = chosen(DEFAULT, "FracBits")
    x = [r["power"]["energy_per_mac_pj"] for r in points]
    y = [r["error"]["rms_ulp"] for r in points]
    axes.plot(x, y, marker="o", markersize=4, color=COLOURS[0], linewidth=1)
    for r, a, b in zip(points, x, y):
        axes.annotate(str(r["parameters"]["FracBits"]), (a, b), xytext=(5, 4), textcoords="offset points", fontsize=8)
    axes.set_yscale("log")
    axes.set_xlabel("pJ for each multiply-accumulate")
    axes.set_ylabel("RMS error, ulp")
    axes.set_title("F, the fraction bits that are kept", loc="left", fontsize=11)


def plot(name, path):
    figure, axes = plt.subplots(figsize=(7, 4.4))
    {"clock": plot_clock, "error": plot_error}[name](axes)
    save(figure, path)


def main():
    if len(sys.argv) > 2 and sys.argv[1] == "keep":
        keep(sys.argv[2:])
    elif len(sys.argv) == 4 and sys.argv[1] == "plot":
        plot(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "tables":
        write_tables(sys.argv[2], {name: table() for name, table in TABLES.items()})
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
