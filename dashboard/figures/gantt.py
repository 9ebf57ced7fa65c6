"""The day on a chart: what took each scanner, room and person, when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import lanes, layout, palette, words
from dashboard.figures.lanes import Row
from dashboard.figures.palette import Category
from dashboard.figures.window import HOUR_S, MOST_BARS, Window

PIXELS = 30
#: A bar that lasts at least this share of the window has its step written on it.
WRITTEN = 1 / 28


def bars(timeline: pd.DataFrame, window: Window) -> pd.DataFrame:
    """What is drawn: the rows of ``timeline`` in the window, with a lane each."""
    return lanes.laid_out(window.clipped(timeline).head(MOST_BARS))


def figure(
    timeline: pd.DataFrame, calendar: pd.DataFrame, things: pd.DataFrame, window: Window, above: float = 0.0
) -> go.Figure:
    """Scanners, rooms and people of a day or a week, coloured by the kind of work.

    Parameters
    ----------
    timeline, calendar : DataFrame
        Tables of a run.
    things : DataFrame
        The rows of the chart: kind, thing.
    window : Window
    above : float
        Room above each row for its name; none: the names stand beside the rows.
    """
    placed = bars(timeline, window)
    rows = lanes.rows(placed, things, above)
    first_s, last_s = span(placed, calendar, window)
    shown = (first_s, last_s)
    traces = [*_shades(calendar, rows, window, shown), *_work(placed, rows, window, shown)]
    return _arranged(go.Figure(traces), rows, window, shown, above)


#: Room for the name of a row above it, on a narrow screen.
NAME = 0.55


def narrow(timeline: pd.DataFrame, calendar: pd.DataFrame, things: pd.DataFrame, window: Window) -> go.Figure:
    """The same for a narrow screen: names above their rows, fewer times."""
    rows = lanes.rows(bars(timeline, window), things, NAME)
    drawn = figure(timeline, calendar, things, window, NAME)
    drawn.update_layout(height=drawn.layout.height + 40)
    drawn.update_xaxes(**{"nticks": 6, "dtick": None} if window.view == "day" else {"tickformat": "%a"})
    return layout.named_above(drawn, [(escape(words.named(row.thing)), row.middle - row.height / 2) for row in rows])


def span(placed: pd.DataFrame, calendar: pd.DataFrame, window: Window) -> tuple[float, float]:
    """From the first to the last hour in which anything goes on [s]; a week is shown whole."""
    if window.view == "week":
        return window.first_s, window.last_s
    opening = window.clipped(calendar[calendar["kind"] == "opening"])
    times = pd.concat([placed[["start_s", "end_s"]], opening[["start_s", "end_s"]]])
    if times.empty:
        return window.first_s + 6 * HOUR_S, window.first_s + 20 * HOUR_S
    return (times["start_s"].min() // HOUR_S) * HOUR_S, -(-times["end_s"].max() // HOUR_S) * HOUR_S


def _shades(calendar: pd.DataFrame, rows: Sequence[Row], window: Window, shown: tuple[float, float]) -> list[go.Bar]:
    """When a row was not there: closed or off shift, on a break, out of order."""
    by_kind = {kind: window.clipped(own) for kind, own in calendar.groupby("kind")}
    none = calendar.iloc[:0]
    away, pause, down = [], [], []
    for row in rows:
        person = row.kind == "person"
        there = by_kind.get("shift" if person else "opening", none)
        away += [(row, *gap) for gap in gaps(_spans(there, row.thing if person else ""), *shown)]
        pause += [(row, *one) for one in _spans(by_kind.get("break", none), row.thing)] if person else []
        down += [(row, *one) for one in _spans(by_kind.get("down", none), row.thing)] if row.kind == "scanner" else []
    shades = (
        (away, "Closed, off shift", palette.SHADE),
        (pause, "Break", palette.PAUSE),
        (down, "Out of order", palette.DOWN),
    )
    return [_shade(spans, name, colour, window) for spans, name, colour in shades if spans]


def _spans(table: pd.DataFrame, thing: str) -> list[tuple[float, float]]:
    own = table[table["thing"] == thing]
    return list(zip(own["start_s"].tolist(), own["end_s"].tolist(), strict=True))


def gaps(spans: Iterable[tuple[float, float]], first_s: float, last_s: float) -> list[tuple[float, float]]:
    """What of a stretch none of the spans covers."""
    found, at = [], first_s
    for start, end in sorted(spans):
        if start > at:
            found.append((at, min(start, last_s)))
        at = max(at, end)
    return [*found, (at, last_s)] if at < last_s else found


def _shade(spans: Sequence[tuple[Row, float, float]], name: str, colour: str, window: Window) -> go.Bar:
    place = {"y": [row.middle for row, _, _ in spans], "width": [row.height for row, _, _ in spans]}
    time = pd.DataFrame([span[1:] for span in spans], columns=["start_s", "end_s"])
    marker = {"color": colour, "line": {"width": 0}}
    return go.Bar(name=name, orientation="h", marker=marker, hoverinfo="skip", **place, **_times(time, window))


def _times(table: pd.DataFrame, window: Window) -> dict[str, Any]:
    """Base and length of bars on an axis of dates."""
    lasting = (table["end_s"] - table["start_s"]) * 1000.0
    return {"base": window.moments(table["start_s"]).to_list(), "x": lasting.to_list()}


def _work(placed: pd.DataFrame, rows: Sequence[Row], window: Window, shown: tuple[float, float]) -> list[go.Bar]:
    """One trace for each kind of work; attendances first, because the others lie on them."""
    place = {(row.kind, row.thing): row for row in rows}
    has_row = [key in place for key in zip(placed["kind"], placed["thing"], strict=True)]
    known = placed[pd.Series(has_row, index=placed.index, dtype=bool)]
    of_task = {task: palette.category_of(task) for task in known["task"].unique()}
    labels = known["task"].map({task: category.label for task, category in of_task.items()})
    least_s = (shown[1] - shown[0]) * WRITTEN
    drawn = sorted(set(of_task.values()), key=_order)
    return [_kind(known[labels == one.label], one, place, window, least_s) for one in drawn]


def _order(category: Category) -> int:
    order = (palette.category_of("attendance"), *palette.CATEGORIES[:-1], palette.OTHER)
    return order.index(category)


def _kind(
    own: pd.DataFrame, category: Category, place: Mapping[tuple[str, str], Row], window: Window, least_s: float
) -> go.Bar:
    attends = "attendance" in category.tasks
    rows = [place[key] for key in zip(own["kind"], own["thing"], strict=True)]
    thick = [row.height / row.lanes for row in rows]
    y = [
        row.middle if attends else row.middle - row.height / 2 + (lane + 0.5) * size
        for row, lane, size in zip(rows, own["lane"].tolist(), thick, strict=True)
    ]
    width = [row.height * 0.92 if attends else size * 0.72 for row, size in zip(rows, thick, strict=True)]
    wide = (own["end_s"] - own["start_s"] >= least_s) & (not attends)
    return go.Bar(
        name=category.label,
        orientation="h",
        y=y,
        width=width,
        marker={
            "color": category.colour,
            "line": palette.EDGE if window.view == "day" else palette.NO_EDGE,
            "pattern": palette.pattern(category.pattern),
        },
        customdata=hover(own, window),
        hovertemplate="%{customdata}<extra></extra>",
        text=own["step"].where(wide, "").map(words.plain).to_list(),
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        **_times(own, window),
    )


def hover(own: pd.DataFrame, window: Window) -> list[str]:
    """What is shown at a bar: the step, when, which animals, who, and for which session."""
    return [_said(row, window.start) for row in own.to_dict("records")]


def _said(row: Mapping[Any, Any], start: str) -> str:
    head = f"<b>{escape(words.plain(row['step']))}</b> · {escape(row['thing'])}"
    lasted = words.lasting(row["end_s"] - row["start_s"])
    time = f"{words.clock(start, row['start_s'])}–{words.clock(start, row['end_s'])} ({lasted})"
    lines = [head, f"{words.plain(row['task'])}, {time}" if row["task"] != row["step"] else time]
    for label, column in (("Animals", "animals"), ("People", "people"), ("Session", "session")):
        if row[column]:
            lines.append(f"{label}: {escape(words.listed(row[column].split(', ')))}")
    return "<br>".join(lines)


def _arranged(
    drawn: go.Figure, rows: Sequence[Row], window: Window, shown: tuple[float, float], above: float
) -> go.Figure:
    first, last = (window.moments(pd.Series([time]))[0] for time in shown)
    bottom = max((row.middle + row.height / 2 for row in rows), default=1.0)
    drawn.update_layout(
        layout.base(height=round(PIXELS * bottom) + 110),
        barmode="overlay",
        bargap=0,
        legend=layout.legend_above(),
        uniformtext={"minsize": 9, "mode": "hide"},
    )
    drawn.update_xaxes(
        type="date",
        range=[first, last],
        tickformat="%H:%M" if window.view == "day" else "%a %-d %b",
        dtick=3600000 * (1 if shown[1] - shown[0] <= 14 * HOUR_S else 2) if window.view == "day" else 86400000,
        side="bottom",
        gridcolor=palette.GRID,
    )
    for kind, top in _tops(rows).items():
        drawn.add_annotation(text=f"<b>{lanes.KINDS[kind]}</b>", x=0, xref="paper", y=top - above, **layout.HEADING)
    drawn.update_yaxes(
        range=[bottom + 0.1, -0.1],
        tickmode="array",
        tickvals=[row.middle for row in rows],
        ticktext=[escape(words.named(row.thing)) for row in rows],
        showgrid=False,
        zeroline=False,
    )
    return drawn


def _tops(rows: Sequence[Row]) -> dict[str, float]:
    """Where the rows of each kind begin."""
    return {row.kind: row.middle - row.height / 2 for row in reversed(rows)}


def table(timeline: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The bars as a person reads them; units stand in the names of the columns."""
    seen = window.of(timeline)
    columns = ["kind", "thing", "task", "step", "session", "study", "bed", "room", "animals", "people"]
    times = {name: window.moments(seen[f"{name}_s"]).dt.floor("s") for name in ("start", "end")}
    return seen[columns].assign(**times, duration_min=((seen["end_s"] - seen["start_s"]) / 60.0).round(2))


def caption(timeline: pd.DataFrame, window: Window) -> str:
    """The numbers of the chart in a sentence or two."""
    seen = window.of(timeline)
    scans = seen[(seen["kind"] == "scanner") & (seen["task"] == "scan")]
    if seen.empty:
        return f"{window.title}: nothing took place."
    sessions = scans["session"].nunique()
    animals = {name for text in scans["animals"] for name in text.split(", ") if name}
    first, last = (window.moments(pd.Series([time]))[0] for time in (seen["start_s"].min(), seen["end_s"].max()))
    scanned = f"{words.counted(sessions, 'session')} scanned {words.counted(len(animals), 'animal')}"
    said = f"{window.title}: {scanned}; the first step begins at {first:%H:%M}, the last ends at {last:%H:%M}"
    more = len(seen) - MOST_BARS
    cut = f" The chart shows the first {MOST_BARS} of {len(seen)} bars; the table has all." if more > 0 else ""
    return f"{said}{_after(first, last)}.{cut}"


def _after(first: pd.Timestamp, last: pd.Timestamp) -> str:
    return "" if last.date() == first.date() else f" on {words.date(last)}"
