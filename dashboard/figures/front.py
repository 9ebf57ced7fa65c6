"""The Pareto front of an optimisation as a picture; one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import combinations
from typing import Any

from dashboard.figures import layout, palette
from dashboard.figures.sweep import BLUE, STYLE, with_unit


def figure(across: str, up: str, said: Mapping[str, Any]) -> Any:
    """All trials by two objectives; the front is filled."""
    import plotly.graph_objects as go

    known = [one for one in said["trials"] if one["error"] is None]
    traces = []
    for name, best, symbol in (("Pareto front", True, "circle"), ("beaten", False, "circle-open")):
        own = [one for one in known if one["is_best"] == best]
        words = [", ".join(f"{axis} {value}" for axis, value in one["values"].items()) for one in own]
        x, y = ([one["objectives"][kpi]["mean"] for one in own] for kpi in (across, up))
        marker = {"symbol": symbol, "color": BLUE if best else "#888", "size": 9 if best else 7}
        traces.append(go.Scatter(x=x, y=y, mode="markers", name=name, text=words, marker=marker))
    drawn = go.Figure(traces)
    drawn.update_layout(layout.base(420) | {"legend": layout.legend_above()})
    units = {kpi: known[0]["objectives"][kpi]["unit"] for kpi in (across, up)}
    ways = said["objectives"]
    drawn.update_xaxes(
        title_text=f"{with_unit(across, units[across])}, {ways[across]} is better", gridcolor=palette.GRID
    )
    drawn.update_yaxes(title_text=f"{with_unit(up, units[up])}, {ways[up]} is better", gridcolor=palette.GRID)
    return drawn


def page(said: Mapping[str, Any]) -> str:
    """A picture for each pair of objectives; of one objective, against the order of the trials."""
    import plotly.io as pio

    kpis = list(said["objectives"])
    pairs = list(combinations(kpis, 2)) or [(kpis[0], kpis[0])]
    body = "".join(
        f"<h2>{escape(across)} and {escape(up)}</h2>"
        + pio.to_html(figure(across, up, said), full_html=False, include_plotlyjs=n == 0, config={"displaylogo": False})
        for n, (across, up) in enumerate(pairs)
    )
    name = escape(str(said["name"]))
    head = f"<meta charset='utf-8'><title>{name}</title><style>{STYLE}</style>"
    whole = f"<h1>{name}</h1><p>{escape(str(said['question']))}</p>{body}"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{whole}</body></html>\n"
