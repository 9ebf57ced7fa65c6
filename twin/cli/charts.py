"""A line drawn with characters, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

WIDTH, HEIGHT = 60, 8


def chart(title: str, x: Sequence[float], y: Sequence[float]) -> list[str]:
    """The lines of a chart of `y` over `x`, with the ends of both."""
    low, high = min(y), max(y)
    span = (high - low) or 1.0
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    for column in range(WIDTH):
        value = _at(x, y, x[0] + (x[-1] - x[0]) * column / (WIDTH - 1))
        grid[round((high - value) / span * (HEIGHT - 1))][column] = "*"
    ends = {0: f"{high:.4g}", HEIGHT - 1: f"{low:.4g}"}
    body = [f"{ends.get(n, ''):>9} |{''.join(line).rstrip()}" for n, line in enumerate(grid)]
    foot = f"{'':>9} +{'-' * WIDTH}"
    left, right = f"{x[0]:.4g}", f"{x[-1]:.4g} min"
    return [title, *body, foot, f"{'':>11}{left}{right:>{WIDTH - len(left)}}", ""]


def _at(x: Sequence[float], y: Sequence[float], where: float) -> float:
    """The value between two points, on the straight line."""
    for (x0, x1), (y0, y1) in zip(pairwise(x), pairwise(y), strict=True):
        if where <= x1:
            return y0 + (y1 - y0) * (where - x0) / (x1 - x0)
    return y[-1]
