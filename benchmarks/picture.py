"""One picture of how long people wait, by size and database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

PARTS = {
    "find": lambda one: one["ask"]["find"]["p95"],
    "search": lambda one: one["ask"]["search"]["p95"],
    "own full text": lambda one: one["plain"]["search"]["p95"],
}
COLOURS = {"find": "#2a6f97", "search": "#61a5c2", "own full text": "#bbbbbb"}
GOAL_MS = {1_000: 3, 100_000: 20}


def draw(found: list[dict[str, Any]], path: Path) -> None:
    figure, axes = plt.subplots(1, len(GOAL_MS), figsize=(9, 3.6))
    for axis, (size, goal) in zip(axes, GOAL_MS.items(), strict=True):
        shown = [one for one in found if one["size"] == size]
        for number, (name, value) in enumerate(PARTS.items()):
            places = [place + number * 0.26 for place in range(len(shown))]
            bars = axis.bar(places, [value(one) for one in shown], 0.24, label=name, color=COLOURS[name])
            axis.bar_label(bars, fmt="%.1f", fontsize=8)
        axis.axhline(goal, color="#c1121f", linewidth=1, linestyle="--")
        axis.set_xticks([place + 0.26 for place in range(len(shown))], [one["name"] for one in shown])
        axis.set_title(f"{size:,} services: p95 in ms (goal {goal})", fontsize=10)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].legend(fontsize=8, frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
