#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws signals of a waveform cycle by cycle: scripts/wave_picture.py --wave W.fst --signals LIST --out P.svg

Every column is one cycle of the clock and shows each signal as the rising edge at its end finds it. LIST has a line
`label | signal | radix | when` for each row: a signal is named by the end of its path, if need be with bits
([31:0]); radix is clock, bit, dec, int, hex, f16 or f32; where the signal `when` (it may be left out) is not 1, the
row stays empty. A line `label` alone is a heading, # begins a comment. An .fst is read through fst2vcd (Debian's
gtkwave), a .vcd as it is.
"""

import argparse
import contextlib
import re
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

INK, QUIET, LINE, FILL, BAND = "#24323f", "#6b7a88", "#2f5d8a", "#e8f0f9", "#f4f6f8"
TOP, LABELS, RIGHT, ROW, HEADING = 24, 138, 10, 24, 26  # pixels of a 900-pixel-wide page


class Signal:
    def __init__(self, text):
        self.name, bits = re.fullmatch(r"(.+?)(\[\d+(?::\d+)?\])?", text).groups()
        self.high, self.low = (int(b) for b in (re.findall(r"\d+", bits) * 2)[:2]) if bits else (None, 0)
        self.code, self.width = None, 0

    def pick(self, word):
        """The chosen bits of a value of the dump, which leaves out leading digits."""
        word = word.rjust(self.width, "0" if word[0] == "1" else word[0])
        high = self.width - 1 if self.high is None else self.high
        return word[self.width - 1 - high : self.width - self.low]


def read_rows(path):
    rows, radixes = [], ("clock", "bit", "dec", "int", "hex", "f16", "f32")
    for number, line in enumerate(open(path), 1):
        fields = [field.strip() for field in line.split("#")[0].split("|")]
        if len(fields) == 1 and fields[0]:
            rows.append((fields[0], None, "heading", None))
        elif len(fields) in (3, 4) and fields[2] in radixes:
            rows.append((fields[0], Signal(fields[1]), fields[2], Signal(fields[3]) if len(fields) == 4 else None))
        elif fields[0] or len(fields) > 1:
            sys.exit(f"wave_picture.py: {path}:{number}: not `label | signal | radix | when`")
    return rows


@contextlib.contextmanager
def open_wave(path):
    if path.endswith(".vcd"):
        with open(path) as file:
            yield file
        return
    try:
        process = subprocess.Popen(["fst2vcd", "-f", path], stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        sys.exit("wave_picture.py: no fst2vcd on the PATH (Debian: gtkwave)")
    with process:
        yield process.stdout
    if process.returncode:
        sys.exit(f"wave_picture.py: fst2vcd cannot read {path}")


def bind(file, signals):
    """Reads the header: gives each signal the code of the shortest path that ends as it is named."""
    scopes, found = [], {}
    for line in file:
        words = line.split()
        if words[:1] == ["$scope"]:
            scopes.append(words[2])
        elif words[:1] == ["$upscope"]:
            scopes.pop()
        elif words[:1] == ["$var"]:
            path = "." + ".".join(scopes + [words[4]])
            for signal in signals:
                if path.endswith("." + signal.name) and len(path) < len(found.get(signal, path + " ")):
                    found[signal] = path
                    signal.width, signal.code = int(words[2]), words[3]
        elif words[:1] == ["$enddefinitions"]:
            break
    for signal in signals:
        if signal.code is None:
            sys.exit(f"wave_picture.py: the wave has no signal {signal.name}")
        if signal.high is not None and signal.high >= signal.width:
            sys.exit(f"wave_picture.py: {signal.name} has {signal.width} bits")


def sample(file, clock, signals):
    """What each signal is just before each rising edge of the clock: a list of bit strings for each."""
    now = {code: "x" for code in {s.code for s in signals} | {clock.code}}
    samples = {signal: [] for signal in signals}
    before, pending = dict(now), False

    def end_of_instant():
        if pending:
            for signal in signals:
                samples[signal].append(signal.pick(before[signal.code]))

    for line in file:
        if line[0] == "#":
            end_of_instant()
            before, pending = dict(now), False
            continue
        value, _, code = line.strip().partition(" ") if line[0] in "bB" else (line[:1], "", line[1:].strip())
        if code in now:
            value = value.lstrip("bB")
            pending |= code == clock.code and value == "1" and now[code] == "0"
            now[code] = value
    end_of_instant()
    return samples


def show(bits, radix):
    if set(bits) - {"0", "1"}:
        return "x"
    value = int(bits, 2)
    if radix == "hex":
        return f"{value:0{(len(bits) + 3) // 4}X}"
    if radix == "int":
        return str(value - (value >> (len(bits) - 1) << len(bits)))
    if radix in ("f16", "f32"):
        kind, word = (np.float16, np.uint16) if radix == "f16" else (np.float32, np.uint32)
        return f"{np.array(value, word).view(kind):.4g}"
    return str(value)


def draw(rows, samples, first, last, path):
    # Letters as outlines; no date and no random ids, so that a redrawn picture is the same file.
    matplotlib.rcParams.update({"font.family": "DejaVu Sans", "svg.fonttype": "path", "svg.hashsalt": "spmma"})
    heights = [HEADING if row[2] == "heading" else ROW for row in rows]
    width, height = 900, TOP + sum(heights) + 10
    figure = plt.figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
    axes = figure.add_axes([0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    cycles = range(first, last + 1)
    step = (width - LABELS - RIGHT) / len(cycles)
    left = [LABELS + step * i for i in range(len(cycles) + 1)]
    for i, cycle in enumerate(cycles):
        if i % 2 == 0:
            axes.add_patch(plt.Rectangle((left[i], TOP), step, height - TOP - 4, color=BAND, linewidth=0))
        axes.text(left[i] + step / 2, 14, str(cycle - first), size=9, color=QUIET, ha="center", va="center")
    y = TOP
    for (label, signal, radix, when), row_height in zip(rows, heights):
        low, high, middle = y + row_height - 5, y + 6, y + row_height / 2 + 0.5
        y += row_height
        if radix == "heading":
            axes.text(8, low - 2, label, size=10, color=INK, va="baseline", weight="bold")
            continue
        axes.text(16, middle, label, size=9.5, color=INK, va="center", family="DejaVu Sans Mono")
        if radix == "clock":
            xs = np.repeat([x for l in left[:-1] for x in (l, l + step / 2)] + [left[-1]], 2)[1:-1]
            axes.plot(xs, np.tile([high, high, low, low], len(cycles)), color=QUIET, linewidth=1)
            continue
        values = samples[signal][first : last + 1]
        if when:
            values = [v if samples[when][first + i] == "1" else None for i, v in enumerate(values)]
        if radix == "bit":
            levels = [low if v == "0" else high if v == "1" else middle for v in values]
            axes.plot(np.repeat(left, 2)[1:-1], np.repeat(levels, 2), color=LINE, linewidth=1.4,
                      solid_joinstyle="miter")
            continue
        start = 0
        for end in range(1, len(values) + 1):
            # A value that stands for several cycles is one cell, but where `when` says that each is a new one.
            if end < len(values) and values[end] == values[start] and not (when and values[start]):
                continue
            if values[start] is not None:
                a, b, slope = left[start], left[end], 2.5
                axes.fill([a, a + slope, b - slope, b, b - slope, a + slope], [middle, high, high, middle, low, low],
                          facecolor=FILL, edgecolor=LINE, linewidth=1)
                axes.text((a + b) / 2, middle, show(values[start], radix), size=9, color=INK, ha="center",
                          va="center_baseline")
            start = end
    figure.savefig(path, metadata={"Date": None} if path.endswith(".svg") else None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wave", required=True, metavar="W", help="the waveform, .fst or .vcd")
    parser.add_argument("--signals", required=True, metavar="LIST", help="a file with the rows to draw")
    parser.add_argument("--clock", default="clk_i", metavar="NAME", help="the clock (clk_i)")
    parser.add_argument("--start", metavar="NAME", help="begin where this signal is 1 for the first time")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="begin N cycles later")
    parser.add_argument("--cycles", type=int, default=24, metavar="N", help="how many to draw (24)")
    parser.add_argument("--out", required=True, metavar="P", help="the picture, .svg or .png")
    args = parser.parse_args()

    rows = read_rows(args.signals)
    clock = Signal(args.clock)
    start = Signal(args.start) if args.start else None
    signals = [s for row in rows for s in (row[1], row[3]) if s] + ([start] if start else [])
    with open_wave(args.wave) as file:
        bind(file, signals + [clock])
        samples = sample(file, clock, signals)
    first = args.skip
    if start:
        if "1" not in samples[start]:
            sys.exit(f"wave_picture.py: {args.start} is never 1")
        first += samples[start].index("1")
    recorded = max(map(len, samples.values()))
    if first >= recorded:
        sys.exit(f"wave_picture.py: the wave has {recorded} cycles")
    draw(rows, samples, first, min(first + args.cycles, recorded) - 1, args.out)


if __name__ == "__main__":
    main()
