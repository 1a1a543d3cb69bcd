#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws spmma_gemm, its modules and what flows between them: engine.py OUT.svg"""

import sys

from blocks import BLUE, GREEN, GREY, LINE, QUIET, SAND, Page

MONO = "DejaVu Sans Mono"
page = Page(900, 520)


def module(x, y, w, h, name, text, fill):
    page.area(x, y, w, h, fill, LINE, z=4)
    page.text(x + w / 2, y + 16, name, 11, family=MONO, weight="bold")
    page.text(x + w / 2, y + (h + 24) / 2, text, 9.5)


# Control above, data in the middle, the bus below.
module(20, 34, 180, 74, "spmma_regs", "AXI4-Lite: the job, windows,\ncounters, interrupt", GREY)
module(250, 34, 210, 74, "spmma_jobs", "the running job and the queued one;\nerrors, counters, the end of a job", GREY)
module(20, 166, 180, 108, "spmma_reader", "walks the job: blocks, K blocks,\nstrips, rows; asks for bursts\nin one fixed order,\ninside the read window", BLUE)
module(20, 334, 180, 84, "spmma_shifter", "beats to words that start at\na row's first byte; counts what\nis complete, checks metadata", BLUE)
module(250, 166, 210, 108, "spmma_sequencer", "one step a cycle: a run of tiles\nas soon as its operands are there\nand its results have a place", SAND)
module(250, 310, 210, 132, "spmma_operands", "A, E: rings of strips\nB: two K blocks, skewed over banks\nC: a ring of strips", BLUE)
module(510, 310, 150, 132, "spmma_core", "the unit: a tile a cycle,\na block's accumulators\non chip", GREEN)
module(710, 310, 170, 84, "spmma_results", "D: a ring of strips,\nin by tiles, out by rows", SAND)
module(710, 166, 170, 84, "spmma_writer", "rows to bursts and strobes,\ninside the write window", SAND)

page.area(20, 468, 860, 30, GREY, LINE, z=4)
page.text(450, 483, "memory: AXI4, 128 to 512 bits", 10.5, family=MONO)

# Control.
page.arrow((200, 71), (250, 71))
page.arrow((250, 96), (226, 96), (226, 190), (200, 190))
page.text(232, 155, "a job", 9, QUIET, ha="left")
page.arrow((200, 222), (250, 222))
page.text(225, 212, "K blocks", 9, QUIET)
page.arrow((355, 274), (355, 310))
page.text(361, 292, "the step", 9, QUIET, ha="left")
page.arrow((110, 166), (110, 140), (795, 140), (795, 166))
page.text(560, 131, "blocks of D", 9, QUIET)
page.arrow((250, 246), (200, 246))
page.text(225, 257, "room", 9, QUIET)
page.arrow((710, 208), (460, 208))
page.text(585, 198, "room in the ring of D", 9, QUIET)

# Data.
page.arrow((200, 376), (250, 376))
page.text(225, 366, "words", 9, QUIET)
page.arrow((110, 274), (110, 334))
page.text(116, 304, "where each burst goes", 9, QUIET, ha="left")
page.arrow((460, 376), (510, 376))
page.arrow((660, 352), (710, 352))
page.text(685, 342, "tiles", 9, QUIET)
page.arrow((795, 310), (795, 250))
page.text(801, 280, "rows", 9, QUIET, ha="left")
page.arrow((460, 430), (480, 430), (480, 456), (685, 456), (685, 380), (710, 380), dashed=True)
page.text(580, 449, "C, where K = 0", 9, QUIET)

# The bus.
page.arrow((20, 220), (8, 220), (8, 483), (20, 483))
page.text(14, 300, "AR", 9, QUIET, ha="left")
page.arrow((110, 468), (110, 418))
page.text(116, 444, "R", 9, QUIET, ha="left")
page.arrow((880, 208), (892, 208), (892, 483), (880, 483))
page.text(886, 278, "AW, W", 9, QUIET, ha="right")
page.text(20, 512, "Blue: towards the unit. Sand: what paces it and takes its results.", 9.5, QUIET, ha="left")

page.save(sys.argv[1])
