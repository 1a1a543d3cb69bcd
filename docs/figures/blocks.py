# SPDX-License-Identifier: Apache-2.0
"""Boxes, arrows and labels for the block pictures: coordinates are pixels of a 900-pixel-wide page, y downwards."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

INK = "#24323f"
QUIET = "#6b7a88"
LINE = "#7d8c9a"
BLUE, GREEN, SAND, GREY = "#e8f0f9", "#e9f4ea", "#fbf1e1", "#f1f3f5"

# Letters as outlines, so that every viewer shows the same; no date and no random ids, so that a redrawn picture is
# the same file.
matplotlib.rcParams.update({"font.family": "DejaVu Sans", "svg.fonttype": "path", "svg.hashsalt": "spmma"})


class Page:
    def __init__(self, width, height):
        self.figure = plt.figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
        self.axes = self.figure.add_axes([0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self.axes.axis("off")

    def text(self, x, y, text, size=11, color=INK, ha="center", va="center", **style):
        self.axes.text(x, y, text, size=size, color=color, ha=ha, va=va, linespacing=1.35, zorder=6, **style)

    def area(self, x, y, w, h, fill, edge="none", radius=6, dashed=False, line=1.0, z=1):
        self.axes.add_patch(FancyBboxPatch((x, y), w, h, boxstyle=f"round,pad=0,rounding_size={radius}", facecolor=fill,
                                           edgecolor=edge, linewidth=line, linestyle="--" if dashed else "-", zorder=z))

    def box(self, x, y, w, h, text, fill="white", edge=LINE, copies=0, size=11, dashed=False, **style):
        """A box with its text; `copies` more lie behind it where there are several of it."""
        for i in range(copies, 0, -1):
            self.area(x + 4 * i, y + 4 * i, w, h, fill, edge, radius=4, z=4)
        self.area(x, y, w, h, fill, edge, radius=4, dashed=dashed, z=4)
        self.text(x + w / 2, y + h / 2, text, size=size, **style)

    def arrow(self, *points, color=QUIET, dashed=False, line=1.3):
        """Straight from point to point, with a head at the last."""
        style = {"color": color, "linewidth": line, "linestyle": "--" if dashed else "-", "zorder": 3}
        for a, b in zip(points[:-2], points[1:-1]):
            self.axes.plot(*zip(a, b), solid_capstyle="round", **style)
        self.axes.add_patch(FancyArrowPatch(points[-2], points[-1], arrowstyle="-|>", mutation_scale=10, shrinkA=0,
                                            shrinkB=0, **style))

    def save(self, path):
        self.figure.savefig(path, metadata={"Date": None} if str(path).endswith(".svg") else None)
