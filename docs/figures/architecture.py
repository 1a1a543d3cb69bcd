# SPDX-License-Identifier: Apache-2.0
"""Draws the folders and what each is built from: architecture.py OUT.svg"""

import sys

from blocks import BLUE, GREEN, GREY, LINE, QUIET, SAND, Page

MONO = "DejaVu Sans Mono"
page = Page(900, 612)


def folder(x, y, h, name, text, fill, tests=""):
    page.area(x, y, W, h, fill, LINE, z=4)
    page.text(x + 12, y + 18, name, 12, ha="left", family=MONO, weight="bold")
    page.text(x + 12, y + 34, text, 9.5, ha="left", va="top")
    if tests:
        page.box(x + 10, y + h - 12, W - 20, 22, tests, edge="#7fa886", size=9, family=MONO, color="#3f6b47")


X, W = (14, 230, 446, 690), 196
UPPER, SECOND, THIRD = 52, 204, 328
RIGHT = X[3] + W

for x, title in zip(X, ("sources", "models and files", "what drives them", "programs")):
    page.text(x + W / 2, 28, title, 11, QUIET)

folder(X[0], UPPER, 108, "rtl/",
       "spmma_core and spmma_gemm\nspmma.f: the sources, in order\npresets.json: the parameter sets", BLUE, "tests/lint  tests/formal")
folder(X[0], SECOND, 156, "golden/",
       "the library spmma::golden, without\nany RTL: format, preset, sparse\n(2:4 tools), step (one fused step),\n"
       "gemm, gemm_fast (the same,\nvectorised), core_timing,\ngemm_timing (cycles), describe", BLUE,
       "tests/golden  tests/install")
folder(X[0], 408, 52, "golden/bench/", "spmma_bench", GREEN)

folder(X[1], UPPER, 108, "verif/model/",
       "each preset through Verilator,\nwith and without waves,\nbehind one interface", SAND, "tests/rtl  tests/regs")
folder(X[1], SECOND, 68, "verif/io/", "matrices, output files, processes", SAND, "tests/cli")

folder(X[2], UPPER, 108, "verif/harness/",
       "steps, stalls, checker, memory,\nbus rules, driver, whole GEMMs;\nthe program spmma_soak", SAND, "tests/rtl  tests/engine")

folder(X[3], UPPER, 68, "verif/cli/", "the command spmma", GREEN, "tests/cli")
folder(X[3], 150, 68, "verif/digits/", "the main job, spmma_digits", GREEN, "tests/digits")
folder(X[3], 246, 52, "verif/bench/", "spmma_core_bench", GREEN)

# What stands on the harness.
page.area(X[1] - 8, THIRD - 10, RIGHT - X[1] + 16, 224, "white", LINE, dashed=True)
folder(X[1], THIRD, 92, "verif/regress/", "tests by name and seed,\nshrinking, groups of failures", SAND, "tests/regress")
folder(X[2], THIRD, 92, "verif/coverage/", "bins, Verilator's file, test plan;\nspmma_coverage", SAND,
       "tests/coverage  tests/far")
folder(X[3], THIRD, 92, "verif/faults/", "netlists, mutants, soft errors;\nprograms of its own", GREEN, "tests/faults")
folder(X[1], THIRD + 112, 82, "verif/wave/", "GTKWave's files, pictures", SAND, "tests/wave")
folder(X[2], THIRD + 112, 82, "verif/sweep/", "points of the design space", SAND, "tests/sweep")

# The RTL becomes models, the models are driven.
page.arrow((X[0] + W, UPPER + 40), (X[1], UPPER + 40))
page.arrow((X[1] + W, UPPER + 54), (X[2], UPPER + 54))
# The harness serves the programs and what stands on it; that serves the command.
rail = X[2] + W + 16
page.arrow((X[2] + W, 80), (X[3], 80))
for y in (180, 272):
    page.arrow((rail, 80), (rail, y), (X[3], y))
page.arrow((X[2] + W / 2, UPPER + 120), (X[2] + W / 2, THIRD - 10))
page.arrow((rail + 14, THIRD - 10), (rail + 14, 104), (X[3], 104))
page.arrow((X[1] + W, SECOND + 30), (X[2] + W / 2 - 20, SECOND + 30), (X[2] + W / 2 - 20, THIRD - 10))
# The golden model serves all; it holds a copy of the presets.
page.arrow((X[0] + W / 2, UPPER + 120), (X[0] + W / 2, SECOND), dashed=True)
page.text(X[0] + W / 2 + 8, 182, "presets.json", 9.5, QUIET, ha="left")
page.arrow((X[0] + W, SECOND + 30), (X[1], SECOND + 30))
page.arrow((X[0] + W + 10, SECOND + 30), (X[0] + W + 10, UPPER + 80), (X[1], UPPER + 80))
page.arrow((X[0] + W, SECOND + 140), (X[1] - 8, SECOND + 140))
page.arrow((X[0] + W / 2, SECOND + 168), (X[0] + W / 2, 408))

page.area(X[0], 556, RIGHT - X[0] + 8, 32, GREY, LINE, z=4)
page.text(X[0] + 12, 572, "scripts/", 12, ha="left", family=MONO, weight="bold")
page.text(X[0] + 96, 572, "run.sh, test.sh: everything, from a fresh Debian  ·  coverage.sh  ·  proofs.sh  ·  mutation.sh  ·  "
          "soft_errors.sh  ·  fuzz.sh  ·  figures.sh", 9.5, ha="left")
page.text(X[0], 602, "An arrow: what its head is built from. In the white boxes: where it is tested; tests/fourstate is "
          "of the RTL in Icarus, tests/fuzz of all that reads a file.", 9.5, QUIET,
          ha="left")

page.save(sys.argv[1])
