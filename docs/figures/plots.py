# SPDX-License-Identifier: Apache-2.0
"""What the plots share: their look, how they are saved, and how tables come into a page."""

import pathlib
import re
import sys

import matplotlib

from blocks import INK, QUIET  # and with it how every picture here is written

GRID = "#e3e8ec"
COLOURS = ("#2f5d8a", "#c0682c", "#4f8a4b", "#7d4f8a")

matplotlib.rcParams.update({
    "font.size": 10, "text.color": INK, "axes.labelcolor": INK, "xtick.color": QUIET, "ytick.color": QUIET,
    "axes.edgecolor": QUIET, "axes.grid": True, "grid.color": GRID, "axes.axisbelow": True,
    "axes.spines.top": False, "axes.spines.right": False,
})


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def write_tables(page, tables):
    """Replaces what stands between <!-- NAME --> and <!-- end --> by the lines of the table of that name."""
    path = pathlib.Path(page)
    text = path.read_text()
    for name, lines in tables.items():
        block = "\n".join([f"<!-- {name} -->", *lines, "<!-- end -->"])
        text, count = re.subn(rf"<!-- {name} -->.*?<!-- end -->", lambda _: block, text, flags=re.DOTALL)
        if count != 1:
            sys.exit(f"{page}: has no place for the table {name}")
    path.write_text(text)
