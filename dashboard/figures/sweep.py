"""Pictures of a sweep: main effects, a heat map of two axes, parallel coordinates; one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from statistics import fmean
from typing import Any

from dashboard.figures import comparison, layout, palette
from dashboard.figures.words import plain

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
        ticks = {"tickvals": x} if numbers and len(x) <= LEVELS else {}
        figure.update_xaxes(title_text=plain(axis), row=1, col=place, gridcolor=palette.GRID, automargin=True, **ticks)
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
            x=[str(value) for value in x], y=[str(value) for value in y], z=z, colorscale=palette.SHARES,
            xgap=2, ygap=2, texttemplate="%{z:.3g}", colorbar={"title": {"text": with_unit(kpi, unit)}},
        )
    )  # fmt: skip
    figure.update_layout(layout.base(SIZE + 60))
    figure.update_xaxes(title_text=plain(across), type="category")
    figure.update_yaxes(title_text=plain(up), type="category")
    return figure


def heat_map_narrow(across: str, up: str, kpi: str, columns: Columns, unit: str) -> Any:
    """The same for a narrow screen: each cell has its number, and no scale beside it."""
    figure = heat_map(across, up, kpi, columns, unit)
    figure.update_traces(showscale=False, textfont_size=11 if len(figure.data[0].x) <= LEVELS // 2 else 9)
    return figure


#: From least to greatest, for every kind of eye, on white and on dark; the width of a line says the same.
ENDS = ["#E69F00", BLUE]
#: More lines than this say nothing; the table has all.
MOST_LINES = 300


def parallel(axes: Sequence[str], kpis: Sequence[str], columns: Columns, units: Mapping[str, str]) -> Any:
    """Every point as a line through its values, scaled from least to greatest; colour and width are the first figure.

    Lines of SVG and not plotly's own parallel coordinates, which need WebGL and cannot be printed.
    """
    import plotly.graph_objects as go
    from plotly.colors import sample_colorscale

    names = [*axes, *kpis]
    rows = [row for row in points(axes, kpis, columns) if row[kpis[0]] is not None][:MOST_LINES]
    scaled = {name: _scaled([row[name] for row in rows]) for name in names}
    places = list(range(len(names)))
    figure = go.Figure()
    for number, row in enumerate(rows):
        part = scaled[kpis[0]][number] or 0.0
        colour = sample_colorscale(ENDS, [part])[0]
        told = "<br>".join(f"{name} {words(row[name])}" for name in names)
        figure.add_scatter(
            x=places, y=[scaled[name][number] for name in names], mode="lines+markers", text=told,
            line={"color": colour, "width": 1.2 + 2.3 * part}, hovertemplate="%{text}<extra></extra>", showlegend=False,
        )  # fmt: skip
    figure.update_layout(layout.base(SIZE + 100))
    figure.update_xaxes(
        range=[-0.5, len(names) - 0.5], tickvals=places,
        ticktext=[with_unit(name, units[name]) if name in units else plain(name) for name in names],
        showgrid=True,
        gridcolor="#808080", zeroline=False,
    )  # fmt: skip
    figure.update_yaxes(tickvals=[0, 1], ticktext=["least", "greatest"], showgrid=False, zeroline=False)
    return figure


def parallel_narrow(axes: Sequence[str], kpis: Sequence[str], columns: Columns, units: Mapping[str, str]) -> Any:
    """The same for a narrow screen, turned: an axis is a line from side to side, beside its name and its ends."""
    from dashboard.figures.marks import in_lines

    figure, names, rows = parallel(axes, kpis, columns, units), [*axes, *kpis], points(axes, kpis, columns)
    titles = figure.layout.xaxis.ticktext
    for trace in figure.data:
        trace.x, trace.y = trace.y, trace.x
    places = figure.layout.xaxis.tickvals
    said = [f"{title}: {_ends([row[name] for row in rows])}" for name, title in zip(names, titles, strict=True)]
    figure.update_layout(height=64 * len(names) + 40)
    figure.update_yaxes(
        range=[len(names) - 0.6, -0.4], tickvals=places, ticktext=[in_lines(text, 17) for text in said],
        showgrid=True, gridcolor="#808080", zeroline=False, tickfont_size=11, automargin=True,
    )  # fmt: skip
    figure.update_xaxes(range=[-0.05, 1.05], tickvals=[0, 1], ticktext=["least", "most"], showgrid=False)
    return figure


def _ends(values: Sequence[Any]) -> str:
    """The least and the greatest of numbers; the first of words."""
    known = [value for value in values if value is not None]
    if not all(isinstance(value, int | float) for value in known):
        return ", ".join(sorted({str(value) for value in known})[:4])
    return f"{min(known):.3g} to {max(known):.3g}" if known else "not defined"


def words(value: Any) -> str:
    """A value as a person reads it."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _scaled(values: Sequence[Any]) -> list[float | None]:
    """From 0, the least, to 1, the greatest; words in their order."""
    if not all(isinstance(value, int | float) for value in values if value is not None):
        order = sorted({str(value) for value in values})
        values = [order.index(str(value)) for value in values]
    known = [value for value in values if value is not None]
    least, most = min(known, default=0.0), max(known, default=1.0)
    return [None if value is None else (value - least) / (most - least) if most > least else 0.5 for value in values]


def points(axes: Sequence[str], kpis: Sequence[str], columns: Columns) -> list[dict[str, Any]]:
    """One row for each point: its axes, and the mean of each figure over its runs; None if it has none."""
    keys = list(zip(*(columns[axis] for axis in axes), strict=True))
    means = {kpi: means_by(keys, columns[kpi]) for kpi in kpis}
    return [
        dict(zip(axes, key, strict=True)) | {kpi: means[kpi].get(key) for kpi in kpis} for key in dict.fromkeys(keys)
    ]


def best(axes: Sequence[str], kpi: str, columns: Columns, direction: str, unit: str) -> str:
    """Where a figure is best and where it is worst, in words."""
    said_of = comparison.label_of(kpi)
    known = [row for row in points(axes, [kpi], columns) if row[kpi] is not None]
    if not known:
        return f"{said_of} is not defined in any run."
    first, last = (choice(known, key=lambda row: row[kpi]) for choice in (max, min))
    if direction == "lower":
        first, last = last, first
    if first[kpi] == last[kpi]:
        return f"{said_of} is {_valued(first[kpi], unit)} at each of {len(known)} points."
    names = ("best", "worst") if direction in {"higher", "lower"} else ("highest", "lowest")
    ends = zip(names, (first, last), strict=True)
    said = [f"{name} ({_valued(row[kpi], unit)}) at {_place(axes, row)}" for name, row in ends]
    return f"{said_of} is {' and '.join(said)}; means of the runs of {len(known)} points."


def _valued(value: float, unit: str) -> str:
    return comparison.with_unit(value, comparison.unit_of(unit))


def _place(axes: Sequence[str], row: Mapping[str, Any]) -> str:
    return ", ".join(f"{plain(axis).lower()} {row[axis]}" for axis in axes)


def front(rows: Sequence[Mapping[str, Any]], across: str, up: str, ways: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The rows that no other beats in both figures; `ways` says which is better: lower, else higher."""
    known = [row for row in rows if row[across] is not None and row[up] is not None]
    worth = [[-row[kpi] if ways.get(kpi) == "lower" else row[kpi] for kpi in (across, up)] for row in known]
    return [row for row, own in zip(known, worth, strict=True) if not any(_beats(other, own) for other in worth)]


def _beats(one: Sequence[float], other: Sequence[float]) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def frontier(
    axes: Sequence[str], across: str, up: str, columns: Columns, units: Mapping[str, str], ways: Mapping[str, str]
) -> Any:
    """The mean of one figure against another, a mark for each point; those that no other beats are filled."""
    import plotly.graph_objects as go

    rows = [row for row in points(axes, [across, up], columns) if row[across] is not None and row[up] is not None]
    winners = front(rows, across, up, ways)
    losers = [row for row in rows if row not in winners]
    parts = (("not beaten", winners, "circle", BLUE), ("beaten", losers, "circle-open", "#7F7F7F"))
    figure = go.Figure([
        go.Scatter(
            name=name, mode="markers", x=[row[across] for row in own], y=[row[up] for row in own],
            text=[_place(axes, row) for row in own], hovertemplate="%{text}<br>%{x:.3g}, %{y:.3g}",
            marker={"symbol": symbol, "color": colour, "size": 10},
        )
        for name, own, symbol, colour in parts
    ])  # fmt: skip
    figure.update_layout(layout.base(SIZE + 60), legend=layout.legend_above())
    for kpi, axis in ((across, figure.update_xaxes), (up, figure.update_yaxes)):
        way = ways.get(kpi, "none")
        better = f", {way} is better" if way in {"higher", "lower"} else ""
        axis(title_text=f"{with_unit(kpi, units.get(kpi, ''))}{better}", gridcolor=palette.GRID, automargin=True)
    return figure


def with_unit(name: str, unit: str) -> str:
    """A figure with its unit; counts have none."""
    said, short = comparison.label_of(name), comparison.unit_of(unit)
    return f"{said}, {short}" if short and not said.endswith(short) else said


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
    parts.append(("Every point: axes and figures", parallel(axes, kpis, columns, units)))
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
