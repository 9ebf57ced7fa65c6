"""Pictures of a sweep: main effects, a heat map of two axes, parallel coordinates; one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from statistics import fmean
from typing import Any

from dashboard.figures import layout, palette

#: Name -> a value for each run.
Columns = Mapping[str, Sequence[Any]]

BLUE = "#0072B2"
SIZE = 300
STYLE = (
    "body{font-family:" + layout.FONT + ";max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
)


def main_effects(axes: Sequence[str], kpi: str, columns: Columns, unit: str) -> Any:
    """The mean of a figure by the values of each axis, over all values of the others."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    figure = make_subplots(1, len(axes), shared_yaxes=True, horizontal_spacing=0.03)
    for place, axis in enumerate(axes, 1):
        means = means_by(columns[axis], columns[kpi])
        numbers = all(isinstance(value, int | float) for value in means)
        line = {"color": BLUE}
        mode = "lines+markers" if len(means) <= LEVELS else "markers"
        x = list(means) if numbers else [str(value) for value in means]
        figure.add_trace(
            go.Scatter(x=x, y=list(means.values()), mode=mode, line=line, marker={"size": 7}, showlegend=False),
            1,
            place,
        )
        figure.update_xaxes(title_text=axis, row=1, col=place, gridcolor=palette.GRID, automargin=True)
    figure.update_layout(layout.base(SIZE))
    figure.update_yaxes(gridcolor=palette.GRID, automargin=True)
    figure.update_yaxes(title_text=with_unit(kpi, unit), row=1, col=1)
    return figure


#: Above so many values of an axis they are points, not a line.
LEVELS = 12


def means_by(axis: Sequence[Any], values: Sequence[Any]) -> dict[Any, float]:
    """Mean of the known values for each value of an axis, in its order."""
    groups: dict[Any, list[float]] = {}
    for key, value in zip(axis, values, strict=True):
        if value is not None:
            groups.setdefault(key, []).append(value)
    order = sorted(groups) if all(isinstance(key, int | float) for key in groups) else list(groups)
    return {key: fmean(groups[key]) for key in order}


def heat_map(across: str, up: str, kpi: str, columns: Columns, unit: str) -> Any:
    """The mean of a figure for each pair of values of two axes."""
    import plotly.graph_objects as go

    pairs = list(zip(columns[across], columns[up], strict=True))
    means = means_by(pairs, columns[kpi])
    x, y = (list(means_by(columns[axis], [0.0] * len(pairs))) for axis in (across, up))
    z = [[means.get((a, b)) for a in x] for b in y]
    figure = go.Figure(
        go.Heatmap(
            x=[str(value) for value in x], y=[str(value) for value in y], z=z, colorscale="Cividis",
            texttemplate="%{z:.3g}", colorbar={"title": {"text": with_unit(kpi, unit)}},
        )
    )  # fmt: skip
    figure.update_layout(layout.base(SIZE + 60))
    figure.update_xaxes(title_text=across, type="category")
    figure.update_yaxes(title_text=up, type="category")
    return figure


def parallel(axes: Sequence[str], kpis: Sequence[str], columns: Columns, units: Mapping[str, str]) -> Any:
    """Every run as a line through its values; the colour is the first figure."""
    import plotly.graph_objects as go

    known = [k for k, value in enumerate(columns[kpis[0]]) if value is not None]
    dimensions = [_dimension(name, [columns[name][k] for k in known], units.get(name, "")) for name in (*axes, *kpis)]
    colour = [columns[kpis[0]][k] for k in known]
    figure = go.Figure(
        go.Parcoords(dimensions=dimensions, line={"color": colour, "colorscale": "Cividis", "showscale": False})
    )
    figure.update_layout(layout.base(SIZE + 100) | {"margin": {"l": 80, "r": 60, "t": 50, "b": 20}})
    return figure


def _dimension(name: str, values: Sequence[Any], unit: str) -> dict[str, Any]:
    label = with_unit(name, unit)
    if all(isinstance(value, int | float) for value in values if value is not None):
        least = min((value for value in values if value is not None), default=0.0)
        return {"label": label, "values": [least if value is None else value for value in values]}
    words = sorted({str(value) for value in values})
    places = {word: place for place, word in enumerate(words)}
    return {
        "label": label, "values": [places[str(value)] for value in values],
        "tickvals": list(places.values()), "ticktext": words,
    }  # fmt: skip


def with_unit(name: str, unit: str) -> str:
    """A figure with its unit; counts have none."""
    return name if unit in {"", "1"} else f"{name} [{unit}]"


def page(
    name: str, question: str, axes: Sequence[str], kpis: Sequence[str], columns: Columns, units: Mapping[str, str]
) -> str:
    """All pictures as one HTML file that needs nothing else."""
    import plotly.io as pio

    parts: list[tuple[str, Any]] = []
    for kpi in kpis:
        parts.append((f"{kpi}: main effects", main_effects(axes, kpi, columns, units.get(kpi, ""))))
        if len(axes) > 1 and _few(columns[axes[0]]) and _few(columns[axes[1]]):
            parts.append(
                (f"{kpi} by {axes[0]} and {axes[1]}", heat_map(axes[0], axes[1], kpi, columns, units.get(kpi, "")))
            )
    parts.append(("Every run: axes and figures", parallel(axes, kpis, columns, units)))
    body = "".join(
        f"<h2>{escape(title)}</h2>"
        + pio.to_html(figure, full_html=False, include_plotlyjs=number == 0, config={"displaylogo": False})
        for number, (title, figure) in enumerate(parts)
    )
    head = f"<meta charset='utf-8'><title>{escape(name)}</title><style>{STYLE}</style>"
    body = f"<h1>{escape(name)}</h1><p>{escape(question)}</p>{body}"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"


def _few(values: Sequence[Any]) -> bool:
    return 1 < len(set(values)) <= 2 * LEVELS
