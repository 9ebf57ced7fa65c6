"""How much of its time each scanner, room and person was used, hour by hour."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import lanes, layout, palette, words
from dashboard.figures.window import DAY_S, HOUR_S, Window

PIXELS = 30


def by_hour(hours: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Rows of ``hours`` in the window, summed by hour of the day: kind, thing, hour, available_s, used_s, share_pct."""
    seen = hours[(hours["hour_s"] >= window.first_s) & (hours["hour_s"] < window.last_s)]
    hour = ((seen["hour_s"] - window.first_s) % DAY_S // HOUR_S).astype(int)
    summed = seen.assign(hour=hour).groupby(["kind", "thing", "hour"], sort=False, as_index=False)
    table = summed[["available_s", "used_s"]].sum()
    return table.assign(share_pct=100.0 * table["used_s"] / table["available_s"])


def things(hours: pd.DataFrame) -> pd.DataFrame:
    """Everything that ``hours`` knows: kind and thing, in the order of the charts."""
    known = hours[["kind", "thing"]].drop_duplicates()
    return known.sort_values("kind", key=lambda kinds: kinds.map(list(lanes.KINDS).index), kind="stable")


def figure(hours: pd.DataFrame, window: Window) -> go.Figure:
    """A table of shares with colour behind it: a row for each thing, a column for each hour of the day."""
    summed = by_hour(hours, window)
    rows = list(things(hours).itertuples(index=False, name=None))
    columns = list(range(summed["hour"].min(), summed["hour"].max() + 1)) if len(summed) else []
    share = {(kind, thing, hour): pct for kind, thing, hour, pct in _shares(summed)}
    z = [[share.get((kind, thing, hour)) for hour in columns] for kind, thing in rows]
    drawn = go.Figure(_heatmap(z, columns, len(rows)))
    drawn.update_layout(layout.base(height=PIXELS * max(2, len(rows)) + 110))
    drawn.update_xaxes(
        tickmode="array",
        tickvals=columns,
        ticktext=[f"{hour:02d}" for hour in columns],
        title_text="Hour of the day",
        showgrid=False,
    )
    ticks = {"tickvals": list(range(len(rows))), "ticktext": [escape(words.named(thing)) for _, thing in rows]}
    drawn.update_yaxes(tickmode="array", autorange="reversed", showgrid=False, zeroline=False, **ticks)
    return drawn


#: Of a row on a narrow screen its name takes this much [px].
NAME = 18


def narrow(hours: pd.DataFrame, window: Window) -> go.Figure:
    """The same for a narrow screen: names above their rows."""
    drawn, known = figure(hours, window), [thing for _, thing in things(hours).itertuples(index=False, name=None)]
    drawn.update_traces(ygap=NAME, textfont_size=10)
    drawn.update_layout(height=(PIXELS + NAME - 4) * max(2, len(known)) + 70)
    names = [(escape(words.named(thing)), row - 0.5) for row, thing in enumerate(known)]
    return layout.named_above(drawn, names, yanchor="middle")


def _shares(summed: pd.DataFrame) -> list[tuple[str, str, int, float]]:
    columns = ["kind", "thing", "hour", "share_pct"]
    return list(summed[columns].itertuples(index=False, name=None))


def _heatmap(z: list[list[float | None]], columns: list[int], rows: int) -> go.Heatmap:
    shown = [["" if pct is None else f"{pct:.0f}" for pct in row] for row in z]
    return go.Heatmap(
        z=z,
        x=columns,
        y=list(range(rows)),
        text=shown,
        texttemplate="%{text}",
        hovertemplate="%{x}:00–%{x}:59, used %{z:.0f} %<extra></extra>",
        colorscale=palette.SHARES,
        zmin=0,
        zmax=100,
        xgap=2,
        ygap=2,
        hoverongaps=False,
        showscale=False,
    )


def table(hours: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every hour of every thing in the window, with units in the names of the columns."""
    seen = hours[(hours["hour_s"] >= window.first_s) & (hours["hour_s"] < window.last_s)]
    return pd.DataFrame(
        {
            "kind": seen["kind"],
            "thing": seen["thing"],
            "hour_begins": window.moments(seen["hour_s"]),
            "available_min": (seen["available_s"] / 60.0).round(2),
            "used_min": (seen["used_s"] / 60.0).round(2),
            "used_pct": (100.0 * seen["used_s"] / seen["available_s"]).round(1),
        }
    )


def caption(hours: pd.DataFrame, window: Window) -> str:
    """Who was used most, and when most was going on."""
    summed = by_hour(hours, window)
    if not len(summed) or not summed["used_s"].sum():
        return f"{window.title}: nothing was used."
    each = summed.groupby(["kind", "thing"], sort=False)[["available_s", "used_s"]].sum()
    share = (100.0 * each["used_s"] / each["available_s"]).sort_values(ascending=False, kind="stable")
    top = [
        f"{words.named(thing)} {pct:.0f} %"
        for (_, thing), pct in zip(share.index.tolist()[:3], share.tolist()[:3], strict=True)
    ]
    peak = summed.iloc[int(summed["share_pct"].argmax())]
    said = f"{window.title}: most used were {', '.join(top)} of the time they were there"
    hour = int(peak["hour"])
    fullest = (
        f"{hour:02d}:00 to {hour + 1:02d}:00 ({words.named(peak['thing'])}, {words.number(peak['share_pct'], 2)} %)"
    )
    return f"{said}; the fullest hour is {fullest}."
