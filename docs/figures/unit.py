#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws spmma_core stage by stage: unit.py OUT.svg"""

import sys

from blocks import BLUE, GREEN, GREY, INK, QUIET, SAND, Page

STAGE, PITCH, BOX = 84, 58, 36  # y of stage 0, from stage to stage, height of a box
ROW, ELEMENT, COLUMN, CONTROL = (52, 262), (326, 262), (600, 132), (744, 144)  # lanes: x, width
OPTIONAL = {3: 0, 7: 1, 9: 2, 10: 3}  # stage: bit of Pipe
LAST = 11

page = Page(900, STAGE + 13 * PITCH + 46)


def top(stage):
    return STAGE + stage * PITCH


def middle(stage):
    return top(stage) + BOX / 2


# Lanes, and what there is one of in each.
for (x, width), fill, title, count in ((ROW, BLUE, "each row of A", "spmma_row · × Rows"),
                                       (ELEMENT, GREEN, "each element of D", "spmma_dot, spmma_quad · × Rows × Cols"),
                                       (COLUMN, SAND, "each column of B", "spmma_arrange · × Cols"),
                                       (CONTROL, GREY, "the step", "spmma_ctrl · × 1")):
    page.area(x, 10, width, top(LAST) + BOX + 12 - 10, fill)
    page.text(x + width / 2, 27, title, 12, weight="bold")
    page.text(x + width / 2, 45, count, 9.5, QUIET)

# Stage numbers; a dashed one has a register only if its bit of Pipe is set.
for stage in range(LAST + 1):
    if stage:
        page.axes.plot((ROW[0], CONTROL[0] + CONTROL[1]), [top(stage) - (PITCH - BOX) / 2] * 2, color="white",
                       linewidth=1.5, zorder=2)
    optional = stage in OPTIONAL
    page.box(10, top(stage) + 4, 30, BOX - 8, str(stage), dashed=optional, size=12, weight="bold",
             edge=QUIET if optional else INK, color=QUIET if optional else INK)
    if optional:
        page.text(25, top(stage) + BOX + 6, f"Pipe[{OPTIONAL[stage]}]", 8, QUIET)

# Stage 0: the input register.
xa, xm, xc = ROW[0] + 10, ROW[0] + 92, ROW[0] + 184
for x, width, name, port in ((xa, 72, "A", "in_a_i"), (xm, 82, "metadata", "in_meta_i"), (xc, 68, "C", "in_c_i"),
                             (COLUMN[0] + 16, 100, "B", "in_b_i"),
                             (CONTROL[0] + 10, 124, "format, slot,\nfirst, last", "in_*_i")):
    page.box(x, top(0), width, BOX, name, size=10.5 if "\n" in name else 11)
    page.arrow((x + width / 2, 72), (x + width / 2, top(0)))
    page.text(x + width / 2, 65, port, 9, QUIET, family="DejaVu Sans Mono")
page.text(ELEMENT[0] + ELEMENT[1] / 2, middle(0), "input register · in_valid_i, in_ready_o", 10, QUIET)

# Row: metadata decoded and A taken apart once, C and the accumulators.
page.box(xa, top(1), 72, BOX, "mask\nA's bytes", size=9.5)
page.box(xm, top(1), 82, BOX, "decode to\nselects", size=9.5)
page.box(xa, top(2), 72, BOX, "A's fields", size=10)
page.box(xa, top(4), 72, BOX, "A's multiplier\noperands", size=8.8)
page.box(xm + 10, top(4), 142 + 8, BOX, "C  or  accumulator", size=10)
for a, b in ((0, 1), (1, 2), (2, 4)):
    page.arrow((xa + 36, top(a) + BOX), (xa + 36, top(b)))
page.arrow((xm + 41, top(0) + BOX), (xm + 41, top(1)))
page.arrow((xc + 44, top(0) + BOX), (xc + 44, top(4)))

# Element: the fused dot product.
ex, ew = ELEMENT[0] + 22, ELEMENT[1] - 48
half = (ew - 12) / 2
for stage, texts in {2: ("gather the B that the selects name",), 3: ("exponents, signs, specials of products",),
                     4: ("B's multiplier\noperands", "largest product\nexponent"),
                     5: ("multiply", "e_max with C\nand the floor"),
                     6: ("align products and C to e_max,\ncut below F fraction bits",),
                     7: ("sums of four terms",), 8: ("the sum S, exact",), 9: ("magnitude (integers: clamp or wrap)",),
                     10: ("normalise, once",), 11: ("round, once: D",)}.items():
    width = ew if len(texts) == 1 else half
    for i, text in enumerate(texts):
        page.box(ex + i * (half + 12), top(stage), width, BOX, text, copies=int(stage <= 6 and i == 0), size=10)
for stage in range(2, LAST):
    a, b = (5 if s in (4, 5) else 0 for s in (stage, stage + 1))
    xs = (ex + half / 2, ex + 12 + 1.5 * half) if a or b else (ex + ew / 2,)
    for x in xs:
        page.arrow((x, top(stage) + BOX), (x, top(stage + 1)))

# Column: B arranged once.
bx = COLUMN[0] + 66
page.box(COLUMN[0] + 16, top(1), 100, BOX, "arrange in\ngroups of 8 bytes", size=9.5)
page.arrow((bx, top(0) + BOX), (bx, top(1)))

# Across the lanes.
page.arrow((bx, top(1) + BOX), (bx, middle(2)), (ex + ew + 4, middle(2)))
page.arrow((xm + 41, top(1) + BOX), (xm + 41, middle(2) + 4), (ex, middle(2) + 4))
page.arrow((xa + 72, middle(2) + 10), (xm + 8, middle(2) + 10), (xm + 8, middle(3)), (ex, middle(3)))
page.arrow((xa + 54, top(4) + BOX), (xa + 54, middle(5) + 6), (ex, middle(5) + 6))
page.arrow((xc + 44, top(4) + BOX), (xc + 44, middle(5) + 22), (ex + ew + 14, middle(5) + 22),
           (ex + ew + 14, middle(5)), (ex + ew, middle(5)))

# The accumulators, around the loop.
acc_y = top(7)
page.box(xm + 10, acc_y, 150, 2 * PITCH,
         "accumulators\n\na RAM, a word of Cols\nresults for each of\nAccSlots slots", size=10)
page.arrow((xm + 60, acc_y), (xm + 60, top(4) + BOX))
page.text(xm + 54, middle(6) - 8, "read\nthe slot", 9, QUIET, ha="right")
page.arrow((ex, middle(LAST)), (xm + 85, middle(LAST)), (xm + 85, acc_y + 2 * PITCH))
page.text(xm + 79, middle(10) + 8, "write the slot,\nif not the last step", 9, QUIET, ha="right")
page.text(xa, middle(8), "once for\nthe Cols\nelements\nof a row", 9.5, QUIET, ha="left")
page.text(bx, middle(4), "once for the\nRows elements\nof a column", 9.5, QUIET)

# Control.
cx, cw = CONTROL[0] + 10, 124
page.box(cx, top(1) - 4, cw, BOX + 8, "issue: slot idle,\nroom in the queue", size=9.5)
page.arrow((cx + cw / 2, top(0) + BOX), (cx + cw / 2, top(1) - 4))
page.box(cx, top(3), cw, top(6) + BOX - top(3),
         "control words and\nconstants travel\nbeside the step:\n"
         "a stage's registers\nload only what the\nformat needs", size=9.5)
page.box(cx, top(8), cw, top(10) + BOX - top(8),
         "flags of each slot:\nillegal formats and\nmetadata, which\nstall nothing", size=9.5)
for a, b in ((top(1) + BOX + 4, top(3)), (top(6) + BOX, top(8))):
    page.arrow((cx + cw / 2, a), (cx + cw / 2, b))

# Out.
out_y = top(12) + 14
page.box(ELEMENT[0] - 20, out_y, ELEMENT[1] + 40, BOX, "output queue (spmma_fifo): OutDepth tiles", fill=GREY)
page.arrow((ex + ew / 2, top(LAST) + BOX), (ex + ew / 2, out_y))
page.text(ex + ew / 2 + 8, out_y - 12, "last step", 9, QUIET, ha="left")
page.arrow((cx + cw / 2, top(10) + BOX), (cx + cw / 2, out_y + BOX / 2),
           (ELEMENT[0] + ELEMENT[1] + 20, out_y + BOX / 2))
page.arrow((ex + ew / 2, out_y + BOX), (ex + ew / 2, out_y + BOX + 26))
page.text(ex + ew / 2 + 10, out_y + BOX + 20, "out_d_o, out_slot_o, flags · out_valid_o, out_ready_i", 9.5, QUIET,
          ha="left")
page.text(10, out_y + BOX / 2 + 8, "A box is the logic in front of its stage's register.\n"
          "Dashed: the register is optional, a bit of Pipe.\nTwo deep: one for each four bytes (spmma_quad).", 9.5,
          QUIET, ha="left")

page.save(sys.argv[1])
