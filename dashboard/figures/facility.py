"""What was changed in a facility, as a picture: who is on shift when, and how many animals fit on the beds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures import layout, palette, words

#: A scenario as a person writes it.
Scenario = Mapping[str, Any]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = 24 * len(DAYS)
BEFORE, AFTER = "#8C8C8C", "#0072B2"
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


def on_shift(scenario: Scenario) -> list[float]:
    """People on shift in each hour of the week, from Monday 0:00; part of an hour counts as part of a person."""
    opening = (scenario.get("opening") or {}).get("hours")
    whole = [0.0] * HOURS
    for group in (scenario.get("staff") or {}).values():
        week = _week((group or {}).get("shift") or opening)
        whole = [total + (group or {}).get("count", 1) * hour for total, hour in zip(whole, week, strict=True)]
    return whole


def _week(said: Any) -> list[float]:
    """The part of each hour of a week that somebody works."""
    hours = [0.0] * HOURS
    if isinstance(said, str):
        return [1.0] * HOURS
    for days, spans in (said or {}).items():
        for day in _days(str(days)):
            for begin, end in _spans(spans):
                for hour in range(24):
                    hours[24 * day + hour] += max(0.0, min(hour + 1.0, end) - max(float(hour), begin))
    return hours


def _days(text: str) -> Sequence[int]:
    first, _, last = text.lower().partition("-")
    if first[:3] not in DAYS or (last and last[:3] not in DAYS):
        return range(len(DAYS)) if first in {"daily", "every"} else ()
    begin = DAYS.index(first[:3])
    return range(begin, DAYS.index(last[:3]) + 1 if last else begin + 1)


def _spans(said: Any) -> Iterator[tuple[float, float]]:
    for text in said if isinstance(said, list | tuple) else [said]:
        if found := _SPAN.fullmatch(re.sub(r"\s", "", str(text))):
            h1, m1, h2, m2 = map(int, found.groups())
            yield h1 + m1 / 60.0, h2 + m2 / 60.0


def bed_places(scenario: Scenario) -> dict[str, int]:
    """How many animals each group of scanners can have on its beds at once."""
    found = {}
    for name, said in (scenario.get("scanners") or {}).items():
        known = said or {}
        found[name] = int(known.get("count") or 1) * int(known.get("beds") or 1) * int(known.get("hotel") or 1)
    return found


def figure(before: Scenario, after: Scenario) -> go.Figure:
    """Left the week of people, right the places on beds; grey as it is, blue as it is changed."""
    drawn = make_subplots(1, 2, column_widths=[0.72, 0.28], horizontal_spacing=0.1)
    x = list(range(HOURS))
    for name, scenario, colour, dash in (("as it is", before, BEFORE, "dot"), ("changed", after, AFTER, "solid")):
        line = {"color": colour, "dash": dash, "shape": "hv", "width": 2}
        people = {"x": x, "y": on_shift(scenario), "line": line, "hovertemplate": "%{y:.3g} people"}
        drawn.add_scatter(**people, name=name, mode="lines", legendgroup=name, row=1, col=1)
        places = bed_places(scenario)
        look = {"color": colour, "pattern": palette.pattern("/" if dash == "dot" else "")}
        bars = {"x": list(places), "y": list(places.values()), "marker": look}
        drawn.add_bar(**bars, name=name, legendgroup=name, showlegend=False, row=1, col=2)
    drawn.update_layout(layout.base(230), legend=layout.legend_above(), barmode="group")
    middles = [24 * day + 12 for day in range(len(DAYS))]
    drawn.update_xaxes(tickvals=middles, ticktext=[day.capitalize() for day in DAYS], showgrid=False, row=1, col=1)
    drawn.update_yaxes(title_text="People on shift", rangemode="tozero", gridcolor=palette.GRID, row=1, col=1)
    drawn.update_yaxes(title_text="Animals on beds at once", rangemode="tozero", gridcolor=palette.GRID, row=1, col=2)
    return drawn


def caption(before: Scenario, after: Scenario) -> str:
    """Person-hours a week and places on beds, before and after."""
    said = [_told("people on shift", sum(on_shift(before)), sum(on_shift(after)), "person-hours a week")]
    old, new = bed_places(before), bed_places(after)
    said += [_told(f"places on the beds of {name}", old.get(name, 0), new.get(name, 0), "") for name in {**old, **new}]
    whole = "; ".join(said)
    return f"{whole[:1].upper()}{whole[1:]}."


def _told(what: str, before: float, after: float, unit: str) -> str:
    if before == after:
        return f"{what}: {words.number(before)} {unit}".rstrip() + ", unchanged"
    share = f" ({100.0 * (after - before) / before:+.0f} %)".replace("-", "−") if before else ""
    return f"{what}: {words.number(before)} → {words.number(after)} {unit}".rstrip() + share


def table(before: Scenario, after: Scenario) -> pd.DataFrame:
    """People on shift by hour of the week."""
    old, new = on_shift(before), on_shift(after)
    days, hours = [DAYS[hour // 24] for hour in range(HOURS)], [hour % 24 for hour in range(HOURS)]
    return pd.DataFrame({"day": days, "hour": hours, "people_as_it_is": old, "people_changed": new})
