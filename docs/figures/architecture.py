#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the folders and what each is built from: architecture.py OUT.svg"""

import sys

from blocks import BLUE, GREEN, GREY, LINE, QUIET, SAND, Page

MONO = "DejaVu Sans Mono"
page = Page(900, 524)


def folder(x, y, w, h, name, text, fill, tests=""):
    page.area(x, y, w, h, fill, LINE, z=4)
    page.text(x + 12, y + 18, name, 12, ha="left", family=MONO, weight="bold")
    page.text(x + 12, y + 34, text, 9.5, ha="left", va="top")
    if tests:
        page.box(x + 10, y + h - 12, w - 20, 22, tests, edge="#7fa886", size=9, family=MONO, color="#3f6b47")


# Columns of the upper part: sources, models, what drives them, programs.
X, W = (14, 230, 446, 690), 196
RIGHT, UPPER, LOWER = X[3] + W, 52, 336  # y of the upper row and of the golden model

for x, title in zip(X, ("sources", "models", "what drives them", "programs")):
    page.text(x + W / 2, 28, title, 11, QUIET)

folder(X[0], UPPER, W, 108, "rtl/",
       "spmma_core and spmma_gemm\nspmma.f: the sources, in order\npresets.json: the parameter sets", BLUE, "tests/lint")
folder(X[1], UPPER, W, 108, "verif/model/",
       "each preset through Verilator,\nwith and without waves,\nbehind one interface", SAND, "tests/rtl")
folder(X[2], UPPER, W, 108, "verif/harness/",
       "steps, stalls, checker, memory,\nbus rules, driver, whole GEMMs;\nthe program spmma_soak", SAND, "tests/rtl  tests/engine")
folder(X[2], 204, W, 76, "verif/io/", ".npy matrices, output files", SAND, "tests/cli")
folder(X[3], UPPER, W, 76, "verif/cli/", "the command spmma", GREEN, "tests/cli")
folder(X[3], 158, W, 58, "verif/digits/", "the main job, spmma_digits", GREEN)
folder(X[3], 244, W, 58, "verif/bench/", "spmma_core_bench", GREEN)
folder(X[0], LOWER, X[2] + W - X[0], 84, "golden/",
       "the library spmma::golden, without any RTL: format, preset, sparse (2:4 tools), step (one fused step),\n"
       "gemm, gemm_fast (the same, vectorised), core_timing, gemm_timing (cycles), describe", BLUE,
       "tests/golden   tests/install")
folder(X[3], LOWER, W, 58, "golden/bench/", "spmma_bench", GREEN)

# The RTL becomes models, the models are driven.
page.arrow((X[0] + W, UPPER + 54), (X[1], UPPER + 54))
page.arrow((X[1] + W, UPPER + 54), (X[2], UPPER + 54))
# The harness serves all programs, the files two of them.
harness, files = X[2] + W + 16, X[2] + W + 30
page.arrow((X[2] + W, 80), (X[3], 80))
for y in (176, 273):
    page.arrow((harness, 80), (harness, y), (X[3], y))
page.arrow((X[2] + W, 228), (files, 228), (files, 106), (X[3], 106))
page.arrow((files, 200), (X[3], 200))
# The golden model serves all; it holds a copy of the presets.
page.arrow((X[0] + W / 2, UPPER + 118), (X[0] + W / 2, LOWER), dashed=True)
page.text(X[0] + W / 2 + 8, 250, "presets.json,\nembedded", 9.5, QUIET, ha="left")
page.arrow((X[1] + W / 2, LOWER), (X[1] + W / 2, UPPER + 118))
page.arrow((X[2] + W / 2, LOWER), (X[2] + W / 2, 290))
page.arrow((X[2] - 12, LOWER), (X[2] - 12, UPPER + 86), (X[2], UPPER + 86))
page.arrow((X[2] + W, LOWER + 29), (X[3], LOWER + 29))

page.area(X[0], 448, RIGHT - X[0], 40, GREY, LINE, z=4)
page.text(X[0] + 12, 468, "scripts/", 12, ha="left", family=MONO, weight="bold")
page.text(X[0] + 96, 468, "run.sh, test.sh: everything, from a fresh Debian  ·  build.sh  ·  "
          "lint.sh, tidy.sh, format.sh  ·  figures.sh", 10, ha="left")
page.text(X[0], 508, "An arrow: what its head is built from. In the white boxes: where it is tested.", 9.5, QUIET,
          ha="left")

page.save(sys.argv[1])
